"""The tables of a batch of runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sim.results.delays import PARTS
from sim.results.numbers import NONE, alone, of_bounds, of_row, three, unit_words
from sim.show.report.page import Column, Folded, Table, table
from sim.show.texts.runs import bottleneck

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sim.results.results import Results
    from sim.show.report.page import Block

ESTIMATE: Final = (
    Column("estimate", is_number=True, wraps=False),
    Column("95 % interval", is_number=True, wraps=False),
)


def run_tables(results: Results) -> Iterator[Block]:
    """Yield all numbers of the summary, where the time goes, and how runs differ."""
    for question, rows in results.summary().groupby("question", sort=False):
        yield _estimates(str(question), rows)
    if results.scenario.steps:
        yield _delays(results.delays())
    yield _quantiles(results.quantiles())


def all_numbers(label: str, results: Results) -> Folded:
    """Return all numbers of a plan, to be folded away."""
    return Folded(f"All numbers: {label}", tuple(run_tables(results)), is_printed=False)


def _estimates(question: str, rows: pd.DataFrame) -> Table:
    """Return a table of the summary's answers to one question."""
    columns = (Column(""), *ESTIMATE, Column("counted in", wraps=False))
    found = (
        (str(row["meaning"]), *of_row(row).in_cells(), unit_words(str(row["unit"]), int(row["n"])))
        for row in rows.to_dict("records")
    )
    return table(question, columns, found)


def _delays(delays: pd.DataFrame) -> Table:
    """Return a table of the mean hours that each part of a step's delay takes."""
    parts = tuple(Column(part, is_number=True) for part in PARTS)
    others = (Column("most often longest"), Column("most often last to say yes"))
    columns = (Column("step"), *parts, *others, Column("crises", is_number=True))
    return table(
        "Where does the time go? Mean hours of each part of a step's delay",
        columns,
        (_of_step(str(name), rows) for name, rows in delays.groupby("step", sort=False)),
        "Of the crises in which the step comes into force; brackets: 95 % intervals. Crises that "
        "were over before it was there are not among them, so slow answers are rather too rare.",
    )


def _of_step(name: str, rows: pd.DataFrame) -> tuple[str, ...]:
    parts = (
        of_bounds(three(row, "hours", "low", "high"), "hours").in_words()
        for row in rows.to_dict("records")
    )
    return name, *parts, *(one or NONE for one in bottleneck(rows)), f"{rows['n'].iloc[0]:,}"


def _quantiles(quantiles: pd.DataFrame) -> Table:
    """Return a table of how the values of a run are spread."""
    ranks = [name for name in quantiles.columns if name[0] == "p" and name[1:].isdigit()]
    columns = (
        Column(""),
        *(Column(f"{int(name[1:])} % of runs have at most", is_number=True) for name in ranks),
        Column("counted in"),
        Column("runs that have it", is_number=True),
    )
    rows = map(partial(_spread, ranks), quantiles.to_dict("records"))
    return table("How do runs differ?", columns, rows)


def _spread(ranks: list[str], one: dict[Any, Any]) -> tuple[str, ...]:
    values = (alone(float(one[rank])) if one["n"] else NONE for rank in ranks)
    return str(one["meaning"]), *values, str(one["unit"]), f"{one['n']:,}"
