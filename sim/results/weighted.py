"""Sums of weights over runs, and the chance that they estimate, with an interval.

A run that is split has the event in some of its branches; the sum of their weights has the chance
as its mean over runs. Runs are independent of each other, branches are not:
what counts as one observation is therefore the run with the sum of its branches' weights. Weights
are whole multiples of a unit, so that sums are exact, in whatever order they are taken.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.results.estimates import LEVEL, NOTHING, Estimate, share

METHOD: Final = "Fay-Feuer"
_UPPER: Final = (1 + LEVEL) / 2
# So many hits must have been seen before the heaviest of them is nearly the heaviest there may be:
# with 10, the interval misses less than 5 % of the time where weights are geometric or Pareto.
_FEW_HITS: Final = 10.0


class Weights(NamedTuple):
    """What is known of the sums of weights of some runs."""

    runs: int
    unit: int
    """A weight of 1, that of a run which is not split, is so many units."""
    hits: int
    """Runs that have any weight."""
    total: int
    """All weights, in units."""
    squares: int
    """The sum of the squares of the runs' weights, in units."""
    largest: int
    """The largest weight of a run, in units."""

    def mean(self) -> float:
        """Return the chance that is estimated."""
        return self.total / self.unit / self.runs

    def mean_square(self) -> float:
        """Return the mean of the squares of the runs' weights."""
        return self.squares / self.unit**2 / self.runs

    def variance(self) -> float:
        """Return the variance of a run's weight."""
        return max(0.0, self.mean_square() - self.mean() ** 2)


def weights_of(units: npt.NDArray[np.int64], unit: int) -> Weights:
    """Return what is known of some runs' weights.

    units: shape (runs,), each run's weight in units.

    >>> weights_of(np.array([0, 3, 0, 5]), 10)
    Weights(runs=4, unit=10, hits=2, total=8, squares=34, largest=5)
    """
    some = [int(one) for one in units[units > 0]]
    squares = sum(one * one for one in some)
    return Weights(len(units), unit, len(some), sum(some), squares, max(some, default=0))


def joined(one: Weights, other: Weights) -> Weights:
    """Return what is known of both sets of runs, whose weights have the same unit.

    >>> some = weights_of(np.array([0, 3]), 10)
    >>> joined(some, weights_of(np.array([0, 5]), 10)) == weights_of(np.array([0, 3, 0, 5]), 10)
    True
    """
    return Weights(
        one.runs + other.runs,
        one.unit,
        one.hits + other.hits,
        one.total + other.total,
        one.squares + other.squares,
        max(one.largest, other.largest),
    )


def chance_of(weights: Weights) -> Estimate:
    """Return the chance of the event, with Fay and Feuer's gamma interval.

    The runs with the event are rare and independent, so their number is Poisson, and the sum of
    their weights is a weighted sum of Poisson counts (Fay and Feuer 1997, Statistics in Medicine
    16, 791-801). With no hit its upper end is that of as many runs that are
    not split: each of them has one among its branches. Where weights are all 1 nothing was split,
    and the interval is Wilson's.

    >>> estimate = chance_of(weights_of(np.array([0] * 99 + [1]), 10))
    >>> estimate.value, estimate.method
    (0.001, 'Fay-Feuer')
    """
    if weights.runs == 0:
        return NOTHING
    if weights.unit == 1:
        return share(weights.total, weights.runs)
    value = weights.mean()
    low, high = _gamma_interval(weights)
    return Estimate(value, low, min(1.0, high), METHOD, weights.runs)


def _gamma_interval(weights: Weights) -> tuple[float, float]:
    """Return the bounds of the gamma interval.

    Its upper end allows for one more hit, of the heaviest weight. How heavy that may be is not
    known of runs that are split: it is the heaviest one seen, and more while few were seen.
    """
    if weights.hits == 0:
        return 0.0, -math.log(1 - _UPPER) / weights.runs
    value, variance = weights.mean(), weights.mean_square() / weights.runs
    heaviest = weights.largest / weights.unit * (1 + _FEW_HITS / weights.hits)
    one_more = heaviest / weights.runs
    low = variance / value * special.gammaincinv(value**2 / variance, 1 - _UPPER)
    value, variance = value + one_more, variance + one_more**2
    high = variance / value * special.gammaincinv(value**2 / variance, _UPPER)
    return float(low), float(high)
