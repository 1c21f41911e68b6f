"""A results folder while a batch is played into it: begun, gone on with, never written over."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sim.results.folder import LOCK, is_free, remove_halves
from sim.results.locking import locked
from sim.results.manifest import MANIFEST, check_same, damaged_files, read_manifest, write_manifest
from sim.results.place import Place, crises_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from typing import Any

    from sim.results.batch import Batch


class Kept:
    """A results folder, and whether there is anything in it to go on with."""

    def __init__(self, folder: Path, batch: Batch, there: dict[str, Any] | None) -> None:
        """Remember what was there."""
        self.folder = folder
        self._batch = batch
        self._there = there

    @property
    def place(self) -> Place:
        """Where the rows go."""
        return Place(self.folder, self._batch.batch_id, crises_name(self._batch.crises))

    @property
    def is_begun(self) -> bool:
        """Whether a batch was begun here before."""
        return self._there is not None

    @property
    def is_whole(self) -> bool:
        """Whether all that is asked for is there and undamaged."""
        there = self._there
        if there is None or not there["complete"]:
            return False
        enough = there["replications"] == self._batch.replications or self._batch.until is not None
        return (
            enough and there["until"] == self._batch.until and not damaged_files(self.folder, there)
        )

    def begin(self) -> None:
        """Say what the folder is going to be, before anything is in it."""
        write_manifest(self.folder, self._batch)

    def forget(self) -> None:
        """Leave no folder behind of a batch of which nothing came."""
        if self._there is None:
            shutil.rmtree(self.place.pieces, ignore_errors=True)
            for name in (MANIFEST, LOCK):
                (self.folder / name).unlink(missing_ok=True)
            with suppress(OSError):
                self.folder.rmdir()


@contextmanager
def kept(out: str | PathLike[str], batch: Batch, *, resume: bool) -> Iterator[Kept]:
    """Give the folder for a batch, locked, and nobody else's.

    Raises `FileExistsError` if it holds something and nobody asked to go on with that,
    `ChangedError` if that is another batch, `LockedError` if another program is in it.
    """
    folder = Path(out)
    if not resume and not is_free(folder):
        message = f"{folder}: holds something already, must be a new or empty folder"
        raise FileExistsError(message)
    begun = (folder / MANIFEST).is_file()
    if not begun and not is_free(folder):
        message = f"{folder}: holds something already, and no results to go on with"
        raise FileExistsError(message)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        there = read_manifest(folder) if (folder / MANIFEST).is_file() else None
        if there is not None:
            if not resume:
                message = f"{folder}: holds something already, must be a new or empty folder"
                raise FileExistsError(message)
            check_same(folder, there, batch)
        found = Kept(folder, batch, there)
        remove_halves(folder)
        if not found.is_whole:
            found.begin()
        yield found
