"""Delays, and clocks whose hazard can change while they run.

A clock fires when its integrated hazard reaches its threshold, a unit-exponential draw. A step that
comes into force multiplies the hazard from then on: what is left of the threshold is *rescaled*,
nothing is drawn again, and two plans share their luck (Cox and Oakes 1984, section 2.3; the
random-time-change construction of Anderson 2007).

The numbers `first`, `second` and `third` of a family are
    constant      hours
    exponential   mean_hours
    weibull       scale_hours, shape
    lognormal     median_hours, log_sd
    loglogistic   median_hours, shape
    uniform       low_hours, high_hours
    triangular    low_hours, mode_hours, high_hours
"""

import math

from sim.model.arithmetic import (
    exponential,
    exponential_minus_one,
    log_one_plus,
    natural_log,
    normal_hazard,
    normal_score,
    power,
)
from sim.model.chance import threshold_of
from sim.model.compiled import compiled
from sim.model.hours import NEVER, on_tick
from sim.model.words import CONSTANT, EXPONENTIAL, LOGNORMAL, TRIANGULAR, UNIFORM, WEIBULL


@compiled
def integrated_hazard(family: int, first: float, second: float, age_hours: float) -> float:
    """Return minus the log of the chance that a spell of this family outlasts the age.

    A constant spell has no hazard before its hour and all of it at that hour.

    >>> integrated_hazard(EXPONENTIAL, 12.0, 0.0, 24.0)
    2.0
    """
    if age_hours <= 0.0:
        return 0.0
    if family == CONSTANT:
        return 0.0 if age_hours < first else math.inf
    if family == EXPONENTIAL:
        return age_hours / first
    if family == WEIBULL:
        return power(age_hours / first, second)
    if family == LOGNORMAL:
        return normal_hazard(natural_log(age_hours / first) / second)
    return log_one_plus(power(age_hours / first, second))


@compiled
def age_at_hazard(family: int, first: float, second: float, hazard: float) -> float:
    """Return the age at which the integrated hazard reaches a value: the inverse of the above.

    >>> age_at_hazard(EXPONENTIAL, 12.0, 0.0, 2.0)
    24.0
    """
    if family == CONSTANT:
        return first
    if hazard <= 0.0:
        return 0.0
    if family == EXPONENTIAL:
        return hazard * first
    if family == WEIBULL:
        return first * power(hazard, 1.0 / second)
    if family == LOGNORMAL:
        return age_at_score(first, second, hazard, normal_score(hazard))
    if hazard > 40.0:  # noqa: PLR2004 - from here on exp(h) - 1 is exp(h), which may overflow
        return first * exponential(hazard / second)
    return first * power(exponential_minus_one(hazard), 1.0 / second)


@compiled
def age_at_score(median_hours: float, log_sd: float, hazard: float, score: float) -> float:
    """Return the age at which a lognormal's integrated hazard, whose score is given, is reached.

    >>> age_at_score(12.0, 0.8, 1.5, normal_score(1.5)) == age_at_hazard(LOGNORMAL, 12.0, 0.8, 1.5)
    True
    """
    if hazard <= 0.0:
        return 0.0
    return median_hours * exponential(log_sd * score)


@compiled
def fires_at_hours(
    family: int,
    first: float,
    second: float,
    started_hours: float,
    set_hours: float,
    left: float,
    multiplier: float,
) -> float:
    """Return when a clock fires if its multiplier stays as it is.

    Its age counts from `started_hours`; `left` of its threshold was left at `set_hours`.

    >>> fires_at_hours(EXPONENTIAL, 12.0, 0.0, 100.0, 106.0, 1.0, 2.0)
    112.0
    """
    if multiplier <= 0.0 or first == math.inf:
        return NEVER
    spent = integrated_hazard(family, first, second, set_hours - started_hours)
    if spent == math.inf:
        return set_hours
    age_hours = age_at_hazard(family, first, second, spent + left / multiplier)
    return max(set_hours, started_hours + on_tick(age_hours))


@compiled
def threshold_left(
    family: int,
    first: float,
    second: float,
    started_hours: float,
    set_hours: float,
    left: float,
    multiplier: float,
    now_hours: float,
) -> float:
    """Return what is left of a clock's threshold after it ran from `set_hours` until now.

    A constant spell's threshold is not used up: no multiplier moves its hour. Between neighbouring
    ages rounding may let the integrated hazard fall by a hair; what is left never rises.

    >>> threshold_left(EXPONENTIAL, 12.0, 0.0, 100.0, 100.0, 2.0, 1.0, 106.0)
    1.5
    """
    if family == CONSTANT or multiplier <= 0.0:
        return left
    before = integrated_hazard(family, first, second, set_hours - started_hours)
    after = integrated_hazard(family, first, second, now_hours - started_hours)
    if before == math.inf:
        return left
    return max(0.0, left - multiplier * max(0.0, after - before))


@compiled
def _triangular(low: float, mode: float, high: float, chance: float) -> float:
    """Return the triangular distribution's quantile."""
    width = high - low
    if width <= 0.0:
        return low
    if chance * width <= mode - low:
        return low + math.sqrt(chance * width) * math.sqrt(mode - low)
    return high - math.sqrt((1.0 - chance) * width) * math.sqrt(high - mode)


@compiled
def delay_hours(family: int, first: float, second: float, third: float, chance: float) -> float:
    """Return the delay that a draw gives, in whole ticks.

    >>> delay_hours(CONSTANT, 24.0, 0.0, 0.0, 0.5), delay_hours(UNIFORM, 2.0, 4.0, 0.0, 0.5)
    (24.0, 3.0)
    """
    if family == UNIFORM:
        return on_tick(first + (second - first) * chance)
    if family == TRIANGULAR:
        return on_tick(_triangular(first, second, third, chance))
    return on_tick(age_at_hazard(family, first, second, threshold_of(chance)))
