"""A sector of the line: incidents arrive; fighting starts, rises, stops, or ends the ceasefire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.simpy_engine.alarms import HazardClock
from sim.engines.simpy_engine.arrivals import arrivals_in
from sim.engines.simpy_engine.doctrine import Doctrine
from sim.engines.story import event
from sim.model.chance import COLLAPSE, EXPANSION, INCIDENT_LEVEL, SIDE, STOP
from sim.model.chance import ordinal_of_violation as ordinal_of
from sim.model.hours import COLLAPSES, EXPANDS, STOPS, rank
from sim.model.rates import share_in_build_up
from sim.model.violations import (
    happens,
    is_at_most_this_level,
    level_after_expansion,
    level_after_incident,
)
from sim.model.words import (
    ATTACK,
    BY_ATTACK,
    BY_EXPANSION,
    BY_INCIDENT,
    BY_PROVOCATION,
    BY_RESUMPTION,
    EXPONENTIAL,
    INCIDENT,
    RESUMED,
)
from sim.scenario.numbers import Timing

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.line import Line
    from sim.engines.simpy_engine.step import Effects
    from sim.scenario.numbers import SectorNumbers


class Sector:
    """What happens in one sector: four clocks, each with a process that waits for it."""

    def __init__(self, line: Line, index: int, numbers: SectorNumbers) -> None:
        """Start quiet, with the first incident on its way."""
        self.line = line
        self.index = index
        self.numbers = numbers
        self.level = 0
        self.origin = self.count = 0
        self.spell_began_hours = 0.0
        self.arrivals = arrivals_in(self)
        self.stop_clock = self._clock(STOPS)
        self.expansion_clock = self._clock(EXPANDS)
        self.collapse_clock = self._clock(COLLAPSES)
        self.doctrine = Doctrine(self)
        line.env.process(self.incidents_arrive())
        line.env.process(self.fighting_stops())
        line.env.process(self.fighting_expands())
        line.env.process(self.ceasefire_collapses())

    def _clock(self, kind: int) -> HazardClock:
        return HazardClock(self.line.env, rank(kind, self.index, 0))

    def incidents_arrive(self) -> Process:
        """Incident after incident, each with a threshold and a level of its own."""
        count = 0
        while True:
            self.arrivals.await_incident(count)
            yield self.arrivals.rings
            self.arrivals.excite()
            level = self._level_of_incident(count)
            self.line.record.note(event("incident"), self.index, level, count + 1)
            self.line.record.incident()
            if self.line.is_cut_off():
                return
            if level_after_incident(self.level, level) > self.level:
                self.rise(level, INCIDENT, count, BY_INCIDENT)
            self.line.monitoring.look_at(self, level, ordinal_of(INCIDENT, level, count))
            count += 1

    def _level_of_incident(self, count: int) -> int:
        """Return an incident's level: the one on record, or else drawn."""
        if self.numbers.recorded and self.numbers.recorded[count].level > 0:
            return self.numbers.recorded[count].level
        chance = self.line.chance(INCIDENT_LEVEL, self.numbers.key, count)
        levels, ratio = self.line.numbers.levels, self.line.trend.heavy_ratio
        shares = [level.share_up_to for level in levels]
        if ratio != 1.0:
            shares = [share_in_build_up(share, ratio) for share in shares]
        return next(
            level for level in range(1, len(levels)) if is_at_most_this_level(chance, shares[level])
        )

    def is_by_defender(self, origin: int, count: int) -> bool:
        """Return whether a violation here is the defender's, which only an incident can be."""
        if origin != INCIDENT:
            return False
        if self.numbers.recorded and self.numbers.recorded[count].by_defender >= 0:
            return self.numbers.recorded[count].by_defender > 0
        chance = self.line.chance(SIDE, self.numbers.key, count)
        return happens(chance, self.line.numbers.defender_share)

    def threshold(self, purpose: int, ordinal: int) -> float:
        """Return a threshold of this sector's."""
        return self.line.threshold(purpose, self.numbers.key, ordinal)

    def ordinal(self) -> int:
        """Return the ordinal of the violation that the fighting goes back to, at its level."""
        return ordinal_of(self.origin, self.level, self.count)

    def fighting_stops(self) -> Process:
        """Each spell comes to its end, if nothing ends the run before."""
        while True:
            yield self.stop_clock.rings
            self.stop(event("spell_stops"))

    def stop(self, how: int) -> None:
        """Be quiet from now on."""
        lasted = self.line.env.now - self.spell_began_hours
        self.line.record.note(how, self.index, self.level, lasted)
        self._change_level(0)
        for clock in (self.stop_clock, self.expansion_clock, self.collapse_clock):
            clock.stop()

    def fighting_expands(self) -> Process:
        """A spell rises to the next level by itself."""
        while True:
            yield self.expansion_clock.rings
            self.expand(BY_EXPANSION)

    def ceasefire_collapses(self) -> Process:
        """The ceasefire collapses over the fighting here, and the run ends."""
        while True:
            yield self.collapse_clock.rings
            self.line.collapse(self)

    def can_rise(self) -> bool:
        """Return whether there is fighting here, and a level above it."""
        return level_after_expansion(self.level, self.line.last_level) > self.level

    def attack(self, count: int) -> None:
        """Be one of the sectors that the count-th attack takes."""
        last = self.line.last_level
        if level_after_incident(self.level, last) > self.level:
            self.rise(last, ATTACK, count, BY_ATTACK)
        self.line.monitoring.look_at(self, last, ordinal_of(ATTACK, last, count))

    def resume(self, level: int, count: int) -> None:
        """Take up fighting at the level at which it broke off; it is a violation of its own."""
        if level_after_incident(self.level, level) > self.level:
            self.rise(level, RESUMED, count, BY_RESUMPTION)
        self.line.monitoring.look_at(self, level, ordinal_of(RESUMED, level, count))

    def provoke(self) -> None:
        """Rise because a step provoked it."""
        self.expand(BY_PROVOCATION)

    def expand(self, how: int) -> None:
        """Rise to the next level, which can be detected anew as what it is now."""
        level = level_after_expansion(self.level, self.line.last_level)
        self.rise(level, self.origin, self.count, how)
        ordinal = ordinal_of(self.origin, level, self.count)
        self.line.monitoring.look_at(self, level, ordinal)

    def rise(self, level: int, origin: int, count: int, how: int) -> None:
        """Fight at a higher level from now on, with the luck of the violation that led to it."""
        if self.level == 0:
            self.spell_began_hours = self.line.env.now
            self.line.record.note(event("spell_starts"), self.index, level, 0)
        else:
            self.line.record.note(event("spell_rises"), self.index, level, how)
        self.origin, self.count = origin, count
        self._start_clocks(level, ordinal_of(origin, level, count))
        self._change_level(level)

    def _start_clocks(self, level: int, ordinal: int) -> None:
        """Let the three clocks of this level compete, each with a threshold of its own."""
        numbers = self.line.numbers.levels[level]
        expand = Timing(EXPONENTIAL, numbers.expand_mean_hours, 0.0, 0.0)
        collapse = Timing(EXPONENTIAL, numbers.collapse_mean_hours, 0.0, 0.0)
        for clock, timing, purpose in (
            (self.stop_clock, numbers.spell, STOP),
            (self.expansion_clock, expand, EXPANSION),
            (self.collapse_clock, collapse, COLLAPSE),
        ):
            clock.start(timing, self.threshold(purpose, ordinal))

    def _change_level(self, level: int) -> None:
        before, self.level = self.level, level
        self.line.record.fighting_changes(self.index, level)
        self.doctrine.fighting_changes(before, level)
        self.line.ladder_of(self).fighting_changed(self, before)

    def rescale(self, effects: Effects) -> None:
        """Go on under other multipliers: those of the steps in force, of credibility, the trend."""
        credibility = self.line.credibility
        self.stop_clock.rescale(effects.stop)
        self.expansion_clock.rescale(effects.expand * credibility.expand)
        self.collapse_clock.rescale(effects.collapse)
        self.arrivals.modify(effects.incidents * credibility.incidents, self.line.trend.factor)
