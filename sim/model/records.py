"""Records: rows of numbers that compiled code and Python both write as `sector.level`.

A class that derives from `Record` lists its fields with their kinds, and is what a reader and the
type checker see. In memory a record is a row of a NumPy array, and to Numba a pointer.
"""

import typing
from typing import Any, Final

import numba
import numpy as np

# Bytes.
_LINE: Final = 64
_FIELDS: Final = {float: np.float64, int: np.int64, bool: np.bool_}


class Record:
    """A row of numbers; its annotations are the fields: float, int, bool or another record."""


def dtype_of(kind: type) -> np.dtype[Any]:
    """Return the NumPy type of a number or of a record.

    >>> dtype_of(int)
    dtype('int64')
    """
    if not issubclass(kind, Record):
        return np.dtype(_FIELDS[kind])
    return np.dtype((np.record, _row_of(kind)))


def _row_of(kind: type) -> np.dtype[Any]:
    """Return the fields of a record; NumPy forgets how those of an `np.record` are aligned."""
    fields = [
        (name, _row_of(hint) if issubclass(hint, Record) else dtype_of(hint))
        for name, hint in typing.get_type_hints(kind).items()
    ]
    return np.dtype(fields, align=True)


def array_of(kind: type, count: int) -> Any:  # noqa: ANN401 - typed by the field that it fills
    """Return so many zeros or records of zeros, which begin where a line of a cache does.

    Where vectors are as wide as a line, each would else be read from two of them.

    >>> made = array_of(float, 3)
    >>> len(made), made.ctypes.data % 64
    (3, 0)
    """
    wanted = dtype_of(kind)
    size = max(1, count) * wanted.itemsize
    memory = np.zeros(size + _LINE, np.uint8)
    begin = -memory.ctypes.data % _LINE
    return memory[begin : begin + size].view(wanted)


def numba_kind_of(kind: Any) -> Any:  # noqa: ANN401 - a type of Numba
    """Return Numba's type for a number, a record, or a tuple of numbers.

    >>> numba_kind_of(tuple[int, float]).types
    (int64, float64)
    """
    if typing.get_origin(kind) is tuple:
        return numba.types.Tuple([numba_kind_of(part) for part in typing.get_args(kind)])
    return numba.from_dtype(dtype_of(kind))
