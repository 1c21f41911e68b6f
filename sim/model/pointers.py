"""Structures of arrays that compiled code gets as one pointer.

Numba passes an array as seven values, and counts references to it. A structure of thirty arrays
that goes from function to function would be two hundred values a call, and compiling them would
take minutes. Here such a structure is a table of addresses, and a function gets the address of the
table. `world.sectors[3].level` then compiles to a few loads, as it would in C: nothing is counted,
and no index is checked.

Whoever calls compiled code keeps the arrays alive. Without compilation the structure is the named
tuple itself, and the same code runs on its arrays.
"""

import operator
import typing
from collections.abc import MutableSequence
from functools import cache
from typing import Any, Final

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, imputils, types
from numba.core.typing import templates
from numba.extending import NativeValue, models, register_model, typeof_impl, unbox

from sim.model.records import numba_kind_of

_BYTES: Final = ir.IntType(8).as_pointer()


class Pointer(types.Type):
    """What is kept at an address: one number or record after the other."""

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - a type of Numba
        """Point to things of a kind."""
        self.kind = kind
        super().__init__(name=f"Pointer({kind})")


class Structure(types.Type):
    """A table of addresses, in the order of a named tuple's fields."""

    def __init__(self, fields: type) -> None:
        """Take the fields, all of them arrays, from a named tuple's annotations."""
        hints = typing.get_type_hints(fields)
        self.pointers = {name: Pointer(_kind_in(hint)) for name, hint in hints.items()}
        super().__init__(name=f"Structure({fields.__qualname__})")

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what makes it this structure; the name is short, for it is in every symbol."""
        return self.name, *self.pointers.items()


@cache
def structure_of(fields: type) -> Structure:
    """Return Numba's type for a named tuple of arrays."""
    return Structure(fields)


def _kind_in(hint: Any) -> Any:  # noqa: ANN401 - annotations and types of Numba
    """Return Numba's type for what an array holds, from the array's annotation."""
    if typing.get_origin(hint) is not MutableSequence:
        message = f"{hint}: must be an array, MutableSequence[...]"
        raise TypeError(message)
    return numba_kind_of(typing.get_args(hint)[0])


register_model(Pointer)(models.OpaqueModel)
register_model(Structure)(models.OpaqueModel)


class Addresses:
    """A structure of arrays as compiled code gets it; it keeps the arrays alive."""

    def __init__(self, structure: tuple[np.ndarray, ...]) -> None:
        """Write the addresses into a table."""
        self.structure = structure
        self.table = np.array([array.ctypes.data for array in structure], np.int64)
        self.address = self.table.ctypes.data


S = typing.TypeVar("S")


def pointed_at(structure: S) -> S:
    """Return what to hand to a compiled function that takes this structure."""
    if numba.config.DISABLE_JIT:
        return structure
    return typing.cast("S", Addresses(typing.cast("tuple[np.ndarray, ...]", structure)))


def _type_of_addresses(addresses: Addresses, _context: Any) -> Structure:  # noqa: ANN401 - Numba's
    return structure_of(type(addresses.structure))


def _unbox_structure(_structure: Structure, value: Any, c: Any) -> NativeValue:  # noqa: ANN401 - Numba's
    """Take the table's address from the Python object."""
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.builder.inttoptr(c.pyapi.number_as_ssize_t(number), _BYTES)
    c.pyapi.decref(number)
    return NativeValue(address, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@templates.infer_getattr
class _FieldOfStructure(templates.AttributeTemplate):  # type: ignore[misc]  # as above
    key = Structure

    def generic_resolve(self, structure: Structure, name: str) -> Any:  # noqa: ANN401 - a type
        return structure.pointers.get(name)


def _load_field(_context: Any, builder: Any, structure: Structure, value: Any, name: str) -> Any:  # noqa: ANN401 - LLVM's
    """Load an address from the table."""
    table = builder.bitcast(value, _BYTES.as_pointer())
    place = list(structure.pointers).index(name)
    return builder.load(cgutils.gep_inbounds(builder, table, place))


@templates.infer_global(operator.getitem)
class _GetItem(templates.AbstractTemplate):  # type: ignore[misc]  # as above
    def generic(self, given: Any, _named: Any) -> Any:  # noqa: ANN401 - types of Numba
        pointer, index = given
        if isinstance(pointer, Pointer) and isinstance(index, types.Integer):
            return templates.signature(pointer.kind, pointer, types.int64)
        return None


@templates.infer_global(operator.setitem)
class _SetItem(templates.AbstractTemplate):  # type: ignore[misc]  # as above
    def generic(self, given: Any, _named: Any) -> Any:  # noqa: ANN401 - types of Numba
        pointer, index, _ = given
        if isinstance(pointer, Pointer) and isinstance(index, types.Integer):
            return templates.signature(types.none, pointer, types.int64, pointer.kind)
        return None


def _get_item(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ANN401 - LLVM's
    kind = signature.args[0].kind
    return context.unpack_value(builder, kind, _address(context, builder, kind, *values))


def _set_item(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ANN401 - LLVM's
    kind = signature.args[0].kind
    base, index, value = values
    context.pack_value(builder, kind, value, _address(context, builder, kind, base, index))
    return context.get_dummy_value()


def _address(context: Any, builder: Any, kind: Any, base: Any, index: Any) -> Any:  # noqa: ANN401 - LLVM's
    first = builder.bitcast(base, context.get_data_type(kind).as_pointer())
    return builder.gep(first, [index], inbounds=True)


# As calls: the type checker would take what a decorator without types gives for anything at all.
typeof_impl.register(Addresses)(_type_of_addresses)
unbox(Structure)(_unbox_structure)
imputils.lower_getattr_generic(Structure)(_load_field)
imputils.lower_builtin(operator.getitem, Pointer, types.Integer)(_get_item)
imputils.lower_builtin(operator.setitem, Pointer, types.Integer, types.Any)(_set_item)
