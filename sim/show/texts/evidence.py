"""What a scenario's values rest on, as `sim sources` prints it."""

from __future__ import annotations

import re
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.text import Text

from sim.scenario.sources import (
    ASSUMPTION,
    LITERATURE,
    NO_SOURCE,
    REPORTED,
    WHAT_COUNTS,
    grades_in_words,
    sourced_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.scenario.scenario import Scenario
    from sim.scenario.sources import Value
    from sim.study.comparing.changes import Change

_CHANGED: Final = "changed"
_SET_IN: Final = re.compile("set in (.+)")
_NO_FILES: Final = ("with_", "--set")
_GRADE_WIDTH: Final = 10
_SOURCE_WIDTH: Final = 15
# Grade and source, and what is between the columns.
_OTHER_WIDTH: Final = _GRADE_WIDTH + _SOURCE_WIDTH + 8
_STYLES: Final = {_CHANGED: "bold", REPORTED: "bold green", LITERATURE: "bold cyan", ASSUMPTION: ""}
_NARROWEST: Final = 60
_WIDEST: Final = 100
_LONGEST_REPEATED: Final = 50
# Tables whose entries are named by the user: each entry is a section of its own.
_NAMED: Final = ("levels", "steps", "actors", "groups", "conditions")


def sources_page(scenario: Scenario, width: int, changed: Sequence[Change] = ()) -> Iterator[Text]:
    """Yield the lines of the page: the values, table by table, and at the end how many there are.

    What a source says stands below the first value that cites it; what was changed, with `--set`
    or in a file that gives no source for it, is marked, and says what it was where that is given.
    """
    width = min(max(width, _NARROWEST), _WIDEST)
    values = [_marked(value, changed) for value in sourced_values(scenario) if value.counts]
    yield Text(scenario.title, style="bold")
    told: dict[str, str] = {}
    for table, rows in groupby(values, key=lambda value: _table(value.path)):
        yield Text()
        yield Text(table, style="bold")
        yield from _section(table, list(rows), width, told)
    yield Text()
    yield from (Text(line, style="dim") for line in textwrap.wrap(WHAT_COUNTS, width))
    yield from (
        Text(line, style="bold") for line in textwrap.wrap(grades_in_words(scenario), width)
    )


def _marked(row: Value, changed: Sequence[Change]) -> Value:
    """Return a value with what was changed of it in the place of its source."""
    own = [one for one in changed if _concerns(one.path, row.path)]
    if own:
        before = ", ".join(one.before or "nothing" for one in own)
        return row._replace(source=_CHANGED, says=f"changed by --set; it was {before}")
    made = _SET_IN.fullmatch(row.says)
    if made and not row.source:
        by = "by" if made[1] in _NO_FILES else "in"
        return row._replace(source=_CHANGED, says=f"changed {by} {made[1]}, which names no source")
    return row


def _concerns(changed: str, shown: str) -> bool:
    """Return whether a changed path is a value that is shown, a part of it, or has it as a part.

    >>> _concerns("groups.a.members.x.weight", "groups.a.members.{x,y}.weight")
    True
    >>> _concerns("steps.a.deploy", "steps.a.deploy.hours"), _concerns("steps.a", "steps.ab")
    (True, False)
    """
    pairs = zip(changed.split("."), shown.split("."), strict=False)
    return all(
        theirs in ("*", ours) or ours in theirs.strip("{}").split(",") for ours, theirs in pairs
    )


def _table(path: str) -> str:
    """Return the table that a value stands in.

    >>> _table("levels.assault.detection.delay"), _table("crisis.clock")
    ('levels.assault', 'crisis')
    """
    parts = path.split(".")
    return ".".join(parts[: 2 if parts[0] in _NAMED else 1])


def _section(table: str, rows: list[Value], width: int, told: dict[str, str]) -> Iterator[Text]:
    names = [row.path.removeprefix(f"{table}.") for row in rows]
    name_width = min(max(map(len, names)), (width - _OTHER_WIDTH) // 2)
    for name, row in zip(names, rows, strict=True):
        yield from _row(name, row, name_width, width)
        yield from (Text(line, style="dim") for line in _said(row, width, told))


def _row(name: str, row: Value, name_width: int, width: int) -> Iterator[Text]:
    """Yield a value in one line, or in several where it is long."""
    value_width = width - name_width - _OTHER_WIDTH
    cited = row.source or (NO_SOURCE if row.says == NO_SOURCE else "in words")
    columns = (
        textwrap.wrap(name, name_width),
        textwrap.wrap(_with_unit(row), value_width),
        [row.grade],
        [cited],
    )
    widths = (name_width, value_width, _GRADE_WIDTH, _SOURCE_WIDTH)
    for number in range(max(map(len, columns))):
        cells = [column[number] if number < len(column) else "" for column in columns]
        line = Text("  ")
        for cell, wide in zip(cells, widths, strict=True):
            line.append(cell.ljust(wide + 2), _STYLES.get(cell, ""))
        line.rstrip()
        yield line


def _with_unit(row: Value) -> str:
    if row.unit == "factor":
        return f"factor {row.value}"
    return f"{row.value} {row.unit}".strip()


def _said(row: Value, width: int, told: dict[str, str]) -> list[str]:
    """Return what the source says, in lines; if it is long and was told already, only where."""
    if row.says == NO_SOURCE:
        return []
    is_long = len(row.says) > _LONGEST_REPEATED
    says = f"as for {told[row.says]}" if is_long and row.says in told else row.says
    told.setdefault(row.says, row.path)
    if row.range:
        says += f"; plausible: {row.range}"
    indent = " " * 6
    return textwrap.wrap(says, width, initial_indent=indent, subsequent_indent=indent)
