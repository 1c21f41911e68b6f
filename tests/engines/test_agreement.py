"""Both engines give the same rows, crises and events, to the last bit, in every world."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from made_up_mechanisms import some_worlds
from worlds import constant, crises, rich_world, same, seen, world

import sim
from sim.engines import compiled_engine, simpy_engine
from sim.engines.rows import OUTCOME
from sim.model.words import RUNAWAY
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters

ROOT = Path(__file__).parents[2]
FOLDERS = ("scenarios", "benchmarks", "tests", "sim/scenario")
FILES = sorted(file for folder in FOLDERS for file in ROOT.glob(f"{folder}/*.toml"))
MADE_UP = 300
RUNS = range(3)


def exact(notes):
    """Return notes as bits: two floats that are equal may still differ, as 0 and -0 do."""
    return np.array(notes, np.float64).view(np.int64).tolist()


def agree(numbers, seed, runs):
    """Return whether the engines give the same rows and the same events."""
    rows = simpy_engine.simulate(numbers, seed, runs), compiled_engine.simulate(numbers, seed, runs)
    events = all(
        exact(simpy_engine.notes(numbers, seed, run))
        == exact(compiled_engine.notes(numbers, seed, run))
        for run in runs
    )
    return same(*rows) and events


@cache
def numbers_of(file):
    """Return the numbers of a scenario file, for so many days that few thousand incidents come."""
    plan = sim.load(file)
    days = min(plan.run.horizon_days, 365.0, 5000.0 / max(plan.violations.incidents_per_day, 1.0))
    return parameters(plan.with_(("run.horizon_days", days)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_engines_agree_on_every_scenario_of_the_project(file):
    """Rows, crises and traces of some runs."""
    assert agree(numbers_of(file), 20260203, range(2))


def test_the_engines_agree_over_fifty_years():
    """With a guarantee that expires, and an actor who comes and goes."""
    plan = sim.load(ROOT / "scenarios" / "us_guarantee_50_years.toml")
    scenario = plan.with_(("violations.incidents_per_day", 0.5))

    assert agree(parameters(scenario), 20260203, range(2))


@pytest.mark.parametrize("number", range(MADE_UP))
def test_the_engines_agree_on_made_up_worlds(number):
    """Worlds over all mechanisms, full of ties."""
    assert agree(parameters(checked(Layer(some_worlds(MADE_UP)[number], {}))), 11, RUNS)


@pytest.mark.parametrize("scope", ["line", "sector"])
@pytest.mark.parametrize("clock", ["violation", "detection", "attribution"])
def test_the_engines_agree_on_long_runs_of_a_rich_world(scope, clock):
    """Half a year with everything in it, and each start of the clock."""
    scenario = rich_world(scope, days=180.0).with_(("crisis.clock", clock))

    assert agree(parameters(scenario), 5, range(2))


def test_the_engines_agree_far_from_the_first_run():
    """Runs and seeds near the largest that there may be."""
    numbers = parameters(rich_world("sector", days=10.0))

    assert agree(numbers, 2**63 - 1, range(2**40 - 2, 2**40))


def test_the_engines_agree_where_everything_happens_at_once():
    """All delays, spells and hours of the plan are whole, and many are 0."""
    steps = {
        name: {
            "decide_from_hours": 6.0,
            "not_before_hours": hours,
            "deadline_hours": hours,
            "deciders": ["all"],
            "deploy": constant(0.0),
            "effect": {"stop": 2.0, "incidents": 3.0},
            "provoke_probability": 1.0,
        }
        for name, hours in (("early", 6.0), ("later", 12.0), ("last", 12.0))
    }
    levels = {
        name: {"spell": constant(hours), "detection": seen(), "attribution": seen(hours=6.0)}
        for name, hours in (("low", 12.0), ("high", 24.0))
    }
    members = {name: {"decision_median_hours": 6.0} for name in ("a", "b", "c")}
    scenario = world(
        run={"horizon_days": 60.0},
        line={"sectors": {"north": 0.5, "south": 0.5}},
        violations={"incidents_per_day": 4.0, "level_shares": {"low": 0.5, "high": 0.5}},
        attack={"per_year": 20.0, "sectors": 2},
        levels=levels,
        crisis={"quiet_hours": 12.0},
        steps=steps,
        groups={"all": {"rule": "unanimity", "members": members}},
    )

    assert agree(parameters(scenario), 3, range(5))


def test_the_engines_agree_on_run_after_run_of_long_excited_ones():
    """What a run leaves behind does not reach the next one in the same memory."""
    scenario = rich_world(days=400.0).with_(
        ("violations.process", "hawkes"),
        ("violations.excitation", {"branching_ratio": 0.5, "decay_hours": 6.0}),
    )

    assert agree(parameters(scenario), 3, range(3))


@pytest.mark.parametrize("sectors", [2, 5, 7, 8, 12, 63, 64, 300])
@pytest.mark.parametrize("scope", ["line", "sector"])
def test_the_engines_agree_however_many_sectors_there_are(sectors, scope):
    """Also where the clocks fill a group, or many of them."""
    shares = {f"sector_{index}": 1.0 / sectors for index in range(sectors)}
    scenario = rich_world(
        scope, days=5.0, line={"sectors": shares}, attack={"per_year": 90.0, "sectors": 2}
    ).with_(("violations.incidents_per_day", 2.0 * sectors))

    assert agree(parameters(scenario), 3, range(2))


@pytest.mark.parametrize("most", [1, 2, 100])
def test_the_engines_cut_runaways_off_at_the_same_event(most):
    """The row says so, and the trace ends with it."""
    numbers = parameters(
        rich_world().with_(("run.most_violations", most), ("attack.per_year", 200))
    )
    ended = simpy_engine.simulate(numbers, 7, RUNS).outcomes

    assert agree(numbers, 7, RUNS)
    assert RUNAWAY in ended.counts[OUTCOME]


def test_a_run_that_needs_more_room_gets_it():
    """Thousands of violations wait to be seen, and are heard, and thousands of crises open."""
    crowded = world(
        violations={"incidents_per_day": 3000.0},
        levels={"fighting": {"spell": constant(0.1), "attribution": seen(hours=30.0)}},
        crisis={"threshold_incidents": 2500, "window_hours": 200.0, "quiet_hours": 0.01},
    )
    restless = world(
        violations={"incidents_per_day": 300.0},
        levels={"fighting": {"spell": constant(0.01)}},
        crisis={"threshold_incidents": 1, "quiet_hours": 0.01},
        steps={"warning": {"deadline_hours": 1.0}},
    )

    assert agree(parameters(crowded), 1, range(1))
    assert agree(parameters(restless), 1, range(1))
    assert len(crises(restless)) > 1024
