"""A batch: what is played, and a name made from all that decides what comes of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from sim.model.code_cache import code_fingerprint
from sim.results.spans import Layout
from sim.scenario.sources import grade_counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.scenario import Scenario

FORMAT: Final = 2
DISCLAIMER: Final = "illustrative: conditional on assumptions, not a forecast"
_TOOLS: Final = ("ceasefire-sim", "datasketches", "numba", "numpy", "pyarrow", "scipy", "simpy")

Changes = tuple[tuple[str, Any], ...]
"""Values at some paths of a scenario, by which a case differs from it."""


@dataclass(frozen=True)
class Batch:
    """A scenario, perhaps in several cases, and how many runs of each, on which luck."""

    scenario: Scenario
    seed: int
    replications: int
    cases: tuple[Changes, ...] = ((),)
    """What each case changes; all have the same luck. A run alone is one case without changes."""
    crises: bool = False
    """Whether all crises are kept, not only those of the first 100,000 runs."""
    rows: bool = True
    """Whether all outcomes are kept, not only those of the first 100,000 runs and tallies."""
    until: str | None = None
    """The precision that is wanted; `replications` is then the most runs that are played."""
    code: str = field(default_factory=lambda: code_fingerprint("model", "scenario", "engines"))
    """A hash of the rules that play it, or have played it."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """How the cases were chosen, for whoever analyses them; `kind` says what is made of them."""

    @property
    def kind(self) -> str:
        """What is made of it: a run, a sweep, a sensitivity analysis."""
        return str(self.about.get("kind", "run"))

    @property
    def is_sweep(self) -> bool:
        """Whether it has cases to be told apart."""
        return self.cases != ((),)

    @property
    def layout(self) -> Layout:
        """How many runs there are, and of how many cases."""
        return Layout(len(self.cases), self.replications)

    def case(self, number: int) -> Scenario:
        """Return the scenario of a case."""
        changes = self.cases[number]
        return self.scenario.with_(*changes) if changes else self.scenario

    def with_replications(self, replications: int) -> Batch:
        """Return the batch with so many runs of each case."""
        return replace(self, replications=replications)

    @cached_property
    def scenario_as_run(self) -> Scenario:
        """The scenario with this seed and number of runs."""
        run = self.scenario.run.model_copy(
            update={"seed": self.seed, "replications": self.replications}
        )
        return self.scenario.model_copy(update={"run": run})

    def decides_each_row(self) -> dict[str, Any]:
        """Return all that decides what a run's row is; workers, machines and titles do not."""
        tables = self.scenario.as_tables()
        for key in ("title", "sources", "format"):
            tables.pop(key, None)
        tables["run"] = {"horizon_days": self.scenario.run.horizon_days}
        tables["run"]["most_violations"] = self.scenario.run.most_violations
        cases = {"cases": [[list(one) for one in case] for case in self.cases]}
        return {
            "format": FORMAT,
            "scenario": tables,
            **(cases if self.is_sweep else {}),
            "seed": self.seed,
            "code": self.code,
        }

    @cached_property
    def batch_id(self) -> str:
        """16 hexadecimal digits that name the rows, however many of them there are."""
        return _hashed(self.decides_each_row())

    @cached_property
    def run_id(self) -> str:
        """16 hexadecimal digits that name the result."""
        return _hashed({**self.decides_each_row(), "replications": self.replications})

    def manifest(self) -> dict[str, Any]:
        """Return all that is to be known of it, of which every byte follows from what it is."""
        kept = {"crises": self.crises, "rows": self.rows, "until": self.until}
        return {
            "note": DISCLAIMER,
            "kind": self.kind,
            "run_id": self.run_id,
            "batch_id": self.batch_id,
            "title": self.scenario.title,
            "values_by_grade": grade_counts(self.scenario),
            **self.decides_each_row(),
            "scenario": self.scenario_as_run.as_tables(),
            "replications": self.replications,
            **kept,
            "about": dict(self.about),
            "versions": {name: version(name) for name in _TOOLS},
        }


def _hashed(told: dict[str, Any]) -> str:
    text = json.dumps(told, allow_nan=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
