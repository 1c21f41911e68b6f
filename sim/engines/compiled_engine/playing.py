"""Playing runs in a world that grows when a run needs more room."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.engines.compiled_engine.kernel import play_runs
from sim.engines.compiled_engine.one_piece import in_one_piece
from sim.engines.compiled_engine.world import CRISES, HEARD, NOTES, WAITING, World
from sim.model.pointers import pointed_at

_ARRAYS: Final = {WAITING: "waiting", HEARD: "heard", NOTES: "notes"}


def play(world: World, seed: int, runs: range) -> World:
    """Play runs, and return the world that has their rows: the same one, or a roomier one.

    A run that lacks room is played again from its beginning: its luck is the same. Somebody who
    sets `world.stop` breaks this off, and the rows are then worth nothing.
    """
    world.now[0].crisis_rows = 0
    done = play_runs(pointed_at(world), seed, runs.start, len(runs), 0)
    while done < len(runs) and not world.stop[0]:
        world = _with_more_room(world)
        if world.tree[0].grows:
            world = in_one_piece(world)
        done = play_runs(pointed_at(world), seed, runs.start, len(runs), done)
    return world


def with_room_for(world: World, runs: int) -> World:
    """Return the world with room for the outcomes of at least so many runs; its rows are lost."""
    room, crises = world.room
    if runs <= room:
        return world
    more = max(runs, room + room)
    roomier: dict[str, Any] = {
        "outcome_counts": np.zeros(len(world.outcome_counts) // room * more, np.int64),
        "outcome_hours": np.zeros(len(world.outcome_hours) // room * more, np.float64),
        "room": np.array([more, crises], np.int64),
    }
    return world._replace(**roomier)


def _with_more_room(world: World) -> World:
    """Return the world with twice as much of what its last run lacked."""
    now = world.now[0]
    if now.lacks == CRISES:
        return _with_more_crises(world)
    name = _ARRAYS[now.lacks]
    array = np.asarray(getattr(world, name))
    setattr(now, f"room_{name}", len(array) + len(array))
    roomier: dict[str, Any] = {name: np.concatenate([array, np.zeros_like(array)])}
    return world._replace(**roomier)


def _with_more_crises(world: World) -> World:
    runs, crises = world.room
    roomier: dict[str, Any] = {
        "crisis_counts": _doubled(world.crisis_counts, crises),
        "crisis_hours": _doubled(world.crisis_hours, crises),
        "room": np.array([runs, crises + crises], np.int64),
    }
    return world._replace(**roomier)


def _doubled(cells: object, room: int) -> npt.NDArray[Any]:
    """Return a table, kept column by column, with room for as many rows again."""
    table = np.asarray(cells).reshape(-1, room)
    return np.concatenate([table, np.zeros_like(table)], axis=1).ravel()
