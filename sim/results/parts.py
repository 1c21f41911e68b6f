"""A table in parts, each in memory or in a file: it is read one part after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import psutil
import pyarrow as pa

from sim.results.frames import frame_of, read_part, series_of
from sim.results.progress import watched

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
    """A table's parts in their order, each in memory or in a file, each of up to 100,000 runs."""

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
        return pa.concat_tables(self._watched(), promote_options="none").combine_chunks()

    def _watched(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        doing = f"reading the {self.name}"
        return watched(self.tables(columns), doing, "part", len(self.parts))

    def column(self, name: str) -> pd.Series:
        """Return one column of all rows; words as a categorical, which is small."""
        if pa.types.is_string(self.schema.field(name).type):
            words = [table.column(0).dictionary_encode() for table in self._watched([name])]
            return frame_of(pa.table([_joined(words)], names=[name]))[name]
        # One part after the other into its place: the whole column is in memory once, not twice.
        values = np.empty(len(self), self.schema.field(name).type.to_pandas_dtype())
        first = 0
        for table in self._watched([name]):
            values[first : first + table.num_rows] = table.column(0).to_numpy()
            first += table.num_rows
        return series_of(values, name)


def _joined(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return columns of words as one, with one list of words for all."""
    chunks = [chunk for column in columns for chunk in column.chunks]
    return pa.chunked_array(chunks, type=columns[0].type).unify_dictionaries()


PART: Final = f"part-{'[0-9]' * 13}.parquet"
"""What parts are called; files of other names are somebody else's."""


def part_name(first: int) -> str:
    """Return the file name of a part, by where its rows begin among those of all parts."""
    return f"part-{first:013d}.parquet"
