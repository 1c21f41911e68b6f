"""Where the compiled engine's time goes: shares of samples by function, taken by Linux's `perf`.

python benchmarks/hot_spots.py

Needs `perf` on the path, and leave to look at one's own processes. The engine is compiled anew,
into an empty cache, since only then its functions can be told apart.
"""

from __future__ import annotations

import bisect
import collections
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

_RUNS: Final = 4_000
_SAMPLES_PER_SECOND: Final = 2_000
_SHOWN: Final = 20
_LONGEST_FUNCTION_BYTES: Final = 60_000


def main() -> None:
    """Print the functions in which most of the samples were taken."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CEASEFIRE_SIM_CACHE"] = folder
        counts = _samples(Path(folder) / "perf.data")
    total = sum(counts.values())
    for name, count in counts.most_common(_SHOWN):
        print(f"{100 * count / total:5.1f} %  {name}")


def _samples(file: Path) -> collections.Counter[str]:
    """Play runs while `perf` looks on, and return how often it saw each function."""
    import numpy as np  # noqa: PLC0415 - only once it is said where the cache is
    from worlds_to_play import SEED, numbers_of  # noqa: PLC0415 - as above

    from sim.engines.compiled_engine import Player  # noqa: PLC0415 - as above

    player = Player(numbers_of(), np.zeros(1, np.bool_))
    player.play(SEED, range(10))
    functions = _functions()
    perf = ["perf", "record", "--quiet", "-F", str(_SAMPLES_PER_SECOND), "-o", str(file)]
    with subprocess.Popen([*perf, "-p", str(os.getpid())]) as looking:
        time.sleep(1.0)
        player.play(SEED, range(_RUNS))
        looking.send_signal(signal.SIGINT)
    script = ["perf", "script", "-i", str(file), "-F", "ip"]
    seen = subprocess.run(script, check=True, capture_output=True, text=True).stdout.split()
    starts = [start for start, _ in functions]
    return collections.Counter(_function_at(int(one, 16), starts, functions) for one in seen)


def _function_at(address: int, starts: list[int], functions: list[tuple[int, str]]) -> str:
    index = bisect.bisect(starts, address) - 1
    if index < 0 or address - starts[index] > _LONGEST_FUNCTION_BYTES:
        return "all else"
    return functions[index][1]


def _functions() -> list[tuple[int, str]]:
    """Return where each function of the engine begins, and its name."""
    from sim.engines.compiled_engine.kernel import play_runs  # noqa: PLC0415 - as above

    library = next(iter(play_runs.overloads.values())).library  # type: ignore[attr-defined]  # Numba's
    machine = library._codegen._engine._ee  # noqa: SLF001 - it is nowhere else
    symbols = set(re.findall(r"^(_ZN\S+):", library.get_asm_str(), re.MULTILINE))
    found = [(machine.get_function_address(symbol), _readable(symbol)) for symbol in symbols]
    return sorted((address, name) for address, name in found if address)


def _readable(symbol: str) -> str:
    """Return the module's and the function's name that are in a symbol."""
    parts, rest = [], symbol.removeprefix("_ZN")
    while found := re.match(r"(\d+)", rest):
        size = int(found[1])
        parts.append(rest[len(found[1]) :][:size])
        rest = rest[len(found[1]) + size :]
    return ".".join(parts[-2:]) if parts else symbol


if __name__ == "__main__":
    main()
