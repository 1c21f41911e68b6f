"""The record of a run: its counts and hours, its crises, and, when asked for, every event."""

import math

from sim.engines.compiled_engine.credibility import credibility_at_end
from sim.engines.compiled_engine.world import CRISES, NOTES, World
from sim.model.chance import origin_of_violation
from sim.model.compiled import compiled_within
from sim.model.hours import NEVER
from sim.model.steps import status_at_end, waiting_hours
from sim.model.words import (
    FALSE_ALARM,
    OPENED_BY_FALSE_ALARM,
    OPENED_BY_INCIDENT,
    STATUS_LATE,
    STATUS_NOT_CALLED,
    STATUS_ON_TIME,
    STATUS_OPEN,
    STATUS_REFUSED,
    STATUS_STOOD_DOWN,
)


@compiled_within
def note(world: World, event: int, place: int, first: float, second: float) -> None:
    """Count an event, and write it down if this run is being traced."""
    now = world.now[0]
    index = now.noted
    now.noted = index + 1
    if not now.traces:
        return
    if index >= now.room_notes:
        now.lacks, now.goes_on = NOTES, False
        return
    row = world.notes[index]
    row.hours = now.hours
    row.event = event
    row.place = place
    row.first = first
    row.second = second


@compiled_within
def fighting_is_recorded(world: World, sector: int, level: int) -> None:
    """Add up the hours at the level that a sector leaves now."""
    now, one = world.now[0], world.sectors[sector]
    fought = now.fighting_sectors > 0
    world.level_hours[one.level] += now.hours - one.level_since_hours
    now.fighting_sectors += int(level > 0) - int(one.level > 0)
    one.level = level
    one.level_since_hours = now.hours
    now.highest_level = max(now.highest_level, level)
    if now.is_split:
        now.pauses, now.goes_on = True, False
    if (now.fighting_sectors > 0) != fought:
        if fought:
            now.fighting_hours += now.hours - now.fighting_since_hours
        now.fighting_since_hours = now.hours


@compiled_within
def _missing_if_never(hours: float) -> float:
    return math.nan if hours == NEVER else hours


@compiled_within
def crisis_is_recorded(world: World, ladder: int, closed_hours: float) -> None:
    """Write a ladder's crisis down; it is still open when the run ended if it closes never."""
    now, crisis, steps = world.now[0], world.ladders[ladder], world.plan[0].steps
    row, room = now.this_runs_crisis_rows + crisis.crisis - 1, world.room[1]
    if row >= room:
        now.lacks, now.goes_on = CRISES, False
        return
    counts, hours = world.crisis_counts, world.crisis_hours
    counts[row] = now.run
    counts[row + room] = crisis.crisis
    counts[row + room + room] = ladder
    hours[row] = crisis.opened_hours
    hours[row + room] = crisis.clock_hours
    hours[row + room + room] = _missing_if_never(closed_hours)
    at, hours_at = row + room + room + room, row + room + room + room
    by_alarm = origin_of_violation(crisis.opening_ordinal) == FALSE_ALARM
    counts[at] = OPENED_BY_FALSE_ALARM if by_alarm else OPENED_BY_INCIDENT
    counts[at + room] = crisis.highest_level
    counts[at + room + room] = int(crisis.is_wrong)
    at += room + room + room
    hours[hours_at] = crisis.detection_hours
    hours[hours_at + room] = crisis.attribution_hours
    hours_at += room + room
    for step in range(steps):
        climb = world.climbs[ladder * steps + step]
        due = climb.due_hours
        status = status_at_end(climb.state, climb.in_force_hours, due, closed_hours == NEVER)
        _count_ending(world, ladder, step, status)
        counts[at] = status
        counts[at + room] = climb.last_decider if climb.decided_hours < NEVER else -1
        at += room + room
        _write_times(world, ladder, step, hours_at)
        hours_at += room + room + room + room


@compiled_within
def _write_times(world: World, ladder: int, step: int, at: int) -> None:
    """Write when a step came into force, and what its delay consists of."""
    now_hours, room, hours = world.now[0].hours, world.room[1], world.crisis_hours
    climb = world.climbs[ladder * world.plan[0].steps + step]
    opened = world.ladders[ladder].opened_hours
    waited = decision = deployment = math.nan
    if climb.called_hours < NEVER:
        waited = climb.called_hours - opened
    if climb.decided_hours < NEVER:
        decision = climb.decided_hours - climb.called_hours
        if climb.deployed_hours <= now_hours:
            deployment = climb.deployed_hours - climb.decided_hours
    if climb.in_force_hours < NEVER:
        waited = waiting_hours(
            opened, climb.called_hours, climb.deployed_hours, climb.in_force_hours
        )
    hours[at] = _missing_if_never(climb.in_force_hours)
    hours[at + room] = waited
    hours[at + room + room] = decision
    hours[at + room + room + room] = deployment


@compiled_within
def _count_ending(world: World, ladder: int, step: int, status: int) -> None:
    """Count how a step ended in a crisis."""
    counts = world.step_counts[step]
    climb = world.climbs[ladder * world.plan[0].steps + step]
    counts.not_called += status == STATUS_NOT_CALLED
    counts.refused += status == STATUS_REFUSED
    counts.stood_down += status == STATUS_STOOD_DOWN
    counts.on_time += status == STATUS_ON_TIME
    counts.late += status == STATUS_LATE
    counts.open += status == STATUS_OPEN
    if climb.in_force_hours < NEVER:
        counts.wrongful += world.ladders[ladder].is_wrong
        counts.first_hours = min(counts.first_hours, climb.in_force_hours)
        counts.delays += 1
        counts.delay_hours += climb.in_force_hours - world.ladders[ladder].clock_hours


@compiled_within
def run_is_recorded(world: World, row: int) -> None:
    """Write the run's row of the outcomes, in the order of `sim.engines.rows`."""
    _write_counts(world, row)
    _write_hours(world, row)


@compiled_within
def _write_counts(world: World, row: int) -> None:
    now, counts, room = world.now[0], world.outcome_counts, world.room[0]
    values = (
        now.run,
        now.outcome,
        now.incidents,
        now.false_alarms,
        now.attacks,
        now.crises,
        now.highest_level,
        now.promises_kept,
        now.promises_broken,
    )
    at = row
    for value in values:
        counts[at] = value
        at += room
    for step in range(world.plan[0].steps):
        ends = world.step_counts[step]
        called = ends.refused + ends.stood_down + ends.on_time + ends.late + ends.open
        for value in (
            called,
            ends.on_time,
            ends.late,
            ends.refused,
            ends.stood_down,
            ends.wrongful,
        ):
            counts[at] = value
            at += room


@compiled_within
def _write_hours(world: World, row: int) -> None:
    now, hours, room = world.now[0], world.outcome_hours, world.room[0]
    values = (
        now.hours,
        _missing_if_never(now.first_incident_hours),
        _missing_if_never(now.first_crisis_hours),
        now.fighting_hours,
    )
    at = row
    for value in values:
        hours[at] = value
        at += room
    for level in range(1, world.plan[0].last_level + 1):
        hours[at] = world.level_hours[level]
        at += room
    hours[at] = credibility_at_end(world)
    at += room
    for step in range(world.plan[0].steps):
        ends = world.step_counts[step]
        hours[at] = _missing_if_never(ends.first_hours)
        hours[at + room] = ends.delay_hours / ends.delays if ends.delays > 0 else math.nan
        at += room + room
