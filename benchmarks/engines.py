"""The engines side by side: first that they give the same rows, then how long they take."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import heap_loop
import numpy as np
from timing import Spread, runs_that_take, seconds_in_rounds, spread
from worlds_to_play import SEED, events_by_run, numbers_of

from sim.engines import simpy_engine
from sim.engines.compiled_engine import Player
from sim.engines.rows import Cells, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from c_program import CProgram

    from sim.scenario.numbers import Parameters

SIMPY: Final = "SimPy engine"
HEAP: Final = "heap loop in Python"
ONE_THREAD: Final = "compiled engine, 1 thread"
TWO_THREADS: Final = "compiled engine, 2 threads"
C: Final = "C program, 1 thread"


class Engine(NamedTuple):
    """Something that plays runs from run 0 on."""

    name: str
    play: Callable[[range], Rows]


class Effort(NamedTuple):
    """How much is done: a quick look, or a measurement."""

    checked_runs: int
    turn_seconds: float
    rounds: int


class Checked(NamedTuple):
    """What all engines were seen to agree on."""

    engines: int
    runs: int
    crises: int
    events: int


class Timed(NamedTuple):
    """An engine's turns."""

    name: str
    runs: int
    events: int
    seconds: list[float]

    def ns_per_event(self) -> Spread:
        """Return nanoseconds for each event that a trace would show."""
        return spread([1e9 * seconds / self.events for seconds in self.seconds])

    def per_second(self, count: int) -> float:
        """Return how many of a count that was reached in each turn there are in a second."""
        return count / spread(self.seconds).median

    def speed(self, other: Timed) -> Spread:
        """Return how many times as many events as another it plays in a second, by round."""
        share = self.events / other.events
        pairs = zip(other.seconds, self.seconds, strict=True)
        return spread([share * theirs / mine for theirs, mine in pairs])

    def best_speed(self, other: Timed) -> float:
        """Return the same for the quickest turn of each: what the machine does undisturbed."""
        return self.events / min(self.seconds) / (other.events / min(other.seconds))


class DifferentRowsError(Exception):
    """Two engines do not agree."""


def engines_of(numbers: Parameters, program: CProgram | None) -> Iterator[Engine]:
    """Yield every engine, for one scenario; the C program where it could be compiled."""
    yield Engine(SIMPY, lambda runs: simpy_engine.simulate(numbers, SEED, runs))
    yield Engine(HEAP, lambda runs: heap_loop.simulate(numbers, SEED, runs))
    # Those that are compared most closely have their turns one right after the other.
    if program is not None:
        yield Engine(C, lambda runs: program.play(numbers, runs).rows)
    yield Engine(ONE_THREAD, lambda runs: _in_threads(numbers, runs, 1))
    yield Engine(TWO_THREADS, lambda runs: _in_threads(numbers, runs, 2))


_CHUNKS_A_THREAD: Final = 16
"""How many chunks each thread plays: so many that none has to wait long for the last one."""


def _in_threads(numbers: Parameters, runs: range, threads: int) -> Rows:
    mine, stop = threading.local(), np.zeros(1, np.bool_)

    def played(some: range) -> Rows:
        if not hasattr(mine, "player"):
            mine.player = Player(numbers, stop)
        rows: Rows = mine.player.play(SEED, some)
        return rows

    size = max(1, len(runs) // (_CHUNKS_A_THREAD * threads))
    with ThreadPoolExecutor(threads) as executor:
        starts = range(runs.start, runs.stop, size)
        some = [range(start, min(start + size, runs.stop)) for start in starts]
        chunks = list(executor.map(played, some))
    outcomes = [rows.outcomes for rows in chunks]
    crises = [rows.crises for rows in chunks]
    return Rows(_joined(outcomes), _joined(crises))


def _joined(cells: list[Cells]) -> Cells:
    counts = np.concatenate([one.counts for one in cells], axis=1)
    return Cells(counts, np.concatenate([one.hours for one in cells], axis=1))


_CHANGES: Final[tuple[tuple[tuple[str, Any], ...], ...]] = (
    (),
    (("crisis.scope", "sector"),),
    (("run.most_violations", 700), ("attack.per_year", 175.0)),
)
"""What is checked: the reference scenario; a ladder for each sector; runs that are cut off."""


def checked(runs: int, program: CProgram | None) -> Checked:
    """Compare the rows of all engines bit for bit; raise `DifferentRowsError` where they differ."""
    crises = events = engines = 0
    for changes in _CHANGES:
        numbers = numbers_of(*changes)
        first, *others = engines_of(numbers, program)
        rows = first.play(range(runs))
        for other in others:
            _compare(rows, other.play(range(runs)), other.name)
        crises += rows.crises.counts.shape[1]
        counted = sum(events_by_run(numbers, range(runs)))
        _compare_events(numbers, program, runs, counted)
        events, engines = events + counted, 1 + len(others)
    return Checked(engines, runs * len(_CHANGES), crises, events)


def _compare(rows: Rows, others: Rows, name: str) -> None:
    """Compare every array of two engines' rows; what is missing is missing in both."""
    for table, mine, theirs in zip(Rows._fields, rows, others, strict=True):
        for field, one, other in zip(Cells._fields, mine, theirs, strict=True):
            if one.dtype != other.dtype or not np.array_equal(one, other, equal_nan=True):
                raise DifferentRowsError(f"{table}.{field}: {name} differs from the {SIMPY}")


def _compare_events(numbers: Parameters, program: CProgram | None, runs: int, counted: int) -> None:
    """Compare the counts of events, of which every number per event is made."""
    told = sum(len(simpy_engine.notes(numbers, SEED, run)) for run in range(runs))
    counts = {told, counted, program.play(numbers, range(runs)).events if program else told}
    if len(counts) > 1:
        raise DifferentRowsError(f"events: {sorted(counts)}, must be the same count")


def race(effort: Effort, program: CProgram | None) -> list[Timed]:
    """Return the turns of every engine on the reference scenario, in the order of the engines."""
    numbers = numbers_of()
    engines = list(engines_of(numbers, program))
    runs = [runs_that_take(effort.turn_seconds, engine.play) for engine in engines]
    events = list(accumulate(events_by_run(numbers, range(max(runs)))))
    works = [_turn(engine, count) for engine, count in zip(engines, runs, strict=True)]
    seconds = seconds_in_rounds(works, effort.rounds)
    return [
        Timed(engine.name, count, events[count - 1], turns)
        for engine, count, turns in zip(engines, runs, seconds, strict=True)
    ]


def _turn(engine: Engine, runs: int) -> Callable[[], Rows]:
    return lambda: engine.play(range(runs))
