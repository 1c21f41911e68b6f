"""Keys of the scenario format that this version does not model yet.

A file that uses one is refused: leaving it out silently would answer another question than the
one that was asked. A neutral value, which changes nothing, is accepted.
"""

from collections.abc import Iterator
from typing import Any, Final

from sim.scenario.layers import Layer, Tables
from sim.scenario.problems import KeyPath, Problem, shown

WORDS_NOT_YET: Final = ("hawkes", "replay", "veto")
_NOTHING: Final = object()
NOT_YET: Final[dict[KeyPath, Any]] = {
    ("violations", "file"): _NOTHING,
    ("violations", "defender_share"): 0,
    ("violations", "excitation"): _NOTHING,
    ("violations", "erosion"): _NOTHING,
    ("violations", "day_to_day"): _NOTHING,
    ("violations", "night_to_day"): 1,
    ("violations", "recommitments"): [],
    ("monitoring",): _NOTHING,
    ("steps", "*", "lasts_hours"): _NOTHING,
    ("steps", "*", "requires"): [],
    ("actors", "*", "commitment"): _NOTHING,
    ("groups", "*", "correlation"): 0,
    ("groups", "*", "backer"): _NOTHING,
    ("groups", "*", "members", "*", "needs_backer"): False,
    ("groups", "*", "members", "*", "vetoes"): False,
    ("conditions",): _NOTHING,
    ("guarantee",): _NOTHING,
    ("credibility",): _NOTHING,
}


def kept_when(neutral: object) -> str:
    """Return what a value may be all the same, if there is a value that changes nothing."""
    return "left out" if neutral is _NOTHING else f"{shown(neutral)} or left out"


def take_out_what_comes_later(layer: Layer) -> list[Problem]:
    """Take those keys out of the tables and return a problem for each that is not neutral."""
    return [
        problem
        for pattern, neutral in NOT_YET.items()
        for problem in _taken(layer, pattern, neutral)
    ]


def _taken(layer: Layer, pattern: KeyPath, neutral: object) -> Iterator[Problem]:
    for table, path in _tables_at(layer.tables, pattern[:-1], ()):
        key = pattern[-1]
        if key not in table:
            continue
        value = table.pop(key)
        _take_out_sources(layer, (*path, key))
        if isinstance(value, bool) != isinstance(neutral, bool) or value != neutral:
            sentence = f"is not supported yet, must be {kept_when(neutral)}"
            yield layer.problem((*path, key), sentence)


def _take_out_sources(layer: Layer, path: KeyPath) -> None:
    """Take out the sources of a value that the scenario does not keep."""
    sources = layer.tables.get("sources")
    if isinstance(sources, dict):
        for name in list(sources):
            if tuple(name.split("."))[: len(path)] == path:
                del sources[name]


def _tables_at(tables: Any, pattern: KeyPath, path: KeyPath) -> Iterator[tuple[Tables, KeyPath]]:  # noqa: ANN401
    """Yield each table at the pattern, in which * stands for any key."""
    if not isinstance(tables, dict):
        return
    if not pattern:
        yield tables, path
        return
    for key in list(tables) if pattern[0] == "*" else [pattern[0]]:
        yield from _tables_at(tables.get(key), pattern[1:], (*path, key))
