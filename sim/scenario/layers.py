"""One file's tables, where each value stands in it, and how one layer is laid on another."""

from typing import Any, NamedTuple

from sim.scenario.problems import KeyPath, Origin, Problem, dotted

Tables = dict[str, Any]
Origins = dict[KeyPath, Origin]
DEEPEST = 20


class Layer(NamedTuple):
    """Tables, and the origin of each value and table in them by path."""

    tables: Tables
    origins: Origins

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

    Three things do not mix: a delay of another family, the members from another file, and a
    source whose value the upper layer changes, which is no longer the value that it vouches for.
    """
    tables = dict(lower.tables)
    origins = dict(lower.origins)
    stale = _sources_overtaken(upper, lower)
    _lay(upper.tables, tables, (), origins)
    if stale:
        tables["sources"] = tables["sources"] | stale
    origins.update(upper.origins)
    return Layer(tables, origins)


def _lay(upper: Tables, tables: Tables, path: KeyPath, origins: Origins) -> None:
    for key, value in upper.items():
        below = tables.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and not _replaces(value, below):
            merged = dict(below)
            if "members_file" in value:
                merged.pop("members", None)
            _lay(value, merged, (*path, key), origins)
            tables[key] = merged
        else:
            _forget(origins, (*path, key))
            tables[key] = value


def _replaces(upper: Tables, lower: Tables) -> bool:
    """Return whether a table is of another kind than the one it is laid on."""
    return "family" in upper and upper["family"] != lower.get("family")


def _forget(origins: Origins, path: KeyPath) -> None:
    for known in [known for known in origins if known[: len(path)] == path]:
        del origins[known]


def _sources_overtaken(upper: Layer, lower: Layer) -> dict[str, str]:
    """Return, for each value that changes under a source of the lower layer, an assumption."""
    sourced = lower.tables.get("sources")
    own = upper.tables.get("sources", {})
    if not isinstance(sourced, dict) or not isinstance(own, dict):
        return {}
    changed = [
        path for path, value in leaves(upper.tables) if value_at(lower.tables, path) != value
    ]
    return {
        dotted(path): f"assumption: set in {upper.origin(path).file}"
        for path in changed
        if _covers(sourced, path) and not _covers(own, path)
    }


def _covers(sources: Tables, path: KeyPath) -> bool:
    return any(dotted(path[:length]) in sources for length in range(1, len(path) + 1))


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


def value_at(tables: Any, path: KeyPath) -> Any:  # noqa: ANN401 - whatever a file held
    """Return the value at a path, or None where there is none."""
    for part in path:
        if not isinstance(tables, dict) or part not in tables:
            return None
        tables = tables[part]
    return tables


def too_deep(value: Any, left: int = DEEPEST) -> bool:  # noqa: ANN401
    """Return whether tables or lists are nested deeper than any scenario needs."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return left == 0 or any(too_deep(one, left - 1) for one in value)
