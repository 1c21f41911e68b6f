"""A group's members from a CSV file: one row each, with the place of every value."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from sim.scenario.layers import Layer, Tables
from sim.scenario.problems import (
    KeyPath,
    Origin,
    Problem,
    ScenarioError,
    did_you_mean,
    dotted,
    shown,
)
from sim.scenario.tables import Member

# Columns of the format that say nothing yet while they are empty, "false", "no" or 0.
_SWITCHES: Final = ("needs_backer", "vetoes")
_COLUMNS: Final = ("name", *Member.model_fields, *_SWITCHES)
_FIELD: Final = re.compile(r'(?:"(?:[^"]|"")*")?[^,\r\n]*')


class _Cell(NamedTuple):
    """What a field of a row says, and where the field starts."""

    text: str
    origin: Origin


def read_members(text: str, file: Path, group: KeyPath) -> Layer:
    """Return the members table that a CSV text holds, for the group at this path.

    Empty cells are values left out. What is wrong with the text is in the layer's problems.
    """
    layer = Layer({}, {(*group, "members"): Origin(str(file))})
    problems: list[Problem] = []
    try:
        rows = _rows(text, str(file))
        header = next(rows, [])
        problems += _header_problems(header, str(file))
        for row in () if problems else rows:
            problems += _take(row, [cell.text for cell in header], layer, (*group, "members"))
    except ScenarioError as error:
        problems += error.problems
    return layer._replace(problems=tuple(problems))


def _rows(text: str, file: str) -> Iterator[list[_Cell]]:
    """Yield the rows that are not empty."""
    written: list[str] = []

    def lines() -> Iterator[str]:
        for written_line in io.StringIO(text, newline=""):
            written.append(written_line)
            yield written_line

    line = 1
    try:
        for row in csv.reader(lines(), strict=True):
            starts = _starts("".join(written), Origin(file, line))
            cells = [_Cell(cell.strip(), at) for cell, at in zip(row, starts, strict=False)]
            if any(cell.text for cell in cells):
                yield cells
            line += len(written)
            written.clear()
    except csv.Error as error:
        raise ScenarioError([Problem(Origin(file, line), "", f"is not CSV: {error}")]) from None


def _starts(row: str, first: Origin) -> Iterator[Origin]:
    """Yield where each field of a row starts; a field in quotes may hold line breaks."""
    at = line_start = 0
    line = first.line
    while field := _FIELD.match(row, at):
        yield Origin(first.file, line, at - line_start + 1)
        line += field[0].count("\n")
        line_start = max(line_start, row.rfind("\n", at, field.end()) + 1)
        at = field.end() + 1


def _header_problems(header: list[_Cell], file: str) -> list[Problem]:
    names = [cell.text for cell in header]
    if len(names) == 1 and ";" in names[0]:
        return [Problem(header[0].origin, "", "must have commas between its columns, not ;")]
    found = [
        Problem(origin, name, f"is not a known column{did_you_mean(name, _COLUMNS)}")
        for name, origin in header
        if name not in _COLUMNS
    ]
    found += [
        Problem(origin, name, "is a column already")
        for index, (name, origin) in enumerate(header)
        if name in names[:index]
    ]
    if "name" not in names:
        found.append(Problem(Origin(file), "name", "is missing, must be a column"))
    return found


def _take(row: list[_Cell], header: list[str], layer: Layer, path: KeyPath) -> list[Problem]:
    """Put one row into the layer, whose table is at this path; return what is wrong with it."""
    if len(row) != len(header):
        sentence = f"has {len(row)} fields, must have {len(header)} as the header has"
        return [Problem(row[0].origin, dotted(path), sentence)]
    cells = dict(zip(header, row, strict=True))
    name, origin = cells.pop("name")
    if not name or name in layer.tables:
        sentence = f"is {shown(name)}, must be a name that no other row has"
        return [Problem(origin, dotted((*path, name)), sentence)]
    layer.tables[name] = {}
    layer.origins[*path, name] = origin
    problems = []
    for column, cell in cells.items():
        if cell.text:
            layer.origins[*path, name, column] = cell.origin
            problems += _take_cell(cell, column, layer.tables[name], (*path, name, column))
    return problems


def _take_cell(cell: _Cell, column: str, member: Tables, path: KeyPath) -> list[Problem]:
    if column in _SWITCHES:
        if cell.text.lower() in ("false", "no", "0"):
            return []
        sentence = f"is {shown(cell.text)}, not supported yet, must be false"
        return [Problem(cell.origin, dotted(path), sentence)]
    try:
        member[column] = float(cell.text)
    except ValueError:
        return [Problem(cell.origin, dotted(path), f"is {shown(cell.text)}, must be a number")]
    return []
