"""The values of a plan that can be moved, each with its unit, its range and what it rests on."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.scenario.layers import leaves, value_at
from sim.scenario.problems import ScenarioError, dotted
from sim.scenario.ranges import range_of
from sim.scenario.reference import unit_of
from sim.scenario.schema import node_at
from sim.scenario.sources import sourced_values
from sim.show.style import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.scenario.problems import KeyPath
    from sim.scenario.scenario import Scenario
    from sim.scenario.sources import Value

# What people ask about first; all else is there too, below "more".
_FIRST: Final = re.compile(
    r"steps\.[^.]+\.((decide_from|not_before|deadline)_hours|deploy\.(median_|mean_)?hours)"
    r"|crisis\.(clock|threshold_incidents|quiet_hours)|groups\.[^.]+\.quorum"
    r"|actors\.[^.]+\.(yes_probability|decision\.median_hours)"
    r"|levels\.(assault|expanded)\.(detection\.probability|attribution\.delay\.median_hours)"
    r"|violations\.incidents_per_day|attack\.per_year"
)
_ORDER: Final = ("steps", "crisis", "actors", "groups", "levels", "violations", "attack", "run")
# Names, luck, what is the same for both plans, what adds up to 1, and what there is too much of to
# be moved by hand.
_LEFT_OUT: Final = re.compile(
    r"format|title|extends|sources\..*|run\..*|line\.sectors\..*"
    r"|violations\.(level_shares|recorded)\..*|groups\.[^.]+\.members\..*|.*\.family"
)
_OF_LEVELS: Final = re.compile(
    r"crisis\.(threshold|quiet)_level|(steps\.[^.]+\.needs|doctrine)\.level"
)
_NAMED: Final = ("levels", "steps", "actors", "groups", "conditions")
_DECADE: Final = 10
_PLACES: Final = 100
"""Into how many places a slider is divided, at most."""
# How far a slider goes where the evidence does not say, by the unit.
_MOST: Final = {"share": 1.0, "hours": 168.0, "days": 365.0, "per day": 1.0, "per year": 1.0}


class Control(NamedTuple):
    """A value that can be moved."""

    path: str
    group: str
    label: str
    unit: str
    value: float | str
    is_first: bool
    options: tuple[str, ...]
    """The words that it may be, where it is no number."""
    low: float
    high: float
    step: float
    """What the slider moves by; 0: it is a word."""
    is_logarithmic: bool
    grade: str
    meaning: str
    plausible: str
    source: str
    says: str


def controls(scenario: Scenario) -> list[Control]:
    """Return what can be moved in a plan, the first things first."""
    claimed = {value.path: value for value in sourced_values(scenario)}
    found = [
        _control(scenario, path, value, claimed)
        for path, value in leaves(scenario.as_tables())
        if _can_be_moved(dotted(path), value) and not _means_nothing(path, scenario)
    ]
    return sorted((one for one in found if len(one.options) != 1), key=_place)


def _can_be_moved(path: str, value: Any) -> bool:  # noqa: ANN401 - any value of a scenario
    if _LEFT_OUT.fullmatch(path) or isinstance(value, bool):
        return False
    return isinstance(value, (int, float)) or bool(_words(path, None))


def _means_nothing(path: KeyPath, scenario: Scenario) -> bool:
    """Return whether this can be nothing but what it is: more of a need that a step does not have.

    Or the rise above the last level.
    """
    if path[-2:-1] == ("needs",):
        return not scenario.steps[str(path[1])].needs.level
    return path == ("levels", list(scenario.levels)[-1], "expand_per_day")


def _place(control: Control) -> tuple[bool, int]:
    table = control.path.split(".")[0]
    return not control.is_first, _ORDER.index(table) if table in _ORDER else len(_ORDER)


def _control(
    scenario: Scenario,
    path: KeyPath,
    value: Any,  # noqa: ANN401 - any value of a scenario
    claimed: dict[str, Value],
) -> Control:
    name, claim = dotted(path), _claim_of(path, claimed)
    words = _words(name, scenario)
    low, high, plausible = (0.0, 0.0, "") if words else _bounds(scenario, name, value)
    is_logarithmic = low > 0 and high / low > _DECADE
    return Control(
        name,
        *_named(path),
        unit_of(name),
        value,
        bool(_FIRST.fullmatch(name)),
        words,
        low,
        high,
        0.0 if words else _step(low, high, whole=isinstance(value, int)),
        is_logarithmic,
        claim.grade if claim else "assumption",
        _meaning(path, scenario),
        plausible,
        claim.source if claim else "",
        plain(claim.says) if claim else "",
    )


def _named(path: KeyPath) -> tuple[str, str]:
    """Return what its group is called, and what it is called there, without its unit.

    >>> _named(("steps", "military", "not_before_hours"))
    ('step military', 'not before')
    >>> _named(("attack", "per_year"))
    ('attack', 'per year')
    """
    head, *rest = map(str, path)
    group = head
    if head in _NAMED:
        group, rest = f"{head.removesuffix('s')} {rest[0]}", rest[1:]
    words = " ".join(rest).replace("_", " ")
    return group, re.sub(r" ?(hours|days|years)$", "", words) or words


def _claim_of(path: KeyPath, claimed: dict[str, Value]) -> Value | None:
    """Return what a value rests on: it, or the delay that it is a number of."""
    names = (dotted(path[:length]) for length in range(len(path), 0, -1))
    return next((claimed[name] for name in names if name in claimed), None)


def _words(path: str, scenario: Scenario | None) -> tuple[str, ...]:
    """Return the words that a value may be; those of levels are the scenario's."""
    if _OF_LEVELS.fullmatch(path):
        return tuple(scenario.levels) if scenario else ("any",)
    if path in {"violations.process", "crisis.scope", "crisis.clock"}:
        words = (node_at(tuple(path.split(".")), {}) or {}).get("enum", ())
        return tuple(word for word in words if scenario is None or _can_be(scenario, path, word))
    return ()


def _can_be(scenario: Scenario, path: str, word: str) -> bool:
    """Return whether the plan has all that it needs with this word."""
    try:
        scenario.with_((path, word))
    except ScenarioError:
        return False
    return True


def _bounds(scenario: Scenario, path: str, value: float) -> tuple[float, float, str]:
    """Return from where to where the slider goes, and in words what the evidence calls plausible.

    It always has room for the value that the file has.
    """
    found = range_of(scenario, path)
    if found is not None:
        words = f"{found.low:g} to {found.high:g}"
        return min(found.low, value), max(found.high, value), words
    keys = tuple(path.split("."))
    node = node_at(keys, scenario.as_tables()) or {}
    if keys[-1] in {"quorum", "sectors"}:
        return 1.0, float(_how_many(scenario, keys)), ""
    most = _MOST.get(unit_of(path), 4.0)
    high = float(min(max(most, 4 * value), node.get("maximum", math.inf)))
    # What must be above zero begins one step above it.
    low = float(node.get("minimum", high / _PLACES))
    return min(low, value), max(high, value), ""


def _how_many(scenario: Scenario, keys: Sequence[str]) -> int:
    """Return how many members a group has, or sectors the line, of which a value counts some."""
    if keys[-1] == "quorum":
        return max(2, len(scenario.groups[keys[1]].members))
    return max(2, len(scenario.line.sectors))


def _step(low: float, high: float, *, whole: bool) -> float:
    """Return a round number by which at most 100 steps lead from low to high.

    >>> _step(0.0, 120.0, whole=False), _step(1, 26, whole=True)
    (2.0, 1.0)
    """
    least = max((high - low) / _PLACES, 1e-9)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= least * (1 - 1e-9))
    return max(1.0, float(round(step))) if whole else step


def _meaning(path: KeyPath, scenario: Scenario) -> str:
    """Return what the keys on the way mean that have something to say, the last one first."""
    tables = scenario.as_tables()
    told = [_said_of(path[:length], tables) for length in range(len(path), 1, -1)]
    needed = 2 if _is_of_delay(path, tables) else 1
    return " ".join(list(filter(None, told))[:needed])


def _is_of_delay(path: KeyPath, tables: dict[str, Any]) -> bool:
    above = value_at(tables, path[:-1])
    return isinstance(above, dict) and "family" in above


def _said_of(path: KeyPath, tables: dict[str, Any]) -> str:
    above = node_at(path[:-1], tables) or {}
    key = above.get("properties", {}).get(path[-1], {})
    return " ".join(str(key.get("description", "")).split())


def as_documents(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield the controls as plain tables, for who draws them."""
    for one in controls(scenario):
        yield one._asdict()
