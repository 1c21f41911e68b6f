"""Differences between two scenarios that were played on the same luck, with intervals.

Run k of both has the same keys, so most of what chance does to one it does to the other, and drops
out of the difference. The interval, of 95 % unless told otherwise, rests on the differences run by
run; `narrower` says how much wider it would be if the same two sets of runs had each had luck of
their own.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.results.estimates import LEVEL, NOTHING, Estimate, normal_quantile, t_quantile
from sim.results.moments import Floats, PairMoments
from sim.results.quantities import SHARE_OF_RUNS

Bools = npt.NDArray[np.bool_]


class Paired(NamedTuple):
    """The difference between a scenario and another, and what the shared luck was worth."""

    difference: Estimate
    """The scenario less the other; its `n` counts the runs."""
    narrower: float
    """The width of the interval with separate luck over that with the same.

    Its square is by how many times more runs separate luck would need. Infinite where every run
    differs by the same; NaN where there is no telling.
    """

    def sign(self) -> int:
        """Return 1 or -1 where the interval is on one side of zero, else 0."""
        low, high = self.difference.low, self.difference.high
        return int(low > 0) - int(high < 0)


def difference_of(kind: str, moments: PairMoments, level: float = LEVEL) -> Paired:
    """Return the difference of a quantity of some kind, with an interval of a level.

    >>> ours, ones = np.array([1.0, 2.0, 9.0]), np.ones(3)
    >>> difference_of("mean over runs", PairMoments.of(ours, ones, ones, ones)).difference.value
    3.0
    """
    if kind == SHARE_OF_RUNS:
        return _share_difference(moments, level)
    return _ratio_difference(moments, level)


def share_difference(yes: Bools, other_yes: Bools, level: float = LEVEL) -> Paired:
    """Return the difference between two shares of the same runs.

    yes, other_yes: shape (runs,), in the same order. The interval is the adjusted Wald interval for
    paired shares (Bonett and Price 2012, JEBS 37, 479-488), which has a width even where no run
    differs.

    >>> none, all_of_ten = np.zeros(10, bool), np.ones(10, bool)
    >>> share_difference(all_of_ten, none).difference.value
    1.0
    """
    _check(len(yes), len(other_yes))
    ours, theirs, ones = yes.astype(np.float64), other_yes.astype(np.float64), np.ones(len(yes))
    return _share_difference(PairMoments.of(ours, ones, theirs, ones), level)


def _share_difference(moments: PairMoments, level: float) -> Paired:
    n, more, less = moments.runs, moments.more, moments.less
    if n == 0:
        return Paired(NOTHING, math.nan)
    of_more, of_less = (more + 1) / (n + 2), (less + 1) / (n + 2)
    middle = of_more - of_less
    half = normal_quantile(level) * math.sqrt((of_more + of_less - middle**2) / (n + 2))
    bounds = max(-1.0, middle - half), min(1.0, middle + half)
    found = Estimate((more - less) / n, *bounds, "Bonett-Price", n)
    return Paired(found, _narrower(moments))


def mean_difference(values: Floats, other_values: Floats, level: float = LEVEL) -> Paired:
    """Return the difference between two means over the same runs, with Student's t interval.

    values, other_values: shape (runs,), any unit. A run counts where both values are known (not
    NaN). Differences without any spread get no interval.

    >>> both = mean_difference(np.array([1.0, 2.0, 9.0]), np.array([0.0, 1.0, 8.0]))
    >>> both.difference.value, both.narrower
    (1.0, inf)
    """
    _check(len(values), len(other_values))
    known = ~(np.isnan(values) | np.isnan(other_values))
    ones = np.ones(int(known.sum()))
    moments = PairMoments.of(values[known], ones, other_values[known], ones)
    return _ratio_difference(moments, level)


def _ratio_difference(moments: PairMoments, level: float) -> Paired:
    """Return the difference of two ratios of sums; of two means, where each run's whole is 1.

    A run without any event counts as such: which runs have events may differ. The variance is the
    linearised one.
    """
    if not (moments.sums[1] > 0 and moments.other_sums[1] > 0):
        return Paired(NOTHING, math.nan)
    n, (ours, theirs) = moments.runs, moments.ratios()
    value, narrower = ours - theirs, _narrower(moments)
    if n == 1 or not moments.differs():
        return Paired(Estimate(value, math.nan, math.nan, "none", n), narrower)
    error = math.sqrt(moments.spread_together() / (n - 1) / n)
    half = t_quantile(n - 1, level) * error
    return Paired(Estimate(value, value - half, value + half, "paired t", n), narrower)


def _check(*lengths: int) -> None:
    """Complain of runs that have no partner."""
    if len(set(lengths)) != 1:
        counts = ", ".join(f"{length:,}" for length in lengths)
        raise ValueError(f"runs: are {counts}, must be as many of each, in the same order")


def _narrower(moments: PairMoments) -> float:
    """Return the spread of the difference with separate luck over that with the same."""
    apart = moments.spread_apart()
    if not moments.differs():
        return math.inf if apart > 0 else math.nan
    return math.sqrt(apart / moments.spread_together())
