"""From a scenario file to its tables: what it extends, its members' files, and nothing else.

A file may only refer to what lies beside or below it. So a scenario that somebody sends can be
looked at without it reaching for other files of the machine.
"""

import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.scenario.layers import DEEPEST, Layer, Origins, Tables, laid_on, too_deep
from sim.scenario.members import read_members
from sim.scenario.positions import positions
from sim.scenario.problems import KeyPath, Origin, Problem, ScenarioError, shown

_LARGEST_BYTES = 2**20
_LONGEST_CHAIN = 20


def read_file(path: Path) -> Layer:
    """Return the tables of a scenario file, laid on those of the file that it extends."""
    return _read(path, ())


def _read(path: Path, chain: tuple[Path, ...]) -> Layer:
    layer = with_members(_parsed(path), path.parent)
    parent = layer.tables.pop("extends", None)
    if parent is None:
        return layer
    below = _referred(path.parent, parent, layer, ("extends",))
    chain = (*chain, path.resolve())
    if below.resolve() in chain or len(chain) > _LONGEST_CHAIN:
        names = " -> ".join(one.name for one in (*chain, below))
        raise ScenarioError([layer.problem(("extends",), f"goes round in a circle: {names}")])
    return laid_on(layer, _read(below, chain))


def _parsed(path: Path) -> Layer:
    text = read_text(path, _LARGEST_BYTES)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([_syntax(path, text, str(error))]) from None
    except RecursionError:
        raise ScenarioError([_deep(Origin(str(path)))]) from None
    except ValueError as error:  # a whole number of thousands of digits, a date that is none
        raise ScenarioError([Problem(Origin(str(path)), "", f"is not TOML: {error}")]) from None
    if too_deep(tables):
        raise ScenarioError([_deep(Origin(str(path)))])
    origins: Origins = {(): Origin(str(path))}
    for key_path, (line, column) in positions(text).items():
        origins[key_path] = Origin(str(path), line, column)
    return Layer(tables, origins)


def _deep(origin: Origin) -> Problem:
    return Problem(origin, "", f"tables or lists are nested more than {DEEPEST} deep")


def _syntax(path: Path, text: str, message: str) -> Problem:
    """Return tomllib's complaint, with the place that it puts at the end of its message."""
    at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if at:
        origin = Origin(str(path), int(at[1]), int(at[2]))
    else:
        origin = Origin(str(path), text.count("\n") + 1)
    return Problem(origin, "", f"is not TOML: {re.sub(r' [(]at .*[)]$', '', message)}")


def read_text(path: Path, most_bytes: int) -> str:
    """Return the text of an ordinary UTF-8 file that is not too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            _refuse(path, "is not an ordinary file")
        if status.st_size > most_bytes:
            _refuse(path, f"is larger than the {most_bytes:,} bytes that are read")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        _refuse(path, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        column = len(before[-1].decode("utf-8", "replace")) + 1
        origin = Origin(str(path), len(before), column)
        raise ScenarioError([Problem(origin, "", "is not UTF-8 text")]) from None


def _refuse(path: Path, sentence: str) -> None:
    raise ScenarioError([Problem(Origin(str(path)), "", sentence)])


def _referred(folder: Path, name: Any, layer: Layer, path: KeyPath) -> Path:  # noqa: ANN401
    """Return the file that a reference names, if it lies in the folder or below it."""
    said = f"is {shown(name)}, must be the path of a file beside this one or below its folder"
    if not isinstance(name, str) or not name or "\0" in name or "\\" in name or "://" in name:
        raise ScenarioError([layer.problem(path, said)])
    target = folder / name
    outside = Path(name).is_absolute() or ".." in Path(name).parts
    if outside or not target.resolve().is_relative_to(folder.resolve()):
        raise ScenarioError([layer.problem(path, said)])
    if not target.is_file():
        raise ScenarioError([layer.problem(path, f"is {shown(name)}, which is not a file here")])
    return target


def with_members(layer: Layer, folder: Path) -> Layer:
    """Return the layer with the rows of each group's members_file as its members."""
    for path, group in _groups_with_a_file(layer.tables):
        file = _referred(folder, group["members_file"], layer, (*path, "members_file"))
        rows = read_members(read_text(file, _LARGEST_BYTES), file, path)
        own = group.get("members")
        merged = laid_on(Layer(own if isinstance(own, dict) else {}, {}), Layer(rows.tables, {}))
        group["members"] = merged.tables
        layer.origins.update({**rows.origins, **layer.origins})
    return layer


def _groups_with_a_file(tables: Tables) -> Iterator[tuple[KeyPath, Tables]]:
    groups = tables.get("groups")
    for name, group in groups.items() if isinstance(groups, dict) else ():
        if isinstance(group, dict) and "members_file" in group:
            yield ("groups", name), group
