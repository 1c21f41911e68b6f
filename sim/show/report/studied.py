"""What a study says: which plan does better, and over which points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.results.numbers import change, three
from sim.scenario.counts import counted
from sim.show.report.page import Column, Folded, Listed, Prose, table
from sim.show.report.run_tables import all_numbers
from sim.show.report.swept import points_table
from sim.show.report.swept_words import extremes
from sim.study.comparing.better_plan import answer, doubts
from sim.study.points.case_rows import CaseRows
from sim.study.points.sweep import shown_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from sim.show.report.page import Block, Table
    from sim.study.points.studies import StudyResults

_MOST_ROWS: Final = 300


def study_answer(found: StudyResults) -> Iterator[Block]:
    """Yield which plan does better, or where each outcome is lowest and highest for each plan."""
    study = found.study
    if not study.paths:
        yield from _of_plans(found)
        return
    yield Prose(
        f"{counted(len(study.labels), 'plan')}, each at {counted(study.points, 'point')}, "
        f"{counted(study.batches[0].replications, 'run')} each time, all on the same luck."
    )
    for label, results in zip(study.labels, found.results, strict=True):
        table = found.table[found.table["plan"] == label]
        rows = CaseRows(results.batch, results.outcome_parts)
        yield Prose(label)
        yield Listed(tuple(extremes(rows, table, study.paths, shown(found))))
    if len(study.labels) > 1:
        yield Prose(
            f"At how many points each plan differs from {study.labels[0]} (95 %):", "Does it flip?"
        )
        yield Listed(tuple(_flips(found)))


def _of_plans(found: StudyResults) -> Iterator[Block]:
    if len(found.study.labels) > 1:
        yield Prose(answer(found.study.labels, found.results))
        for doubt in doubts(found.study.labels, found.results):
            yield Prose(doubt)
        return
    yield Prose("There is one plan at one point, so there is nothing to compare: see its numbers.")


def shown(found: StudyResults) -> tuple[str, ...]:
    """Return the outcomes that are shown first."""
    return shown_outcomes(found.study.outcomes, found.study.batches[0].scenario, found.table)


def _flips(found: StudyResults) -> Iterator[str]:
    """Yield for each plan and outcome at how many points it has more or less than the first."""
    table = found.differences
    for name in shown(found):
        for label in found.study.labels[1:]:
            rows = table[(table["quantity"] == name) & (table["plan"] == label)]
            known = rows[rows["difference"].notna()]
            if not known.empty:
                yield _flip(label, known)


def _flip(label: str, rows: pd.DataFrame) -> str:
    more, less = int((rows["low"] > 0).sum()), int((rows["high"] < 0).sum())
    return (
        f"{label}, {rows['meaning'].iloc[0]}: more at {more}, less at {less}, and not to be told "
        f"apart at {len(rows) - more - less} of {counted(len(rows), 'point')}."
    )


def study_tables(found: StudyResults) -> Iterator[Block]:
    """Yield each plan at each point, and what each changes against the first."""
    study, names = found.study, shown(found)
    keys = ("plan", *study.paths)
    yield points_table("What happens under each plan", found.table, keys, names)
    if len(study.labels) > 1:
        yield _differences(found, keys, names)
    if not study.paths:
        for label, results in zip(study.labels, found.results, strict=True):
            yield all_numbers(label, results)


def _differences(found: StudyResults, keys: Sequence[str], names: Sequence[str]) -> Folded | Table:
    """Return what each other plan changes at the same point, run by run."""
    rows = found.differences
    rows = rows[rows["quantity"].isin(names) & rows["difference"].notna()]
    columns = (
        *(Column(key) for key in keys),
        Column("outcome"),
        Column("difference (95 % interval)", is_number=True),
    )
    told = (
        (*(str(one[key]) for key in keys), str(one["meaning"]), _change(one))
        for one in rows.head(_MOST_ROWS).to_dict("records")
    )
    note = "Run by run on the same luck; each interval by itself. Shares differ by points."
    if len(rows) > _MOST_ROWS:
        note += f" And {counted(len(rows) - _MOST_ROWS, 'more row')}, in differences.csv."
    made = table(f"What changes against {found.study.labels[0]}", columns, told, note)
    return Folded("What each plan changes at each point", (made,)) if found.study.paths else made


def _change(one: dict[Any, Any]) -> str:
    return change(three(one, "difference", "low", "high"), str(one["unit"])).in_words()
