"""Cutting: how many runs a task has, learned from how long others took.

A task is short for whoever watches, and long for whoever hands it out and takes what comes back.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sim.results.gathering import Keeping
from sim.results.spans import RUNS_PER_BLOCK
from sim.scenario.parameters import parameters
from sim.study.playing.tasks import Done, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.results.batch import Batch
    from sim.results.spans import Span
    from sim.study.playing.chunks import Crew

# How long a task should take: by threads here, by others, by others who write files.
_SECONDS_HERE: Final = 0.1
_SECONDS_ELSEWHERE: Final = 1.0
_SECONDS_WITH_FILES: Final = 10.0
# Who hands out hundreds of tasks a second is who the others wait for.
_TASKS_A_SECOND: Final = 100
# A whole block as one task, of which a tally or a part comes back, may take longer.
_SECONDS_OF_A_BLOCK: Final = 600.0
_FIRST: Final = 4
_MOST: Final = 10_000
_MOST_WITH_FILES: Final = 50_000


class Tasks:
    """What is handed out."""

    def __init__(self, batch: Batch, crew: Crew) -> None:
        """Begin with small tasks."""
        self._batch = batch
        self._crew = crew
        self._keeping = Keeping(batch.rows, batch.crises)
        self._numbers = lru_cache(maxsize=2)(lambda case: parameters(batch.case(case)))
        self._runs = _FIRST
        self._place = crew.writes_to.somewhere() if crew.writes_to else None
        self._most = _MOST_WITH_FILES if crew.writes_to else _MOST
        self._seconds_a_run: float | None = None

    def of(self, span: Span) -> Task:
        """Return the task of playing some runs."""
        batch, crew = self._batch, self._crew
        block = batch.layout.block_at(span.case, span.start)
        keeps_rows = self._keeping.keeps_rows(block)
        is_summed = not keeps_rows and self._is_whole(span)
        return Task(
            self._numbers(span.case),
            batch.seed,
            span,
            crew.engine,
            batch.is_sweep,
            None if is_summed else self._place,
            self._keeping.keeps_crises(block),
            batch.scenario if is_summed else None,
        )

    def learn(self, done: Done) -> Done:
        """Aim at the time that a task should take, without leaping."""
        self._seconds_a_run = max(done.seconds, 1e-9) / done.span.runs
        aim = int(self._seconds() / self._seconds_a_run)
        self._runs = max(1, min(aim, 4 * self._runs, self._most))
        return done

    def _seconds(self) -> float:
        crew = self._crew
        if crew.executor is None:
            return _SECONDS_HERE
        least = _SECONDS_WITH_FILES if crew.writes_to else _SECONDS_ELSEWHERE
        return max(least, crew.players() / _TASKS_A_SECOND)

    def cut(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Yield the runs of task after task, as many as are right by then."""
        spans = list(spans)
        left = sum(span.runs for span in spans)
        for span in spans:
            start = span.start
            while start < span.stop:
                rest = span._replace(start=start)
                runs = rest.runs if self._is_one_task(rest, left) else min(self._runs, rest.runs)
                yield rest._replace(stop=start + runs)
                start += runs
                left -= runs

    def _is_one_task(self, span: Span, left: int) -> bool:
        """Return whether a block is played as a whole: if nobody will have to wait for its end."""
        if self._seconds_a_run is None or not self._is_whole(span):
            return False
        lasts = self._seconds_a_run * RUNS_PER_BLOCK
        return lasts <= _SECONDS_OF_A_BLOCK and left >= self._crew.players() * RUNS_PER_BLOCK

    def _is_whole(self, span: Span) -> bool:
        """Return whether these runs are a block of which others give a tally, or write the part."""
        if self._crew.executor is None or span.runs < RUNS_PER_BLOCK:
            return False
        block = self._batch.layout.block_at(span.case, span.start)
        if block.spans != (span,):
            return False
        if self._keeping.keeps_rows(block):
            return self._crew.writes_to is not None
        return not self._batch.is_sweep and self._batch.until is None
