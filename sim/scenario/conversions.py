"""Single values as numbers: a name's key, a delay's family and numbers, a rate's mean wait."""

import hashlib
import math
from typing import Final

from sim.model.hours import on_tick
from sim.model.words import CONSTANT, FAMILIES
from sim.scenario.numbers import Timing
from sim.scenario.pieces import Piece

HOURS_PER_DAY: Final = 24.0
HOURS_PER_YEAR: Final = 365 * 24.0
AT_ONCE: Final = Timing(CONSTANT, 0.0, 0.0, 0.0)
NEVER_OVER: Final = Timing(CONSTANT, math.inf, 0.0, 0.0)


class Keys:
    """Numbers for names: the same name gets the same number in every scenario, as a hash does.

    Two names of one scenario never share a number; where their hashes agree, the later one moves.
    """

    def __init__(self) -> None:
        """Start with no name."""
        self._taken: set[int] = set()

    def of(self, *names: str) -> int:
        """Return the number, 0 to 2**32 - 1, for what these names together mean."""
        text = "/".join(names)
        key = _hash(text)
        while key in self._taken:
            text += "'"
            key = _hash(text)
        self._taken.add(key)
        return key


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


def level_index(name: str | None, names: list[str], otherwise: int) -> int:
    """Return a level's index, counted from 1."""
    return otherwise if name is None else names.index(name) + 1


def hours_or_never(value: float | None, hours: float = 1.0) -> float:
    """Return a time in whole ticks, from a number of units of so many hours; without one, never."""
    return math.inf if value is None else on_tick(float(value) * hours)


def mean_hours(hours: float, rate: float) -> float:
    """Return the mean wait in hours, from how often something happens in so many hours."""
    return hours / rate if rate > 0 else math.inf


def timing(piece: Piece) -> Timing:
    """Return a family's numbers; a scale or median comes ahead of a shape."""
    first_keys = ("hours", "mean_hours", "scale_hours", "median_hours", "low_hours")
    values = piece.model_dump()
    family = FAMILIES.index(values.pop("family"))
    numbers = sorted(values, key=lambda key: key not in first_keys)
    first, second, third, *_ = (*(float(values[key]) for key in numbers), 0.0, 0.0)
    return Timing(family, on_tick(first) if family == CONSTANT else first, second, third)
