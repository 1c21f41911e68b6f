"""Comparing plans: the same runs on the same luck under each, in memory or in a folder."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.results.locking import LOCK, locked
from sim.results.manifest import MANIFEST
from sim.results.progress import watching
from sim.scenario.scenario import Scenario
from sim.study.asked_runs import check_scenario
from sim.study.comparing.compared_folder import (
    Plans,
    check_same_plans,
    complete,
    is_whole,
    open_comparison,
    read_plans,
    write_begin,
)
from sim.study.comparing.comparison import Comparison, checked_outcomes
from sim.study.comparing.plan_labels import checked_labels, plan_labels
from sim.study.comparing.playing_plans import play_plans
from sim.study.playing.batches import EnvironmentFailedError, checked_workers
from sim.study.playing.chunks import Crew
from sim.study.playing.handing_out import RunawayError, RunsFailedError
from sim.study.run import MOST_RUNS, RunawayWarning, batch_for, engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor
    from os import PathLike

    from sim.study.run import Engine


def compare(
    scenarios: Sequence[Scenario] | Mapping[str, Scenario],
    replications: int | None = None,
    seed: int | None = None,
    *,
    labels: Sequence[str] | None = None,
    outcomes: Sequence[str] | None = None,
    until: str | None = None,
    engine: Engine = "compiled",
    workers: int | None = None,
    executor: Executor | None = None,
    crises: bool = False,
    out: str | PathLike[str] | None = None,
    resume: bool = False,
    shared: bool = False,
    scratch: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> Comparison:
    """Play plans on the same luck, and return what the others change against the first.

    All plans get the same seed and as many runs: the first plan's, unless they are given. They are
    called by their keys in a mapping, by `labels`, or else by their titles or what differs from
    the first. `outcomes` names the quantities to compare, as `summary()` does; without it there are
    all that plans have in common. Plans that are watched for different times are refused.

    With `until`, as in `until="collapsed ± 0.002"`, there are as many runs as it takes to know
    every plan's difference from the first that precisely, at most `replications` (default
    10,000,000). All else is as in `sim.run`; rows are always kept, since pairs of them are
    compared, in memory or, beyond 100,000 runs, in files.
    """
    plans = plans_of(scenarios, replications, seed, labels, outcomes, until)
    plans = replace(plans, batches=tuple(replace(one, crises=crises) for one in plans.batches))
    crew = Crew(engine_of(engine), checked_workers(workers), executor)
    return compare_plans(
        plans, crew, out=out, resume=resume, shared=shared, scratch=scratch, progress=progress
    )


def plans_of(
    scenarios: Sequence[Scenario] | Mapping[str, Scenario],
    replications: int | None = None,
    seed: int | None = None,
    labels: Sequence[str] | None = None,
    outcomes: Sequence[str] | None = None,
    until: str | None = None,
) -> Plans:
    """Return what is to be compared, checked; all with the first plan's seed and runs."""
    _check_several(scenarios)
    if isinstance(scenarios, Mapping):
        labels = list(scenarios) if labels is None else labels
        plans = list(scenarios.values())
    else:
        plans = list(scenarios)
    _check_plans(plans)
    first = plans[0].run
    if replications is None:
        replications = MOST_RUNS if until is not None else first.replications
    seed = first.seed if seed is None else seed
    batches = tuple(batch_for(one, replications, seed, None) for one in plans)
    named = plan_labels(plans) if labels is None else checked_labels(labels, len(plans))
    names = None if outcomes is None else checked_outcomes(plans, outcomes)
    if until is not None:
        from sim.study.comparing.telling_apart import target_of_plans  # noqa: PLC0415 - few need it

        target_of_plans(plans, until)
    return Plans(named, batches, names, until)


def _check_several(scenarios: object) -> None:
    if isinstance(scenarios, (Scenario, str)) or hasattr(scenarios, "__fspath__"):
        message = "scenarios: is one, must be several in brackets: sim.compare([one, other])"
        raise TypeError(message)


def _check_plans(plans: Sequence[Scenario]) -> None:
    for one in plans:
        check_scenario(one)
    if len(plans) < 2:  # noqa: PLR2004 - it takes two
        message = f"scenarios: are {len(plans)}, must be two or more"
        raise ValueError(message)
    days = [one.run.horizon_days for one in plans]
    if len(set(days)) > 1:
        told = ", ".join(f"{one:g}" for one in days)
        message = (
            f"run.horizon_days: are {told}, must be the same under all plans that are compared: "
            "who is watched for longer sees more"
        )
        raise ValueError(message)


def compare_plans(
    plans: Plans,
    crew: Crew,
    *,
    out: str | PathLike[str] | None = None,
    resume: bool = False,
    shared: bool = False,
    scratch: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> Comparison:
    """Play plans with whoever plays, and return the comparison."""
    with watching(progress):
        if out is None:
            results = play_plans(plans, crew, None, scratch=scratch)
            found = Comparison(plans.labels, results, plans.outcomes, plans.until)
        else:
            with _begun(Path(out), plans, resume=resume) as is_there:
                if is_there:
                    return open_comparison(out)
                results = play_plans(plans, crew, Path(out), shared=shared)
                found = Comparison(plans.labels, results, plans.outcomes, plans.until, Path(out))
                complete(found, Path(out))
    for label, one in zip(plans.labels, results, strict=True):
        caution = one.caution()
        if caution:
            warnings.warn(f"{label}: {caution}", RunawayWarning, stacklevel=3)
    return found


@contextmanager
def _begun(folder: Path, plans: Plans, *, resume: bool) -> Iterator[bool]:
    """Give the folder, locked, and whether all that is asked for is there already."""
    _check_free(folder, resume=resume)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        _check_free(folder, resume=resume)
        _remove_halves(folder)
        there = read_plans(folder)[1] if (folder / MANIFEST).is_file() else None
        if there is not None:
            check_same_plans(folder, there, plans)
        if there is not None and is_whole(folder, there, plans):
            yield True
            return
        write_begin(folder, plans)
        with _kept_when_stopped(folder, is_new=there is None):
            yield False


def _check_free(folder: Path, *, resume: bool) -> None:
    """Raise `FileExistsError` where the folder holds something that is not to be gone on with."""
    begun = (folder / MANIFEST).is_file()
    is_ours = not folder.exists() or all(one.name == LOCK for one in folder.iterdir())
    if (begun and not resume) or not (begun or is_ours):
        what = "must be a new or empty folder" if begun else "and no comparison to go on with"
        message = f"{folder}: holds something already, {what}"
        raise FileExistsError(message)


def _remove_halves(folder: Path) -> None:
    """Remove files that were being written when somebody was killed."""
    for below in (folder, folder / "figures"):
        for half in below.glob(".*.tmp"):
            half.unlink(missing_ok=True)


@contextmanager
def _kept_when_stopped(folder: Path, *, is_new: bool) -> Iterator[None]:
    try:
        yield
    except (RunawayError, RunsFailedError):
        if is_new:
            _forget(folder)
        raise
    except BrokenExecutor as error:
        lost = EnvironmentFailedError(f"a worker process died ({error})")
        lost.add_note(_goes_on(folder))
        raise lost from error
    except BaseException as error:
        # Whoever plays a plan says the same of its folder, which is not the whole.
        error.__notes__ = [_goes_on(folder)]
        raise


def _goes_on(folder: Path) -> str:
    return f"what is there is kept: sim resume {folder} goes on"


def _forget(folder: Path) -> None:
    """Leave nothing behind of a comparison of which nothing came."""
    with suppress(OSError):
        (folder / "plans").rmdir()
    if not (folder / "plans").exists():
        for name in (MANIFEST, LOCK):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def resume_plans(
    crew: Crew,
    folder: str | PathLike[str],
    replications: int | None = None,
    *,
    shared: bool = False,
    progress: bool | None = None,
) -> Comparison:
    """Go on with the comparison in a folder, or extend it to more runs of each plan.

    What is there is not computed again, unless it is damaged. Raises `ChangedError`, with the
    differences, if the rules have changed since, and `LockedError` if another program is at it.
    """
    plans, _ = read_plans(Path(folder))
    if replications is not None:
        plans = plans.with_replications(replications)
    return compare_plans(plans, crew, out=folder, resume=True, shared=shared, progress=progress)
