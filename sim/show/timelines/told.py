"""What a timeline shows of a run: its window, its crises, and the row of each place."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from sim.show.timelines import spans
from sim.show.timelines.marks import LASTING_TURNS, turn_words
from sim.show.timelines.window import window_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from sim.scenario.scenario import Scenario


_MOST_WORDS: Final = 16
_FINE_HOURS: Final = 60 * 24.0


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

    def spans_shown(self, found: Iterable[spans.Span]) -> list[spans.Span]:
        """Return those of which the window shows a part."""
        return [one for one in found if self.window.shows(one.start, one.end)]

    def marks_shown(self, found: Iterable[spans.Mark]) -> list[spans.Mark]:
        """Return those that the window shows."""
        return [one for one in found if self.window.shows(one.hours, one.hours)]

    @cached_property
    def phases(self) -> list[spans.Span]:
        """What the window shows of how the steps went."""
        return self.spans_shown(spans.phases(self.story))

    @cached_property
    def marks(self) -> list[spans.Mark]:
        """What the window shows of steps that were refused, stood down or over."""
        return self.marks_shown(spans.marks(self.story))

    @cached_property
    def outages(self) -> list[spans.Span]:
        """When the monitors were out, in the window."""
        return self.spans_shown(spans.outages(self.story))

    @cached_property
    def build_ups(self) -> list[spans.Span]:
        """When attacks were prepared, in the window."""
        return self.spans_shown(spans.build_ups(self.story))

    @cached_property
    def false_alarms(self) -> list[spans.Span]:
        """The false alarms that were believed in the window."""
        return self.spans_shown(spans.false_alarms(self.story))

    @cached_property
    def breaks(self) -> list[spans.Mark]:
        """When fighting was broken off or resumed by doctrine, in the window."""
        return self.marks_shown(spans.breaks(self.story))

    @cached_property
    def turns(self) -> list[spans.Mark]:
        """What happened in the window to the line, the guarantee or an actor."""
        return self.marks_shown(spans.turns(self.story))

    def turns_have_words(self) -> bool:
        """Return whether the turns are few enough to have their words beside them."""
        return len(self.turns) <= _MOST_WORDS

    def before(self) -> list[str]:
        """Return what the window does not show but is so in it: no guarantee, actors not there."""
        last = {
            mark.where: mark
            for mark in spans.turns(self.story)
            if mark.hours < self.window.start and mark.what in LASTING_TURNS
        }
        return [
            f"{turn_words(mark)} (day {mark.hours // 24 + 1:.0f})"
            for mark in last.values()
            if mark.what != "actor_rejoins"
        ]

    @cached_property
    def deadlines(self) -> list[tuple[float, str, str]]:
        """The hour, step and scope of each deadline in the window, in crises that last until then.

        In a longer window what takes hours cannot be seen: there are none.
        """
        if self.is_long():
            return []
        return [
            (crisis.clock + step.deadline_hours, name, crisis.scope)
            for crisis in self.crises
            for name, step in self.scenario.steps.items()
            if step.deadline_hours is not None
            and crisis.clock + step.deadline_hours <= min(crisis.closed, self.window.end)
            and self._was_called(crisis, name)
        ]

    def _was_called(self, crisis: spans.CrisisSpan, step: str) -> bool:
        return any(
            crisis.opened <= one.start <= crisis.closed
            and spans.step_of(one.where) == step
            and spans.scope_of(one.where) in {"", crisis.scope}
            for one in self.phases
            if one.what == spans.DECIDING
        )

    def is_long(self) -> bool:
        """Return whether the window is so long that nobody sees what takes hours."""
        return self.window.end - self.window.start > _FINE_HOURS

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
