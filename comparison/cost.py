"""What it takes to play a plan, measured in a process of its own.

`python -m comparison.cost FILE RUNS YEARS` plays a plan over so many years, and prints its numbers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

import sim
from comparison.plans import ROOT, Plan, scenario_of
from sim.engines.compiled_engine import notes
from sim.scenario.parameters import parameters

SEED: Final = 20260203
DAYS_A_YEAR: Final = 365
_TRACED_RUNS: Final = 4
_BYTES_PER_KIB: Final = 1024


class Cost(NamedTuple):
    """What a batch took; memory and time include everything up to the rows in memory."""

    runs: int
    seconds: float
    peak_bytes: int
    incidents: float
    """Per run."""
    events: float
    """Per run: what a trace would tell."""


def cost_of(plan: Plan, runs: int, years: float) -> Cost:
    """Return what a plan costs, from a process that does nothing else."""
    command = [sys.executable, "-m", "comparison.cost", plan.file, str(runs), str(years)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)  # noqa: S603 - our own command
    return Cost(**json.loads(done.stdout))


def _measured(file: str, runs: int, years: float) -> Cost:
    """Play a plan in this process, which has loaded and compiled everything before it is timed."""
    scenario = scenario_of(Plan(file, "", "")).with_(("run.horizon_days", years * DAYS_A_YEAR))
    sim.run(scenario, 1, SEED, progress=False)
    began = time.perf_counter()
    results = sim.run(scenario, runs, SEED, progress=False)
    seconds = time.perf_counter() - began
    incidents = float(results.column("incidents").mean())
    peak = _peak_bytes()
    numbers = parameters(scenario)
    events = [len(list(notes(numbers, SEED, run))) for run in range(min(_TRACED_RUNS, runs))]
    return Cost(runs, seconds, peak, incidents, sum(events) / len(events))


def _peak_bytes() -> int:
    """Return the most memory that this process has held, not counting who started it."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * _BYTES_PER_KIB
    import resource  # noqa: PLC0415 - there is none on Windows

    unit = 1 if sys.platform == "darwin" else _BYTES_PER_KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    found = _measured(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
    sys.stdout.write(json.dumps(found._asdict()))
