"""A record of incidents from a CSV file, one or several in each row, with the place of every value.

A row says when: `time_hours` from the start of the ceasefire, `time_utc`, or just the `date`, over
which its incidents are spread evenly. It may say where, at what level, by whom and how many.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from sim.scenario.layers import Layer
from sim.scenario.problems import KeyPath, Origin, Problem, ScenarioError, shown
from sim.scenario.sheets import Cell, header_problems, rows_of, width_problem
from sim.scenario.world import MOST_RECORDED

RECORDED: Final[KeyPath] = ("violations", "recorded")
_TIMES: Final = ("time_hours", "hours", "time_utc", "date")
# Each with the column that it becomes.
_WORDS: Final = {
    "sector": "sectors",
    "zone": "sectors",
    "level": "levels",
    "severity": "levels",
    "by": "by",
}
# What people note besides, and what says nothing here.
_NOTES: Final = ("source", "note", "weapon", "claimed_by", "attributed_to", "verified")
_COLUMNS: Final = (*_TIMES, *_WORDS, "count", *_NOTES)
_MOST_ROWS: Final = 50_000
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


class _Row(NamedTuple):
    """What a row says: so many incidents then, and the cells with the words for them."""

    when: float | datetime | date
    cell: Cell
    incidents: int
    words: dict[str, Cell]

    def alike(self) -> tuple[object, ...]:
        """Return what incidents of one date have in common that are spread over it together."""
        return self.when, *((column, cell.text) for column, cell in self.words.items())


def read_series(text: str, file: Path, starts: date | None) -> Layer:
    """Return the columns of `violations.recorded` that a CSV text holds.

    Hour 0 is the midnight with which this date begins, or else the date of the earliest row. What
    is wrong with the text is in the layer's problems.
    """
    layer = Layer({}, {RECORDED: Origin(str(file))})
    problems: list[Problem] = []
    try:
        cells = rows_of(text, str(file))
        header = next(cells, [])
        problems += _header_problems(header, str(file))
        rows = [] if problems else _rows(cells, [cell.text for cell in header], problems)
        _fill(layer, rows, starts, problems)
    except ScenarioError as error:
        problems += error.problems
    return layer._replace(problems=tuple(problems))


def _header_problems(header: list[Cell], file: str) -> list[Problem]:
    found = header_problems(header, _COLUMNS)
    names = [cell.text for cell in header]
    if found:
        return found
    times = [name for name in names if name in _TIMES]
    if len(times) != 1:
        said = f"has the columns {', '.join(times)}" if times else "says no time"
        sentence = f"{said}, must have one of {', '.join(_TIMES)}"
        found.append(Problem(Origin(file), "", sentence))
    become = [_WORDS.get(name, name) for name in names]
    return found + [
        Problem(origin, name, "is a column already, under its other name")
        for index, (name, origin) in enumerate(header)
        if become[index] in become[:index]
    ]


def _rows(cells: Iterable[list[Cell]], header: list[str], problems: list[Problem]) -> list[_Row]:
    """Return the rows that can be read, up to the most incidents; add what is wrong."""
    rows: list[_Row] = []
    incidents = 0
    for number, fields in enumerate(cells, start=1):
        try:
            row = _row(fields, header)
        except ScenarioError as error:
            problems += error.problems
            continue
        incidents += row.incidents
        if incidents > MOST_RECORDED or number > _MOST_ROWS:
            most = f"{MOST_RECORDED:,} incidents in {_MOST_ROWS:,} rows"
            problems.append(Problem(fields[0].origin, "", f"is beyond the {most} that are read"))
            break
        rows.append(row)
    return rows


def _row(fields: list[Cell], header: list[str]) -> _Row:
    wrong = width_problem(fields, header, "")
    if wrong:
        raise ScenarioError([wrong])
    cells = dict(zip(header, fields, strict=True))
    [kind] = [name for name in _TIMES if name in cells]
    words = {_WORDS[name]: cell for name, cell in cells.items() if name in _WORDS}
    count = _count(cells["count"]) if "count" in cells and cells["count"].text else 1
    return _Row(_when(kind, cells[kind]), cells[kind], count, words)


def _count(cell: Cell) -> int:
    try:
        count = int(cell.text)
    except ValueError:
        count = -1
    if not 0 <= count <= MOST_RECORDED:
        rule = f"must be a whole number, 0 to {MOST_RECORDED:,}"
        raise ScenarioError([Problem(cell.origin, "count", f"is {shown(cell.text)}, {rule}")])
    return count


def _when(kind: str, cell: Cell) -> float | datetime | date:
    try:
        if kind in ("time_hours", "hours"):
            return float(cell.text)
        return date.fromisoformat(cell.text) if kind == "date" else _utc(cell.text)
    except (ValueError, OverflowError):
        rule = {
            "time_hours": "a number of hours",
            "hours": "a number of hours",
            "time_utc": "a time such as 2026-02-03T18:30:00Z",
            "date": "a date such as 2026-02-03",
        }[kind]
        problem = Problem(cell.origin, kind, f"is {shown(cell.text)}, must be {rule}")
        raise ScenarioError([problem]) from None


def _utc(text: str) -> datetime:
    """Return an ISO 8601 time of day on a date; without an offset it is universal time."""
    if len(text) <= len("2026-02-03"):
        raise ValueError(text)
    when = datetime.fromisoformat(text)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _fill(layer: Layer, rows: list[_Row], starts: date | None, problems: list[Problem]) -> None:
    """Put the incidents of the rows into the layer, column by column."""
    columns = ["hours", *dict.fromkeys(column for row in rows for column in row.words)]
    said: dict[str, list[float | str]] = {column: [] for column in columns}
    for hours, row in _incidents(rows, starts):
        if hours < 0 and isinstance(row.when, date):
            sentence = f"is {shown(row.cell.text)}, must not be before violations.starts"
            problems.append(Problem(row.cell.origin, "", sentence))
        index = len(said["hours"])
        layer.origins[*RECORDED, "hours", index] = row.cell.origin
        said["hours"].append(hours)
        for column, cell in row.words.items():
            layer.origins[*RECORDED, column, index] = cell.origin
            said[column].append(cell.text)
    spoken = [column for column in columns if column == "hours" or any(said[column])]
    layer.tables.update({column: list(said[column]) for column in spoken})


def _incidents(rows: list[_Row], starts: date | None) -> Iterator[tuple[float, _Row]]:
    """Yield the hour of each incident, and its row.

    Incidents of which only the date is known, and which are alike in all else, are spread evenly
    over it: the i-th of n at (i + 0.5)/n of its 24 hours.
    """
    days = [_day(row.when) for row in rows if isinstance(row.when, date)]
    first = datetime.combine(starts or min(days, default=date.min), time(), UTC)
    alike: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        alike[row.alike()] += row.incidents
    passed: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        for _ in range(row.incidents):
            if isinstance(row.when, float):
                yield row.when, row
            elif isinstance(row.when, datetime):
                yield (row.when - first) / _HOUR, row
            else:
                part = (passed[row.alike()] + 0.5) / alike[row.alike()]
                yield 24.0 * ((row.when - first.date()) / _DAY + part), row
                passed[row.alike()] += 1


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when
