"""What a comparison says: the answer, what changes, which runs end otherwise, what separates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from sim.results.numbers import PERCENT, change, of_bounds, places_of, three
from sim.scenario.counts import counted
from sim.show.report.page import Column, Folded, Listed, Prose, Rows, Table, table
from sim.show.report.run_tables import all_numbers
from sim.study.comparing.better_plan import intervals_in_words
from sim.study.comparing.changes import changes
from sim.study.comparing.main_outcomes import main_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sim.show.report.page import Block
    from sim.study.comparing.comparison import Comparison

_MOST_RUNS: Final = 5
_MOST_CHANGES: Final = 4
_COLUMNS: Final = (
    Column("plan"),
    Column("estimate", is_number=True, wraps=False),
    Column("difference", is_number=True, wraps=False),
    Column("95 % interval of the difference", is_number=True, wraps=False),
)


def comparison_answer(found: Comparison) -> Iterator[Block]:
    """Yield under which plan the ceasefire holds more often, and in what plans differ."""
    yield Prose(found.answer())
    for sentence in found.precision():
        yield Prose(sentence)
    first = found.labels[0]
    told = f"What can be told from chance, against {first}, with the intervals of the table below:"
    yield Prose(told, "What changes?")
    yield Listed(tuple(f"{label}: {_changes(found, label)}." for label in found.labels[1:]))
    yield Prose(
        "What was changed, as the files say it; the rest stands under every assumption:",
        "What separates them?",
    )
    yield Listed(tuple(_values_apart(found)))


def _changes(found: Comparison, label: str) -> str:
    """Return in which of the main outcomes a plan is surely not as the first."""
    table = main_outcomes(found)
    rows = table[(table["plan"] == label)].to_dict("records")
    told = [
        f"{one['meaning']} {_row(one, str(one['unit']))[2]} ({one['unit']})"
        for one in rows
        if one["simultaneous_low"] > 0 or one["simultaneous_high"] < 0
    ]
    return "; ".join(told) or "nothing in the main outcomes"


def _values_apart(found: Comparison) -> Iterator[str]:
    """Yield which values of the first plan each other one changes: the first few by their names."""
    first, *others = found.scenarios
    for label, other in zip(found.labels[1:], others, strict=True):
        made = changes(first, other)
        told = "; ".join(one.in_words() for one in made[:_MOST_CHANGES])
        among = f": {told}" if len(made) <= _MOST_CHANGES else f", among them: {told}"
        yield f"{label}: {counted(len(made), 'change')} of {found.labels[0]}{among * bool(made)}."


def comparison_tables(found: Comparison) -> Iterator[Block]:
    """Yield what changes against the first plan, which runs end otherwise, and all numbers."""
    first = found.labels[0]
    yield _differences(f"What changes against {first}", found, main_outcomes(found))
    if found.is_paired:
        yield _moves(found)
    everything = _differences(f"All outcomes, against {first}", found, found.differences())
    yield Folded("All outcomes", (everything,), is_printed=False)
    for label, results in zip(found.labels, found.results, strict=True):
        yield all_numbers(label, results)


def _differences(caption: str, found: Comparison, differences: pd.DataFrame) -> Table:
    """Return a group of rows for each quantity: the first plan, and what each other changes."""
    groups = (
        _of_quantity(found.labels[0], rows.to_dict("records"))
        for _, rows in differences.groupby("quantity", sort=False)
    )
    return Table(caption, _COLUMNS, tuple(groups), _note(found))


def _note(found: Comparison) -> str:
    luck = "Each run has the same luck under each plan." if found.is_paired else "Not paired."
    together = intervals_in_words(len(found.labels))
    return f"{luck} Shares differ by percentage points. {together}".strip()


def _of_quantity(first: str, records: list[dict[Any, Any]]) -> Rows:
    unit = str(records[0]["unit"])
    others = (_row(one, unit) for one in records)
    rows = ((first, _alone(records[0]["first"], records[0], unit), "", ""), *others)
    return Rows(rows, f"{records[0]['meaning']} ({unit})")


def _row(one: dict[Any, Any], unit: str) -> tuple[str, ...]:
    numbers = three(one, "difference", "simultaneous_low", "simultaneous_high")
    moved = change(numbers, unit).in_cells()
    return str(one["plan"]), _alone(one["other"], one, unit), *moved


def _alone(value: float, one: dict[Any, Any], unit: str) -> str:
    """Return an estimate with as many places as the difference has."""
    scale, after = (100.0, PERCENT) if unit.startswith("share") else (1.0, "")
    half = scale * float(one["simultaneous_high"] - one["simultaneous_low"]) / 2
    if not half > 0 or math.isnan(value):
        return of_bounds((float(value), math.nan, math.nan), unit).in_words()
    return f"{scale * value:,.{places_of(half)}f}{after}"


def _moves(found: Comparison) -> Table:
    """Return how many runs end otherwise than under the first plan, and a few of them."""
    moves = found.moves()
    moved = moves[(moves["from"] != moves["to"]) & (moves["runs"] > 0)]
    columns = (
        Column("plan"),
        Column(f"under {found.labels[0]}"),
        Column("under this plan"),
        Column("runs", is_number=True),
        Column("share of runs", is_number=True),
        Column("the first of them"),
    )
    rows = (_moved(found, one) for one in moved.to_dict("records"))
    note = "sim compare --explain K, with both scenarios, tells where run K parts ways."
    return table("Runs that end otherwise on the same luck", columns, rows, note)


def _moved(found: Comparison, one: dict[Any, Any]) -> tuple[str, ...]:
    ends = str(one["from"]), str(one["to"])
    share = of_bounds(three(one, "share", "low", "high"), "share")
    runs = found.which_runs(one["from"], one["to"], str(one["plan"]), _MOST_RUNS)
    named = ", ".join(map(str, runs))
    return str(one["plan"]), *ends, f"{one['runs']:,}", share.in_words(), named
