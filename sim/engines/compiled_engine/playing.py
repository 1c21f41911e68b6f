"""Playing runs in a world that grows when a run needs more room."""

from collections.abc import Iterator

import numpy as np

from sim.engines.compiled_engine.building import new_world
from sim.engines.compiled_engine.kernel import play_runs
from sim.engines.compiled_engine.world import CRISES, HEARD, NOTES, WAITING, World
from sim.model.pointers import pointed_at
from sim.scenario.numbers import Parameters


def play(world: World, seed: int, runs: range) -> World:
    done = play_runs(pointed_at(world), seed, runs.start, len(runs), 0)
    while done < len(runs) and not world.stop[0]:
        world = _with_more_room(world)
        done = play_runs(pointed_at(world), seed, runs.start, len(runs), done)
    return world


def _with_more_room(world: World) -> World:
    lacks = world.now[0].lacks
    if lacks == CRISES:
        return _more_crises(world)
    name = {WAITING: "waiting", HEARD: "heard", NOTES: "notes"}[lacks]
    array = getattr(world, name)
    world.now[0]["room_" + name] = len(array) + len(array)
    return world._replace(**{name: np.concatenate([array, np.zeros_like(array)])})


def _more_crises(world: World) -> World:
    rows, room = world.room
    def grown(cells):
        table = cells.reshape(-1, room)
        return np.concatenate([table, np.zeros_like(table)], axis=1).ravel()
    return world._replace(
        crisis_counts=grown(world.crisis_counts),
        crisis_hours=grown(world.crisis_hours),
        room=np.array([rows, room + room], np.int64),
    )
