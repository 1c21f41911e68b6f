"""The line of contact: a run begins, event follows event, the aggressor attacks, the run ends."""

from typing import Final

from sim.engines.compiled_engine.clocks import (
    clock_of,
    next_clock,
    set_clock,
    silence_all_clocks,
    start_clock,
)
from sim.engines.compiled_engine.deciding import answer_arrives
from sim.engines.compiled_engine.hearing import look_at, violation_is_detected
from sim.engines.compiled_engine.ladder import (
    crisis_closes,
    look_at_the_steps,
    promises_fall_due,
    violation_is_attributed,
)
from sim.engines.compiled_engine.luck import drawn_threshold
from sim.engines.compiled_engine.record import (
    crisis_is_recorded,
    fighting_is_recorded,
    note,
    run_is_recorded,
)
from sim.engines.compiled_engine.sector import (
    await_incident,
    ceasefire_collapses,
    end_run,
    expand,
    fighting_stops,
    incident_occurs,
    rise,
)
from sim.engines.compiled_engine.waiting import (
    comes_first,
    count_detections,
    detections_are_over,
    take_first,
)
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.chance import ATTACK_SECTOR, ATTACK_WAIT, ordinal_of_violation
from sim.model.compiled import compiled_within
from sim.model.hours import (
    ATTACKS,
    ATTRIBUTED,
    COLLAPSES,
    DEADLINE,
    DETECTED,
    EXPANDS,
    HORIZON,
    INCIDENT_OCCURS,
    NEVER,
    QUIET,
    REVIEW,
    STOPS,
    kind_of_rank,
)
from sim.model.violations import is_runaway, level_after_incident, place_in_attack
from sim.model.words import ATTACK, BY_ATTACK, BY_EXPANSION, HELD, RUNAWAY

_ATTACK: Final = event("attack")
_RUN_ENDS: Final = event("run_ends")


@compiled_within
def play_run(world: World, seed: int, run: int, row: int) -> None:
    """Play one run to its end, and write its rows; what it may lack is in `now.lacks`."""
    now, plan = world.now[0], world.plan[0]
    _begin(world, seed, run)
    while now.goes_on and not world.stop[0]:
        _next_event(world)
    count_detections(world)
    for ladder in range(plan.ladders):
        if world.ladders[ladder].is_open:
            crisis_is_recorded(world, ladder, NEVER)
    for sector in range(plan.sectors):
        fighting_is_recorded(world, sector, 0)
    note(world, _RUN_ENDS, 0, float(now.outcome), 0.0)
    run_is_recorded(world, row)


@compiled_within
def _begin(world: World, seed: int, run: int) -> None:
    """Set everything up; nothing has happened yet."""
    plan = world.plan[0]
    _reset_now(world, seed, run)
    silence_all_clocks(world)
    for level in range(plan.last_level + 1):
        world.level_hours[level] = 0.0
    for ladder in range(plan.ladders):
        scope = world.ladders[ladder]
        scope.heard = 0
        scope.is_open = False
        scope.fought_until_hours = -NEVER
        scope.last_close_hours = -NEVER
    _reset_steps(world)
    for sector in range(plan.sectors):
        one = world.sectors[sector]
        one.level = 0
        one.level_since_hours = 0.0
        one.incidents = 0
        await_incident(world, sector)
    _await_attack(world)
    set_clock(world, clock_of(world, HORIZON, 0), plan.horizon_hours)


@compiled_within
def _reset_now(world: World, seed: int, run: int) -> None:
    now = world.now[0]
    now.seed = seed
    now.run = run
    now.hours = 0.0
    now.goes_on = True
    now.outcome = HELD
    now.lacks = 0
    now.noted = 0
    now.incidents = 0
    now.attacks = 0
    now.crises = 0
    now.highest_level = 0
    now.first_incident_hours = NEVER
    now.first_crisis_hours = NEVER
    now.fighting_sectors = 0
    now.fighting_since_hours = 0.0
    now.fighting_hours = 0.0
    now.promises_kept = 0
    now.promises_broken = 0
    now.waiting = 0
    now.unseen = 0
    now.looked = 0
    now.heard_used = 0
    now.heard_free = -1
    now.this_runs_crisis_rows = now.crisis_rows


@compiled_within
def _reset_steps(world: World) -> None:
    plan = world.plan[0]
    for index in range(plan.steps * plan.sectors):
        world.fought[index].fights = False
        world.fought[index].since_hours = -NEVER
        world.fought[index].until_hours = -NEVER
    for step in range(plan.steps):
        counts = world.step_counts[step]
        counts.not_called = 0
        counts.refused = 0
        counts.stood_down = 0
        counts.on_time = 0
        counts.late = 0
        counts.open = 0
        counts.first_hours = NEVER
        counts.delays = 0
        counts.delay_hours = 0.0


@compiled_within
def _next_event(world: World) -> None:
    """Let the next event happen: a clock rings, or one that waits has come to its hour."""
    now = world.now[0]
    index, hours = next_clock(world)
    clock = world.clocks[index]
    if now.waiting > 0 and comes_first(world.waiting[0], hours, clock.rank):
        hours, order, mark = take_first(world)
        now.hours = hours
        kind = kind_of_rank(order)
        if kind == DETECTED:
            violation_is_detected(world, order, mark)
        elif kind == ATTRIBUTED:
            violation_is_attributed(world, order, mark)
        else:
            answer_arrives(world, order, mark)
    else:
        now.hours = hours
        _clock_rings(world, clock.kind, clock.place)


@compiled_within
def _clock_rings(world: World, kind: int, place: int) -> None:
    if kind == INCIDENT_OCCURS:
        incident_occurs(world, place)
    elif kind == STOPS:
        fighting_stops(world, place)
    elif kind == REVIEW:
        look_at_the_steps(world, place)
    elif kind == QUIET:
        crisis_closes(world, place)
    elif kind == DEADLINE:
        promises_fall_due(world, place)
    elif kind == EXPANDS:
        expand(world, place, BY_EXPANSION)
    elif kind == ATTACKS:
        _attack_comes(world)
    elif kind == COLLAPSES:
        ceasefire_collapses(world, place)
    else:
        detections_are_over(world)
        world.now[0].goes_on = False


@compiled_within
def _await_attack(world: World) -> None:
    """Let the next decision to attack be on its way."""
    plan = world.plan[0]
    if plan.attack_mean_hours < NEVER:
        drawn = drawn_threshold(world, ATTACK_WAIT, 0, world.now[0].attacks)
        start_clock(world, clock_of(world, ATTACKS, 0), plan.attack_timing, drawn)


@compiled_within
def _attack_comes(world: World) -> None:
    """Attack some sectors, drawn by their shares."""
    now, plan = world.now[0], world.plan[0]
    count = now.attacks
    now.attacks = count + 1
    note(world, _ATTACK, 0, float(count + 1), float(plan.attack_sectors))
    if is_runaway(now.incidents + now.attacks, plan.most_violations):
        end_run(world, RUNAWAY)
        return
    _await_attack(world)
    for sector in range(plan.sectors):
        one = world.sectors[sector]
        drawn = drawn_threshold(world, ATTACK_SECTOR, one.key, count)
        one.place_in_attack = place_in_attack(drawn, one.share)
        one.is_attacked = False
    for _ in range(plan.attack_sectors):
        _attack_sector(world, _next_target(world), count)


@compiled_within
def _next_target(world: World) -> int:
    """Return the sector that stands next in the attack's order."""
    target = -1
    for sector in range(world.plan[0].sectors):
        one = world.sectors[sector]
        ahead = target < 0 or one.place_in_attack < world.sectors[target].place_in_attack
        if not one.is_attacked and ahead:
            target = sector
    return target


@compiled_within
def _attack_sector(world: World, sector: int, count: int) -> None:
    """Let a sector be one of those that the count-th attack takes."""
    one, last = world.sectors[sector], world.plan[0].last_level
    one.is_attacked = True
    if level_after_incident(one.level, last) > one.level:
        rise(world, sector, last, ATTACK, count, BY_ATTACK)
    look_at(world, sector, last, ordinal_of_violation(ATTACK, last, count))
