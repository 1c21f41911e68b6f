"""Runs that are split: each branch has luck of its own, and all together are as likely as ever.

Statistical tests have a false-alarm rate of 1e-9.
"""

from functools import cache

import numpy as np
import pytest
from worlds import SIGMAS, constant, exponential, full_world, rich_world, seen, world

from sim.engines.compiled_engine import simulate
from sim.engines.compiled_engine.splitting import Splitter
from sim.engines.rows import OUTCOME
from sim.model import branches, chance
from sim.model.words import COLLAPSED
from sim.scenario.parameters import parameters

RUNS = 200
SPLIT = (1, 2, 4, 12, 48)
NO_STOP = np.zeros(1, np.bool_)


def split(scenario, runs, copies, event_level=None, seed=1):
    """Return what becomes of the first runs, on their way to a level or to a collapse."""
    numbers = parameters(scenario)
    level = len(numbers.levels) if event_level is None else event_level
    return Splitter(numbers, NO_STOP, level, copies).play(seed, range(runs))


def weights(branched, copies):
    """Return the weight of the event in each run; shape (runs,)."""
    return (branched.hits / np.array(copies)).sum(axis=1)


def sigmas_apart(some, others):
    """Return by how many standard errors the means of two samples differ."""
    variance = np.var(some) / len(some) + np.var(others) / len(others)
    return abs(np.mean(some) - np.mean(others)) / np.sqrt(variance)


def same(one, other):
    """Return whether the same became of two sets of runs."""
    return all(np.array_equal(mine, its) for mine, its in zip(one, other, strict=True))


@cache
def rich():
    """Return a world with everything that runs without attacks need, short enough for many."""
    return rich_world(days=20.0)


def test_a_run_that_is_not_split_is_the_run_of_its_number():
    """With its luck, to the end."""
    collapsed = simulate(parameters(rich()), 1, range(RUNS)).outcomes.counts[OUTCOME] == COLLAPSED

    assert np.array_equal(split(rich(), RUNS, (1,) * 5).hits.sum(axis=1), collapsed)
    assert collapsed.any()


@pytest.mark.parametrize("size", [1, 7, 199])
def test_neither_chunks_nor_memory_used_before_change_a_branch(size):
    """Each run with all its branches is decided by the seed, its number and the copies."""
    splitter = Splitter(parameters(rich()), NO_STOP, 5, SPLIT)
    splitter.play(9, range(1000, 1050))
    parts = [splitter.play(1, range(at, min(at + size, RUNS))) for at in range(0, RUNS, size)]

    assert same(
        split(rich(), RUNS, SPLIT), [np.concatenate(some) for some in zip(*parts, strict=True)]
    )


def test_branches_of_one_state_go_their_own_ways():
    """Of 50 that go out from the same fighting, some see it rise and others do not."""
    levels = {
        "low": {"spell": exponential(12.0), "expand_per_day": 2.0},
        "high": {"spell": constant(1.0)},
    }
    scenario = world(
        run={"horizon_days": 3.0},
        violations={"incidents_per_day": 0.2, "level_shares": {"low": 1.0, "high": 0.0}},
        levels=levels,
    )
    found = split(scenario, 400, (1, 50, 50), event_level=2)
    once = found.passed[:, 1] == 1
    rises = found.hits[once].sum(axis=1)

    assert len(rises) > 100
    assert (rises < 45).all()
    assert 15 < np.median(rises) < 35
    assert len(set(rises)) > 10


def test_a_run_goes_on_as_if_it_had_no_branches():
    """They end where it was split, so what lies below that is the run's own."""
    plain, branched = split(rich(), RUNS, (1,) * 5), split(rich(), RUNS, (1, 1, 1, 12, 48))

    assert np.array_equal(plain.passed[:, :4], branched.passed[:, :4])
    assert not np.array_equal(plain.passed[:, 4], branched.passed[:, 4])


def test_a_run_with_branches_that_needs_more_room_gets_it():
    """Hundreds of violations wait to be seen and are heard; the run is played again as it was."""
    crowded = world(
        run={"horizon_days": 3.0},
        violations={"incidents_per_day": 300.0, "level_shares": {"low": 0.9, "high": 0.1}},
        levels={
            "low": {"spell": constant(0.1), "attribution": seen(hours=30.0)},
            "high": {
                "spell": exponential(1.0),
                "collapse_per_day": 0.02,
                "attribution": seen(hours=30.0),
            },
        },
        crisis={"threshold_incidents": 250, "window_hours": 200.0, "quiet_hours": 0.01},
    )
    splitter = Splitter(parameters(crowded), NO_STOP, 3, (1, 1, 4))
    first, again = splitter.play(1, range(20)), splitter.play(1, range(20))

    assert same(first, again)
    assert first.hits.sum() > 0


@pytest.mark.parametrize("event_level", [4, 5])
@pytest.mark.parametrize("copies", [(1, 1, 1, 3, 12), (1, 2, 4, 8, 16)], ids=str)
def test_a_plan_is_as_likely_to_fail_in_branches(event_level, copies):
    """With attacks, votes, three steps, and incidents that jump over levels; against plain runs."""
    plain = weights(split(rich(), 8000, (1,) * 5, event_level), (1,) * 5)
    branched = weights(split(rich(), 3000, copies, event_level, seed=2), copies)

    assert sigmas_apart(plain, branched) < SIGMAS


def test_every_mechanism_is_as_likely_to_fail_in_branches():
    """With excited incidents, doctrine, outages, false alarms, commitments and credibility."""
    scenario, copies = full_world(days=6.0), (1, 1, 2, 4, 16)
    plain = weights(split(scenario, 4000, (1,) * 5, 4), (1,) * 5)
    branched = weights(split(scenario, 1500, copies, 4, seed=2), copies)

    assert sigmas_apart(plain, branched) < SIGMAS


def seen_late():
    """Return a world in which it matters that a detection is remembered as it was.

    The step that stops the fighting comes a fixed time after the detection of what was detected
    after the run was split.
    """
    fast = {"attribution": seen(hours=0.0)}
    return world(
        run={"horizon_days": 20.0},
        violations={
            "incidents_per_day": 0.2,
            "level_shares": {"low": 1.0, "high": 0.0, "top": 0.0},
        },
        levels={
            "low": {"spell": exponential(10.0), "expand_per_day": 2.4, **fast},
            "high": {
                "spell": exponential(200.0),
                "expand_per_day": 0.3,
                "detection": {"delay": exponential(24.0)},
                **fast,
            },
            "top": {"spell": constant(1.0), **fast},
        },
        crisis={"clock": "detection", "threshold_level": "high", "threshold_incidents": 1000},
        steps={"stop": {"not_before_hours": 2.0, "effect": {"expand": 0.0}}},
    )


def test_what_was_seen_is_remembered_in_branches():
    """A detection's delay is drawn once more when a crisis opens; it must be the same delay."""
    plain = weights(split(seen_late(), 60_000, (1,) * 4, 3), (1,) * 4)
    branched = weights(split(seen_late(), 20_000, (1, 1, 10, 10), 3, seed=2), (1, 1, 10, 10))

    assert sigmas_apart(plain, branched) < SIGMAS


def test_no_run_draws_for_what_branches_draw_for():
    """Their purposes are none of the model's."""
    assert not {branches.BRANCH, branches.RENEWAL, branches.PILOT} & set(chance.PURPOSES)


def test_the_seeds_of_branches_differ():
    """By seed, run, purpose and number; a seed is a whole number of 63 bits."""
    seeds = {
        branches.seed_for(seed, run, purpose, number)
        for seed in (0, 1, 2**63 - 1)
        for run in (0, 1, 2**40 - 1)
        for purpose in (branches.BRANCH, branches.PILOT)
        for number in (0, 1, 2**32, 2**40)
    }

    assert len(seeds) == 72
    assert all(0 <= seed < 2**63 for seed in seeds)
