"""Differences between two scenarios that each had luck of their own, with intervals."""

import math
from typing import Final

from sim.results.estimates import LEVEL, NOTHING, Estimate, estimate_of, t_quantile
from sim.results.moments import Moments
from sim.results.quantities import SHARE_OF_EVENTS, SHARE_OF_RUNS

_SHARES: Final = (SHARE_OF_RUNS, SHARE_OF_EVENTS)


def unpaired_difference(
    kind: str, moments: Moments, other: Moments, level: float = LEVEL
) -> Estimate:
    """Return the difference of a quantity of some kind, this less the other; `n` counts all runs.

    >>> from sim.results.estimates import share
    >>> from sim.results.moments import Moments
    >>> found = Moments(10, 4.0, 10.0, 10, 0.0, 1.0, 2.4, 0.0, 10.0)
    >>> unpaired_difference("share of runs", found, found).value
    0.0
    """
    if not (moments.whole > 0 and other.whole > 0):
        return NOTHING
    if kind in _SHARES:
        return _shares(kind, moments, other, level)
    return _means(moments, other, level)


def _shares(kind: str, moments: Moments, other: Moments, level: float) -> Estimate:
    """Return the difference of two shares, from the interval of each (Newcombe 1998, method 10).

    Statistics in Medicine 17, 873-890; of shares of events, from intervals that know which events
    are of the same run (the square-and-add rule of Zou and Donner 2008, ibid. 27, 1693-1702).
    """
    ours, theirs = (estimate_of(kind, one, level) for one in (moments, other))
    value = ours.value - theirs.value
    below = math.hypot(ours.value - ours.low, theirs.high - theirs.value)
    above = math.hypot(ours.high - ours.value, theirs.value - theirs.low)
    method = "Newcombe" if kind == SHARE_OF_RUNS else "square-and-add"
    if math.isnan(below + above):
        method = "none"
    return Estimate(value, value - below, value + above, method, moments.runs + other.runs)


def _means(moments: Moments, other: Moments, level: float) -> Estimate:
    """Return the difference of two means or ratios of sums (Welch 1947, Biometrika 34, 28-35)."""
    value, runs = moments.ratio - other.ratio, moments.runs + other.runs
    fewest = min(moments.with_whole, other.with_whole)
    variances = [one.variance() if fewest > 1 else 0.0 for one in (moments, other)]
    total = sum(variances)
    if not total > 0:
        return Estimate(value, math.nan, math.nan, "none", runs)
    counts = moments.with_whole, other.with_whole
    spread = sum(one**2 / (n - 1) for one, n in zip(variances, counts, strict=True))
    half = t_quantile(math.floor(total**2 / spread), level) * math.sqrt(total)
    return Estimate(value, value - half, value + half, "Welch", runs)
