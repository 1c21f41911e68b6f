"""Sensitivity: which uncertain values decide an outcome, and which cannot be told from noise.

Everything is one batch on the same luck: the scenario itself, each value at both ends of its
range, the points of Sobol's indices and those of Morris' effects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Final

from sim.results.progress import stage, watched, watching
from sim.results.quantities import MEAN_OVER_RUNS, SHARE_OF_RUNS, quantity_named
from sim.results.tables_in_html import numbers_html
from sim.study.playing.batches import Kind, checked_workers, play_batch
from sim.study.playing.chunks import Crew
from sim.study.points.case_folder import batch_in, complete_cases, opened_as, provenance, results_of
from sim.study.points.case_rows import CaseRows
from sim.study.run import engine_of
from sim.study.values.sensitivity_plan import KIND, sample_plan, sensitivity_batch, varied_as_told
from sim.study.values.verdict import verdict

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from os import PathLike
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from sim.results.batch import Batch
    from sim.results.quantities import Quantity
    from sim.results.results import Results
    from sim.scenario.scenario import Scenario
    from sim.study.playing.batches import Outcome
    from sim.study.points.asked_points import Vary
    from sim.study.points.varied import Varied
    from sim.study.values.effects import MorrisEffects
    from sim.study.values.indices import SobolIndices
    from sim.study.values.sensitivity_plan import SamplePlan


@dataclass(frozen=True)
class Sensitivity:
    """What each uncertain value does to an outcome of a scenario."""

    results: Results
    """The rows of all points, whose first column says which case they are of."""

    @property
    def batch(self) -> Batch:
        """What was played."""
        return self.results.batch

    @property
    def scenario(self) -> Scenario:
        """The scenario whose values are uncertain."""
        return self.batch.scenario

    @property
    def folder(self) -> Path | None:
        """Where the results are, if they are in a folder that stays."""
        return self.results.folder

    @property
    def outcome(self) -> Quantity:
        """What the values are held to decide."""
        return quantity_named(self.scenario, str(self.batch.about["outcome"]))

    @cached_property
    def ranges(self) -> tuple[Varied, ...]:
        """What varies, and between which ends."""
        return tuple(varied_as_told(one) for one in self.batch.about["ranges"])

    @property
    def are_of_the_evidence(self) -> bool:
        """Whether the ranges are those that the evidence has."""
        return bool(self.batch.about["from_the_evidence"])

    @cached_property
    def _plan(self) -> SamplePlan:
        about = self.batch.about
        return sample_plan(self.scenario, self.ranges, about["method"], about["samples"])

    @cached_property
    def rows(self) -> CaseRows:
        """The rows of each case."""
        return CaseRows(self.batch, self.results.outcome_parts)

    def _values(self, first: int, points: int) -> npt.NDArray[np.float64]:
        """Return the outcome at some points, shape (points, replications)."""
        import numpy as np  # noqa: PLC0415 - who only plays does not need it

        cases = range(first, first + points)
        with watching(self.results.progress):
            values = [
                self.rows.contributions(case, self.outcome.name)
                for case in watched(cases, "reading the points", "point")
            ]
        return np.stack(values)

    @cached_property
    def indices(self) -> SobolIndices | None:
        """Sobol's indices; None where they were not asked for, or there is nothing to explain."""
        return self._indices_or_why[0]

    @cached_property
    def _indices_or_why(self) -> tuple[SobolIndices | None, str]:
        from sim.study.values.indices import sobol_indices  # noqa: PLC0415 - SALib takes time

        design = self._plan.sobol
        if design is None:
            return None, ""
        values = self._values(self._plan.first_of_sobol, len(design.points))
        try:
            with watching(self.results.progress), stage("working out Sobol's indices"):
                found = sobol_indices(design, values)
        except ValueError as error:  # nothing to explain, or something that is not known
            return None, str(error).removeprefix("values: ")
        return found, found.words

    @cached_property
    def effects(self) -> MorrisEffects | None:
        """Morris' effects; None where they were not asked for, or there are none."""
        return self._effects_or_why[0]

    @cached_property
    def _effects_or_why(self) -> tuple[MorrisEffects | None, str]:
        from sim.study.values.effects import morris_effects  # noqa: PLC0415 - SALib takes time

        design = self._plan.morris
        if design is None:
            return None, ""
        values = self._values(self._plan.first_of_morris, len(design.points))
        try:
            with watching(self.results.progress), stage("working out Morris' effects"):
                found = morris_effects(design, values)
        except ValueError as error:  # nothing to explain, or something that is not known
            return None, str(error).removeprefix("values: ")
        return found, found.words

    @cached_property
    def tornado(self) -> pd.DataFrame:
        """What one value at a time does, at both ends of its range and on the same luck.

        A row a path: path, base_value, low_value, low_difference with its interval low_low to
        low_high, high_value, high_difference with high_low to high_high, and unit. Differences are
        from the scenario as it is.
        """
        import pandas as pd  # noqa: PLC0415 - takes half a second

        with watching(self.results.progress):
            numbers = watched(range(len(self.ranges)), "comparing the ends of ranges", "range")
            return pd.DataFrame([self._ends(number) for number in numbers])

    def _ends(self, number: int) -> dict[str, Any]:
        path, name = self.ranges[number].path, self.outcome.name
        told: dict[str, Any] = {"path": path, "base_value": dict(self.batch.cases[0])[path]}
        for side, case in (("low", 1 + 2 * number), ("high", 2 + 2 * number)):
            found = self.rows.paired(case, self.rows, 0, [name])[name].difference
            told |= {f"{side}_value": dict(self.batch.cases[case])[path]}
            told |= {f"{side}_difference": found.value}
            told |= {f"{side}_low": found.low, f"{side}_high": found.high}
        return told | {"unit": self.outcome.unit}

    @cached_property
    def words(self) -> str:
        """The answer in a sentence: what decides the outcome, by how much, and what does not."""
        why = self._indices_or_why[1] or self._effects_or_why[1]
        return verdict(self.outcome, self.indices, self.effects, why)

    @cached_property
    def enough(self) -> bool:
        """Whether the sample was enough to rely on the ranking."""
        found = [one for one in (self.indices, self.effects) if one is not None]
        return bool(found) and all(one.enough for one in found)

    def statements(self) -> dict[str, str]:
        """Return for each method whether its sample was enough, and what to raise if not."""
        said = {"Sobol": self._indices_or_why[1], "Morris": self._effects_or_why[1]}
        return {name: words for name, words in said.items() if words}

    def about_the_outcome(self) -> str:
        """Return in words what is explained, and how a ratio is taken apart."""
        what = f"{self.outcome.name}: {self.outcome.meaning} ({self.outcome.unit})"
        if self.outcome.kind == SHARE_OF_RUNS:
            return what
        if self.outcome.kind == MEAN_OVER_RUNS:
            return f"{what}, the mean over those runs of a point that have it"
        return (
            f"{what}, a ratio of sums over the runs of a point; its noise is that of its "
            "linearised parts, run by run"
        )

    def provenance(self) -> str:
        """Return in one line what the numbers are and where they come from."""
        ranges = "of the evidence" if self.are_of_the_evidence else "as given"
        return f"{provenance(self.batch)} | {len(self.ranges)} ranges {ranges}"

    def __repr__(self) -> str:
        return f"<Sensitivity of {self.outcome.name} in {self.scenario.title!r}: {self.words}>"

    def _repr_html_(self) -> str:
        tables = [one.table for one in (self.indices, self.effects) if one is not None]
        shown = "".join(map(numbers_html, tables))
        said = "".join(f"<p>{escape(text)}</p>" for text in (self.provenance(), self.words))
        return said + shown


def sensitivity(
    scenario: Scenario,
    ranges: Vary | None = None,
    outcome: str = "collapsed",
    method: str = "both",
    samples: int = 64,
    replications: int = 100,
    seed: int | None = None,
    *,
    engine: str = "compiled",
    workers: int | None = None,
    executor: Executor | None = None,
    out: str | PathLike[str] | None = None,
    resume: bool = False,
    shared: bool = False,
    scratch: str | PathLike[str] | None = None,
    progress: bool | None = None,
) -> Sensitivity:
    """Play a scenario all over the ranges of its uncertain values, and say which of them decide.

    `ranges` are given as to `sim.sweep`, each a pair (low, high); without them they are those that
    the evidence has for the scenario's values. The `method` is "sobol" (which part of the variance
    of the outcome is whose), "morris" (how much a value moves it), or both. `samples`, a power of
    two, are Sobol's base samples, each of which is as many points as there are paths, and two
    more; Morris takes a quarter as many trajectories. `replications` are the runs of each point.
    """
    crew = Crew(engine_of(engine), checked_workers(workers), executor)
    with watching(progress):
        batch = sensitivity_batch(scenario, ranges, outcome, method, samples, replications, seed)
        return play_batch(
            batch, crew, SENSITIVITIES, out=out, resume=resume, shared=shared, scratch=scratch
        )


def resume_sensitivity(
    folder: str | PathLike[str],
    replications: int | None = None,
    *,
    crew: Crew | None = None,
    shared: bool = False,
    progress: bool | None = None,
) -> Sensitivity:
    """Go on with a sensitivity analysis in a folder, or extend it to more runs of each point."""
    batch = batch_in(folder, replications)
    crew = crew or Crew("compiled", checked_workers(None))
    return play_batch(
        batch, crew, SENSITIVITIES, out=folder, resume=True, shared=shared, progress=progress
    )


def open_sensitivity(folder: str | PathLike[str]) -> Sensitivity:
    """Return the sensitivity analysis in a folder that is complete."""
    return Sensitivity(opened_as(KIND, folder))


def _completed(found: Sensitivity, folder: Path) -> None:
    tables = {"tornado.csv": found.tornado}
    if found.indices is not None:
        tables["indices.csv"] = found.indices.table
    if found.effects is not None:
        tables["effects.csv"] = found.effects.table
    complete_cases(found.results, folder, tables)


def _made(outcome: Outcome) -> Sensitivity:
    return Sensitivity(results_of(outcome))


SENSITIVITIES: Final = Kind(_made, _completed, open_sensitivity)
