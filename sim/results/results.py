"""The results of a batch of runs: its tables, its summary, and its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sim.results.folder import give_file, new_folder, write_file
from sim.results.frames import RUNS_PER_PART, frame_of, part_bytes
from sim.results.manifest import DISCLAIMER, manifest, run_id
from sim.results.parts import part_name
from sim.scenario.sources import grade_counts, grades_in_words, sources_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    import pandas as pd
    import pyarrow as pa

    from sim.results.folder import Scratch
    from sim.results.parts import Parts
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Results:
    """What happened in a batch of runs of one scenario."""

    scenario: Scenario
    seed: int
    replications: int
    outcome_parts: Parts = field(repr=False)
    crisis_parts: Parts = field(repr=False)
    crises_runs: int = field(repr=False)
    """Of how many runs, from run 0 on, the crises are kept."""
    scratch: Scratch | None = field(default=None, repr=False)
    """Where the parts are that do not fit into memory."""

    @cached_property
    def run_id(self) -> str:
        """A name for the result, made from all that determines it."""
        return run_id(self.scenario, self.seed, self.replications)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a run, in order; times in hours since the ceasefire began.

        Raises `MemoryError` when they do not fit; `column` and `tables` then give them bit by bit.
        """
        return frame_of(self.outcome_parts.table())

    @cached_property
    def crises(self) -> pd.DataFrame:
        """One row a crisis, in the order of runs and, within a run, of opening.

        Those of the first 100,000 runs, unless `sim.run` was told to keep all crises.
        """
        return frame_of(self.crisis_parts.table())

    def column(self, name: str) -> pd.Series:
        """Return one column of the outcomes, shape (runs,), which needs little memory."""
        return self.outcome_parts.column(name)

    def tables(self, name: str = "outcomes") -> Iterator[pa.Table]:
        """Yield the outcomes, or the crises, in Arrow tables of up to 100,000 runs each."""
        return {"outcomes": self.outcome_parts, "crises": self.crisis_parts}[name].tables()

    def summary(self) -> pd.DataFrame:
        """Return estimates with 95 % intervals, grouped by question."""
        from sim.results.summary import summary_frame  # noqa: PLC0415 - pandas and scipy take time

        return summary_frame(self.scenario, self.column)

    def delays(self) -> pd.DataFrame:
        """Return where the time goes: for each step and part of its delay, one row.

        A part's mean hours, with the 95 % interval, over the `n` crises in which the step came
        into force; the share of these in which the part was the longest; and, with the decision,
        the decider whose yes came last most often, with its share. All of it is read off the
        crises of the first 100,000 runs, however many are kept.
        """
        from sim.results.delays import columns_needed, delays_frame  # noqa: PLC0415 - as above

        crises, runs = self.first_crises(columns_needed(self.scenario))
        return delays_frame(self.scenario, crises, runs)

    def first_crises(self, columns: Sequence[str]) -> tuple[pa.Table, int]:
        """Return columns of the crises of the first 100,000 runs, and how many runs these are.

        They always fit into memory, and are kept whatever `sim.run` was told.
        """
        crises = next(self.crisis_parts.tables(columns))
        return crises, min(self.replications, RUNS_PER_PART)

    def sources(self) -> pd.DataFrame:
        """Return what the scenario's values rest on, one row a value: grade, source, what it says.

        `counts` tells the values that the runs depend on, which summaries and figures count.
        """
        return sources_frame(self.scenario)

    @cached_property
    def runaways(self) -> int:
        """How many runs were cut off because they had too many violations and alarms."""
        return int((self.column("outcome") == "runaway").sum())

    def caution(self) -> str | None:
        """Return a warning when some runs were cut off, else nothing."""
        if not self.runaways:
            return None
        cut_off = self.column("outcome") == "runaway"
        first = int(cut_off.argmax())
        return (
            f"{self.runaways:,} of {self.replications:,} runs were cut off as runaways, after "
            f"{self.scenario.run.most_violations:,} violations and alarms each "
            f"(run.most_violations), the first one being run {first} at hour "
            f"{self.column('end_hours').iloc[first]:.4g}; they count as neither held nor collapsed"
        )

    def provenance(self) -> str:
        """Return in one line what the numbers are and where they come from."""
        return (
            f"{self.scenario.title} | {self.replications:,} runs, seed {self.seed}, "
            f"run id {self.run_id} | {DISCLAIMER} | {grades_in_words(self.scenario)}"
        )

    def save(self, folder: str | PathLike[str], *, crises: bool = False) -> Path:
        """Write the results to a folder that does not hold anything yet, and return its path.

        Raises `FileExistsError` when something is there: results are never overwritten.
        """
        if crises and self.crises_runs < self.replications:
            message = (
                f"crises: those of the first {self.crises_runs:,} of {self.replications:,} runs "
                "were kept, all are needed: sim.run(..., crises=True)"
            )
            raise ValueError(message)
        path = new_folder(folder)
        summary = self.summary()
        rounded = json.loads(summary.to_json(orient="records", double_precision=15))
        grades = grade_counts(self.scenario)
        document = {
            "run_id": self.run_id,
            "note": DISCLAIMER,
            "values_by_grade": grades,
            "summary": rounded,
        }
        self._save_parts(path / "outcomes", self.outcome_parts)
        if crises:
            self._save_parts(path / "crises", self.crisis_parts)
        write_file(path / "scenario.toml", self.scenario_as_run().to_toml().encode())
        write_file(path / "sources.csv", self.sources().to_csv(index=False).encode())
        write_file(path / "summary.csv", summary.to_csv(index=False).encode())
        write_file(path / "summary.json", _json(document))
        write_file(path / "delays.csv", self.delays().to_csv(index=False).encode())
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

    def _save_parts(self, folder: Path, parts: Parts) -> None:
        """Write a table in parts, each named after the first run that it may hold."""
        folder.mkdir()
        for number, part in enumerate(parts.parts):
            name = folder / part_name(number * RUNS_PER_PART)
            if isinstance(part, Path):
                give_file(part, name)
            else:
                write_file(name, part_bytes(part, self.run_id))

    def __repr__(self) -> str:
        collapsed = (self.column("outcome") == "collapsed").mean()
        return (
            f"<Results of {self.scenario.title!r}: {self.replications:,} runs, seed {self.seed}, "
            f"{collapsed:.1%} collapsed>"
        )

    def _repr_html_(self) -> str:
        table = self.summary().drop(columns=["method", "quantity"]).round(3)
        caution = f"<p><b>{escape(self.caution() or '')}</b></p>" if self.runaways else ""
        return (
            f"<p>{escape(self.provenance())}</p>{caution}{table.to_html(index=False, escape=True)}"
        )


def _json(document: object) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
