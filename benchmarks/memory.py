"""How much memory a batch needs: each in a process of its own, since memory is not given back.

As a script it runs one batch: `memory.py RUNS SCRATCH` prints its numbers as JSON.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

from worlds_to_play import SEED, SMALL

import sim

RUNS: Final = (1, 10_000, 100_000, 1_000_000, 10_000_000)
_BYTES_PER_KIB: Final = 1024


class Batch(NamedTuple):
    """What a batch of runs took, up to the summary."""

    runs: int
    peak_bytes: int
    seconds: float
    scratch_bytes: int


def batches(most_runs: int, folder: Path) -> list[Batch]:
    """Return what batches of more and more runs took; their rows go to the folder meanwhile."""
    return [_in_own_process(runs, folder) for runs in RUNS if runs <= most_runs]


def _in_own_process(runs: int, folder: Path) -> Batch:
    command = [sys.executable, __file__, str(runs), str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return Batch(**json.loads(done.stdout))


def _batch(runs: int, folder: Path) -> Batch:
    """Run a batch in this process."""
    plan = sim.load(SMALL)
    sim.run(plan, 1, SEED, progress=False).summary()  # everything is imported and compiled by now
    began = time.perf_counter()
    results = sim.run(plan, runs, SEED, scratch=folder, progress=False)
    results.summary()
    seconds = time.perf_counter() - began
    scratch_bytes = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
    return Batch(runs, _peak_bytes(), seconds, scratch_bytes)


def _peak_bytes() -> int:
    """Return the most memory that this process has held.

    Linux hands the most that the starting process held on in `ru_maxrss`, so it is asked for
    this process's own high-water mark where it tells that.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * _BYTES_PER_KIB
    unit = 1 if sys.platform == "darwin" else _BYTES_PER_KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    print(json.dumps(_batch(int(sys.argv[1]), Path(sys.argv[2]))._asdict()))
