"""What a result is the result of: everything that determines it, and a hash of that."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from sim.model.compiled import code_fingerprint
from sim.scenario.scenario import Scenario
from sim.scenario.sources import grade_counts

FORMAT: Final = 1
DISCLAIMER: Final = "illustrative: conditional on assumptions, not a forecast"


def determinants(scenario: Scenario, seed: int, replications: int) -> dict[str, Any]:
    """Return all that decides what the rows are; workers, machines and titles do not."""
    tables = scenario.as_tables()
    for key in ("title", "sources", "format"):
        tables.pop(key, None)
    tables["run"] = {"horizon_days": scenario.run.horizon_days}
    return {
        "format": FORMAT,
        "scenario": tables,
        "seed": seed,
        "replications": replications,
        "code": _code(),
    }


@cache
def _code() -> str:
    return code_fingerprint("model", "scenario", "engines")


def run_id(scenario: Scenario, seed: int, replications: int) -> str:
    """Return 16 hexadecimal digits that name a result by what determines it."""
    text = json.dumps(determinants(scenario, seed, replications), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def manifest(scenario: Scenario, seed: int, replications: int) -> dict[str, Any]:
    """Return a result's manifest, of which every byte follows from what determines it."""
    tools = ("ceasefire-sim", "numba", "numpy", "pyarrow", "scipy", "simpy")
    return {
        "note": DISCLAIMER,
        "run_id": run_id(scenario, seed, replications),
        "title": scenario.title,
        "values_by_grade": grade_counts(scenario),
        **determinants(scenario, seed, replications),
        "scenario": scenario.as_tables(),
        "versions": {name: version(name) for name in tools},
    }
