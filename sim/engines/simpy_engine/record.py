"""The record of one run: its counts and hours, its crises, and, when asked for, every event."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engines.story import Note
from sim.model.words import (
    OPENED_BY_FALSE_ALARM,
    OPENED_BY_INCIDENT,
    STATUS_LATE,
    STATUS_NOT_CALLED,
    STATUS_ON_TIME,
    STATUS_REFUSED,
    STATUS_STOOD_DOWN,
    STATUSES,
)

if TYPE_CHECKING:
    from sim.engines.rows import Row
    from sim.engines.simpy_engine.environment import Environment
    from sim.engines.simpy_engine.ladder import Crisis
    from sim.engines.simpy_engine.step import StepInCrisis
    from sim.scenario.numbers import Parameters


class Record:
    """What is written down while a run goes on. Writing it down changes nothing."""

    def __init__(self, env: Environment, numbers: Parameters, notes: list[Note] | None) -> None:
        """Start empty; without a list for the notes, events are only counted."""
        self.env = env
        self.numbers = numbers
        self.notes = notes
        self.incidents = self.attacks = self.resumptions = self.false_alarms = 0
        self.highest_level = 0
        self.first_incident: float | None = None
        self.first_crisis: float | None = None
        self.level_hours = [0.0] * len(numbers.levels)
        self.fighting_hours = 0.0
        self.promises_kept = self.promises_broken = 0
        self.crises = 0
        self.crisis_rows: list[Row] = []
        self.steps = [StepCounts() for _ in numbers.steps]
        self._levels = [0] * len(numbers.sectors)
        self._since = [0.0] * len(numbers.sectors)
        self._fighting_since = 0.0

    def note(self, event: int, place: int, first: float, second: float) -> None:
        """Write an event down, if this run is being traced."""
        if self.notes is not None:
            self.notes.append(Note(self.env.now, event, place, first, second))

    def incident(self) -> None:
        """Count an incident."""
        self.incidents += 1
        if self.first_incident is None:
            self.first_incident = self.env.now

    def fighting_changes(self, sector: int, level: int) -> None:
        """Add up the hours at the level that a sector leaves now."""
        now = self.env.now
        fought = any(self._levels)
        self.level_hours[self._levels[sector]] += now - self._since[sector]
        self._levels[sector], self._since[sector] = level, now
        self.highest_level = max(self.highest_level, level)
        if any(self._levels) != fought:
            if fought:
                self.fighting_hours += now - self._fighting_since
            self._fighting_since = now

    def close_books(self) -> None:
        """Add up what still goes on when the run ends, and order the crises by their opening."""
        self.crisis_rows.sort()
        for sector in range(len(self._levels)):
            self.fighting_changes(sector, 0)

    def crisis_opens(self) -> int:
        """Count a crisis, and return its number in this run, from 1."""
        self.crises += 1
        if self.first_crisis is None:
            self.first_crisis = self.env.now
        return self.crises

    def promise(self, *, kept: bool) -> None:
        """Count a promise that fell due."""
        self.promises_kept += kept
        self.promises_broken += not kept

    def crisis(self, crisis: Crisis, closed: float | None) -> None:
        """Write a crisis down that closed, or that was open when the run ended."""
        row: list[int | float] = [
            crisis.number,
            crisis.scope,
            crisis.opened_hours,
            crisis.clock_hours,
            math.nan if closed is None else closed,
            OPENED_BY_FALSE_ALARM if crisis.opening.is_false_alarm() else OPENED_BY_INCIDENT,
            crisis.highest_level,
            int(crisis.is_wrong()),
            crisis.detection_hours,
            crisis.attribution_hours,
        ]
        for counts, step in zip(self.steps, crisis.steps, strict=True):
            status = step.status(crisis_is_open=closed is None)
            counts.add(step, status)
            row += [status, *step.times()]
        self.crisis_rows.append(tuple(row))

    def outcome_row(self, run: int, outcome: int, credibility: float) -> Row:
        """Return the run's row of the outcomes table."""
        return (
            run,
            outcome,
            self.env.now,
            self.incidents,
            self.false_alarms,
            self.attacks,
            self.crises,
            self.highest_level,
            _or_missing(self.first_incident),
            _or_missing(self.first_crisis),
            self.fighting_hours,
            *self.level_hours[1:],
            self.promises_kept,
            self.promises_broken,
            credibility,
            *(value for counts in self.steps for value in counts.row()),
        )


def _or_missing(hours: float | None) -> float:
    return math.nan if hours is None else hours


class StepCounts:
    """How a step ended in the crises of a run, and when it was in force."""

    def __init__(self) -> None:
        """Start at zero."""
        self.by_status = [0] * len(STATUSES)
        self.wrongful = 0
        self.first_hours: float | None = None
        self.delays = 0
        self.delay_hours = 0.0

    def add(self, step: StepInCrisis, status: int) -> None:
        """Count one crisis."""
        self.by_status[status] += 1
        if step.in_force_hours is not None:
            self.wrongful += step.crisis.is_wrong()
            if self.first_hours is None or step.in_force_hours < self.first_hours:
                self.first_hours = step.in_force_hours
            self.delays += 1
            self.delay_hours += step.in_force_hours - step.crisis.clock_hours

    def row(self) -> Row:
        """Return the step's columns of the outcomes table."""
        called = sum(self.by_status) - self.by_status[STATUS_NOT_CALLED]
        ended = (STATUS_ON_TIME, STATUS_LATE, STATUS_REFUSED, STATUS_STOOD_DOWN)
        mean = self.delay_hours / self.delays if self.delays else math.nan
        counts = (self.by_status[status] for status in ended)
        return (called, *counts, self.wrongful, _or_missing(self.first_hours), mean)
