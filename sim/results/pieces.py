"""Files of rows: what each says of itself, and whether that can be believed.

A file says which batch its rows are of, and which runs. It is believed if it is exactly what would
be written for the rows that are read from it, byte for byte: so no flipped bit, no torn end and no
file of another batch gets into a result.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from sim.results.folder import DamagedError, write_file
from sim.results.frames import part_bytes, read_part
from sim.results.spans import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Failure(NamedTuple):
    """A run that could not be played to its end, and why."""

    case: int
    run: int
    kind: str
    message: str


class Written(NamedTuple):
    """A file of rows, and of which runs they are."""

    path: Path
    spans: tuple[Span, ...]
    failures: tuple[Failure, ...] = ()

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Return its rows."""
        return read_part(str(self.path), columns)


def write_rows(
    path: Path,
    table: pa.Table,
    batch_id: str,
    spans: Sequence[Span],
    failures: Sequence[Failure] = (),
) -> Written:
    """Write rows durably, with what they are."""
    write_file(path, part_bytes(table, _told(batch_id, spans, failures)))
    return Written(path, tuple(spans), tuple(failures))


def _told(batch_id: str, spans: Sequence[Span], failures: Sequence[Failure]) -> dict[str, str]:
    told = {"batch_id": batch_id, "spans": json.dumps([list(span) for span in spans])}
    return told | ({"failures": json.dumps([list(one) for one in failures])} if failures else {})


def _are_of(table: pa.Table, spans: Sequence[Span]) -> bool:
    """Return whether outcomes are those of these runs, one after the other; crises may be any."""
    if "outcome" not in table.column_names:
        return True
    if table.num_rows != sum(span.runs for span in spans) or table.num_rows == 0:
        return False
    runs = np.concatenate([np.arange(span.start, span.stop) for span in spans])
    return bool(np.array_equal(table["run"].to_numpy(), runs))


def checked_rows(path: Path, batch_id: str, schema: pa.Schema) -> Written:
    """Return what a file holds; raise `DamagedError` if it cannot be believed."""
    if path.is_symlink() or not path.is_file():
        message = f"{path}: is no file"
        raise DamagedError(message)
    content = path.read_bytes()
    try:
        table = read_part(pa.BufferReader(content))
        told = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
        spans = tuple(Span(*map(int, one)) for one in json.loads(told["spans"]))
        failures = tuple(Failure(*one) for one in json.loads(told.get("failures", "[]")))
    except Exception as error:  # noqa: BLE001 - whatever a reader makes of bytes that are wrong
        message = f"{path}: cannot be read ({type(error).__name__})"
        raise DamagedError(message) from None
    if told["batch_id"] != batch_id:
        message = f"{path}: is of another batch ({told['batch_id']}, not {batch_id})"
        raise DamagedError(message)
    is_right = table.schema.equals(schema) and _are_of(table, spans)
    is_right = is_right and told == _told(batch_id, spans, failures)
    if not is_right or part_bytes(table, told) != content:
        message = f"{path}: is not what was written"
        raise DamagedError(message)
    return Written(path, spans, failures)
