"""Between crises the compiled engine plays sector by sector, and nothing tells it from the rest."""

from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from made_up_mechanisms import some_worlds
from worlds import constant, same

import sim
from sim.engines import compiled_engine, simpy_engine
from sim.engines.compiled_engine.building import new_world
from sim.engines.rows import OUTCOME
from sim.model.words import RUNAWAY
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters

REFERENCE = Path(__file__).parents[2] / "benchmarks" / "reference.toml"
SEED = 20260203
TRIED = 600
LEAST = 150


def goes_by_sector(numbers):
    """Return whether the engine plays a scenario by sector where no crisis is open."""
    return bool(new_world(numbers, 1).plan[0].goes_by_sector)


def with_low_incidents(world):
    """Return the tables of a world with as many incidents of the lowest level as it can have."""
    tables = deepcopy(world)
    names = list(tables["levels"])
    tables["run"]["horizon_days"] *= 3.0
    days_of_rates = ("erosion", "day_to_day", "night_to_day", "recommitments")
    kept = {name: it for name, it in tables["violations"].items() if name in days_of_rates}
    rest = 0.03 / max(1, len(names) - 1)
    shares = {name: 0.97 if name == names[0] else rest for name in names}
    tables["violations"] = kept | {"incidents_per_day": 12.0, "level_shares": shares}
    tables.pop("doctrine", None)
    tables["crisis"] |= {"threshold_level": names[-1], "quiet_level": names[-1]}
    for step in tables["steps"].values():
        if step["needs"]:
            step["needs"]["level"] = names[-1]
    return tables


@cache
def low_worlds():
    """Return the numbers of made-up worlds that are played by sector, with all else in them."""
    made = [with_low_incidents(one) for one in some_worlds(TRIED) if len(one["levels"]) > 1]
    found = [parameters(checked(Layer(tables, {}))) for tables in made]
    return [numbers for numbers in found if goes_by_sector(numbers)]


def test_many_worlds_are_played_by_sector():
    """What is held below would say nothing of worlds that are not."""
    assert len(low_worlds()) >= LEAST


@pytest.mark.parametrize("number", range(LEAST))
def test_the_engines_agree_on_worlds_that_are_played_by_sector(number):
    """Worlds over all mechanisms that there can be in such worlds, full of ties."""
    numbers = low_worlds()[number]

    assert same(
        simpy_engine.simulate(numbers, 11, range(3)),
        compiled_engine.simulate(numbers, 11, range(3)),
    )


def reference(*changes, days=60.0):
    """Return the numbers of a time of the reference scenario, with some changes."""
    return parameters(sim.load(REFERENCE).with_(("run.horizon_days", days), *changes))


VARIED = {
    "as it is": [],
    "few are enough for a crisis": [("crisis.threshold_incidents", 4)],
    "as many as there are": [("crisis.threshold_incidents", 9), ("crisis.window_hours", 72.0)],
    "a ladder for each sector": [("crisis.scope", "sector"), ("crisis.threshold_incidents", 3)],
    "all in one sector": [
        *((f"line.sectors.{name}", 0.0) for name in ("centre", "south", "other")),
        ("line.sectors.north", 1.0),
        ("attack.sectors", 1),
    ],
    "many incidents": [("violations.incidents_per_day", 90.0)],
    "few incidents": [("violations.incidents_per_day", 0.3)],
    "no incidents": [("violations.incidents_per_day", 0.0)],
    "fighting that grows": [("levels.harassing.expand_per_day", 3.0)],
    "fighting that collapses": [("levels.harassing.collapse_per_day", 0.02)],
    "spells of whole hours": [("levels.harassing.spell", constant(1.0))],
    "spells without end": [("levels.harassing.spell", constant(1e9))],
    "nights": [("violations.night_to_day", 4.0)],
    "days and restraint": [
        ("violations.day_to_day", {"phi": 0.6, "sd": 0.7}),
        ("violations.erosion", {"doubling_days": 20.0, "cap": 3.0}),
    ],
    "attacks": [("attack.per_year", 40.0), ("attack.sectors", 3)],
    "a build-up to attacks": [
        ("attack.per_year", 40.0),
        ("attack.precursor", {"days": 2.0, "rate": 3.0, "heavy_share": 0.5}),
    ],
    "false alarms and outages": [
        ("monitoring.false_alarms_per_day", 1.0),
        ("monitoring.outages", {"share": 0.3, "mean_hours": 12.0}),
    ],
    "promises that count": [
        ("credibility", {"kept": 4.0, "broken": 1.0, "incidents": 1.2, "attack": 1.2})
    ],
    "promises that let fighting grow": [
        ("credibility", {"kept": 4.0, "broken": 1.0, "expand": 5.0}),
        ("levels.harassing.expand_per_day", 3.0),
        ("levels.shelling.expand_per_day", 1.0),
    ],
    "a run that is cut off": [("run.most_violations", 400)],
}


@pytest.mark.parametrize("name", VARIED)
def test_the_engines_agree_on_variants_of_the_reference_scenario(name):
    """Two months of each, in which crises come and go."""
    numbers = reference(*VARIED[name])

    assert goes_by_sector(numbers)
    assert same(
        simpy_engine.simulate(numbers, SEED, range(4)),
        compiled_engine.simulate(numbers, SEED, range(4)),
    )


def test_a_run_that_is_cut_off_is_cut_off_at_the_same_incident():
    """Shortly before the most that there may be, runs are played event by event again."""
    numbers = reference(("run.most_violations", 400))
    counts = compiled_engine.simulate(numbers, SEED, range(50)).outcomes.counts

    assert (counts[OUTCOME] == RUNAWAY).all()


def test_nothing_is_left_behind_for_the_next_run():
    """Runs that are played in one memory, in any order, are those that are played alone."""
    numbers = reference(days=365.0)
    stop = np.zeros(1, np.bool_)
    player = compiled_engine.Player(numbers, stop)
    forwards = player.play(SEED, range(30))
    alone = [player.play(SEED, range(run, run + 1)) for run in reversed(range(30))]

    hours = np.concatenate([one.outcomes.hours for one in reversed(alone)], axis=1)
    assert hours.tobytes() == forwards.outcomes.hours.tobytes()


@pytest.mark.parametrize(
    "change",
    [
        ("violations.process", "hawkes"),
        ("violations.defender_share", 0.2),
        ("steps.warning.needs.level", "harassing"),
        ("crisis.quiet_level", "harassing"),
        ("crisis.threshold_level", "shelling"),
    ],
    ids=lambda change: change[0],
)
def test_where_more_hangs_on_an_incident_runs_are_played_event_by_event(change):
    """Then sectors have to do with each other, or few incidents would be gone through at once."""
    changes = [change]
    if change[1] == "hawkes":
        changes.append(("violations.excitation", {"branching_ratio": 0.3, "decay_hours": 6.0}))

    assert not goes_by_sector(reference(*changes))
