"""A sector that climbs level by level at constant rates is a Markov chain, however rare its top is.

Incidents start fighting at the lowest level, in a quiet sector only; it stops or rises at the rates
below. The chance that it has reached the top by the horizon is a matrix exponential. Every test's
false-alarm rate is 1e-9.
"""

import numpy as np
import pytest
from scipy import stats
from scipy.linalg import expm
from worlds import FALSE_ALARM_RATE, SIGMAS, UNSEEN, exponential, world

from sim.results.weighted import chance_of, weights_of
from sim.study.rare_events.rare import rare

NAMES = ("low", "middle", "high", "top")
SPELL_HOURS = (2.0, 3.0, 4.0, 5.0)
INCIDENTS_PER_DAY = 1.0
DAYS = 10.0
STATES = 5
STUDIES = 400
SEEN = 95


def climbing(rises_per_day):
    """Return the world whose chain this is."""
    rises = (rises_per_day,) * 3 + (0.0,)
    return world(
        run={"horizon_days": DAYS},
        violations={
            "incidents_per_day": INCIDENTS_PER_DAY,
            "level_shares": dict(zip(NAMES, (1.0, 0.0, 0.0, 0.0), strict=True)),
        },
        levels={
            name: {"spell": exponential(hours), "expand_per_day": rise, "detection": UNSEEN}
            for name, hours, rise in zip(NAMES, SPELL_HOURS, rises, strict=True)
        },
    )


def chance_of_the_top(rises_per_day):
    """Return the chance that the top is reached by the horizon."""
    rates = np.zeros((STATES, STATES))
    rates[0, 1] = INCIDENTS_PER_DAY
    for level in range(1, STATES - 1):
        rates[level, 0] = 24.0 / SPELL_HOURS[level - 1]
        rates[level, level + 1] = rises_per_day
    rates -= np.diag(rates.sum(axis=1))
    return expm(rates * DAYS)[0, STATES - 1]


def sigmas_off(found, expected):
    """Return by how many standard errors an estimate misses; its interval is 3.92 of them wide."""
    return abs(found.probability.value - expected) / (
        (found.probability.high - found.probability.low) / 3.92
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_a_chance_of_one_in_a_million_is_found_within_ten_per_cent(seed):
    """By a few seconds of runs; plain ones would have to be hundreds of millions."""
    expected = chance_of_the_top(0.04)
    found = rare(climbing(0.04), "reached_top", seed=seed, progress=False)

    assert 0.9e-6 < expected < 1.1e-6
    assert sigmas_off(found, expected) < SIGMAS
    assert found.relative_half_width < 0.1
    assert found.plain_runs > 1e8


def test_a_chance_of_one_in_a_hundred_is_found():
    """And what led there is found with it: how often each level is reached."""
    expected = chance_of_the_top(0.95)
    found = rare(climbing(0.95), "reached_top", relative_error=0.02, progress=False)

    assert 0.9e-2 < expected < 1.1e-2
    assert sigmas_off(found, expected) < SIGMAS
    assert [stage.level for stage in found.stages] == ["low", "middle", "high"]


@pytest.mark.parametrize("splits", [(1, 1, 1), (5, 1, 1), (1, 30, 1), (2, 3, 4), (1, 1, 50)])
def test_the_chance_does_not_depend_on_how_runs_are_split(splits):
    """However badly that is chosen."""
    found = rare(climbing(0.95), "reached_top", splits=splits, roots=40_000, seed=5, progress=False)

    assert sigmas_off(found, chance_of_the_top(0.95)) < SIGMAS


@pytest.mark.parametrize("expected_hits", [2.0, 10.0, 100.0])
@pytest.mark.parametrize("kind", ["single", "geometric", "pareto"])
def test_the_interval_covers_the_chance_as_often_as_it_says(kind, expected_hits):
    """95 % of the time or more, also where few runs have the event, with weights that differ.

    The number of misses is held against a binomial one with 5 %.
    """
    random = np.random.default_rng(7)
    draws = {
        "single": np.ones,
        "geometric": lambda size: random.geometric(0.2, size),
        "pareto": lambda size: np.ceil(3 * (random.pareto(2.5, size) + 1e-9)),
    }
    mean = draws[kind](2_000_000).mean()
    misses = 0
    for _ in range(STUDIES):
        weights = np.zeros(10_000, np.int64)
        hits = random.poisson(expected_hits)
        weights[:hits] = draws[kind](hits)
        found = chance_of(weights_of(weights, 1000))
        misses += not found.low <= expected_hits * mean / 1000 / len(weights) <= found.high

    assert stats.binom.sf(misses - 1, STUDIES, 1 - SEEN / 100) > FALSE_ALARM_RATE
