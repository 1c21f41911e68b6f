"""What a sweep or a study over points says: where an outcome is lowest and highest, and how sure.

The two points are picked for being the extremes, so the interval of their difference is that which
holds together for all pairs of points (Bonferroni).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.results.estimates import LEVEL
from sim.results.numbers import alone, change, of_row
from sim.results.paired_tally import paired_tally_of
from sim.scenario.counts import counted
from sim.show.paths import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from sim.results.estimates import Estimate
    from sim.study.points.case_rows import CaseRows

Row = dict[Any, Any]


def capitalised(text: str) -> str:
    """Return a text that begins with a capital letter.

    >>> capitalised("it collapses")
    'It collapses'
    """
    return f"{text[:1].upper()}{text[1:]}"


def extremes(
    rows: CaseRows, table: pd.DataFrame, paths: Sequence[str], names: Sequence[str]
) -> Iterator[str]:
    """Yield for each outcome at which point it is lowest and highest, and how sure that is."""
    for name in names:
        known = table[(table["quantity"] == name) & table["estimate"].notna()]
        records = known.sort_values("estimate", kind="stable").to_dict("records")
        if len(records) > 1:
            yield _between(rows, records, paths)
        elif records:
            yield f"{_subject(records[0])}: {_where(records, paths)}."


def _subject(row: Row) -> str:
    return f"{capitalised(str(row['meaning']))} ({row['unit']})"


def _where(alike: Sequence[Row], paths: Sequence[str]) -> str:
    """Return an estimate and the point that has it, and how many others have the same."""
    others = len(alike) - 1
    more = f" and at {counted(others, 'other point')}" if others else ""
    return f"{of_row(alike[0]).in_words()}, where {point(alike[0], paths)}{more}"


def _between(rows: CaseRows, records: Sequence[Row], paths: Sequence[str]) -> str:
    lowest = [one for one in records if one["estimate"] == records[0]["estimate"]]
    highest = [one for one in records if one["estimate"] == records[-1]["estimate"]]
    low, high = lowest[0], highest[0]
    subject = _subject(low)
    if low["estimate"] == high["estimate"]:
        return f"{subject}: the same at every point, {of_row(low).in_words()}."
    found = _difference(rows, low, high, math.comb(len(records), 2))
    return (
        f"{subject}: lowest, {_where(lowest, paths)}; highest, {_where(highest, paths)}. "
        f"{_sure(found, low, len(records))}"
    )


def point(row: Row, paths: Sequence[str]) -> str:
    """Return the values of a point in words."""
    return " and ".join(f"{path} is {_short(row[path])}" for path in paths)


def _short(value: Any) -> str:  # noqa: ANN401 - a scenario has values of any kind
    """Return a value; of a number with many digits, those that matter for knowing the point."""
    if isinstance(value, float) and not value.is_integer():
        return alone(value)
    return value_text(value)


def _difference(rows: CaseRows, low: Row, high: Row, pairs: int) -> Estimate:
    """Return by how much more there is at the highest point, run by run on the same luck."""
    first, other, name = int(low["case"]), int(high["case"]), str(low["quantity"])
    tables = zip(rows.tables(first), rows.tables(other), strict=True)
    tally = paired_tally_of(rows.case(first), rows.case(other), tables, [name])
    return tally.difference(name, 1 - (1 - LEVEL) / pairs).difference


def _sure(found: Estimate, row: Row, points: int) -> str:
    """Return the difference of the extremes, and whether it can be told from chance."""
    if math.isnan(found.low):
        return "How sure the difference is cannot be said."
    moved = change(found[:3], str(row["unit"])).in_words()
    is_of_many = points > 2  # noqa: PLR2004 - two points are one pair
    together = f", an interval that holds for all pairs of the {points:,} points" * is_of_many
    verdict = "can" if found.low > 0 else "cannot"
    return (
        f"On the same luck the difference between the two that are named is {moved}{together}: "
        f"they {verdict} be told apart."
    )
