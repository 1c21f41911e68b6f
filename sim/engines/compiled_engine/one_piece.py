"""The state of a run as one piece of memory, which can be kept and taken up again at a blow."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.engines.compiled_engine.world import World
from sim.model.records import array_of

# What changes during a run and is needed after the event.
_STATE: Final = (
    "now",
    "level_hours",
    "sectors",
    "conditions",
    "commitments",
    "clocks",
    "rings",
    "waiting",
    "heard",
    "ladders",
    "fought",
    "climbs",
    "votes",
    "backed",
    "said_yes",
    "step_counts",
    "forks",
)
# Marks of incidents to come, which a branch draws anew.
_MARKS: Final = ("incident_levels", "thresholds", "reached_hours")


def in_one_piece(world: World) -> World:
    """Return the world with its state in one piece of memory, and room to keep it at each level."""
    arrays = {name: np.asarray(getattr(world, name)) for name in (*_STATE, *_MARKS)}
    words = {name: _words(array) for name, array in arrays.items()}
    state = array_of(int, sum(words.values()))
    placed: dict[str, Any] = {}
    first = 0
    for name, array in arrays.items():
        placed[name] = _view_like(state[first : first + words[name]], array)
        placed[name][:] = array
        first += words[name]
    kept: Any = array_of(int, len(state) * len(world.level_hours))
    world.tree[0].words = len(state)
    world.tree[0].words_of_branch = sum(words[name] for name in _STATE)
    return world._replace(**placed, state=state, kept=kept)


def _words(array: npt.NDArray[Any]) -> int:
    """Return how many words of memory an array takes; one of bools may leave some of it unused."""
    word = np.dtype(np.int64).itemsize
    return -(-array.nbytes // word)


def _view_like(words: npt.NDArray[np.int64], array: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - as the array
    """Return a piece of memory as an array of the same kind and length as another."""
    return words.view(np.uint8)[: array.nbytes].view(array.dtype)
