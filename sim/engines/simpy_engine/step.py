"""A step of the plan in one crisis: called, decided, deployed, armed, in force."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.engines.rows import NO_WORD
from sim.engines.simpy_engine.deciding import Decision
from sim.engines.story import event
from sim.model.chance import DEPLOYMENT_DELAY, PROVOCATION
from sim.model.clocks import delay_hours
from sim.model.hours import hour_at
from sim.model.steps import (
    is_by_deadline,
    is_under_way,
    next_look_hours,
    over_at_hours,
    ready_at_hours,
    state_after_review,
    status_at_end,
    waiting_hours,
)
from sim.model.violations import happens
from sim.model.votes import effect_of_share
from sim.model.words import ARMED, DECIDING, DEPLOYING, IN_FORCE, NOT_CALLED, OVER, REFUSED

if TYPE_CHECKING:
    from sim.engines.simpy_engine.ladder import Crisis
    from sim.scenario.numbers import StepNumbers


class Effects(NamedTuple):
    """What a step, or all steps in force together, multiply."""

    stop: float = 1.0
    expand: float = 1.0
    collapse: float = 1.0
    incidents: float = 1.0

    def and_also(self, other: Effects) -> Effects:
        """Return the effects of both together."""
        return Effects(*(mine * its for mine, its in zip(self, other, strict=True)))


class StepInCrisis:
    """Where a step stands; the ladder asks it to look whenever something may have changed."""

    def __init__(self, crisis: Crisis, index: int, numbers: StepNumbers) -> None:
        """Start as not called."""
        self.crisis = crisis
        self.ladder = crisis.ladder
        self.line = crisis.ladder.line
        self.index = index
        self.numbers = numbers
        self.state = NOT_CALLED
        self.call_from_hours = hour_at(crisis.clock_hours, numbers.decide_from_hours)
        self.due_hours = hour_at(crisis.clock_hours, numbers.deadline_hours)
        self.called_hours: float | None = None
        self.decided_hours: float | None = None
        self.deployed_hours: float | None = None
        self.in_force_hours: float | None = None
        self.ready_hours = self.over_hours = math.inf
        self.effect_share = 1.0
        self.decision = Decision(self)

    def review(self) -> None:
        """Move on if the rules say so."""
        moves = {
            DECIDING: self._call,
            ARMED: self._arm,
            IN_FORCE: self._come_into_force,
            OVER: self._end,
        }
        state = state_after_review(
            self.state,
            self.is_needed(),
            self.line.env.now,
            self.call_from_hours,
            self.ready_hours,
            self.over_hours,
        )
        if state != self.state:
            self.state = state
            moves[state]()

    def is_needed(self) -> bool:
        """Return whether its need is met, and what it depends on is the case."""
        allowed = self.line.circumstances.allow(self.numbers)
        return allowed and self.ladder.needs.are_met(self.index)

    def next_look_hours(self) -> float:
        """Return when time alone may move it on."""
        long_enough = self.ladder.needs.long_enough_at_hours(self.index)
        return next_look_hours(
            self.state,
            self.line.env.now,
            self.call_from_hours,
            self.ready_hours,
            long_enough,
            self.over_hours,
        )

    def _call(self) -> None:
        self.called_hours = self.line.env.now
        self.note("step_called", self.clock_shows())
        self.decision.begin()

    def decided(self) -> None:
        """Be decided: what was pledged is on its way."""
        now, keys = self.line.env.now, self.numbers.keys
        chance = self.crisis.chance(DEPLOYMENT_DELAY, keys)
        self.state = DEPLOYING
        self.decided_hours = now
        self.deployed_hours = now + delay_hours(*self.numbers.deploy, chance)
        self.ready_hours = ready_at_hours(
            self.deployed_hours, self.crisis.clock_hours, self.numbers.not_before_hours
        )
        self.note("step_decided", self.ready_hours - self.crisis.clock_hours)
        self.ladder.look_by(self.ready_hours)

    def refused(self) -> None:
        """Be refused, for the rest of the crisis."""
        self.state = REFUSED
        self.note("step_refused", self.clock_shows())

    def _arm(self) -> None:
        self.note("step_armed", self.clock_shows())

    def _come_into_force(self) -> None:
        self.in_force_hours = self.line.env.now
        self.over_hours = over_at_hours(self.in_force_hours, self.numbers.lasts_hours)
        self.effect_share = self.decision.share_behind()
        on_time = is_by_deadline(self.in_force_hours, self.due_hours)
        self.note("step_in_force", self.clock_shows(), on_time)
        self.ladder.rescale_the_fighting()
        chance = self.crisis.chance(PROVOCATION, self.numbers.keys)
        if happens(chance, self.numbers.provoke_probability):
            self.ladder.provoke(self)

    def _end(self) -> None:
        self.note("step_ends", self.clock_shows())
        self.ladder.rescale_the_fighting()

    def stand_down(self) -> None:
        """End with the crisis."""
        if is_under_way(self.state):
            self.note("step_stood_down", self.clock_shows())

    def effects(self) -> Effects:
        """Return what it multiplies while it is in force."""
        if self.state != IN_FORCE:
            return Effects()
        numbers, share = self.numbers, self.effect_share
        return Effects(
            effect_of_share(numbers.stop, share),
            effect_of_share(numbers.expand, share),
            effect_of_share(numbers.collapse, share),
            effect_of_share(numbers.incidents, share),
        )

    def clock_shows(self) -> float:
        """Return what the crisis's clock shows now, in hours."""
        return self.line.env.now - self.crisis.clock_hours

    def note(self, name: str, first: float, second: float = 0.0) -> None:
        """Write down what happens to this step."""
        place = self.ladder.scope * len(self.line.numbers.steps) + self.index
        self.line.record.note(event(name), place, first, second)

    def status(self, *, crisis_is_open: bool) -> int:
        """Return what it ended as."""
        in_force = math.inf if self.in_force_hours is None else self.in_force_hours
        return status_at_end(self.state, in_force, self.due_hours, crisis_is_open)

    def times(self) -> tuple[float, float, float, float, int]:
        """Return when it came into force, what its delay consists of, and who decided last.

        In force minus the clock's start is the opening minus the clock's start (detection and
        attribution) plus the waiting, the decision and the deployment.
        """
        waited = decision = deployment = math.nan
        opened, now = self.crisis.opened_hours, self.line.env.now
        if self.called_hours is not None:
            waited = self.called_hours - opened
            if self.decided_hours is not None:
                decision = self.decided_hours - self.called_hours
                if self.deployed_hours is not None and self.deployed_hours <= now:
                    deployment = self.deployed_hours - self.decided_hours
                    if self.in_force_hours is not None:
                        waited = waiting_hours(
                            opened, self.called_hours, self.deployed_hours, self.in_force_hours
                        )
        last = NO_WORD if self.decided_hours is None else self.decision.last_decider
        in_force = math.nan if self.in_force_hours is None else self.in_force_hours
        return in_force, waited, decision, deployment, last
