"""Rules of credibility: a belief about promises, and what it does to violations.

The belief is a Beta distribution over the chance that a promise is kept; its mean is what counts.
"""

from typing import Final

from sim.model.arithmetic import exponential
from sim.model.compiled import compiled
from sim.model.hours import NEVER

_LN2: Final = 0.6931471805599453


@compiled
def remembered(promises: float, half_life_hours: float, hours: float) -> float:
    """Return how much a number of promises still counts for after some hours.

    >>> remembered(2.0, 24.0, 24.0), remembered(2.0, NEVER, 24.0)
    (1.0, 2.0)
    """
    if half_life_hours == NEVER or promises <= 0.0 or hours <= 0.0:
        return promises
    return promises * exponential(-(_LN2 * (hours / half_life_hours)))


@compiled
def credibility(prior_kept: float, prior_broken: float, kept: float, broken: float) -> float:
    """Return the mean of the belief: a Beta prior and the promises that are remembered.

    >>> credibility(4.0, 4.0, 0.0, 0.0), credibility(4.0, 4.0, 0.0, 8.0)
    (0.5, 0.25)
    """
    return (prior_kept + kept) / (prior_kept + prior_broken + kept + broken)


@compiled
def credibility_factor(exponent: float, credibility: float, at_first: float) -> float:
    """Return what credibility multiplies a hazard or rate by; as it is at first, nothing changes.

    >>> credibility_factor(1.2, 0.5, 0.5), credibility_factor(0.0, 0.1, 0.5)
    (1.0, 1.0)
    """
    return exponential(-(exponent * (credibility - at_first)))
