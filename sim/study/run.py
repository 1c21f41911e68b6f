"""Running a scenario: many runs, spread over threads or processes, the same rows however many."""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import closing, contextmanager
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Final, Literal, get_args

from sim.engines.rows import OUTCOME, crisis_columns, outcome_columns
from sim.engines.story import told
from sim.model.words import RUNAWAY
from sim.results.folder import Scratch
from sim.results.frames import RUNS_PER_PART, empty_table, table_of
from sim.results.manifest import run_id
from sim.results.parts import Gathering
from sim.results.results import Results
from sim.scenario.parameters import parameters
from sim.study.chunks import compiled_chunks, simpy_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

    import pandas as pd

    from sim.scenario.scenario import Scenario

Engine = Literal["compiled", "simpy"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)


# When the first so many runs have all run away, the others would too.
_ENOUGH: Final = 100


class RunawayWarning(UserWarning):
    """Some runs were cut off because they had too many violations and alarms."""


class RunawayError(RuntimeError):
    """All runs run away: there is nothing to learn from playing on."""


def run(
    scenario: Scenario,
    replications: int | None = None,
    seed: int | None = None,
    *,
    engine: Engine = "compiled",
    workers: int | None = None,
    crises: bool = False,
    scratch: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> Results:
    """Run a scenario many times and return what happened.

    Replications and seed default to the scenario's, workers to the number of processors. Row k is
    decided by the scenario, the seed and k alone; both engines give the same rows.

    Up to 100,000 runs stay in memory. The rows of more go to a folder in `scratch` (default: where
    the system keeps temporary files) for as long as the results are in use; their crises are kept
    with `crises=True`, otherwise those of the first 100,000 runs are. A progress bar is shown in a
    terminal and in a notebook, unless `progress` says otherwise. Warns with `RunawayWarning` when
    runs were cut off, and raises `RunawayError` when all of the first 100 of more runs were.
    """
    engine = engine_of(engine)
    scenario = _with_run(scenario, replications, seed)
    replications, seed = scenario.run.replications, scenario.run.seed
    numbers = parameters(scenario)
    of_runs, of_crises = outcome_columns(numbers), crisis_columns(numbers)
    store = None if replications <= RUNS_PER_PART else Scratch(scratch)
    folder, name = (store.path, run_id(scenario, seed, replications)) if store else (None, "")
    outcome_rows = Gathering("outcomes", empty_table(of_runs), folder, name)
    crisis_rows = Gathering("crises", empty_table(of_crises), folder, name)
    crises_runs = replications if crises else min(replications, RUNS_PER_PART)
    play = compiled_chunks if engine == "compiled" else simpy_chunks
    chunks = play(numbers, seed, replications, workers or available_workers())
    _prepare_the_summary()
    runaways = hopeless = 0
    with _progress(replications, progress) as seen, closing(chunks):
        for chunk in chunks:
            ran_away = chunk.rows.outcomes.counts[OUTCOME] == RUNAWAY
            runaways += int(ran_away.sum())
            hopeless += int(ran_away[: max(0, _ENOUGH - chunk.runs.start)].sum())
            if hopeless == _ENOUGH < replications:
                raise RunawayError(_hopeless(scenario))
            outcome_rows.add(table_of(of_runs, chunk.rows.outcomes), chunk.runs)
            if chunk.runs.start < crises_runs:
                crisis_rows.add(table_of(of_crises, chunk.rows.crises), chunk.runs)
            seen(len(chunk.runs))
    results = Results(
        scenario,
        seed,
        replications,
        outcome_rows.finished(replications),
        crisis_rows.finished(crises_runs),
        crises_runs,
        store,
    )
    if runaways:
        warnings.warn(str(results.caution()), RunawayWarning, stacklevel=2)
    return results


def _hopeless(scenario: Scenario) -> str:
    return (
        f"all of the first {_ENOUGH} runs have run away, each cut off after "
        f"{scenario.run.most_violations:,} violations and alarms (run.most_violations): lower what "
        f"makes them so many, raise that, or ask for at most {_ENOUGH} runs to see their rows"
    )


def _prepare_the_summary() -> None:
    """Load pandas and SciPy, which whoever looks at results needs, while the runs are played."""
    if "sim.results.summary" not in sys.modules:
        Thread(target=import_module, args=("sim.results.summary",)).start()


def engine_of(name: str) -> Engine:
    """Return the engine of that name; raise `ValueError` where there is none."""
    for engine in ENGINES:
        if engine == name:
            return engine
    names = " or ".join(f'"{engine}"' for engine in ENGINES)
    message = f'engine: is "{name}", must be {names}'
    raise ValueError(message)


@contextmanager
def _progress(replications: int, asked: bool | None) -> Iterator[Callable[[int], object]]:  # noqa: FBT001 - handed on
    """Give what is to be told how many more runs are done, and shows it if somebody watches."""
    if not (_somebody_watches() if asked is None else asked):
        yield lambda _: None
        return
    from tqdm.auto import tqdm  # noqa: PLC0415 - where nobody watches, nobody waits for it

    with tqdm(total=replications, unit="run", leave=False) as bar:
        yield bar.update


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
    same.
    """
    engine = engine_of(engine)
    if not 0 <= run < 2**40:
        message = f"run: is {run}, must be a whole number, 0 or more"
        raise ValueError(message)
    scenario = _with_run(scenario, None, seed)
    numbers = parameters(scenario)
    from_level = numbers.quiet_level if brief else 0
    if engine == "compiled":
        from sim.engines.compiled_engine import notes  # noqa: PLC0415 - whichever is asked for
    else:
        from sim.engines.simpy_engine import notes  # noqa: PLC0415 - as above
    return told(numbers, notes(numbers, scenario.run.seed, run), from_level)
