"""Estimates with intervals, by methods that also hold at the edges; 95 % unless told otherwise.

A share that is 0 of 200 still has an interval with a width: Wilson's (1927) for runs, which are
independent; for crises, of which one run brings several, the exact binomial interval at the
effective sample size (Korn and Graubard 1998, Survey Methodology 24, 193-201).
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.results.moments import Floats, Moments
from sim.results.quantities import (
    MEAN_OVER_EVENTS,
    MEAN_OVER_RUNS,
    RATE,
    SHARE_OF_EVENTS,
    SHARE_OF_RUNS,
)

__all__ = [
    "LEVEL",
    "NOTHING",
    "POINTS",
    "Estimate",
    "Floats",
    "axis_hours",
    "estimate_of",
    "happened_by",
    "mean_over_events",
    "mean_over_runs",
    "normal_quantile",
    "share",
    "share_of_events",
    "share_of_runs",
    "t_quantile",
    "wilson",
]

LEVEL: Final = 0.95
POINTS: Final = 161
"""At how many points on the time axis a cumulative incidence is kept and drawn."""


class Estimate(NamedTuple):
    """A value with its interval, the method, and how many runs, calls or crises it rests on."""

    value: float
    low: float
    high: float
    method: str
    n: int


NOTHING: Final = Estimate(math.nan, math.nan, math.nan, "none", 0)


def estimate_of(kind: str, moments: Moments, level: float = LEVEL) -> Estimate:
    """Return the estimate of a quantity of some kind, with an interval of a level.

    >>> estimate_of(MEAN_OVER_RUNS, Moments.of(np.array([1.0, 3.0]), np.ones(2))).value
    2.0
    """
    return _RULES[kind](moments, level)


def share_of_runs(yes: npt.NDArray[np.bool_], level: float = LEVEL) -> Estimate:
    """Return the share of runs for which something holds, with Wilson's interval.

    yes: shape (runs,).

    >>> round(share_of_runs(np.array([False] * 20)).high, 3)
    0.161
    """
    return share(int(yes.sum()), len(yes), level)


def share(k: int, n: int, level: float = LEVEL) -> Estimate:
    """Return what share k of n independent runs are, with Wilson's interval.

    >>> share(7, 20).value
    0.35
    """
    if n == 0:
        return NOTHING
    low, high = wilson(np.array(k / n), n, level)
    return Estimate(k / n, float(low), float(high), "Wilson", n)


def wilson(share: Floats, n: int, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the bounds of the score interval (Wilson 1927, JASA 22, 209-212).

    share: shape (points,) or a single one, of n runs; the bounds have its shape.
    """
    z2 = normal_quantile(level) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(share * (1 - share) * z2 / n + (z2 / (2 * n)) ** 2) / (1 + z2 / n)
    # Where all runs agree the bound is the share itself, which rounding may miss.
    low, high = np.minimum(centre - half, share), np.maximum(centre + half, share)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def normal_quantile(level: float) -> float:
    """Return how many standard errors an interval of a level reaches to either side."""
    return float(special.ndtri((1 + level) / 2))


def t_quantile(degrees: int, level: float) -> float:
    """Return the same for a standard error that is estimated, by Student's t distribution."""
    return float(special.stdtrit(degrees, (1 + level) / 2))


def mean_over_runs(values: Floats, level: float = LEVEL) -> Estimate:
    """Return the mean of a value over runs, with Student's t interval; NaN values are left out.

    values: shape (runs,), any unit; what is recorded is never negative, so neither is the interval.
    Values without any spread tell nothing about the spread, and get no interval.
    """
    known = values[~np.isnan(values)]
    return _mean_over_runs(Moments.of(known, np.ones(len(known))), level)


def _mean_over_runs(moments: Moments, level: float) -> Estimate:
    n = int(moments.whole)
    if n == 0:
        return NOTHING
    mean = moments.ratio
    if n == 1 or moments.low == moments.high:
        return Estimate(mean, math.nan, math.nan, "none", n)
    deviation = math.sqrt(moments.squares / (n - 1))
    half = t_quantile(n - 1, level) * deviation / math.sqrt(n)
    return Estimate(mean, max(0.0, mean - half), mean + half, "t", n)


def share_of_events(part: Floats, whole: Floats, level: float = LEVEL) -> Estimate:
    """Return the share of events (calls, promises) of one kind, with Korn and Graubard's interval.

    part, whole: shape (runs,), counts; the events of one run are not independent of each other.
    """
    return share_of_moments(Moments.of(part, whole), level)


def share_of_moments(moments: Moments, level: float = LEVEL) -> Estimate:
    """Return the same of what is left of such counts: their moments."""
    n, k, runs = int(moments.whole), int(moments.part), moments.with_whole
    if n == 0:
        return NOTHING
    share = k / n
    if runs == 1:
        return Estimate(share, math.nan, math.nan, "none", n)
    effective, upper = _effective_size(moments, share, level), (1 + level) / 2
    low = special.betaincinv(share * effective, effective * (1 - share) + 1, 1 - upper)
    high = special.betaincinv(share * effective + 1, effective * (1 - share), upper)
    bounds = 0.0 if k == 0 else float(low), 1.0 if k == n else float(high)
    return Estimate(share, *bounds, "Korn-Graubard", n)


def _effective_size(moments: Moments, share: float, level: float) -> float:
    """Return as how many independent events these count.

    Where all or none are of the kind, the data cannot tell how alike the events of a run are: then
    each run that has any counts once. Few runs make the variance itself uncertain, which the ratio
    of the t quantiles makes up for.
    """
    n, runs = moments.whole, moments.with_whole
    independent = share * (1 - share) / n
    if independent == 0:
        return float(runs)
    design_effect = max(1.0, moments.variance() / independent)
    uncertainty = t_quantile(int(n) - 1, level) / t_quantile(runs - 1, level)
    return min(n, n / design_effect) * min(1.0, uncertainty) ** 2


def mean_over_events(sums: Floats, counts: Floats, level: float = LEVEL) -> Estimate:
    """Return the mean of a value over events, with a t interval that knows which run they are of.

    sums, counts: shape (runs,): a run's sum of the value over its events, and how many there were.
    """
    return _mean_over_events(Moments.of(sums, counts), level)


def _mean_over_events(moments: Moments, level: float) -> Estimate:
    n, runs, mean = int(moments.whole), moments.with_whole, moments.ratio
    if runs == 0:
        return NOTHING
    if runs == 1:
        return Estimate(mean, math.nan, math.nan, "t by run", n)
    half = t_quantile(runs - 1, level) * math.sqrt(moments.variance())
    return Estimate(mean, max(0.0, mean - half), mean + half, "t by run", n)


def _share_of_runs(moments: Moments, level: float) -> Estimate:
    return share(int(moments.part), int(moments.whole), level)


def _rate(moments: Moments, level: float) -> Estimate:
    return _mean_over_events(moments, level)._replace(n=moments.runs)


_RULES: Final[dict[str, Callable[[Moments, float], Estimate]]] = {
    SHARE_OF_RUNS: _share_of_runs,
    MEAN_OVER_RUNS: _mean_over_runs,
    SHARE_OF_EVENTS: share_of_moments,
    MEAN_OVER_EVENTS: _mean_over_events,
    RATE: _rate,
}


def happened_by(hours: Floats, at_hours: Floats) -> npt.NDArray[np.int64]:
    """Return in how many runs it has happened by each hour: shape (points,).

    hours: shape (runs,), when it first happened, NaN where it never did; at_hours: shape (points,),
    rising. Every run is watched to its end, so the share by an hour is a plain share of all runs:
    the cumulative incidence with the other outcomes as competing risks. Ties are exact.

    >>> happened_by(np.array([24.0, np.nan, 72.0]), np.array([23.9, 24.0, 72.0])).tolist()
    [0, 1, 2]
    """
    # NaN goes behind the last hour, and what is behind it is counted nowhere.
    first_point = np.searchsorted(at_hours, hours, side="left")
    counts = np.bincount(first_point, minlength=len(at_hours) + 1)[: len(at_hours)]
    return np.cumsum(counts, dtype=np.int64)


def axis_hours(horizon_days: float) -> Floats:
    """Return the hours at which a cumulative incidence is kept: shape (POINTS,)."""
    return np.linspace(0.0, horizon_days, POINTS) * 24
