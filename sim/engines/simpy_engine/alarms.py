"""Waiting for an hour that may still change."""

import math
from typing import Final

import simpy

from sim.engines.simpy_engine.environment import Environment
from sim.model.clocks import fires_at_hours, threshold_left
from sim.scenario.numbers import Timing


class AlarmClock:
    """Rings at the hour it is set to; setting it again moves the hour.

    A process waits with `yield clock.rings`.
    """

    def __init__(self, env: Environment, rank: int) -> None:
        """Start unset; the rank is the clock's place among what happens at the same hour."""
        self.env = env
        self.rank = rank
        self.at_hours = math.inf
        self.rings = env.event()
        self._alarm: simpy.Event | None = None

    def set(self, at_hours: float) -> None:
        """Ring at this hour instead of any other; at infinity, never."""
        if at_hours != self.at_hours:
            self.at_hours = at_hours
            self._alarm = self.env.at(at_hours, self.rank)
            if self._alarm is not None:
                self._alarm.callbacks.append(self._ring)

    def set_no_later_than(self, at_hours: float) -> None:
        """Ring at this hour, unless it is set to an earlier one."""
        self.set(min(at_hours, self.at_hours))

    def _ring(self, alarm: simpy.Event) -> None:
        """Let those who wait go on, unless the clock was set to another hour meanwhile."""
        if alarm is self._alarm:
            self.at_hours, self._alarm = math.inf, None
            waited, self.rings = self.rings, self.env.event()
            waited.succeed()


_SILENT: Final = Timing(1, math.inf, 0.0, 0.0)


class HazardClock(AlarmClock):
    """Rings when its integrated hazard reaches its threshold, under multipliers that change."""

    def __init__(self, env: Environment, rank: int) -> None:
        """Start silent."""
        super().__init__(env, rank)
        self.timing = _SILENT
        self.multiplier = 1.0
        self.started_hours = self.set_hours = 0.0
        self.left = 0.0

    def start(self, timing: Timing, threshold: float) -> None:
        """Begin at age zero, with a new threshold."""
        self.timing = timing
        self.started_hours = self.set_hours = self.env.now
        self.left = threshold
        self.set(self._fires_at())

    def stop(self) -> None:
        """Fall silent until it is started again."""
        self.timing = _SILENT
        self.set(math.inf)

    def rescale(self, multiplier: float) -> None:
        """Go on with another multiplier: what is left of the threshold is used up at its rate."""
        if multiplier == self.multiplier:
            return
        if self.timing is not _SILENT:
            family, first, second, _ = self.timing
            started, then, now = self.started_hours, self.set_hours, self.env.now
            self.left = threshold_left(
                family, first, second, started, then, self.left, self.multiplier, now
            )
            self.set_hours = now
        self.multiplier = multiplier
        self.set(self._fires_at())

    def _ring(self, alarm: simpy.Event) -> None:
        """Ring once: a clock that has fired does not run on until it is started again."""
        if alarm is self._alarm:
            self.timing = _SILENT
        super()._ring(alarm)

    def _fires_at(self) -> float:
        if self.timing is _SILENT:
            return math.inf
        family, first, second, _ = self.timing
        return fires_at_hours(
            family, first, second, self.started_hours, self.set_hours, self.left, self.multiplier
        )
