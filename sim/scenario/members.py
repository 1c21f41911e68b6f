"""A group's members from a CSV file: one row each, with the place of every value."""

from pathlib import Path
from typing import Final

from sim.scenario.layers import Layer, Tables
from sim.scenario.problems import (
    KeyPath,
    Origin,
    Problem,
    ScenarioError,
    dotted,
    shown,
)
from sim.scenario.sheets import Cell, header_problems, rows_of, width_problem
from sim.scenario.tables import Member

_SWITCHES: Final = ("needs_backer", "vetoes")
_COLUMNS: Final = ("name", *Member.model_fields)
_TRUTHS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read_members(text: str, file: Path, group: KeyPath) -> Layer:
    """Return the members table that a CSV text holds, for the group at this path.

    Empty cells are values left out. What is wrong with the text is in the layer's problems.
    """
    layer = Layer({}, {(*group, "members"): Origin(str(file))})
    problems: list[Problem] = []
    try:
        rows = rows_of(text, str(file))
        header = next(rows, [])
        problems += header_problems(header, _COLUMNS)
        if "name" not in [cell.text for cell in header]:
            problems.append(Problem(Origin(str(file)), "name", "is missing, must be a column"))
        for row in () if problems else rows:
            problems += _take(row, [cell.text for cell in header], layer, (*group, "members"))
    except ScenarioError as error:
        problems += error.problems
    return layer._replace(problems=tuple(problems))


def _take(row: list[Cell], header: list[str], layer: Layer, path: KeyPath) -> list[Problem]:
    """Put one row into the layer, whose table is at this path; return what is wrong with it."""
    wrong = width_problem(row, header, dotted(path))
    if wrong:
        return [wrong]
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


def _take_cell(cell: Cell, column: str, member: Tables, path: KeyPath) -> list[Problem]:
    try:
        is_switch = column in _SWITCHES
        member[column] = _TRUTHS[cell.text.lower()] if is_switch else float(cell.text)
    except (KeyError, ValueError):
        rule = "true or false" if is_switch else "a number"
        return [Problem(cell.origin, dotted(path), f"is {shown(cell.text)}, must be {rule}")]
    return []
