"""The summary: estimates grouped by what people ask, and how the values of a run are spread."""

from typing import Final

import pandas as pd

from sim.results.distributions import distributions
from sim.results.estimates import LEVEL
from sim.results.quantities import FIGHTING, HOLDS, IN_TIME, quantities
from sim.results.tally import Tally
from sim.scenario.scenario import Scenario

__all__ = ["FIGHTING", "HOLDS", "IN_TIME", "quantiles_frame", "summary_frame"]

_COLUMNS: Final = (
    *("question", "quantity", "meaning", "estimate", "low", "high", "unit", "method", "n"),
)
_RANKS: Final = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def summary_frame(scenario: Scenario, tally: Tally, level: float = LEVEL) -> pd.DataFrame:
    """Return the summary, one row a quantity: low and high bound the interval of the level.

    Shares are 0 to 1. `n` is what an estimate rests on: runs, calls of a step, or promises.
    """
    rows = []
    for one in quantities(scenario):
        if one.name == "runaway" and not tally.runaways:
            continue
        value, low, high, method, n = tally.estimate(one.name, level)
        said = one.question, one.name, one.meaning
        rows.append((*said, value, low, high, one.unit, method, n))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def quantiles_frame(scenario: Scenario, tally: Tally) -> pd.DataFrame:
    """Return how the values of a run are spread, one row a value; `n` runs have it.

    Quantiles have a rank within 0.2 % of the right one: at p50 stands a value of which 49.8 to
    50.2 % of the runs have at most as much.
    """
    rows = []
    for one in distributions(scenario):
        sketch = tally.sketches[one.name]
        found = map(sketch.quantile, _RANKS.values())
        rows.append((one.name, one.meaning, one.unit, *found, sketch.n))
    columns = ["quantity", "meaning", "unit", *_RANKS, "n"]
    return pd.DataFrame(rows, columns=columns)
