"""What a plan depends on: conditions, actors who may not be there, a guarantee that expires."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engines.story import event
from sim.model.chance import COMMITMENT, CONDITION
from sim.model.hours import COMMITMENT_IS_REVIEWED, GUARANTEE_EXPIRES, rank
from sim.model.steps import is_available
from sim.model.violations import happens, is_there_after_review

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.line import Line
    from sim.scenario.numbers import StepNumbers


class Circumstances:
    """Whether the conditions hold, and which actors stand by their commitment."""

    def __init__(self, line: Line) -> None:
        """Draw what is the case at hour 0."""
        self.line = line
        self.conditions = [
            happens(line.chance(CONDITION, one.key, 0), one.probability)
            for one in line.numbers.conditions
        ]
        self.are_there = [
            happens(line.chance(COMMITMENT, one.key, 0), one.available)
            for one in line.numbers.commitments
        ]
        self._reviews = [0] * len(self.are_there)
        for index, holds in enumerate(self.conditions):
            line.record.note(event("condition_holds" if holds else "condition_fails"), index, 0, 0)
        for index, is_there in enumerate(self.are_there):
            if not is_there:
                line.record.note(event("actor_absent"), index, 0, 0)
            line.env.process(self.reviews(index))
        line.env.process(self.guarantee_expires())

    def reviews(self, index: int) -> Process:
        """An actor's commitment is reviewed again and again, say after each election."""
        numbers, count = self.line.numbers.commitments[index], 0
        while True:
            hours = (count + 1) * numbers.review_hours
            alarm = self.line.env.at(hours, rank(COMMITMENT_IS_REVIEWED, index, 0))
            if alarm is None:
                return
            yield alarm
            count += 1
            self._reviews[index] = count
            before, chance = self.are_there[index], self.line.chance(COMMITMENT, numbers.key, count)
            is_there = is_there_after_review(before, chance, numbers.withdraw, numbers.rejoin)
            self.are_there[index] = is_there
            if is_there != before:
                name = "actor_rejoins" if is_there else "actor_withdraws"
                self.line.record.note(event(name), index, 0, 0)

    def guarantee_expires(self) -> Process:
        """From an hour on, the steps that the guarantee covers are not available any more."""
        steps = self.line.numbers.steps
        hours = min((step.expires_hours for step in steps), default=math.inf)
        alarm = self.line.env.at(hours, rank(GUARANTEE_EXPIRES, 0, 0))
        if alarm is not None:
            yield alarm
            self.line.record.note(event("guarantee_expires"), 0, 0, 0)

    def will_be_there(self, commitment: int, hours: float) -> bool:
        """Return whether an actor will stand by its commitment at an hour that is still to come.

        Chance is a function, so what later reviews bring can be told before they come.
        """
        is_there = self.is_there(commitment)
        if commitment < 0:
            return is_there
        numbers, count = self.line.numbers.commitments[commitment], self._reviews[commitment] + 1
        while count * numbers.review_hours <= hours:
            chance = self.line.chance(COMMITMENT, numbers.key, count)
            is_there = is_there_after_review(is_there, chance, numbers.withdraw, numbers.rejoin)
            count += 1
        return is_there

    def allow(self, step: StepNumbers) -> bool:
        """Return whether a step's conditions hold and its guarantee has not expired."""
        conditions = all(self.conditions[index] for index in step.requires)
        return conditions and is_available(self.line.env.now, step.expires_hours)

    def is_there(self, commitment: int) -> bool:
        """Return whether an actor stands by its commitment; one without any always does."""
        return commitment < 0 or self.are_there[commitment]
