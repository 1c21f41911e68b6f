"""A ladder: in its scope crises open, their steps are climbed, promises fall due, quiet returns."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from sim.engines.simpy_engine.alarms import AlarmClock
from sim.engines.simpy_engine.needs import Needs
from sim.engines.simpy_engine.step import Effects, StepInCrisis
from sim.engines.story import event
from sim.model.crisis import (
    attribution_part_hours,
    belongs_to_last_crisis,
    clock_start_hours,
    closes_at_hours,
    detection_part_hours,
    how_it_opens,
    is_quiet,
    is_within_window,
    is_without_grounds,
)
from sim.model.hours import DEADLINE, QUIET, REVIEW, rank
from sim.model.steps import falls_below, judged_at_hours, promise_at_deadline
from sim.model.words import KEPT, NO_PROMISE, OPENS_BY_LEVEL, OPENS_NOT

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.line import Line
    from sim.engines.simpy_engine.monitoring import Violation
    from sim.engines.simpy_engine.sector import Sector
    from sim.scenario.numbers import ScopeNumbers


class Crisis:
    """An open crisis, its clock and its steps."""

    def __init__(self, ladder: Ladder, number: int, opening: Violation, clocked: Violation) -> None:
        """Open now; the clock counts from `clocked`.

        The steps' draws belong to the violation that opened the crisis.
        """
        self.ladder = ladder
        self.scope = ladder.scope
        self.number = number
        self.opening = opening
        self.opened_hours = ladder.line.env.now
        self.clock_hours = clock_start_hours(
            ladder.line.numbers.clock,
            clocked.onset_hours,
            clocked.detected_hours,
            self.opened_hours,
        )
        self.detection_hours = detection_part_hours(self.clock_hours, clocked.detected_hours)
        self.attribution_hours = attribution_part_hours(
            self.clock_hours, clocked.detected_hours, self.opened_hours
        )
        self.opening_is_debunked = False
        self.highest_level = max(ladder.highest_level_now(), *(one.level for one in ladder.heard))
        self.is_open = True
        steps = ladder.line.numbers.steps
        self.steps = [StepInCrisis(self, index, step) for index, step in enumerate(steps)]
        self.promises = [step for step in self.steps if step.due_hours < math.inf]

    def is_wrong(self) -> bool:
        """Return whether nothing that the aggressor did opened it."""
        return self.opening.is_false_alarm() or self.opening.by_defender

    def chance(self, purpose: int, keys: tuple[int, ...]) -> float:
        """Return a draw that belongs to this crisis, by the violation that opened it."""
        return self.ladder.line.chance(purpose, keys[self.opening.sector], self.opening.ordinal)

    def next_due_hours(self) -> float:
        """Return when the next promise is judged."""
        due = min((step.due_hours for step in self.promises), default=math.inf)
        return judged_at_hours(due, self.opened_hours)


class Ladder:
    """What happens in one scope, the line or a sector: three clocks and who waits for them."""

    def __init__(self, line: Line, scope: int, numbers: ScopeNumbers) -> None:
        """Start without a crisis."""
        self.line = line
        self.scope = scope
        self.numbers = numbers
        self.needs = Needs(line.env, line.numbers.steps, numbers.sectors)
        self.crisis: Crisis | None = None
        self.last_close_hours = -math.inf
        self.fought_until_hours = -math.inf
        self.heard: deque[Violation] = deque()
        self.look = AlarmClock(line.env, rank(REVIEW, scope, 0))
        self.deadline = AlarmClock(line.env, rank(DEADLINE, scope, 0))
        self.quiet = AlarmClock(line.env, rank(QUIET, scope, 0))
        line.env.process(self.climbs())
        line.env.process(self.judges_promises())
        line.env.process(self.calms_down())

    def hears_of(self, violation: Violation) -> None:
        """Open a crisis if a violation that was attributed now calls for one."""
        if belongs_to_last_crisis(violation.onset_hours, self.last_close_hours):
            return
        # While a crisis is open it matters only whether it has grounds besides a false alarm.
        if self.crisis and not self.crisis.opening.is_false_alarm():
            return
        self.heard.append(violation)
        self._forget_what_is_too_old()
        if self.crisis:
            return
        numbers = self.line.numbers
        how = how_it_opens(
            violation.level, numbers.threshold_level, len(self.heard), numbers.threshold_incidents
        )
        if how != OPENS_NOT:
            self.open_crisis(violation, how)

    def _forget_what_is_too_old(self) -> None:
        now, window = self.line.env.now, self.line.numbers.window_hours
        while self.heard and not is_within_window(self.heard[0].attributed_hours, now, window):
            self.heard.popleft()

    def hears_of_debunking(self, alarm: Violation) -> None:
        """Count a false alarm no more; a crisis that it opened may be without grounds now."""
        if alarm in self.heard:
            self.heard.remove(alarm)
        if self.crisis:
            self.crisis.opening_is_debunked |= alarm == self.crisis.opening
            self._watch_for_quiet()

    def _is_without_grounds(self, crisis: Crisis) -> bool:
        """Return whether it is known by now that a crisis rests on nothing."""
        self._forget_what_is_too_old()
        numbers = self.line.numbers
        return is_without_grounds(
            crisis.opening_is_debunked,
            max((violation.level for violation in self.heard), default=0),
            numbers.threshold_level,
            len(self.heard),
            numbers.threshold_incidents,
        )

    def open_crisis(self, opening: Violation, how: int) -> None:
        """Open a crisis; its clock counts from that violation, or from the earliest one counted."""
        by_level = how == OPENS_BY_LEVEL
        # Of two that began at the same hour, the one that was attributed first.
        earliest = min(self.heard, key=lambda violation: violation.onset_hours)
        number, now = self.line.record.crisis_opens(), self.line.env.now
        self.crisis = Crisis(self, number, opening, opening if by_level else earliest)
        self.note("crisis_opens", number, opening.level if by_level else -len(self.heard))
        clock_hours = self.crisis.clock_hours
        self.note("clock_starts", clock_hours, now - clock_hours)
        if not opening.is_false_alarm():
            self.heard.clear()
        self.look.set(now)
        self.deadline.set(self.crisis.next_due_hours())
        self._watch_for_quiet()

    def climbs(self) -> Process:
        """Look at each step in its order, whenever something may have changed for one."""
        while True:
            yield self.look.rings
            if self.crisis:
                for step in self.crisis.steps:
                    step.review()
                for step in self.crisis.steps:
                    self.look_by(step.next_look_hours())

    def look_by(self, hours: float) -> None:
        """Look at the steps at this hour, or earlier if that was planned."""
        self.look.set_no_later_than(hours)

    def judges_promises(self) -> Process:
        """See, at each deadline at which the need is met, whether the promise was kept."""
        while True:
            yield self.deadline.rings
            if self.crisis:
                now = self.line.env.now
                for step in [step for step in self.crisis.promises if step.due_hours <= now]:
                    self.crisis.promises.remove(step)
                    self._judge(step)
                self.deadline.set(self.crisis.next_due_hours())

    def _judge(self, step: StepInCrisis) -> None:
        in_force = math.inf if step.in_force_hours is None else step.in_force_hours
        needed = step.is_needed()
        promise = promise_at_deadline(needed, in_force, step.due_hours)
        if promise != NO_PROMISE:
            self.line.record.promise(kept=promise == KEPT)
            name = "promise_kept" if promise == KEPT else "promise_broken"
            step.note(name, step.numbers.deadline_hours)
            self.line.credibility.promise(kept=promise == KEPT)

    def calms_down(self) -> Process:
        """Close the crisis once the scope has been quiet for long enough."""
        while True:
            yield self.quiet.rings
            if self.crisis:
                self._close(self.crisis)

    def _close(self, crisis: Crisis) -> None:
        for step in crisis.steps:
            step.stand_down()
        self.note("crisis_closes", crisis.number, crisis.highest_level)
        self.line.record.crisis(crisis, self.line.env.now)
        crisis.is_open = False
        self.crisis = None
        self.heard.clear()
        self.last_close_hours = self.line.env.now
        self.look.set(math.inf)
        self.deadline.set(math.inf)
        self.quiet.set(math.inf)
        self.rescale_the_fighting()

    def fighting_changed(self, sector: Sector, before: int) -> None:
        """Take note of a sector's new level: needs, quiet, and how high the crisis went."""
        self.needs.fighting_changes(sector.index, before, sector.level)
        if falls_below(before, sector.level, self.line.numbers.quiet_level):
            self.fought_until_hours = self.line.env.now
        if self.crisis:
            self.crisis.highest_level = max(self.crisis.highest_level, sector.level)
            self.look.set(self.line.env.now)
            self._watch_for_quiet()

    def _watch_for_quiet(self) -> None:
        """Set when the crisis will close, if its scope is quiet now."""
        quiet = is_quiet(self.highest_level_now(), self.line.numbers.quiet_level)
        if not self.crisis or not quiet:
            self.quiet.set(math.inf)
            return
        closes = closes_at_hours(
            self.line.env.now,
            self.crisis.opened_hours,
            self.fought_until_hours,
            self.line.numbers.quiet_hours,
            self._is_without_grounds(self.crisis),
        )
        self.quiet.set(closes)

    def highest_level_now(self) -> int:
        """Return the level of the hardest fighting in the scope."""
        return max(sector.level for sector in self._sectors())

    def _sectors(self) -> list[Sector]:
        return [self.line.sectors[index] for index in self.numbers.sectors]

    def rescale_the_fighting(self) -> None:
        """Let every clock in the scope run under the product of the steps in force."""
        effects = Effects()
        for step in self.crisis.steps if self.crisis else ():
            effects = effects.and_also(step.effects())
        for sector in self._sectors():
            sector.rescale(effects)

    def provoke(self, step: StepInCrisis) -> None:
        """Raise the hardest fighting in the scope by one level, if there is such a level."""
        # Of two that fight as hard, the one that stands first in the scenario.
        hardest = max(self._sectors(), key=lambda sector: sector.level)
        if hardest.can_rise():
            step.note("step_provokes", hardest.index)
            hardest.provoke()

    def end(self) -> None:
        """Write down the crisis that is open when the run ends."""
        if self.crisis:
            self.line.record.crisis(self.crisis, None)

    def note(self, name: str, first: float, second: float) -> None:
        """Write down what happens in this scope."""
        self.line.record.note(event(name), self.scope, first, second)
