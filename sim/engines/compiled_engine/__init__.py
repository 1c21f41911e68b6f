"""The compiled engine: the same rules in the same order, without the interpreter.

Begin with `world.py` and `numbers.py` (what there is), then `line.py` (a run), `sector.py`
(fighting), `hearing.py` (what is seen), `ladder.py`, `step.py` and `deciding.py` (the plan).
`clocks.py` and `waiting.py` say what happens next, `drawing.py` draws what belongs to incidents,
many at a time; `between_crises.py` goes sector by sector where nothing else happens. Whatever is
decided is asked of the rules in `sim.model`.
"""

from collections.abc import Sized
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.engines.compiled_engine.building import new_world
from sim.engines.compiled_engine.playing import play, with_room_for
from sim.engines.compiled_engine.world import World
from sim.engines.rows import Cells, Rows, crisis_columns, outcome_columns, sorted_by_kind
from sim.engines.story import Note
from sim.scenario.numbers import Parameters

Stop = npt.NDArray[np.bool_]


class Player:
    """Plays runs of one scenario, some at a time, in memory that is used again.

    A thread has a player to itself. `stop`, shape (1,), is shared: once it is set, all break off.
    """

    def __init__(self, numbers: Parameters, stop: Stop) -> None:
        """Be ready to play; nothing is allocated yet."""
        self._numbers = numbers
        self._stop = stop
        self._world: World | None = None

    def play(self, seed: int, runs: range) -> Rows:
        """Return the rows of some runs, in their order; of no use once `stop` is set."""
        if self._world is None:
            shared: Any = self._stop
            self._world = new_world(self._numbers, len(runs))._replace(stop=shared)
        self._world = play(with_room_for(self._world, len(runs)), seed, runs)
        return _rows(self._world, len(runs), self._numbers)


def _rows(world: World, runs: int, numbers: Parameters) -> Rows:
    """Return copies of the rows, which are the world's own until it is used again."""
    rooms, crises = world.room, world.now[0].crisis_rows
    outcome_kinds = sorted_by_kind(outcome_columns(numbers))
    crisis_kinds = sorted_by_kind(crisis_columns(numbers))

    def filled(cells: object, columns: Sized, room: int, rows: int) -> npt.NDArray[Any]:
        return np.asarray(cells)[: len(columns) * room].reshape(-1, room)[:, :rows].copy()

    return Rows(
        Cells(
            filled(world.outcome_counts, outcome_kinds.counts, rooms[0], runs),
            filled(world.outcome_hours, outcome_kinds.hours, rooms[0], runs),
        ),
        Cells(
            filled(world.crisis_counts, crisis_kinds.counts, rooms[1], crises),
            filled(world.crisis_hours, crisis_kinds.hours, rooms[1], crises),
        ),
    )


_NOBODY_STOPS: Final = np.zeros(1, np.bool_)


def simulate(numbers: Parameters, seed: int, runs: range) -> Rows:
    """Return the rows of some runs, in their order."""
    return Player(numbers, _NOBODY_STOPS).play(seed, runs)


def notes(numbers: Parameters, seed: int, run: int) -> list[Note]:
    """Return every event of one run."""
    world = play(new_world(numbers, 1, traces=True), seed, range(run, run + 1))
    found = np.asarray(world.notes)[: world.now[0].noted]
    return [Note(*note) for note in found.tolist()]
