"""A table in parts: what fits into one stays in memory, what does not goes to files as it comes.

So a batch of any length needs the memory of one part.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import psutil
import pyarrow as pa

from sim.results.folder import write_file
from sim.results.frames import RUNS_PER_PART, frame_of, part_bytes, read_part, series_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

# A table in memory and the DataFrame made of it take this many bytes a cell, both at once.
_BYTES_PER_CELL: Final = 20
# Of the memory that is free, a table may take this share.
_FREE_SHARE: Final = 0.8


class TooLargeError(MemoryError):
    """A table does not fit into memory; the message says what to do instead."""


class Parts:
    """A table's parts in their order, each in memory or in a file, each of `RUNS_PER_PART` runs."""

    def __init__(self, name: str, schema: pa.Schema, parts: Sequence[pa.Table | Path]) -> None:
        """Put parts together."""
        self.name = name
        self.schema = schema
        self.parts = tuple(parts)

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the parts, or some columns of them, as Arrow tables, one after the other."""
        for part in self.parts:
            if isinstance(part, Path):
                yield read_part(str(part), columns)
            else:
                yield part if columns is None else part.select(columns)

    def __len__(self) -> int:
        """Return the number of rows."""
        return sum(table.num_rows for table in self.tables([self.schema.names[0]]))

    def table(self) -> pa.Table:
        """Return all rows; raise `TooLargeError` if they do not fit into free memory."""
        needed = len(self) * len(self.schema) * _BYTES_PER_CELL
        free = psutil.virtual_memory().available
        if len(self.parts) > 1 and needed > _FREE_SHARE * free:
            message = (
                f"results.{self.name}: {len(self):,} rows need about {needed / 1e9:.1f} GB, "
                f"of which {free / 1e9:.1f} GB are free; take single columns, "
                f'results.column("end_hours"), or one part after the other, '
                f'for table in results.tables("{self.name}")'
            )
            raise TooLargeError(message)
        return pa.concat_tables(self.tables(), promote_options="none").combine_chunks()

    def column(self, name: str) -> pd.Series:
        """Return one column of all rows; words as a categorical, which is small."""
        if pa.types.is_string(self.schema.field(name).type):
            words = [table.column(0).dictionary_encode() for table in self.tables([name])]
            return frame_of(pa.table([_joined(words)], names=[name]))[name]
        # One part after the other into its place: the whole column is in memory once, not twice.
        values = np.empty(len(self), self.schema.field(name).type.to_pandas_dtype())
        first = 0
        for table in self.tables([name]):
            values[first : first + table.num_rows] = table.column(0).to_numpy()
            first += table.num_rows
        return series_of(values, name)


def _joined(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return columns of words as one, with one list of words for all."""
    chunks = [chunk for column in columns for chunk in column.chunks]
    return pa.chunked_array(chunks, type=columns[0].type).unify_dictionaries()


class Gathering:
    """A table that is being made: rows come in their order, and full parts go to files.

    The first column is the run. Without a folder everything stays in memory.
    """

    def __init__(
        self, name: str, empty: pa.Table, folder: Path | None = None, run_id: str = ""
    ) -> None:
        """Begin without rows, but with the columns."""
        self.name = name
        self._empty = empty
        self._folder = folder
        self._run_id = run_id
        self._first = 0
        self._waiting: list[pa.Table] = []
        self._parts: list[pa.Table | Path] = []

    def add(self, rows: pa.Table, runs: range) -> None:
        """Add the rows of the next runs."""
        while runs.stop > self._first + RUNS_PER_PART:
            boundary = self._first + RUNS_PER_PART
            before = int(rows.column(0).to_numpy().searchsorted(boundary))
            self._waiting.append(rows.slice(0, before))
            self._end_part()
            rows, runs = rows.slice(before), range(boundary, runs.stop)
        self._waiting.append(rows)

    def _end_part(self) -> None:
        table = pa.concat_tables([self._empty, *self._waiting]).combine_chunks()
        self._waiting = []
        if self._folder is None:
            self._parts.append(table)
        else:
            file = self._folder / self.name / part_name(self._first)
            file.parent.mkdir(exist_ok=True)
            write_file(file, part_bytes(table, self._run_id))
            self._parts.append(file)
        self._first += RUNS_PER_PART

    def finished(self, runs: int) -> Parts:
        """Return the parts with the rows of so many runs; the last one may hold fewer."""
        while self._first < runs:
            self._end_part()
        return Parts(self.name, self._empty.schema, self._parts)


def part_name(first_run: int) -> str:
    """Return the file name of a part, by the first run that it may hold."""
    return f"part-{first_run:013d}.parquet"
