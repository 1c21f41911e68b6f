"""Where the hours of a response went: the parts add up to the whole, exactly."""

from functools import cache

import pytest
from worlds import (
    TICK_HOURS,
    constant,
    crises,
    full_tables,
    full_world,
    many_crises,
    many_outcomes,
    rich_tables,
    rich_world,
    seen,
    world,
)

from sim.engines import simpy_engine

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


PROCESSES = pytest.mark.parametrize("process", ["poisson", "hawkes", "replay"])
SPLIT = ("detection", "attribution")
OF_A_STEP = ("waiting", "decision", "deploy")


@cache
def full_crises(scope, clock, process, engine=None):
    """Return the crises of many runs of the world with every mechanism on."""
    scenario = full_world(scope, process=process).with_(("crisis.clock", clock))
    if engine is not None:
        return crises(scenario, 20, engine=engine)
    return many_crises(scenario, 400)


@SCOPES
@CLOCKS
@PROCESSES
def test_all_parts_add_up_with_every_mechanism_on(process, clock, scope):
    """Detection, attribution, waiting, decision and deployment make in force minus clock."""
    found, compared = full_crises(scope, clock, process), 0
    for step in full_tables()["steps"]:
        mine = found.dropna(subset=f"{step}_in_force_hours")
        columns = [f"{part}_hours" for part in SPLIT]
        columns += [f"{step}_{part}_hours" for part in OF_A_STEP]
        total = mine[f"{step}_in_force_hours"] - mine.clock_hours
        compared += len(mine)

        assert (mine[columns].sum(axis=1) == total).all()
        assert (mine[columns] >= 0.0).all(axis=None)
        assert not (mine[columns] % TICK_HOURS).any(axis=None)
    assert compared > 500


@SCOPES
@CLOCKS
def test_detection_and_attribution_are_all_there_is_before_the_opening(clock, scope):
    """In every crisis, whatever comes of it, on the other engine too."""
    for engine in (None, simpy_engine):
        found = full_crises(scope, clock, "hawkes", engine)
        until_opened = found.opened_hours - found.clock_hours

        assert len(found) > 20
        assert (found.detection_hours + found.attribution_hours == until_opened).all()


@pytest.mark.parametrize(
    ("clock", "split"),
    [("violation", (2.0, 5.0)), ("detection", (0.0, 5.0)), ("attribution", (0.0, 0.0))],
)
def test_the_two_parts_are_the_two_delays(clock, split):
    """Two hours to detect and five to attribute, as far as the clock counts them."""
    found = crises(planned().with_(("crisis.clock", clock)))

    assert set(zip(found.detection_hours, found.attribution_hours, strict=True)) == {split}


def attributed_after(hours):
    """Return the world of expanded attacks that last for months, attributed after some hours."""
    levels = {"expanded": {"spell": constant(2000.0), "attribution": seen(hours=hours)}}
    step = {"not_before_hours": 72.0, "deadline_hours": 72.0, "needs": {"level": "expanded"}}
    return world(
        run={"horizon_days": 3000.0},
        violations={"incidents_per_day": 0.0},
        attack={"per_year": 2.0},
        levels=levels,
        crisis={"threshold_level": "expanded"},
        steps={"military": step},
    )


@pytest.mark.parametrize("days", [23.0, 26.0, 55.0])
def test_a_plan_of_72_hours_is_outrun_by_formal_attribution(days):
    """After 26 days no response is on time, all promises are broken: late by the same days."""
    scenario = attributed_after(24.0 * days)
    found, rows = many_crises(scenario, 50), many_outcomes(scenario, 50)
    in_force = found.dropna(subset="military_in_force_hours")

    assert len(in_force) > 100
    assert set(found.military_status) == {"late"}
    assert set(in_force.military_in_force_hours - in_force.clock_hours) == {24.0 * days}
    assert rows.promises_kept.sum() == rows.military_on_time.sum() == 0
    assert rows.promises_broken.sum() == len(found)


def test_the_same_plan_keeps_up_with_fast_political_attribution():
    """After 12 hours every response is on time, at hour 72, on the same luck."""
    rows = many_outcomes(attributed_after(12.0), 50)

    assert rows.military_late.sum() == rows.promises_broken.sum() == 0
    assert rows.military_on_time.sum() > 100


def test_a_clock_from_the_attribution_hides_the_delay():
    """With 26 days of formal attribution the plan is on time by its own clock only."""
    scenario = attributed_after(24.0 * 26.0).with_(("crisis.clock", "attribution"))
    found = many_crises(scenario, 50)

    assert "late" not in set(found.military_status)
    assert (found.attribution_hours == 0.0).all()
