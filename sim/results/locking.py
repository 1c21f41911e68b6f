"""One program at a time in a results folder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from sim.results.folder import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["LOCK", "LockedError", "locked"]


class LockedError(RuntimeError):
    """Another program is at work in the folder."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep others out of a folder for a while; raise `LockedError` if one is in there.

    The system itself holds the lock and lets go of it when a program ends, however it ends, so
    nobody has to find out whether the holder is still alive.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        message = f"{folder}: another program is at work in it, wait until it is done or stop it"
        raise LockedError(message) from None
    try:
        yield
    finally:
        lock.release()
