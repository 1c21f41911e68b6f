"""The results of a batch of runs: its tables, its summary, and its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from sim.results.folder import new_folder, write_file
from sim.results.frames import RUNS_PER_PART, frame_of, part_bytes
from sim.results.manifest import DISCLAIMER, manifest, run_id
from sim.results.summary import summary_frame

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Results:
    """What happened in a batch of runs of one scenario."""

    scenario: Scenario
    seed: int
    replications: int
    outcomes_table: pa.Table = field(repr=False)
    crises_table: pa.Table = field(repr=False)

    @cached_property
    def run_id(self) -> str:
        """A name for the result, made from all that determines it."""
        return run_id(self.scenario, self.seed, self.replications)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a run, in order; times in hours since the ceasefire began."""
        return frame_of(self.outcomes_table)

    @cached_property
    def crises(self) -> pd.DataFrame:
        """One row a crisis, in the order of runs and, within a run, of opening."""
        return frame_of(self.crises_table)

    def summary(self) -> pd.DataFrame:
        """Return estimates with 95 % intervals, grouped by question."""
        return summary_frame(self.scenario, self.outcomes)

    def provenance(self) -> str:
        """Return in one line what the numbers are and where they come from."""
        return (
            f"{self.scenario.title} | {self.replications:,} runs, seed {self.seed}, "
            f"run id {self.run_id} | {DISCLAIMER}"
        )

    def save(self, folder: str | PathLike[str], *, crises: bool = False) -> Path:
        """Write the results to a folder that does not hold anything yet, and return its path.

        Raises `FileExistsError` when something is there: results are never overwritten.
        """
        path = new_folder(folder)
        summary = self.summary()
        rounded = json.loads(summary.to_json(orient="records", double_precision=15))
        document = {"run_id": self.run_id, "note": DISCLAIMER, "summary": rounded}
        self._save_parts(path / "outcomes", self.outcomes_table)
        if crises:
            self._save_parts(path / "crises", self.crises_table)
        write_file(path / "scenario.toml", self.scenario_as_run().to_toml().encode())
        write_file(path / "summary.csv", summary.to_csv(index=False).encode())
        write_file(path / "summary.json", _json(document))
        # The manifest comes last: a folder that has one is complete.
        write_file(path / "manifest.json", _json(manifest(*self._determinants())))
        return path

    def scenario_as_run(self) -> Scenario:
        """Return the scenario with the seed and the number of runs of these results."""
        run = self.scenario.run.model_copy(
            update={"seed": self.seed, "replications": self.replications}
        )
        return self.scenario.model_copy(update={"run": run})

    def _determinants(self) -> tuple[Scenario, int, int]:
        return self.scenario_as_run(), self.seed, self.replications

    def _save_parts(self, folder: Path, table: pa.Table) -> None:
        """Write a table in parts, each named after the first run that it may hold."""
        folder.mkdir()
        runs = table.column("run").to_numpy()
        for first in range(0, self.replications, RUNS_PER_PART):
            start, stop = runs.searchsorted([first, first + RUNS_PER_PART])
            part = table.slice(int(start), int(stop - start))
            write_file(folder / f"part-{first:013d}.parquet", part_bytes(part, self.run_id))

    def __repr__(self) -> str:
        collapsed = (self.outcomes["outcome"] == "collapsed").mean()
        return (
            f"<Results of {self.scenario.title!r}: {self.replications:,} runs, seed {self.seed}, "
            f"{collapsed:.1%} collapsed>"
        )

    def _repr_html_(self) -> str:
        table = self.summary().drop(columns=["method", "quantity"]).round(3)
        return f"<p>{escape(self.provenance())}</p>{table.to_html(index=False, escape=True)}"


def _json(document: object) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
