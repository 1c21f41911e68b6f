"""Rules of how often incidents come: what erosion, days, nights and earlier incidents make of it.

The trend, which is the same on the whole line, is constant over pieces of time of at most a day, so
that the hour of the next incident has a closed form; excitation decays all the time.
"""

import math
from typing import Final

from sim.model.arithmetic import exponential, exponential_minus_one, log_one_plus, natural_log
from sim.model.chance import normal_of
from sim.model.compiled import compiled
from sim.model.hours import NEVER, on_tick

_LN2: Final = 0.6931471805599453
DAY_HOURS: Final = 24.0
# Night is from six to six; a ceasefire begins at midnight.
NIGHT_ENDS_HOURS: Final = 6.0
NIGHT_BEGINS_HOURS: Final = 18.0
# What no rate grows beyond, so that a factor of 0 still silences it.
LARGEST_FACTOR: Final = 1e12
_MOST_STEPS: Final = 200


@compiled
def last_midnight_hours(hours: float) -> float:
    """Return the midnight at this hour or before it; hour 0 is one.

    >>> last_midnight_hours(47.0), last_midnight_hours(48.0)
    (24.0, 48.0)
    """
    return DAY_HOURS * math.floor(hours / DAY_HOURS)


@compiled
def next_turn_hours(hours: float, by_day: bool, by_night: bool) -> float:  # noqa: FBT001 - facts
    """Return when the trend changes next: at midnight, or as night ends or begins.

    >>> next_turn_hours(30.0, True, False), next_turn_hours(30.0, False, True)
    (48.0, 42.0)
    """
    midnight = last_midnight_hours(hours)
    turn = midnight + DAY_HOURS if by_day else NEVER
    if by_night:
        if hours < midnight + NIGHT_ENDS_HOURS:
            return midnight + NIGHT_ENDS_HOURS
        if hours < midnight + NIGHT_BEGINS_HOURS:
            return midnight + NIGHT_BEGINS_HOURS
        return min(turn, midnight + DAY_HOURS + NIGHT_ENDS_HOURS)
    return turn


@compiled
def hour_of_day_factor(hours: float, night_to_day: float) -> float:
    """Return the factor on the rate from the hour of the day; over a day its mean is 1.

    >>> hour_of_day_factor(3.0, 3.0), hour_of_day_factor(12.0, 3.0), hour_of_day_factor(18.0, 3.0)
    (1.5, 0.5, 1.5)
    """
    clock = hours - last_midnight_hours(hours)
    if NIGHT_ENDS_HOURS <= clock < NIGHT_BEGINS_HOURS:
        return 2.0 / (1.0 + night_to_day)
    return 2.0 * night_to_day / (1.0 + night_to_day)


@compiled
def erosion_after(erosion: float, doubling_hours: float, cap: float, hours: float) -> float:
    """Return the factor on the rate from eroded restraint after some hours.

    It doubles in a fixed time, up to a cap: the exponential trend of 2017, when weekly counts
    doubled in four weeks.

    >>> erosion_after(1.0, 24.0, 5.0, 48.0), erosion_after(1.0, 24.0, 5.0, 72.0)
    (4.0, 5.0)
    """
    if doubling_hours == NEVER or erosion <= 0.0:
        return erosion
    grown = erosion * exponential(_LN2 * (hours / doubling_hours))
    return min(grown, cap, LARGEST_FACTOR)


@compiled
def mean_erosion(erosion: float, doubling_hours: float, cap: float, hours: float) -> float:
    """Return that factor's mean over the next hours.

    >>> round(mean_erosion(1.0, 24.0, 5.0, 24.0), 6)
    1.442695
    """
    if doubling_hours == NEVER or erosion <= 0.0 or hours <= 0.0 or hours == NEVER:
        return erosion
    most = min(cap, LARGEST_FACTOR)
    growth = _LN2 / doubling_hours
    growing_hours = min(hours, max(0.0, natural_log(most / erosion) / growth))
    grown = erosion * exponential_minus_one(growth * growing_hours) / growth
    return (grown + most * (hours - growing_hours)) / hours


@compiled
def erosion_recommitted(erosion: float, factor: float, cap: float) -> float:
    """Return that factor after the parties recommit: it drops, and grows again from there.

    >>> erosion_recommitted(4.0, 0.25, 5.0), erosion_recommitted(4.0, 2.0, 5.0)
    (1.0, 5.0)
    """
    return min(erosion * factor, cap, LARGEST_FACTOR)


@compiled
def day_logarithm_at_start(persistence: float, innovation_sd: float, chance: float) -> float:
    """Return the logarithm of the first day's factor, from its stationary distribution.

    >>> round(day_logarithm_at_start(0.6, 0.8, 0.025), 6)
    1.959964
    """
    return normal_of(chance) * innovation_sd / math.sqrt(1.0 - persistence * persistence)


@compiled
def day_logarithm_after(
    before: float, persistence: float, innovation_sd: float, chance: float
) -> float:
    """Return the logarithm of a day's factor, given the day's before: an AR(1) process.

    >>> round(day_logarithm_after(2.0, 0.5, 0.5, 0.025), 6)
    1.979982
    """
    return persistence * before + innovation_sd * normal_of(chance)


@compiled
def day_factor(logarithm: float, persistence: float, innovation_sd: float) -> float:
    """Return a day's factor on the rate: log-normal with mean 1.

    >>> day_factor(0.0, 0.0, 0.0)
    1.0
    """
    variance = innovation_sd * innovation_sd / (1.0 - persistence * persistence)
    return min(LARGEST_FACTOR, exponential(logarithm - 0.5 * variance))


@compiled
def mean_progress(from_hours: float, until_hours: float, length_hours: float) -> float:
    """Return how far a build-up of this length has come, on average from one hour to another.

    >>> mean_progress(0.0, 24.0, 48.0), mean_progress(24.0, 72.0, 48.0)
    (0.25, 0.75)
    """
    return (from_hours + min(until_hours, length_hours)) / (length_hours + length_hours)


@compiled
def build_up_factor(rate: float, progress: float) -> float:
    """Return the factor on the rate in the build-up to an attack, which rises linearly.

    >>> build_up_factor(3.0, 0.0), build_up_factor(3.0, 0.5), build_up_factor(3.0, 1.0)
    (1.0, 2.0, 3.0)
    """
    return 1.0 + (rate - 1.0) * progress


@compiled
def heavy_ratio(light_share: float, heavy_share: float, progress: float) -> float:
    """Return by what the shares above the lowest level are multiplied in the build-up.

    The share of heavy incidents goes linearly from what it is to `heavy_share`; a negative one, or
    a scenario without heavy incidents, leaves all as it is.

    >>> heavy_ratio(0.75, 0.75, 0.5), heavy_ratio(0.75, -1.0, 0.5)
    (2.0, 1.0)
    """
    heavy = 1.0 - light_share
    if heavy_share < 0.0 or heavy <= 0.0:
        return 1.0
    return (heavy + (heavy_share - heavy) * progress) / heavy


@compiled
def share_in_build_up(share_up_to: float, ratio: float) -> float:
    """Return the share of incidents up to a level when those above are so many times as frequent.

    >>> share_in_build_up(0.75, 2.0), share_in_build_up(1.0, 2.0)
    (0.5, 1.0)
    """
    return 1.0 - (1.0 - share_up_to) * ratio


@compiled
def excitation_of_incident(branching_ratio: float, decay_hours: float) -> float:
    """Return what an incident adds to the rate, per hour (Hawkes 1971, exponential kernel).

    >>> excitation_of_incident(0.5, 10.0)
    0.05
    """
    return branching_ratio / decay_hours


@compiled
def excitation_after(excitation: float, decay_hours: float, hours: float) -> float:
    """Return what is left of the excitation after some hours.

    >>> excitation_after(2.0, 10.0, 0.0)
    2.0
    """
    return excitation * exponential(-(hours / decay_hours))


@compiled
def excited_hazard(background: float, excitation: float, decay_hours: float, hours: float) -> float:
    """Return the integral over some hours of a constant rate and a decaying one, both per hour.

    >>> round(excited_hazard(1.0, 2.0, 10.0, 10.0), 6)
    22.642411
    """
    decayed = exponential_minus_one(-(hours / decay_hours))
    return background * hours - excitation * decay_hours * decayed


@compiled
def hours_to_excited_hazard(
    background: float, excitation: float, decay_hours: float, hazard: float
) -> float:
    """Return after how many hours that integral reaches a value, or never: its inverse.

    The integral is concave, so Newton's steps from the left never pass the root.

    >>> round(hours_to_excited_hazard(1.0, 2.0, 10.0, 22.642411176571153), 9)
    10.0
    """
    if hazard <= 0.0:
        return 0.0
    burst = excitation * decay_hours
    if background <= 0.0:
        return -decay_hours * log_one_plus(-(hazard / burst)) if hazard < burst else NEVER
    hours = max(hazard / (background + excitation), (hazard - burst) / background)
    for _ in range(_MOST_STEPS):
        rate = background + excitation_after(excitation, decay_hours, hours)
        missing = hazard - excited_hazard(background, excitation, decay_hours, hours)
        further = hours + missing / rate
        if not further > hours:
            return hours
        hours = further
    return hours


@compiled
def excited_incident_hours(
    set_hours: float,
    left: float,
    multiplier: float,
    background: float,
    excitation: float,
    decay_hours: float,
) -> float:
    """Return when the next incident comes if nothing but the excitation's decay changes the rate.

    `left` of its threshold was left at `set_hours`; the multiplier is on all of the rate.

    >>> excited_incident_hours(100.0, 2.0, 2.0, 0.25, 0.0, 10.0)
    104.0
    """
    if multiplier <= 0.0:
        return NEVER
    hours = hours_to_excited_hazard(background, excitation, decay_hours, left / multiplier)
    return set_hours + on_tick(hours)


@compiled
def excited_threshold_left(
    left: float,
    multiplier: float,
    background: float,
    excitation: float,
    decay_hours: float,
    hours: float,
) -> float:
    """Return what is left of an incident's threshold after some more hours.

    >>> excited_threshold_left(2.0, 2.0, 0.25, 0.0, 10.0, 1.0)
    1.5
    """
    if multiplier <= 0.0:
        return left
    return max(0.0, left - multiplier * excited_hazard(background, excitation, decay_hours, hours))
