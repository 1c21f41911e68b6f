"""What was measured as tables: the same for the terminal and for the document."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from engines import SIMPY, C
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engines import Timed
    from growth import Point
    from measured import Measured
    from memory import Batch
    from startup import Wait
    from timing import Spread

_MEGA: Final = 1e6


class Grid(NamedTuple):
    """A table of words and numbers; all but the first column are numbers."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def grids(found: Measured) -> dict[str, Grid]:
    """Return the tables by the names of their places in the document."""
    return {
        "machine": Grid("Measured on", ("", "which"), found.machine),
        "engines": _engines(found.engines),
        "growth": _growth(found.growth),
        "memory": _memory(found.batches),
        "startup": _startup(found.waits),
    }


def on_screen(grid: Grid) -> Table:
    """Return a table for the terminal."""
    table = Table(title=grid.title, title_justify="left", title_style="bold", box=None)
    for index, name in enumerate(grid.header):
        table.add_column(name, justify="right" if index else "left")
    for row in grid.rows:
        table.add_row(*(Text(cell.replace("`", "")) for cell in row))
    return table


def in_document(grid: Grid) -> str:
    """Return a table as Markdown."""
    dashes = ("---", *("---:" for _ in grid.header[1:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (grid.header, dashes, *grid.rows))


def number(value: float) -> str:
    """Return a number above 0 with three digits, or with all that stand before the point.

    >>> number(33066.5), number(44.14), number(1.5), number(0.02807)
    ('33,067', '44.1', '1.50', '0.0281')
    """
    before_point = math.floor(math.log10(value)) + 1
    return f"{value:,.{max(3 - before_point, 0)}f}"


def with_range(measured: Spread) -> str:
    """Return the median and, in brackets, the least and the most."""
    return f"{number(measured.median)} ({number(measured.least)}–{number(measured.most)})"


def _engines(engines: list[Timed]) -> Grid:
    by_name = {engine.name: engine for engine in engines}
    bases = [name for name in (SIMPY, C) if name in by_name]
    header = ("", "runs per second", "events per second", "ns per event")
    rows = [
        (
            one.name,
            number(one.per_second(one.runs)),
            number(one.per_second(one.events)),
            with_range(one.ns_per_event()),
            *("1" if one.name == base else with_range(one.speed(by_name[base])) for base in bases),
        )
        for one in engines
    ]
    return Grid(
        "Engines on the reference scenario",
        (*header, *(f"speed, {base.partition(',')[0]} = 1" for base in bases)),
        rows,
    )


def _growth(points: list[Point]) -> Grid:
    rows = [
        (
            f"{point.varied}: {point.value}",
            number(point.events_per_run()),
            number(1e3 * point.seconds_per_run().median),
            with_range(point.ns_per_event()),
        )
        for point in points
    ]
    header = ("reference scenario with", "events per run", "ms per run", "ns per event")
    return Grid("Compiled engine, 1 thread", header, rows)


def _memory(batches: list[Batch]) -> Grid:
    rows = [
        (
            f"{batch.runs:,}",
            f"{batch.peak_bytes / _MEGA:,.0f}",
            f"{batch.scratch_bytes / _MEGA:,.0f}",
            number(batch.seconds),
        )
        for batch in batches
    ]
    header = ("runs", "peak memory, MB", "rows in files, MB", "seconds")
    return Grid("Batches of short runs, each in its own process", header, rows)


def _startup(waits: list[Wait]) -> Grid:
    rows = [(wait.what, with_range(wait.seconds), str(wait.times)) for wait in waits]
    return Grid("From the start of the process", ("", "seconds", "times"), rows)
