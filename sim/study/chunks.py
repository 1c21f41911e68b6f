"""Runs in chunks: spread over threads, processes or machines, and given back in their order.

A chunk's rows depend on the seed and the runs' numbers alone, so neither how many there are nor who
plays them nor where one ends and the next begins can be seen in what comes out.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from sim.scenario.parameters import parameters
from sim.study.tasks import Done, Task, play

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Executor, Future

    from sim.results.batch import Batch
    from sim.results.place import Place
    from sim.results.spans import Span

# How long a chunk should take: short for whoever watches, long for whoever hands it out.
_SECONDS_HERE: Final = 0.1
_SECONDS_ELSEWHERE: Final = 1.0
_SECONDS_WITH_FILES: Final = 10.0
_FIRST_CHUNK: Final = 4
_LARGEST_CHUNK: Final = 10_000
_LARGEST_FILE: Final = 100_000
_AHEAD: Final = 3  # chunks that wait for each worker, so that none is idle and few rows are held

Chunks: TypeAlias = "Generator[Done, None, None]"


class Crew(NamedTuple):
    """Who plays: threads of this process, or whoever stands behind an executor."""

    engine: str
    workers: int
    executor: Executor | None = None
    """Any of `concurrent.futures`, which stays its owner's; without one there are threads."""
    writes_to: Place | None = None
    """The folder that all of them share, if they are to write their rows themselves."""


def played(batch: Batch, spans: Iterable[Span], crew: Crew) -> Chunks:
    """Yield what was played of these spans, chunk by chunk and in their order.

    Closed early, it leaves nothing running that can be stopped.
    """
    tasks = _Tasks(batch, crew)
    if crew.executor is not None:
        return _elsewhere(tasks, spans, crew.executor, crew.workers)
    if crew.engine == "compiled":
        return _in_threads(tasks, spans, crew.workers)
    return _here(tasks, spans) if crew.workers == 1 else _in_processes(tasks, spans, crew.workers)


def _in_threads(tasks: _Tasks, spans: Iterable[Span], workers: int) -> Chunks:
    """Play in threads: compiled code lets go of the interpreter, so they share the work.

    The main one stays free to hear a Ctrl-C: every run then breaks off at its next event.
    """
    stop = np.zeros(1, np.bool_)
    with ThreadPoolExecutor(workers) as executor:
        try:
            yield from _in_order(
                lambda task: executor.submit(play, task, stop), tasks, spans, workers
            )
        finally:
            stop[0] = True
            executor.shutdown(wait=True, cancel_futures=True)


def _here(tasks: _Tasks, spans: Iterable[Span]) -> Chunks:
    for span in tasks.cut(spans):
        yield tasks.learn(play(tasks.of(span)))


def _in_processes(tasks: _Tasks, spans: Iterable[Span], workers: int) -> Chunks:
    import loky  # noqa: PLC0415 - who does not need it waits not

    executor = loky.get_reusable_executor(max_workers=workers, timeout=60)
    whole = False
    try:
        yield from _in_order(_to(executor), tasks, spans, workers)
        whole = True
    finally:
        if not whole:
            executor.shutdown(wait=True, kill_workers=True)


def _elsewhere(tasks: _Tasks, spans: Iterable[Span], executor: Executor, workers: int) -> Chunks:
    yield from _in_order(_to(executor), tasks, spans, workers)


def _to(executor: Executor, how: Callable[[Task], Done] = play) -> Callable[[Task], Future[Done]]:
    """Return what hands a task to an executor."""

    def submit(task: Task) -> Future[Done]:
        return executor.submit(how, task)

    return submit


class _Tasks:
    """What is handed out: of which size, learned from what is done."""

    def __init__(self, batch: Batch, crew: Crew) -> None:
        self._batch = batch
        self._crew = crew
        self._size = _FIRST_CHUNK
        self._numbers = lru_cache(maxsize=2)(lambda case: parameters(batch.case(case)))
        self._largest = _LARGEST_FILE if crew.writes_to else _LARGEST_CHUNK
        self._seconds = (
            _SECONDS_WITH_FILES
            if crew.writes_to
            else _SECONDS_ELSEWHERE
            if crew.executor
            else _SECONDS_HERE
        )

    def of(self, span: Span) -> Task:
        """Return the task of playing some runs."""
        return Task(
            self._numbers(span.case),
            self._batch.seed,
            span,
            self._crew.engine,
            self._batch.is_sweep,
            self._crew.writes_to,
        )

    def learn(self, done: Done) -> Done:
        """Aim at the time that a chunk should take, without leaping."""
        aim = int(self._seconds * done.span.runs / max(done.seconds, 1e-9))
        self._size = max(1, min(aim, 4 * self._size, self._largest))
        return done

    def cut(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Yield chunk after chunk, each of the size that is right by then."""
        for span in spans:
            start = span.start
            while start < span.stop:
                stop = min(start + self._size, span.stop)
                yield span._replace(start=start, stop=stop)
                start = stop


def _in_order(
    submit: Callable[[Task], Future[Done]], tasks: _Tasks, spans: Iterable[Span], workers: int
) -> Chunks:
    """Yield chunks in their order while others are being played."""
    waiting: deque[Future[Done]] = deque()
    try:
        for span in tasks.cut(spans):
            waiting.append(submit(tasks.of(span)))
            if len(waiting) > _AHEAD * workers:
                yield tasks.learn(waiting.popleft().result())
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
