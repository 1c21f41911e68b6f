"""CSV tables as people write them: rows of cells, each with its place, and a line of names."""

import csv
import io
import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from sim.scenario.counts import counted
from sim.scenario.problems import Origin, Problem, ScenarioError, did_you_mean

_FIELD: Final = re.compile(r'(?:"(?:[^"]|"")*")?[^,\r\n]*')


class Cell(NamedTuple):
    """What a field of a row says, and where the field starts."""

    text: str
    origin: Origin


def rows_of(text: str, file: str) -> Iterator[list[Cell]]:
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
            cells = [Cell(cell.strip(), at) for cell, at in zip(row, starts, strict=False)]
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


def header_problems(header: list[Cell], known: Collection[str]) -> list[Problem]:
    """Return what is wrong with the names of the columns, all of which must be known."""
    names = [cell.text for cell in header]
    if len(names) == 1 and ";" in names[0]:
        return [Problem(header[0].origin, "", "must have commas between its columns, not ;")]
    found = [
        Problem(origin, name, f"is not a known column{did_you_mean(name, known)}")
        for name, origin in header
        if name not in known
    ]
    found += [
        Problem(origin, name, "is a column already")
        for index, (name, origin) in enumerate(header)
        if name in names[:index]
    ]
    return found


def width_problem(row: list[Cell], header: list[str], path: str) -> Problem | None:
    """Return what is wrong with a row that has more fields, or fewer, than the header has."""
    if len(row) == len(header):
        return None
    sentence = f"has {counted(len(row), 'field')}, must have {len(header)} as the header has"
    return Problem(row[0].origin, path, sentence)
