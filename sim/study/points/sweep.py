"""A sweep: one scenario at many points, each with the same number of runs on the same luck."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Final

from sim.results.progress import watched, watching
from sim.results.tables_in_html import numbers_html
from sim.scenario.counts import counted
from sim.scenario.problems import did_you_mean
from sim.study.playing.batches import Kind, checked_workers, play_batch
from sim.study.playing.chunks import Crew
from sim.study.points.asked_points import SWEEP, sweep_batch, vary_of
from sim.study.points.case_folder import batch_in, complete_cases, opened_as, provenance, results_of
from sim.study.points.case_rows import (
    CaseRows,
    differences_rows,
    estimates_frame,
    points_frame,
    without_runaways,
)
from sim.study.run import RunawayWarning, engine_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from os import PathLike
    from pathlib import Path

    import pandas as pd

    from sim.results.batch import Batch
    from sim.results.results import Results
    from sim.scenario.scenario import Scenario
    from sim.study.points.asked_points import Vary


@dataclass(frozen=True)
class Sweep:
    """What happened at the points of a sweep."""

    results: Results
    """The rows, whose first column says which case they are of."""

    @property
    def batch(self) -> Batch:
        """What was played."""
        return self.results.batch

    @property
    def scenario(self) -> Scenario:
        """The scenario in which values vary."""
        return self.batch.scenario

    @property
    def paths(self) -> tuple[str, ...]:
        """What varies."""
        return tuple(path for path, _ in self.batch.cases[0])

    @property
    def folder(self) -> Path | None:
        """Where the results are, if they are in a folder that stays."""
        return self.results.folder

    @property
    def design(self) -> str:
        """How the points were chosen: grid, sobol or lhs."""
        return str(self.batch.about["design"])

    @property
    def outcomes(self) -> tuple[str, ...] | None:
        """The names of what is estimated; None: all there is."""
        names = self.batch.about["outcomes"]
        return None if names is None else tuple(names)

    @property
    def shown(self) -> tuple[str, ...]:
        """What tables and figures show where there is no room for all: what was asked for."""
        return shown_outcomes(self.outcomes, self.scenario, self.table)

    @cached_property
    def rows(self) -> CaseRows:
        """The rows of each case."""
        return CaseRows(self.batch, self.results.outcome_parts)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each quantity at each point, with its 95 % interval.

        The columns are case, one for each path, quantity, meaning, estimate, low, high, unit,
        method and n.
        """
        return without_runaways(self._estimates, self.outcomes)

    @cached_property
    def _estimates(self) -> pd.DataFrame:
        with watching(self.results.progress):
            return estimates_frame(self.rows, self.outcomes)

    @property
    def cases(self) -> pd.DataFrame:
        """The points: a row for each, its number, and a column for each path."""
        return points_frame(self.batch)

    def at(self, case: int) -> Scenario:
        """Return the scenario at a point."""
        return self.batch.case(_checked_case(self.batch, case))

    def outcome(self, name: str) -> pd.DataFrame:
        """Return one quantity: a row a point, with its number, a column for each path, and so on.

        Raises `ValueError` for a name that the table does not have.
        """
        rows = self.table[self.table["quantity"] == name]
        if rows.empty:
            known = list(dict.fromkeys(self.table["quantity"]))
            message = f'outcome: is "{name}", must be one of the table{did_you_mean(name, known)}'
            raise ValueError(message)
        kept = ["case", *self.paths, "estimate", "low", "high", "unit", "method", "n"]
        return rows[kept].reset_index(drop=True)

    def differences(self, reference_case: int = 0) -> pd.DataFrame:
        """Return by how much each point differs from one of them, run by run on the same luck.

        The columns are those of the table, with `difference` in place of the estimate, and
        `variance_reduction`: how many times more runs on luck of their own would be needed.
        """
        import pandas as pd  # noqa: PLC0415 - takes half a second

        first = _checked_case(self.batch, reference_case)
        others = [one for one in self.cases.to_dict("records") if one["case"] != first]
        with watching(self.results.progress):
            return pd.DataFrame(
                {**point, **row}
                for point in watched(others, "comparing the points", "point")
                for row in differences_rows(
                    self.rows, int(point["case"]), self.rows, first, self.outcomes
                )
            )

    def caution(self) -> str | None:
        """Return a warning when some runs were cut off, else nothing."""
        all_points = self._estimates.query("quantity == 'runaway'")
        gone = all_points[all_points["estimate"] > 0]
        if gone.empty:
            return None
        runs = (gone["estimate"] * gone["n"]).sum()
        worst = int(gone.sort_values("estimate")["case"].iloc[-1])
        at = f"{len(gone):,} of {counted(len(all_points), 'point')}"
        return (
            f"{counted(round(runs), 'run')} at {at} ran away and had to be cut off, most of them "
            f"in case {worst} ({self.point_in_words(worst)}); "
            "runaways count as neither held nor collapsed"
        )

    def point_in_words(self, case: int) -> str:
        """Return the values of a point."""
        return ", ".join(f"{path} = {value}" for path, value in self.batch.cases[case])

    def provenance(self) -> str:
        """Return in one line what the numbers are and where they come from."""
        return provenance(self.batch)

    def __repr__(self) -> str:
        return (
            f"<Sweep of {self.scenario.title!r} over {', '.join(self.paths)}: "
            f"{counted(len(self.batch.cases), 'point')}, "
            f"{counted(self.batch.replications, 'run')} each>"
        )

    def _repr_html_(self) -> str:
        table = self.table.drop(columns=["method", "quantity"])
        return f"<p>{escape(self.provenance())}</p>{numbers_html(table)}"


def shown_outcomes(
    asked: Sequence[str] | None, scenario: Scenario, table: pd.DataFrame
) -> tuple[str, ...]:
    """Return which quantities of a table are shown first: those asked for, or the usual ones."""
    usual = ("collapsed", "crises", "promises_kept", f"hours_{list(scenario.levels)[-1]}")
    known = table[table["estimate"].notna()]["quantity"].unique()
    return tuple(name for name in asked or usual if name in known)


def _checked_case(batch: Batch, case: int) -> int:
    if not 0 <= case < len(batch.cases):
        message = f"case: is {case}, must be 0 to {len(batch.cases) - 1}"
        raise ValueError(message)
    return case


def sweep(
    scenario: Scenario,
    vary: Vary,
    *,
    design: str = "grid",
    points: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    outcomes: Sequence[str] | None = None,
    engine: str = "compiled",
    workers: int | None = None,
    executor: Executor | None = None,
    out: str | PathLike[str] | None = None,
    resume: bool = False,
    shared: bool = False,
    scratch: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> Sweep:
    """Play a scenario at many points, all on the same luck, and return what happened.

    `vary` says what varies: `{"crisis.quiet_hours": [12, 24, 48]}`, or for a design other than the
    grid a range too, `{"attack.per_year": (0.02, 0.6)}`. A grid takes all combinations of values;
    "sobol" and "lhs" (Latin hypercube) spread so many `points` evenly. Every point is checked
    before anything is played. `replications` are the runs of each point. The table has the
    `outcomes` that are named, or all. All else is as with `sim.run`.
    """
    crew = Crew(engine_of(engine), checked_workers(workers), executor)
    with watching(progress):
        batch = sweep_batch(
            scenario,
            vary_of(scenario, vary),
            design=design,
            points=points,
            replications=replications,
            seed=seed,
            outcomes=outcomes,
        )
        found = play_batch(
            batch, crew, SWEEPS, out=out, resume=resume, shared=shared, scratch=scratch
        )
    caution = found.caution()
    if caution:
        warnings.warn(caution, RunawayWarning, stacklevel=2)
    return found


def resume_sweep(
    folder: str | PathLike[str],
    replications: int | None = None,
    *,
    crew: Crew | None = None,
    shared: bool = False,
    progress: bool | None = None,
) -> Sweep:
    """Go on with a sweep in a folder, or extend it to more runs of each point."""
    batch = batch_in(folder, replications)
    crew = crew or Crew("compiled", checked_workers(None))
    return play_batch(
        batch, crew, SWEEPS, out=folder, resume=True, shared=shared, progress=progress
    )


def open_sweep(folder: str | PathLike[str]) -> Sweep:
    """Return the sweep in a folder that is complete; raise what `sim.results.saving.opened` does.

    Raises `ValueError` if there is something else in it.
    """
    return Sweep(opened_as(SWEEP, folder))


def _completed(found: Sweep, folder: Path) -> None:
    complete_cases(found.results, folder, {"table.csv": found.table})


SWEEPS: Final = Kind(lambda outcome: Sweep(results_of(outcome)), _completed, open_sweep)
