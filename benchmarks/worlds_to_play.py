"""The scenarios that are played here, and how many events there are in their runs."""

from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any, Final

import sim
from sim import Scenario
from sim.engines.compiled_engine.building import new_world
from sim.engines.compiled_engine.playing import play
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.numbers import Parameters
from sim.scenario.parameters import parameters

HERE: Final = Path(__file__).parent
REFERENCE: Final = HERE / "reference.toml"
SMALL: Final = HERE / "small.toml"
SEED: Final = 20260203


def reference(*changes: tuple[str, Any]) -> Scenario:
    """Return the reference scenario with other values, or other whole tables, at some paths."""
    tables = sim.load(REFERENCE).as_tables()
    for path, value in changes:
        *parents, last = path.split(".")
        reduce(getitem, parents, tables)[last] = value
    return checked(Layer(tables, {}))


def numbers_of(*changes: tuple[str, Any]) -> Parameters:
    """Return the numbers of the reference scenario, with other values at some paths."""
    return parameters(reference(*changes))


def events_by_run(numbers: Parameters, runs: range) -> list[int]:
    """Return for each run how many events its trace shows; nothing is kept of the traces."""
    world = new_world(numbers, 1, traces=True)
    counts = []
    for run in runs:
        world = play(world, SEED, range(run, run + 1))
        counts.append(int(world.now[0].noted))
    return counts
