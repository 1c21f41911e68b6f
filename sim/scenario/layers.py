"""One file's tables, where each value stands in it, and how one layer is laid on another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.problems import KeyPath, Origin, Problem, dotted

Tables = dict[str, Any]
Origins = dict[KeyPath, Origin]
DEEPEST = 20
# In a source's path: a column of all members of a group.
ALL_MEMBERS = "*"
# Keys whose content, and not they, is what a source vouches for.
_FILES = ("members_file", "file", "starts")


class Layer(NamedTuple):
    """Tables, the origin of each value and table in them by path, and what was wrong so far."""

    tables: Tables
    origins: Origins
    problems: tuple[Problem, ...] = ()

    def origin(self, path: KeyPath) -> Origin:
        """Return where a path's value is written; for what is missing, where its table is."""
        for length in range(len(path), -1, -1):
            found = self.origins.get(path[:length])
            if found:
                return found
        return Origin("scenario")

    def problem(self, path: KeyPath, sentence: str) -> Problem:
        """Return a problem with the value at a path."""
        return Problem(self.origin(path), dotted(path), sentence)


def laid_on(upper: Layer, lower: Layer) -> Layer:
    """Return the lower layer with all that the upper one says laid on it, table by table.

    Four things do not mix: a delay of another family, the members from another file, the incidents
    of another record, and a source whose value the upper layer changes, which is no longer the
    value that it vouches for.
    """
    tables = dict(lower.tables)
    origins = dict(lower.origins)
    _lay(upper.tables, tables, (), origins)
    if isinstance(lower.tables.get("sources"), dict) and isinstance(tables["sources"], dict):
        tables["sources"] = _sources_after(upper, lower, tables)
    origins.update(upper.origins)
    return Layer(tables, origins, upper.problems + lower.problems)


def _lay(upper: Tables, tables: Tables, path: KeyPath, origins: Origins) -> None:
    for key, value in upper.items():
        below: Any = tables.get(key)
        at = (*path, key)
        is_table = isinstance(value, dict) and isinstance(below, dict)
        if is_table and not _replaces(value, below, at):
            merged = dict(below)
            if "members_file" in value:
                _forget(origins, (*path, key, "members"), merged.pop("members", None))
            _lay(value, merged, (*path, key), origins)
            tables[key] = merged
        else:
            _forget(origins, (*path, key), below)
            tables[key] = value


def _replaces(upper: Tables, lower: Tables, path: KeyPath) -> bool:
    """Return whether a table is another delay, or another record, than the one it is laid on."""
    if path == ("violations", "recorded"):
        return "hours" in upper
    return "family" in upper and upper["family"] != lower.get("family")


def _forget(origins: Origins, path: KeyPath, value: Any) -> None:  # noqa: ANN401
    """Leave out where a value, and all that is in it, was written."""
    origins.pop(path, None)
    if isinstance(value, dict):
        for key, one in value.items():
            _forget(origins, (*path, key), one)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            _forget(origins, (*path, index), one)


def _sources_after(upper: Layer, lower: Layer, tables: Tables) -> dict[str, Any]:
    """Return the sources once the upper layer is laid on the lower one.

    What the upper layer took away needs no source any more. What it changed has the source that it
    names itself, however broadly, or else is an assumption.
    """
    own, sourced = upper.tables.get("sources", {}), lower.tables["sources"]
    kept = {
        name: source
        for name, source in tables["sources"].items()
        if name in own or not _is_taken_away(name, upper, lower, tables)
    }
    for path, value in leaves(upper.tables):
        changed = value is not None and value_at(lower.tables, path) != value
        below, above = _cover(sourced, path), _cover(own, path)
        if changed and path[-1] not in _FILES and len(below) > len(above):
            made_in = Path(upper.origin(path).file).name
            source = own[dotted(above)] if above else f"assumption: set in {made_in}"
            kept[dotted(path)] = source
    return kept


def _is_taken_away(name: str, upper: Layer, lower: Layer, tables: Tables) -> bool:
    """Return whether what a source's path names was there, and is not any more."""
    # Looking for it takes long, and a scenario has hundreds of sources.
    may_be = name.partition(".")[0] in upper.tables
    return may_be and stands(lower.tables, name) and not stands(tables, name)


def _cover(sources: Tables, path: KeyPath) -> KeyPath:
    """Return the longest part of a path, from its start, that has a source."""
    lengths = range(len(path), 0, -1)
    return next((path[:length] for length in lengths if dotted(path[:length]) in sources), ())


def leaves(tables: Tables, path: KeyPath = ()) -> list[tuple[KeyPath, Any]]:
    """Return each value that is not a table, with its path.

    >>> leaves({"run": {"seed": 1}})
    [(('run', 'seed'), 1)]
    """
    found: list[tuple[KeyPath, Any]] = []
    for key, value in tables.items():
        if isinstance(value, dict):
            found += leaves(value, (*path, key))
        else:
            found.append(((*path, key), value))
    return found


def table_paths(value: Any, path: KeyPath = ()) -> Iterator[str]:  # noqa: ANN401
    """Yield the paths of all values and tables that can have a source.

    >>> list(table_paths({"run": {"seed": 1}, "sources": {}}))
    ['run', 'run.seed']
    """
    if path:
        yield dotted(path)
    if isinstance(value, dict):
        for key, below in value.items():
            if path or key != "sources":
                yield from table_paths(below, (*path, key))


def value_at(tables: Any, path: KeyPath) -> Any:  # noqa: ANN401 - whatever a file held
    """Return the value at a path, or None where there is none."""
    for part in path:
        if not isinstance(tables, dict) or part not in tables:
            return None
        tables = tables[part]
    return tables


def stands(tables: Tables, name: str) -> bool:
    """Return whether there is something that a source's path names.

    >>> stands({"groups": {"eu": {"members": {"france": {"weight": 5}}}}},
    ...        "groups.eu.members.*.weight")
    True
    """
    path = tuple(name.split("."))
    before, star, after = path[:3], path[3:4], path[4:]
    members = value_at(tables, before)
    if star == (ALL_MEMBERS,) and before[::2] == ("groups", "members"):
        rows = members.values() if isinstance(members, dict) else ()
        return any(value_at(row, after) is not None for row in rows)
    return value_at(tables, path) is not None


def table_at(layer: Layer, *path: str) -> Tables:
    """Return the table at a path, or an empty one where there is none."""
    found = value_at(layer.tables, path)
    return found if isinstance(found, dict) else {}


def tables_in(layer: Layer, *path: str) -> Iterator[tuple[KeyPath, Tables]]:
    """Yield each table in the table at a path, and its own path."""
    for name, table in table_at(layer, *path).items():
        if isinstance(table, dict):
            yield (*path, name), table


def too_deep(value: Any, left: int = DEEPEST) -> bool:  # noqa: ANN401
    """Return whether tables or lists are nested deeper than any scenario needs."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return left == 0 or any(too_deep(one, left - 1) for one in value)
