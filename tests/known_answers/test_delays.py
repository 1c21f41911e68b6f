"""Where the hours of a response went: the parts add up to the whole, exactly."""

from functools import cache

import pytest
from worlds import constant, crises, rich_tables, rich_world, seen, world

STEPS = pytest.mark.parametrize("step", list(rich_tables()["steps"]))
CLOCKS = pytest.mark.parametrize("clock", ["violation", "detection", "attribution"])
SCOPES = pytest.mark.parametrize("scope", ["line", "sector"])
RUNS = 40


@cache
def rich_crises(scope="line", clock="violation"):
    """Return the crises of many runs of the rich world."""
    crisis = rich_tables(scope)["crisis"] | {"clock": clock}
    return crises(rich_world(scope, crisis=crisis), RUNS)


@STEPS
@SCOPES
@CLOCKS
def test_the_parts_of_a_delay_add_up_in_every_crisis(clock, scope, step):
    """Until the opening, waiting, deciding, deploying: together from the clock to in force."""
    found = rich_crises(scope, clock).dropna(subset=f"{step}_in_force_hours")
    until_opened = found.opened_hours - found.clock_hours
    parts = (
        until_opened
        + found[f"{step}_waiting_hours"]
        + found[f"{step}_decision_hours"]
        + found[f"{step}_deploy_hours"]
    )

    assert len(found) > 0
    assert (found[f"{step}_in_force_hours"] - found.clock_hours == parts).all()


@STEPS
def test_no_part_of_a_delay_is_negative(step):
    """Nor is the time from the clock's start to the opening."""
    found = rich_crises()
    parts = [f"{step}_{part}_hours" for part in ("waiting", "decision", "deploy")]

    assert (found[parts].dropna() >= 0.0).all(axis=None)
    assert (found.opened_hours >= found.clock_hours).all()


def planned(**step):
    """Return a world whose delays are all constant, and a plan of one step."""
    return world(
        run={"horizon_days": 400.0},
        violations={"incidents_per_day": 0.05},
        levels={
            "fighting": {
                "spell": constant(100.0),
                "detection": seen(hours=2.0),
                "attribution": seen(hours=5.0),
            }
        },
        crisis={"quiet_hours": 24.0},
        steps={"response": {"deciders": ["actor"], "deploy": constant(11.0), **step}},
        actors={"actor": {"decision": constant(6.0)}},
    )


def parts(scenario):
    """Return the parts of the delays: until opened, waiting, deciding, deploying, and the sum."""
    found = crises(scenario).dropna(subset="closed_hours")
    return set(
        zip(
            found.opened_hours - found.clock_hours,
            found.response_waiting_hours,
            found.response_decision_hours,
            found.response_deploy_hours,
            found.response_in_force_hours - found.clock_hours,
            strict=True,
        )
    )


def test_detection_and_attribution_come_before_the_opening():
    """2 h until detected, 5 h until attributed, 6 h to decide, 11 h to deploy: a day."""
    assert parts(planned()) == {(7.0, 0.0, 6.0, 11.0, 24.0)}


def test_waiting_is_what_the_plans_hours_cost():
    """Called at hour 10 and not before hour 40: 3 h before the call and 13 h after it deployed."""
    scenario = planned(decide_from_hours=10.0, not_before_hours=40.0)

    assert parts(scenario) == {(7.0, 3.0 + 13.0, 6.0, 11.0, 40.0)}


def test_the_deciders_hour_is_an_hour_of_the_clock():
    """From hour 10 of the clock, which is 3 h after the opening."""
    assert parts(planned(decide_from_hours=10.0)) == {(7.0, 3.0, 6.0, 11.0, 27.0)}


def test_waiting_is_what_a_need_costs():
    """Fighting that has gone on for 50 hours is needed for the call: 43 h of waiting."""
    scenario = planned(needs={"level": "fighting", "sustained_hours": 50.0})

    assert parts(scenario) == {(7.0, 43.0, 6.0, 11.0, 67.0)}


@pytest.mark.parametrize(
    ("clock", "until_opened"), [("violation", 7.0), ("detection", 5.0), ("attribution", 0.0)]
)
def test_the_clock_starts_where_the_plan_says(clock, until_opened):
    """The onset, the detection 2 h later, the attribution 5 h after that."""
    scenario = planned().with_(("crisis.clock", clock))

    assert parts(scenario) == {(until_opened, 0.0, 6.0, 11.0, until_opened + 17.0)}
