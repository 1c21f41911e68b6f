"""How a rule is compiled: at import, once, for one signature, and never with a stale cache.

Numba notices that the file of a cached function changed, but not that a function called from
another file did. The cache folder is therefore named after everything that the compiled code
depends on: the sources of the model, and the versions of the tools.
"""

import hashlib
import os
import platform
import threading
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import llvmlite
import numba
import numba.core.config
import numpy as np
import platformdirs

from sim.model.pointers import Structure
from sim.model.records import numba_kind_of

P = typing.ParamSpec("P")
R = typing.TypeVar("R")
_OPTIONS: typing.Any = {"nogil": True, "error_model": "numpy"}
# What no Python calls needs no way in for Python; leaving that out halves the time to compile.
_WITHIN: typing.Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_settings = threading.Lock()


def compiled(rule: Callable[P, R]) -> Callable[P, R]:
    """Return the rule compiled for the one signature that its annotations spell out.

    Only `float`, `int`, `bool` and tuples of them may occur. An int handed in for a float is
    converted and does not bring a second compilation, which would be slow and another function.
    With `NUMBA_DISABLE_JIT=1` the rule stays plain Python and gives the same bits.
    """
    hints = typing.get_type_hints(rule)
    returned = hints.pop("return")
    signature = _type_of(returned)(*(_type_of(hint) for hint in hints.values()))
    made = _from_cache(rule, signature)
    if made is None:
        made = numba.njit(signature, **_OPTIONS)(rule)
    return typing.cast("Callable[P, R]", made)


def _type_of(hint: typing.Any) -> typing.Any:  # noqa: ANN401 - annotations and types of Numba
    return Structure(hint) if hasattr(hint, "_fields") else numba_kind_of(hint)


def compiled_within(part: Callable[P, R]) -> Callable[P, R]:
    """Return a part of a compiled function, which is compiled together with what calls it."""
    return typing.cast("Callable[P, R]", numba.njit(**_OPTIONS, **_WITHIN)(part))


def _from_cache(rule: Callable[..., object], signature: object) -> object | None:
    """Return the rule compiled with a cache, or nothing if anything is wrong with the cache."""
    try:
        with _cache_in(cache_folder()):
            return numba.njit(signature, cache=True, **_OPTIONS)(rule)
    except Exception:  # noqa: BLE001 - whatever it is, compiling afresh is right
        return None


@cache
def cache_folder() -> Path:
    """Return the folder that holds compiled code of exactly these sources and tools.

    `CEASEFIRE_SIM_CACHE` moves it away from the user's own cache folder.
    """
    parent = os.environ.get("CEASEFIRE_SIM_CACHE") or platformdirs.user_cache_dir("ceasefire-sim")
    versions = (platform.python_version(), numba.__version__, llvmlite.__version__, np.__version__)
    sources = code_fingerprint("model", "engines")
    name = hashlib.sha256("\n".join((sources, *versions)).encode()).hexdigest()[:16]
    folder = Path(parent) / f"compiled-{name}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@cache
def code_fingerprint(*folders: str) -> str:
    """Return a hash of the package's sources in these folders.

    >>> len(code_fingerprint("model"))
    64
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for source in sorted(path for name in folders for path in package.glob(f"{name}/**/*.py")):
        digest.update(source.relative_to(package).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    """Point Numba's cache at the folder for a moment, and back, since others may use Numba too."""
    settings: typing.Any = numba.core.config
    with _settings:
        before = settings.CACHE_DIR
        settings.CACHE_DIR = str(folder)
        try:
            yield
        finally:
            settings.CACHE_DIR = before
