"""The folder of a batch of several cases: what is in it beside the rows, and reading it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.results.batch import DISCLAIMER
from sim.results.folder import write_file
from sim.results.manifest import batch_of, files_of, kind_of, read_manifest, write_manifest
from sim.results.results import Results
from sim.results.saving import opened
from sim.scenario.counts import counted
from sim.scenario.sources import grades_in_words
from sim.study.points.case_rows import points_frame

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    import pandas as pd

    from sim.results.batch import Batch
    from sim.study.playing.batches import Outcome


def results_of(outcome: Outcome) -> Results:
    """Return the rows of a batch that was played, as results."""
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


def complete_cases(results: Results, folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write what follows from the rows of several cases; last the manifest."""
    batch = results.batch
    write_file(folder / "scenario.toml", batch.scenario_as_run.to_toml().encode())
    told = {"cases.csv": points_frame(batch), "sources.csv": results.sources(), **tables}
    if results.failed:
        told["failures.csv"] = results.failures
    for name, table in told.items():
        write_file(folder / name, table.to_csv(index=False).encode())
    write_manifest(folder, batch, files_of(folder))


def batch_in(folder: str | PathLike[str], replications: int | None) -> Batch:
    """Return the batch that was begun in a folder, perhaps with more runs of each case."""
    path = Path(folder)
    batch = batch_of(path, read_manifest(path))
    return batch if replications is None else batch.with_replications(replications)


def provenance(batch: Batch) -> str:
    """Return in one line what the numbers of several cases are and where they come from."""
    points, runs = counted(len(batch.cases), "point"), counted(batch.replications, "run")
    return (
        f"{batch.scenario.title} | {points} of {runs}, "
        f"all on the same luck, seed {batch.seed}, run id {batch.run_id} | {DISCLAIMER} | "
        f"{grades_in_words(batch.scenario)}"
    )


def opened_as(kind: str, folder: str | PathLike[str]) -> Results:
    """Return the rows in a folder that is complete, if it is of some kind.

    Raises what `sim.results.saving.opened` does, and `ValueError` if it is of another kind.
    """
    there = kind_of(Path(folder))
    if there != kind:
        message = f"{folder}: holds a {there}, must be the folder of a {kind}"
        raise ValueError(message)
    return opened(folder)
