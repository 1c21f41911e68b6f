"""What a sensitivity analysis plays: the scenario, the ends of ranges, and two designs.

The base is case 0; cases 1 + 2 i and 2 + 2 i are the low and the high end of range i; then come the
points of Sobol's indices, and those of Morris' effects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.results.quantities import quantity_named
from sim.scenario.layers import value_at
from sim.scenario.ranges import default_ranges
from sim.study.asked_runs import with_run
from sim.study.points.asked_points import batch_at, vary_of
from sim.study.points.designs import Points, one_at_a_time
from sim.study.points.noise import FEWEST_REPLICATIONS
from sim.study.points.varied import Varied, varied_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.results.batch import Batch
    from sim.scenario.scenario import Scenario
    from sim.study.points.asked_points import Vary
    from sim.study.values.effects import MorrisDesign
    from sim.study.values.indices import SobolDesign


KIND: Final = "sensitivity"


METHODS: Final = ("both", "sobol", "morris")


# Trajectories for each base sample: an effect takes far fewer points than an index.
_TRAJECTORIES: Final = 0.25


_FEWEST: Final = 4


@dataclass(frozen=True, eq=False)
class SamplePlan:
    """Which points are played for what: the base and the ends of ranges come first."""

    ends: Points
    sobol: SobolDesign | None
    morris: MorrisDesign | None

    @property
    def first_of_sobol(self) -> int:
        """The first case of Sobol's points."""
        return len(self.ends)

    @property
    def first_of_morris(self) -> int:
        """The first case of Morris' points."""
        return self.first_of_sobol + (len(self.sobol.points) if self.sobol else 0)

    @property
    def points(self) -> Points:
        """All points in their order."""
        designs = [one.points.rows for one in (self.sobol, self.morris) if one is not None]
        return Points(self.ends.paths, sum(designs, self.ends.rows))


def sensitivity_batch(
    scenario: Scenario,
    ranges: Vary | None,
    outcome: str,
    method: str,
    samples: int,
    replications: int,
    seed: int | None,
) -> Batch:
    """Return what a sensitivity analysis plays, all of it checked."""
    scenario = with_run(scenario, replications, seed)
    quantity_named(scenario, outcome)
    if method not in METHODS:
        message = f'method: is "{method}", must be one of {", ".join(METHODS)}'
        raise ValueError(message)
    if replications < FEWEST_REPLICATIONS:
        message = (
            f"replications: is {replications}, must be at least {FEWEST_REPLICATIONS} for the "
            "noise of chance to be told apart"
        )
        raise ValueError(message)
    varieds = _ranges(scenario, ranges)
    about = {
        "kind": KIND,
        "outcome": outcome,
        "method": method,
        "samples": samples,
        "from_the_evidence": ranges is None,
        "ranges": [_told(one) for one in varieds],
    }
    return batch_at(scenario, sample_plan(scenario, varieds, method, samples).points, about)


def _ranges(scenario: Scenario, ranges: Vary | None) -> tuple[Varied, ...]:
    if ranges is not None:
        return vary_of(scenario, ranges)
    found = tuple(varied_in(one) for one in default_ranges(scenario))
    if not found:
        message = "ranges: the evidence has none for this scenario, must be given"
        raise ValueError(message)
    return found


def _told(varied: Varied) -> dict[str, Any]:
    told = {"path": varied.path, "values": list(varied.values)}
    return told | {"low": varied.low, "high": varied.high, "whole": varied.whole}


def varied_as_told(told: Mapping[str, Any]) -> Varied:
    """Return what varies from what a manifest tells of it."""
    values = tuple(told["values"])
    return Varied(told["path"], values, told["low"], told["high"], told["whole"])


def sample_plan(
    scenario: Scenario, varieds: Sequence[Varied], method: str, samples: int
) -> SamplePlan:
    """Return the points of a sensitivity analysis; they follow from the scenario's seed."""
    from sim.study.values.effects import morris_design  # noqa: PLC0415 - SALib takes time
    from sim.study.values.indices import sobol_design  # noqa: PLC0415 - as above

    tables = scenario.as_tables()
    base = [value_at(tables, tuple(one.path.split("."))) for one in varieds]
    seed = scenario.run.seed % 2**32
    trajectories = max(_FEWEST, round(samples * _TRAJECTORIES))
    return SamplePlan(
        one_at_a_time(base, varieds),
        None if method == "morris" else sobol_design(varieds, samples, seed),
        None if method == "sobol" else morris_design(varieds, trajectories, seed),
    )
