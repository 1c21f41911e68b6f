"""A batch from its beginning to its end: in memory, or in a folder that can be resumed."""

from __future__ import annotations

import os
import sys
import warnings
from concurrent.futures import BrokenExecutor
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from sim.results.folder import Scratch
from sim.results.place import Place
from sim.results.progress import watching
from sim.results.spans import RUNS_PER_BLOCK
from sim.study.playing.handing_out import Playing, RunawayError, RunsFailedError, failures_in_words
from sim.study.playing.keeping import kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from pathlib import Path

    from sim.results.batch import Batch
    from sim.results.gathering import Gathered
    from sim.study.playing.chunks import Crew
    from sim.study.playing.keeping import Kept

T = TypeVar("T")


class EnvironmentFailedError(RuntimeError):
    """Something that runs are played on is gone: a worker process, a machine, a connection."""


class RunsFailedWarning(UserWarning):
    """Some runs could not be played to their end."""


class RecomputedWarning(UserWarning):
    """Something in a results folder was damaged, and is computed again."""


class Outcome(NamedTuple):
    """A batch that was played, and where its rows are."""

    batch: Batch
    gathered: Gathered
    folder: Path | None = None
    scratch: Scratch | None = None


class Kind(NamedTuple, Generic[T]):
    """What becomes of a batch: results of some kind."""

    made: Callable[[Outcome], T]
    """What makes them."""
    completed: Callable[[T, Path], None]
    """What writes all that follows from the rows to their folder, the manifest last."""
    opened: Callable[[Path], T]
    """What reads them from a folder that is complete."""


def play_batch(
    batch: Batch,
    crew: Crew,
    kind: Kind[T],
    *,
    out: str | PathLike[str] | None = None,
    resume: bool = False,
    shared: bool = False,
    scratch: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> T:
    """Play a batch, into a folder that stays if there is one, and return what became of it.

    Raises what `sim.study.playing.keeping.kept` does where the folder is not fit for it.
    """
    _prepare_the_summary()
    with watching(progress):
        if out is None:
            return _in_memory(batch, crew, kind, scratch)
        with kept(out, batch, resume=resume) as folder:
            if folder.is_whole:
                return kind.opened(folder.folder)
            if shared:
                crew = crew._replace(writes_to=folder.place)
            return _into(folder, batch, crew, kind)


def _in_memory(batch: Batch, crew: Crew, kind: Kind[T], scratch: str | PathLike[str] | None) -> T:
    """Play a batch whose rows are in memory, or in files for as long as they are in use."""
    store = None if batch.layout.runs <= RUNS_PER_BLOCK else Scratch(scratch)
    place = Place(store.path, batch.batch_id, "crises", stays=False) if store else None
    playing = Playing(batch, crew, place)
    gathered = _played(playing)
    return kind.made(Outcome(playing.batch, gathered, scratch=store))


def _into(folder: Kept, batch: Batch, crew: Crew, kind: Kind[T]) -> T:
    """Play a batch into its folder, which is then complete."""
    try:
        playing = Playing(batch, crew, folder.place)
        for complaint in playing.go_on() if folder.is_begun else ():
            warnings.warn(complaint, RecomputedWarning, stacklevel=5)
        gathered = _played(playing)
        made = kind.made(Outcome(playing.batch, gathered, folder.folder))
        kind.completed(made, folder.folder)
    except (RunawayError, RunsFailedError):
        folder.forget()
        raise
    except BrokenExecutor as error:
        lost = EnvironmentFailedError(f"a worker process died ({error})")
        lost.add_note(_goes_on(folder))
        raise lost from error
    except BaseException as error:
        error.add_note(_goes_on(folder))
        raise
    return made


def _goes_on(folder: Kept) -> str:
    return f"what is there is kept: sim resume {folder.folder} goes on"


def _played(playing: Playing) -> Gathered:
    if playing.batch.until is None:
        gathered = playing.play_all()
    else:
        from sim.study.playing.stopping import play_until  # noqa: PLC0415 - takes time, and few need it

        gathered = play_until(playing)
    if gathered.failures:
        told = failures_in_words(gathered, playing.batch.layout.runs)
        warnings.warn(told, RunsFailedWarning, stacklevel=6)
    return gathered


def _prepare_the_summary() -> None:
    """Load pandas and SciPy, which whoever looks at results needs, while the runs are played."""
    if "sim.results.summary" not in sys.modules:
        Thread(target=import_module, args=("sim.results.summary",)).start()


def checked_workers(workers: int | None) -> int:
    """Return how many workers are asked for; all there are, where nobody says.

    >>> checked_workers(3)
    3
    """
    if workers is None:
        return available_workers()
    if workers < 1:
        message = f"workers: is {workers}, must be 1 or more, or left out for all processors"
        raise ValueError(message)
    return workers


def available_workers() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
