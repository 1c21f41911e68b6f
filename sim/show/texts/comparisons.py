"""What `sim compare` prints: the answer, and what each plan changes against the first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.results.manifest import DISCLAIMER
from sim.results.numbers import places_of, signed
from sim.study.comparing.better_plan import intervals_in_words
from sim.study.comparing.compared_folder import Plans
from sim.study.comparing.main_outcomes import main_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from rich.console import RenderableType

    from sim.study.comparing.comparison import Comparison

_MOST_RUNS: Final = 5
_GAIN: Final = (
    "Paired: run k has the same luck under each plan. Gain (variance reduction): how many times as "
    "many runs it would take if each plan had luck of its own; exact: no run differs."
)
_NOT_PAIRED: Final = "Not paired: each plan had luck of its own."
_VERBS: Final = {"held": "hold", "collapsed": "collapse", "runaway": "run away"}


def comparison_tables(comparison: Comparison) -> Iterator[RenderableType]:
    """Yield the answer, a table of the differences, what the numbers are, and runs to look at."""
    yield Text(comparison.answer(), style="bold")
    for sentence in comparison.precision():
        yield Text(sentence)
    yield _table(comparison, main_outcomes(comparison))
    yield Text(_notes(comparison))
    if comparison.is_paired:
        yield Text("\n".join(_movers(comparison)))
    told = f"comparison id {Plans.of(comparison).comparison_id}"
    yield Text(
        f"Illustrative: {DISCLAIMER.removeprefix('illustrative: ')}; {told}.", style="italic"
    )


def _table(comparison: Comparison, found: pd.DataFrame) -> Table:
    title = f"What changes against {comparison.labels[0]}"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1))
    table.add_column("", min_width=24)
    table.add_column("estimate", justify="right", no_wrap=True)
    table.add_column("difference", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    table.add_column("gain", justify="right", no_wrap=True)
    for _, rows in found.groupby("quantity", sort=False):
        _add_quantity(table, comparison.labels[0], rows)
    return table


def _add_quantity(table: Table, first: str, rows: pd.DataFrame) -> None:
    """Add what a quantity is, and below it a line for each plan, the first one first."""
    records = rows.to_dict("records")
    unit = str(records[0]["unit"])
    shown = f"% of {unit.removeprefix('share of ')}" if unit.startswith("share") else unit
    table.add_row(Text(f"{records[0]['meaning']} ({shown})"), style="bold")
    scale = 100.0 if unit.startswith("share") else 1.0
    places = max(_places(scale * row["difference"], scale * _half(row)) for row in records)
    table.add_row(_label(first), _estimate(scale * records[0]["first"], places))
    for row in records:
        half = scale * _half(row)
        bounds = (scale * row[one] for one in ("simultaneous_low", "simultaneous_high"))
        low, high = ("" if math.isnan(half) else signed(one, half) for one in bounds)
        table.add_row(
            _label(str(row["plan"])),
            _estimate(scale * row["other"], places),
            signed(scale * row["difference"], 0.0 if math.isnan(half) else half),
            Text("none" if math.isnan(half) else f"[{low}, {high}]"),
            _gain(row),
        )


def _half(row: dict[Any, Any]) -> float:
    """Return the half-width of the interval of a difference; NaN where it has none."""
    return float(row["simultaneous_high"] - row["simultaneous_low"]) / 2


def _places(value: float, half: float) -> int:
    """Return how many decimals a difference is shown with, so that estimates have as many."""
    size = abs(value) if math.isnan(half) else half
    return places_of(size) if size > 0 else 1


def _label(label: str) -> Padding:
    return Padding(Text(label), (0, 0, 0, 2))


def _estimate(value: float, places: int) -> str:
    return "none" if math.isnan(value) else f"{value:,.{places}f}"


def _gain(row: dict[Any, Any]) -> str:
    if row["paired"] != "paired":
        return "not paired"
    gain = float(row["variance_reduction"])
    if row["runs_that_differ"] == 0 or math.isinf(gain):
        return "exact"
    return "" if math.isnan(gain) else f"{gain:,.0f}x" if gain >= 100 else f"{gain:.1f}x"  # noqa: PLR2004


def _notes(comparison: Comparison) -> str:
    pairing = _GAIN if comparison.is_paired else _NOT_PAIRED
    return f"{intervals_in_words(len(comparison.labels))} {pairing}".strip()


def _movers(comparison: Comparison) -> Iterator[str]:
    """Yield for each plan how many runs end otherwise than under the first, and a few of them."""
    yield f"Runs that end otherwise than under {comparison.labels[0]} (--explain K tells why):"
    moves = comparison.moves()
    for label, rows in moves[moves["from"] != moves["to"]].groupby("plan", sort=False):
        told = [
            f"{row['runs']:,} {_VERBS[row['to']]} that {_VERBS[row['from']]} there "
            f"({_few(comparison.which_runs(row['from'], row['to'], str(label), _MOST_RUNS + 1))})"
            for row in rows.to_dict("records")
            if row["runs"]
        ]
        yield f"  {label}: {'; '.join(told) or 'none'}"


def _few(runs: list[int]) -> str:
    found = ", ".join(map(str, runs[:_MOST_RUNS]))
    return f"{found}, ..." if len(runs) > _MOST_RUNS else found
