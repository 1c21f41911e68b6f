"""Columns of outcomes as plain arrays, read off a table without pandas."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.model.words import OUTCOMES
from sim.results.moments import Floats
from sim.results.quantities import Columns


def finished(table: pa.Table) -> pa.Table:
    """Return the rows of runs that came to an end: those that failed have no outcome."""
    outcome = table.column("outcome")
    return table if outcome.null_count == 0 else table.filter(outcome.is_valid())


def columns_of(table: pa.Table) -> Columns:
    """Return what gives a column of a table of outcomes of finished runs, shape (runs,).

    Each is read once. Nobody may change what is given.
    """
    read: dict[str, Floats] = {}

    def column(name: str) -> Floats:
        if name not in read:
            found = table.column(name)
            is_words = name == "outcome"
            numbers = _numbers_of(found) if is_words else found.to_numpy()
            read[name] = numbers.astype(np.float64, copy=False)
        return read[name]

    return column


def _numbers_of(outcomes: pa.ChunkedArray) -> Floats:
    """Return the numbers of outcomes; an array of the words in Arrow would first load pandas."""
    numbers = np.full(len(outcomes), np.nan)
    for number, outcome in enumerate(OUTCOMES):
        numbers[pc.equal(outcomes, outcome).to_numpy()] = number
    return numbers
