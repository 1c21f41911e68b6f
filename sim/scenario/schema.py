"""The JSON schema of a scenario file, written by the models, and questions to it.

`python -m sim.scenario.schema` writes it anew beside this module, where editors find it.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sim.scenario.problems import KeyPath
from sim.scenario.scenario import Scenario

Node = dict[str, Any]
SCHEMA_FILE = Path(__file__).with_name("schema.json")


@cache
def schema() -> Node:
    """Return the schema of a scenario file.

    What a file must hold depends on what it extends, so only the loader can tell what is missing;
    here nothing but a delay's own numbers is required.
    """
    made = Scenario.model_json_schema()
    for node in (made, *made["$defs"].values()):
        if "family" not in node["properties"]:
            node.pop("required", None)
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return made


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def node_at(path: KeyPath, tables: Any) -> Node | None:  # noqa: ANN401 - whatever a file held
    """Return the schema of the value at a path of these tables, or None where nothing is known.

    The tables are needed where a family decides which keys there are.
    """
    node: Node | None = plain(schema(), tables)
    for part in path:
        node = _below(node, part)
        tables = tables.get(part) if isinstance(tables, dict) else None
        if node is None:
            return None
        node = plain(node, tables)
    return node


def keys_at(path: KeyPath, tables: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the fixed keys of the table at a path; none where keys are names of the user's."""
    node = node_at(path, tables)
    return tuple(node.get("properties", ())) if node else ()


def is_named_by_the_user(path: KeyPath, tables: Any) -> bool:  # noqa: ANN401
    """Return whether the table at a path is a step, a level, a member or the like.

    >>> is_named_by_the_user(("steps", "warning"), {}), is_named_by_the_user(("credibility",), {})
    (True, False)
    """
    above, node = node_at(path[:-1], tables), node_at(path, tables)
    fixed = above.get("properties", {}) if above else {}
    return path[-1] not in fixed and bool(node) and "properties" in (node or {})


def _below(node: Node | None, part: str | int) -> Node | None:
    if node is None:
        return None
    if isinstance(part, int):
        return node.get("items")
    properties = node.get("properties", {})
    if part in properties:
        found: Node = properties[part]
        return found
    rest = node.get("additionalProperties")
    if isinstance(rest, dict):
        return rest
    patterns = node.get("patternProperties")
    return next(iter(patterns.values())) if patterns else None


def plain(node: Node, tables: Any) -> Node:  # noqa: ANN401
    """Return a schema without references and "or nothing", and of the family that was chosen."""
    if "$ref" in node:
        return plain(schema()["$defs"][node["$ref"].rsplit("/", 1)[-1]], tables)
    if "anyOf" in node:
        return plain(next(one for one in node["anyOf"] if one.get("type") != "null"), tables)
    family = tables.get("family") if isinstance(tables, dict) else None
    mapping = node.get("discriminator", {}).get("mapping", {})
    if isinstance(family, str) and family in mapping:
        return plain({"$ref": mapping[family]}, tables)
    return node


def allowed(node: Node) -> str:
    """Return in words what values a schema allows.

    >>> allowed({"type": "number", "minimum": 0})
    'a number, 0 or more'
    """
    if "enum" in node:
        return "one of " + ", ".join(json.dumps(one) for one in node["enum"])
    if "const" in node:
        return json.dumps(node["const"])
    if "discriminator" in node:
        return "a table with a family: " + ", ".join(node["discriminator"]["mapping"])
    kinds = {"number": "a number", "integer": "a whole number", "string": "a text"}
    kinds |= {"object": "a table", "array": "a list", "boolean": "true or false"}
    kind = kinds.get(node.get("type", ""), "something else")
    return ", ".join((kind, *_bounds(node)))


def allowed_name(table: Node) -> str:
    """Return in words what names the entries of a table may have."""
    pattern = next(iter(table["patternProperties"]))
    kind = " of letters, digits, _ and -, starting with a letter"
    if not pattern.startswith("^[A-Za-z]"):
        kind = " without dots, quotes and control characters"
    return f"a name{kind}, at most {table['propertyNames']['maxLength']} characters"


def _bounds(node: Node) -> Iterator[str]:
    low, high = node.get("minimum"), node.get("maximum")
    above, below = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    if low is not None and low == high:
        yield f"just {low}"
    elif low is not None and high is not None:
        yield f"{low:,} to {high:,}"
    elif low is not None:
        yield f"{low:,} or more"
    if above is not None:
        yield f"above {above}"
        yield from [f"at most {high:,}"] if high else []
    if below is not None:
        yield f"below {below}"
    yield from _sizes(node)


def _sizes(node: Node) -> Iterator[str]:
    for kind in ("Properties", "Items"):
        least, most = node.get(f"min{kind}"), node.get(f"max{kind}")
        if most is not None:
            yield f"with {f'{least} to' if least else 'at most'} {most:,} entries"
        elif least is not None:
            yield f"with {least} or more entries"
    if "pattern" in node and node["pattern"].startswith("^[A-Za-z]"):
        yield "of letters, digits, _ and -, starting with a letter"
    if "maxLength" in node:
        yield f"at most {node['maxLength']} characters"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
