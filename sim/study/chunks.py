"""Runs in chunks: spread over threads or processes, and given back in their order.

A chunk's rows depend on the seed and the runs' numbers alone, so neither how many there are nor who
plays them nor where one ends and the next begins can be seen in what comes out.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from sim.engines.compiled_engine import Player

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from concurrent.futures import Executor, Future

    from sim.engines.rows import Rows
    from sim.scenario.numbers import Parameters

_SECONDS: Final = 0.1  # how long a chunk should take: short for whoever watches, long for threads
_FIRST_CHUNK: Final = 4
_LARGEST_CHUNK: Final = 10_000
_AHEAD: Final = 3  # chunks that wait for each worker, so that none is idle and few rows are held


class Chunk(NamedTuple):
    """The rows of consecutive runs."""

    runs: range
    rows: Rows
    seconds: float


Chunks: TypeAlias = "Generator[Chunk, None, None]"


def compiled_chunks(numbers: Parameters, seed: int, replications: int, workers: int) -> Chunks:
    """Yield the rows of all runs, from the compiled engine in threads.

    Compiled code lets go of the interpreter, so threads share the work, and the main one stays
    free to hear a Ctrl-C: every run then breaks off at its next event.
    """
    stop = np.zeros(1, np.bool_)
    mine = threading.local()

    def played(runs: range) -> Chunk:
        began = time.perf_counter()
        if not hasattr(mine, "player"):
            mine.player = Player(numbers, stop)
        rows = mine.player.play(seed, runs)
        return Chunk(runs, rows, time.perf_counter() - began)

    def abandoned(executor: Executor) -> None:
        stop[0] = True
        executor.shutdown(wait=True, cancel_futures=True)

    with ThreadPoolExecutor(workers) as executor:
        yield from _in_order(executor, played, replications, workers, abandoned)


def simpy_chunks(numbers: Parameters, seed: int, replications: int, workers: int) -> Chunks:
    """Yield the rows of all runs, from the SimPy engine in processes."""
    from sim.engines.simpy_engine import simulate  # noqa: PLC0415 - who does not need it waits not

    def played(runs: range) -> Chunk:
        began = time.perf_counter()
        return Chunk(runs, simulate(numbers, seed, runs), time.perf_counter() - began)

    if workers == 1:
        sizes = _Sizes()
        for runs in sizes.chunks(replications):
            chunk = played(runs)
            sizes.learn(chunk)
            yield chunk
        return
    import loky  # noqa: PLC0415 - as above

    def abandoned(executor: Executor) -> None:
        executor.shutdown(wait=True, kill_workers=True)  # type: ignore[call-arg]  # loky's own

    executor = loky.get_reusable_executor(max_workers=workers, timeout=60)
    yield from _in_order(executor, played, replications, workers, abandoned)


class _Sizes:
    """How many runs a chunk should have, learned from those that are done."""

    def __init__(self) -> None:
        self.size = _FIRST_CHUNK

    def learn(self, chunk: Chunk) -> None:
        """Aim at the time that a chunk should take, without leaping."""
        aim = int(_SECONDS * len(chunk.runs) / max(chunk.seconds, 1e-9))
        self.size = max(1, min(aim, 4 * self.size, _LARGEST_CHUNK))

    def chunks(self, replications: int) -> Iterator[range]:
        """Yield the runs of chunk after chunk, each of the size that is right by then."""
        start = 0
        while start < replications:
            stop = min(start + self.size, replications)
            yield range(start, stop)
            start = stop


def _in_order(
    executor: Executor,
    played: Callable[[range], Chunk],
    replications: int,
    workers: int,
    abandoned: Callable[[Executor], None],
) -> Chunks:
    """Yield chunks in their order while others are being played; `abandoned` cleans up."""
    waiting: deque[Future[Chunk]] = deque()
    sizes = _Sizes()
    try:
        for runs in sizes.chunks(replications):
            waiting.append(executor.submit(played, runs))
            if len(waiting) > _AHEAD * workers:
                chunk = waiting.popleft().result()
                sizes.learn(chunk)
                yield chunk
        while waiting:
            yield waiting.popleft().result()
    except BaseException:
        abandoned(executor)
        raise
