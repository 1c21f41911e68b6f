"""Under which conditions a plan fails: boxes in the space of what varies, found by PRIM.

The patient rule induction method (Friedman and Fisher 1999, Statistics and Computing 9, 123-143)
peels thin slices off the space as long as failures grow denser in what is left. Scenario discovery
by it, coverage, density and quasi-p values: Bryant and Lempert 2010, Technological Forecasting and
Social Change 77, 34-49. The peeling is that of the EMA workbench (Kwakkel 2017, Environmental
Modelling & Software 96, 239-250).

PRIM finds dense corners in anything. So a box counts only where one that was found in half of the
points is dense in the other half as well, which chance alone would bring once in 1,000 times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from sim.scenario.problems import shown
from sim.study.values.peeling import Bools, Least, Limits, has_numbers, holds, peeled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

_FEWEST_POINTS: Final = 40
_FEWEST_FAILURES: Final = 10
_MOST_BOXES: Final = 3
# A limit that chance alone would bring more often than this is let go; in half of the points, whose
# box is tested on the other half, fewer are.
_CHANCE: Final = 0.001
_CHANCE_IN_HALF: Final = 0.05
_UNITS: Final = (
    ("_per_day", "a day"),
    ("per_year", "a year"),
    ("hours", "hours"),
    ("days", "days"),
    (".day", "days"),
    ("years", "years"),
    ("_incidents", "incidents"),
    (".quorum", "members"),
    ("sectors", "sectors"),
)


@dataclass(frozen=True)
class Box:
    """A part of what was studied in which failures are dense."""

    limits: Mapping[str, Limits]
    """Of each path that matters, the surest first; any other may be anything that was studied."""
    coverage: float
    """Which part of all failing points is in the box."""
    density: float
    """Which part of the points in the box fails."""
    density_elsewhere: float
    """Which part of the points outside of the box fails."""
    mass: float
    """Which part of all points is in the box."""
    points: int
    """How many points are in the box."""
    held_out: float
    """Density, in one half of the points, of the box found in the other half: not flattered."""
    share: float
    """Mean share of failing runs in the box; the density where points only fail or do not."""
    share_elsewhere: float
    """Mean share of failing runs outside of the box."""
    centre: tuple[tuple[str, Any], ...]
    """Of each path that matters the value in the middle; of words the one that fails most."""

    def holds(self, inputs: pd.DataFrame) -> Bools:
        """Return which points are in the box, shape (points,)."""
        return holds(dict(self.limits), inputs)

    def words(self) -> str:
        """Return the box in a sentence, with the units that its keys name."""
        conditions = ", and ".join(_condition(path, one) for path, one in self.limits.items())
        words = (
            f"{conditions}: there the plan fails at {self.density:.0%} of the points (elsewhere at "
            f"{self.density_elsewhere:.0%}), which are {self.coverage:.0%} of all failures"
        )
        if self.share == self.density:
            return words
        runs = f"{self.share:.0%} of the runs there fail, {self.share_elsewhere:.0%} elsewhere"
        return f"{words}; {runs}"

    def middle(self) -> tuple[tuple[str, Any], ...]:
        """Return paths and values in the middle of the box, as `Scenario.with_` takes them.

        They are those of the paths that matter; all others stay as they are in the scenario.
        """
        return self.centre


@dataclass(frozen=True)
class Boxes:
    """The boxes that were found, in the order in which they were; there may be none."""

    boxes: tuple[Box, ...]
    threshold: float
    """A point fails where more than this share of its runs does."""
    points: int
    failing: int
    """How many of the points fail."""
    words: str
    """What was found; also that nothing was, and why."""

    def __iter__(self) -> Iterator[Box]:
        return iter(self.boxes)

    def __len__(self) -> int:
        return len(self.boxes)


def find_boxes(
    inputs: pd.DataFrame,
    fails: npt.ArrayLike,
    *,
    threshold: float | None = None,
    least_coverage: float = 0.2,
    least_density: float = 0.5,
    least_mass: float = 0.05,
    seed: int = 1,
) -> Boxes:
    """Return the parts of what was studied in which a plan fails, up to three.

    inputs: a row a point and a column a path; fails: shape (points,), whether each point fails, or
    the share of its runs that do. Of shares, a point fails where its share is above the threshold,
    which is the mean share over the points unless another is given. The points must be spread over
    the space (Sobol points, a Latin hypercube or a grid). The seed says which half of the points
    the search is tested on.
    """
    shares = _shares(inputs, fails)
    if not 0 <= (threshold or 0) < 1:
        message = f"threshold: is {threshold}, must be a share of runs, 0 or more and below 1"
        raise ValueError(message)
    limit = _usual_threshold(shares) if threshold is None else threshold
    bad = shares > limit
    least = Least(least_coverage, least_density, least_mass)
    found: list[Box] = []
    why = _too_little(bad)
    left = np.ones(len(bad), dtype=np.bool_)
    while not why and len(found) < _MOST_BOXES:
        box = _next(inputs, shares, bad, left, least, seed)
        if box is None:
            break
        found.append(box)
        left &= ~box.holds(inputs)
        why = _too_little(bad[left])
    words = "; ".join(box.words() for box in found) or _nothing(why, bad, least)
    return Boxes(tuple(found), limit, len(bad), int(bad.sum()), words)


def _shares(inputs: pd.DataFrame, fails: npt.ArrayLike) -> npt.NDArray[np.float64]:
    shares = np.asarray(fails, dtype=np.float64)
    if shares.shape != (len(inputs),):
        message = f"fails: has the shape {shares.shape}, must be ({len(inputs)},), one a point"
        raise ValueError(message)
    if not ((shares >= 0) & (shares <= 1)).all():
        bad = int(np.flatnonzero(~((shares >= 0) & (shares <= 1)))[0])
        message = f"fails: is {shares[bad]} at point {bad + 1}, must be a share of runs, 0 to 1"
        raise ValueError(message)
    return shares


def _usual_threshold(shares: npt.NDArray[np.float64]) -> float:
    """Return above which share of its runs a point fails; between no and yes, half."""
    is_yes_or_no = bool(np.isin(shares, (0.0, 1.0)).all())
    return 0.5 if is_yes_or_no else float(shares.mean())


def _too_little(bad: Bools) -> str:
    """Return why nothing can be found in so few points; empty: something can."""
    failing = int(bad.sum())
    if len(bad) < _FEWEST_POINTS:
        return f"there are {len(bad)} points, must be at least {_FEWEST_POINTS}"
    if failing < _FEWEST_FAILURES or len(bad) - failing < _FEWEST_FAILURES:
        return (
            f"{failing} of {len(bad)} points fail, and at least {_FEWEST_FAILURES} must fail and "
            "as many must not"
        )
    return ""


def _next(
    inputs: pd.DataFrame,
    shares: npt.NDArray[np.float64],
    bad: Bools,
    left: Bools,
    least: Least,
    seed: int,
) -> Box | None:
    """Return the next box among the points that are left; None where none holds in both halves."""
    rest, rest_bad = inputs[left].reset_index(drop=True), bad[left]
    held_out = _held_out(rest, rest_bad, least, seed)
    limits = None if held_out is None else peeled(rest, rest_bad, least, _CHANCE)
    if held_out is None or limits is None:
        return None
    inside = holds(limits, inputs)
    return Box(
        limits,
        coverage=float(bad[inside].sum() / bad.sum()),
        density=float(bad[inside].mean()),
        density_elsewhere=float(bad[~inside].mean()),
        mass=float(inside.mean()),
        points=int(inside.sum()),
        held_out=held_out,
        share=float(shares[inside].mean()),
        share_elsewhere=float(shares[~inside].mean()),
        centre=tuple(
            (path, _centre(inputs[path], one, inside & bad)) for path, one in limits.items()
        ),
    )


def _held_out(inputs: pd.DataFrame, bad: Bools, least: Least, seed: int) -> float | None:
    """Return how dense failures are, in half of the points, in a box found in the other half.

    None where chance alone would make them as dense, by Fisher's exact test (1934).
    """
    from scipy import stats  # noqa: PLC0415 - slow to load

    first = _half(len(bad), seed)
    limits = peeled(inputs[first].reset_index(drop=True), bad[first], least, _CHANCE_IN_HALF)
    if limits is None:
        return None
    others = bad[~first]
    inside = holds(limits, inputs[~first])
    failing, all_failing = int(others[inside].sum()), int(others.sum())
    chance = stats.hypergeom.sf(failing - 1, len(others), all_failing, int(inside.sum()))
    return failing / int(inside.sum()) if chance <= _CHANCE else None


def _half(points: int, seed: int) -> Bools:
    """Return which points are in the first half: any, but the same for the same seed."""
    from scipy.stats import qmc  # noqa: PLC0415 - slow to load

    order = np.argsort(qmc.LatinHypercube(1, rng=seed).random(points)[:, 0])
    return order < points / 2


def _centre(column: pd.Series[Any], limits: Limits, failing: Bools) -> Any:  # noqa: ANN401
    """Return the middle of the limits and of what was studied; of words the one that fails most."""
    values = column.tolist()
    if not has_numbers(column):
        told = [repr(one) for one, is_bad in zip(values, failing, strict=True) if is_bad]
        return max(limits.words, key=lambda one: told.count(repr(one)))
    low = min(values) if limits.low is None else limits.low
    high = max(values) if limits.high is None else limits.high
    is_whole = all(isinstance(one, int) for one in values)
    return round((low + high) / 2) if is_whole else (low + high) / 2


def _condition(path: str, limits: Limits) -> str:
    """Return in words what a box lets the value of a path be.

    >>> _condition("crisis.quiet_hours", Limits(low=12, high=48))
    'crisis.quiet_hours between 12 and 48 hours'
    """
    if limits.words:
        return f"{path} {' or '.join(map(_word, limits.words))}"
    unit = next((f" {unit}" for end, unit in _UNITS if path.endswith(end)), "")
    if limits.low is None:
        return f"{path} at most {limits.high:.4g}{unit}"
    if limits.high is None:
        return f"{path} at least {limits.low:.4g}{unit}"
    return f"{path} between {limits.low:.4g} and {limits.high:.4g}{unit}"


def _word(value: object) -> str:
    return value if isinstance(value, str) else shown(value)


def _nothing(why: str, bad: Bools, least: Least) -> str:
    """Return in words that there is no box, and why."""
    reason = why or (
        f"{bad.mean():.0%} of {len(bad)} points fail, and no part of the space, with at least "
        f"{least.coverage:.0%} of the failures and {least.density:.0%} of its points failing, was "
        "found in one half of the points and held in the other"
    )
    return f"no box: {reason}"
