"""Rows that are there: of which runs, in memory or in files, and how rows of several are joined."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from sim.results.pieces import Failure, Written
from sim.results.spans import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.results.spans import Span
    from sim.results.tally import Tally


class Tables(NamedTuple):
    """The two tables without rows, but with their columns."""

    outcomes: pa.Table
    crises: pa.Table


class Held(NamedTuple):
    """Rows of some runs; without crises where these are not kept."""

    spans: tuple[Span, ...]
    outcomes: pa.Table | Written
    crises: pa.Table | Written | None
    failures: tuple[Failure, ...] = ()
    tally: Tally | None = None
    """What a summary needs of a whole block, in place of its rows; there are none then."""

    @property
    def is_written(self) -> bool:
        """Whether the rows are in files."""
        return isinstance(self.outcomes, Written)

    def forget(self) -> None:
        """Remove the files, if there are any, that of the outcomes first: without it none count."""
        for rows in (self.outcomes, self.crises):
            if isinstance(rows, Written):
                rows.path.unlink(missing_ok=True)

    def part_of(self, wanted: Span) -> tuple[Span, int] | None:
        """Return what it has of these, from the first on, and how many of its own are before."""
        before = 0
        for span in self.spans:
            if span.case == wanted.case and span.start <= wanted.start < span.stop:
                part = wanted._replace(stop=min(span.stop, wanted.stop))
                return part, before + wanted.start - span.start
            before += span.runs
        return None


def rows_of(table: pa.Table | Written) -> pa.Table:
    """Return rows, wherever they are."""
    return table.table() if isinstance(table, Written) else table


def put_together(spans: Sequence[Span], among: Sequence[Held], empty: Tables) -> Held:
    """Return the rows of these runs, in this order, taken from where they are."""
    taken = [one for span in spans for one in _taken(span, among)]
    outcomes = [
        rows_of(held.outcomes).slice(before, span.runs).select(empty.outcomes.column_names)
        for held, span, before in taken
    ]
    crises = None
    if all(held.crises is not None for held, _, _ in taken):
        found = [_crises_of(span, held) for held, span, _ in taken]
        crises = _concatenated([empty.crises, *found])
    failures = {
        one
        for held in among
        for one in held.failures
        if any(span.case == one.case and span.start <= one.run < span.stop for span in spans)
    }
    outcomes_table = _concatenated([empty.outcomes, *outcomes])
    return Held(joined(spans), outcomes_table, crises, tuple(sorted(failures)))


def _concatenated(tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables([one.replace_schema_metadata() for one in tables]).combine_chunks()


def _taken(span: Span, among: Sequence[Held]) -> Iterator[tuple[Held, Span, int]]:
    """Yield who has these runs, which of them, and how many of its own come before."""
    begin = 0
    while span.runs > 0:
        # Those who follow each other mostly have runs that do.
        order = itertools.chain(range(begin, len(among)), range(begin))
        begin, part, before = next(
            (index, *found) for index in order if (found := among[index].part_of(span)) is not None
        )
        yield among[begin], part, before
        span = span._replace(start=part.stop)


def _crises_of(wanted: Span, held: Held) -> pa.Table:
    rows = rows_of(held.crises)
    if held.spans == (wanted,):
        return rows
    runs = rows["run"].to_numpy()
    kept = (wanted.start <= runs) & (runs < wanted.stop)
    if "case" in rows.column_names:
        kept &= rows["case"].to_numpy() == wanted.case
    bits = pa.py_buffer(np.packbits(kept, bitorder="little"))
    # Whatever is made of Python's own numbers would first load pandas, which takes long.
    return rows.filter(pa.Array.from_buffers(pa.bool_(), len(kept), [None, bits]))
