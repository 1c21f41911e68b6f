"""The results of a batch of runs: its tables, its summary, and its folder."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from sim.results.frames import frame_of
from sim.results.manifest import DISCLAIMER
from sim.results.progress import asked_for, watched, watching
from sim.results.spans import RUNS_PER_BLOCK
from sim.results.tables_in_html import numbers_html
from sim.scenario.counts import counted
from sim.scenario.sources import grades_in_words, sources_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from sim.results.batch import Batch
    from sim.results.folder import Scratch
    from sim.results.parts import Parts
    from sim.results.pieces import Failure
    from sim.results.sums import Summed
    from sim.results.tally import Tally
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Results:
    """What happened in a batch of runs of one scenario."""

    batch: Batch = field(repr=False)
    outcome_parts: Parts = field(repr=False)
    crisis_parts: Parts = field(repr=False)
    failed: tuple[Failure, ...] = ()
    """The runs that could not be played to their end, and why; they are left out of estimates."""
    summed: Summed | None = field(default=None, repr=False)
    """What the summary needs of all runs, where not all rows are kept."""
    folder: Path | None = None
    """Where the results are, if they are in a folder that stays."""
    scratch: Scratch | None = field(default=None, repr=False)
    """Where the parts are that do not fit into memory."""
    progress: bool | None = field(default_factory=asked_for, repr=False, compare=False)
    """Whether progress was asked for, which holds for what is computed later as well."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that was played."""
        return self.batch.scenario

    @property
    def seed(self) -> int:
        """The seed."""
        return self.batch.seed

    @property
    def replications(self) -> int:
        """How many runs there are."""
        return self.batch.replications

    @property
    def run_id(self) -> str:
        """A name for the result, made from all that determines it."""
        return self.batch.run_id

    @property
    def crises_runs(self) -> int:
        """Of how many runs, from run 0 on, the crises are kept."""
        return self.replications if self.batch.crises else min(self.replications, RUNS_PER_BLOCK)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a run, in order; times in hours since the ceasefire began.

        Raises `MemoryError` when they do not fit; `column` and `tables` then give them bit by bit.
        """
        self._need_rows()
        with watching(self.progress):
            return frame_of(self.outcome_parts.table())

    def _need_rows(self) -> None:
        if not self.batch.rows and self.replications > RUNS_PER_BLOCK:
            message = (
                f"rows: those of the first {RUNS_PER_BLOCK:,} of {self.replications:,} runs were "
                "kept (results.sample); summary() and quantiles() are of all runs"
            )
            raise ValueError(message)

    @cached_property
    def sample(self) -> pd.DataFrame:
        """The outcomes of the first 100,000 runs, which are kept however many there are."""
        return frame_of(next(self.outcome_parts.tables()))

    @cached_property
    def crises(self) -> pd.DataFrame:
        """One row a crisis, in the order of runs and, within a run, of opening.

        Those of the first 100,000 runs, unless `sim.run` was told to keep all crises.
        """
        with watching(self.progress):
            return frame_of(self.crisis_parts.table())

    @property
    def failures(self) -> pd.DataFrame:
        """The runs that could not be played to their end: run, kind and message of each."""
        import pandas as pd  # noqa: PLC0415 - takes half a second, which who plays runs need not wait

        rows = [(one.case, one.run, one.kind, one.message) for one in self.failed]
        return pd.DataFrame(rows, columns=["case", "run", "kind", "message"])

    def column(self, name: str) -> pd.Series:
        """Return one column of the outcomes, shape (runs,), which needs little memory."""
        self._need_rows()
        with watching(self.progress):
            return self.outcome_parts.column(name)

    def tables(self, name: str = "outcomes") -> Iterator[pa.Table]:
        """Yield the outcomes, or the crises, in Arrow tables of up to 100,000 runs each."""
        if name == "outcomes":
            self._need_rows()
        return {"outcomes": self.outcome_parts, "crises": self.crisis_parts}[name].tables()

    @cached_property
    def tally(self) -> Tally:
        """What the summary needs of all runs: sums, of which no rows need be kept."""
        whole = self.summed.whole() if self.summed is not None else None
        if whole is None:
            from sim.results.tally import tally_of  # noqa: PLC0415 - pandas and scipy take time

            parts = len(self.outcome_parts.parts)
            with watching(self.progress):
                tables = watched(self.outcome_parts.tables(), "reading the runs", "part", parts)
                return tally_of(self.scenario, tables)
        return whole

    def summary(self) -> pd.DataFrame:
        """Return estimates with 95 % intervals, grouped by question."""
        from sim.results.summary import summary_frame  # noqa: PLC0415 - pandas and scipy take time

        return summary_frame(self.scenario, self.tally)

    def quantiles(self) -> pd.DataFrame:
        """Return how runs differ: the 5, 25, 50, 75 and 95 % quantiles over runs, one row each."""
        from sim.results.summary import quantiles_frame  # noqa: PLC0415 - as above

        return quantiles_frame(self.scenario, self.tally)

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
        return crises, min(self.replications, RUNS_PER_BLOCK)

    def sources(self) -> pd.DataFrame:
        """Return what the scenario's values rest on, one row a value: grade, source, what it says.

        `counts` tells the values that the runs depend on, which summaries and figures count.
        """
        return sources_frame(self.scenario)

    @property
    def runaways(self) -> int:
        """How many runs were cut off because they had too many violations and alarms."""
        return self.tally.runaways

    def caution(self) -> str | None:
        """Return a warning when some runs were cut off, else nothing."""
        if not self.runaways:
            return None
        runs = counted(self.replications, "run")
        return (
            f"{self.runaways:,} of {runs} ran away and had to be cut off, each after "
            f"{self.scenario.run.most_violations:,} violations and alarms "
            f"(run.most_violations), the first one being run {self.tally.first_runaway} at hour "
            f"{self.tally.first_runaway_hours:.4g}; runaways count as neither held nor collapsed"
        )

    def provenance(self) -> str:
        """Return in one line what the numbers are and where they come from."""
        return (
            f"{self.scenario.title} | {counted(self.replications, 'run')}, seed {self.seed}, "
            f"run id {self.run_id} | {DISCLAIMER} | {grades_in_words(self.scenario)}"
        )

    def save(self, folder: str | PathLike[str], *, crises: bool = False) -> Path:
        """Write the results to a folder that does not hold anything yet, and return its path.

        Raises `FileExistsError` when something is there: results are never overwritten.
        """
        from sim.results.saving import saved  # noqa: PLC0415 - which knows results

        if crises and self.crises_runs < self.replications:
            message = (
                f"crises: those of the first {self.crises_runs:,} of {self.replications:,} runs "
                "were kept, all are needed: sim.run(..., crises=True)"
            )
            raise ValueError(message)
        return saved(replace(self, batch=replace(self.batch, crises=crises)), folder)

    def scenario_as_run(self) -> Scenario:
        """Return the scenario with the seed and the number of runs of these results."""
        return self.batch.scenario_as_run

    def __repr__(self) -> str:
        collapsed = self.tally.estimate("collapsed").value
        return (
            f"<Results of {self.scenario.title!r}: {counted(self.replications, 'run')}, "
            f"seed {self.seed}, {collapsed:.1%} collapsed>"
        )

    def _repr_html_(self) -> str:
        table = self.summary().drop(columns=["method", "quantity"])
        table["question"] = table["question"].mask(table["question"].duplicated(), "")
        caution = f"<p><b>{escape(self.caution() or '')}</b></p>" if self.runaways else ""
        return f"<p>{escape(self.provenance())}</p>{caution}{numbers_html(table)}"
