"""Where the time goes between a violation and an answer, and who decides last."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sim.results.estimates import NOTHING, Estimate, Floats, mean_over_events, share_of_events
from sim.scenario.scenario import Scenario

DECISION: Final = "decision"
PARTS: Final = {
    "detection": "detection_hours",
    "attribution": "attribution_hours",
    "waiting for the plan": "{step}_waiting_hours",
    DECISION: "{step}_decision_hours",
    "deployment": "{step}_deploy_hours",
}
"""The parts of a delay in the order in which they follow each other; their columns of crises."""

_COLUMNS: Final = (
    *("step", "part", "hours", "low", "high", "method", "n"),
    *("longest_share", "longest_low", "longest_high"),
    *("last_decider", "last_share", "last_low", "last_high"),
)


def columns_needed(scenario: Scenario) -> list[str]:
    """Return the columns of the crises that the delays are read off."""
    of_a_step = ("{step}_in_force_hours", "{step}_last_decider", *PARTS.values())
    named = [one.format(step=step) for step in scenario.steps for one in of_a_step]
    return list(dict.fromkeys(["run", *named]))


def delays_frame(scenario: Scenario, crises: pa.Table, runs: int) -> pd.DataFrame:
    """Return where the time goes, one row a step and part, from the crises of so many runs."""
    rows = [row for step in scenario.steps for row in _rows(step, crises, runs)]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _rows(step: str, crises: pa.Table, runs: int) -> Iterator[tuple[object, ...]]:
    delays = _Delays(step, crises, runs)
    for place, part in enumerate(PARTS):
        hours, longest = delays.mean_hours(place), delays.longest_share(place)
        last = delays.last_decider() if part == DECISION else (None, NOTHING)
        yield step, part, *hours, *longest[:3], last[0], *last[1][:3]


class _Delays:
    """The delays of one step in the crises in which it came into force."""

    def __init__(self, step: str, crises: pa.Table, runs: int) -> None:
        """Read them off the crises of so many runs."""
        found = crises.filter(crises[f"{step}_in_force_hours"].is_valid())
        columns = [found[one.format(step=step)].to_numpy() for one in PARTS.values()]
        self.hours: Floats = np.stack(columns)
        """Shape (parts, crises), in the order of `PARTS`."""
        self._deciders = found[f"{step}_last_decider"]
        self._run = found["run"].to_numpy()
        self._runs = runs
        self._crises = self._by_run(np.ones(len(self._run)))

    def _by_run(self, values: Floats) -> Floats:
        """Return the sums over the crises of each run: shape (runs,)."""
        return np.bincount(self._run, values, minlength=self._runs).astype(np.float64)

    def mean_hours(self, part: int) -> Estimate:
        """Return how long a part took on average; without any spread, without an interval."""
        hours = self.hours[part]
        mean = mean_over_events(self._by_run(hours), self._crises)
        if len(hours) and hours.min() == hours.max():
            return mean._replace(low=math.nan, high=math.nan, method="none")
        return mean

    def longest_share(self, part: int) -> Estimate:
        """Return the share of crises in which a part took longest; of equals, the first did.

        Where nothing took any time, nothing took longest.
        """
        mine = self.hours[part]
        longest = mine > self.hours[:part].max(axis=0, initial=0.0)
        longest &= mine >= self.hours[part:].max(axis=0)
        return self._share(longest)

    def last_decider(self) -> tuple[str | None, Estimate]:
        """Return the decider whose yes came last most often, and in what share of the crises."""
        counted = pc.value_counts(self._deciders.drop_null()).to_pylist()
        if not counted:
            return None, NOTHING
        # Of equals the first in the alphabet, so that the order of the rows does not decide.
        name = min(counted, key=lambda one: (-one["counts"], one["values"]))["values"]
        return name, self._share(pc.equal(self._deciders, name).to_numpy())

    def _share(self, yes: Floats) -> Estimate:
        return share_of_events(self._by_run(yes.astype(np.float64)), self._crises)
