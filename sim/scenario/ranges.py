"""In what range the evidence lets a value be: the ledger's row that it rests on may say so.

A range belongs to just the value that its row is about. Of a delay that is the scale, in hours,
and not the spread; of a column of members it is the value of each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.scenario.layers import ALL_MEMBERS, leaves, value_at
from sim.scenario.ledger import ledger
from sim.scenario.problems import dotted
from sim.scenario.sources import sourced_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.problems import KeyPath
    from sim.scenario.scenario import Scenario

_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_RANGE: Final = re.compile(rf"{_NUMBER}-{_NUMBER}(?=$|[ ,])")
# What of a delay its row is about.
_SCALES: Final = ("hours", "mean_hours", "median_hours", "scale_hours")
_SPREAD: Final = "log_sd"
# Shares that add up to 1: none of them can vary alone.
_ADD_UP: Final = (("violations", "level_shares"), ("line", "sectors"))


class Range(NamedTuple):
    """What a number of a scenario is, and between which bounds the evidence lets it be."""

    path: str
    value: float
    low: float
    high: float
    whole: bool
    """Whether only whole numbers are meant."""
    source: str
    """The id of the ledger's row."""
    grade: str
    """reported, literature or assumption: how far the row can be trusted."""


def range_of(scenario: Scenario, path: str) -> Range | None:
    """Return the range of a number, or of a delay's scale; None where the evidence gives none.

    A value that was changed by `with_` has lost its source, and with it its range.
    """
    keys = _of_scale(tuple(path.split(".")), scenario)
    value = value_at(scenario.as_tables(), keys)
    source = _source_of_just(scenario, keys)
    row = ledger().get(source)
    found = _RANGE.match(row.range) if row else None
    if row is None or found is None or not _varies_alone(keys, value):
        return None
    whole = isinstance(value, int)
    low, high = (int(float(one)) if whole else float(one) for one in found.groups())
    return Range(dotted(keys), value, low, high, whole, source, row.grade) if low < high else None


def default_ranges(scenario: Scenario, *, members: bool = False) -> tuple[Range, ...]:
    """Return the range of every number that the runs depend on and the evidence has one for.

    They are in the order of the scenario's tables. What each member of a group does is left out
    unless it is asked for: there are too many of them for a study of each.
    """
    paths = (value.path for value in sourced_values(scenario) if value.counts)
    singles = (path for path in paths if not _is_of_members(path))
    of_members = _members(scenario) if members else ()
    found = (range_of(scenario, path) for path in (*singles, *of_members))
    return tuple(one for one in found if one is not None)


def _varies_alone(keys: KeyPath, value: object) -> bool:
    """Return whether this is a number, its row is about it, and nothing must change with it."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and keys[:2] not in _ADD_UP and not str(keys[-1]).endswith(_SPREAD)


def _is_of_members(path: str) -> bool:
    return path.startswith("groups.") and ".members" in path


def _members(scenario: Scenario) -> Iterator[str]:
    """Yield the paths of all that members are said to be, in the groups that decide."""
    deciders = {name for step in scenario.steps.values() for name in step.deciders}
    groups = {name: one for name, one in scenario.as_tables()["groups"].items() if name in deciders}
    for path, _ in leaves(groups, ("groups",)):
        if _is_of_members(dotted(path)):
            yield dotted(path)


def _of_scale(keys: KeyPath, scenario: Scenario) -> tuple[Any, ...]:
    """Return the path of a delay's scale for that of the delay, and any other as it is."""
    value = value_at(scenario.as_tables(), keys)
    if isinstance(value, dict) and "family" in value:
        return (*keys, next((scale for scale in _SCALES if scale in value), ""))
    return keys


def _source_of_just(scenario: Scenario, keys: KeyPath) -> str:
    """Return the source of just this number, of its delay, or of its column of members."""
    names = [dotted(keys)]
    if keys[-1] in _SCALES:
        names.append(dotted(keys[:-1]))
    if _is_of_members(names[0]):
        names.append(dotted((*keys[:3], ALL_MEMBERS, *keys[4:])))
    return next((scenario.sources[name] for name in names if name in scenario.sources), "")
