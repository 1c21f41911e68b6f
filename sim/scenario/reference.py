"""The reference of all keys of a scenario file, written by the models.

`python -m sim.scenario.reference` writes it anew into `scenarios/README.md`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sim.scenario.problems import dotted
from sim.scenario.schema import Node, allowed, plain, schema

README: Final = Path(__file__).parents[2] / "scenarios" / "README.md"
# Stand for any name of the user's in a path, and for any place in a list, counted from 0.
_NAME: Final = "NAME"
_NUMBER: Final = "N"
_HEAD: Final = "| key | meaning | unit | range | default |\n|---|---|---|---|---|\n"
# The first that fits a value's path.
_UNITS: Final = (
    (r".*\.(recorded\.(sectors|levels|by))", ""),
    (r"line\.sectors|.*(probability|shares?|quorum_weight|misattribution)", "share"),
    (r".*\.commitment\.(available|withdraw|rejoin)", "share"),
    (r".*(hours|spell|delay|deploy|decision|debunked_after)", "hours"),
    (r".*(_days|\.days|\.day)", "days"),
    (r".*_years", "years"),
    (r".*per_day", "per day"),
    (r".*per_year", "per year"),
    (r".*\.effect\..*|.*(\.factor|\.cap|\.rate|night_to_day|outages\.detection)", "factor"),
    (r"credibility\.(incidents|attack|expand)", "exponent"),
    (r"credibility\.(kept|broken)|.*branching_ratio", "count"),
    (r".*\.weight", "weight"),
    (r".*(sectors|threshold_incidents|quorum|replications)", "count"),
)


def key_table() -> str:
    """Return the reference in Markdown: for each table of a scenario file, a table of its keys."""
    sections = [
        f"### {_title(path)}\n\n{_HEAD}{''.join(_rows(table, path))}"
        for path, table in _tables(schema(), ())
    ]
    return "\n".join([*sections, f"### Delays and spells\n\n{_HEAD}{''.join(_delays())}"])


def written_anew(text: str) -> str:
    """Return a text with the reference between its marks."""
    begin, end = "<!-- keys: begin -->", "<!-- keys: end -->"
    before, rest = text.split(begin)
    return f"{before}{begin}\n\n{key_table()}\n{end}{rest.split(end)[1]}"


def _tables(table: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield each table that has a section of its own, and its path."""
    yield path, table
    for key, raw in table["properties"].items():
        node = plain(raw, {})
        if "properties" in _entry(node):
            yield from _tables(_entry(node), (*path, key, _NAME))
        elif "properties" in node and not path:
            yield from _tables(node, (key,))


def _entry(node: Node) -> Node:
    """Return the schema of the values of a table whose keys are names of the user's."""
    found = next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
    return plain(found, {}) if found else {}


def _title(path: tuple[str, ...]) -> str:
    return f"`[{dotted(path)}]`" if path else "At the top of the file"


def _rows(table: Node, path: tuple[str, ...], inner: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a row for each key of a table, and of the small tables that always stand in it."""
    for key, raw in table["properties"].items():
        node = plain(raw, {})
        in_list = plain(node.get("items", {}), {})
        if "properties" in node and path:
            yield from _rows(node, path, (*inner, key))
        elif "properties" in in_list:
            yield from _rows(in_list, path, (*inner, key, _NUMBER))
        elif not ("properties" in node or "properties" in _entry(node)):
            yield _row((*inner, key), path, raw)


def _row(key: tuple[str, ...], path: tuple[str, ...], raw: Node) -> str:
    whole = dotted((*path, *key))
    unit = unit_of(whole)
    meaning = " ".join(raw["description"].split())
    default = _default(raw)
    if default == "must be given" and len(key) > 1:
        default = f"must be given with `{dotted(key[:-1])}`"
    return f"| `{dotted(key)}` | {meaning} | {unit} | {_range(plain(raw, {}))} | {default} |\n"


def unit_of(path: str) -> str:
    """Return the unit of a value by its path; empty where it has none.

    >>> unit_of("steps.military.not_before_hours"), unit_of("crisis.clock")
    ('hours', '')
    """
    return next((unit for pattern, unit in _UNITS if re.fullmatch(pattern, path)), "")


def _range(node: Node) -> str:
    if "discriminator" in node:
        for_all = "uniform" in node["discriminator"]["mapping"]
        return "a delay" if for_all else "a spell: a delay that is not uniform or triangular"
    if "pattern" in node:
        return "a name"
    entry = _entry(node) or node.get("items")
    return f"{allowed(node)}, each {_range(entry)}" if entry else allowed(node)


def _default(raw: Node) -> str:
    if "default" not in raw:
        return "must be given"
    return "" if raw["default"] is None else f"`{_as_toml(raw['default'])}`"


def _as_toml(value: Any) -> str:  # noqa: ANN401 - any default
    if isinstance(value, dict):
        entries = ", ".join(f"{key} = {_as_toml(one)}" for key, one in value.items())
        return f"{{ {entries} }}" if entries else "{}"
    return f"{value:g}" if isinstance(value, float) else json.dumps(value)


def _delays() -> Iterator[str]:
    """Yield the rows of each family of delays: its own, and those of its numbers."""
    for reference in schema()["$defs"]["Actor"]["properties"]["decision"]["oneOf"]:
        family = plain(reference, {})
        name = family["properties"]["family"]["const"]
        yield f'| `family = "{name}"` | {family["description"]} | | | |\n'
        for key, raw in family["properties"].items():
            if key != "family":
                yield _row((key,), ("delay",), raw)


if __name__ == "__main__":
    README.write_text(written_anew(README.read_text(encoding="utf-8")), encoding="utf-8")
