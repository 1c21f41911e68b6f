"""Runs for whoever looks on: few at once, then more and more, and none is played a second time.

What is known of a plan grows from run 0 on, so what is shown of its first runs is just what
`sim.run` gives with so many replications.
"""

from __future__ import annotations

import math
import os
import sys
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from sim.results.batch import Batch
from sim.results.held import rows_of
from sim.results.parts import Parts
from sim.results.results import Results
from sim.results.spans import Span
from sim.results.sums import Summed
from sim.results.tally import Tally
from sim.scenario.parameters import parameters
from sim.study.playing.tasks import Task, empty_tables, play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    import numpy.typing as npt

    from sim.engines.compiled_engine import Stop
    from sim.results.pieces import Failure
    from sim.scenario.scenario import Scenario
    from sim.study.playing.tasks import Done

MOST_RUNS: Final = 100_000
"""Whoever wants more than one block of runs does not sit and watch."""
# A piece costs a millisecond of its own.
_LEAST_PIECE: Final = 8
_FIRST_RUNS: Final = 16
_FIRST_SECONDS: Final = 0.05
# What follows is played for so long at least, since pictures of a few runs more are not worth
# drawing, and at most, since somebody waits; a small rest is played too. Drawing takes a quarter
# of a second of a processor, which the runs lack.
_NEXT_SECONDS: Final = 1.2, 4.0
_GROWTH: Final = 4
# Half the weight of a thread that does not give way.
_NICENESS: Final = 3
# A run takes about 650 bytes, so that this is 130 MB.
_MOST_RUNS_KEPT: Final = 2 * MOST_RUNS
# What a plan itself takes, in runs.
_RUNS_FOR_A_PLAN: Final = 1000
# Those on the screen are kept, whatever they take.
_LEAST_KEPT: Final = 2


class Known:
    """The runs of one plan that are known so far."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """Begin with none."""
        self.batch = Batch(scenario, seed, 1)
        self._numbers = parameters(scenario)
        empty = empty_tables(self._numbers, is_sweep=False)
        # Of crises only what the delays need: all else is most of the memory.
        steps = [f"{name}_in_force_hours" for name in scenario.steps]
        self._outcomes, self._crises = empty.outcomes, empty.crises.select([*_OF_CRISES, *steps])
        self._failures: tuple[Failure, ...] = ()
        self._tallies: dict[int, Tally] = {}
        self.seconds_a_run: float | None = None

    @property
    def runs(self) -> int:
        """How many there are."""
        return int(self._outcomes.num_rows)

    def tasks(self, until: int, workers: int) -> Iterator[Task]:
        """Yield the playing of what is missing of so many runs, in pieces for so many workers.

        Runs differ in length, and drawing takes from one worker more than from the other. Pieces
        that get smaller and smaller let all of them end at the same time (guided self-scheduling;
        Polychronopoulos and Kuck 1987), though they leave each worker half of its share at first.
        """
        start = self.runs
        while start < until:
            size = max(_LEAST_PIECE, math.ceil((until - start) / (2 * workers)))
            span = Span(0, start, min(start + size, until))
            yield Task(self._numbers, self.batch.seed, span, "compiled")
            start = span.stop

    def add(self, played: Sequence[Done]) -> None:
        """Take runs that were played, which follow each other; those that are known are left.

        Somebody else who looks on may have played some of them meanwhile, up to within a piece.
        """
        new = [one for one in played if one.span.stop > self.runs]
        if not new:
            return
        known, columns = self.runs, self._crises.column_names
        outcomes = [rows_of(one.held.outcomes) for one in new]
        crises = [rows_of(one.held.crises) for one in new if one.held.crises is not None]
        failures = [one for done in new for one in done.held.failures if one.run >= known]
        self._outcomes = _joined([self._outcomes, *(_from(known, one) for one in outcomes)])
        self._crises = _joined(
            [self._crises, *(_from(known, one).select(columns) for one in crises)]
        )
        self._failures += tuple(failures)
        self.seconds_a_run = sum(one.seconds for one in new) / sum(one.span.runs for one in new)

    def results(self, runs: int, scenario: Scenario) -> Results:
        """Return the results of the first so many runs.

        The scenario is this one, perhaps with another title or other sources. Raises `ValueError`
        if not so many are known.
        """
        if runs > self.runs:
            message = f"runs: are {runs}, must be at most {self.runs}, which are known so far"
            raise ValueError(message)
        outcomes = self._outcomes.slice(0, runs)
        crises = self._crises.slice(0, np.searchsorted(self._crises["run"].to_numpy(), runs))
        batch = replace(self.batch, scenario=scenario, replications=runs)
        tally = self._tally(runs, outcomes)
        return Results(
            batch,
            Parts("outcomes", outcomes.schema, [outcomes]),
            Parts("crises", crises.schema, [crises]),
            tuple(one for one in self._failures if one.run < runs),
            Summed(0, None, tally),
        )

    def _tally(self, runs: int, outcomes: pa.Table) -> Tally:
        """Return the tally of the first so many runs; of the plan that stays as it is, once."""
        if runs not in self._tallies:
            # Quantiles take nine tenths of the time, and nobody sees them here.
            self._tallies[runs] = Tally.of(self.batch.scenario, outcomes, with_quantiles=False)
        return self._tallies[runs]


_OF_CRISES: Final = ("run", "clock_hours")


def _from(run: int, table: pa.Table) -> pa.Table:
    """Return the rows of a run and of those after it."""
    return table.slice(np.searchsorted(table["run"].to_numpy(), run))


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables([one.replace_schema_metadata() for one in tables]).combine_chunks()


class Kept:
    """What is known of the plans that were looked at last, so that going back is instant."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._known: OrderedDict[str, Known] = OrderedDict()

    def of(self, scenario: Scenario, seed: int) -> Known:
        """Return what is known of a plan, whatever its title is."""
        name = Batch(scenario, seed, 1).batch_id
        if name not in self._known:
            self._known[name] = Known(scenario, seed)
        self._known.move_to_end(name)
        while len(self._known) > _LEAST_KEPT and self._size > _MOST_RUNS_KEPT:
            self._known.popitem(last=False)
        return self._known[name]

    @property
    def _size(self) -> int:
        """How much is kept, in runs."""
        return sum(max(_RUNS_FOR_A_PLAN, one.runs) for one in self._known.values())


class Players:
    """Threads that play what is missing of some plans."""

    def __init__(self, workers: int) -> None:
        """Be ready; threads begin when there is something to play."""
        self.workers = workers
        self._executor = ThreadPoolExecutor(workers, "explorer", _give_way)

    def begin(self, plans: Sequence[Known], until: int, stop: Stop) -> list[list[Future[Done]]]:
        """Hand out what each plan misses of so many runs; setting `stop` breaks all of it off."""
        return [
            [self._executor.submit(play, task, stop) for task in known.tasks(until, self.workers)]
            for known in plans
        ]

    def close(self) -> None:
        """Let the threads go, once what they are at is broken off."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def next_size(self, plans: Sequence[Known], shown: int, most: int) -> int:
        """Return how many runs are to be shown next: as many as fit into a moment, then more."""
        known = min(one.runs for one in plans)
        if not shown:
            return min(most, max(known, self._in(_FIRST_SECONDS, plans)))
        least, longest = (shown + self._in(seconds, plans) for seconds in _NEXT_SECONDS)
        until = max(known, min(max(_GROWTH * shown, least), longest))
        return most if most - until < until - shown else until

    def _in(self, seconds: float, plans: Sequence[Known]) -> int:
        """Return how many runs of each plan that are not known yet can be played in this time."""
        of_a_run = [one.seconds_a_run for one in plans if one.seconds_a_run is not None]
        if not of_a_run:
            return _FIRST_RUNS
        # A plan of which nothing is known yet takes about as long as the other one.
        least = min(one.runs for one in plans)
        behind = sum(one.runs == least for one in dict.fromkeys(plans))
        return max(2, int(seconds * self.workers / (behind * max(of_a_run))))


def _give_way() -> None:
    """Let this thread stand back a little, behind the one that draws and a browser that shows.

    Elsewhere than on Linux threads cannot differ in that.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def next_parting(first: Results, other: Results, after: int) -> int | None:
    """Return the next run that ends otherwise under the other plan; where none does, that goes so.

    After the last one it begins again with run 0; None where no run differs.
    """
    ours, theirs = (next(one.tables()) for one in (first, other))
    both = [name for name in ours.column_names if name in theirs.column_names]
    for names in (["outcome"], both):
        differs = np.zeros(ours.num_rows, np.bool_)
        for name in names:
            differs |= _differs(ours[name], theirs[name])
        (runs,) = np.nonzero(differs)
        if len(runs):
            return int(next((run for run in runs if run > after), runs[0]))
    return None


def _differs(ours: pa.ChunkedArray, theirs: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return where two columns are not the same, shape (runs,); nothing is like nothing."""
    one, two = (np.asarray(column.to_pylist(), object) for column in (ours, theirs))
    found: npt.NDArray[np.bool_] = np.not_equal(one, two).astype(np.bool_)
    return found
