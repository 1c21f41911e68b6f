"""Rows as tables: the types of the columns, and the bytes of a part."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sim.engines.rows import COUNT, NO_WORD, WORD, Cells, Column, cells_of

if TYPE_CHECKING:
    import pandas as pd

RUNS_PER_PART: Final = 100_000


def table_of(columns: Sequence[Column], cells: Cells) -> pa.Table:
    """Return rows as an Arrow table; nulls are what never happened or does not apply."""
    arrays = [
        _array(column, values)
        for column, values in zip(columns, cells.by_column(columns), strict=True)
    ]
    return pa.table(arrays, names=[column.name for column in columns])


def empty_table(columns: Sequence[Column]) -> pa.Table:
    """Return a table without rows."""
    return table_of(columns, cells_of(columns, []))


def _array(column: Column, values: npt.NDArray[Any]) -> pa.Array:
    if column.kind == WORD:
        numbers = _with_nulls(pa.int64(), values, values == NO_WORD)
        return _words(column.words).take(numbers)
    if column.kind == COUNT:
        return _with_nulls(pa.int64(), values, np.zeros(len(values), np.bool_))
    return _with_nulls(pa.float64(), values, np.isnan(values))


def _words(words: Sequence[str]) -> pa.Array:
    """Return words as an Arrow array; `pa.array` would first load pandas, which takes long."""
    texts = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    return pa.StringArray.from_buffers(
        len(texts), pa.py_buffer(ends), pa.py_buffer(b"".join(texts))
    )


def _with_nulls(
    kind: pa.DataType, values: npt.NDArray[Any], missing: npt.NDArray[np.bool_]
) -> pa.Array:
    """Return numbers as an Arrow array, without a copy and, again, without pandas."""
    known = pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None
    return pa.Array.from_buffers(kind, len(values), [known, pa.py_buffer(values)])


def frame_of(table: pa.Table) -> "pd.DataFrame":
    """Return the table as a DataFrame; a null number is NaN, a null word None."""
    frame: pd.DataFrame = table.to_pandas()
    return frame


def series_of(values: npt.NDArray[Any], name: str) -> "pd.Series[Any]":
    """Return an array as a column of a DataFrame, without a copy."""
    import pandas as pd  # noqa: PLC0415 - takes half a second, which who plays runs need not wait

    return pd.Series(values, name=name, copy=False)


def part_bytes(table: pa.Table, run_id: str) -> bytes:
    """Return a part's Parquet bytes, the same for the same rows, with a checksum on each page."""
    sink = pa.BufferOutputStream()
    named = table.replace_schema_metadata({"run_id": run_id}).combine_chunks()
    pq.write_table(named, sink, compression="zstd", write_page_checksum=True)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read_part(path: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a part's rows; raises `OSError` where a page does not match its checksum."""
    names = None if columns is None else list(columns)
    return pq.read_table(path, columns=names, page_checksum_verification=True)
