"""What varies in a study: a path of the scenario, with its values or its range."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.problems import shown
from sim.scenario.schema import node_at

if TYPE_CHECKING:
    from sim.scenario.ranges import Range
    from sim.scenario.scenario import Scenario

_MOST_VALUES: Final = 100_000
_STEPS: Final = "start:stop:count"
# A level of a design that is meant to begin the next part, such as 1/3 of 3, may miss it by this.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Varied:
    """A path whose value varies: over some values, or from low to high.

    Raises `ValueError` when it has neither, or both, or cannot vary so.
    """

    path: str
    values: tuple[Any, ...] = ()
    """Whatever a scenario takes; empty where there is a range."""
    low: float | None = None
    high: float | None = None
    whole: bool = False
    """Whether only the whole numbers of the range are taken."""

    def __post_init__(self) -> None:
        """Complain of what cannot vary."""
        wrong = _wrong_path(self.path) or _wrong_values(self) or _wrong_range(self)
        if wrong:
            message = f"{self.path}: {wrong}" if self.path else wrong
            raise ValueError(message)

    def at(self, share: float) -> Any:  # noqa: ANN401 - whatever a scenario takes
        """Return the value at a share, 0 to 1, of the range; values have equal shares.

        >>> Varied("attack.sectors", low=1, high=4, whole=True).at(0.5)
        3
        """
        if self.low is None or self.high is None:
            return self.values[_part(share, len(self.values))]
        if self.whole:
            return int(self.low) + _part(share, int(self.high) - int(self.low) + 1)
        return min(self.low + share * (self.high - self.low), self.high)

    def fitted(self, scenario: Scenario) -> Varied:
        """Return the same, whole if the scenario's key takes only whole numbers."""
        node = node_at(tuple(self.path.split(".")), scenario.as_tables())
        is_whole = self.low is not None and node is not None and node.get("type") == "integer"
        return replace(self, whole=True) if is_whole else self


def _part(share: float, parts: int) -> int:
    """Return which of so many equal parts a share falls into, counted from 0."""
    return min(int(share * parts + _ROUNDING), parts - 1)


def _wrong_path(path: str) -> str:
    is_path = path and all(part.strip() for part in path.split("."))
    return "" if is_path else f"path: is {shown(path)}, must be like crisis.quiet_hours"


def _wrong_values(varied: Varied) -> str:
    has_range = varied.low is not None and varied.high is not None
    if has_range == bool(varied.values):
        return "must have either values, or a low and a high end"
    counts = Counter(repr(value) for value in varied.values)
    twice = next((text for text, count in counts.items() if count > 1), None)
    return f"has the value {twice} twice, must have each once" if twice else ""


def _wrong_range(varied: Varied) -> str:
    low, high = varied.low, varied.high
    if low is None or high is None:
        return ""
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return f"goes from {low} to {high}, must go from a number to a greater one"
    if varied.whole and not (float(low).is_integer() and float(high).is_integer()):
        return f"goes from {low} to {high}, must begin and end with a whole number"
    return ""


def varied_in(found: Range) -> Varied:
    """Return a value that varies in a range of the evidence."""
    return Varied(found.path, low=found.low, high=found.high, whole=found.whole)


def parsed_range(text: str) -> Varied:
    """Return what varies from low to high, given as `path=low:high`.

    >>> parsed_range("attack.per_year=0.02:0.6")
    Varied(path='attack.per_year', values=(), low=0.02, high=0.6, whole=False)
    """
    path, written = _path_and_rest(text, "path=low:high")
    ends = [_number(one) for one in written.split(":")]
    if len(ends) != len(("low", "high")) or None in ends:
        message = f"{path}: is {shown(written)}, must be low:high, two numbers"
        raise ValueError(message)
    return Varied(path, low=ends[0], high=ends[1])


def parsed_varied(text: str) -> Varied:
    """Return what varies, given as `path=start:stop:count` or as `path=a,b,c`.

    The first is so many values at equal distances, both ends among them, whole numbers where all
    of them are; the second is TOML values or bare words.

    >>> parsed_varied("crisis.quiet_hours=12:48:4").values
    (12, 24, 36, 48)
    >>> parsed_varied("crisis.clock=violation,attribution").values
    ('violation', 'attribution')
    """
    path, written = _path_and_rest(text, f"path={_STEPS} or path=a,b,c")
    parts = [_number(one) for one in written.split(":")]
    if len(parts) > 1 and None not in parts:
        return Varied(path, _spaced(path, written, [part for part in parts if part is not None]))
    return Varied(path, tuple(_listed(path, written)))


def _path_and_rest(text: str, form: str) -> tuple[str, str]:
    path, equals, written = text.partition("=")
    if not equals or not path.strip() or not written.strip():
        message = f"is {shown(text)}, must be {form}"
        raise ValueError(message)
    return path.strip(), written.strip()


def _number(text: str) -> float | None:
    """Return the number that a text is, whole if it is written so; None if it is none."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None


def _spaced(path: str, written: str, parts: list[float]) -> tuple[float, ...]:
    start, stop, count = parts if len(parts) == len(_STEPS.split(":")) else (0, 0, 0)
    is_count = isinstance(count, int) and 2 <= count <= _MOST_VALUES  # noqa: PLR2004 - both ends
    if not is_count or not (math.isfinite(start) and math.isfinite(stop) and start < stop):
        message = (
            f"{path}: is {shown(written)}, must be {_STEPS}: two numbers, the second greater, and "
            f"how many values, 2 to {_MOST_VALUES:,}"
        )
        raise ValueError(message)
    last = int(count) - 1
    values = [start + (stop - start) * index / last for index in range(last)] + [stop]
    both_whole = isinstance(start, int) and isinstance(stop, int)
    if both_whole and (stop - start) % last == 0:
        return tuple(round(value) for value in values)
    return tuple(map(float, values))


def _listed(path: str, written: str) -> list[Any]:
    """Return the values of a list: of a TOML array, or else each by itself or as a bare word."""
    for text in (f"[{written}]", written):
        try:
            read = tomllib.loads(f"x = {text}")
        except (ValueError, RecursionError):
            continue
        if list(read) == ["x"] and isinstance(read["x"], list):
            return _of_some(path, written, read["x"])
    return _of_some(path, written, [_toml_or_word(one.strip()) for one in written.split(",")])


def _of_some(path: str, written: str, values: list[Any]) -> list[Any]:
    if not values or "" in values:
        message = f"{path}: is {shown(written)}, must be values with commas between them: a,b,c"
        raise ValueError(message)
    return values


def _toml_or_word(text: str) -> Any:  # noqa: ANN401 - whatever a scenario takes
    try:
        read = tomllib.loads(f"x = {text}")
    except (ValueError, RecursionError):
        return text
    return read["x"] if list(read) == ["x"] else text
