"""Running a scenario: many runs, spread over threads or processes, the same rows however many."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, get_args

from sim.engines.story import told
from sim.results.batch import Batch
from sim.results.results import Results
from sim.results.saving import complete, opened
from sim.scenario.parameters import parameters
from sim.study.asked_runs import with_run
from sim.study.playing.batches import (
    Kind,
    Outcome,
    RecomputedWarning,
    RunsFailedWarning,
    available_workers,
    checked_workers,
    play_batch,
)
from sim.study.playing.chunks import Crew
from sim.study.playing.handing_out import RunawayError, RunsFailedError

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from os import PathLike

    import pandas as pd

    from sim.scenario.scenario import Scenario

__all__ = [
    "RecomputedWarning",
    "RunawayError",
    "RunsFailedError",
    "RunsFailedWarning",
    "available_workers",
    "run",
    "trace",
]

Engine = Literal["compiled", "simpy"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)


class RunawayWarning(UserWarning):
    """Some runs were cut off because they had too many violations and alarms."""


def run(
    scenario: Scenario,
    replications: int | None = None,
    seed: int | None = None,
    *,
    engine: Engine = "compiled",
    workers: int | None = None,
    executor: Executor | None = None,
    crises: bool = False,
    rows: bool = True,
    until: str | None = None,
    out: str | PathLike[str] | None = None,
    resume: bool = False,
    shared: bool = False,
    scratch: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> Results:
    """Run a scenario many times and return what happened.

    Replications and seed default to the scenario's, workers to the number of processors. Row k is
    decided by the scenario, the seed and k alone; both engines give the same rows.

    With `out`, the rows go to that folder as they come, and whoever is interrupted goes on with
    `resume=True`, or `sim.resume`; the same result stands in the folder in the end. Without it, up
    to 100,000 runs stay in memory, and the rows of more go to a folder in `scratch` (default: where
    the system keeps temporary files) for as long as the results are in use. Crises are kept of the
    first 100,000 runs, or of all with `crises=True`. With `rows=False` outcomes too are kept of the
    first 100,000 runs only; of all others sums, which give the same summary.

    With `until`, as in `until="collapsed ± 0.002"`, there are as many runs as that precision needs,
    at most `replications` (default 10,000,000).

    An `executor` of `concurrent.futures` plays the runs instead of threads of this process, and
    `workers` says how many it has; with `shared`, its workers write rows to `out` themselves.

    A progress bar is shown in a terminal and in a notebook, unless `progress` says otherwise. Warns
    with `RunawayWarning` when runs were cut off and `RunsFailedWarning` when runs failed; raises
    `RunawayError` or `RunsFailedError` when all of the first 100 of more runs did.
    """
    batch = batch_for(scenario, replications, seed, until)
    batch = replace(batch, crises=crises, rows=rows)
    crew = Crew(engine_of(engine), checked_workers(workers), executor)
    return run_batch(
        batch, crew, out=out, resume=resume, shared=shared, scratch=scratch, progress=progress
    )


def run_batch(
    batch: Batch,
    crew: Crew,
    *,
    out: str | PathLike[str] | None = None,
    resume: bool = False,
    shared: bool = False,
    scratch: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> Results:
    """Play the runs of one scenario, and return their results."""
    kind = Kind(_results, complete, opened)
    results = play_batch(
        batch,
        crew,
        kind,
        out=out,
        resume=resume,
        shared=shared,
        scratch=scratch,
        progress=progress,
    )
    caution = results.caution()
    if caution:
        warnings.warn(caution, RunawayWarning, stacklevel=3)
    return results


def _results(outcome: Outcome) -> Results:
    gathered = outcome.gathered
    return Results(
        outcome.batch,
        gathered.outcomes,
        gathered.crises,
        gathered.failures,
        gathered.summed,
        outcome.folder,
        outcome.scratch,
    )


def batch_for(
    scenario: Scenario, replications: int | None, seed: int | None, until: str | None
) -> Batch:
    """Return what is asked for, checked."""
    if until is not None and replications is None:
        replications = MOST_RUNS
    scenario = with_run(scenario, replications, seed)
    return Batch(scenario, scenario.run.seed, scenario.run.replications, until=until)


MOST_RUNS: Final = 10_000_000
"""At most so many runs are played until a precision is reached, unless told otherwise."""


def engine_of(name: str) -> Engine:
    """Return the engine of that name; raise `ValueError` where there is none."""
    for engine in ENGINES:
        if engine == name:
            return engine
    names = " or ".join(f'"{engine}"' for engine in ENGINES)
    message = f'engine: is "{name}", must be {names}'
    raise ValueError(message)


def trace(
    scenario: Scenario,
    run: int = 0,
    seed: int | None = None,
    *,
    brief: bool = False,
    engine: Engine = "simpy",
) -> pd.DataFrame:
    """Return one run event by event: row `run` of a batch with the same seed.

    The columns are time_hours (since the ceasefire began), order, event, where and detail. A brief
    trace leaves out what happens in a sector below the crisis's quiet_level. Both engines tell the
    same. The frame's `attrs` say which run it is, and of which seed.
    """
    engine = engine_of(engine)
    if not 0 <= run < 2**40:
        message = f"run: is {run}, must be a whole number, 0 or more"
        raise ValueError(message)
    scenario = with_run(scenario, None, seed)
    numbers = parameters(scenario)
    from_level = numbers.quiet_level if brief else 0
    if engine == "compiled":
        from sim.engines.compiled_engine import notes  # noqa: PLC0415 - whichever is asked for
    else:
        from sim.engines.simpy_engine import notes  # noqa: PLC0415 - as above
    found = told(numbers, notes(numbers, scenario.run.seed, run), from_level)
    found.attrs = {"run": run, "seed": scenario.run.seed}
    return found
