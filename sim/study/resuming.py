"""Going on with what is in a results folder, and reading it, of whatever kind it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results.folder import DamagedError
from sim.results.manifest import batch_of, kind_of, read_manifest
from sim.results.progress import watching
from sim.results.saving import opened
from sim.study.playing.batches import checked_workers
from sim.study.playing.chunks import Crew
from sim.study.run import run_batch

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from os import PathLike

    from sim.results.results import Results


def resume(
    folder: str | PathLike[str],
    replications: int | None = None,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    shared: bool = False,
    progress: bool | None = None,
) -> Any:  # noqa: ANN401 - whatever was begun there
    """Go on with what was begun in a folder, or extend it to more replications, and return it.

    Results, or a comparison, sweep, sensitivity analysis or study. Whatever is there is not
    computed again, unless it is damaged. Raises `ChangedError`, with the differences, if the rules
    have changed since, and `LockedError` if another program is at it.
    """
    crew = Crew("compiled", checked_workers(workers), executor)
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
    how: dict[str, Any] = {"crew": crew, "shared": shared, "progress": progress}
    match kind_of(path):
        case "run":
            return _resume_runs(path, replications, **how)
        case "comparison":
            from sim.study.comparing.compare import resume_plans  # noqa: PLC0415 - whichever is needed

            how.pop("crew")
            return resume_plans(crew, path, replications, **how)
        case "sweep":
            from sim.study.points.sweep import resume_sweep  # noqa: PLC0415 - as above

            return resume_sweep(path, replications, **how)
        case "sensitivity":
            from sim.study.values.sensitivity import resume_sensitivity  # noqa: PLC0415 - as above

            return resume_sensitivity(path, replications, **how)
        case "study":
            from sim.study.points.studies import resume_study  # noqa: PLC0415 - as above

            return resume_study(path, replications, **how)
    raise _unknown(path)


def _resume_runs(
    folder: Path,
    replications: int | None,
    *,
    crew: Crew,
    shared: bool,
    progress: bool | None,
) -> Results:
    batch = batch_of(folder, read_manifest(folder))
    if replications is not None:
        batch = replace(batch, replications=replications, until=None)
    return run_batch(batch, crew, out=folder, resume=True, shared=shared, progress=progress)


def read(folder: str | PathLike[str], *, progress: bool | None = None) -> Any:  # noqa: ANN401 - whatever is there
    """Return what is in a folder that is complete, once every file is seen to be as it was written.

    Results, or a comparison, sweep, sensitivity analysis or study. Raises `DamagedError` if a file
    is not what the manifest says, or the folder is not complete: `resume` sees to both.
    """
    with watching(progress):
        return _read(Path(folder))


def _read(path: Path) -> Any:  # noqa: ANN401 - as above
    match kind_of(path):
        case "run":
            return opened(path)
        case "comparison":
            from sim.study.comparing.compared_folder import open_comparison  # noqa: PLC0415 - as above

            return open_comparison(path)
        case "sweep":
            from sim.study.points.sweep import open_sweep  # noqa: PLC0415 - as above

            return open_sweep(path)
        case "sensitivity":
            from sim.study.values.sensitivity import open_sensitivity  # noqa: PLC0415 - as above

            return open_sensitivity(path)
        case "study":
            from sim.study.points.studies import open_study  # noqa: PLC0415 - as above

            return open_study(path)
    raise _unknown(path)


def _unknown(folder: Path) -> DamagedError:
    known = "run, comparison, sweep, sensitivity or study"
    return DamagedError(f"{folder}: its manifest is of a {kind_of(folder)}, must be of a {known}")
