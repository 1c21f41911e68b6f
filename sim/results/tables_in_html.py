"""Tables as notebooks show them: numbers as the terminal has them, and every cell whole."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from sim.results.numbers import NONE, rounded
from sim.scenario.counts import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

_MOST_ROWS: Final = 40


def numbers_html(table: pd.DataFrame) -> str:
    """Return the first rows as HTML: what has an interval with the digits that it is worth."""
    spans = list(_with_intervals(table))
    rows = [_as_text(row, spans) for row in table.head(_MOST_ROWS).to_dict("records")]
    more = len(table) - len(rows)
    note = f"<p>and {counted(more, 'more row')}, in the table itself</p>" if more > 0 else ""
    return f"{texts_html(rows, list(table.columns))}{note}"


def texts_html(rows: Iterable[Mapping[Any, str]], columns: list[Any]) -> str:
    """Return rows of text as a table in HTML."""
    import pandas as pd  # noqa: PLC0415 - only in notebooks

    # Else whatever is longer than 50 characters is cut off.
    with pd.option_context("display.max_colwidth", None):
        return pd.DataFrame(list(rows), columns=columns).to_html(index=False, escape=True)


def _with_intervals(table: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield the columns of each value that has an interval: its own, and both ends."""
    if {"estimate", "low", "high"} <= set(table.columns):
        yield "estimate", "low", "high"
    for name in table.columns:
        if {f"{name}_low", f"{name}_high"} <= set(table.columns):
            yield name, f"{name}_low", f"{name}_high"


def _as_text(row: Mapping[Any, Any], spans: list[tuple[str, str, str]]) -> dict[Any, str]:
    told = {name: _plain(one) for name, one in row.items()}
    for names in spans:
        half = (row[names[2]] - row[names[1]]) / 2
        told |= {name: rounded(row[name], half) for name in names if not math.isnan(row[name])}
    return told


def _plain(one: object) -> str:
    """Return a cell that has no interval, as it was set."""
    if not isinstance(one, float):
        return f"{one:,}" if isinstance(one, int) and not isinstance(one, bool) else str(one)
    if math.isnan(one):
        return NONE
    return f"{one:,.6g}"
