"""Differences between two scenarios that were played on the same luck, with 95 % intervals.

Run k of both has the same keys, so most of what chance does to one it does to the other, and drops
out of the difference. The interval rests on the differences run by run; `narrower` says how much
wider it would be if the same two sets of runs had each had luck of their own.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.results.estimates import LEVEL, NOTHING, Estimate, Floats

Bools = npt.NDArray[np.bool_]

_UPPER: Final = (1 + LEVEL) / 2


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


def share_difference(yes: Bools, other_yes: Bools) -> Paired:
    """Return the difference between two shares of the same runs.

    yes, other_yes: shape (runs,), in the same order. The interval is the adjusted Wald interval for
    paired shares (Bonett and Price 2012, JEBS 37, 479-488), which has a width even where no run
    differs.

    >>> none, all_of_ten = np.zeros(10, bool), np.ones(10, bool)
    >>> share_difference(all_of_ten, none).difference.value
    1.0
    """
    _check(len(yes), len(other_yes))
    n = len(yes)
    if n == 0:
        return Paired(NOTHING, math.nan)
    more, less = int((yes & ~other_yes).sum()), int((other_yes & ~yes).sum())
    of_more, of_less = (more + 1) / (n + 2), (less + 1) / (n + 2)
    middle = of_more - of_less
    half = float(special.ndtri(_UPPER)) * math.sqrt((of_more + of_less - middle**2) / (n + 2))
    bounds = max(-1.0, middle - half), min(1.0, middle + half)
    found = Estimate((more - less) / n, *bounds, "Bonett-Price", n)
    return Paired(found, _narrower(yes.astype(np.float64), other_yes.astype(np.float64)))


def mean_difference(values: Floats, other_values: Floats) -> Paired:
    """Return the difference between two means over the same runs, with Student's t interval.

    values, other_values: shape (runs,), any unit. A run counts where both values are known (not
    NaN). Differences without any spread get no interval.

    >>> both = mean_difference(np.array([1.0, 2.0, 9.0]), np.array([0.0, 1.0, 8.0]))
    >>> both.difference.value, both.narrower
    (1.0, inf)
    """
    _check(len(values), len(other_values))
    known = ~(np.isnan(values) | np.isnan(other_values))
    ours, theirs = values[known], other_values[known]
    n = len(ours)
    if n == 0:
        return Paired(NOTHING, math.nan)
    return Paired(_of_mean(ours - theirs, n), _narrower(ours, theirs))


def ratio_difference(
    part: Floats, whole: Floats, other_part: Floats, other_whole: Floats
) -> Paired:
    """Return the difference between two ratios of sums, such as shares of events or means of them.

    part, whole and those of the other: shape (runs,), each run's sums. A run without any event
    counts as such: which runs have events may differ. The variance is the linearised one.

    >>> ones = np.ones(4)
    >>> ratio_difference(np.array([1.0, 0, 1, 0]), ones, ones, ones).difference.value
    -0.5
    """
    _check(len(part), len(whole), len(other_part), len(other_whole))
    if not (whole.sum() > 0 and other_whole.sum() > 0):
        return Paired(NOTHING, math.nan)
    ratio, other_ratio = part.sum() / whole.sum(), other_part.sum() / other_whole.sum()
    ours = (part - ratio * whole) / whole.mean()
    theirs = (other_part - other_ratio * other_whole) / other_whole.mean()
    spread = _of_mean(ours - theirs, len(part))
    value = float(ratio - other_ratio)
    half = (spread.high - spread.low) / 2
    found = Estimate(value, value - half, value + half, spread.method, len(part))
    return Paired(found, _narrower(ours, theirs))


def _check(*lengths: int) -> None:
    """Complain of runs that have no partner."""
    if len(set(lengths)) != 1:
        counts = ", ".join(f"{length:,}" for length in lengths)
        raise ValueError(f"runs: are {counts}, must be as many of each, in the same order")


def _of_mean(differences: Floats, n: int) -> Estimate:
    mean = float(differences.mean())
    if n == 1 or differences.min() == differences.max():
        return Estimate(mean, math.nan, math.nan, "none", n)
    quantile = float(special.stdtrit(n - 1, _UPPER))
    half = quantile * float(differences.std(ddof=1)) / math.sqrt(n)
    return Estimate(mean, mean - half, mean + half, "paired t", n)


def _narrower(ours: Floats, theirs: Floats) -> float:
    """Return the spread of the difference with separate luck over that with the same."""
    apart, together = ours.var() + theirs.var(), (ours - theirs).var()
    if together == 0:
        return math.inf if apart > 0 else math.nan
    return math.sqrt(float(apart / together))
