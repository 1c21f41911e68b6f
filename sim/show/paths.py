"""Paths of a scenario and their values as figures write them: with a unit, and so that they fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.show.style import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

# The first that fits a path.
_UNITS: Final = (
    (r".*per_day", "per day"),
    (r".*per_year", "per year"),
    (r".*hours", "hours"),
    (r".*days", "days"),
    (r".*years", "years"),
    (r"line\.sectors\..*|.*(probability|shares?|weight_share)(\..*)?", "share"),
    (r".*\.effect\..*|.*(factor|night_to_day)", "factor"),
)


def unit_of(path: str) -> str:
    """Return the unit of what stands at a path, as its name tells it.

    >>> unit_of("steps.military.not_before_hours"), unit_of("steps.warning.effect.stop")
    ('hours', 'factor')
    """
    return next((unit for pattern, unit in _UNITS if re.fullmatch(pattern, path)), "")


def with_unit(path: str) -> str:
    """Return a path and its unit.

    >>> with_unit("attack.per_year"), with_unit("crisis.clock")
    ('attack.per_year (per year)', 'crisis.clock')
    """
    unit = unit_of(path)
    return f"{path} ({unit})" if unit else path


def path_in_lines(path: str, inches: float, points: float) -> str:
    """Return a path and its unit in lines that are not longer, broken behind its dots.

    >>> path_in_lines("steps.military.not_before_hours", 2.0, 11).splitlines()
    ['steps.military.', 'not_before_hours (hours)']
    """
    if " " in path:
        return wrapped(path, inches, points)
    unit = with_unit(path).removeprefix(path)
    return wrapped(path.replace(".", ". ") + unit, inches, points).replace(". ", ".")


def value_text(value: Any) -> str:  # noqa: ANN401 - a scenario has values of any kind
    """Return a value as a scenario file has it.

    >>> value_text(24.0), value_text(True), value_text("violation")
    ('24', 'true', 'violation')
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (int, float, np.number)):
        return f"{value:.6g}"
    return str(value)


def value_texts(values: Iterable[Any]) -> list[str]:
    """Return values as a scenario file has them.

    >>> value_texts([0.5, 10_000])
    ['0.5', '10000']
    """
    return [value_text(value) for value in values]
