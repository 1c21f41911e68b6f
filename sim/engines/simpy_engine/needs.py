"""Whether the fighting in a scope is what the plan's steps need."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.steps import (
    falls_below,
    fighting_counts_from_hours,
    long_enough_at_hours,
    need_is_met,
    rises_to,
    sector_is_in_need,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engines.simpy_engine.environment import Environment
    from sim.scenario.numbers import StepNumbers


class _Fought:
    """Since when, and until when, a sector has fought at the level that a step needs."""

    def __init__(self) -> None:
        self.fights = False
        self.since_hours = self.until_hours = -math.inf


class Needs:
    """The needs of a ladder's steps, kept up to date as the fighting in its sectors changes."""

    def __init__(
        self, env: Environment, steps: Sequence[StepNumbers], sectors: Sequence[int]
    ) -> None:
        """Start quiet."""
        self.env = env
        self.steps = steps
        self._fought = [{sector: _Fought() for sector in sectors} for _ in steps]

    def fighting_changes(self, sector: int, before: int, level: int) -> None:
        """Take note that a sector's fighting rose or stopped now."""
        now = self.env.now
        for step, by_sector in zip(self.steps, self._fought, strict=True):
            fought = by_sector[sector]
            if rises_to(before, level, step.need_level):
                fought.since_hours = fighting_counts_from_hours(
                    fought.since_hours, fought.until_hours, now, step.within_hours
                )
                fought.fights = True
            elif falls_below(before, level, step.need_level):
                fought.fights, fought.until_hours = False, now

    def are_met(self, index: int) -> bool:
        """Return whether enough sectors are in need of a step, now and in an open crisis."""
        step = self.steps[index]
        in_need = sum(self._is_met_in(step, fought) for fought in self._fought[index].values())
        return need_is_met(step.need_level, in_need, step.need_sectors)

    def _is_met_in(self, step: StepNumbers, fought: _Fought) -> bool:
        return sector_is_in_need(
            fought.fights,
            fought.since_hours,
            fought.until_hours,
            self.env.now,
            step.within_hours,
            step.sustained_hours,
        )

    def long_enough_at_hours(self, index: int) -> float:
        """Return the next hour at which a sector will have fought for long enough for a step."""
        sustained, now = self.steps[index].sustained_hours, self.env.now
        fought = self._fought[index].values()
        return min(long_enough_at_hours(one.since_hours, sustained, now) for one in fought)
