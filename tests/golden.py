"""Hashes of published rows: they hold on every Python, processor and engine, or luck has changed.

`python tests/golden.py` prints them, and fails where they are not those that are stored: run it on
any Python or machine. `python tests/golden.py --write` stores them, which is right only after a
change that means to give other rows.
"""

import hashlib
import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

import sim
from sim.scenario.parameters import parameters

ROOT = Path(__file__).parents[1]
STORED = Path(__file__).with_name("golden.json")
# Each with the number of runs that are hashed.
SCENARIOS = {
    "tests/small_world.toml": 200,
    "benchmarks/reference.toml": 20,
    "tests/sector_world.toml": 100,
    "tests/full_world.toml": 50,
}


def rows_hash(scenario, runs, engine="compiled"):
    """Return a hash of a scenario's first rows and crises, cell by cell."""
    plan = sim.load(ROOT / scenario)
    simulate = import_module(f"sim.engines.{engine}_engine").simulate
    digest = hashlib.sha256()
    for cells in simulate(parameters(plan), plan.run.seed, range(runs)):
        for column in (*cells.counts, *cells.hours):
            digest.update(np.ascontiguousarray(column).astype(column.dtype.newbyteorder("<")))
    return digest.hexdigest()


def hashes():
    """Return the hash of each scenario as it is now."""
    return {scenario: rows_hash(scenario, runs) for scenario, runs in SCENARIOS.items()}


if __name__ == "__main__":
    found = hashes()
    print(json.dumps(found, indent=1))
    if "--write" in sys.argv:
        STORED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    elif found != json.loads(STORED.read_text(encoding="utf-8")):
        sys.exit("these are not the hashes that are stored in tests/golden.json")
