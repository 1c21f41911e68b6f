"""Outcomes of runs that nobody played: tables with the columns that a scenario's outcomes have."""

import numpy as np
import pyarrow as pa

from sim.engines.rows import COUNT, WORD, outcome_columns
from sim.model.words import OUTCOMES
from sim.scenario.parameters import parameters

NEVER_SHARE = 0.3


def made_up(scenario, runs, seed=1, **replaced):
    """Return a table of outcomes, by chance or, where a column is given, as given."""
    generator = np.random.default_rng(seed)
    columns = {}
    for column in outcome_columns(parameters(scenario)):
        if column.kind == WORD:
            columns[column.name] = generator.choice(OUTCOMES[:2], runs)
        elif column.kind == COUNT:
            columns[column.name] = generator.poisson(1.5, runs)
        else:
            columns[column.name] = hours(generator, column.name, runs, scenario)
    columns["run"] = np.arange(runs)
    for step in scenario.steps:
        with_calls(columns, step)
    return pa.table(
        {name: pa.array(replaced.get(name, one), from_pandas=True) for name, one in columns.items()}
    )


def hours(generator, name, runs, scenario):
    """Return hours before the horizon; those of what may never happen are sometimes NaN."""
    found = generator.exponential(scenario.run.horizon_days * 6, runs)
    found = np.minimum(found, scenario.run.horizon_days * 24)
    may_never_be = name.endswith(("first_hours", "delay_hours")) or name.startswith("first_")
    never = generator.random(runs) < NEVER_SHARE
    return np.where(never & may_never_be, np.nan, found)


def with_calls(columns, step):
    """Let a step be called as often as its calls have ended, and have delays where it stands."""
    endings = ("on_time", "late", "refused", "stood_down")
    columns[f"{step}_called"] = sum(columns[f"{step}_{ending}"] for ending in endings)
    stands = columns[f"{step}_on_time"] + columns[f"{step}_late"] > 0
    delays = np.nan_to_num(columns[f"{step}_delay_hours"])
    columns[f"{step}_delay_hours"] = np.where(stands, delays, np.nan)
