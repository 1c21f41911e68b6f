"""Playing a study: every scenario at every point on the same luck, in one folder."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.results.batch import DISCLAIMER
from sim.results.folder import DamagedError, is_free, remove_halves, write_file
from sim.results.locking import locked
from sim.results.manifest import MANIFEST, sha256_of
from sim.results.progress import watched, watching
from sim.results.saving import complete, opened
from sim.results.tables_in_html import numbers_html
from sim.scenario.counts import counted
from sim.study.playing.batches import Kind, checked_workers, play_batch
from sim.study.playing.chunks import Crew
from sim.study.points.case_folder import results_of
from sim.study.points.case_rows import (
    CaseRows,
    differences_rows,
    estimates_frame,
    points_frame,
    without_runaways,
)
from sim.study.points.study_file import Study, load_study
from sim.study.points.study_folder import (
    TEXTS,
    check_same_study,
    damaged_of,
    is_whole,
    places,
    read_study,
    study_id,
    study_toml,
    write_study_manifest,
)
from sim.study.points.sweep import SWEEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from os import PathLike

    import pandas as pd

    from sim.results.batch import Batch
    from sim.results.results import Results

_NO_DIFFERENCES: Final = ("plan", "case", "quantity", "difference", "low", "high")
_RUNS: Final[Kind[Results]] = Kind(results_of, complete, opened)


@dataclass(frozen=True)
class StudyResults:
    """What came of a study."""

    study: Study
    results: tuple[Results, ...]
    """The rows of each plan, in the order of the study's labels."""
    folder: Path

    @cached_property
    def _rows(self) -> tuple[CaseRows, ...]:
        return tuple(CaseRows(one.batch, one.outcome_parts) for one in self.results)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each quantity of each plan at each point, with its 95 % interval.

        The columns are plan, with points also case and one for each path, then quantity, meaning,
        estimate, low, high, unit, method and n.
        """
        import pandas as pd  # noqa: PLC0415 - takes half a second

        found = []
        for label, rows in zip(self.study.labels, self._rows, strict=True):
            with watching(self.results[0].progress):
                table = estimates_frame(rows, self._names(rows))
            table.insert(0, "plan", label)
            found.append(table)
        whole = without_runaways(pd.concat(found, ignore_index=True), self.study.outcomes)
        return whole if self.study.paths else whole.drop(columns="case")

    def _names(self, rows: CaseRows) -> list[str] | None:
        """Return which of the wanted quantities a plan has."""
        if self.study.outcomes is None:
            return None
        from sim.results.quantities import quantities  # noqa: PLC0415 - beside its use

        known = {one.name for one in quantities(rows.batch.scenario)}
        return [name for name in self.study.outcomes if name in known]

    @cached_property
    def differences(self) -> pd.DataFrame:
        """By how much each other plan differs from the first at the same point, run by run.

        The columns are those of the table, with `difference` in place of the estimate, and
        `variance_reduction`: how many times more runs on luck of their own would be needed.
        """
        import pandas as pd  # noqa: PLC0415 - takes half a second

        first, others = self._rows[0], self._rows[1:]
        points = points_frame(first.batch).to_dict("records")
        pairs = [
            (label, rows, case, point)
            for label, rows in zip(self.study.labels[1:], others, strict=True)
            for case, point in enumerate(points)
        ]
        with watching(self.results[0].progress):
            differing = [
                {"plan": label, **point, **row}
                for label, rows, case, point in watched(pairs, "comparing the plans", "point")
                for row in differences_rows(rows, case, first, case, self._names(rows))
            ]
        found = pd.DataFrame(differing, columns=None if others else [*_NO_DIFFERENCES])
        return found if self.study.paths else found.drop(columns="case")

    def provenance(self) -> str:
        """Return in one line what the numbers are and where they come from."""
        at = f" at each of {counted(self.study.points, 'point')}" if self.study.paths else ""
        plans = counted(len(self.study.labels), "plan")
        runs = counted(self.study.batches[0].replications, "run")
        return (
            f"{self.study.title} | {plans}, {runs} of each{at}, all "
            f"on the same luck, seed {self.study.batches[0].seed}, study id "
            f"{study_id(self.study)} | {DISCLAIMER}"
        )

    def __repr__(self) -> str:
        plans = counted(len(self.study.labels), "plan")
        points = counted(self.study.points, "point")
        return f"<Study {self.study.title!r}: {plans} at {points}>"

    def _repr_html_(self) -> str:
        table = self.table.drop(columns=["method", "quantity"])
        return f"<p>{escape(self.provenance())}</p>{numbers_html(table)}"


def _nobody(_text: str) -> None:
    """Say nothing."""


def play_study(
    study: Study | str | PathLike[str],
    out: str | PathLike[str],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    crew: Crew | None = None,
    resume: bool = False,
    shared: bool = False,
    progress: bool | None = None,
    say: Callable[[str], None] = _nobody,
) -> StudyResults:
    """Play a study, or that of a file, into a folder, and return what came of it.

    Whoever is interrupted goes on with `resume=True`: what is there is not played again, and the
    same bytes stand in the folder in the end. `say` is told which plan is being played. Raises
    `FileExistsError`, `ChangedError` and `LockedError` as `sim.run` does.
    """
    folder = Path(out)
    crew = crew or Crew("compiled", checked_workers(workers), executor)
    with watching(progress):
        study = study if isinstance(study, Study) else load_study(study)
        with _begun(folder, study, resume=resume) as is_there:
            if is_there:
                return open_study(folder)
            results = []
            for number, (label, place) in enumerate(zip(study.labels, places(study), strict=True)):
                say(f"plan {number + 1} of {len(study.labels)}: {label}")
                batch = study.batches[number]
                results.append(_played(batch, crew, folder / place, shared=shared))
            found = StudyResults(study, tuple(results), folder)
            _complete(found)
    return found


@contextmanager
def _begun(folder: Path, study: Study, *, resume: bool) -> Iterator[bool]:
    """Give the folder, locked, and whether all that is asked for is there already."""
    is_begun = resume and (folder / MANIFEST).is_file()
    if not is_begun and not is_free(folder):
        message = f"{folder}: holds something already, must be a new or empty folder"
        raise FileExistsError(message)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if is_begun:
            check_same_study(folder, study)
        remove_halves(folder)
        is_there = is_begun and is_whole(folder, study)
        if not is_there:
            write_study_manifest(folder, study, None)
        try:
            yield is_there
        except BaseException as error:
            # Whoever plays a plan says the same of its folder, which is not the whole.
            error.__notes__ = [f"what is there is kept: sim resume {folder} goes on"]
            raise


def _played(batch: Batch, crew: Crew, folder: Path, *, shared: bool) -> Results:
    """Play a plan, or go on with it, into a folder of its own."""
    how: dict[str, Any] = {"out": folder, "resume": True, "shared": shared}
    if batch.is_sweep:
        return play_batch(batch, crew, SWEEPS, **how).results
    return play_batch(batch, crew, _RUNS, **how)


def _complete(found: StudyResults) -> None:
    """Write what follows from the rows; last the manifest, which says that all is there."""
    texts = (study_toml(found.study), _csv(found.table), _csv(found.differences))
    for name, text in zip(TEXTS, texts, strict=True):
        write_file(found.folder / name, text.encode())
    names = [*TEXTS, *((place / MANIFEST).as_posix() for place in places(found.study))]
    files = {name: sha256_of(found.folder / name) for name in names}
    write_study_manifest(found.folder, found.study, files)


def _csv(table: pd.DataFrame) -> str:
    return str(table.to_csv(index=False))


def open_study(folder: str | PathLike[str]) -> StudyResults:
    """Return the study in a folder, every file of which is as its manifests say.

    Raises `DamagedError` if one is not, or if the folder is not complete.
    """
    path = Path(folder)
    study, told = read_study(path)
    if not told["complete"]:
        message = f"{path}: is not complete, sim resume {path} goes on with it"
        raise DamagedError(message)
    damaged = damaged_of(path, told)
    if damaged:
        message = f"{path}: damaged or lost: {', '.join(damaged[:5])}; sim resume {path} mends it"
        raise DamagedError(message)
    return StudyResults(study, tuple(opened(path / place) for place in places(study)), path)


def resume_study(
    folder: str | PathLike[str],
    replications: int | None = None,
    *,
    crew: Crew | None = None,
    shared: bool = False,
    progress: bool | None = None,
    say: Callable[[str], None] = _nobody,
) -> StudyResults:
    """Go on with a study in a folder, or extend it to more runs of each plan at each point."""
    with watching(progress):
        study, _ = read_study(folder)
    if replications is not None:
        batches = tuple(one.with_replications(replications) for one in study.batches)
        told = {**study.told, "replications": replications}
        study = replace(study, batches=batches, told=told)
    return play_study(
        study, folder, crew=crew, resume=True, shared=shared, progress=progress, say=say
    )
