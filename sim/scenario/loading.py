"""The door: a scenario is loaded, or everything that is wrong with it is said at once."""

import tomllib
from collections.abc import Iterable, Sequence
from copy import deepcopy
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.checks import whole_scenario_problems
from sim.scenario.later import WORDS_NOT_YET, take_out_what_comes_later
from sim.scenario.layers import Layer, Origins, Tables, laid_on, leaves, too_deep
from sim.scenario.problems import (
    KeyPath,
    Origin,
    Problem,
    ScenarioError,
    did_you_mean,
    shown,
)
from sim.scenario.reading import read_file, with_members
from sim.scenario.scenario import Scenario
from sim.scenario.schema import allowed, keys_at, node_at


def load(path: str | PathLike[str], changes: Iterable[tuple[str, Any]] = ()) -> Scenario:
    """Return the scenario of a TOML file, with values at some paths changed.

    Raises `ScenarioError`, whose text has one line for each thing that is wrong:
    `file:line:column: path: what is wrong, what is allowed`.
    """
    file = Path(path)
    layer = read_file(file)
    for number, (name, value) in enumerate(changes, start=1):
        upper = with_members(_change(name, value, Origin("--set", number)), file.parent)
        layer = laid_on(upper, layer)
    return checked(layer)


def changed(scenario: Scenario, changes: Iterable[tuple[str, Any]]) -> Scenario:
    """Return a scenario with other values at some paths, checked anew."""
    layer = Layer(deepcopy(scenario.as_tables()), {(): Origin("scenario")})
    for number, (name, value) in enumerate(changes, start=1):
        layer = laid_on(_change(name, value, Origin("with_", number)), layer)
    return checked(layer)


def parsed_change(text: str) -> tuple[str, Any]:
    """Return the path and the value of `path=value`, a TOML value or a bare word.

    >>> parsed_change("crisis.scope=sector"), parsed_change("run.seed=3")
    (('crisis.scope', 'sector'), ('run.seed', 3))
    """
    name, equals, written = text.partition("=")
    if not equals or not name.strip():
        origin = Origin("--set")
        raise ScenarioError([Problem(origin, "", f"is {shown(text)}, must be path=value")])
    try:
        return name.strip(), tomllib.loads(f"x = {written}")["x"]
    except (ValueError, RecursionError, KeyError):
        return name.strip(), written.strip()


def _change(name: str, value: Any, origin: Origin) -> Layer:  # noqa: ANN401
    """Return a layer that holds one value at a path, and nothing else."""
    parts = tuple(name.split("."))
    if not all(parts) or too_deep(value) or len(parts) > 20:  # noqa: PLR2004 - as deep as a file may be
        sentence = "must be a path like crisis.quiet_hours and a value as in a file"
        raise ScenarioError([Problem(origin, name[:60], sentence)])
    tables: Tables = {parts[-1]: _as_tables(value)}
    for part in reversed(parts[:-1]):
        tables = {part: tables}
    origins: Origins = {parts[: length + 1]: origin for length in range(len(parts))}
    for path, _ in leaves(tables):
        origins[path] = origin
    return Layer(tables, origins)


def _as_tables(value: Any) -> Any:  # noqa: ANN401
    """Return a value as a file would give it: plain tables and lists."""
    if isinstance(value, dict):
        return {key: _as_tables(one) for key, one in value.items()}
    return [_as_tables(one) for one in value] if isinstance(value, (list, tuple)) else value


def checked(layer: Layer) -> Scenario:
    """Return the scenario that the tables make, or raise all that is wrong with them."""
    layer = Layer(deepcopy(layer.tables), layer.origins)
    problems = take_out_what_comes_later(layer)
    for _, group in _groups(layer.tables):
        group.pop("members_file", None)
    problems += whole_scenario_problems(layer)
    try:
        scenario = Scenario.model_validate(layer.tables)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False):
            problems.append(_problem(layer, one["type"], one["loc"], one["input"]))
        raise ScenarioError(problems) from None
    if problems:
        raise ScenarioError(problems)
    return scenario


def _groups(tables: Tables) -> list[tuple[str, Tables]]:
    groups = tables.get("groups")
    found = groups.items() if isinstance(groups, dict) else ()
    return [(name, group) for name, group in found if isinstance(group, dict)]


def _problem(layer: Layer, kind: str, loc: Sequence[str | int], value: Any) -> Problem:  # noqa: ANN401
    """Return one complaint of the models in the words of this project."""
    path = _path(layer.tables, loc)
    if kind == "extra_forbidden":
        hint = did_you_mean(path[-1], keys_at(path[:-1], layer.tables))
        return layer.problem(path, f"is not a known key{hint}")
    if loc and loc[-1] == "[key]":
        sentence = (
            f"is {shown(path[-1])}, must be a name of letters, digits, _ and - (a letter first)"
        )
        return layer.problem(path, sentence)
    if kind.startswith("union_tag"):
        return _family_problem(layer, path, value)
    node = node_at(path, layer.tables)
    rule = allowed(node) if node else "something else"
    if kind == "missing":
        return layer.problem(path, f"is missing, must be {rule}")
    if rule == "a table, with at least one entry" and isinstance(value, dict) and not value:
        return layer.problem(path, "is empty, must be a table, with at least one entry")
    if value in WORDS_NOT_YET:
        return layer.problem(path, f"is {shown(value)}, which is not supported yet, must be {rule}")
    near = node is not None and "enum" in node and isinstance(value, str)
    hint = did_you_mean(value, node["enum"], or_list=False) if node and near else ""
    return layer.problem(path, f"is {shown(value)}, must be {rule}{hint}")


def _family_problem(layer: Layer, path: KeyPath, value: Any) -> Problem:  # noqa: ANN401
    node = node_at(path, {}) or {}
    families = list(node.get("discriminator", {}).get("mapping", {}))
    said = value.get("family") if isinstance(value, dict) else None
    rule = "one of " + ", ".join(f'"{family}"' for family in families)
    if said is None:
        return layer.problem((*path, "family"), f"is missing, must be {rule}")
    hint = did_you_mean(said, families, or_list=False)
    return layer.problem((*path, "family"), f"is {shown(said)}, must be {rule}{hint}")


def _path(tables: Tables, loc: Sequence[str | int]) -> KeyPath:
    """Return the path in the file for a place in the models, which names the family as well."""
    path: list[str | int] = []
    here: Any = tables
    for index, part in enumerate(loc):
        if part == "[key]":
            break
        known = isinstance(here, dict) and part in here
        if isinstance(here, dict) and not known and here.get("family") == part:
            continue
        path.append(part)
        if isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            here = here[part] if known else None
        if here is None and index < len(loc) - 1 and not known:
            break
    return tuple(path)
