"""What estimates of a mean or a ratio rest on: sums over runs that can be added up in pieces.

Every quantity is a ratio of sums over runs, of a part and a whole. Squares are kept of what is left
of a part after the ratio times the whole is taken away, so that no digits are lost when the whole
explains nearly everything. Two pieces are first taken to the ratio of both, as Chan, Golub and
LeVeque (1983, The American Statistician 37, 242-247) do with means: with a whole of 1 in each run
this is their formula.
"""

import math
from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Moments(NamedTuple):
    """Sums over runs of a part and a whole, and how much they scatter about their ratio."""

    runs: int
    part: float
    """The sum of the parts; exact for counts."""
    whole: float
    with_whole: int
    """How many runs have a whole above zero."""
    low: float
    """The least part of a run with a whole above zero, infinite if there is none."""
    high: float
    squares: float
    """The sum of squared residuals, part less ratio times whole."""
    cross: float
    """The sum of residual times whole."""
    whole_squares: float

    @classmethod
    def of(cls, part: Floats, whole: Floats) -> Self:
        """Return those of some runs.

        part, whole: shape (runs,), any unit; a run whose whole is zero has a part of zero.

        >>> Moments.of(np.array([1.0, 3.0]), np.array([1.0, 1.0])).squares
        2.0
        """
        some = whole > 0
        part_sum, whole_sum = float(part.sum()), float(whole.sum())
        residual = part - _ratio(part_sum, whole_sum) * whole
        return cls(
            len(part),
            part_sum,
            whole_sum,
            int(np.count_nonzero(some)),
            float(part.min(where=some, initial=math.inf)),
            float(part.max(where=some, initial=-math.inf)),
            _product(residual, residual),
            _product(residual, whole),
            _product(whole, whole),
        )

    @classmethod
    def of_sums(cls, part: float, squares: float, products: float, whole: Floats) -> Self:
        """Return those of counts of which sums are known: of squares, and of products with a whole.

        whole: shape (runs,). Sums of whole numbers are exact, so that squares may be taken about
        zero first; what a single run has at least and at most is not known.

        >>> Moments.of_sums(4.0, 10.0, 4.0, np.array([1.0, 1.0])).squares
        2.0
        """
        total, with_whole = float(whole.sum()), int(np.count_nonzero(whole > 0))
        whole_squares = _product(whole, whole)
        about_zero = cls(
            len(whole), 0.0, total, with_whole, math.nan, math.nan, squares, products, whole_squares
        )
        residuals = about_zero.about(_ratio(part, total))
        return about_zero._replace(part=part, squares=residuals[0], cross=residuals[1])

    @property
    def ratio(self) -> float:
        """The sum of the parts over that of the wholes, zero where there is no whole."""
        return _ratio(self.part, self.whole)

    def merged(self, other: "Moments") -> "Moments":
        """Return those of the runs of both."""
        ratio = _ratio(self.part + other.part, self.whole + other.whole)
        ours, theirs = self.about(ratio), other.about(ratio)
        return Moments(
            self.runs + other.runs,
            self.part + other.part,
            self.whole + other.whole,
            self.with_whole + other.with_whole,
            min(self.low, other.low),
            max(self.high, other.high),
            ours[0] + theirs[0],
            ours[1] + theirs[1],
            self.whole_squares + other.whole_squares,
        )

    def about(self, ratio: float) -> tuple[float, float]:
        """Return the squares and the cross sum of the residuals about another ratio."""
        shift = self.ratio - ratio
        squares = self.squares + shift * (2 * self.cross + shift * self.whole_squares)
        return max(0.0, squares), self.cross + shift * self.whole_squares

    def variance(self) -> float:
        """Return the linearised variance of the ratio of sums."""
        return self.runs / (self.runs - 1) * self.squares / self.whole**2


class PairMoments(NamedTuple):
    """Sums over the same runs of two scenarios: a part and a whole of each."""

    runs: int
    sums: tuple[float, float]
    """The sums of the parts and of the wholes; exact for counts."""
    other_sums: tuple[float, float]
    more: int
    """In how many runs the part is larger than the other's."""
    less: int
    low: float
    """The least difference between a part and the other's."""
    high: float
    squares: tuple[tuple[float, ...], ...]
    """Sums of products, shape (4, 4), of four numbers of a run: the difference of the residuals,
    the residual, the difference of the wholes, and the whole; in the differences both are scaled by
    the mean whole. They are kept as such, since a difference may be tiny where both are large."""

    @classmethod
    def of(cls, part: Floats, whole: Floats, other_part: Floats, other_whole: Floats) -> Self:
        """Return those of some runs; all of shape (runs,), in the same order of runs."""
        sums = float(part.sum()), float(whole.sum())
        other_sums = float(other_part.sum()), float(other_whole.sum())
        ours, theirs = _line(sums, len(part)), _line(other_sums, len(part))
        residual = part - ours.ratio * whole
        between = residual / ours.mean - (other_part - theirs.ratio * other_whole) / theirs.mean
        varying = (between, residual, whole / ours.mean - other_whole / theirs.mean, whole)
        differences = part - other_part
        return cls(
            len(part),
            sums,
            other_sums,
            int(np.count_nonzero(differences > 0)),
            int(np.count_nonzero(differences < 0)),
            float(differences.min(initial=math.inf)),
            float(differences.max(initial=-math.inf)),
            _products(varying),
        )

    def merged(self, other: "PairMoments") -> "PairMoments":
        """Return those of the runs of both."""
        runs = self.runs + other.runs
        sums = _added(self.sums, other.sums)
        other_sums = _added(self.other_sums, other.other_sums)
        lines = _line(sums, runs), _line(other_sums, runs)
        squares = self.about(*lines) + other.about(*lines)
        return PairMoments(
            runs,
            sums,
            other_sums,
            self.more + other.more,
            self.less + other.less,
            min(self.low, other.low),
            max(self.high, other.high),
            tuple(map(tuple, squares.tolist())),
        )

    def about(self, ours: "_Line", theirs: "_Line") -> Floats:
        """Return the sums of products about other lines, shape (4, 4)."""
        old, old_theirs = self._lines()
        shift, shift_theirs = old.ratio - ours.ratio, old_theirs.ratio - theirs.ratio
        scale = old_theirs.mean / theirs.mean
        ratio = old_theirs.mean / old.mean
        to_whole = 1 / ours.mean - ratio / theirs.mean
        change = np.eye(4)
        change[0] = (
            scale,
            to_whole,
            shift_theirs * scale,
            shift / ours.mean - shift_theirs * ratio / theirs.mean,
        )
        change[1, 3] = shift
        change[2, 2:] = scale, to_whole
        # Not by matrix products, whose last digits depend on the machine.
        terms = change[:, None, :, None] * change[None, :, None, :] * np.array(self.squares)
        return np.asarray(terms.sum(axis=(2, 3)), np.float64)

    def _lines(self) -> tuple["_Line", "_Line"]:
        return _line(self.sums, self.runs), _line(self.other_sums, self.runs)

    def ratios(self) -> tuple[float, float]:
        """Return the ratios of sums of the one and the other, zero where there is no whole."""
        ours, theirs = self._lines()
        return ours.ratio, theirs.ratio

    def differs(self) -> bool:
        """Return whether some runs differ by more than others.

        Where each run has a whole of 1, rounding does not make equal differences unequal.
        """
        wholes = self.sums[1], self.other_sums[1], self.squares[3][3]
        is_mean = self.squares[2][2] == 0 and all(one == self.runs for one in wholes)
        return self.spread_together() > 0 and not (is_mean and self.low == self.high)

    def spread_together(self) -> float:
        """Return the sum of squares of the run by run differences."""
        return max(0.0, self.squares[0][0])

    def spread_apart(self) -> float:
        """Return what that sum would be if each scenario had had luck of its own."""
        ours = self._lines()[0]
        both, between, alone = self.squares[0][0], self.squares[0][1], self.squares[1][1]
        mine = alone / ours.mean**2
        theirs = mine - 2 * between / ours.mean + both
        return mine + max(0.0, theirs)


class _Line(NamedTuple):
    """What residuals are taken from and divided by."""

    ratio: float
    mean: float
    """The mean whole of a run; 1 where there is no whole."""


def _added(ours: tuple[float, float], theirs: tuple[float, float]) -> tuple[float, float]:
    return ours[0] + theirs[0], ours[1] + theirs[1]


def _line(sums: tuple[float, float], runs: int) -> _Line:
    part, whole = sums
    return _Line(_ratio(part, whole), whole / runs if whole > 0 else 1.0)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _products(columns: Sequence[Floats]) -> tuple[tuple[float, ...], ...]:
    """Return the sum of products of each column with each, each of them computed once."""
    places = range(len(columns))
    found = {
        (one, two): _product(columns[one], columns[two])
        for one, two in combinations_with_replacement(places, 2)
    }
    return tuple(tuple(found[min(one, two), max(one, two)] for two in places) for one in places)


def _product(one: Floats, two: Floats) -> float:
    # Not `np.dot`, whose last digits depend on the machine and on how many threads it takes.
    return float((one * two).sum())
