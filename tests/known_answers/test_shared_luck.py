"""Two plans share their luck: what does not change anything leaves every other event alone.

All equalities are exact: hour for hour to the last bit, word for word.
"""

from functools import cache

import numpy as np
import pytest
from worlds import (
    constant,
    crises,
    exponential,
    full_world,
    outcomes,
    rich_tables,
    rich_world,
    trace,
    world,
)

from sim.engines import compiled_engine
from sim.engines.simpy_engine import simulate
from sim.scenario.parameters import parameters

RUNS = range(3)
EVENT = ["time_hours", "event", "where", "detail"]
SCOPES = pytest.mark.parametrize("scope", ["line", "sector"])


def events(scenario, run, without=()):
    """Return the events of a run, leaving out those of some steps."""
    found = trace(scenario, run)
    step = found["where"].str.split("/").str[-1]
    return list(found[~step.isin(without)][EVENT].itertuples(index=False, name=None))


@cache
def plain_events(scope="line"):
    """Return the events of the rich world's first runs."""
    return [events(rich_world(scope), run) for run in RUNS]


def with_step(scope, place, step):
    """Return the rich world with one more step at a place among the others."""
    tables = rich_tables(scope)
    steps = list(tables["steps"].items())
    steps.insert(place, ("more", step))
    return rich_world(scope, steps=dict(steps))


NEUTRAL_STEPS = {
    "at once": {},
    "at hour 10": {"not_before_hours": 10.0},
    "at hour 72": {"not_before_hours": 72.0, "deadline_hours": 72.0},
    "after a vote": {
        "deciders": ["willing"],
        "deploy": exponential(9.0),
        "effect": {"stop": 1.0, "expand": 1.0, "collapse": 1.0, "incidents": 1.0},
    },
    "when needed": {"needs": {"level": "shelling", "within_hours": 6.0}, "deploy": constant(5.0)},
    "never": {"decide_from_hours": 1e6, "effect": {"stop": 9.0}, "provoke_probability": 1.0},
}


@SCOPES
@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("when", NEUTRAL_STEPS)
def test_a_step_without_effect_changes_no_other_event(scope, place, when):
    """Whenever it comes and wherever in the plan it stands, run for run."""
    more = with_step(scope, place, NEUTRAL_STEPS[when])

    assert [events(more, run, ["more"]) for run in RUNS] == plain_events(scope)


def test_the_step_without_effect_was_there():
    """In the worlds of the test above the added step is called and comes into force."""
    found = crises(with_step("line", 0, NEUTRAL_STEPS["after a vote"]), len(RUNS))

    assert (found.more_status == "on_time").any()


@SCOPES
@pytest.mark.parametrize("table", ["actors", "groups"])
def test_somebody_who_decides_nothing_changes_nothing(scope, table):
    """An actor or a group that no step asks leaves every event alone."""
    bystander = {
        "actors": {"bystander": {"decision": exponential(3.0)}},
        "groups": {"bystanders": {"rule": "unanimity", "members": {"one": {}}}},
    }[table]
    more = rich_world(scope, **{table: bystander | rich_tables()[table]})

    assert [events(more, run) for run in RUNS] == plain_events(scope)


@SCOPES
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_sector_without_a_share_changes_nothing(scope, place):
    """Nothing ever happens there, and nothing else happens otherwise."""
    sectors, empty = rich_tables()["line"]["sectors"], {"empty": 0.0}
    more = empty | sectors if place == "first" else sectors | empty
    scenario = rich_world(scope, line={"sectors": more})

    assert [events(scenario, run) for run in RUNS] == plain_events(scope)


def test_sectors_keep_their_luck_in_another_order():
    """A draw belongs to a sector's name, not to its place in the file."""
    sectors = rich_tables()["line"]["sectors"]
    turned = rich_world(line={"sectors": dict(reversed(sectors.items()))})

    assert [sorted(events(turned, run)) for run in RUNS] == list(map(sorted, plain_events()))


def test_the_number_of_runs_changes_no_run():
    """The first rows of a larger batch are those of the smaller one."""
    few, many = outcomes(rich_world(), 3), outcomes(rich_world(), 8)
    few_crises, many_crises = crises(rich_world(), 3), crises(rich_world(), 8)

    assert many[:3].equals(few)
    assert many_crises[many_crises["run"] < 3].equals(few_crises)


def test_any_run_can_be_played_alone():
    """Run 6 by itself has the row that it has in a batch, and so have runs in falling order."""
    numbers = parameters(rich_world())
    batch = simulate(numbers, 1, range(8)).outcomes
    alone = [simulate(numbers, 1, range(run, run + 1)).outcomes for run in reversed(range(8))]

    for found, expected in zip(zip(*alone[::-1], strict=True), batch, strict=True):
        assert np.array_equal(np.concatenate(found, axis=1), expected, equal_nan=True)


@pytest.mark.parametrize("process", ["poisson", "hawkes", "replay"])
def test_a_run_does_not_depend_on_the_runs_before_it(process):
    """With every mechanism on, and no memory of an earlier run that could be left over."""
    scenario = full_world(days=60.0, process=process)
    if process == "hawkes":
        scenario = scenario.with_(("violations.excitation.decay_hours", 0.5))
    numbers = parameters(scenario)
    batch = compiled_engine.simulate(numbers, 1, range(8)).outcomes
    alone = [compiled_engine.simulate(numbers, 1, range(run, run + 1)).outcomes for run in range(8)]

    for found, expected in zip(zip(*alone, strict=True), batch, strict=True):
        assert np.array_equal(np.concatenate(found, axis=1), expected, equal_nan=True)


def test_another_seed_is_another_world():
    """No two seeds and no two runs have the same first incident."""
    first = {
        outcomes(rich_world(days=5.0), 5, seed).first_incident_hours[run]
        for seed in range(5)
        for run in range(5)
    }

    assert len(first) == 25


@SCOPES
def test_a_longer_run_begins_like_a_shorter_one(scope):
    """What happens until day 20 does not depend on how long the run is watched."""
    short, long = (events(rich_world(scope, days), 1) for days in (20.0, 30.0))

    assert short[-1][1] == "run_ends"
    assert long[: len(short) - 1] == short[:-1]


def first_answers(scenario, step):
    """Return who said what, and how long after the call, in the first crisis of many runs."""
    found = []
    for run in range(20):
        told = trace(scenario, run)
        mine = told[told["where"] == step]
        closed = told.loc[told.event == "crisis_closes", "time_hours"].min()
        mine = mine[~(mine.time_hours > closed)]
        called = mine.loc[mine.event == "step_called", "time_hours"]
        answers = mine[mine.event.isin(["member_yes", "member_no"])]
        found.append([
            (row.event, row.detail, row.time_hours - called.iloc[0])
            for row in answers.itertuples()
        ])  # fmt: skip
    return found


def asking(steps):
    """Return a world whose crises all last 200 hours, whatever the steps do."""
    return world(
        run={"horizon_days": 30.0},
        violations={"incidents_per_day": 0.5},
        levels={"low": {"spell": exponential(3.0)}, "high": {"spell": exponential(3.0)}},
        crisis={"quiet_hours": 200.0, "quiet_level": "high"},
        steps=steps,
        groups={"willing": rich_tables()["groups"]["willing"]},
    )


@pytest.mark.parametrize("place", ["ahead", "behind"])
def test_another_step_changes_no_draw_of_this_steps_deciders(place):
    """With a step of great effect beside it, its deciders answer the same after the same time."""
    asked = {"asked": {"deciders": ["willing"], "decide_from_hours": 20.0}}
    other = {"other": {"deciders": ["willing"], "effect": {"incidents": 5.0, "stop": 4.0}}}
    both = other | asked if place == "ahead" else asked | other
    alone = first_answers(asking(asked), "asked")

    assert sum(map(len, alone)) > 40
    assert first_answers(asking(both), "asked") == alone


def test_two_steps_with_the_same_deciders_are_two_decisions():
    """The same group, asked by two steps in the same crisis, answers each by itself."""
    steps = {name: {"deciders": ["willing"]} for name in ("one", "other")}
    found = crises(asking(steps), 50)

    assert (found.one_status != found.other_status).any()


def test_a_decision_belongs_to_the_violation_that_opened_the_crisis():
    """Under another plan it may be the fifth crisis or the eighth: the answers stay the same."""
    steps = {"asked": {"deciders": ["willing"], "deploy": exponential(2.0)}}
    columns = ["crisis", "asked_status", "asked_decision_hours", "asked_deploy_hours"]
    found = [
        crises(asking(steps).with_(("run.horizon_days", 3000.0), ("crisis.quiet_hours", quiet)))
        .dropna(subset="closed_hours")
        .set_index("opened_hours")[columns]
        for quiet in (150.0, 170.0)
    ]
    both = found[0].merge(found[1], left_index=True, right_index=True, suffixes=("", "_later"))

    assert (both.crisis != both.crisis_later).sum() > 20
    assert all(
        both[column].equals(both[f"{column}_later"].rename(column)) for column in columns[1:]
    )


def test_an_incidents_marks_belong_to_its_number_and_not_to_its_hour():
    """A step that speeds incidents up leaves the n-th one's level what it was."""
    levels = rich_tables()["levels"]
    tables = {
        "attack": {},
        "levels": {name: {"spell": constant(0.0)} for name in levels},
        "crisis": {"threshold_level": "harassing", "quiet_hours": 1e6},
    }
    faster = {"response": {"effect": {"incidents": 3.0}}}
    plain, sped = (
        [(where, detail) for _, event, where, detail in events(scenario, 0) if event == "incident"]
        for scenario in (rich_world(steps={}, **tables), rich_world(steps=faster, **tables))
    )

    assert len(sped) > 2 * len(plain)
    assert set(plain) < set(sped)


def test_a_step_that_is_refused_changes_no_other_event():
    """An actor who always says no makes the plan the one without that step."""
    tables = rich_tables()
    tables["actors"]["nobody"] = {"decision": exponential(8.0), "yes_probability": 0.0}
    refused = tables["steps"]["coalition"] | {"deciders": ["willing", "nobody"]}
    plan = {**tables["steps"], "coalition": refused}
    without = {name: step for name, step in plan.items() if name != "coalition"}
    left_out, said_no = (
        rich_world(steps=steps, actors=tables["actors"]) for steps in (without, plan)
    )

    assert [events(said_no, run, ["coalition"]) for run in RUNS] == [
        events(left_out, run) for run in RUNS
    ]
