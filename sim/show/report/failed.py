"""Runs that could not be played to their end: how many, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.scenario.counts import counted
from sim.show.report.page import Column, Folded, Prose, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.results.results import Results
    from sim.show.report.page import Block

_MOST_TOLD: Final = 50


def failed_runs(label: str, results: Results) -> Iterator[Block]:
    """Yield how many runs of a plan failed, and what was wrong with the first; nothing if none."""
    if not results.failed:
        return
    of = f" of {label}" if label else ""
    runs = counted(len(results.failed), "run")
    yield Prose(f"{runs}{of} could not be played to the end, and no number counts them.", "Note:")
    columns = (Column("case"), Column("run"), Column("what failed"))
    rows = (
        (str(one.case), str(one.run), f"{one.kind}: {one.message}")
        for one in results.failed[:_MOST_TOLD]
    )
    yield Folded(f"Why runs{of} failed", (table("Runs that failed", columns, rows),))
