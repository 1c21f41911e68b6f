"""Hours, counted in whole ticks, and the order of what happens at the same hour.

Plans speak of exactly 24 and 72 hours, so "6 hours to decide and 18 to deploy" has to be 24 and
not 24.000000000000004. Every delay is therefore rounded to a tick of 2**-30 hours (3.4
microseconds). Sums and differences of whole ticks are exact in a float up to the longest time
that is kept, 2**22 hours (478 years); what would come later never comes.
"""

import math
from typing import Final

from sim.model.compiled import compiled

TICKS_PER_HOUR: Final = 2.0**30
LONGEST_HOURS: Final = 2.0**22
NEVER: Final = math.inf

# What happens at the same hour happens in this order: first what changes by the calendar; then the
# fighting, with what ends it ahead of what makes it worse; then what is seen; then what is decided
# and done about it; then what falls due. A step that comes into force at the hour of its deadline
# is therefore on time, and a crisis that has been quiet for exactly long enough closes after
# everything else of that hour.
TREND_TURNS: Final = 1
COMMITMENT_IS_REVIEWED: Final = 2
GUARANTEE_EXPIRES: Final = 3
SENSORS_TURN: Final = 4
STOPS: Final = 5
BREAKS_OFF: Final = 6
EXPANDS: Final = 7
COLLAPSES: Final = 8
ATTACKS: Final = 9
RESUMES: Final = 10
INCIDENT_OCCURS: Final = 11
DETECTED: Final = 12
ATTRIBUTED: Final = 13
FALSE_ALARM_COMES: Final = 14
ANSWERS: Final = 15
REVIEW: Final = 16
DEADLINE: Final = 17
DEBUNKED: Final = 18
QUIET: Final = 19
HORIZON: Final = 20


@compiled
def on_tick(hours: float) -> float:
    """Return the time rounded to a whole tick, or never if it is longer than can be kept.

    Time never runs backwards: what rounding made negative is 0.

    >>> on_tick(0.1) - 0.1 < 2**-30, on_tick(1e300)
    (True, inf)
    """
    if not hours < LONGEST_HOURS:
        return NEVER
    if hours <= 0.0:
        return 0.0
    return math.floor(hours * TICKS_PER_HOUR + 0.5) / TICKS_PER_HOUR


@compiled
def hour_at(clock_hours: float, shows_hours: float) -> float:
    """Return the hour at which a crisis's clock, counted from an hour, shows so much.

    >>> hour_at(100.5, 24.0)
    124.5
    """
    return clock_hours + shows_hours


@compiled
def rank(kind: int, place: int, ordinal: int) -> int:
    """Return a number that orders simultaneous events: by kind, then place, then ordinal.

    The place is a sector's or a ladder's index, below 1024, in the order of the scenario. The
    ordinal, below 2**48, is a violation's (`ordinal_of_violation`) or a voter's.

    >>> rank(STOPS, 3, 0) < rank(EXPANDS, 0, 0) < rank(EXPANDS, 1, 0)
    True
    """
    return (kind << 58) | (place << 48) | ordinal


@compiled
def kind_of_rank(rank: int) -> int:
    """Return the kind of an event from its rank.

    >>> kind_of_rank(rank(DETECTED, 3, 99)) == DETECTED
    True
    """
    return rank >> 58


@compiled
def place_of_rank(rank: int) -> int:
    """Return the sector or ladder of an event from its rank.

    >>> place_of_rank(rank(DETECTED, 3, 99))
    3
    """
    return (rank >> 48) & 0x3FF


@compiled
def ordinal_of_rank(rank: int) -> int:
    """Return the ordinal of an event from its rank.

    >>> ordinal_of_rank(rank(DETECTED, 3, 99))
    99
    """
    return rank & 0xFFFFFFFFFFFF


@compiled
def ordinal_of_answer(step: int, voter: int) -> int:
    """Return the ordinal of an answer: those of an earlier step come first, then by voter.

    >>> ordinal_of_answer(0, 7) < ordinal_of_answer(1, 0)
    True
    """
    return (step << 32) | voter


@compiled
def step_of_answer(ordinal: int) -> int:
    """Return the step that an answer is about, from its ordinal.

    >>> step_of_answer(ordinal_of_answer(2, 7))
    2
    """
    return ordinal >> 32


@compiled
def voter_of_answer(ordinal: int) -> int:
    """Return who answers, from the answer's ordinal.

    >>> voter_of_answer(ordinal_of_answer(2, 7))
    7
    """
    return ordinal & 0xFFFFFFFF
