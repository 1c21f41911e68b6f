"""Going on with what is in a results folder, of whatever kind it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results.manifest import batch_of, read_manifest
from sim.study.batches import available_workers
from sim.study.chunks import Crew
from sim.study.run import run_batch

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from os import PathLike


def resume(
    folder: str | PathLike[str],
    replications: int | None = None,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    shared: bool = False,
    progress: bool | None = None,
) -> Any:  # noqa: ANN401 - whatever was begun there
    """Go on with what was begun in a folder, or extend it to more replications.

    Whatever is there is not computed again, unless it is damaged. Raises `ChangedError`, with the
    differences, if the rules have changed since, and `LockedError` if another program is at it.
    """
    crew = Crew("compiled", workers or available_workers(), executor)
    return resume_with(crew, folder, replications, shared=shared, progress=progress)


def resume_with(
    crew: Crew,
    folder: str | PathLike[str],
    replications: int | None = None,
    *,
    shared: bool = False,
    progress: bool | None = None,
) -> Any:  # noqa: ANN401 - as above
    """Do so with whoever plays."""
    path = Path(folder)
    batch = batch_of(path, read_manifest(path))
    if replications is not None:
        batch = replace(batch, replications=replications, until=None)
    return run_batch(batch, crew, out=path, resume=True, shared=shared, progress=progress)
