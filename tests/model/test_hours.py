"""Ticks, which make 24 hours out of 6 and 18, and the order of what happens at the same hour."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model import hours
from sim.model.hours import (
    LONGEST_HOURS,
    TICKS_PER_HOUR,
    kind_of_rank,
    on_tick,
    ordinal_of_answer,
    ordinal_of_rank,
    place_of_rank,
    rank,
    step_of_answer,
    voter_of_answer,
)

KEPT_HOURS = st.floats(0.0, LONGEST_HOURS - 1.0)
IN_ORDER = (
    "TREND_TURNS",
    "COMMITMENT_IS_REVIEWED",
    "GUARANTEE_EXPIRES",
    "SENSORS_TURN",
    "STOPS",
    "BREAKS_OFF",
    "EXPANDS",
    "COLLAPSES",
    "ATTACKS",
    "RESUMES",
    "INCIDENT_OCCURS",
    "DETECTED",
    "ATTRIBUTED",
    "FALSE_ALARM_COMES",
    "ANSWERS",
    "REVIEW",
    "DEADLINE",
    "DEBUNKED",
    "QUIET",
    "HORIZON",
)


@given(KEPT_HOURS)
def test_a_time_moves_by_half_a_tick_at_most(time_hours):
    """Rounding to a tick changes a time by no more than 2**-31 hours."""
    assert abs(on_tick(time_hours) - time_hours) <= 0.5 / TICKS_PER_HOUR


@given(KEPT_HOURS)
def test_a_rounded_time_is_whole_ticks(time_hours):
    """What comes out is a whole number of ticks."""
    assert (on_tick(time_hours) * TICKS_PER_HOUR).is_integer()


@given(KEPT_HOURS)
def test_rounding_again_changes_nothing(time_hours):
    """A time on a tick stays where it is."""
    assert on_tick(on_tick(time_hours)) == on_tick(time_hours)


@given(KEPT_HOURS, KEPT_HOURS)
def test_rounding_keeps_the_order(one, other):
    """The earlier of two times is not the later one after rounding."""
    earlier, later = sorted((one, other))

    assert on_tick(earlier) <= on_tick(later)


@given(st.floats(0.0, LONGEST_HOURS / 4), st.floats(0.0, 72.0), st.floats(0.0, 72.0))
def test_sums_of_ticks_are_exact(start, decision, deploy):
    """Whatever hour it starts at, a time plus two delays minus the time is just their sum."""
    start, decision, deploy = on_tick(start), on_tick(decision), on_tick(deploy)

    assert start + decision + deploy - start == decision + deploy


def test_a_tick_is_under_four_microseconds():
    """A tick is 2**-30 hours."""
    assert on_tick(1.0 + 2.0**-30) - 1.0 == 2.0**-30


def test_half_a_tick_rounds_up():
    """The middle between two ticks belongs to the later one."""
    assert on_tick(2.0**-31) == 2.0**-30


@pytest.mark.parametrize("time_hours", [LONGEST_HOURS, 1e300, math.inf])
def test_what_comes_too_late_never_comes(time_hours):
    """From 2**22 hours on, 478 years, a time is never."""
    assert on_tick(time_hours) == math.inf


def test_the_last_time_that_is_kept_is_a_tick_before_that():
    """One tick less than 2**22 hours is still a time."""
    assert on_tick(LONGEST_HOURS - 2.0**-30) == LONGEST_HOURS - 2.0**-30


@pytest.mark.parametrize("time_hours", [0.0, 5e-324, 1e-300])
def test_hardly_any_time_is_none(time_hours):
    """Denormal times are hour 0."""
    assert on_tick(time_hours) == 0.0


def test_what_happens_at_the_same_hour_has_a_stated_order():
    """The calendar, the fighting, what is seen, what is decided, what falls due."""
    kinds = [getattr(hours, name) for name in IN_ORDER]

    assert kinds == sorted(set(kinds))


def test_no_kind_is_without_a_place_in_that_order():
    """Every whole number of the module is a kind of the list above."""
    named = {name for name, value in vars(hours).items() if name.isupper() and type(value) is int}

    assert named == set(IN_ORDER)


RANKED = st.tuples(st.integers(1, 20), st.integers(0, 1023), st.integers(0, 2**48 - 1))


@given(RANKED, RANKED)
def test_simultaneous_events_are_ordered_by_kind_then_place_then_ordinal(one, other):
    """Ranks compare as the three numbers do, one after the other."""
    assert (rank(*one) < rank(*other)) == (one < other)


def test_the_highest_rank_is_a_positive_number():
    """The last event of an hour still fits into 63 bits."""
    assert 0 < rank(hours.HORIZON, 1023, 2**48 - 1) < 2**63


@given(RANKED)
@settings(deadline=None)
def test_a_rank_can_be_taken_apart(one):
    """Its kind, its place and its ordinal come out as they went in."""
    made = rank(*one)

    assert (kind_of_rank(made), place_of_rank(made), ordinal_of_rank(made)) == one


@given(st.integers(0, 99), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_ordinal_of_an_answer_can_be_taken_apart(step, voter):
    """And fits into a rank."""
    ordinal = ordinal_of_answer(step, voter)

    assert (step_of_answer(ordinal), voter_of_answer(ordinal)) == (step, voter)
    assert ordinal < 2**48
