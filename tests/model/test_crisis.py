"""Rules of when a crisis opens, from when its clock counts, and when it closes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.crisis import (
    attribution_part_hours,
    belongs_to_last_crisis,
    clock_start_hours,
    closes_at_hours,
    detection_part_hours,
    how_it_opens,
    is_quiet,
    is_within_window,
    is_without_grounds,
)
from sim.model.hours import on_tick
from sim.model.words import (
    FROM_ATTRIBUTION,
    FROM_DETECTION,
    FROM_VIOLATION,
    OPENS_BY_COUNT,
    OPENS_BY_LEVEL,
    OPENS_NOT,
)

TICK_HOURS = 2.0**-30


def test_a_violation_that_began_before_the_close_belongs_to_the_last_crisis():
    """A tick before the close belongs to it; at the hour of the close, a new one has begun."""
    assert [belongs_to_last_crisis(onset, 48.0) for onset in (48.0 - TICK_HOURS, 48.0)] == [
        True,
        False,
    ]


def test_before_any_crisis_no_violation_belongs_to_one():
    """Without a last crisis even a violation at hour 0 counts."""
    assert not belongs_to_last_crisis(0.0, -math.inf)


def test_the_windows_full_length_counts():
    """An attribution exactly a window ago still counts, a tick earlier it does not."""
    assert [is_within_window(hour, 34.0, 24.0) for hour in (10.0, 10.0 - TICK_HOURS)] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("level", "counted", "how"),
    [
        (3, 1, OPENS_BY_LEVEL),
        (4, 1, OPENS_BY_LEVEL),
        (2, 1, OPENS_NOT),
        (2, 39, OPENS_NOT),
        (2, 40, OPENS_BY_COUNT),
        (1, 41, OPENS_BY_COUNT),
        (3, 40, OPENS_BY_LEVEL),
    ],
)
def test_a_crisis_opens_by_level_or_by_count_and_the_level_goes_first(level, counted, how):
    """At the threshold level 3 or above, or as the fortieth, and by level where both hold."""
    assert how_it_opens(level, 3, counted, 40) == how


@pytest.mark.parametrize(
    ("clock", "start"), [(FROM_VIOLATION, 10.0), (FROM_DETECTION, 12.0), (FROM_ATTRIBUTION, 24.0)]
)
def test_the_clock_counts_from_what_the_plan_says(clock, start):
    """The onset, the detection, or the attribution that opened the crisis."""
    assert clock_start_hours(clock, 10.0, 12.0, 24.0) == start


@pytest.mark.parametrize(
    ("opened", "fought_until", "closes"),
    [(100.0, 90.0, 124.0), (100.0, 130.0, 154.0), (100.0, -math.inf, 124.0), (5.0, 5.0, 29.0)],
)
def test_quiet_counts_from_the_last_fighting_or_from_the_opening(opened, fought_until, closes):
    """Whichever is later."""
    assert closes_at_hours(500.0, opened, fought_until, 24.0, without_grounds=False) == closes


@pytest.mark.parametrize(("level", "quiet"), [(0, True), (2, True), (3, False), (4, False)])
def test_fighting_at_the_quiet_level_is_not_quiet(level, quiet):
    """Below it is, at it and above it is not."""
    assert is_quiet(level, 3) == quiet


@pytest.mark.parametrize("clock", [FROM_VIOLATION, FROM_DETECTION, FROM_ATTRIBUTION])
@given(st.floats(0.0, 1e5), st.floats(0.0, 1e3), st.floats(0.0, 1e3))
@settings(deadline=None)
def test_both_parts_of_the_time_until_the_opening_add_up_to_it(clock, onset, detecting, more):
    """Whatever the clock starts with, and none of them is negative: exactly, in whole ticks."""
    onset, detecting, more = on_tick(onset), on_tick(detecting), on_tick(more)
    detected, opened = onset + detecting, onset + detecting + more
    start = clock_start_hours(clock, onset, detected, opened)
    parts = (
        detection_part_hours(start, detected),
        attribution_part_hours(start, detected, opened),
    )

    assert sum(parts) == opened - start
    assert min(parts) >= 0.0
    assert (
        parts
        == {
            FROM_VIOLATION: (detecting, more),
            FROM_DETECTION: (0.0, more),
            FROM_ATTRIBUTION: (0.0, 0.0),
        }[clock]
    )


def test_a_crisis_without_grounds_closes_as_soon_as_its_scope_is_quiet():
    """However long ago it opened, or its scope was fought in."""
    assert closes_at_hours(131.0, 100.0, 130.0, 24.0, without_grounds=True) == 131.0


@pytest.mark.parametrize(
    ("debunked", "highest", "counted", "without_grounds"),
    [
        (True, 0, 0, True),
        (True, 2, 39, True),
        (True, 3, 1, False),
        (True, 2, 40, False),
        (False, 0, 0, False),
    ],
)
def test_a_debunked_crisis_has_grounds_in_what_would_open_one(
    debunked, highest, counted, without_grounds
):
    """One violation at the threshold level, 3, or the fortieth of any."""
    found = is_without_grounds(debunked, highest, 3, counted, 40)

    assert found == without_grounds
