"""Runs that are split, in threads: what becomes of them, added up exactly."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.engines.compiled_engine.splitting import Branched, Splitter
from sim.results.weighted import Weights, joined, weights_of
from sim.study.playing.waiting import result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from concurrent.futures import Future

    from sim.scenario.numbers import Parameters

_SECONDS: Final = 0.1  # how long a chunk should take: short for whoever watches, long for threads
_FIRST_CHUNK: Final = 4
_LARGEST_CHUNK: Final = 10_000
_AHEAD: Final = 3  # chunks that wait for each worker


class Splitting(NamedTuple):
    """What is split: a scenario's runs on their way to an event."""

    numbers: Parameters
    event_level: int
    """The level that is the event; the one above the highest if a collapse is."""
    copies: tuple[int, ...]
    """As how many copies a run goes on while fighting is at a level; from level 0 on."""

    def stages(self) -> range:
        """Return the levels on the way to the event."""
        return range(1, min(self.event_level, len(self.copies)))


class Tally(NamedTuple):
    """What became of some runs that were split; whole numbers, so that sums are exact."""

    event: Weights
    passed: tuple[Weights, ...]
    """How often each level was reached from below; level 0 once, as a run begins."""
    hits: tuple[int, ...]
    """Branches that had the event, by the level of the hardest fighting before."""
    begun: tuple[int, ...]
    """Branches that end with each level; the runs themselves stand at level 0."""
    played: tuple[int, ...]
    """Events, besides detections, while the hardest fighting was at each level."""

    def branches(self) -> int:
        """Return how many runs and branches were played."""
        return sum(self.begun)


class _Chunk(NamedTuple):
    runs: int
    tally: Tally
    seconds: float


def grown(
    splitting: Splitting,
    seed: int,
    runs: int,
    workers: int,
    seen: Callable[[int, Tally], object] = lambda _runs, _tally: None,
) -> Tally:
    """Return what became of so many runs; `seen` is told after each chunk of them.

    It depends on the scenario, the seed, the number of runs and the copies alone.
    """
    found: Tally | None = None
    for chunk in _chunks(splitting, seed, runs, workers):
        found = chunk.tally if found is None else _both(found, chunk.tally)
        seen(chunk.runs, found)
    if found is None:
        message = f"runs: is {runs}, must be at least 1"
        raise ValueError(message)
    return found


def _chunks(
    splitting: Splitting, seed: int, runs: int, workers: int
) -> Generator[_Chunk, None, None]:
    """Yield chunk after chunk; compiled code lets go of the interpreter, so threads share the work.

    The main thread stays free to hear a Ctrl-C: every run then breaks off at its next event.
    """
    stop = np.zeros(1, np.bool_)
    mine = threading.local()

    def played(some: range) -> _Chunk:
        began = time.perf_counter()
        if not hasattr(mine, "splitter"):
            mine.splitter = Splitter(
                splitting.numbers, stop, splitting.event_level, splitting.copies
            )
        tally = _tally_of(mine.splitter.play(seed, some), splitting.copies)
        return _Chunk(len(some), tally, time.perf_counter() - began)

    with ThreadPoolExecutor(workers) as executor:
        try:
            yield from _in_order(executor, played, runs, workers)
        finally:
            stop[0] = True
            executor.shutdown(wait=True, cancel_futures=True)


def _in_order(
    executor: ThreadPoolExecutor, played: Callable[[range], _Chunk], runs: int, workers: int
) -> Iterator[_Chunk]:
    waiting: deque[Future[_Chunk]] = deque()
    size, start = _FIRST_CHUNK, 0
    while start < runs or waiting:
        while start < runs and len(waiting) <= _AHEAD * workers:
            stop = min(start + size, runs)
            waiting.append(executor.submit(played, range(start, stop)))
            start = stop
        chunk = result_of(waiting.popleft())
        aim = int(_SECONDS * chunk.runs / max(chunk.seconds, 1e-9))
        size = max(1, min(aim, 4 * size, _LARGEST_CHUNK))
        yield chunk


def _tally_of(branched: Branched, copies: tuple[int, ...]) -> Tally:
    unit = copies[-1]
    in_units = branched.hits @ np.array([unit // one for one in copies], np.int64)
    passed = (
        weights_of(branched.passed[:, level], copies[level - 1]) for level in range(1, len(copies))
    )
    everybody = weights_of(np.ones(len(in_units), np.int64), 1)
    return Tally(
        weights_of(in_units, unit),
        (everybody, *passed),
        *(
            tuple(int(one) for one in counts.sum(axis=0))
            for counts in (branched.hits, branched.begun, branched.played)
        ),
    )


def _both(one: Tally, other: Tally) -> Tally:
    def added(some: tuple[int, ...], more: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(map(sum, zip(some, more, strict=True)))

    return Tally(
        joined(one.event, other.event),
        tuple(map(joined, one.passed, other.passed)),
        added(one.hits, other.hits),
        added(one.begun, other.begun),
        added(one.played, other.played),
    )


def copies_of(splits: tuple[int, ...]) -> tuple[int, ...]:
    """Return as how many copies a run goes on from each level, from 0 on, by how often it splits.

    >>> copies_of((1, 4, 5))
    (1, 1, 4, 20)
    """
    return reduce(lambda copies, split: (*copies, copies[-1] * split), splits, (1,))


def splits_of(copies: tuple[int, ...]) -> tuple[int, ...]:
    """Return how often a run splits at each level: the inverse.

    >>> splits_of((1, 1, 4, 20))
    (1, 4, 5)
    """
    return tuple(after // before for before, after in pairwise(copies))
