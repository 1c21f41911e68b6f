"""The line of contact during one run: its sectors, its monitors, its ladders, and the aggressor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.simpy_engine.alarms import HazardClock
from sim.engines.simpy_engine.circumstances import Circumstances
from sim.engines.simpy_engine.credibility import Credibility
from sim.engines.simpy_engine.disturbances import FalseAlarms, Sensors
from sim.engines.simpy_engine.environment import Environment
from sim.engines.simpy_engine.ladder import Ladder
from sim.engines.simpy_engine.monitoring import Monitoring
from sim.engines.simpy_engine.record import Record
from sim.engines.simpy_engine.sector import Sector
from sim.engines.simpy_engine.trend import Trend
from sim.engines.story import event
from sim.model import chance as keyed
from sim.model.hours import ATTACKS, HORIZON, rank
from sim.model.violations import is_runaway, place_in_attack
from sim.model.words import COLLAPSED, EXPONENTIAL, HELD, RUNAWAY
from sim.scenario.numbers import Timing

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.story import Note
    from sim.scenario.numbers import Parameters


class Line:
    """One run of a scenario, from the start of the ceasefire to its collapse or the horizon."""

    def __init__(
        self, numbers: Parameters, seed: int, run: int, notes: list[Note] | None = None
    ) -> None:
        """Set everything up; nothing has happened yet."""
        self.numbers = numbers
        self.seed = seed
        self.run = run
        self.outcome = HELD
        self.last_level = len(numbers.levels) - 1
        self.env = Environment(numbers.horizon_hours)
        self.ends = self.env.event()
        self.record = Record(self.env, numbers, notes)
        self.circumstances = Circumstances(self)
        self.credibility = Credibility(self)
        self.sensors = Sensors(self)
        self.monitoring = Monitoring(self)
        self.trend = Trend(self)
        self.attack_clock = HazardClock(self.env, rank(ATTACKS, 0, 0))
        self.sectors: list[Sector] = []
        for index, sector in enumerate(numbers.sectors):
            self.sectors.append(Sector(self, index, sector))
        self.ladders = [Ladder(self, index, scope) for index, scope in enumerate(numbers.scopes)]
        self.false_alarms = FalseAlarms(self)
        self.trend.begin_piece()
        self.env.process(self.decides_to_attack())
        self.env.process(self.reaches_the_horizon())

    def chance(self, purpose: int, entity: int, ordinal: int) -> float:
        """Return this run's draw for a purpose (`sim.model.chance`)."""
        return keyed.chance(self.seed, self.run, purpose, entity, ordinal)

    def threshold(self, purpose: int, entity: int, ordinal: int) -> float:
        """Return this run's unit-exponential threshold for a purpose."""
        return keyed.threshold(self.seed, self.run, purpose, entity, ordinal)

    def ladder_of(self, sector: Sector) -> Ladder:
        """Return the ladder in whose scope a sector lies."""
        return self.ladders[sector.index if len(self.ladders) > 1 else 0]

    def decides_to_attack(self) -> Process:
        """The aggressor decides to attack, now and then, whatever happens on the line."""
        timing = Timing(EXPONENTIAL, self.numbers.attack_mean_hours, 0.0, 0.0)
        count = 0
        while True:
            self.attack_clock.start(timing, self.threshold(keyed.ATTACK_WAIT, 0, count))
            yield self.attack_clock.rings
            yield from self._builds_up(count)
            targets = self._drawn_targets(count)
            self.record.attacks += 1
            self.record.note(event("attack"), 0, count + 1, len(targets))
            if self.is_cut_off():
                return
            for sector in targets:
                sector.attack(count)
            count += 1

    def _builds_up(self, count: int) -> Process:
        """Between the decision and the attack there may be a build-up."""
        hours = self.numbers.precursor.hours
        if hours > 0.0:
            self.record.note(event("attack_prepared"), 0, count + 1, hours)
            self.trend.begin_build_up()
            alarm = self.env.at(self.env.now + hours, rank(ATTACKS, 0, 1))
            # An attack beyond the horizon is one that nobody sees.
            yield self.env.event() if alarm is None else alarm
            self.trend.end_build_up()

    def rescale_the_fighting(self) -> None:
        """Let all clocks go on under what multiplies their hazards now."""
        self.attack_clock.rescale(self.credibility.attack)
        for ladder in self.ladders:
            ladder.rescale_the_fighting()

    def _drawn_targets(self, count: int) -> list[Sector]:
        def place(sector: Sector) -> float:
            threshold = self.threshold(keyed.ATTACK_SECTOR, sector.numbers.key, count)
            return place_in_attack(threshold, sector.numbers.share)

        return sorted(self.sectors, key=place)[: self.numbers.attack_sectors]

    def reaches_the_horizon(self) -> Process:
        """The run ends after everything else of its last hour."""
        end = self.env.at(self.numbers.horizon_hours, rank(HORIZON, 0, 0))
        if end is not None:
            yield end
            self.ends.succeed()

    def is_cut_off(self) -> bool:
        """Return whether the run has run away, and if so end it."""
        record = self.record
        violations = record.incidents + record.attacks + record.resumptions + record.false_alarms
        if not is_runaway(violations, self.numbers.most_violations):
            return False
        self.outcome = RUNAWAY
        self.ends.succeed()
        return True

    def collapse(self, sector: Sector) -> None:
        """End the run: the ceasefire collapsed over a sector's fighting."""
        self.outcome = COLLAPSED
        self.record.note(event("ceasefire_collapses"), sector.index, sector.level, 0)
        self.ends.succeed()

    def play(self) -> None:
        """Let the run go on to its end."""
        self.env.run(until=self.ends)
        for ladder in self.ladders:
            ladder.end()
        self.record.close_books()
        self.record.note(event("run_ends"), 0, self.outcome, 0)
