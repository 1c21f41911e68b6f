"""What a timeline shows of a run: its window, its crises, and the row of each place."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sim.show import spans
from sim.show.window import window_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario


class Told:
    """A run as spans, and where on the figure each of its places is."""

    def __init__(
        self,
        trace: pd.DataFrame,
        scenario: Scenario,
        from_hours: float | None,
        until_hours: float | None,
    ) -> None:
        """Read the trace and choose the window."""
        self.scenario = scenario
        self.story = spans.events(trace)
        self.last_hours = spans.end_hours(self.story)
        self.levels = list(scenario.levels)
        self.window = window_of(self.story, self.levels, from_hours, until_hours)

    @cached_property
    def crises(self) -> list[spans.CrisisSpan]:
        """The crises of which the window shows a part."""
        found = spans.crises(self.story)
        return [one for one in found if self.window.shows(one.clock, one.closed)]

    @cached_property
    def lanes(self) -> list[str]:
        """The scopes with a crisis in the window, each of which has its lane in a row."""
        return sorted({crisis.scope for crisis in self.crises}) or [""]

    def row_of_crises(self) -> float:
        """Return the top of the row of crises, below the sectors; a sector's row is 1 high."""
        return len(self.scenario.line.sectors) + 0.4

    def row_height(self) -> float:
        """Return how high the row of the crises, or of a step, is."""
        return max(1.0, 0.35 * len(self.lanes))

    def row_of(self, step: str) -> float:
        """Return the top of a step's row."""
        index = list(self.scenario.steps).index(step) + 1
        return self.row_of_crises() + index * self.row_height()

    def bottom(self) -> float:
        """Return the bottom of the lowest row."""
        return self.row_of_crises() + (len(self.scenario.steps) + 1) * self.row_height()

    def lane_of(self, scope: str) -> tuple[float, float]:
        """Return a scope's centre within a row, and its height there."""
        height = self.row_height() * 0.9 / len(self.lanes)
        index = self.lanes.index(scope) if scope in self.lanes else 0
        return height * (index + 0.5), height
