"""Credibility during a run: what is believed of promises, and what that does to violations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.credibility import credibility, credibility_factor, remembered

if TYPE_CHECKING:
    from sim.engines.simpy_engine.line import Line


class Credibility:
    """The belief that promises are kept; without the mechanism all its factors are 1."""

    def __init__(self, line: Line) -> None:
        """Start with the prior."""
        self.line = line
        self.numbers = line.numbers.credibility
        self.kept = self.broken = 0.0
        self.since_hours = 0.0
        self.incidents = self.attack = self.expand = 1.0

    def promise(self, *, kept: bool) -> None:
        """Take note of a promise that was kept or broken now."""
        if self.numbers.is_counted:
            self._fade()
            self.kept += kept
            self.broken += not kept
            self.renew()
            self.line.rescale_the_fighting()

    def renew(self) -> None:
        """Let the factors be those of what is remembered now."""
        if self.numbers.is_counted:
            self._fade()
            numbers, now, first = self.numbers, self._mean(), self._mean_at_first()
            self.incidents = credibility_factor(numbers.incidents, now, first)
            self.attack = credibility_factor(numbers.attack, now, first)
            self.expand = credibility_factor(numbers.expand, now, first)

    def at_end(self) -> float:
        """Return credibility now; none if it is not counted."""
        self._fade()
        return self._mean() if self.numbers.is_counted else math.nan

    def _fade(self) -> None:
        half_life, hours = self.numbers.half_life_hours, self.line.env.now - self.since_hours
        self.kept = remembered(self.kept, half_life, hours)
        self.broken = remembered(self.broken, half_life, hours)
        self.since_hours = self.line.env.now

    def _mean(self) -> float:
        return credibility(self.numbers.kept, self.numbers.broken, self.kept, self.broken)

    def _mean_at_first(self) -> float:
        return credibility(self.numbers.kept, self.numbers.broken, 0.0, 0.0)
