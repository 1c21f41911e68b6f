"""How a rule is compiled: when it is first called, once, for one signature, never from stale code.

A rule has one signature, its annotations', so nobody has to look into it to know what it returns:
it waits until it is called from Python, or from something that is being compiled. An engine, of a
hundred functions, is compiled in one piece: Numba by itself would make machine code of each of
them with all that it calls, most of which nobody runs. What comes from the cache needs nothing
else, so that a start does not wait for rules that it does not call.
"""

import logging
import time
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

import numba
from numba.core import caching, compiler, event, registry
from numba.core import typing as numba_typing
from numba.core.compiler_lock import global_compiler_lock

from sim.model.code_cache import CodeCache, EngineCache, Turn
from sim.model.pointers import Structure, structure_of
from sim.model.records import numba_kind_of

P = typing.ParamSpec("P")
R = typing.TypeVar("R")
# A way in from C is needed by nobody, and takes time to compile.
_OPTIONS: Final[Any] = {
    "nopython": True,
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
}
_WIDE_VECTORS: Final = '"prefer-vector-width"="512"'
_log = logging.getLogger(__name__)


def compiled(rule: Callable[P, R]) -> Callable[P, R]:
    """Return the rule, to be compiled for the one signature that its annotations spell out.

    Only `float`, `int`, `bool`, tuples of them, records and structures may occur. An int handed in
    for a float is converted and does not bring a second compilation, which would be slow and
    another function. With `NUMBA_DISABLE_JIT=1` the rule stays plain Python and gives the same
    bits. Python pays nothing for a rule until it calls it.
    """
    if numba.config.DISABLE_JIT:
        return rule
    return typing.cast("Callable[P, R]", Rule(rule, targetoptions=dict(_OPTIONS)))


def compiled_within(part: Callable[P, R]) -> Callable[P, R]:
    """Return a part of a compiled function, which is compiled together with what calls it."""
    return compiled(part)


class Rule(registry.CPUDispatcher):  # type: ignore[misc]  # Numba has no types for the type checker
    """Numba's dispatcher, which chooses compiled code by the arguments; here there is one choice.

    A rule has code of its own, in the cache, that Python and other rules call. In an engine it is
    translated into the engine's library, which is optimised and made machine code as a whole.
    """

    # Whether an engine is being compiled; whoever compiles holds Numba's lock.
    _in_an_engine: typing.ClassVar = False
    # Why the next start will have to compile again, if so.
    not_kept = ""

    @cached_property
    def signature(self) -> Any:  # noqa: ANN401 - Numba's
        """Return the one signature."""
        hints = typing.get_type_hints(self.py_func)
        returned = hints.pop("return")
        return _type_of(returned)(*(_type_of(hint) for hint in hints.values()))

    @cached_property
    def is_engine(self) -> bool:
        """Return whether this is a whole engine: what takes a structure is one."""
        return any(isinstance(kind, Structure) for kind in self.signature.args)

    @cached_property
    def turn(self) -> Turn:
        """Return this program's turn to compile the rule, if it is an engine."""
        return Turn(self.py_func.__name__)

    @cached_property
    def _within(self) -> WeakKeyDictionary[Any, object]:
        """Return the key by which an engine's code finds this rule in the same library."""
        return WeakKeyDictionary()

    def compile(self, _signature: object) -> Any:  # noqa: ANN401 - Numba's
        """Compile the rule, or load it, whatever signature is asked for."""
        with global_compiler_lock:
            if not self.overloads:
                with _engine(self) if self.is_engine else nullcontext():
                    self._compile_or_load()
                self.disable_compile()
            return self.overloads[self.signature.args].entry_point

    def _compile_for_args(self, *_given: object, **_named: object) -> Any:  # noqa: ANN401 - Numba's
        """Return the code for a first call from Python, which will convert what it is handed."""
        return self.compile(self.signature)

    def _compile_or_load(self) -> None:
        """Use the cache, emptied if it cannot be read, or none if anything else is wrong with it.

        An error in the rule itself comes up again in the last attempt, and goes up from there.
        """
        try:
            self._cache = self._place_in_cache()
            super().compile(self.signature)
        except Exception:  # noqa: BLE001 - whatever it is, compiling afresh is right
            try:
                self._cache = self._place_in_cache()
                self._cache.flush()
                super().compile(self.signature)
            except Exception as problem:  # noqa: BLE001 - the same
                self.not_kept = f"; it cannot be kept: {problem}"
                self._cache = caching.NullCache()
                super().compile(self.signature)

    def _place_in_cache(self) -> CodeCache:
        return EngineCache(self.py_func, self.turn) if self.is_engine else CodeCache(self.py_func)

    def get_call_template(self, given: Any, named: Any) -> Any:  # noqa: ANN401 - Numba's
        """Return what a call from compiled code gives; for that nothing need be compiled."""
        name = self.py_func.__name__
        template = numba_typing.make_concrete_template(
            f"CallTemplate({name})", key=name, signatures=[self.signature]
        )
        python_signature, given = self._compiler.fold_argument_types(given, named)
        return template, python_signature, given, {}

    def get_overload(self, _signature: object) -> object:
        """Return the key of this rule's code for what is being compiled and calls it."""
        if not Rule._in_an_engine:
            return self.compile(self.signature)
        library = self.targetctx.active_code_library
        key = self._within.get(library)
        if key is None:
            key = self._within[library] = object()
            self.targetctx.insert_user_function(key, self._translated_into(library))
        return key

    def _translated_into(self, library: Any) -> Any:  # noqa: ANN401 - Numba's
        """Translate the rule into a library, and return Numba's description of what came of it."""
        flags = compiler.Flags()
        self.targetdescr.options.parse_as_flags(flags, self.targetoptions)
        flags.no_cpython_wrapper = flags.no_compile = True
        kinds, contexts = self.signature, (self.typingctx, self.targetctx)
        _use_wide_vectors(library)
        made = compiler.compile_extra(
            *contexts, self.py_func, kinds.args, kinds.return_type, flags, {}, library
        )
        # Once it is inlined everywhere, nobody outside needs it, and it can be left out.
        code = library._final_module.get_function(made.fndesc.llvm_func_name)  # noqa: SLF001
        code.linkage = "linkonce_odr"
        return made.fndesc


def _use_wide_vectors(library: Any) -> None:  # noqa: ANN401 - Numba's
    """Let what is translated into a library use a processor's widest vectors.

    LLVM prefers half of them on processors that have 512 bits, which suits short loops; most of an
    engine's time is in long ones. Others read nothing of it, and the bits are the same.
    """
    if "add_ir_module" in vars(library):
        return
    add = library.add_ir_module

    def add_with_wide_vectors(module: Any) -> None:  # noqa: ANN401 - llvmlite's
        for function in module.functions:
            # `attributes.add` knows only those without a value.
            set.add(function.attributes, _WIDE_VECTORS)
        add(module)

    library.add_ir_module = add_with_wide_vectors


def _type_of(hint: Any) -> Any:  # noqa: ANN401 - annotations and types of Numba
    if hint is type(None):
        return numba.types.none
    return structure_of(hint) if hasattr(hint, "_fields") else numba_kind_of(hint)


@contextmanager
def _engine(rule: Rule) -> Iterator[None]:
    """Compile an engine in one piece, and say so and how long it took, unless it was in the cache.

    To silence this, raise the level of this module's logger.
    """
    listener = _Announcement(rule)
    Rule._in_an_engine = True  # noqa: SLF001 - this is a part of it
    try:
        with event.install_listener("numba:compile", listener):
            yield
    finally:
        Rule._in_an_engine = False  # noqa: SLF001
        rule.turn.end()
    if listener.began is not None:
        took_seconds = time.perf_counter() - listener.began
        _log.warning("sim: compiled the engine in %.0f s%s", took_seconds, rule.not_kept)


class _Announcement(event.Listener):  # type: ignore[misc]  # as above
    """Says so when Numba begins to compile a rule."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.began: float | None = None

    def on_start(self, started: Any) -> None:  # noqa: ANN401 - Numba's
        """Say so, once."""
        if started.data["dispatcher"] is self.rule and self.began is None:
            self.began = time.perf_counter()
            _log.warning("sim: compiling the engine (once) ...")

    def on_end(self, ended: object) -> None:
        """Wait until it is in the cache too."""
