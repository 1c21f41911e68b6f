"""The aggressor's doctrine in a sector: fighting breaks off in time, and comes back later."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engines.simpy_engine.alarms import AlarmClock
from sim.engines.story import event
from sim.model.chance import DOCTRINE, RESUMPTION, level_of_violation
from sim.model.hours import BREAKS_OFF, RESUMES, rank
from sim.model.steps import falls_below, rises_to
from sim.model.violations import happens
from sim.model.words import RESUMED

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.sector import Sector


class Doctrine:
    """When fighting that follows the doctrine breaks off, and whether it comes back."""

    def __init__(self, sector: Sector) -> None:
        """Start with no fighting that follows it."""
        self.sector = sector
        self.line = sector.line
        self.numbers = sector.line.numbers.doctrine
        self.resumptions = 0
        self.clock = AlarmClock(sector.line.env, rank(BREAKS_OFF, sector.index, 0))
        sector.line.env.process(self.breaks_off())

    def fighting_changes(self, before: int, level: int) -> None:
        """See whether fighting that reaches the doctrine's level follows it."""
        if rises_to(before, level, self.numbers.level) and self._follows():
            self.clock.set(self.line.env.now + self.numbers.break_off_hours)
        elif falls_below(before, level, self.numbers.level):
            self.clock.set(math.inf)

    def _follows(self) -> bool:
        """Return whether the fighting here is the aggressor's and follows the doctrine."""
        if self.sector.origin == RESUMED:
            return True
        if self.sector.is_by_defender(self.sector.origin, self.sector.count):
            return False
        return happens(self._chance(DOCTRINE), self.numbers.share)

    def _chance(self, purpose: int) -> float:
        """Return a draw that belongs to the violation that the fighting goes back to."""
        return self.line.chance(purpose, self.sector.numbers.key, self.sector.ordinal())

    def breaks_off(self) -> Process:
        """Fighting is broken off before it lasts too long."""
        while True:
            yield self.clock.rings
            ordinal, chance = self.sector.ordinal(), self._chance(RESUMPTION)
            self.sector.stop(event("spell_breaks_off"))
            if happens(chance, self.numbers.resume_probability):
                self.line.env.process(self.resumes(ordinal))

    def resumes(self, broken_off: int) -> Process:
        """After a pause, fighting is taken up again at the level that it had."""
        hours = self.line.env.now + self.numbers.resume_after_hours
        alarm = self.line.env.at(hours, rank(RESUMES, self.sector.index, broken_off))
        if alarm is not None:
            yield alarm
            level = level_of_violation(broken_off)
            self.line.record.note(
                event("spell_resumes"), self.sector.index, level, self.resumptions + 1
            )
            self.line.record.resumptions += 1
            if not self.line.is_cut_off():
                self.sector.resume(level, self.resumptions)
            self.resumptions += 1
