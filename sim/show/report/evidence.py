"""The assumptions: every value that the runs depend on, with its grade and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.scenario.counts import counted
from sim.scenario.sources import (
    ASSUMPTION,
    LITERATURE,
    NO_SOURCE,
    REPORTED,
    WHAT_COUNTS,
    Value,
    grades_in_words,
    sourced_values,
)
from sim.show.report.page import Column, Folded, Prose, Rows, Table, section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.scenario.scenario import Scenario
    from sim.show.report.page import Block, Section

_GRADES: Final = {
    ASSUMPTION: "Assumed: judgement, no source gives the figure",
    LITERATURE: "From the literature: research, official texts, observed data",
    REPORTED: "Reported: a news item says so, which does not make it a confirmed fact",
}
_COLUMNS: Final = (
    Column("value", has_paths=True),
    Column("is"),
    Column("grade", wraps=False),
    Column("source", wraps=False),
    Column("what the source says"),
    Column("plausible range"),
)
# Path, value, unit, grade and source.
_SAID: Final = 5
_HOW_TO_READ: Final = (
    "What comes out follows from these values. Those that are assumed stand first: another "
    "judgement about one of them may give another answer. The letters and digits under source name "
    "a row of the project's ledger of evidence; default means that the scenario's file says "
    "nothing and the program's own value is taken."
)


def assumptions(scenarios: Mapping[str, Scenario]) -> Section:
    """Return every value that the runs depend on: the first plan's, and where others differ."""
    values = {label: values_of(one) for label, one in scenarios.items()}
    (label, first), *others = scenarios.items()
    of = f"{label}: " if others else ""
    blocks: list[Block] = [Prose(_HOW_TO_READ)]
    used = [one for one in sourced_values(first) if one.counts]
    blocks.append(_table(f"{of}{grades_in_words(first)}", used))
    for name, other in others:
        caption = f"{name}: {grades_in_words(other)}; other than above, or only here in use"
        blocks.append(_folded(name, values[name], label, values[label], caption))
    return section("assumptions", "Every assumption", [*blocks, Prose(WHAT_COUNTS)])


def _folded(
    label: str, values: list[Value], first_label: str, first: list[Value], caption: str
) -> Folded:
    """Return what another plan says otherwise than the first, and what it does not say at all."""
    own = differing(values, first)
    paths = {one.path for one in values}
    gone = ", ".join(one.path for one in first if one.counts and one.path not in paths)
    heading = f"{label}: where it is not as {first_label} ({counted(len(own), 'value')})"
    return Folded(heading, (_table(caption, own, f"Not in this plan: {gone}." if gone else ""),))


def values_of(scenario: Scenario) -> list[Value]:
    """Return the scenario's values, and where runs are cut off: plans may differ in that too."""
    cut = Value(
        path="run.most_violations",
        value=f"{scenario.run.most_violations:,}",
        unit="violations and alarms",
        grade=ASSUMPTION,
        source="",
        says="a run with so many is cut off as a runaway",
        range="",
        counts=True,
    )
    return [*sourced_values(scenario), cut]


def differing(values: Sequence[Value], first: Sequence[Value]) -> list[Value]:
    """Return the values that are not those of the first, or rest on something else.

    Those on which the runs of either depend: what is switched off is among them.
    """
    known = {one[:_SAID] for one in first if one.counts}
    paths = {one.path for one in first if one.counts}
    counting = (one for one in values if one.counts or one.path in paths)
    return [one for one in counting if one[:_SAID] not in known]


def _table(caption: str, values: Sequence[Value], note: str = "") -> Table:
    return Table(caption, _COLUMNS, tuple(_by_grade(values)), note)


def _by_grade(values: Sequence[Value]) -> Iterator[Rows]:
    """Yield the values of each grade, the assumed ones first; none is left out."""
    for grade, words in _GRADES.items():
        rows = tuple(_row(one) for one in values if one.grade == grade)
        if rows:
            yield Rows(rows, f"{words} ({len(rows)})")


def _row(one: Value) -> tuple[str, ...]:
    says = "" if one.says == NO_SOURCE else one.says
    return one.path, with_unit(one), one.grade, one.source or "none given", says, one.range


def with_unit(one: Value) -> str:
    """Return a value with its unit."""
    return f"factor {one.value}" if one.unit == "factor" else f"{one.value} {one.unit}".strip()
