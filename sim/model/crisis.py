"""Rules of the crisis: what opens it, from when its clock counts, and when it closes."""

from sim.model.compiled import compiled
from sim.model.words import (
    FROM_ATTRIBUTION,
    FROM_DETECTION,
    OPENS_BY_COUNT,
    OPENS_BY_LEVEL,
    OPENS_NOT,
)


@compiled
def belongs_to_last_crisis(onset_hours: float, last_close_hours: float) -> bool:
    """Return whether a violation began before the scope's last crisis closed.

    It then belongs to that crisis, however late it is attributed, and does not count again.

    >>> belongs_to_last_crisis(10.0, 10.0), belongs_to_last_crisis(9.0, 10.0)
    (False, True)
    """
    return onset_hours < last_close_hours


@compiled
def is_within_window(attributed_hours: float, now_hours: float, window_hours: float) -> bool:
    """Return whether an attribution still counts: the window's full length is included.

    >>> is_within_window(0.0, 24.0, 24.0)
    True
    """
    return now_hours <= attributed_hours + window_hours


@compiled
def how_it_opens(level: int, threshold_level: int, counted: int, threshold_incidents: int) -> int:
    """Return whether an attributed violation opens a crisis: by its level, by the count, or not.

    `counted` includes the violation itself. The level goes first: its onset is then the clock's.

    >>> how_it_opens(3, 3, 1, 40) == OPENS_BY_LEVEL, how_it_opens(1, 3, 40, 40) == OPENS_BY_COUNT
    (True, True)
    """
    if level >= threshold_level:
        return OPENS_BY_LEVEL
    if counted >= threshold_incidents:
        return OPENS_BY_COUNT
    return OPENS_NOT


@compiled
def clock_start_hours(
    clock: int, onset_hours: float, detected_hours: float, opened_hours: float
) -> float:
    """Return from when the crisis's clock counts, which may be before the crisis opened.

    >>> clock_start_hours(FROM_DETECTION, 1.0, 2.0, 14.0)
    2.0
    """
    if clock == FROM_ATTRIBUTION:
        return opened_hours
    if clock == FROM_DETECTION:
        return detected_hours
    return onset_hours


@compiled
def detection_part_hours(clock_hours: float, detected_hours: float) -> float:
    """Return how long it took from the clock's start until its violation was detected.

    >>> detection_part_hours(100.0, 101.0), detection_part_hours(112.0, 101.0)
    (1.0, 0.0)
    """
    return max(0.0, detected_hours - clock_hours)


@compiled
def attribution_part_hours(clock_hours: float, detected_hours: float, opened_hours: float) -> float:
    """Return how long it took from then to the opening; both parts add up to all of it.

    >>> attribution_part_hours(100.0, 101.0, 112.0), attribution_part_hours(112.0, 101.0, 112.0)
    (11.0, 0.0)
    """
    return opened_hours - max(clock_hours, detected_hours)


@compiled
def is_without_grounds(
    opening_is_debunked: bool,  # noqa: FBT001 - a fact, not a switch of behaviour
    highest_level: int,
    threshold_level: int,
    counted: int,
    threshold_incidents: int,
) -> bool:
    """Return whether a crisis rests on nothing: a false alarm opened it, and that is known.

    What else was attributed within the window, before the opening or since, would not open a
    crisis either: `highest_level` is the highest of it, and `counted` how much it is.

    >>> is_without_grounds(True, 2, 3, 5, 40), is_without_grounds(True, 3, 3, 1, 40)
    (True, False)
    """
    opens = how_it_opens(highest_level, threshold_level, counted, threshold_incidents)
    return opening_is_debunked and opens == OPENS_NOT


@compiled
def is_quiet(highest_level: int, quiet_level: int) -> bool:
    """Return whether fighting is too low to keep a crisis open.

    >>> is_quiet(2, 3), is_quiet(3, 3)
    (True, False)
    """
    return highest_level < quiet_level


@compiled
def closes_at_hours(
    now_hours: float,
    opened_hours: float,
    fought_until_hours: float,
    quiet_hours: float,
    without_grounds: bool,  # noqa: FBT001 - a fact, not a switch of behaviour
) -> float:
    """Return when a crisis closes if its scope, which is quiet, stays so: now if it has no grounds.

    >>> [closes_at_hours(91.0, 90.0, 91.0, 24.0, groundless) for groundless in (False, True)]
    [115.0, 91.0]
    """
    if without_grounds:
        return now_hours
    return max(opened_hours, fought_until_hours) + quiet_hours
