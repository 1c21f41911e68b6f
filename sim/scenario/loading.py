"""The door: a scenario is loaded, or everything that is wrong with it is said at once."""

import tomllib
import warnings
from collections.abc import Iterable, Sequence
from copy import deepcopy
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.checks import whole_scenario_problems
from sim.scenario.layers import DEEPEST, Layer, Origins, Tables, laid_on, leaves, too_deep, value_at
from sim.scenario.notes import ScenarioWarning, notes
from sim.scenario.problems import (
    KeyPath,
    Origin,
    Problem,
    ScenarioError,
    did_you_mean,
    dotted,
    shown,
)
from sim.scenario.reading import groups_with_a_file, read_file, with_files
from sim.scenario.scenario import Scenario
from sim.scenario.schema import (
    Node,
    allowed,
    allowed_name,
    is_named_by_the_user,
    keys_at,
    node_at,
)


def load(path: str | PathLike[str], changes: Iterable[tuple[str, Any]] = ()) -> Scenario:
    """Return the scenario of a TOML file, with values at some paths changed.

    Raises `ScenarioError`, whose text has one line for each thing that is wrong:
    `file:line:column: path: what is wrong, what is allowed`. Warns of what is allowed but can
    hardly be meant.
    """
    scenario, noted = load_with_notes(path, changes)
    for note in noted:
        warnings.warn(f"note: {note}", ScenarioWarning, stacklevel=2)
    return scenario


def load_with_notes(
    path: str | PathLike[str], changes: Iterable[tuple[str, Any]] = ()
) -> tuple[Scenario, tuple[Problem, ...]]:
    """Return the scenario of a TOML file, and what in it can hardly be meant."""
    file = Path(path)
    layer = read_file(file)
    for number, (name, value) in enumerate(changes, start=1):
        change = _into_what_is_there(_change(name, value, Origin("--set", number)), name, layer)
        layer = laid_on(with_files(change, file.parent), layer)
    scenario = checked(layer)
    return scenario, tuple(notes(scenario, layer))


def changed(scenario: Scenario, changes: Iterable[tuple[str, Any]]) -> Scenario:
    """Return a scenario with other values at some paths, checked anew."""
    layer = Layer(_as_tables(scenario.as_tables()), {(): Origin("scenario")})
    for number, (name, value) in enumerate(changes, start=1):
        change = _into_what_is_there(_change(name, value, Origin("with_", number)), name, layer)
        layer = laid_on(_without_files(change), layer)
    return checked(layer)


def _into_what_is_there(change: Layer, name: str, layer: Layer) -> Layer:
    """Complain of a change in a step, an actor, a member and so on that the layer does not have.

    A misspelt name would add one, of which nothing but this value is said. A new one can be given
    whole.
    """
    parts = tuple(name.split("."))
    for length in range(1, len(parts)):
        path = parts[:length]
        if value_at(layer.tables, path) is None and is_named_by_the_user(path, layer.tables):
            there = value_at(layer.tables, path[:-1])
            hint = did_you_mean(path[-1], there if isinstance(there, dict) else ())
            problem = change.problem(path, f"is not here to be changed{hint}")
            return Layer({}, {}, (*change.problems, problem))
    return change


def _without_files(layer: Layer) -> Layer:
    """Complain of files to read: a scenario that is loaded has no folder any more."""
    problems = [
        layer.problem((*path, "members_file"), "cannot be read here, must be members instead")
        for path, _ in groups_with_a_file(layer.tables)
    ]
    problems += [
        layer.problem(("violations", key), "cannot be read here, must be recorded instead")
        for key in ("file", "starts")
        if value_at(layer.tables, ("violations", key)) is not None
    ]
    return layer._replace(problems=(*layer.problems, *problems))


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
        read = tomllib.loads(f"x = {written}")
    except (ValueError, RecursionError):
        read = {}
    return name.strip(), read["x"] if list(read) == ["x"] else written.strip()


def _change(name: str, value: Any, origin: Origin) -> Layer:  # noqa: ANN401
    """Return a layer that holds one value at a path, and nothing else."""
    parts = tuple(name.split("."))
    if parts[0] == "extends":
        wrong = "cannot be changed, must be in the file"
    elif not all(parts) or too_deep(value) or len(parts) > DEEPEST:
        wrong = "must be a path like crisis.quiet_hours and a value as in a file"
    else:
        return _layer_of(parts, value, origin)
    return Layer({}, {}, (Problem(origin, name, wrong),))


def _layer_of(parts: tuple[str, ...], value: Any, origin: Origin) -> Layer:  # noqa: ANN401
    tables: Tables = {parts[-1]: _as_tables(value)}
    for part in reversed(parts[:-1]):
        tables = {part: tables}
    origins: Origins = {parts[: length + 1]: origin for length in range(len(parts))}
    for path, _ in leaves(tables):
        origins[path] = origin
    return Layer(tables, origins)


def _as_tables(value: Any) -> Any:  # noqa: ANN401
    """Return a value as a file would give it: plain tables, lists and numbers."""
    if hasattr(value, "tolist"):  # an array, or a number of an array's
        value = value.tolist()
    if isinstance(value, dict):
        return {key: _as_tables(one) for key, one in value.items()}
    return [_as_tables(one) for one in value] if isinstance(value, (list, tuple)) else value


def checked(layer: Layer) -> Scenario:
    """Return the scenario that the tables make, or raise all that is wrong with them."""
    layer = layer._replace(tables=deepcopy(layer.tables))
    problems = list(layer.problems)
    for path, group in groups_with_a_file(layer.tables):
        del group["members_file"]
        _hand_on_source(layer, (*path, "members_file"), (*path, "members"))
    _complete_violations(layer)
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


def _complete_violations(layer: Layer) -> None:
    """Leave out the file whose incidents are there, and fill in the rate that a replay ignores."""
    violations = layer.tables.get("violations")
    if not isinstance(violations, dict):
        return
    for key in ("file", "starts"):
        if key in violations:
            del violations[key]
            _hand_on_source(layer, ("violations", key), ("violations", "recorded"))
    if violations.get("process") == "replay":
        violations.setdefault("incidents_per_day", 0.0)


def _hand_on_source(layer: Layer, file: KeyPath, content: KeyPath) -> None:
    """Let the source of a file be that of what was in it."""
    sources = layer.tables.get("sources")
    if isinstance(sources, dict) and dotted(file) in sources:
        sources.setdefault(dotted(content), sources.pop(dotted(file)))


def _problem(layer: Layer, kind: str, loc: Sequence[str | int], value: Any) -> Problem:  # noqa: ANN401
    """Return one complaint of the models in the words of this project."""
    path = _path(layer.tables, loc)
    node = node_at(path, layer.tables)
    if kind.startswith("union_tag"):
        return _family_problem(layer, path, value)
    if kind == "extra_forbidden":
        hint = did_you_mean(path[-1], keys_at(path[:-1], layer.tables))
        return layer.problem(path, f"is not a known key{hint}")
    if loc[-1:] == ("[key]",):
        table = node_at(path[:-1], layer.tables) or {}
        return layer.problem(path, f"is {shown(path[-1])}, must be {allowed_name(table)}")
    rule = allowed(node) if node else "something else"
    return layer.problem(path, _sentence(kind, value, rule, node or {}))


def _sentence(kind: str, value: Any, rule: str, node: Node) -> str:  # noqa: ANN401
    if kind == "missing":
        return f"is missing, must be {rule}"
    near = (
        did_you_mean(value, node.get("enum", ()), or_list=False) if isinstance(value, str) else ""
    )
    return f"is {shown(value)}, must be {rule}{near}"


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
