"""The same model as a plain loop over one heap, to see what a framework costs and what Python does.

It calls the rules of `sim.model` one by one, as the SimPy engine does, and gives the same rows to
the last bit; it has no processes, only a heap of (hours, rank, kind, place, details) and a method
for each kind of event. Draws that cannot matter are not made.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.engines.rows import NO_WORD, Row, Rows, cells_of, crisis_columns, outcome_columns
from sim.model import chance as keyed
from sim.model import hours as kinds
from sim.model import steps as rules
from sim.model import words
from sim.model.chance import ordinal_of_violation as ordinal_of
from sim.model.clocks import delay_hours, fires_at_hours, threshold_left
from sim.model.crisis import (
    attribution_part_hours,
    belongs_to_last_crisis,
    clock_start_hours,
    closes_at_hours,
    detection_part_hours,
    how_it_opens,
    is_quiet,
    is_within_window,
)
from sim.model.hours import NEVER, hour_at, rank
from sim.model.violations import (
    happens,
    is_at_most_this_level,
    is_runaway,
    level_after_expansion,
    level_after_incident,
    place_in_attack,
)
from sim.model.votes import effect_of_share, share_of_weight, vote_stands
from sim.scenario.numbers import Parameters, Timing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import numbers as given

# The states from which a look can move a step on.
_MOVABLE: Final = (words.NOT_CALLED, words.DEPLOYING, words.ARMED)


def simulate(numbers: Parameters, seed: int, runs: range) -> Rows:
    """Return the rows of some runs, in their order."""
    tables = _tables(numbers)
    outcomes: list[Row] = []
    crises: list[Row] = []
    for number in runs:
        run = _Run(numbers, tables, seed, number)
        run.play()
        outcomes.append(run.outcome_row(number))
        crises.extend((number, *row) for row in sorted(run.crisis_rows))
    return Rows(
        cells_of(outcome_columns(numbers), outcomes), cells_of(crisis_columns(numbers), crises)
    )


class _Turn(NamedTuple):
    """What a change of level means: for quiet, and for the steps whose need rises or falls."""

    calms: bool
    rises: list[int]
    falls: list[int]


class _Tables(NamedTuple):
    """What is the same in all runs: the timings of the clocks, and the turns by both levels."""

    attack: Timing
    arrival: list[Timing]
    expansion: list[Timing]
    collapse: list[Timing]
    turns: list[list[_Turn]]


def _tables(numbers: Parameters) -> _Tables:
    """Return the tables of a scenario."""
    needs = [step.need_level for step in numbers.steps]

    def turn(before: int, level: int) -> _Turn:
        rises = [step for step, need in enumerate(needs) if rules.rises_to(before, level, need)]
        falls = [step for step, need in enumerate(needs) if rules.falls_below(before, level, need)]
        return _Turn(rules.falls_below(before, level, numbers.quiet_level), rises, falls)

    levels = range(len(numbers.levels))
    return _Tables(
        _exponential(numbers.attack_mean_hours),
        [_exponential(sector.incident_mean_hours) for sector in numbers.sectors],
        [_exponential(level.expand_mean_hours) for level in numbers.levels],
        [_exponential(level.collapse_mean_hours) for level in numbers.levels],
        [[turn(before, level) for level in levels] for before in levels],
    )


def _exponential(mean_hours: float) -> Timing:
    """Return the timing of a clock without memory."""
    return Timing(words.EXPONENTIAL, mean_hours, 0.0, 0.0)


class _Clock:
    """An hour that can be moved; what was on the heap for another hour is then stale."""

    __slots__ = (
        "at_hours",
        "left",
        "multiplier",
        "run",
        "set_hours",
        "started_hours",
        "tail",
        "timing",
    )

    def __init__(self, run: _Run, kind: int, place: int) -> None:
        """Start silent."""
        self.run = run
        self.tail = (rank(kind, place, 0), kind, place, ())
        self.at_hours = NEVER
        self.timing: Timing | None = None
        self.multiplier = 1.0
        self.started_hours = self.set_hours = self.left = 0.0
        run.clocks[kind].append(self)

    def set(self, at_hours: float) -> None:
        """Ring at this hour instead of any other."""
        if at_hours != self.at_hours:
            self.at_hours = at_hours
            if at_hours <= self.run.horizon_hours:
                heappush(self.run.heap, (at_hours, *self.tail))

    def start(self, timing: Timing, purpose: int, key: int, ordinal: int) -> None:
        """Begin at age zero with a new threshold, if the clock can ever ring."""
        if timing.first == NEVER:
            self.timing, self.at_hours = None, NEVER
            return
        self.timing = timing
        self.started_hours = self.set_hours = self.run.now
        self.left = self.run.threshold(purpose, key, ordinal)
        self._set_by(timing)

    def stop(self) -> None:
        """Fall silent until it is started again."""
        self.timing, self.at_hours = None, NEVER

    def rescale(self, multiplier: float) -> None:
        """Use up what is left of the threshold at another rate."""
        if multiplier == self.multiplier:
            return
        before, self.multiplier = self.multiplier, multiplier
        if self.timing is not None:
            family, first, second, _ = self.timing
            started, then, now = self.started_hours, self.set_hours, self.run.now
            self.left = threshold_left(family, first, second, started, then, self.left, before, now)
            self.set_hours = now
            self._set_by(self.timing)

    def _set_by(self, timing: Timing) -> None:
        """Ring when what is left is used up."""
        family, first, second, _ = timing
        started, then = self.started_hours, self.set_hours
        self.set(fires_at_hours(family, first, second, started, then, self.left, self.multiplier))


class _Violation(NamedTuple):
    """A violation as it is known once it is attributed."""

    sector: int
    level: int
    ordinal: int
    onset_hours: float
    detected_hours: float
    attributed_hours: float


class _Sector:
    """A sector's fighting and its clocks."""

    def __init__(self, run: _Run, index: int, numbers: given.SectorNumbers) -> None:
        """Start quiet."""
        self.index, self.numbers = index, numbers
        self.ladder = run.ladders[index if len(run.ladders) > 1 else 0]
        self.ladder.sectors.append(self)
        self.level = self.origin = self.count = self.incidents = 0
        self.since_hours = 0.0
        own = (kinds.STOPS, kinds.EXPANDS, kinds.COLLAPSES, kinds.INCIDENT_OCCURS)
        self.clocks = [_Clock(run, kind, index) for kind in own]
        self.stop, self.expansion, self.collapse, self.arrival = self.clocks


class _Run:
    """One run: the heap, the fighting, what is seen of it, and the counts."""

    def __init__(self, numbers: Parameters, tables: _Tables, seed: int, run: int) -> None:
        """Set everything up, the first incidents and the first attack on their way."""
        self.numbers, self.tables = numbers, tables
        self.chance = partial(keyed.chance, seed, run)
        self.threshold = partial(keyed.threshold, seed, run)
        self.horizon_hours = numbers.horizon_hours
        self.last_level = len(numbers.levels) - 1
        self.now = 0.0
        self.over = False
        self.outcome = words.HELD
        self.heap: list[tuple[float, int, int, int, tuple[float, ...]]] = []
        self.clocks: list[list[_Clock]] = [[] for _ in range(kinds.HORIZON + 1)]
        self.first_incident = self.first_crisis = math.nan
        self.attacks = self.crises = self.highest_level = self.fighting_sectors = 0
        self.fighting_hours = self.fighting_since = 0.0
        self.level_hours = [0.0] * len(numbers.levels)
        self.promises = {words.KEPT: 0, words.BROKEN: 0}
        self.crisis_rows: list[Row] = []
        self.counts = [_StepCounts() for _ in numbers.steps]
        self.ladders = [_Ladder(self, scope) for scope in range(len(numbers.scopes))]
        self.sectors = [_Sector(self, index, one) for index, one in enumerate(numbers.sectors)]
        self.attack_clock = _Clock(self, kinds.ATTACKS, 0)
        self.attack_clock.start(tables.attack, keyed.ATTACK_WAIT, 0, 0)
        for sector in self.sectors:
            self.await_incident(sector)

    def play(self) -> None:
        """Let event after event happen until the run is over."""
        handlers: dict[int, Callable[..., None]] = {
            kinds.STOPS: self.fighting_stops,
            kinds.EXPANDS: lambda place: self.expand(self.sectors[place]),
            kinds.COLLAPSES: self.collapses,
            kinds.ATTACKS: self.attack,
            kinds.INCIDENT_OCCURS: self.incident,
            kinds.DETECTED: self.detected,
            kinds.ATTRIBUTED: self.attributed,
            kinds.ANSWERS: lambda place, *answer: self.ladders[place].answered(*answer),
            kinds.REVIEW: lambda place: self.ladders[place].look_at_steps(),
            kinds.DEADLINE: lambda place: self.ladders[place].judge_promises(),
            kinds.QUIET: lambda place: self.ladders[place].close(),
            kinds.HORIZON: self.ends,
        }
        heap, clocks = self.heap, self.clocks
        self.at(self.horizon_hours, kinds.HORIZON, 0, 0)
        while not self.over:
            hours, _, kind, place, details = heappop(heap)
            if clocks[kind]:
                clock = clocks[kind][place]
                if clock.at_hours != hours:
                    continue
                clock.at_hours, clock.timing = NEVER, None
            self.now = hours
            handlers[kind](place, *details)
        for ladder in self.ladders:
            ladder.write_down(math.nan)
        for sector in self.sectors:
            self.add_hours(sector, 0)

    def at(self, hours: float, kind: int, place: int, ordinal: int, *details: float) -> None:
        """Let an event happen at an hour that does not move, unless the run ends before."""
        if hours <= self.horizon_hours:
            heappush(self.heap, (hours, rank(kind, place, ordinal), kind, place, details))

    def happens(self, probability: float, purpose: int, key: int, ordinal: int) -> bool:
        """Return whether a draw says yes; a certainty needs none."""
        if not 0.0 < probability < 1.0:
            return probability > 0.0
        return happens(self.chance(purpose, key, ordinal), probability)

    def delay(self, timing: Timing, purpose: int, key: int, ordinal: int) -> float:
        """Return a delay; a constant one needs no draw."""
        chance = 1.0 if timing.family == words.CONSTANT else self.chance(purpose, key, ordinal)
        return delay_hours(*timing, chance)

    def ends(self, _place: int) -> None:
        """End the run."""
        self.over = True

    def collapses(self, place: int) -> None:
        """End the run because the ceasefire collapsed."""
        self.outcome = words.COLLAPSED
        self.ends(place)

    def is_cut_off(self) -> bool:
        """Return whether the run has run away, and if so end it."""
        violations = self.attacks + sum(sector.incidents for sector in self.sectors)
        if not is_runaway(violations, self.numbers.most_violations):
            return False
        self.outcome = words.RUNAWAY
        self.over = True
        return True

    def attack(self, _place: int) -> None:
        """Attack in the sectors that are drawn, and decide on the next attack."""

        def place(sector: _Sector) -> float:
            threshold = self.threshold(keyed.ATTACK_SECTOR, sector.numbers.key, count)
            return place_in_attack(threshold, sector.numbers.share)

        count, last = self.attacks, self.last_level
        self.attacks += 1
        if self.is_cut_off():
            return
        for sector in sorted(self.sectors, key=place)[: self.numbers.attack_sectors]:
            if level_after_incident(sector.level, last) > sector.level:
                self.rise(sector, last, words.ATTACK, count)
            self.look_at(sector, last, ordinal_of(words.ATTACK, last, count))
        self.attack_clock.start(self.tables.attack, keyed.ATTACK_WAIT, 0, self.attacks)

    def await_incident(self, sector: _Sector) -> None:
        """Let the sector's next incident be on its way."""
        timing, key = self.tables.arrival[sector.index], sector.numbers.key
        sector.arrival.start(timing, keyed.INCIDENT_WAIT, key, sector.incidents)

    def incident(self, place: int) -> None:
        """Count an incident, let the fighting rise to its level, and await the next one."""
        sector = self.sectors[place]
        count = sector.incidents
        sector.incidents += 1
        if math.isnan(self.first_incident):
            self.first_incident = self.now
        if self.is_cut_off():
            return
        chance = self.chance(keyed.INCIDENT_LEVEL, sector.numbers.key, count)
        level = 1
        while not is_at_most_this_level(chance, self.numbers.levels[level].share_up_to):
            level += 1
        if level_after_incident(sector.level, level) > sector.level:
            self.rise(sector, level, words.INCIDENT, count)
        self.look_at(sector, level, ordinal_of(words.INCIDENT, level, count))
        self.await_incident(sector)

    def expand(self, sector: _Sector) -> None:
        """Rise to the next level, which can be detected anew."""
        level = level_after_expansion(sector.level, self.last_level)
        self.rise(sector, level, sector.origin, sector.count)
        self.look_at(sector, level, ordinal_of(sector.origin, level, sector.count))

    def rise(self, sector: _Sector, level: int, origin: int, count: int) -> None:
        """Fight at a higher level, under three new clocks."""
        sector.origin, sector.count = origin, count
        key, ordinal = sector.numbers.key, ordinal_of(origin, level, count)
        sector.stop.start(self.numbers.levels[level].spell, keyed.STOP, key, ordinal)
        sector.expansion.start(self.tables.expansion[level], keyed.EXPANSION, key, ordinal)
        sector.collapse.start(self.tables.collapse[level], keyed.COLLAPSE, key, ordinal)
        self.change_level(sector, level)

    def fighting_stops(self, place: int) -> None:
        """End a spell."""
        sector = self.sectors[place]
        self.change_level(sector, 0)
        sector.expansion.stop()
        sector.collapse.stop()

    def change_level(self, sector: _Sector, level: int) -> None:
        """Fight at another level from now on, and tell the ladder."""
        turn = self.tables.turns[sector.level][level]
        self.add_hours(sector, level)
        sector.ladder.fighting_changed(sector, turn)

    def add_hours(self, sector: _Sector, level: int) -> None:
        """Add up the hours at the level that a sector leaves now."""
        before, sector.level = sector.level, level
        self.level_hours[before] += self.now - sector.since_hours
        sector.since_hours = self.now
        self.highest_level = max(self.highest_level, level)
        fought = self.fighting_sectors
        self.fighting_sectors += (level > 0) - (before > 0)
        if not fought:
            self.fighting_since = self.now
        elif not self.fighting_sectors:
            self.fighting_hours += self.now - self.fighting_since

    def look_at(self, sector: _Sector, level: int, ordinal: int) -> None:
        """Begin to watch a violation that begins now, if it will be seen at all."""
        numbers, key = self.numbers.levels[level], sector.numbers.key
        if self.happens(numbers.detection_probability, keyed.DETECTION, key, ordinal):
            delay = self.delay(numbers.detection_delay, keyed.DETECTION_DELAY, key, ordinal)
            details = (level, ordinal, self.now)
            self.at(self.now + delay, kinds.DETECTED, sector.index, ordinal, *details)

    def detected(self, place: int, level: int, ordinal: int, onset_hours: float) -> None:
        """Attribute a violation after a further delay, if at all."""
        numbers, key = self.numbers.levels[level], self.numbers.sectors[place].key
        if self.happens(numbers.attribution_probability, keyed.ATTRIBUTION, key, ordinal):
            delay = self.delay(numbers.attribution_delay, keyed.ATTRIBUTION_DELAY, key, ordinal)
            details = (level, ordinal, onset_hours, self.now)
            self.at(self.now + delay, kinds.ATTRIBUTED, place, ordinal, *details)

    def attributed(
        self, place: int, level: int, ordinal: int, onset_hours: float, detected_hours: float
    ) -> None:
        """Tell the ladder that a violation concerns."""
        violation = _Violation(place, level, ordinal, onset_hours, detected_hours, self.now)
        self.sectors[place].ladder.hears_of(violation)

    def outcome_row(self, run: int) -> Row:
        """Return the run's row of the outcomes table."""
        return (
            run,
            self.outcome,
            self.now,
            sum(sector.incidents for sector in self.sectors),
            0,
            self.attacks,
            self.crises,
            self.highest_level,
            self.first_incident,
            self.first_crisis,
            self.fighting_hours,
            *self.level_hours[1:],
            *self.promises.values(),
            math.nan,
            *(value for counts in self.counts for value in counts.row()),
        )


@dataclass(slots=True)
class _StepCounts:
    """How a step ended in the crises of a run, and when it was in force."""

    by_status: list[int] = field(default_factory=lambda: [0] * len(words.STATUSES))
    first_hours: float = NEVER
    in_force: int = 0
    delay_hours: float = 0.0

    def row(self) -> Row:
        """Return the step's columns of the outcomes table."""
        called = sum(self.by_status) - self.by_status[words.STATUS_NOT_CALLED]
        mean = self.delay_hours / self.in_force if self.in_force else math.nan
        first = self.first_hours if self.in_force else math.nan
        on_time, late = words.STATUS_ON_TIME, words.STATUS_LATE
        ended = (on_time, late, words.STATUS_REFUSED, words.STATUS_STOOD_DOWN)
        return (called, *(self.by_status[status] for status in ended), 0, first, mean)


@dataclass(slots=True)
class _Vote:
    """One decider's vote so far."""

    numbers: given.DeciderNumbers
    stands: int = words.UNDECIDED
    yes: int = 0
    no: int = 0
    yes_share: float = 0.0
    no_share: float = 0.0

    def falls_with(self, says_yes: bool, share: float) -> bool:  # noqa: FBT001 - an answer
        """Count an answer, and return whether the vote falls with it."""
        if says_yes:
            self.yes, self.yes_share = self.yes + 1, self.yes_share + share
        else:
            self.no, self.no_share = self.no + 1, self.no_share + share
        if self.stands != words.UNDECIDED:
            return False
        _, counted_by, quorum, members, *_ = self.numbers
        shares = self.yes_share, self.no_share
        self.stands = vote_stands(counted_by, quorum, members, self.yes, self.no, *shares)
        return self.stands != words.UNDECIDED


@dataclass(slots=True)
class _Step:
    """Where a step stands in a crisis."""

    index: int
    numbers: given.StepNumbers
    call_from_hours: float
    due_hours: float
    votes: list[_Vote]
    said_yes: list[bool]
    state: int = words.NOT_CALLED
    called_hours: float = math.nan
    decided_hours: float = math.nan
    deployed_hours: float = NEVER
    ready_hours: float = NEVER
    in_force_hours: float = NEVER
    effects: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)
    last_decider: int = NO_WORD

    def come_into_force(self, now: float) -> None:
        """Have the effects that the pledged weight behind it gives."""
        yes_weight = total_weight = 0.0
        numbers = self.numbers
        for voter, says_yes in zip(numbers.voters, self.said_yes, strict=True):
            total_weight += voter.weight
            yes_weight += voter.weight if says_yes else 0.0
        share = share_of_weight(yes_weight, total_weight)
        multipliers = (numbers.stop, numbers.expand, numbers.collapse, numbers.incidents)
        self.effects = tuple(effect_of_share(one, share) for one in multipliers)
        self.in_force_hours = now

    def times(self, opened: float, now: float) -> tuple[float, float, float, float, int]:
        """Return when it came into force, what its delay consists of, and who decided last."""
        called, decided, deployed = self.called_hours, self.decided_hours, self.deployed_hours
        decision, last = decided - called, self.last_decider
        if math.isnan(decided):
            return math.nan, called - opened, math.nan, math.nan, NO_WORD
        deployment = deployed - decided if deployed <= now else math.nan
        if self.in_force_hours == NEVER:
            return math.nan, called - opened, decision, deployment, last
        waited = rules.waiting_hours(opened, called, deployed, self.in_force_hours)
        return self.in_force_hours, waited, decision, deployment, last


@dataclass(slots=True)
class _Crisis:
    """An open crisis."""

    number: int
    opening: _Violation
    opened_hours: float
    clock_hours: float
    detected_hours: float
    """Of the violation from which the clock counts."""
    highest_level: int
    steps: list[_Step]
    promises: list[_Step]

    def next_due_hours(self) -> float:
        """Return when the next promise is judged."""
        due = min((step.due_hours for step in self.promises), default=NEVER)
        return rules.judged_at_hours(due, self.opened_hours)

    def key(self, keys: tuple[int, ...]) -> tuple[int, int]:
        """Return what the draws of a step or voter belong to."""
        return keys[self.opening.sector], self.opening.ordinal


@dataclass(slots=True)
class _Fought:
    """Since when, and until when, a sector has fought at the level that a step needs."""

    fights: bool = False
    since_hours: float = -NEVER
    until_hours: float = -NEVER


class _Ladder:
    """What happens in one scope, the line or a sector."""

    def __init__(self, run: _Run, scope: int) -> None:
        """Start without a crisis; sectors that have never fought are in nobody's need."""
        self.run, self.scope = run, scope
        self.sectors: list[_Sector] = []
        self.fought: list[dict[int, _Fought]] = [{} for _ in run.numbers.steps]
        self.crisis: _Crisis | None = None
        self.last_close_hours = self.fought_until_hours = -NEVER
        self.heard: deque[_Violation] = deque()
        self.look = _Clock(run, kinds.REVIEW, scope)
        self.deadline = _Clock(run, kinds.DEADLINE, scope)
        self.quiet = _Clock(run, kinds.QUIET, scope)

    def fighting_changed(self, sector: _Sector, turn: _Turn) -> None:
        """Take note of a sector's new level: needs, quiet, and how high the crisis went."""
        now = self.run.now
        for index in turn.rises:
            fought = self.fought[index].setdefault(sector.index, _Fought())
            since, until = fought.since_hours, fought.until_hours
            within = self.run.numbers.steps[index].within_hours
            fought.since_hours = rules.fighting_counts_from_hours(since, until, now, within)
            fought.fights = True
        for index in turn.falls:
            fought = self.fought[index][sector.index]
            fought.fights, fought.until_hours = False, now
        if turn.calms:
            self.fought_until_hours = now
        if self.crisis:
            self.crisis.highest_level = max(self.crisis.highest_level, sector.level)
            self.look.set(now)
            self.watch_for_quiet(self.crisis)

    def watch_for_quiet(self, crisis: _Crisis) -> None:
        """Set when the crisis will close, if its scope is quiet now."""
        numbers, until = self.run.numbers, NEVER
        highest = max(sector.level for sector in self.sectors)
        if is_quiet(highest, numbers.quiet_level):
            opened, fought_until = crisis.opened_hours, self.fought_until_hours
            until = closes_at_hours(
                self.run.now, opened, fought_until, numbers.quiet_hours, without_grounds=False
            )
        self.quiet.set(until)

    def hears_of(self, violation: _Violation) -> None:
        """Open a crisis if a violation that was attributed now calls for one."""
        if self.crisis or belongs_to_last_crisis(violation.onset_hours, self.last_close_hours):
            return
        numbers, now, heard = self.run.numbers, self.run.now, self.heard
        heard.append(violation)
        while not is_within_window(heard[0].attributed_hours, now, numbers.window_hours):
            heard.popleft()
        how = how_it_opens(
            violation.level, numbers.threshold_level, len(heard), numbers.threshold_incidents
        )
        if how != words.OPENS_NOT:
            by_level = how == words.OPENS_BY_LEVEL
            first = violation if by_level else min(heard, key=lambda one: one.onset_hours)
            self.open_crisis(violation, first)

    def open_crisis(self, opening: _Violation, first: _Violation) -> None:
        """Open a crisis whose clock counts from a violation."""
        run, now = self.run, self.run.now
        run.crises += 1
        run.first_crisis = now if math.isnan(run.first_crisis) else run.first_crisis
        onset, detected = first.onset_hours, first.detected_hours
        clock = clock_start_hours(run.numbers.clock, onset, detected, now)
        highest = max(*(one.level for one in self.sectors), *(one.level for one in self.heard))
        steps = [
            _Step(
                index,
                step,
                hour_at(clock, step.decide_from_hours),
                hour_at(clock, step.deadline_hours),
                [_Vote(decider) for decider in step.deciders],
                [False] * len(step.voters),
            )
            for index, step in enumerate(run.numbers.steps)
        ]
        promises = [step for step in steps if step.due_hours < NEVER]
        self.crisis = _Crisis(run.crises, opening, now, clock, detected, highest, steps, promises)
        self.heard.clear()
        self.look.set(now)
        self.deadline.set(self.crisis.next_due_hours())
        self.watch_for_quiet(self.crisis)

    def is_needed(self, step: _Step) -> bool:
        """Return whether enough sectors are in need of a step."""
        numbers, now, in_need = step.numbers, self.run.now, 0
        within, sustained = numbers.within_hours, numbers.sustained_hours
        for one in self.fought[step.index].values():
            in_need += rules.sector_is_in_need(
                one.fights, one.since_hours, one.until_hours, now, within, sustained
            )
        return rules.need_is_met(numbers.need_level, in_need, numbers.need_sectors)

    def look_at_steps(self) -> None:
        """Review each step once, in their order, and plan the next look."""
        crisis, now = self.crisis, self.run.now
        if crisis is None:
            return
        for step in crisis.steps:
            if step.state in _MOVABLE:
                self.review(crisis, step)
        for step in crisis.steps:
            if step.state in _MOVABLE:
                sustained, long_enough = step.numbers.sustained_hours, NEVER
                for one in self.fought[step.index].values():
                    reached = rules.long_enough_at_hours(one.since_hours, sustained, now)
                    long_enough = min(long_enough, reached)
                call_from, ready = step.call_from_hours, step.ready_hours
                looks = rules.next_look_hours(step.state, now, call_from, ready, long_enough, NEVER)
                self.look_by(looks)

    def look_by(self, hours: float) -> None:
        """Look at the steps at this hour, or earlier if that was planned."""
        self.look.set(min(hours, self.look.at_hours))

    def review(self, crisis: _Crisis, step: _Step) -> None:
        """Move a step on if the rules say so."""
        now, state = self.run.now, step.state
        call_from, ready = step.call_from_hours, step.ready_hours
        step.state = rules.state_after_review(
            state, self.is_needed(step), now, call_from, ready, NEVER
        )
        if step.state == words.DECIDING:
            self.call(crisis, step)
        elif step.state == words.IN_FORCE:
            self.come_into_force(crisis, step)

    def call(self, crisis: _Crisis, step: _Step) -> None:
        """Ask everybody; a step without deciders is decided at once."""
        run = self.run
        step.called_hours = run.now
        for index, voter in enumerate(step.numbers.voters):
            key = crisis.key(voter.keys)
            hours = run.now + run.delay(voter.decision, keyed.ANSWER_DELAY, *key)
            hours += run.delay(voter.parliament, keyed.PARLIAMENT_DELAY, *key)
            ordinal = (step.index << 32) | index
            run.at(hours, kinds.ANSWERS, self.scope, ordinal, crisis.number, step.index, index)
        self.count_votes(crisis, step)

    def answered(self, number: int, step_index: int, index: int) -> None:
        """Count an answer, if its crisis is open and its step still under way."""
        crisis = self.crisis
        if crisis is None or crisis.number != number:
            return
        step = crisis.steps[step_index]
        if rules.is_under_way(step.state):
            voter = step.numbers.voters[index]
            key = crisis.key(voter.keys)
            says_yes = self.run.happens(voter.yes_probability, keyed.ANSWER, *key)
            step.said_yes[index] = says_yes
            vote = step.votes[voter.decider]
            if vote.falls_with(says_yes, voter.share):
                step.last_decider = voter.decider
                self.count_votes(crisis, step)

    def count_votes(self, crisis: _Crisis, step: _Step) -> None:
        """See whether a step is decided by now; what was pledged is then on its way."""
        if step.state != words.DECIDING:
            return
        stand = [vote.stands for vote in step.votes]
        deciders, yes, no = len(stand), stand.count(words.YES), stand.count(words.NO)
        stands = vote_stands(words.BY_MEMBERS, deciders, deciders, yes, no, 0.0, 0.0)
        if stands == words.YES:
            run, numbers, key = self.run, step.numbers, crisis.key(step.numbers.keys)
            step.state, step.decided_hours = words.DEPLOYING, run.now
            deployed = run.now + run.delay(numbers.deploy, keyed.DEPLOYMENT_DELAY, *key)
            step.deployed_hours = deployed
            not_before = numbers.not_before_hours
            step.ready_hours = rules.ready_at_hours(deployed, crisis.clock_hours, not_before)
            self.look_by(step.ready_hours)
        elif stands == words.NO:
            step.state = words.REFUSED

    def come_into_force(self, crisis: _Crisis, step: _Step) -> None:
        """Let a step have its effects, and perhaps provoke."""
        step.come_into_force(self.run.now)
        self.rescale_the_fighting()
        key, probability = crisis.key(step.numbers.keys), step.numbers.provoke_probability
        if self.run.happens(probability, keyed.PROVOCATION, *key):
            hardest = max(self.sectors, key=lambda sector: sector.level)
            if level_after_expansion(hardest.level, self.run.last_level) > hardest.level:
                self.run.expand(hardest)

    def rescale_the_fighting(self) -> None:
        """Let every clock in the scope run under the product of the steps in force."""
        product = [1.0, 1.0, 1.0, 1.0]
        for step in self.crisis.steps if self.crisis else ():
            product = [mine * its for mine, its in zip(product, step.effects, strict=True)]
        for sector in self.sectors:
            for clock, multiplier in zip(sector.clocks, product, strict=True):
                clock.rescale(multiplier)

    def judge_promises(self) -> None:
        """See which of the promises that fall due are kept, and which are broken."""
        crisis, now = self.crisis, self.run.now
        if crisis is None:
            return
        for step in [step for step in crisis.promises if step.due_hours <= now]:
            crisis.promises.remove(step)
            needed = self.is_needed(step)
            promise = rules.promise_at_deadline(needed, step.in_force_hours, step.due_hours)
            if promise in self.run.promises:
                self.run.promises[promise] += 1
        self.deadline.set(crisis.next_due_hours())

    def close(self) -> None:
        """Close the crisis."""
        now = self.run.now
        self.write_down(now)
        self.crisis = None
        self.last_close_hours = now
        self.look.set(NEVER)
        self.deadline.set(NEVER)
        self.rescale_the_fighting()

    def write_down(self, closed: float) -> None:
        """Write down the crisis that closes, or that is open when the run ends: not a number."""
        crisis, run = self.crisis, self.run
        if crisis is None:
            return
        opened, clock = crisis.opened_hours, crisis.clock_hours
        row: list[int | float] = [crisis.number, self.scope, opened, clock, closed]
        row += [words.OPENED_BY_INCIDENT, crisis.highest_level, 0]
        row += [
            detection_part_hours(clock, crisis.detected_hours),
            attribution_part_hours(clock, crisis.detected_hours, opened),
        ]
        for counts, step in zip(run.counts, crisis.steps, strict=True):
            in_force = step.in_force_hours
            status = rules.status_at_end(step.state, in_force, step.due_hours, math.isnan(closed))
            counts.by_status[status] += 1
            if in_force < NEVER:
                counts.first_hours = min(counts.first_hours, in_force)
                counts.in_force += 1
                counts.delay_hours += in_force - clock
            row += [status, *step.times(opened, run.now)]
        run.crisis_rows.append(tuple(row))
