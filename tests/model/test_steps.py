"""Rules of a plan's steps, at their exact bounds."""

import math

import pytest

from sim.model.hours import NEVER
from sim.model.steps import (
    fighting_counts_from_hours,
    is_available,
    is_by_deadline,
    is_under_way,
    next_look_hours,
    over_at_hours,
    promise_at_deadline,
    ready_at_hours,
    sector_is_in_need,
    state_after_review,
    status_at_end,
)
from sim.model.words import (
    ARMED,
    BROKEN,
    DECIDING,
    DEPLOYING,
    IN_FORCE,
    KEPT,
    NO_PROMISE,
    NOT_CALLED,
    OVER,
    REFUSED,
    STATUS_LATE,
    STATUS_NOT_CALLED,
    STATUS_ON_TIME,
    STATUS_OPEN,
    STATUS_REFUSED,
    STATUS_STOOD_DOWN,
)

TICK_HOURS = 2.0**-30
NEEDED, NOT_NEEDED, NOT_FIGHTING = True, False, False
STATES = (NOT_CALLED, DECIDING, DEPLOYING, ARMED, IN_FORCE, REFUSED, OVER)


@pytest.mark.parametrize("pause", [0.0, 11.0, 12.0])
def test_a_short_pause_does_not_interrupt_the_fighting(pause):
    """Taken up again within 12 hours, the twelfth included, it counts from where it began."""
    assert fighting_counts_from_hours(3.0, 10.0, 10.0 + pause, 12.0) == 3.0


def test_a_longer_pause_starts_the_count_anew():
    """A tick after 12 hours, the fighting counts from now."""
    now_hours = 22.0 + TICK_HOURS

    assert fighting_counts_from_hours(3.0, 10.0, now_hours, 12.0) == now_hours


def test_the_first_fighting_counts_from_now():
    """A sector that never fought has nothing to go on with, however wide the window."""
    assert fighting_counts_from_hours(-math.inf, -math.inf, 7.0, math.inf) == 7.0


@pytest.mark.parametrize(
    ("fights", "now_hours", "in_need"),
    [
        (True, 24.0 - TICK_HOURS, False),
        (True, 24.0, True),
        (False, 24.0, True),
        (False, 32.0, True),
        (False, 32.0 + TICK_HOURS, False),
        (True, 1e6, True),
    ],
)
def test_a_sector_is_in_need_when_it_fought_long_enough_and_lately(fights, now_hours, in_need):
    """Fighting since hour 4 until hour 20, for 20 hours and within 12: both bounds count."""
    assert sector_is_in_need(fights, 4.0, 20.0, now_hours, 12.0, 20.0) == in_need


@pytest.mark.parametrize("sustained_hours", [0.0, 5.0, math.inf])
def test_a_sector_that_never_fought_is_not_in_need(sustained_hours):
    """Whatever the window, there must have been fighting."""
    never = -math.inf

    assert not sector_is_in_need(NOT_FIGHTING, never, never, 100.0, math.inf, sustained_hours)


def test_a_step_is_called_at_the_hour_from_which_it_may_be():
    """At the hour itself with a need; not a tick before, and not without."""
    reviews = [(True, 30.0), (True, 30.0 - TICK_HOURS), (False, 30.0)]
    states = [
        state_after_review(NOT_CALLED, need, now, 30.0, math.inf, NEVER) for need, now in reviews
    ]

    assert states == [DECIDING, NOT_CALLED, NOT_CALLED]


def test_a_step_is_ready_at_the_hour_itself():
    """Deployed at hour 72 and looked at then, it comes into force; a tick before it does not."""
    states = [
        state_after_review(DEPLOYING, NEEDED, now, 0.0, 72.0, NEVER)
        for now in (72.0 - TICK_HOURS, 72.0)
    ]

    assert states == [DEPLOYING, IN_FORCE]


def test_a_ready_step_without_a_need_stands_armed():
    """And an armed one stays armed until there is a need."""
    states = [
        state_after_review(DEPLOYING, NOT_NEEDED, 72.0, 0.0, 72.0, NEVER),
        state_after_review(ARMED, NOT_NEEDED, 90.0, 0.0, 72.0, NEVER),
        state_after_review(ARMED, NEEDED, 90.0, 0.0, 72.0, NEVER),
    ]

    assert states == [ARMED, ARMED, IN_FORCE]


@pytest.mark.parametrize("state", [DECIDING, IN_FORCE, REFUSED, OVER])
@pytest.mark.parametrize("need_is_met", [True, False])
def test_a_look_leaves_alone_what_waits_or_is_done(state, need_is_met):
    """Deciders are not hurried, what is in force stays, and a refusal stands."""
    assert state_after_review(state, need_is_met, 1e6, 0.0, 0.0, NEVER) == state


@pytest.mark.parametrize(
    ("deployed_hours", "ready_hours"), [(150.0, 172.0), (172.0, 172.0), (180.0, 180.0)]
)
def test_a_step_waits_for_its_earliest_hour(deployed_hours, ready_hours):
    """With a clock from hour 100 and not before hour 72 of it, it is ready from hour 172."""
    assert ready_at_hours(deployed_hours, 100.0, 72.0) == ready_hours


def test_the_hour_of_the_deadline_is_on_time():
    """A tick later is late."""
    assert [is_by_deadline(hour, 24.0) for hour in (24.0, 24.0 + TICK_HOURS)] == [True, False]


@pytest.mark.parametrize(
    ("state", "closed", "still_open"),
    [
        (NOT_CALLED, STATUS_NOT_CALLED, STATUS_NOT_CALLED),
        (DECIDING, STATUS_STOOD_DOWN, STATUS_OPEN),
        (DEPLOYING, STATUS_STOOD_DOWN, STATUS_OPEN),
        (ARMED, STATUS_STOOD_DOWN, STATUS_OPEN),
        (REFUSED, STATUS_REFUSED, STATUS_REFUSED),
    ],
)
def test_a_step_that_is_not_in_force_ends_as_how_far_it_came(state, closed, still_open):
    """What was on its way stands down with the crisis, or is still open when the run ends."""
    ends = [status_at_end(state, math.inf, 24.0, is_open) for is_open in (False, True)]

    assert ends == [closed, still_open]


@pytest.mark.parametrize("state", [IN_FORCE, OVER])
@pytest.mark.parametrize("crisis_is_open", [True, False])
def test_a_step_in_force_was_on_time_or_late(crisis_is_open, state):
    """Whether its crisis or its effect is over or not; without a deadline always on time."""
    ends = [
        status_at_end(state, in_force, due, crisis_is_open)
        for in_force, due in ((24.0, 24.0), (24.0 + TICK_HOURS, 24.0), (1e6, math.inf))
    ]

    assert ends == [STATUS_ON_TIME, STATUS_LATE, STATUS_ON_TIME]


def test_the_effect_of_a_step_is_over_at_its_hour():
    """In force from hour 72 for 48: still so a tick before hour 120, over at it, need or not."""
    over_hours = over_at_hours(72.0, 48.0)
    looks = [(now, need) for now in (120.0 - TICK_HOURS, 120.0, 1e6) for need in (True, False)]
    states = [state_after_review(IN_FORCE, need, now, 0.0, 72.0, over_hours) for now, need in looks]

    assert states == [IN_FORCE] * 2 + [OVER] * 4


def test_a_step_without_an_end_is_never_over():
    """Its effect lasts until the crisis closes."""
    assert over_at_hours(72.0, NEVER) == NEVER


@pytest.mark.parametrize("state", [NOT_CALLED, DECIDING, DEPLOYING, ARMED, REFUSED])
def test_what_is_not_in_force_cannot_be_over(state):
    """Whatever hour is set for it."""
    assert state_after_review(state, NOT_NEEDED, 50.0, 0.0, 72.0, 0.0) != OVER


@pytest.mark.parametrize(
    ("state", "now_hours", "look_hours"),
    [
        (NOT_CALLED, 10.0, 24.0),
        (NOT_CALLED, 24.0, 60.0),
        (DECIDING, 30.0, NEVER),
        (DEPLOYING, 30.0, 72.0),
        (ARMED, 80.0, 60.0),
        (IN_FORCE, 80.0, 120.0),
        (OVER, 130.0, NEVER),
        (REFUSED, 130.0, NEVER),
    ],
)
def test_time_alone_moves_a_step_on_at_one_hour(state, now_hours, look_hours):
    """Callable from 24, ready at 72, over at 120, fought for long enough at 60."""
    assert next_look_hours(state, now_hours, 24.0, 72.0, 60.0, 120.0) == look_hours


def test_answers_count_until_a_step_is_in_force():
    """And not when it is over, refused or was never called."""
    assert [state for state in STATES if is_under_way(state)] == [DECIDING, DEPLOYING, ARMED]


def test_a_guarantee_does_not_cover_the_hour_of_its_expiry():
    """A tick before it still does; one without end always does."""
    found = [is_available(100.0 - TICK_HOURS, 100.0), is_available(100.0, 100.0)]

    assert found == [True, False]
    assert is_available(1e6, NEVER)


def test_a_promise_needs_a_need():
    """In time kept, a tick late broken, never in force broken; without a need none."""
    hours = (24.0, 24.0 + TICK_HOURS, NEVER)

    assert [promise_at_deadline(NEEDED, one, 24.0) for one in hours] == [KEPT, BROKEN, BROKEN]
    assert {promise_at_deadline(NOT_NEEDED, one, 24.0) for one in hours} == {NO_PROMISE}
