"""From a scenario file to its tables: what it extends, the tables it refers to, and nothing else.

A file may only refer to what lies beside or below it. So a scenario that somebody sends can be
looked at without it reaching for other files of the machine.
"""

import os
import re
import stat
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from sim.scenario.layers import DEEPEST, Layer, Origins, Tables, laid_on
from sim.scenario.members import read_members
from sim.scenario.near_files import hint_at, likely, meant
from sim.scenario.positions import positions
from sim.scenario.problems import KeyPath, Origin, Problem, ScenarioError, shown
from sim.scenario.series import read_series
from sim.scenario.world import MOST_RECORDED

_LARGEST_BYTES: Final = 2**18
# A record of incidents, whether as a table or in a scenario that is written out, may be longer: its
# items, as `Scenario.to_toml` writes them, one a line, do not count.
_LARGEST_RECORD_BYTES: Final = 2**22
_MOST_ITEMS: Final = 4 * MOST_RECORDED
_ITEM: Final = re.compile(r"""^ {4}(?:"[^"\\\n]*+"|[0-9.e+-]++),\n""", re.MULTILINE)
_LONGEST_CHAIN: Final = 20
# tomllib needs memory and time with the square of the number of a key's parts. No text but a
# hostile one has 30 words with nothing but dots between them.
_LONG_KEY: Final = re.compile(
    r"""(?<![A-Za-z0-9_-])
    (?: (?: [A-Za-z0-9_-]++ | "[^"\n]*+" | '[^'\n]*+' ) [ \t]*+ \. [ \t]*+ ){30}""",
    re.VERBOSE,
)

_HINTS: Final = {
    "Illegal character '\\n'": "a text has to be closed by a quote before its line ends",
    "Invalid value": "text needs straight quotes, a number is written without a unit",
    "Expected newline or end of document": "a value ends its line: a number has no unit",
    "Cannot declare": "put what belongs to it together, below one heading",
}


def read_file(path: Path) -> Layer:
    """Return the tables of a scenario file, laid on those of the file that it extends."""
    return _read(path, ())


def _read(path: Path, chain: tuple[Path, ...]) -> Layer:
    layer = with_files(parsed_file(path), path.parent)
    if "extends" not in layer.tables:
        return layer
    chain = (*chain, path.resolve())
    below = _extended(layer, path, chain)
    if isinstance(below, str):
        raise ScenarioError([*layer.problems, layer.problem(("extends",), below)])
    return laid_on(layer, _read(below, chain))


def _extended(layer: Layer, path: Path, chain: tuple[Path, ...]) -> Path | str:
    """Return the file that a scenario extends, or what is wrong with it."""
    below = _referred(path.parent, layer.tables.pop("extends"))
    if isinstance(below, str):
        return below
    if below.resolve() in chain:
        return f"goes round in a circle: {' -> '.join(one.name for one in (*chain, below))}"
    if len(chain) > _LONGEST_CHAIN:
        return f"is the end of a chain of more than {_LONGEST_CHAIN} files"
    return below


def parsed_file(path: Path) -> Layer:
    """Return the tables of a TOML file as they stand, and where each value is written.

    Raises `ScenarioError` where it cannot be read, is no TOML, or is made to do harm.
    """
    text = _text_with_a_record(path)
    long_key = _LONG_KEY.search(text)
    if long_key:
        raise ScenarioError([_deep(_place(path, text[: long_key.start()]))])
    try:
        tables, places = tomllib.loads(text), positions(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([_syntax(path, text, str(error))]) from None
    except RecursionError:
        raise ScenarioError([_deep(Origin(str(path)))]) from None
    except ValueError:  # the only one that tomllib lets through
        raise ScenarioError([_endless_number(path, text)]) from None
    origins: Origins = {(): Origin(str(path))}
    for key_path, (line, column) in places.items():
        origins[key_path] = Origin(str(path), line, column)
        if len(key_path) > DEEPEST:
            raise ScenarioError([_deep(origins[key_path])])
    return Layer(tables, origins)


def _text_with_a_record(path: Path) -> str:
    """Return a scenario file's text, which is not too large without the items of a record."""
    text = read_text(path, _LARGEST_RECORD_BYTES)
    if len(text) <= _LARGEST_BYTES // 4:  # no character has more bytes
        return text
    rest, items = _ITEM.subn("", text)
    if len(rest.encode()) > _LARGEST_BYTES or items > _MOST_ITEMS:
        raise ScenarioError([Problem(Origin(str(path)), "", _too_large(_LARGEST_BYTES))])
    return text


def _endless_number(path: Path, text: str) -> Problem:
    digits = re.search(r"[0-9][0-9_]{4299}", text)
    before = text[: digits.start()] if digits else ""
    return Problem(_place(path, before), "", "a number of thousands of digits, must be shorter")


def _deep(origin: Origin) -> Problem:
    return Problem(origin, "", f"tables or lists are nested more than {DEEPEST} deep")


def _syntax(path: Path, text: str, message: str) -> Problem:
    """Return tomllib's complaint, with the place that it puts at the end of its message."""
    at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if at:
        origin = Origin(str(path), int(at[1]), int(at[2]))
    else:
        origin = Origin(str(path), text.count("\n") + 1)
    said = re.sub(r" [(]at .*[)]$", "", message)
    return Problem(origin, "", f"is not TOML: {said}{_mend(said)}")


def _mend(said: str) -> str:
    """Return what to do about a complaint of tomllib's, where that is mostly the same.

    >>> _mend("Invalid value")
    ' (text needs straight quotes, a number is written without a unit)'
    """
    hints = (hint for begin, hint in _HINTS.items() if said.startswith(begin))
    return next((f" ({hint})" for hint in hints), "")


def read_text(path: Path, most_bytes: int) -> str:
    """Return the text of an ordinary UTF-8 file that is not too large."""
    try:
        status = path.stat()
        wrong = _not_to_be_read(status, most_bytes)
        content = b"" if wrong else path.read_bytes()
    except FileNotFoundError:
        wrong = f"cannot be read: there is no such file{meant(path)}"
    except (OSError, ValueError) as error:  # it is not for us; or no file can have such a name
        wrong = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    if wrong:
        raise ScenarioError([Problem(Origin(str(path)), "", wrong)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from behind a byte order mark.
        before = error.object[: error.start].decode("utf-8", "replace")
        raise ScenarioError([Problem(_place(path, before), "", "is not UTF-8 text")]) from None


def _place(path: Path, before: str) -> Origin:
    """Return the place in a file that comes after this much of its text."""
    return Origin(str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))


def _not_to_be_read(status: os.stat_result, most_bytes: int) -> str:
    if not stat.S_ISREG(status.st_mode):
        return "is not an ordinary file"
    return _too_large(most_bytes) if status.st_size > most_bytes else ""


def _too_large(most_bytes: int) -> str:
    return f"is larger than the {most_bytes:,} bytes that are read"


def _referred(folder: Path, name: Any) -> Path | str:  # noqa: ANN401
    """Return the file that a reference names, if it lies in the folder or below it, or why not."""
    said = (
        f"is {shown(name)}, must be the path of a file beside this one or below its folder "
        "(a copy of it can lie there)"
    )
    if not isinstance(name, str) or not name or "\0" in name or "\\" in name or "://" in name:
        return said
    target = folder / name
    try:
        if not _is_below(folder, name):
            return said
        if target.is_file():
            return target
        near = hint_at(one for one in likely(folder, name) if _is_below(folder, one))
        return f"is {shown(name)}, which is not a file in the folder of this one{near}"
    except (OSError, RuntimeError):  # a name that is too long, links that go round in a circle
        return f"is {shown(name)}, which cannot be read"


def _is_below(folder: Path, name: str) -> bool:
    outside = Path(name).is_absolute() or ".." in Path(name).parts
    return not outside and (folder / name).resolve().is_relative_to(folder.resolve())


def with_files(layer: Layer, folder: Path) -> Layer:
    """Return the layer with what stands in the tables that it refers to."""
    return _with_series(_with_members(layer, folder), folder)


def _with_members(layer: Layer, folder: Path) -> Layer:
    """Return the layer with the rows of each group's members_file as its members."""
    problems = list(layer.problems)
    for path, group in groups_with_a_file(layer.tables):
        own = group.setdefault("members", {})
        file = _referred(folder, group["members_file"])
        if isinstance(file, str):
            problems.append(layer.problem((*path, "members_file"), file))
        elif isinstance(own, dict):
            rows = _rows(file, path)
            problems += rows.problems
            group["members"] = laid_on(Layer(own, {}), Layer(rows.tables, {})).tables
            layer.origins.update({**rows.origins, **layer.origins})
    return layer._replace(problems=tuple(problems))


def _rows(file: Path, group: KeyPath) -> Layer:
    try:
        return read_members(read_text(file, _LARGEST_BYTES), file, group)
    except ScenarioError as error:
        return Layer({}, {}, error.problems)


def _with_series(layer: Layer, folder: Path) -> Layer:
    """Return the layer with the rows of violations.file as its recorded incidents."""
    violations = layer.tables.get("violations")
    if not isinstance(violations, dict):
        return layer
    wrong: list[tuple[str, str]] = []
    starts = _date(violations.get("starts"))
    file: Path | str = ""
    if "starts" in violations and starts is None:
        said = shown(violations["starts"])
        wrong.append(("starts", f"is {said}, must be a date such as 2026-02-03"))
    if "file" in violations:
        file = _referred(folder, violations["file"])
        wrong += [("file", file)] if isinstance(file, str) else []
        wrong += [("recorded", "stands beside violations.file")] if "recorded" in violations else []
    elif "starts" in violations:
        wrong.append(("starts", "must have file in this file, whose hour 0 it says"))
    problems = [layer.problem(("violations", key), sentence) for key, sentence in wrong]
    if isinstance(file, Path) and not problems:
        rows = _record(file, starts)
        violations |= {"recorded": rows.tables} if rows.tables else {}
        layer.origins.update(rows.origins)
        problems += rows.problems
    return layer._replace(problems=(*layer.problems, *problems))


def _date(value: Any) -> date | None:  # noqa: ANN401
    """Return the date that a value says, as TOML's own or as a text."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _record(file: Path, starts: date | None) -> Layer:
    try:
        return read_series(read_text(file, _LARGEST_RECORD_BYTES), file, starts)
    except ScenarioError as error:
        return Layer({}, {}, error.problems)


def groups_with_a_file(tables: Tables) -> Iterator[tuple[KeyPath, Tables]]:
    """Yield each group that has a members_file, and its path."""
    groups = tables.get("groups")
    for name, group in groups.items() if isinstance(groups, dict) else ():
        if isinstance(group, dict) and "members_file" in group:
            yield ("groups", name), group
