"""From a scenario's numbers to the compiled engine's world: the only place where that is done."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from sim.engines.compiled_engine import numbers as numbers_of
from sim.engines.compiled_engine import state as records
from sim.engines.compiled_engine.ahead import Ahead
from sim.engines.compiled_engine.between_crises import goes_by_sector
from sim.engines.compiled_engine.building_clocks import clocks_of, first_of_each_kind
from sim.engines.compiled_engine.world import (
    AT_ONCE,
    BLOCK,
    GROUP,
    KINDS_OF_MARKS,
    LANES,
    MIXED,
    PIECES,
    TO_WAIT,
    World,
)
from sim.engines.rows import crisis_columns, outcome_columns, sorted_by_kind
from sim.model.hours import NEVER
from sim.model.records import array_of
from sim.model.words import EXPONENTIAL
from sim.scenario.numbers import Parameters, Timing

# How much room a world has at first; a run that needs more gets it.
_ROOM_AT_FIRST: Final = 32 * 32


def new_world(numbers: Parameters, runs: int, *, traces: bool = False) -> World:
    """Return a world in which so many runs of a scenario can be played one after the other."""
    plan = _plan(numbers)
    sectors, ladders, steps = map(len, (numbers.sectors, numbers.scopes, numbers.steps))
    deciders = [decider for step in numbers.steps for decider in step.deciders]
    voters = [voter for step in numbers.steps for voter in step.voters]
    backers = [backer for step in numbers.steps for backer in step.backers]
    clocks = clocks_of(numbers)
    plan[0].clocks = len(clocks)
    plan[0].group = GROUP
    plan[0].groups = -(-len(clocks) // GROUP)
    plan[0].rings = plan[0].groups * GROUP + plan[0].groups
    room: Any = np.array([runs, _ROOM_AT_FIRST], np.int64)
    outcome_kinds = sorted_by_kind(outcome_columns(numbers))
    crisis_kinds = sorted_by_kind(crisis_columns(numbers))
    made = World(
        plan=plan,
        now=array_of(records.Now, 1),
        levels=_filled(numbers_of.LevelNumbers, numbers.levels),
        level_hours=array_of(float, len(numbers.levels)),
        families=_families(_timings(numbers), len(numbers.levels)),
        timings=_timings(numbers),
        comes=_whole([int(one.first < NEVER) for one in _timings(numbers)]),
        sectors=_sectors(numbers),
        ahead=array_of(Ahead, sectors),
        recorded=_filled(
            numbers_of.Recorded, [one for sector in numbers.sectors for one in sector.recorded]
        ),
        recommitments=_recommitments(numbers),
        conditions=_filled(records.Condition, numbers.conditions),
        commitments=_filled(records.Commitment, numbers.commitments),
        incident_levels=array_of(int, sectors * BLOCK),
        thresholds=array_of(float, sectors * KINDS_OF_MARKS * BLOCK),
        reached_hours=array_of(float, sectors * KINDS_OF_MARKS * BLOCK),
        ordinals=array_of(int, BLOCK),
        asked_places=array_of(int, AT_ONCE),
        asked_ordinals=array_of(int, AT_ONCE),
        asked_timings=array_of(int, AT_ONCE),
        drawn=array_of(float, AT_ONCE),
        first=array_of(float, AT_ONCE),
        second=array_of(float, AT_ONCE),
        left=array_of(float, AT_ONCE),
        scores=array_of(float, AT_ONCE),
        hours=array_of(float, AT_ONCE),
        attributed=array_of(int, sectors * BLOCK),
        matters_hours=array_of(float, sectors * BLOCK),
        arrivals=array_of(float, sectors * BLOCK),
        piece_starts=array_of(float, sectors * PIECES),
        piece_stops=array_of(float, sectors * PIECES),
        next_starts=array_of(float, sectors),
        next_pieces=array_of(int, sectors),
        clocks=clocks,
        rings=array_of(int, plan[0].rings),
        first_clock=first_of_each_kind(clocks),
        waiting=array_of(records.Waiting, _ROOM_AT_FIRST),
        heard=array_of(records.Heard, _ROOM_AT_FIRST),
        ladders=_ladders(numbers),
        steps=_steps(numbers),
        step_keys=_keys(numbers.steps),
        required=_whole([index for step in numbers.steps for index in step.requires]),
        backers=_filled(numbers_of.BackerNumbers, backers),
        backer_keys=_keys(backers),
        decider_keys=_keys(deciders),
        deciders=_filled(numbers_of.DeciderNumbers, deciders),
        voters=_filled(numbers_of.VoterNumbers, voters),
        voter_keys=_keys(voters),
        answer_hours=array_of(float, len(voters)),
        fought=array_of(records.Fought, steps * sectors),
        climbs=array_of(records.Climb, ladders * steps),
        votes=array_of(records.Vote, ladders * len(deciders)),
        backed=array_of(records.BackersAnswer, ladders * len(backers)),
        said_yes=array_of(bool, ladders * len(voters)),
        step_counts=array_of(records.StepCounts, steps),
        notes=array_of(records.NoteRow, _ROOM_AT_FIRST),
        outcome_counts=array_of(int, runs * len(outcome_kinds.counts)),
        outcome_hours=array_of(float, runs * len(outcome_kinds.hours)),
        crisis_counts=array_of(int, _ROOM_AT_FIRST * len(crisis_kinds.counts)),
        crisis_hours=array_of(float, _ROOM_AT_FIRST * len(crisis_kinds.hours)),
        room=room,
        stop=array_of(bool, 1),
        tree=array_of(records.Tree, 1),
        forks=array_of(records.Fork, 1),
        state=array_of(int, 1),
        kept=array_of(int, 1),
        branches_left=array_of(int, 1),
        level_before=array_of(int, 1),
        copies=array_of(int, 1),
        hits=array_of(int, 1),
        passed=array_of(int, 1),
        begun=array_of(int, 1),
        played=array_of(int, 1),
    )
    made.now[0].traces = traces
    made.now[0].room_waiting = made.now[0].room_heard = made.now[0].room_notes = _ROOM_AT_FIRST
    return made


def _fill(row: Any, values: Any) -> None:  # noqa: ANN401 - a record and a named tuple
    """Copy the fields of a named tuple that a record has too, of whatever kind."""
    for name in row.dtype.names:
        if name in values._fields:
            value = getattr(values, name)
            if isinstance(value, tuple) and hasattr(value, "_fields"):
                _fill(row[name], value)
            elif not isinstance(value, tuple):
                row[name] = value


def _filled(kind: type, rows: Sequence[object]) -> Any:  # noqa: ANN401 - typed by the field
    """Return an array of records with the numbers of some named tuples."""
    made = array_of(kind, len(rows))
    for row, values in zip(made, rows, strict=False):
        _fill(row, values)
    return made


def _plan(numbers: Parameters) -> Any:  # noqa: ANN401 - typed by the field
    plan = (made := _filled(numbers_of.Plan, [numbers]))[0]
    plan.last_level = len(numbers.levels) - 1
    recorded = any(sector.recorded for sector in numbers.sectors)
    plan.is_one_sided = numbers.defender_share <= 0.0 and not recorded
    erodes = numbers.trend.doubling_hours < NEVER or numbers.trend.innovation_sd > 0.0
    plan.by_day = erodes or numbers.credibility.half_life_hours < NEVER
    plan.by_night = numbers.trend.night_to_day != 1.0
    plan.recommitments = len(numbers.trend.recommitments)
    plan.conditions = len(numbers.conditions)
    plan.backers = sum(len(step.backers) for step in numbers.steps)
    plan.commitments = len(numbers.commitments)
    plan.expires_hours = min((step.expires_hours for step in numbers.steps), default=NEVER)
    plan.attack_timing = len(numbers.levels) * KINDS_OF_MARKS + len(numbers.sectors)
    needs = [step.need_level for step in numbers.steps if step.need_level > 0]
    plan.lowest_watched_level = min([numbers.quiet_level, *needs])
    plan.first_level_that_matters = min(plan.lowest_watched_level, numbers.threshold_level)
    plan.goes_by_sector = goes_by_sector(numbers, plan.first_level_that_matters)
    plan.sectors = len(numbers.sectors)
    plan.ladders = len(numbers.scopes)
    plan.steps = len(numbers.steps)
    plan.deciders = sum(len(step.deciders) for step in numbers.steps)
    plan.voters = sum(len(step.voters) for step in numbers.steps)
    return made


def _timings(numbers: Parameters) -> Any:  # noqa: ANN401 - typed by the field
    """Return the timings of each level's marks in their order, of the sectors, of the attacks."""
    never = _with_mean(NEVER)
    rows = [
        timing
        for level in numbers.levels
        for timing in (
            never,
            level.spell,
            _with_mean(level.expand_mean_hours),
            _with_mean(level.collapse_mean_hours),
            level.detection_delay,
            level.attribution_delay,
        )
    ]
    rows += [_with_mean(sector.incident_mean_hours) for sector in numbers.sectors]
    rows.append(_with_mean(numbers.attack_mean_hours))
    return _filled(numbers_of.Timing, rows)


def _families(timings: Any, levels: int) -> Any:  # noqa: ANN401 - typed by the field
    """Return the family of each kind of marks, if the timings that can come are all of one."""
    found = array_of(int, KINDS_OF_MARKS)
    found[TO_WAIT] = EXPONENTIAL
    for kind in range(TO_WAIT + 1, KINDS_OF_MARKS):
        # No incident is at level 0, which is quiet.
        of_kind = timings[kind : levels * KINDS_OF_MARKS : KINDS_OF_MARKS][1:]
        families = {int(timing.family) for timing in of_kind if timing.first < NEVER}
        found[kind] = families.pop() if len(families) == 1 else MIXED
    return found


def _with_mean(mean_hours: float) -> Timing:
    return Timing(EXPONENTIAL, mean_hours, 0.0, 0.0)


def _sectors(numbers: Parameters) -> Any:  # noqa: ANN401 - typed by the field
    made = _filled(records.Sector, numbers.sectors)
    for index, sector in enumerate(made):
        sector.incident_timing = len(numbers.levels) * KINDS_OF_MARKS + index
        expected = numbers.horizon_hours / sector.incident_mean_hours
        sector.block = _block(expected + len(numbers.sectors[index].recorded))
        sector.first_recorded = sum(len(one.recorded) for one in numbers.sectors[:index])
        sector.recorded = len(numbers.sectors[index].recorded)
    for ladder, scope in enumerate(numbers.scopes):
        for sector in scope.sectors:
            made[sector].ladder = ladder
    return made


def _block(expected: float) -> int:
    """Return how many incidents to draw at once: few, if few are expected in a run."""
    block = LANES
    while block < BLOCK and block < expected:
        block += block
    return block


def _ladders(numbers: Parameters) -> Any:  # noqa: ANN401 - typed by the field
    """Return the ladders; the sectors of each follow each other."""
    made = array_of(records.Ladder, len(numbers.scopes))
    for ladder, scope in zip(made, numbers.scopes, strict=True):
        ladder.first_sector, ladder.sectors = scope.sectors[0], len(scope.sectors)
    return made


def _steps(numbers: Parameters) -> Any:  # noqa: ANN401 - typed by the field
    made = _filled(numbers_of.StepNumbers, numbers.steps)
    deciders = voters = required = backers = 0
    for row, step in zip(made, numbers.steps, strict=False):
        row.first_decider, row.deciders = deciders, len(step.deciders)
        row.first_voter, row.voters = voters, len(step.voters)
        row.first_required, row.required = required, len(step.requires)
        row.first_backer, row.backers = backers, len(step.backers)
        required += len(step.requires)
        backers += len(step.backers)
        deciders += len(step.deciders)
        voters += len(step.voters)
    return made


def _keys(owners: Iterable[Any]) -> Any:  # noqa: ANN401 - typed by the field
    return _whole([key for owner in owners for key in owner.keys])


def _whole(numbers: list[int]) -> Any:  # noqa: ANN401 - typed by the field
    return np.array(numbers or [0], np.int64)


def _recommitments(numbers: Parameters) -> Any:  # noqa: ANN401 - typed by the field
    made = array_of(numbers_of.Recommitment, len(numbers.trend.recommitments))
    for row, (hours, factor) in zip(made, numbers.trend.recommitments, strict=False):
        row.hours, row.factor = hours, factor
    return made
