"""What makes incidents more or less frequent on the whole line, one piece of time after another."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from sim.engines.simpy_engine.alarms import AlarmClock
from sim.engines.story import event
from sim.model.chance import DAY
from sim.model.hours import TREND_TURNS, rank
from sim.model.rates import (
    build_up_factor,
    day_factor,
    day_logarithm_after,
    day_logarithm_at_start,
    erosion_after,
    erosion_recommitted,
    heavy_ratio,
    hour_of_day_factor,
    last_midnight_hours,
    mean_erosion,
    mean_progress,
    next_turn_hours,
)

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.line import Line


class Trend:
    """Erosion, recommitments, days, nights, and the build-up to an attack.

    The factor on the background rate of incidents is constant over a piece of time.
    """

    def __init__(self, line: Line) -> None:
        """Start with restraint that has not eroded yet."""
        self.line = line
        self.numbers = line.numbers.trend
        self.factor = 1.0
        self.heavy_ratio = 1.0
        self._erosion = 1.0
        self._since_hours = 0.0
        self._midnight_hours = 0.0
        self._days = 0
        self._day_logarithm = self._first_day_logarithm()
        self._recommitments = deque(self.numbers.recommitments)
        self._build_up_began_hours = math.inf
        self._by_night = self.numbers.night_to_day != 1.0
        forgets = line.numbers.credibility.half_life_hours < math.inf
        erodes = self.numbers.doubling_hours < math.inf
        self._by_day = erodes or forgets or self.numbers.innovation_sd > 0.0
        self.clock = AlarmClock(line.env, rank(TREND_TURNS, 0, 0))
        line.env.process(self.turns())

    def _first_day_logarithm(self) -> float:
        persistence, sd = self.numbers.persistence, self.numbers.innovation_sd
        return day_logarithm_at_start(persistence, sd, self.line.chance(DAY, 0, 0))

    def turns(self) -> Process:
        """Begin one piece of time after another."""
        while True:
            yield self.clock.rings
            self.begin_piece()

    def begin_piece(self) -> None:
        """Let the rate be what it is from now until the next turn."""
        now = self.line.env.now
        numbers = self.numbers
        self._erosion = erosion_after(
            self._erosion, numbers.doubling_hours, numbers.cap, now - self._since_hours
        )
        self._since_hours = now
        self._recommit()
        self._begin_day()
        building_up = self._build_up_began_hours < math.inf
        until = next_turn_hours(now, self._by_day or building_up, self._by_night)
        if self._recommitments:
            until = min(until, self._recommitments[0][0])
        self.clock.set(until)
        self.factor = (
            mean_erosion(self._erosion, numbers.doubling_hours, numbers.cap, until - now)
            * day_factor(self._day_logarithm, numbers.persistence, numbers.innovation_sd)
            * hour_of_day_factor(now, numbers.night_to_day)
        )
        if building_up:
            self._build_up(until)
        self.line.rescale_the_fighting()

    def _recommit(self) -> None:
        """Let the recommitments that are due now have their effect."""
        while self._recommitments and self._recommitments[0][0] <= self.line.env.now:
            _, factor = self._recommitments.popleft()
            self._erosion = erosion_recommitted(self._erosion, factor, self.numbers.cap)
            self.line.record.note(event("recommitment"), 0, factor, 0)
            for sector in self.line.sectors:
                sector.arrivals.calm(factor)

    def _begin_day(self) -> None:
        """Draw the factor of a day that begins now; what is known of promises fades too."""
        midnight = last_midnight_hours(self.line.env.now)
        if midnight > self._midnight_hours:
            self._midnight_hours = midnight
            self._days += 1
            persistence, sd = self.numbers.persistence, self.numbers.innovation_sd
            chance = self.line.chance(DAY, 0, self._days)
            self._day_logarithm = day_logarithm_after(self._day_logarithm, persistence, sd, chance)
            self.line.credibility.renew()

    def begin_build_up(self) -> None:
        """Let the rate, and the share of heavy incidents, rise towards an attack."""
        self._build_up_began_hours = self.line.env.now
        self.begin_piece()

    def end_build_up(self) -> None:
        """Let both be what they are without an attack in sight."""
        self._build_up_began_hours = math.inf
        self.heavy_ratio = 1.0
        self.begin_piece()

    def _build_up(self, until_hours: float) -> None:
        precursor, levels = self.line.numbers.precursor, self.line.numbers.levels
        began = self._build_up_began_hours
        progress = mean_progress(self.line.env.now - began, until_hours - began, precursor.hours)
        self.factor *= build_up_factor(precursor.rate, progress)
        self.heavy_ratio = heavy_ratio(levels[1].share_up_to, precursor.heavy_share, progress)
