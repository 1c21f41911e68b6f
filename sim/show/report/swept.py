"""What a sweep says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.results.numbers import NONE, of_row
from sim.scenario.counts import counted
from sim.show.paths import value_text, with_unit
from sim.show.report.page import Column, Listed, Prose, Table, table
from sim.show.report.swept_words import extremes
from sim.show.studies.studied import why_no_figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from sim.show.report.page import Block
    from sim.study.points.sweep import Sweep

_MOST_POINTS: Final = 200


def sweep_answer(found: Sweep) -> Iterator[Block]:
    """Yield where each outcome is lowest and highest, and whether these can be told apart."""
    points = counted(len(found.batch.cases), "point")
    runs = counted(found.batch.replications, "run")
    yield Prose(
        f"{_listed(found.paths)} {'varies' if len(found.paths) == 1 else 'vary'}: {points} of "
        f"{runs} each, all on the same luck."
    )
    yield Listed(tuple(extremes(found.rows, found.table, found.paths, found.shown)))
    caution = found.caution()
    if caution:
        yield Prose(f"{caution}.", "Note:")
    if why_no_figures(found.paths):
        yield Prose("More than two values vary, which no figure of points can show.")


def sweep_tables(found: Sweep) -> Iterator[Block]:
    """Yield a row for each point, with the outcomes that are shown."""
    yield points_table("What happens at each point", found.table, found.paths, found.shown)


def points_table(
    caption: str, rows: pd.DataFrame, keys: Sequence[str], names: Sequence[str]
) -> Table:
    """Return a row for each point: its values, and an estimate with its interval each."""
    chosen = rows[rows["quantity"].isin(names)]
    groups = [
        (values, {str(one["quantity"]): one for one in cells.to_dict("records")})
        for values, cells in chosen.groupby(list(keys), sort=False)
    ]
    units = {str(one["quantity"]): one for one in chosen.to_dict("records")}
    columns = [Column(with_unit(key)) for key in keys]
    columns += [
        Column(f"{name} ({units[name]['unit']})", is_number=True) for name in names if name in units
    ]
    told = (
        (*map(value_text, values), *(_estimate(cells.get(name)) for name in names if name in units))
        for values, cells in groups[:_MOST_POINTS]
    )
    return table(caption, columns, told, _note(len(groups), rows, names))


def _estimate(row: dict[Any, Any] | None) -> str:
    return NONE if row is None else of_row(row).in_words()


def _note(points: int, rows: pd.DataFrame, names: Sequence[str]) -> str:
    """Return what is in the table, and what is in the folder's table besides."""
    found = "In brackets: 95 % intervals, each by itself."
    if points > _MOST_POINTS:
        found += f" And {points - _MOST_POINTS:,} more points, in table.csv."
    others = [name for name in dict.fromkeys(rows["quantity"]) if name not in names]
    return f"{found} More outcomes are in table.csv: {', '.join(others)}." if others else found


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)
