"""Everything that is measured, in one go."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import c_program
import engines
import growth
import memory
import startup
from machine import machine

if TYPE_CHECKING:
    from collections.abc import Callable


class Effort(NamedTuple):
    """How much is done: a quick look, or a measurement."""

    engines: engines.Effort
    growth: growth.Effort
    most_runs: int
    startup_times: int
    compile_times: int


THOROUGH: Final = Effort(
    engines.Effort(checked_runs=20, turn_seconds=1.0, rounds=21),
    growth.Effort(turn_seconds=0.3, rounds=5),
    most_runs=10_000_000,
    startup_times=5,
    compile_times=3,
)
QUICK: Final = Effort(
    engines.Effort(checked_runs=3, turn_seconds=0.4, rounds=3),
    growth.Effort(turn_seconds=0.03, rounds=2),
    most_runs=100_000,
    startup_times=2,
    compile_times=1,
)


class Measured(NamedTuple):
    """All that was measured."""

    effort: Effort
    machine: list[tuple[str, str]]
    checked: engines.Checked
    engines: list[engines.Timed]
    growth: list[growth.Point]
    batches: list[memory.Batch]
    waits: list[startup.Wait]


def measured(effort: Effort, say: Callable[[str], object]) -> Measured:
    """Measure everything, and say what is being done meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = c_program.compiled_into(folder)
        if program is None:
            say("There is no gcc: the C program is left out.")
        say("Do all engines give the same rows? ...")
        checked = engines.checked(effort.engines.checked_runs, program)
        say("Engines in turns ...")
        timed = engines.race(effort.engines, program)
        say("How the time grows ...")
        points = growth.grown(effort.growth)
        say("How the memory grows ...")
        batches = memory.batches(effort.most_runs, folder)
        say("How long a beginner waits ...")
        waits = startup.waits(effort.startup_times, effort.compile_times)
    return Measured(effort, machine(), checked, timed, points, batches, waits)
