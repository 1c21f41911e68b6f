"""The clocks of the compiled engine's world, from a scenario's numbers."""

from typing import Any, Final

import numpy as np

from sim.engines.compiled_engine import state as records
from sim.model.hours import (
    ATTACKS,
    BREAKS_OFF,
    COLLAPSES,
    DEADLINE,
    EXPANDS,
    HORIZON,
    INCIDENT_OCCURS,
    QUIET,
    REVIEW,
    STOPS,
    TREND_TURNS,
    rank,
)
from sim.model.records import array_of
from sim.scenario.numbers import Parameters

_OF_SECTORS: Final = (STOPS, EXPANDS, COLLAPSES, INCIDENT_OCCURS)
_OF_LADDERS: Final = (REVIEW, DEADLINE, QUIET)


def clocks_of(numbers: Parameters) -> Any:  # noqa: ANN401 - typed by the field
    """Return all clocks in the order of their ranks."""
    sectors, ladders = len(numbers.sectors), len(numbers.scopes)
    counts = dict.fromkeys(_OF_SECTORS, sectors) | dict.fromkeys(_OF_LADDERS, ladders)
    counts |= {TREND_TURNS: 1, ATTACKS: 1, HORIZON: 1}
    if numbers.doctrine.share > 0.0:
        counts |= {BREAKS_OFF: sectors}
    places = [(kind, place) for kind in sorted(counts) for place in range(counts[kind])]
    made = array_of(records.Clock, len(places))
    for row, (kind, place) in zip(made, places, strict=True):
        row.kind, row.place, row.rank = kind, place, rank(kind, place, 0)
    return made


def first_of_each_kind(clocks: Any) -> Any:  # noqa: ANN401 - typed by the field
    """Return the index of the first clock of each kind."""
    kinds = range(HORIZON + 1)
    return np.array([int(np.argmax(clocks["kind"] == kind)) for kind in kinds], np.int64)
