"""A task: some runs of a case, played wherever it is handed to.

What travels is plain: the scenario's numbers there, rows of numbers back, or only the word that
rows were written to a folder that all share.
"""

from __future__ import annotations

import math
import platform
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba.core.errors import NumbaError

from sim.engines.compiled_engine import Player
from sim.engines.rows import (
    NO_WORD,
    OUTCOME,
    Cells,
    Rows,
    cells_of,
    crisis_columns,
    outcome_columns,
)
from sim.model.words import OUTCOMES
from sim.results.frames import empty_table, table_of, with_case
from sim.results.held import Held, Tables, put_together, rows_of
from sim.results.pieces import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    import numpy.typing as npt
    import pyarrow as pa

    from sim.engines.compiled_engine import Stop
    from sim.engines.rows import Column
    from sim.results.place import Place
    from sim.results.spans import Span
    from sim.scenario.numbers import Parameters
    from sim.scenario.scenario import Scenario

# A task may be long; the memory that it takes beside its outcomes is that of so many runs.
_RUNS_AT_ONCE: Final = 10_000
# When the first so many runs have all gone wrong, the others would too.
FIRST_RUNS: Final = 100


class Task(NamedTuple):
    """Runs to play."""

    numbers: Parameters
    seed: int
    span: Span
    engine: str
    is_sweep: bool = False
    """Whether rows say which case they are of."""
    place: Place | None = None
    """A folder to write the rows to, if whoever plays can write there."""
    crises: bool = True
    """Whether the rows of crises are wanted, which are most of the bytes."""
    scenario: Scenario | None = None
    """The scenario, if the tally of the runs is wanted in place of their rows."""


class Done(NamedTuple):
    """Runs that were played."""

    held: Held
    seconds: float
    endings: tuple[int, ...]
    """How many ended in each way, in the order of `OUTCOMES`."""
    first_endings: tuple[int, ...]
    """The same, of the first hundred runs of the batch."""

    @property
    def span(self) -> Span:
        """Which runs."""
        return self.held.spans[0]


_mine = threading.local()


def play(task: Task, stop: Stop | None = None) -> Done:
    """Play the runs of a task; one that fails is told of, and the others go on."""
    began = time.perf_counter()
    if task.place is not None:
        _check_that_it_is_there(task.place)
    slices = [_played(part, stop) for part in _slices(task)]
    held = slices[0][0] if len(slices) == 1 else _together(task, [held for held, _ in slices])
    if task.scenario is not None:
        held = _summed(task, task.scenario, held)
    elif task.place is not None:
        held = task.place.write_piece(held)
    seconds = time.perf_counter() - began
    ended = np.concatenate([ended for _, ended in slices])
    first = ended[: max(0, FIRST_RUNS - task.span.start)] if task.span.case == 0 else ended[:0]
    return Done(held, seconds, _counted(ended), _counted(first))


def _check_that_it_is_there(place: Place) -> None:
    """Complain where a folder is another machine's: rows written here would be found by nobody."""
    if not place.pieces.is_dir():
        message = (
            f"{place.folder}: is not there for those who play ({platform.node()}), must be a "
            "folder that all share; without it rows come back to be written"
        )
        raise FileNotFoundError(message)


def _slices(task: Task) -> Iterator[Task]:
    """Yield the task in parts that take little memory."""
    span = task.span
    for start in range(span.start, span.stop, _RUNS_AT_ONCE):
        part = span._replace(start=start, stop=min(start + _RUNS_AT_ONCE, span.stop))
        yield task._replace(span=part)


def _together(task: Task, slices: Sequence[Held]) -> Held:
    return put_together((task.span,), slices, empty_tables(task.numbers, is_sweep=task.is_sweep))


def _summed(task: Task, scenario: Scenario, held: Held) -> Held:
    """Return the tally of a block's outcomes in place of its rows."""
    from sim.results.tally import Tally  # noqa: PLC0415 - takes time, and few need it

    tally = Tally.of(scenario, rows_of(held.outcomes))
    empty = empty_tables(task.numbers, is_sweep=task.is_sweep)
    return held._replace(outcomes=empty.outcomes, crises=None, tally=tally)


def _played(task: Task, stop: Stop | None) -> tuple[Held, npt.NDArray[np.int64]]:
    """Return the rows of runs, and how each run ended."""
    runs = range(task.span.start, task.span.stop)
    failures: list[Failure] = []
    try:
        rows = _rows(task, runs, stop)
    except NumbaError:  # no run is played by an engine that cannot be compiled
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other runs can be played
        rows, failures = _one_by_one(task, runs, stop, error)
    return _held(task, rows, failures), rows.outcomes.counts[OUTCOME]


def _counted(ended: npt.NDArray[np.int64]) -> tuple[int, ...]:
    known = ended[ended != NO_WORD]
    return tuple(np.bincount(known, minlength=len(OUTCOMES)).tolist())


def _rows(task: Task, runs: range, stop: Stop | None) -> Rows:
    if task.engine == "simpy":
        from sim.engines.simpy_engine import simulate  # noqa: PLC0415 - takes time to load

        return simulate(task.numbers, task.seed, runs)
    return _player(task.numbers, stop).play(task.seed, runs)


def _player(numbers: Parameters, stop: Stop | None) -> Player:
    """Return this thread's player, the last one if it is for the same numbers."""
    mine = getattr(_mine, "last", None)
    if mine is None or mine[1] is not stop or mine[0] != numbers:
        player = Player(numbers, np.zeros(1, np.bool_) if stop is None else stop)
        mine = _mine.last = (numbers, stop, player)
    found: Player = mine[2]
    return found


def _one_by_one(
    task: Task, runs: range, stop: Stop | None, error: Exception
) -> tuple[Rows, list[Failure]]:
    """Play runs of which at least one fails, each by itself."""
    played, failures = [], []
    for run in runs:
        try:
            if len(runs) == 1:
                raise error  # noqa: TRY301 - it is known already
            _mine.last = None  # whatever state it was left in
            played.append(_rows(task, range(run, run + 1), stop))
        except Exception as problem:  # noqa: BLE001 - it is told of
            failures.append(Failure(task.span.case, run, type(problem).__name__, str(problem)))
            played.append(_nothing(task.numbers, run))
    tables = zip(*played, strict=True)
    cells = (Cells(*map(_side_by_side, zip(*one, strict=True))) for one in tables)
    return Rows(*cells), failures


def _side_by_side(arrays: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    return np.concatenate(arrays, axis=1)


def _nothing(numbers: Parameters, run: int) -> Rows:
    """Return the row of a run that failed: it has no outcome, and nothing is known of it."""
    columns = outcome_columns(numbers)
    row: list[int | float] = [0 if column.is_whole() else math.nan for column in columns]
    row[:2] = run, NO_WORD
    return Rows(cells_of(columns, [tuple(row)]), cells_of(crisis_columns(numbers), []))


def _held(task: Task, rows: Rows, failures: list[Failure]) -> Held:
    outcomes = _table(task, outcome_columns(task.numbers), rows.outcomes)
    crises = _table(task, crisis_columns(task.numbers), rows.crises) if task.crises else None
    return Held((task.span,), outcomes, crises, tuple(failures))


def _table(task: Task, columns: Sequence[Column], cells: Cells) -> pa.Table:
    table = table_of(columns, cells)
    return with_case(table, task.span.case) if task.is_sweep else table


def empty_tables(numbers: Parameters, *, is_sweep: bool) -> Tables:
    """Return the tables of a batch without rows."""
    columns = outcome_columns(numbers), crisis_columns(numbers)
    empty = [empty_table(one) for one in columns]
    return Tables(*((with_case(one, 0) if is_sweep else one) for one in empty))
