"""Measure what many runs cost, and write that and what follows for more into the document.

python benchmarks/scale.py          into docs/scale.md; takes about three minutes on two processors
python benchmarks/scale.py --quick  less of it, into the terminal only
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from costs import Cost, Gathered, cost, gathered
from distributed import LocalCluster
from grids import Grid, in_document, number, on_screen, with_range
from machine import machine
from rich.text import Text
from timing import seconds_in_rounds, spread

import sim
from sim.results.batch import Batch
from sim.results.folder import write_file
from sim.results.spans import RUNS_PER_BLOCK
from sim.show.texts.runs import console
from sim.study.cluster import crew_from
from sim.study.playing.chunks import Crew
from sim.study.run import run_batch

# A script's own folder is on the path, and not the one above it, which has the documents.
sys.path.append(str(Path(__file__).parents[1]))
from docs.blocks import with_blocks

if TYPE_CHECKING:
    from timing import Spread

    from sim.scenario.scenario import Scenario

_DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "scale.md"
_SCENARIO: Final = Path(__file__).parents[1] / "scenarios" / "three_step.toml"
_WORKERS: Final = 2
_SIZES: Final = (10**6, 10**8, 10**10)
_CORES: Final = (2, 64, 1_024)
_HOUR: Final = 3600.0
_UNITS: Final = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


class Effort(NamedTuple):
    """How much is done."""

    runs: int
    """From which is learned what one costs."""
    handed_out: int
    """Runs of a turn of each way of handing out."""
    rounds: int


class Measured(NamedTuple):
    """All that was measured."""

    cost: Cost
    gathered: Gathered
    handing_out: dict[str, Spread]
    """By who plays: the seconds of a turn, that of threads being 1."""
    effort: Effort


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure what many runs cost.")
    parser.add_argument("--quick", action="store_true", help="less, and only print it")
    quick = parser.parse_args().quick
    found = measured(Effort(4_000, 1_000, 1) if quick else Effort(RUNS_PER_BLOCK, 8_000, 3))
    screen, tables = console(), grids(found)
    for grid in tables.values():
        screen.print(on_screen(grid))
    if not quick:
        blocks = {name: in_document(grid) for name, grid in tables.items()}
        text = with_blocks(_DOCUMENT.read_text(encoding="utf-8"), blocks)
        write_file(_DOCUMENT, text.encode())
        screen.print(Text(f"written: {_DOCUMENT}"))


def measured(effort: Effort) -> Measured:
    """Measure everything."""
    plan = sim.load(_SCENARIO)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results, found = cost(plan, effort.runs, _WORKERS, folder / "block")
        gathering = gathered(results, folder / "gathered")
        return Measured(found, gathering, _handing_out(plan, effort), effort)


def _handing_out(plan: Scenario, effort: Effort) -> dict[str, Spread]:
    """Return how much longer the same runs take when others than threads play them."""
    batch = Batch(plan, plan.run.seed, effort.handed_out)
    with (
        ProcessPoolExecutor(_WORKERS, mp_context=get_context("spawn")) as processes,
        LocalCluster(n_workers=_WORKERS, threads_per_worker=1, dashboard_address=":0") as cluster,
        crew_from("compiled", None, cluster.scheduler_address) as dask,
    ):
        crews = {
            "threads": Crew("compiled", _WORKERS),
            "processes": Crew("compiled", _WORKERS, processes),
            "Dask": dask,
        }

        def turn(crew: Crew) -> object:
            return run_batch(batch, crew, progress=False)

        for crew in crews.values():
            turn(crew)
        works = [lambda crew=crew: turn(crew) for crew in crews.values()]
        seconds = seconds_in_rounds(works, effort.rounds)
    return {
        name: spread([mine / threads for mine, threads in zip(one, seconds[0], strict=True)])
        for name, one in zip(crews, seconds, strict=True)
    }


def grids(found: Measured) -> dict[str, Grid]:
    """Return the tables by the names of their places in the document."""
    return {
        "machine": Grid("Measured on", ("", "which"), machine()[:-1]),
        "measured": _measured(found),
        "handing_out": _handed_out(found),
        "extrapolated": _extrapolated(found),
        "limits": _limits(found),
    }


def _measured(found: Measured) -> Grid:
    cost, gathered = found.cost, found.gathered
    rows = [
        ("a run, of one processor", f"{number(1e3 * cost.seconds)} ms"),
        ("a run's outcomes, on disk", f"{number(cost.outcome_bytes)} bytes"),
        ("a run's crises, on disk", f"{number(cost.crises_bytes)} bytes"),
        ("a run's outcomes, travelling", f"{number(cost.sent_bytes)} bytes"),
        ("a run's crises, travelling", f"{number(cost.sent_crises_bytes)} bytes"),
        ("a task, travelling", size(cost.task_bytes)),
        ("a tally of any number of runs", size(cost.tally_bytes)),
        ("to gather a block whose rows come back", _milliseconds(gathered.rows)),
        ("to gather a block that a worker wrote", _milliseconds(gathered.part)),
        ("to gather a block of which a tally comes back", _milliseconds(gathered.tally)),
        ("to read and hash a block's rows in the end", _milliseconds(gathered.end)),
    ]
    return Grid(f"Measured on {cost.runs:,} runs", ("", "measured"), rows)


def _milliseconds(seconds: Spread) -> str:
    return f"{with_range(type(seconds)(*(1e3 * one for one in seconds)))} ms"


def _handed_out(found: Measured) -> Grid:
    rows = [(name, with_range(one)) for name, one in found.handing_out.items()]
    header = ("who plays", "time, threads = 1")
    return Grid(f"{found.effort.handed_out:,} runs by {_WORKERS} workers", header, rows)


def _extrapolated(found: Measured) -> Grid:
    cost = found.cost
    names = (f"on {cores:,} cores" for cores in _CORES)
    header = ("runs", "core-hours", *names, "outcomes", "all crises", "sums", "files of rows")
    first = RUNS_PER_BLOCK * (cost.outcome_bytes + cost.crises_bytes)
    rows = [
        (
            f"{runs:,}",
            number(runs * cost.seconds / _HOUR),
            *(lasting(runs * cost.seconds / cores) for cores in _CORES),
            size(runs * cost.outcome_bytes),
            size(runs * cost.crises_bytes),
            size(first + cost.tally_bytes),
            f"{runs // RUNS_PER_BLOCK:,}",
        )
        for runs in _SIZES
    ]
    return Grid("Extrapolated", header, rows)


def _limits(found: Measured) -> Grid:
    cost, gathered = found.cost, found.gathered
    ways = {
        "rows come back (an executor)": (gathered.rows, gathered.end),
        "workers write (`--shared`)": (gathered.part, gathered.end),
        "sums come back (`--sums`)": (gathered.tally, None),
    }
    block = RUNS_PER_BLOCK * cost.seconds
    rows = [
        (
            name,
            number(block / while_played.median),
            *(
                lasting(runs / RUNS_PER_BLOCK * in_the_end.median) if in_the_end else "-"
                for runs in _SIZES
            ),
        )
        for name, (while_played, in_the_end) in ways.items()
    ]
    header = ("", "cores that are kept busy", *(f"then, of {runs:,} runs" for runs in _SIZES))
    return Grid("What one gatherer can do", header, rows)


def size(count: float) -> str:
    """Return a number of bytes with the unit that suits it.

    >>> size(9_603), size(3.4e13)
    ('9.60 kB', '34.0 TB')
    """
    for unit, worth in _UNITS:
        if count >= worth:
            return f"{number(count / worth)} {unit}"
    return f"{count:.0f} bytes"


def lasting(seconds: float) -> str:
    """Return a time with the unit that suits it.

    >>> lasting(90), lasting(400_000)
    ('1.50 min', '4.63 days')
    """
    for unit, worth in (
        ("years", 365.25 * 86_400),
        ("days", 86_400.0),
        ("h", _HOUR),
        ("min", 60.0),
    ):
        if seconds >= worth:
            return f"{number(seconds / worth)} {unit}"
    return f"{number(seconds)} s"


if __name__ == "__main__":
    main()
