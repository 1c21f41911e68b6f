"""Rows as tables: the types of the columns, and the bytes of a part."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sim.engines.rows import COUNT, NO_WORD, WORD, Cells, Column, cells_of
from sim.results.folder import DamagedError

if TYPE_CHECKING:
    import pandas as pd


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


def with_case(table: pa.Table, case: int) -> pa.Table:
    """Return rows that say first which case they are of."""
    cases = pa.Array.from_buffers(
        pa.int64(), table.num_rows, [None, pa.py_buffer(np.full(table.num_rows, case, np.int64))]
    )
    return table.add_column(0, "case", cases)


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


def part_bytes(table: pa.Table, told: Mapping[str, str]) -> bytes:
    """Return a part's Parquet bytes, the same for the same rows, with a checksum on each page.

    What is told about it stands in the file too.
    """
    sink = pa.BufferOutputStream()
    named = table.replace_schema_metadata(dict(told)).combine_chunks()
    pq.write_table(named, sink, compression="zstd", write_page_checksum=True)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read_part(path: str | pa.BufferReader, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a part's rows; raises `DamagedError` where a page does not match its checksum."""
    names = None if columns is None else list(columns)
    try:
        return pq.read_table(path, columns=names, page_checksum_verification=True)
    except FileNotFoundError:
        raise
    except (OSError, pa.ArrowException) as error:
        message = f"{path}: cannot be read, it is not what was written ({error})"
        raise DamagedError(message) from None
