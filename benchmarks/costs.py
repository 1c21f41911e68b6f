"""What runs cost: whoever plays, the disk, the network, and whoever gathers what comes back."""

from __future__ import annotations

import hashlib
import pickle
import time
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from timing import Spread, seconds_of, spread

import sim
from sim.results.batch import Batch
from sim.results.frames import read_part
from sim.results.gathering import Gathering, Keeping
from sim.results.held import Held
from sim.results.place import Place
from sim.results.spans import RUNS_PER_BLOCK, Layout, Span
from sim.results.sums import Summed
from sim.results.tally import Tally
from sim.scenario.parameters import parameters
from sim.study.playing.tasks import Task, empty_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.results.results import Results
    from sim.scenario.scenario import Scenario

_SAMPLE: Final = 1_000
_ROUNDS: Final = 5


class Cost(NamedTuple):
    """What runs cost whoever plays them, and where they are kept."""

    runs: int
    """How many were played to learn it."""
    seconds: float
    """Of a processor, for a run."""
    outcome_bytes: float
    """On disk, for a run."""
    crises_bytes: float
    """On disk, for all crises of a run."""
    task_bytes: float
    """That travel to whoever plays, for a task."""
    sent_bytes: float
    """That travel back, for the outcomes of a run."""
    sent_crises_bytes: float
    """That travel back, for all crises of a run."""
    tally_bytes: float
    """That travel back, or are on disk, in place of the outcomes of a block or of any number."""


class Gathered(NamedTuple):
    """The seconds that whoever gathers spends on a block of 100,000 runs."""

    rows: Spread
    """Whose rows come back, and are put together and written."""
    part: Spread
    """Which a worker has written as it stays."""
    tally: Spread
    """Of which a tally comes back."""
    end: Spread
    """When all are there: its rows are read for the summary, and the file is hashed."""


def cost(plan: Scenario, runs: int, workers: int, folder: Path) -> tuple[Results, Cost]:
    """Play runs into a folder, with all their crises, and return what they cost."""
    sim.run(plan, 100, progress=False, workers=workers).summary()  # nothing is slow at first
    began = time.process_time()
    results = sim.run(plan, runs, out=folder, crises=True, workers=workers, progress=False)
    seconds = time.process_time() - began
    span = Span(0, 0, _SAMPLE)
    outcomes, crises = (
        _first(parts.table()) for parts in (results.outcome_parts, results.crisis_parts)
    )
    task = Task(parameters(plan), results.seed, span, "compiled")
    bare = _pickled(Held((span,), outcomes, None))
    found = Cost(
        runs,
        seconds / runs,
        _bytes_below(folder / "outcomes") / runs,
        _bytes_below(folder / "crises") / runs,
        _pickled(task),
        bare / _SAMPLE,
        (_pickled(Held((span,), outcomes, crises)) - bare) / _SAMPLE,
        _pickled(results.tally),
    )
    return results, found


def _first(table: pa.Table) -> pa.Table:
    """Return copies of the rows of the first runs."""
    return table.filter(pc.less(table["run"], _SAMPLE)).combine_chunks()


def _pickled(what: object) -> int:
    return len(pickle.dumps(what, protocol=5))


def _bytes_below(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.parquet"))


def gathered(results: Results, folder: Path) -> Gathered:
    """Return how long it takes to gather a block like the one that these results have."""
    bench = _Bench(results, folder)
    works = (bench.rows, bench.part, bench.tally, bench.end)
    return Gathered(*(spread([work() for _ in range(_ROUNDS)]) for work in works))


class _Bench:
    """A block that is gathered again and again, as the second one of a batch of two."""

    def __init__(self, results: Results, folder: Path) -> None:
        plan = results.scenario
        self._batch = Batch(plan, results.seed, 2 * RUNS_PER_BLOCK)
        self._place = Place(folder, self._batch.batch_id, "first_crises")
        self._empty = empty_tables(parameters(plan), is_sweep=False)
        rows = results.outcome_parts.table()  # fewer than a block's in a quick look
        enough = [rows] * -(-RUNS_PER_BLOCK // rows.num_rows)
        self._table = pa.concat_tables(enough).slice(0, RUNS_PER_BLOCK).combine_chunks()
        self._tally = Tally.of(plan, self._table)
        self._size = self._table.num_rows // 10

    def _time(self, keeping: Keeping, come: Callable[[], list[Held]]) -> float:
        gathering = Gathering(Layout(1, 2 * RUNS_PER_BLOCK), self._empty, self._place, keeping)
        first = next(gathering.layout.blocks())
        gathering.take_part(first, Held(first.spans, self._empty.outcomes, self._empty.crises))
        gathering.take_sums(Summed(RUNS_PER_BLOCK, self._tally), ())

        def work() -> None:
            for held in come():
                gathering.add(held)

        return seconds_of(work)

    def _held(self, start: int, stop: int) -> Held:
        rows = self._table.slice(start, stop - start)
        return Held((Span(0, RUNS_PER_BLOCK + start, RUNS_PER_BLOCK + stop),), rows, None)

    def rows(self) -> float:
        starts = range(0, RUNS_PER_BLOCK, self._size)
        sent = [pickle.dumps(self._held(at, at + self._size), protocol=5) for at in starts]
        return self._time(Keeping(), lambda: [pickle.loads(one) for one in sent])  # noqa: S301 - ours

    def part(self) -> float:
        piece = self._place.write_piece(self._held(0, RUNS_PER_BLOCK))
        return self._time(Keeping(), lambda: [piece])

    def tally(self) -> float:
        span = Span(0, RUNS_PER_BLOCK, 2 * RUNS_PER_BLOCK)
        held = Held((span,), self._empty.outcomes, None, (), self._tally)
        sent = pickle.dumps(held, protocol=5)
        return self._time(Keeping(rows=False), lambda: [pickle.loads(sent)])  # noqa: S301 - as above

    def end(self) -> float:
        (path,) = (self._place.folder / "outcomes").glob("*.parquet")

        def work() -> None:
            Tally.of(self._batch.scenario, read_part(str(path)))
            hashlib.sha256(path.read_bytes()).hexdigest()

        return seconds_of(work)
