"""A group's members from a CSV file: one row each, with the place of every value."""

import csv
from pathlib import Path

from sim.scenario.layers import Layer, Origins, Tables
from sim.scenario.problems import KeyPath, Origin, Problem, ScenarioError, did_you_mean, shown
from sim.scenario.tables import Member

# Columns of the format that say nothing yet while they are empty, "false", "no" or 0.
_SWITCHES = ("needs_backer", "vetoes")
_COLUMNS = ("name", *Member.model_fields, *_SWITCHES)


def read_members(text: str, file: Path, group: KeyPath) -> Layer:
    """Return the members table that a CSV text holds, for the group at this path.

    Empty cells are values left out. Raises `ScenarioError` with all that is wrong.
    """
    problems: list[Problem] = []
    tables: Tables = {}
    origins: Origins = {(*group, "members"): Origin(str(file))}
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        problems += _header_problems(header, file)
        for row in reader:
            if any(row):
                at = _places(row, file, reader.line_num)
                problems += _take(row, header, at, tables, origins, group)
    except csv.Error as error:
        problems.append(Problem(Origin(str(file), reader.line_num), "", f"is not CSV: {error}"))
    if problems:
        raise ScenarioError(problems)
    return Layer(tables, origins)


def _header_problems(header: list[str], file: Path) -> list[Problem]:
    at = _places(header, file, 1)
    found = [
        Problem(at[index], name, f"is not a known column{did_you_mean(name, _COLUMNS)}")
        for index, name in enumerate(header)
        if name not in _COLUMNS
    ]
    if "name" not in header:
        found.append(Problem(Origin(str(file)), "name", "is missing, must be a column"))
    if len(set(header)) < len(header):
        found.append(Problem(Origin(str(file)), "", "a column stands twice in the header"))
    return found


def _places(row: list[str], file: Path, line: int) -> list[Origin]:
    """Return where each field starts, counting no quotes."""
    starts = [1 + sum(len(field) + 1 for field in row[:index]) for index in range(len(row))]
    return [Origin(str(file), line, start) for start in starts]


def _take(
    row: list[str],
    header: list[str],
    at: list[Origin],
    tables: Tables,
    origins: Origins,
    group: KeyPath,
) -> list[Problem]:
    """Put one row into the tables; return what is wrong with it."""
    if len(row) != len(header):
        sentence = f"has {len(row)} fields, must have {len(header)} as the header has"
        return [Problem(at[0], "", sentence)]
    cells = dict(zip(header, row, strict=True))
    name = cells.get("name", "").strip()
    if not name or name in tables:
        return [Problem(at[0], "name", f"is {shown(name)}, must be a name that no other row has")]
    tables[name] = {}
    origins[*group, "members", name] = at[0]
    problems = []
    for origin, (column, cell) in zip(at, cells.items(), strict=True):
        origins[*group, "members", name, column] = origin
        problems += _take_cell(cell.strip(), column, origin, tables[name])
    return problems


def _take_cell(cell: str, column: str, origin: Origin, member: Tables) -> list[Problem]:
    if column in _SWITCHES:
        if cell.lower() in ("", "false", "no", "0"):
            return []
        return [Problem(origin, column, f"is {shown(cell)}, not supported yet, must be false")]
    if column == "name" or not cell:
        return []
    try:
        member[column] = float(cell)
    except ValueError:
        return [Problem(origin, column, f"is {shown(cell)}, must be a number")]
    return []
