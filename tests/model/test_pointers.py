"""Structures of arrays: compiled code sees the arrays of a named tuple as Python does."""

from collections.abc import MutableSequence as Many
from typing import NamedTuple

import numpy as np
import pytest

from sim.model.compiled import compiled, compiled_within
from sim.model.pointers import Structure, pointed_at
from sim.model.records import Record, array_of


class Inner(Record):
    """A record within a record."""

    hours: float
    is_open: bool


class Row(Record):
    """A record of each kind."""

    count: int
    inner: Inner
    share: float


class Tables(NamedTuple):
    """An array of each kind."""

    rows: Many[Row]
    hours: Many[float]
    counts: Many[int]
    flags: Many[bool]


@compiled_within
def move(row: Row, hours: float) -> None:
    """Write through a record that was handed over."""
    row.inner.hours += hours
    row.count += 1


@compiled
def change(tables: Tables, place: int) -> float:
    """Write something of each kind, and return what was read."""
    row = tables.rows[place]
    row.share = tables.hours[place] / 2
    row.inner.is_open = tables.flags[place]
    move(row, tables.hours[place])
    tables.counts[place] = row.count + 40
    tables.flags[place] = not tables.flags[place]
    tables.hours[place] = 7
    return row.inner.hours


@compiled
def sum_of_counts(tables: Tables, places: int) -> int:
    """Return a sum over an array."""
    total = 0
    for place in range(places):
        total += tables.counts[place]
    return total


def new_tables():
    """Return tables with two rows."""
    return Tables(
        rows=array_of(Row, 2),
        hours=np.array([1.0, 2.5]),
        counts=np.array([3, 4]),
        flags=np.array([False, True]),
    )


def test_compiled_code_reads_and_writes_the_arrays():
    """What is written is in the named tuple's own arrays, at its place and nowhere else."""
    tables = new_tables()
    answer = change(pointed_at(tables), 1)

    assert answer == 2.5
    assert tables.rows.tolist() == [(0, (0.0, False), 0.0), (1, (2.5, True), 1.25)]
    assert tables.hours.tolist() == [1.0, 7.0]
    assert tables.counts.tolist() == [3, 41]
    assert tables.flags.tolist() == [False, False]


def test_plain_python_does_the_same():
    """Without compilation, the named tuple itself is handed over, and ends the same."""
    ours, theirs = new_tables(), new_tables()
    plain = getattr(change, "py_func", change)

    assert plain(theirs, 1) == change(pointed_at(ours), 1)
    assert [array.tolist() for array in theirs] == [array.tolist() for array in ours]


def test_another_structure_of_the_same_kind_is_another():
    """The addresses are read at each call, not compiled in."""
    one, other = new_tables(), new_tables()._replace(counts=np.array([10, 20]))
    found = [sum_of_counts(pointed_at(tables), 2) for tables in (one, other, one)]

    assert found == [7, 30, 7]


def test_structures_of_one_name_are_told_apart_by_their_fields():
    """Numba keeps one type of each key; a name alone would confuse two structures."""

    def structure(kind):
        return Structure(NamedTuple("Same", [("values", Many[kind])]))

    assert structure(int) == structure(int)
    assert structure(int) != structure(float)


def test_a_structures_name_is_short():
    """It is a part of every compiled function's name, of which LLVM reads thousands."""
    assert len(str(Structure(Tables))) < 40


def test_a_field_that_is_no_array_is_refused():
    """Only arrays have an address to keep in the table."""
    with pytest.raises(TypeError, match="must be an array"):
        Structure(NamedTuple("Wrong", [("hours", float)]))
