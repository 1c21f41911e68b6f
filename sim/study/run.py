"""Running a scenario: many runs, spread over processes, with the same rows however many."""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING

import loky
from tqdm.auto import tqdm

from sim.engines.rows import Rows, crisis_columns, outcome_columns
from sim.engines.simpy_engine import notes, simulate
from sim.engines.story import told
from sim.results.frames import table_of
from sim.results.results import Results
from sim.scenario.parameters import parameters

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from concurrent.futures import Future

    import pandas as pd

    from sim.scenario.numbers import Parameters
    from sim.scenario.scenario import Scenario

_CHUNKS_PER_WORKER = 16
_LARGEST_CHUNK = 250
_AHEAD = 3  # chunks that wait for each worker, so that none is idle and few rows are held


def run(
    scenario: Scenario,
    replications: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    progress: bool | None = None,
) -> Results:
    """Run a scenario many times and return what happened.

    Replications and seed default to the scenario's, workers to the number of processors. Row k is
    decided by the scenario, the seed and k alone. A progress bar is shown in a terminal and in a
    notebook, unless `progress` says otherwise.
    """
    scenario = _with_run(scenario, replications, seed)
    replications, seed = scenario.run.replications, scenario.run.seed
    numbers = parameters(scenario)
    rows = Rows([], [])
    hidden = not (_somebody_watches() if progress is None else progress)
    chunks = _chunks_played(numbers, seed, replications, workers or available_workers())
    with tqdm(total=replications, unit="run", disable=hidden, leave=False) as bar, closing(chunks):
        for chunk in chunks:
            rows.outcomes.extend(chunk.outcomes)
            rows.crises.extend(chunk.crises)
            bar.update(len(chunk.outcomes))
    return Results(
        scenario,
        seed,
        replications,
        table_of(outcome_columns(numbers), rows.outcomes),
        table_of(crisis_columns(numbers), rows.crises),
    )


def _somebody_watches() -> bool:
    """Return whether this is a terminal or a notebook, where a progress bar can be seen."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules


def _with_run(scenario: Scenario, replications: int | None, seed: int | None) -> Scenario:
    """Return the scenario with the number of runs and the seed that are asked for, checked."""
    asked = {"run.replications": replications, "run.seed": seed}
    return scenario.with_(*((path, value) for path, value in asked.items() if value is not None))


def available_workers() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _chunks_played(
    numbers: Parameters, seed: int, replications: int, workers: int
) -> Generator[Rows, None, None]:
    """Yield the rows of consecutive chunks of runs, in order."""
    chunks = _chunks(replications, workers)
    if workers == 1 or len(chunks) == 1:
        yield from (simulate(numbers, seed, chunk) for chunk in chunks)
        return
    executor = loky.get_reusable_executor(max_workers=workers, timeout=60)
    waiting: deque[Future[Rows]] = deque()
    try:
        for chunk in chunks:
            waiting.append(executor.submit(simulate, numbers, seed, chunk))
            if len(waiting) > _AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BaseException:
        executor.shutdown(wait=True, kill_workers=True)
        raise


def _chunks(replications: int, workers: int) -> Sequence[range]:
    size = max(1, min(_LARGEST_CHUNK, replications // (_CHUNKS_PER_WORKER * workers)))
    starts = range(0, replications, size)
    return [range(start, min(start + size, replications)) for start in starts]


def trace(
    scenario: Scenario, run: int = 0, seed: int | None = None, *, brief: bool = False
) -> pd.DataFrame:
    """Return one run event by event: row `run` of a batch with the same seed.

    The columns are time_hours (since the ceasefire began), order, event, where and detail. A brief
    trace leaves out what happens in a sector below the crisis's quiet_level.
    """
    if not 0 <= run < 2**40:
        message = f"run: is {run}, must be a whole number, 0 or more"
        raise ValueError(message)
    scenario = _with_run(scenario, None, seed)
    numbers = parameters(scenario)
    from_level = numbers.quiet_level if brief else 0
    return told(numbers, notes(numbers, scenario.run.seed, run), from_level)
