"""The keys of a study file: read, checked one by one, and complained of as a scenario's are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from sim.scenario.layers import Layer
from sim.scenario.near_files import hint_at, likely
from sim.scenario.pieces import Name, Piece
from sim.scenario.problems import KeyPath, Problem, ScenarioError, did_you_mean, shown
from sim.scenario.schema import allowed
from sim.study.points.varied import Varied, parsed_varied

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_RANGE_KEYS: Final = ("low", "high", "count", "whole")


_MOST_SCENARIOS: Final = 100


class DesignKeys(Piece):
    """How the points of a study are chosen."""

    kind: Literal["grid", "sobol", "lhs"] = "grid"
    """All combinations of values, or so many points that are spread evenly."""
    points: Annotated[int, Field(ge=1, le=10_000_000)] = 1
    """How many points; a power of two for sobol, left out for a grid."""


class StudyKeys(Piece):
    """The keys of a study file."""

    format: Annotated[int, Field(ge=1, le=1)] = 1
    """The version of this file format."""
    title: Annotated[str, Field(max_length=200)] = "Untitled study"
    """What tables and figures call the study."""
    scenarios: Annotated[dict[Name, str], Field(min_length=1, max_length=_MOST_SCENARIOS)]
    """Labels and the scenario files that they stand for; a list of files is called after these."""
    design: DesignKeys = DesignKeys()
    """How the points are chosen."""
    replications: Annotated[int, Field(ge=1, le=2**40)] = 1_000
    """How many runs of each scenario at each point."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """The seed of the luck that all of them share."""
    outcomes: Annotated[list[str], Field(max_length=1_000)] = Field(default=[])
    """The names of the quantities to estimate; left out: all there are."""
    vary: dict[str, Any] = Field(default={})
    """Paths with their values, or with low, high and perhaps count and whole."""
    set: dict[str, Any] = Field(default={})
    """Paths with a value that is laid on every scenario."""


def with_paths(layer: Layer) -> Layer:
    """Return the layer with a label for each file, and with dotted paths as keys.

    So `crisis.quiet_hours = [12, 24]` below `[vary]` is the same as with quotes.
    """
    tables, origins = dict(layer.tables), dict(layer.origins)
    files = tables.get("scenarios")
    if isinstance(files, list):
        labels = [_label(one, number) for number, one in enumerate(files, start=1)]
        tables["scenarios"] = {}
        for number, (label, file) in enumerate(zip(labels, files, strict=True)):
            tables["scenarios"].setdefault(label, file)
            origins["scenarios", label] = layer.origin(("scenarios", number))
    for key in ("vary", "set"):
        if isinstance(tables.get(key), dict):
            found = dict(_paths(tables[key]))
            tables[key] = {".".join(path): value for path, value in found.items()}
            for path in found:
                origins[key, ".".join(path)] = layer.origin((key, *path))
    return Layer(tables, origins, layer.problems)


def _label(file: object, number: int) -> str:
    """Return what a scenario is called whose file has no label."""
    stem = Path(file).stem if isinstance(file, str) else ""
    label = re.sub(r"[^A-Za-z0-9_-]", "_", stem)[:40]
    return label if re.match(r"[A-Za-z]", label) else f"scenario_{number}"


def _paths(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """Yield each path and its value: a table with low or high is a value."""
    for key, value in table.items():
        is_below = isinstance(value, dict) and "." not in key and bool(value)
        if is_below and not set(value) <= set(_RANGE_KEYS):
            yield from _paths(value, (*above, key))
        else:
            yield (*above, key), value


def checked_keys(layer: Layer) -> StudyKeys:
    """Return the keys, or raise all that is wrong with any of them by itself."""
    try:
        found = StudyKeys.model_validate(layer.tables)
    except ValidationError as error:
        problems = [
            _problem(layer, one["type"], one["loc"], one["input"])
            for one in error.errors(include_url=False, include_context=False)
        ]
        raise ScenarioError([*layer.problems, *problems]) from None
    return found


def _problem(layer: Layer, kind: str, loc: KeyPath, value: Any) -> Problem:  # noqa: ANN401
    """Return a complaint of the model in the words of this project."""
    path = tuple(part for part in loc if part != "[key]")
    table = DesignKeys if path[:1] == ("design",) and len(path) > 1 else StudyKeys
    name = str(path[1] if table is DesignKeys else path[0])
    nodes = table.model_json_schema()["properties"]
    if kind == "extra_forbidden":
        return layer.problem(path, f"is not a known key{did_you_mean(name, nodes)}")
    rule = _rule(nodes.get(name, {}), path)
    said = "is missing" if kind == "missing" else f"is {shown(value)}"
    if loc[-1:] == ("[key]",):
        said, rule = f"is {shown(path[-1])}", "a label of letters, digits, _ and -"
    choices = nodes.get(name, {}).get("enum", ())
    near = did_you_mean(value, choices, or_list=False) if isinstance(value, str) else ""
    return layer.problem(path, f"{said}, must be {rule}{near}")


def _rule(node: dict[str, Any], path: KeyPath) -> str:
    if path[0] == "design" and len(path) == 1:
        return "a table with kind and points"
    if path[0] == "scenarios":
        return "the path of a scenario file" if len(path) > 1 else "a table of files, with labels"
    if path[0] == "outcomes" and len(path) > 1:
        return "the name of a quantity"
    return allowed(node)


def varied_as_said(path: str, given: Any) -> Varied:  # noqa: ANN401 - whatever a file held
    """Return what varies at a path; raise `ValueError` if it cannot."""
    if isinstance(given, list):
        return Varied(path, tuple(given))
    if not isinstance(given, dict) or not {"low", "high"} <= set(given) <= set(_RANGE_KEYS):
        raise ValueError(f"is {shown(given)}, must be a list of values, or low and high")
    low, high, count = given["low"], given["high"], given.get("count")
    numbers = [one for one in (low, high) if isinstance(one, (int, float))]
    if len(numbers) != len((low, high)) or any(isinstance(one, bool) for one in numbers):
        raise ValueError(f"is {shown(given)}, must be two numbers, low and high")
    whole = given.get("whole", False)
    if not isinstance(whole, bool):
        raise ValueError(f"whole is {shown(whole)}, must be true or false")  # noqa: TRY004
    ranged = Varied(path, low=low, high=high, whole=whole)
    return ranged if count is None else _spaced(ranged, count)


def _spaced(ranged: Varied, count: object) -> Varied:
    """Return so many values at equal distances, both ends among them; each whole one once."""
    try:
        values = parsed_varied(f"x={ranged.low!r}:{ranged.high!r}:{count!r}").values
    except ValueError as error:
        raise ValueError(str(error).removeprefix("x: ")) from None
    return Varied(ranged.path, tuple(dict.fromkeys(map(round, values))) if ranged.whole else values)


def scenario_file(study: Path, name: str) -> Path | str:
    """Return the scenario file that a study names, or why it is not read.

    It must lie below the folder of the study's file or below the folder above that, so that a
    study in `studies/` can name a scenario in `scenarios/` and nothing else of the machine.
    """
    said = (
        f"is {shown(name)}, must be the path of a scenario file below this file's folder or the "
        "one above, such as ../scenarios/three_step.toml"
    )
    if not name or "\0" in name or "\\" in name or "://" in name or Path(name).is_absolute():
        return said
    target = study.parent / name
    try:
        if not _may_be_named(study, name):
            return said
        if target.is_file():
            return target
        near = (one for one in likely(study.parent, name) if _may_be_named(study, one))
        return f"is {shown(name)}, which is not a file here{hint_at(near)}"
    except (OSError, RuntimeError, ValueError):  # too long a name, links that go round
        return f"is {shown(name)}, which cannot be read"


def _may_be_named(study: Path, name: str) -> bool:
    home = study.resolve().parent.parent
    is_below = (study.parent / name).resolve().is_relative_to(home)
    return is_below and ".." not in Path(name).parts[1:]
