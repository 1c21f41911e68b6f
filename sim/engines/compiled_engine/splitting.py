"""Playing runs that are split where fighting first reaches a level (`branching.py`)."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engines.compiled_engine.building import new_world
from sim.engines.compiled_engine.one_piece import in_one_piece
from sim.engines.compiled_engine.playing import play, with_room_for
from sim.engines.compiled_engine.state import Fork
from sim.engines.compiled_engine.world import World
from sim.model.records import array_of
from sim.scenario.numbers import Parameters

Counts = npt.NDArray[np.int64]

# A world that is copied again and again begins small; a run that needs more room gets it.
_ROOM_AT_FIRST: Final = 32


class Branched(NamedTuple):
    """What became of runs that were split; each of shape (runs, levels)."""

    hits: Counts
    """How many branches had the event, by the level of the hardest fighting before."""
    passed: Counts
    """How often a level was reached from below, split as at the level below it."""
    begun: Counts
    """How many branches began that end with that level; the run itself stands at level 0."""
    played: Counts
    """How many events happened while the hardest fighting was at a level."""


class Splitter:
    """Plays runs of one scenario that are split, some at a time, in memory that is used again.

    A thread has a splitter to itself. `stop`, shape (1,), is shared: once it is set, all break off.
    """

    def __init__(
        self,
        numbers: Parameters,
        stop: npt.NDArray[np.bool_],
        event_level: int,
        copies: Sequence[int],
    ) -> None:
        """Be ready to play.

        `event_level` is the level that is the event, or the one above the highest if a collapse is.
        `copies`, one for each level from 0 on, says as how many copies a run goes on while the
        hardest fighting is at a level: 1 at level 0, and each a multiple of the one before.
        """
        levels = len(numbers.levels)
        shared: Any = stop
        world = new_world(numbers, 1)._replace(
            stop=shared,
            forks=array_of(Fork, levels * len(numbers.sectors)),
            branches_left=array_of(int, levels),
            level_before=array_of(int, levels),
            copies=np.array(copies, np.int64),  # type: ignore[arg-type]  # an array is one
        )
        world.tree[0].grows = True
        world.tree[0].event_level = event_level
        world.now[0].is_split = True
        self._levels = levels
        self._world = in_one_piece(_with_little_room(world))

    def play(self, seed: int, runs: range) -> Branched:
        """Return what became of some runs; of no use once `stop` is set.

        A run whose copies are never more than 1 is the run of that number that is not split.
        """
        cells = len(runs) * self._levels
        counted: dict[str, Any] = {name: np.zeros(cells, np.int64) for name in Branched._fields}
        world = with_room_for(self._world, len(runs))._replace(**counted)
        self._world = play(world, seed, runs)
        return Branched(
            **{name: counts.reshape(-1, self._levels) for name, counts in counted.items()}
        )


def _with_little_room(world: World) -> World:
    little: dict[str, Any] = {
        name: np.asarray(getattr(world, name))[:_ROOM_AT_FIRST].copy()
        for name in ("waiting", "heard")
    }
    now = world.now[0]
    now.room_waiting = now.room_heard = _ROOM_AT_FIRST
    return world._replace(**little)
