"""Where compiled code is kept, never stale and never anybody else's, and who compiles it.

Numba notices that the file of a cached function changed, but not that a function called from
another file did. The cache folder is therefore named after everything that the compiled code
depends on: the sources of the model and of the engines, the versions of the tools, the processor.

An engine takes long to compile. When many programs start together, as the processes of a pool do,
one of them compiles it, and the others wait and load its code.
"""

import hashlib
import logging
import os
import platform
import re
import shutil
import stat
import time
import typing
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import llvmlite
import numba
import numpy as np
import platformdirs
from numba.core import caching, registry
from numba.core.runtime import rtsys

if typing.TYPE_CHECKING:
    from filelock import BaseFileLock

# How long to wait for another program that compiles before compiling oneself: a quarter of a
# minute becomes minutes where many share a processor.
PATIENCE_SECONDS: Final = 300.0
_UNUSED_SECONDS: Final = 30 * 24 * 3600.0
# One name silences all that is said about compiling.
_log = logging.getLogger("sim.model.compiled")


class _InFolder(caching.UserProvidedCacheLocator):  # type: ignore[misc]  # Numba has no types
    """Where the code of a file's functions is kept: in our folder, and nowhere else.

    Numba by itself looks for another place when it cannot write, and then for one beside the
    sources, whose name says nothing about them.
    """

    def get_cache_path(self) -> str:
        """Return the folder for the function's file."""
        return str(cache_folder() / self.get_suitable_cache_subpath(self._py_file))

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> "_InFolder":  # noqa: ANN401 - Numba's
        """Return the place; a folder that can only be read will do."""
        return cls(py_func, py_file)


class _Files(caching.CompileResultCacheImpl):  # type: ignore[misc]  # as above
    _locator_classes: typing.ClassVar = [_InFolder]


class CodeCache(caching.FunctionCache):  # type: ignore[misc]  # as above
    """The compiled code of a rule, which is kept in our folder."""

    _impl_class = _Files

    def load_overload(self, signature: Any, target: Any) -> Any:  # noqa: ANN401 - Numba's
        """Return the code without setting up what only compiling needs, which takes a while."""
        rtsys.initialize(target)
        return self._load_overload(signature, target)


class Turn:
    """A program's turn to compile an engine; the others that need it wait for its end.

    It is a lock on a file, which the system takes from a program that is killed. Where there can
    be no lock, or none is to be had for `PATIENCE_SECONDS`, everybody compiles.
    """

    def __init__(self, name: str) -> None:
        """Think of a turn for the engine of this name, which has not begun."""
        self._name = name
        self._has_begun = False
        self._lock: BaseFileLock | None = None

    def begin(self) -> None:
        """Wait until nobody else compiles the engine, and keep others from it."""
        if not self._has_begun:
            self._has_begun = True
            with suppress(OSError, NotImplementedError):
                self._lock = _locked(cache_folder() / f"{self._name}.lock")

    def end(self) -> None:
        """Let others have their turn."""
        if self._lock is not None:
            with suppress(OSError):
                self._lock.release()
        self._has_begun, self._lock = False, None


def _locked(file: Path) -> "BaseFileLock":
    """Lock a file, and say so if that means to wait; an `OSError` says that it cannot be locked."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - takes longer than loading an engine

    # Its other kind of lock would outlive a program that is killed.
    lock = FileLock(file, fallback_to_soft=False)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        _log.warning("sim: another program is compiling the engine; waiting for it ...")
        lock.acquire(timeout=PATIENCE_SECONDS)
    return lock


class EngineCache(CodeCache):
    """The compiled code of an engine: who does not find it there waits for a turn to compile it."""

    def __init__(self, py_func: Any, turn: Turn) -> None:  # noqa: ANN401 - Numba's
        """Look for a function's code in our folder."""
        super().__init__(py_func)
        self._turn = turn

    def load_overload(self, signature: Any, target: Any) -> Any:  # noqa: ANN401 - Numba's
        """Return the code that is there now, or when the turn has come."""
        # What cannot be read may have been made whole when the turn comes.
        with suppress(Exception):
            found = super().load_overload(signature, target)
            if found is not None:
                return found
        self._turn.begin()
        return super().load_overload(signature, target)


@cache
def cache_folder() -> Path:
    """Return the folder that holds compiled code of exactly these sources, tools and processor.

    `CEASEFIRE_SIM_CACHE` moves it away from the user's own cache folder. It holds code that will
    be executed, and is refused if anybody else can have put something there.
    """
    parent = os.environ.get("CEASEFIRE_SIM_CACHE") or platformdirs.user_cache_dir("ceasefire-sim")
    versions = (platform.python_version(), numba.__version__, llvmlite.__version__, np.__version__)
    processor = registry.cpu_target.target_context.codegen().magic_tuple()
    sources = code_fingerprint("model", "engines")
    name = hashlib.sha256("\n".join((sources, *versions, *processor)).encode()).hexdigest()[:16]
    folder = Path(parent) / f"compiled-{name}"
    try:
        folder.mkdir(mode=0o700, parents=True)
        _remove_unused(folder.parent)
    except FileExistsError:
        with suppress(OSError, NotImplementedError):
            os.utime(folder, follow_symlinks=False)
    if not _is_only_ours(folder):
        message = f"{folder}: others can write to it, so its code is not trusted"
        raise PermissionError(message)
    return folder


def _is_only_ours(folder: Path) -> bool:
    """Return whether a folder, which must not be a link, is the user's and only the user's."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    if not hasattr(os, "getuid"):  # on Windows a user's folders are the user's
        return True
    return found.st_uid == os.getuid() and found.st_mode & 0o022 == 0


def _remove_unused(parent: Path) -> None:
    """Remove folders of earlier sources that nobody has used for a month."""
    for folder in parent.glob("compiled-*"):
        named = re.fullmatch("compiled-[0-9a-f]{16}", folder.name)
        try:
            unused = folder.lstat().st_mtime < time.time() - _UNUSED_SECONDS
            ours = _is_only_ours(folder)
        except OSError:
            continue
        if named and unused and ours:
            shutil.rmtree(folder, ignore_errors=True)


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
