"""What disturbs the monitors: sensors that are out, and alarms with no fighting behind them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engines.simpy_engine.monitoring import Violation
from sim.engines.story import event
from sim.model.chance import (
    DEBUNKING_DELAY,
    FALSE_ALARM_LEVEL,
    FALSE_ALARM_SECTOR,
    FALSE_ALARM_WAIT,
    OUTAGE_AT_START,
    OUTAGE_WAIT,
    ordinal_of_violation,
)
from sim.model.clocks import delay_hours
from sim.model.hours import DEBUNKED, FALSE_ALARM_COMES, SENSORS_TURN, rank
from sim.model.violations import happens, is_at_most_this_level, is_in_share
from sim.model.words import EXPONENTIAL, FALSE_ALARM

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.line import Line


class Sensors:
    """The sensors of the whole line, which work or are out."""

    def __init__(self, line: Line) -> None:
        """Draw whether they are out at hour 0."""
        self.line = line
        share = line.numbers.monitoring.outage_share
        self.are_out = happens(line.chance(OUTAGE_AT_START, 0, 0), share)
        if self.are_out:
            line.record.note(event("outage_begins"), 0, 0, 0)
        if share > 0.0:
            line.env.process(self.turn())

    def turn(self) -> Process:
        """Go out and work again, by turns."""
        numbers, count = self.line.numbers.monitoring, 0
        while True:
            mean = numbers.outage_mean_hours if self.are_out else numbers.working_mean_hours
            chance = self.line.chance(OUTAGE_WAIT, 0, count)
            hours = self.line.env.now + delay_hours(EXPONENTIAL, mean, 0.0, 0.0, chance)
            alarm = self.line.env.at(hours, rank(SENSORS_TURN, 0, 0))
            if alarm is None:
                return
            yield alarm
            count += 1
            self.are_out = not self.are_out
            name = "outage_begins" if self.are_out else "outage_ends"
            self.line.record.note(event(name), 0, 0, 0)


class FalseAlarms:
    """Exercises and mistakes that are taken for violations, until they are debunked."""

    def __init__(self, line: Line) -> None:
        """Start with the first one on its way."""
        self.line = line
        self.numbers = line.numbers.monitoring
        if self.numbers.false_alarm_mean_hours < math.inf:
            line.env.process(self.come())

    def come(self) -> Process:
        """False alarm after false alarm, each attributed at once."""
        mean, count = self.numbers.false_alarm_mean_hours, 0
        while True:
            chance = self.line.chance(FALSE_ALARM_WAIT, 0, count)
            hours = self.line.env.now + delay_hours(EXPONENTIAL, mean, 0.0, 0.0, chance)
            alarm = self.line.env.at(hours, rank(FALSE_ALARM_COMES, 0, 0))
            if alarm is None:
                return
            yield alarm
            self._comes(count)
            if self.line.is_cut_off():
                return
            count += 1

    def _comes(self, count: int) -> None:
        line, now = self.line, self.line.env.now
        sector, level = self._sector(count), self._level(count)
        line.record.note(event("false_alarm"), sector, level, count + 1)
        line.record.false_alarms += 1
        ordinal = ordinal_of_violation(FALSE_ALARM, level, count)
        violation = Violation(sector, level, ordinal, now, now, now, by_defender=False)
        line.ladder_of(line.sectors[sector]).hears_of(violation)
        line.env.process(self.is_debunked(violation, count))

    def is_debunked(self, violation: Violation, count: int) -> Process:
        """After a while it is known that there was nothing."""
        line = self.line
        chance = line.chance(DEBUNKING_DELAY, 0, count)
        hours = line.env.now + delay_hours(*self.numbers.debunked_after, chance)
        alarm = line.env.at(hours, rank(DEBUNKED, violation.sector, violation.ordinal))
        if alarm is not None:
            yield alarm
            onset = violation.onset_hours
            line.record.note(event("debunked"), violation.sector, violation.level, onset)
            line.ladder_of(line.sectors[violation.sector]).hears_of_debunking(violation)

    def _sector(self, count: int) -> int:
        """Return the sector of an alarm, drawn by the sectors' shares."""
        chance, shares_up_to = self.line.chance(FALSE_ALARM_SECTOR, 0, count), 0.0
        found = 0
        for index, sector in enumerate(self.line.numbers.sectors):
            if sector.share > 0.0:
                found = index
                shares_up_to += sector.share
                if is_in_share(chance, shares_up_to):
                    break
        return found

    def _level(self, count: int) -> int:
        """Return what an alarm is taken for, drawn like an incident's level."""
        chance, levels = self.line.chance(FALSE_ALARM_LEVEL, 0, count), self.line.numbers.levels
        return next(
            level
            for level in range(1, len(levels))
            if is_at_most_this_level(chance, levels[level].share_up_to)
        )
