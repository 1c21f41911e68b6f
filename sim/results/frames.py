"""Rows as tables: the types of the columns, and the bytes of a part."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.engines.rows import COUNT, WORD, Column, Row

RUNS_PER_PART: Final = 100_000


def table_of(columns: Sequence[Column], rows: Sequence[Row]) -> pa.Table:
    """Return rows as an Arrow table; nulls are what never happened or does not apply."""
    values: Sequence[Sequence[object]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [
        pa.array(column_values, type=_type(column))
        for column, column_values in zip(columns, values, strict=True)
    ]
    return pa.table(arrays, names=[column.name for column in columns])


def _type(column: Column) -> pa.DataType:
    if column.kind == WORD:
        return pa.string()
    return pa.int64() if column.kind == COUNT else pa.float64()


def frame_of(table: pa.Table) -> pd.DataFrame:
    """Return the table as a DataFrame; a null number is NaN, a null word None."""
    frame: pd.DataFrame = table.to_pandas()
    return frame


def part_bytes(table: pa.Table, run_id: str) -> bytes:
    """Return a part's Parquet bytes, the same for the same rows, with a checksum on each page."""
    sink = pa.BufferOutputStream()
    named = table.replace_schema_metadata({"run_id": run_id})
    pq.write_table(named, sink, compression="zstd", write_page_checksum=True)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read_part(path: str) -> pa.Table:
    """Return a part's rows; raises `OSError` where a page does not match its checksum."""
    return pq.read_table(path, page_checksum_verification=True)
