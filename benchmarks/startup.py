"""How long somebody waits who begins: for the help, and for the first result."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from timing import Spread, seconds_of, spread
from worlds_to_play import REFERENCE

_FIRST_RUNS: Final = 1_000
_FIRST_RESULT: Final = f"""
import sim
sim.run(sim.load({str(REFERENCE)!r}), {_FIRST_RUNS}, progress=False).summary()
"""


class Wait(NamedTuple):
    """Somebody's wait for something, in a process that begins with nothing."""

    what: str
    seconds: Spread
    times: int


def waits(times: int, times_compiling: int) -> list[Wait]:
    """Return the waits, each taken several times."""
    with tempfile.TemporaryDirectory() as folder:
        compiling = [_first_result(Path(folder) / str(number)) for number in range(times_compiling)]
        filled = Path(folder) / "0"
        result = f"summary of {_FIRST_RUNS:,} runs of the reference scenario"
        return [
            _wait("a Python that does nothing", times, "-c", "pass"),
            _wait("`sim --help`", times, "-m", "sim", "--help"),
            Wait(result, spread([_first_result(filled) for _ in range(times)]), times),
            Wait(f"{result}, nothing compiled yet", spread(compiling), times_compiling),
        ]


def _wait(what: str, times: int, *arguments: str) -> Wait:
    return Wait(what, spread([_seconds(*arguments) for _ in range(times)]), times)


def _first_result(cache: Path) -> float:
    cache.mkdir(exist_ok=True)
    return _seconds("-c", _FIRST_RESULT, cache=cache)


def _seconds(*arguments: str, cache: Path | None = None) -> float:
    moved = {} if cache is None else {"CEASEFIRE_SIM_CACHE": str(cache)}
    command = [sys.executable, *arguments]

    def work() -> None:
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **moved})

    return seconds_of(work)
