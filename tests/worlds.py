"""Tiny worlds for the tests, and what happens in them as tables.

A test says only what matters to it: `world(steps={...})` lays its tables on `TINY`, whole tables
at a time, and whatever is not said is neutral. `rich_world()` has several of everything in it, and
`full_world()` every mechanism on top.
"""

from types import ModuleType
from typing import Any, Final

import numpy as np
import pandas as pd
from every_mechanism import with_every_mechanism
from scipy import stats

from sim.engines import compiled_engine, simpy_engine
from sim.engines.rows import Rows, crisis_columns, outcome_columns
from sim.engines.story import Note, event, told
from sim.model.chance import INCIDENT_WAIT, threshold
from sim.results.frames import frame_of, table_of
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters
from sim.scenario.scenario import Scenario

Table = dict[str, Any]

# How often a statistical test may fail although nothing is wrong. Seeds are fixed, so a test that
# passes goes on passing; the rate is what a change of the luck itself would risk.
FALSE_ALARM_RATE: Final = 1e-9
# A normal score strays further than this, either way, with that probability.
SIGMAS: Final = 6.11
TICK_HOURS: Final = 2.0**-30
LONGEST_DAYS: Final = 73_000.0


def constant(hours: float) -> Table:
    """Return a delay that is always the same."""
    return {"family": "constant", "hours": hours}


def exponential(mean_hours: float) -> Table:
    """Return a delay without memory."""
    return {"family": "exponential", "mean_hours": mean_hours}


def weibull(scale_hours: float, shape: float) -> Table:
    """Return a delay whose hazard rises or falls."""
    return {"family": "weibull", "scale_hours": scale_hours, "shape": shape}


def lognormal(median_hours: float, log_sd: float) -> Table:
    """Return a delay whose logarithm is normal."""
    return {"family": "lognormal", "median_hours": median_hours, "log_sd": log_sd}


def loglogistic(median_hours: float, shape: float) -> Table:
    """Return a delay whose logarithm is logistic."""
    return {"family": "loglogistic", "median_hours": median_hours, "shape": shape}


def seen(probability: float = 1.0, hours: float = 0.0) -> Table:
    """Return how something becomes known: how often, and after how long."""
    return {"probability": probability, "delay": constant(hours)}


UNSEEN: Final = seen(0.0)
TINY: Final[Table] = {
    "run": {"horizon_days": 10.0},
    "violations": {"incidents_per_day": 1.0},
    "levels": {"fighting": {"spell": constant(1.0)}},
}


def world(**tables: Table) -> Scenario:
    """Return the smallest scenario with these tables in the place of its own."""
    return checked(Layer({**TINY, **tables}, {}))


def rich_world(scope: str = "line", days: float = 30.0, **tables: Table) -> Scenario:
    """Return a world with several sectors and levels, attacks, delays, votes and three steps."""
    return checked(Layer({**rich_tables(scope, days), **tables}, {}))


def rich_tables(scope: str = "line", days: float = 30.0) -> Table:
    """Return the tables of the rich world, for a test to change."""
    members = {
        f"member_{index}": {
            "weight": float(index),
            "yes_probability": 0.55 + 0.05 * index,
            "decision_median_hours": 4.0 * index,
            "decision_log_sd": 0.6,
        }
        for index in range(1, 6)
    }
    members["member_5"] |= {"parliament_median_hours": 6.0, "parliament_log_sd": 0.5}
    return {
        "run": {"horizon_days": days},
        "line": {"sectors": {"north": 0.5, "centre": 0.3, "south": 0.2}},
        "violations": {
            "incidents_per_day": 6.0,
            "level_shares": {"harassing": 0.7, "shelling": 0.28, "assault": 0.02},
        },
        "attack": {"per_year": 6.0, "sectors": 2},
        "levels": {
            "harassing": {
                "spell": lognormal(0.5, 0.8),
                "detection": {"probability": 0.5, "delay": exponential(1.0)},
                "attribution": {"probability": 0.7, "delay": weibull(12.0, 1.5)},
            },
            "shelling": {
                "spell": weibull(3.0, 1.3),
                "expand_per_day": 0.3,
                "detection": {"probability": 0.8, "delay": exponential(1.0)},
                "attribution": {"probability": 0.8, "delay": lognormal(10.0, 0.7)},
            },
            "assault": {
                "spell": loglogistic(10.0, 2.0),
                "expand_per_day": 0.1,
                "collapse_per_day": 0.005,
                "attribution": {"probability": 0.9, "delay": lognormal(8.0, 0.7)},
            },
            "expanded": {
                "spell": lognormal(60.0, 0.8),
                "collapse_per_day": 0.02,
                "attribution": {"delay": lognormal(6.0, 0.7)},
            },
        },
        "crisis": {
            "scope": scope,
            "threshold_incidents": 6,
            "threshold_level": "assault",
            "quiet_hours": 24.0,
            "quiet_level": "shelling",
        },
        "steps": {
            "warning": {
                "deadline_hours": 24.0,
                "deciders": ["ukraine"],
                "effect": {"stop": 1.3, "incidents": 0.8},
            },
            "coalition": {
                "needs": {"level": "assault", "within_hours": 12.0},
                "not_before_hours": 24.0,
                "deadline_hours": 72.0,
                "deciders": ["willing"],
                "deploy": lognormal(12.0, 0.8),
                "effect": {"stop": 2.0, "expand": 0.7, "collapse": 0.7, "incidents": 0.7},
                "provoke_probability": 0.3,
            },
            "military": {
                "needs": {"level": "expanded", "sustained_hours": 6.0},
                "decide_from_hours": 24.0,
                "not_before_hours": 48.0,
                "deadline_hours": 96.0,
                "deciders": ["willing", "usa"],
                "deploy": {
                    "family": "triangular",
                    "low_hours": 2.0,
                    "mode_hours": 10.0,
                    "high_hours": 40.0,
                },
                "effect": {"stop": 3.0, "collapse": 0.5, "incidents": 0.5},
            },
        },
        "actors": {
            "ukraine": {"decision": lognormal(6.0, 0.6)},
            "usa": {"decision": lognormal(20.0, 0.8), "yes_probability": 0.7},
        },
        "groups": {"willing": {"rule": "quorum", "quorum": 3, "members": members}},
    }


def full_world(scope: str = "line", days: float = 30.0, process: str = "hawkes") -> Scenario:
    """Return the rich world with every mechanism of the model on."""
    return checked(Layer(full_tables(scope, days, process), {}))


def full_tables(scope: str = "line", days: float = 30.0, process: str = "hawkes") -> Table:
    """Return the tables of the world with every mechanism on, for a test to change."""
    return with_every_mechanism(rich_tables(scope, days), process)


def outcomes(
    scenario: Scenario, runs: int = 1, seed: int = 1, engine: ModuleType = simpy_engine
) -> pd.DataFrame:
    """Return the outcomes table of the first runs."""
    numbers = parameters(scenario)
    rows = engine.simulate(numbers, seed, range(runs))
    return frame_of(table_of(outcome_columns(numbers), rows.outcomes))


def crises(
    scenario: Scenario, runs: int = 1, seed: int = 1, engine: ModuleType = simpy_engine
) -> pd.DataFrame:
    """Return the crises table of the first runs."""
    numbers = parameters(scenario)
    rows = engine.simulate(numbers, seed, range(runs))
    return frame_of(table_of(crisis_columns(numbers), rows.crises))


def many_outcomes(scenario: Scenario, runs: int, seed: int = 1) -> pd.DataFrame:
    """Return the outcomes table of more runs than the SimPy engine could play in a moment."""
    return outcomes(scenario, runs, seed, compiled_engine)


def many_crises(scenario: Scenario, runs: int, seed: int = 1) -> pd.DataFrame:
    """Return the crises table of more runs than the SimPy engine could play in a moment."""
    return crises(scenario, runs, seed, compiled_engine)


def same(one: Rows, other: Rows) -> bool:
    """Return whether two engines' rows are the same to the last bit."""
    return all(
        np.array_equal(mine.view(np.int64), its.view(np.int64))
        for tables in zip(one, other, strict=True)
        for mine, its in zip(*tables, strict=True)
    )


def trace(
    scenario: Scenario, run: int = 0, seed: int = 1, engine: ModuleType = simpy_engine
) -> pd.DataFrame:
    """Return one run event by event."""
    numbers = parameters(scenario)
    return told(numbers, engine.notes(numbers, seed, run))


def noted(
    scenario: Scenario, run: int = 0, seed: int = 1, engine: ModuleType = simpy_engine
) -> list[Note]:
    """Return one run's events as the engine noted them, with the hours in their details exact."""
    return engine.notes(parameters(scenario), seed, run)


def many_noted(scenario: Scenario, run: int = 0, seed: int = 1) -> list[Note]:
    """Return one run's events where there are too many for the SimPy engine."""
    return noted(scenario, run, seed, compiled_engine)


def thresholds_of_incidents(
    scenario: Scenario, count: int, sector: int = 0, run: int = 0, seed: int = 1
) -> np.ndarray:
    """Return the thresholds of a sector's first incidents; shape (count,).

    Each is used up at the rate of incidents, whatever that is made of.
    """
    key = parameters(scenario).sectors[sector].key
    return np.array([threshold(seed, run, INCIDENT_WAIT, key, number) for number in range(count)])


def hours_at_rates(turns: np.ndarray, rates: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Return when incidents come at a rate per hour that turns at some hours, the first one 0.

    Those after the last turn are left out; there is a rate for each piece between two turns.
    """
    used_up = np.concatenate([[0.0], np.cumsum(rates * np.diff(turns))])
    sums = np.cumsum(thresholds)
    return np.interp(sums[sums <= used_up[-1]], used_up, turns)


def of(events: list[Note], name: str) -> list[Note]:
    """Return the notes of the events with a name."""
    return [note for note in events if note.event == event(name)]


def hours_of(events: list[Note], name: str) -> np.ndarray:
    """Return when the events with a name happened; shape (events,), hours."""
    return np.array([note.hours for note in of(events, name)])


def spell_lengths(scenario: Scenario, run: int = 0, seed: int = 1) -> np.ndarray:
    """Return how long each spell of a world with one sector lasted; shape (spells,), hours.

    What still goes on at the end of the run is left out.
    """
    events = noted(scenario, run, seed)
    starts, stops = hours_of(events, "spell_starts"), hours_of(events, "spell_stops")
    return stops - starts[: len(stops)]


def poisson_p_value(count: int, expected: float) -> float:
    """Return how likely a Poisson count is at least as far out as this one, on the nearer side.

    Both sides together are twice that: hold it against half of the false-alarm rate.
    """
    law = stats.poisson(expected)
    return float(min(law.cdf(count), law.sf(count - 1)))


def sigmas_off(sample: np.ndarray | pd.Series, mean: float) -> float:
    """Return by how many of its standard errors a sample's mean misses the true one."""
    return float(abs(np.mean(sample) - mean) / (np.std(sample) / np.sqrt(len(sample))))
