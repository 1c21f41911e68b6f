"""Estimates with 95 % intervals, by methods that also hold at the edges.

A share that is 0 of 200 still has an interval with a width: Wilson's (1927) for runs, which are
independent; for crises, of which one run brings several, the exact binomial interval at the
effective sample size (Korn and Graubard 1998, Survey Methodology 24, 193-201).
"""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

LEVEL: Final = 0.95
_UPPER: Final = (1 + LEVEL) / 2

Floats = npt.NDArray[np.float64]


class Estimate(NamedTuple):
    """A value with its interval, the method, and how many runs, calls or crises it rests on."""

    value: float
    low: float
    high: float
    method: str
    n: int


NOTHING: Final = Estimate(math.nan, math.nan, math.nan, "none", 0)


def share_of_runs(yes: npt.NDArray[np.bool_]) -> Estimate:
    """Return the share of runs for which something holds, with Wilson's interval.

    yes: shape (runs,).

    >>> round(share_of_runs(np.array([False] * 20)).high, 3)
    0.161
    """
    n, k = len(yes), int(yes.sum())
    if n == 0:
        return NOTHING
    low, high = _wilson(np.array(k / n), n)
    return Estimate(k / n, float(low), float(high), "Wilson", n)


def _wilson(share: Floats, n: int) -> tuple[Floats, Floats]:
    """Return the bounds of the score interval (Wilson 1927, JASA 22, 209-212)."""
    z2 = float(special.ndtri(_UPPER)) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(share * (1 - share) * z2 / n + (z2 / (2 * n)) ** 2) / (1 + z2 / n)
    # Where all runs agree the bound is the share itself, which rounding may miss.
    low, high = np.minimum(centre - half, share), np.maximum(centre + half, share)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def _t_quantile(degrees: int) -> float:
    return float(special.stdtrit(degrees, _UPPER))


def mean_over_runs(values: Floats) -> Estimate:
    """Return the mean of a value over runs, with Student's t interval; NaN values are left out.

    values: shape (runs,), any unit; what is recorded is never negative, so neither is the interval.
    Values without any spread tell nothing about the spread, and get no interval.
    """
    known = values[~np.isnan(values)]
    n = len(known)
    if n == 0:
        return NOTHING
    mean = float(known.mean())
    if n == 1 or known.min() == known.max():
        return Estimate(mean, math.nan, math.nan, "none", n)
    half = _t_quantile(n - 1) * float(known.std(ddof=1)) / math.sqrt(n)
    return Estimate(mean, max(0.0, mean - half), mean + half, "t", n)


def share_of_events(part: Floats, whole: Floats) -> Estimate:
    """Return the share of events (calls, promises) of one kind, with Korn and Graubard's interval.

    part, whole: shape (runs,), counts; the events of one run are not independent of each other.
    """
    n, k = int(whole.sum()), int(part.sum())
    if n == 0:
        return NOTHING
    share = k / n
    runs = int((whole > 0).sum())
    if runs == 1:
        return Estimate(share, math.nan, math.nan, "none", n)
    effective = _effective_size(part, whole, share, runs)
    low = special.betaincinv(share * effective, effective * (1 - share) + 1, 1 - _UPPER)
    high = special.betaincinv(share * effective + 1, effective * (1 - share), _UPPER)
    bounds = 0.0 if k == 0 else float(low), 1.0 if k == n else float(high)
    return Estimate(share, *bounds, "Korn-Graubard", n)


def _effective_size(part: Floats, whole: Floats, share: float, runs: int) -> float:
    """Return as how many independent events these count.

    Where all or none are of the kind, the data cannot tell how alike the events of a run are: then
    each run that has any counts once. Few runs make the variance itself uncertain, which the ratio
    of the t quantiles makes up for.
    """
    n = float(whole.sum())
    independent = share * (1 - share) / n
    if independent == 0:
        return float(runs)
    design_effect = max(1.0, _ratio_variance(part, whole, share) / independent)
    uncertainty = _t_quantile(int(n) - 1) / _t_quantile(runs - 1)
    return min(n, n / design_effect) * min(1.0, uncertainty) ** 2


def _ratio_variance(part: Floats, whole: Floats, ratio: float) -> float:
    """Return the linearised variance of a ratio of sums over runs."""
    runs = len(part)
    # In place, since there may be ten million runs.
    residual = whole * -ratio
    residual += part
    np.square(residual, out=residual)
    return float(runs / (runs - 1) * residual.sum() / whole.sum() ** 2)


def mean_over_events(sums: Floats, counts: Floats) -> Estimate:
    """Return the mean of a value over events, with a t interval that knows which run they are of.

    sums, counts: shape (runs,): a run's sum of the value over its events, and how many there were.
    """
    n = int(counts.sum())
    if n == 0:
        return NOTHING
    mean = float(sums.sum() / n)
    runs = int((counts > 0).sum())
    if runs == 1:
        return Estimate(mean, math.nan, math.nan, "t by run", n)
    half = _t_quantile(runs - 1) * math.sqrt(_ratio_variance(sums, counts, mean))
    return Estimate(mean, max(0.0, mean - half), mean + half, "t by run", n)


def cumulative_incidence(hours: Floats, at_hours: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the share of runs in which something has happened by each hour, with Wilson's bounds.

    hours: shape (runs,), when it first happened, NaN where it never did; at_hours: shape (points,),
    rising. Every run is watched to its end, so the share by an hour is a plain share of all runs:
    the cumulative incidence with the other outcomes as competing risks. Ties are exact.

    Returns share, low and high, each of shape (points,).
    """
    happened = np.sort(hours[~np.isnan(hours)])
    share = np.searchsorted(happened, at_hours, side="right") / len(hours)
    return share, *_wilson(share, len(hours))
