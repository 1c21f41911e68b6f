"""Runs in chunks: spread over threads, processes or machines, and given back in their order.

A chunk's rows depend on the seed and the runs' numbers alone, so neither how many there are nor who
plays them nor where one ends and the next begins can be seen in what comes out.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np

from sim.study.playing.cutting import Tasks
from sim.study.playing.tasks import Done, Task, play
from sim.study.playing.waiting import result_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from concurrent.futures import Executor, Future

    from sim.results.batch import Batch
    from sim.results.place import Place
    from sim.results.spans import Span

_AHEAD: Final = 3  # chunks that wait for each worker, so that none is idle and few rows are held

Chunks: TypeAlias = "Generator[Done, None, None]"


@runtime_checkable
class Varying(Protocol):
    """An executor that knows how many workers it has, which changes."""

    def players(self) -> int:
        """Return how many runs can be played at the same time, at least one."""

    def look(self) -> None:
        """Complain if there is no hope any more that somebody will play."""


class Crew(NamedTuple):
    """Who plays: threads of this process, or whoever stands behind an executor."""

    engine: str
    workers: int
    executor: Executor | None = None
    """Any of `concurrent.futures`, which stays its owner's; without one there are threads."""
    writes_to: Place | None = None
    """The folder that all of them share, if they are to write their rows themselves."""

    def players(self) -> int:
        """Return how many there are by now: machines come and go."""
        return self.executor.players() if isinstance(self.executor, Varying) else self.workers

    def look(self) -> None:
        """Complain if nobody is left, where that can be known."""
        if isinstance(self.executor, Varying):
            self.executor.look()


def played(batch: Batch, spans: Iterable[Span], crew: Crew) -> Chunks:
    """Yield what was played of these spans, chunk by chunk and in their order.

    Closed early, it leaves nothing running that can be stopped.
    """
    tasks = Tasks(batch, crew)
    if crew.executor is not None:
        return _in_order(_to(crew.executor), tasks, spans, crew)
    if crew.engine == "compiled":
        return _in_threads(tasks, spans, crew)
    return _here(tasks, spans) if crew.workers == 1 else _in_processes(tasks, spans, crew)


def _in_threads(tasks: Tasks, spans: Iterable[Span], crew: Crew) -> Chunks:
    """Play in threads: compiled code lets go of the interpreter, so they share the work.

    The main one stays free to hear a Ctrl-C: every run then breaks off at its next event.
    """
    stop = np.zeros(1, np.bool_)
    with ThreadPoolExecutor(crew.workers) as executor:
        try:
            yield from _in_order(lambda task: executor.submit(play, task, stop), tasks, spans, crew)
        finally:
            stop[0] = True
            executor.shutdown(wait=True, cancel_futures=True)


def _here(tasks: Tasks, spans: Iterable[Span]) -> Chunks:
    for span in tasks.cut(spans):
        yield tasks.learn(play(tasks.of(span)))


def _in_processes(tasks: Tasks, spans: Iterable[Span], crew: Crew) -> Chunks:
    import loky  # noqa: PLC0415 - who does not need it waits not

    executor = loky.get_reusable_executor(max_workers=crew.workers, timeout=60)
    whole = False
    try:
        yield from _in_order(_to(executor), tasks, spans, crew)
        whole = True
    finally:
        if not whole:
            executor.shutdown(wait=True, kill_workers=True)


def _to(executor: Executor, how: Callable[[Task], Done] = play) -> Callable[[Task], Future[Done]]:
    """Return what hands a task to an executor."""

    def submit(task: Task) -> Future[Done]:
        return executor.submit(how, task)

    return submit


def _in_order(
    submit: Callable[[Task], Future[Done]], tasks: Tasks, spans: Iterable[Span], crew: Crew
) -> Chunks:
    """Yield chunks in their order while others are being played."""
    waiting: deque[Future[Done]] = deque()
    try:
        for span in tasks.cut(spans):
            waiting.append(submit(tasks.of(span)))
            if len(waiting) > _AHEAD * crew.players():
                yield tasks.learn(result_of(waiting.popleft(), crew.look))
        while waiting:
            yield result_of(waiting.popleft(), crew.look)
    finally:
        for future in waiting:
            future.cancel()
