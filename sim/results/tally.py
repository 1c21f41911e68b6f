"""A tally: what the summary needs of some runs, small enough to be kept in place of their rows.

Tallies of blocks of runs are merged in the order of the blocks. So numbers depend on the blocks
alone, which are of 100,000 runs, and not on who played them or how they were cut.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa

from sim.model.words import COLLAPSED, RUNAWAY
from sim.results.columns import columns_of, finished
from sim.results.distributions import distributions
from sim.results.estimates import (
    LEVEL,
    Estimate,
    axis_hours,
    estimate_of,
    happened_by,
    wilson,
)
from sim.results.moments import Floats, Moments
from sim.results.quantities import Columns, quantities
from sim.results.sketches import Sketch
from sim.results.texts import check_alike, finite, named, or_infinite, read_document
from sim.scenario.scenario import Scenario

FORMAT: Final = 1


class Tallied(NamedTuple):
    """A quantity's kind and sums."""

    kind: str
    moments: Moments


class Incidence(NamedTuple):
    """The share of runs in which something has happened by each day, with bounds.

    All of shape (points,).
    """

    days: Floats
    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Tally:
    """What the summary needs of some runs of a scenario."""

    horizon_days: float
    runs: int
    """How many runs it is of, without those that failed."""
    failed: int
    runaways: int
    """How many of them were cut off because they had too many violations and alarms."""
    first_runaway: int | None
    """The first run that was cut off, if any was."""
    first_runaway_hours: float | None
    """The hour at which it was cut off."""
    quantities: dict[str, Tallied]
    """By the names of `sim.results.quantities`."""
    happened: dict[str, tuple[int, ...]]
    """In how many runs it has happened by each of the points in time: `crisis`, `collapsed`, and
    `<step>.in_force`."""
    sketches: dict[str, Sketch]
    """By the names of `sim.results.distributions`; none where no quantiles are wanted."""

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        table: pa.Table,
        *,
        with_quantiles: bool = True,
        only: str | None = None,
    ) -> Self:
        """Return the tally of a block of runs: a table of outcomes, whose rows are in order.

        Runs without an outcome have failed; they are counted, and left out of all else. Quantiles
        take nine tenths of the time and nearly all of the room. With `only`, there is what the
        estimate of that quantity needs, and nothing else.
        """
        ended = finished(table)
        columns = columns_of(ended)
        sketched = distributions(scenario) if with_quantiles and only is None else ()
        days = float(scenario.run.horizon_days)
        return cls(
            days,
            ended.num_rows,
            table.num_rows - ended.num_rows,
            *_runaways(columns),
            {
                one.name: Tallied(one.kind, Moments.of(*one.sums(columns)))
                for one in quantities(scenario)
                if only in (None, one.name)
            },
            {} if only else _happened(scenario, columns),
            {
                one.name: Sketch.of(one.values(columns), is_of_counts=one.is_of_counts)
                for one in sketched
            },
        )

    def merged(self, other: "Tally") -> "Tally":
        """Return the tally of the runs of both, of which these come first."""
        _check_alike(self, other)
        return Tally(
            self.horizon_days,
            self.runs + other.runs,
            self.failed + other.failed,
            self.runaways + other.runaways,
            *_first_runaway(self, other),
            {
                name: Tallied(one.kind, one.moments.merged(other.quantities[name].moments))
                for name, one in self.quantities.items()
            },
            {
                name: tuple(np.add(counts, other.happened[name]).tolist())
                for name, counts in self.happened.items()
            },
            {name: one.merged(other.sketches[name]) for name, one in self.sketches.items()},
        )

    def only(self, name: str) -> "Tally":
        """Return what the estimate of one quantity needs, and nothing else."""
        return replace(self, quantities={name: self.quantities[name]}, happened={}, sketches={})

    def estimate(self, name: str, level: float = LEVEL) -> Estimate:
        """Return the estimate of a quantity, with an interval of a level."""
        one = named(self.quantities, name, "quantity")
        return estimate_of(one.kind, one.moments, level)

    def incidence(self, name: str, level: float = LEVEL) -> Incidence:
        """Return the share of runs in which something has happened by each day of the horizon.

        Of `crisis`, `collapsed`, and `<step>.in_force`. All shares are NaN where there are no runs.
        """
        counts = np.array(named(self.happened, name, "incidence"), np.float64)
        days = axis_hours(self.horizon_days) / 24
        if self.runs == 0:
            nothing = np.full(len(days), math.nan)
            return Incidence(days, nothing, nothing, nothing)
        share = counts / self.runs
        return Incidence(days, share, *wilson(share, self.runs, level))

    def quantile(self, name: str, rank: float) -> float:
        """Return a quantile of a run's value, of the runs that have it; NaN if there are none."""
        return named(self.sketches, name, "quantile").quantile(rank)

    def to_json(self) -> str:
        """Return the tally as text, from which `from_json` makes the same to the last bit."""
        document = {
            "kind": "tally",
            "format": FORMAT,
            "horizon_days": self.horizon_days,
            "runs": self.runs,
            "failed": self.failed,
            "runaways": self.runaways,
            "first_runaway": self.first_runaway,
            "first_runaway_hours": self.first_runaway_hours,
            "quantities": {
                name: [one.kind, *finite(one.moments)] for name, one in self.quantities.items()
            },
            "happened": self.happened,
            "sketches": {name: one.as_texts() for name, one in self.sketches.items()},
        }
        return json.dumps(document, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return a tally from its text; raise `ValueError` if it is none."""
        told = read_document(text, "tally", FORMAT)
        return cls(
            told["horizon_days"],
            told["runs"],
            told["failed"],
            told["runaways"],
            told["first_runaway"],
            told["first_runaway_hours"],
            {
                name: Tallied(kind, _moments(numbers))
                for name, (kind, *numbers) in told["quantities"].items()
            },
            {name: tuple(counts) for name, counts in told["happened"].items()},
            {name: Sketch.from_texts(one) for name, one in told["sketches"].items()},
        )


def tally_of(
    scenario: Scenario, tables: Iterable[pa.Table], *, with_quantiles: bool = True
) -> Tally:
    """Return the tally of blocks of runs, merged in the order in which they come."""
    found: Tally | None = None
    for table in tables:
        one = Tally.of(scenario, table, with_quantiles=with_quantiles)
        found = one if found is None else found.merged(one)
    if found is None:
        message = "tables: there are none, must be one or more, which may be without rows"
        raise ValueError(message)
    return found


def _moments(numbers: list[Any]) -> Moments:
    """Return moments from what `finite` made of them."""
    runs, part, whole, with_whole, low, high, *squares = numbers
    bounds = or_infinite(low, math.inf), or_infinite(high, -math.inf)
    return Moments(runs, part, whole, with_whole, *bounds, *squares)


def _runaways(columns: Columns) -> tuple[int, int | None, float | None]:
    (cut_off,) = np.nonzero(columns("outcome") == RUNAWAY)
    if not len(cut_off):
        return 0, None, None
    first = cut_off[0]
    return len(cut_off), int(columns("run")[first]), float(columns("end_hours")[first])


def _first_runaway(*tallies: Tally) -> tuple[int | None, float | None]:
    """Return the first run that was cut off in any, and its hour."""
    found = [(one.first_runaway, one.first_runaway_hours) for one in tallies if one.runaways]
    return min(found, key=lambda one: one[0] or 0, default=(None, None))


def _happened(scenario: Scenario, columns: Columns) -> dict[str, tuple[int, ...]]:
    at_hours = axis_hours(float(scenario.run.horizon_days))
    collapsed = np.where(columns("outcome") == COLLAPSED, columns("end_hours"), np.nan)
    hours = {"crisis": columns("first_crisis_hours"), "collapsed": collapsed}
    hours |= {f"{step}.in_force": columns(f"{step}_first_hours") for step in scenario.steps}
    return {name: tuple(happened_by(one, at_hours).tolist()) for name, one in hours.items()}


def _check_alike(ours: Tally, theirs: Tally) -> None:
    """Complain of tallies that are of different scenarios, as far as one can see."""
    check_alike(ours.quantities, theirs.quantities, "quantities")
    check_alike(ours.sketches, theirs.sketches, "sketches")
    if ours.horizon_days != theirs.horizon_days:
        raise ValueError(
            f"horizon_days: is {ours.horizon_days:g} and {theirs.horizon_days:g}; tallies that are "
            "merged must be of the same scenario"
        )
