"""Files of a results folder: whole or not there, and never over somebody's results."""

import os
import shutil
import tempfile
import weakref
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Final

# How a file is called while it is being written.
_HALF: Final = ".*.tmp"


class DamagedError(OSError):
    """A file does not hold what was written."""


LOCK: Final = ".lock"


def is_free(folder: str | PathLike[str]) -> bool:
    """Return whether results may be written to a folder: it is not there, or empty.

    What is left of a program that was killed before it wrote anything does not count.
    """
    path = Path(folder)
    if not path.is_dir():
        return not path.exists()
    return all(one.name == LOCK or one.match(_HALF) for one in path.iterdir())


def remove_halves(folder: Path) -> None:
    """Remove files that were being written when somebody was killed."""
    for half in folder.glob(_HALF):
        half.unlink(missing_ok=True)


def new_folder(folder: str | PathLike[str]) -> Path:
    """Return a folder that is there and empty; raise `FileExistsError` if it holds anything."""
    path = Path(folder)
    if not is_free(path):
        message = f"{path}: holds something already, must be a new or empty folder"
        raise FileExistsError(message)
    path.mkdir(parents=True, exist_ok=True)
    return path


def free_folder(parent: Path, name: str) -> Path:
    """Return a path below the parent that nothing has yet: the name, or name-2, name-3, ..."""
    path, number = parent / name, 1
    while not is_free(path):
        number += 1
        path = parent / f"{name}-{number}"
    return path


def write_file(path: Path, content: bytes) -> None:
    """Write a file durably: under another name first, so that nobody ever sees half of it."""
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    except OSError as error:
        # Nobody has asked for a file of the other name.
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too, where the system lets a folder be synced."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def give_file(file: Path, name: Path) -> None:
    """Let a file that is whole be there under another name too, without a copy where that works."""
    try:
        os.link(file, name)
    except OSError:
        write_file(name, file.read_bytes())
    else:
        _sync_folder(name.parent)


class Scratch:
    """A folder for a while: it goes when nobody uses this object any more, or with the program."""

    def __init__(self, parent: str | PathLike[str] | None) -> None:
        """Make it, in a folder of the user's choice or where the system keeps such files."""
        made = None if parent is None or Path(parent).exists() else Path(parent)
        if made is not None:
            made.mkdir(parents=True)
        self.path = Path(tempfile.mkdtemp(prefix=".ceasefire-sim-", dir=parent))
        weakref.finalize(self, _remove, self.path, made)


def _remove(folder: Path, parent: Path | None) -> None:
    """Remove a folder, and the one that was made for it if nothing else came into it."""
    shutil.rmtree(folder, ignore_errors=True)
    if parent is not None:
        with suppress(OSError):
            parent.rmdir()
