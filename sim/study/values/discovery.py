"""Discovery: under which conditions does the plan fail? Boxes on a sweep's table, as scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from sim.results.progress import stage, watching
from sim.results.quantities import SHARE_OF_RUNS, quantity_named
from sim.scenario.counts import counted
from sim.study.points.case_rows import cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sim.scenario.scenario import Scenario
    from sim.study.points.sweep import Sweep
    from sim.study.values.boxes import Box, Boxes

_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Discovery:
    """The parts of what was swept in which the plan fails."""

    sweep: Sweep
    outcome: str
    fails: str
    """What counts as a failure, in words."""
    found: Boxes

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes, in the order in which they were found; there may be none."""
        return self.found.boxes

    def __iter__(self) -> Iterator[Box]:
        return iter(self.boxes)

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def words(self) -> str:
        """What was found, in sentences; also that nothing was, and why."""
        found = self.found
        counts = f"A point fails where {self.fails}: {found.failing:,} of {found.points:,} do."
        if not self.boxes:
            return f"{counts} There is {found.words}."
        told = [f"Box {number}: {box.words()}." for number, box in enumerate(self.boxes, start=1)]
        return "\n".join([counts, *told])

    def scenario(self, box: int = 0) -> Scenario:
        """Return the scenario with the values in the middle of a box, titled so.

        Values that do not matter for the box stay as they are in the scenario.
        """
        if not 0 <= box < len(self.boxes):
            known = f"0 to {len(self.boxes) - 1}" if self.boxes else "left out: there is none"
            message = f"box: is {box}, must be {known}"
            raise ValueError(message)
        changes = [(path, self._real(path, value)) for path, value in self.boxes[box].middle()]
        title = f"{self.sweep.scenario.title}, where {self.fails} ({_told(changes)})"
        return self.sweep.scenario.with_(*changes, ("title", _shortened(title)))

    def _real(self, path: str, value: Any) -> Any:  # noqa: ANN401 - whatever a scenario takes
        """Return a list or a table for the text by which it goes in a table of points."""
        played = (dict(case)[path] for case in self.sweep.batch.cases)
        return next((one for one in played if cell(one) == value), value)

    def __repr__(self) -> str:
        return f"<Discovery in {self.sweep!r}: {counted(len(self), 'box', 'boxes')}>"

    def _repr_html_(self) -> str:
        lines = (self.sweep.provenance(), *self.words.splitlines())
        return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _told(changes: list[tuple[str, Any]]) -> str:
    return ", ".join(f"{path} = {_number(value)}" for path, value in changes)


def _number(value: Any) -> str:  # noqa: ANN401 - whatever a scenario takes
    return f"{value:.4g}" if isinstance(value, float) else str(cell(value))


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 3]}..."


def discover(
    sweep: Sweep,
    outcome: str = "collapsed",
    above: float | None = None,
    *,
    below: float | None = None,
    seed: int = 1,
    progress: bool | None = None,
) -> Discovery:
    """Return the conditions under which a plan fails, by PRIM on a sweep's points.

    A point fails where its estimate of the outcome is above a limit, or below one; without a limit,
    where it is above the mean over the points. The points should fill the ranges evenly (a sweep
    with the design "sobol" or "lhs"); at least 40 are needed, and boxes with a few hundred are
    better. The seed says in which half of the points a box is looked for, that it may be tested on
    the other half.
    """
    from sim.study.values.boxes import find_boxes  # noqa: PLC0415 - NumPy and pandas take time

    if above is not None and below is not None:
        message = f"above, below: are {above} and {below}, must be only one of them"
        raise ValueError(message)
    with watching(progress):
        inputs, estimates = _known(sweep, outcome)
        limit = above if above is not None else below
        limit = float(estimates.mean()) if limit is None else limit
        fails = f"{outcome} is {'above' if below is None else 'below'} {limit:.4g}"
        if above is None and below is None:
            fails += ", its mean over the points"
        with stage("looking for boxes"):
            if below is not None:
                found = find_boxes(inputs, estimates < below, seed=seed)
            elif quantity_named(sweep.scenario, outcome).kind == SHARE_OF_RUNS:
                found = find_boxes(inputs, estimates, threshold=limit, seed=seed)
            else:
                found = find_boxes(inputs, estimates > limit, seed=seed)
    return Discovery(sweep, outcome, fails, found)


def _known(sweep: Sweep, outcome: str) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Return the points at which an outcome has an estimate, and these estimates."""
    rows = sweep.outcome(outcome)
    rows = rows[rows["estimate"].notna()].reset_index(drop=True)
    if rows.empty:
        message = f"outcome: {outcome} has an estimate at no point"
        raise ValueError(message)
    return rows[list(sweep.paths)], rows["estimate"]
