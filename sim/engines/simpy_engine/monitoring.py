"""What is seen: each violation may be detected, and attributed, after its delays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.engines.story import event
from sim.model.chance import (
    ATTRIBUTION,
    ATTRIBUTION_DELAY,
    DETECTION,
    DETECTION_DELAY,
    count_of_violation,
    origin_of_violation,
)
from sim.model.clocks import delay_hours
from sim.model.hours import ATTRIBUTED, DETECTED, rank
from sim.model.violations import charge_probability, detection_probability, happens
from sim.model.words import FALSE_ALARM

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.line import Line
    from sim.engines.simpy_engine.sector import Sector
    from sim.scenario.numbers import Timing


class Violation(NamedTuple):
    """A violation as it is known once it is attributed."""

    sector: int
    level: int
    ordinal: int
    onset_hours: float
    detected_hours: float
    attributed_hours: float
    by_defender: bool

    def is_false_alarm(self) -> bool:
        """Return whether there was nothing behind it."""
        return origin_of_violation(self.ordinal) == FALSE_ALARM


class Monitoring:
    """The monitors, who look at each violation by itself."""

    def __init__(self, line: Line) -> None:
        """Start with nothing seen."""
        self.line = line

    def look_at(self, sector: Sector, level: int, ordinal: int) -> None:
        """Begin to watch a violation that begins now, if it will be seen at all."""
        numbers, monitoring = self.line.numbers.levels[level], self.line.numbers.monitoring
        chance = self.line.chance(DETECTION, sector.numbers.key, ordinal)
        probability = detection_probability(
            numbers.detection_probability, self.line.sensors.are_out, monitoring.outage_detection
        )
        if happens(chance, probability):
            self.line.env.process(self.sees(sector, level, ordinal))

    def sees(self, sector: Sector, level: int, ordinal: int) -> Process:
        """Detect a violation, then attribute it, then tell the ladder that it concerns."""
        env, numbers, key = self.line.env, self.line.numbers.levels[level], sector.numbers.key
        onset = env.now
        detected = onset + self._delay(numbers.detection_delay, DETECTION_DELAY, key, ordinal)
        alarm = env.at(detected, rank(DETECTED, sector.index, ordinal))
        if alarm is None:
            return
        yield alarm
        self.line.record.note(event("detected"), sector.index, level, onset)
        by_defender = sector.is_by_defender(
            origin_of_violation(ordinal), count_of_violation(ordinal)
        )
        misattribution = self.line.numbers.monitoring.misattribution
        probability = charge_probability(
            numbers.attribution_probability, by_defender, misattribution
        )
        if not happens(self.line.chance(ATTRIBUTION, key, ordinal), probability):
            return
        delay = self._delay(numbers.attribution_delay, ATTRIBUTION_DELAY, key, ordinal)
        alarm = env.at(detected + delay, rank(ATTRIBUTED, sector.index, ordinal))
        if alarm is None:
            return
        yield alarm
        self.line.record.note(event("attributed"), sector.index, level, onset)
        violation = Violation(sector.index, level, ordinal, onset, detected, env.now, by_defender)
        self.line.ladder_of(sector).hears_of(violation)

    def _delay(self, timing: Timing, purpose: int, key: int, ordinal: int) -> float:
        return delay_hours(*timing, self.line.chance(purpose, key, ordinal))
