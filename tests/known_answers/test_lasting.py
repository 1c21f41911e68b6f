"""Steps that are in force for so long, and then over for the rest of the crisis."""

import numpy as np
import pytest
from worlds import (
    LONGEST_DAYS,
    TICK_HOURS,
    constant,
    crises,
    full_world,
    hours_at_rates,
    hours_of,
    many_outcomes,
    noted,
    of,
    rich_tables,
    rich_world,
    thresholds_of_incidents,
    world,
)

LASTS = 30.0


def lasting(lasts=LASTS, days=900.0, per_day=0.05, quiet_hours=100.0, **step):
    """Return a world with a plan of one step that does not last."""
    step = step if lasts is None else {"lasts_hours": lasts, **step}
    return world(
        run={"horizon_days": days},
        violations={"incidents_per_day": per_day},
        levels={"fighting": {"spell": constant(0.0)}},
        crisis={"quiet_hours": quiet_hours},
        steps={"response": step},
    )


def test_a_step_is_over_after_just_so_long():
    """In every crisis, to the tick."""
    notes = noted(lasting(deploy=constant(7.3)))
    begins, ends = hours_of(notes, "step_in_force"), hours_of(notes, "step_ends")

    assert len(ends) > 10
    assert set(ends - begins[: len(ends)]) == {LASTS}


def test_its_effect_is_over_with_it():
    """Incidents come at twice the rate for 30 hours, then at the rate again (to the tick)."""
    scenario = lasting(days=20.0, per_day=3.0, quiet_hours=1e6, effect={"incidents": 2.0})
    found = hours_of(noted(scenario), "incident")
    thresholds = thresholds_of_incidents(scenario, len(found) + 1)
    turns = np.array([0.0, found[0], found[0] + LASTS, 480.0])
    expected = hours_at_rates(turns, np.array([1.0, 2.0, 1.0]) * 3.0 / 24.0, thresholds)

    assert len(expected) == len(found) > 40
    assert np.allclose(found, expected, rtol=0, atol=len(found) * 2 * TICK_HOURS)


def test_it_is_not_called_again_in_that_crisis():
    """However long the crisis and its need go on."""
    notes = noted(lasting(per_day=3.0, quiet_hours=1e6))

    assert len(of(notes, "step_called")) == len(of(notes, "step_ends")) == 1


def test_it_is_called_again_in_the_next_crisis():
    """Once in each."""
    notes = noted(lasting())

    assert len(of(notes, "step_called")) == len(of(notes, "crisis_opens")) > 10


def test_a_step_that_is_over_was_on_time_or_late_as_it_came():
    """Its status and its promise are those of its coming into force."""
    scenario = lasting(deploy=constant(7.0), deadline_hours=24.0, lasts=2.0)
    found, row = crises(scenario), many_outcomes(scenario, 1).iloc[0]

    assert set(found.dropna(subset="closed_hours").response_status) == {"on_time"}
    assert row.promises_broken == 0
    assert row.promises_kept == row.response_on_time > 10


@pytest.mark.parametrize(("quiet_hours", "ends"), [(LASTS, True), (LASTS - TICK_HOURS, False)])
def test_a_step_ends_ahead_of_a_close_of_the_same_hour(quiet_hours, ends):
    """And not at all if the crisis closes a tick before."""
    notes = noted(lasting(quiet_hours=quiet_hours, per_day=3e-4, days=LONGEST_DAYS))

    assert (len(of(notes, "step_ends")) > 0) == ends


@pytest.mark.parametrize("scope", ["line", "sector"])
def test_to_last_beyond_every_crisis_changes_nothing(scope):
    """Event for event, run for run."""
    steps = {
        name: step | {"lasts_hours": 1e6} for name, step in rich_tables(scope)["steps"].items()
    }
    for run in range(3):
        assert noted(rich_world(scope, steps=steps), run) == noted(rich_world(scope), run)


@pytest.mark.parametrize("scope", ["line", "sector"])
def test_to_last_less_changes_nothing_before_it_is_over(scope):
    """In a world with everything in it: until the first step that ends, all events are the same."""
    short, long = (
        full_world(scope).with_(*((f"steps.{name}.lasts_hours", hours) for name in ("warning",)))
        for hours in (20.0, 1e6)
    )
    for run in range(3):
        cut, whole = noted(short, run), noted(long, run)
        over = of(cut, "step_ends")
        first = cut.index(over[0]) if over else len(cut)

        assert cut[:first] == whole[:first]
