"""A sector of the line: incidents arrive; fighting starts, rises, stops, or ends the ceasefire."""

from typing import Final

from sim.engines.compiled_engine.arrivals import await_incident, excite
from sim.engines.compiled_engine.clocks import (
    clock_of,
    set_clock,
    start_clock,
    start_known_clock,
    stop_clock,
)
from sim.engines.compiled_engine.doctrine import doctrine_applies, ordinal_of_fighting
from sim.engines.compiled_engine.drawing import draw_incidents, level_of, mark_of
from sim.engines.compiled_engine.hearing import look_at, rests_on_nothing
from sim.engines.compiled_engine.luck import drawn_chance, drawn_threshold
from sim.engines.compiled_engine.needs import needs_change
from sim.engines.compiled_engine.record import fighting_is_recorded, note
from sim.engines.compiled_engine.waiting import wait_until
from sim.engines.compiled_engine.world import (
    KINDS_OF_MARKS,
    TO_ATTRIBUTE,
    TO_COLLAPSE,
    TO_EXPAND,
    TO_STOP,
    World,
)
from sim.engines.story import event
from sim.model.chance import (
    COLLAPSE,
    EXPANSION,
    INCIDENT_LEVEL,
    RESUMPTION,
    STOP,
    level_of_violation,
    ordinal_of_violation,
)
from sim.model.compiled import compiled_within
from sim.model.crisis import closes_at_hours, is_quiet
from sim.model.hours import (
    ATTRIBUTED,
    COLLAPSES,
    EXPANDS,
    NEVER,
    QUIET,
    RESUMES,
    REVIEW,
    STOPS,
    ordinal_of_rank,
    place_of_rank,
    rank,
)
from sim.model.rates import share_in_build_up
from sim.model.steps import falls_below
from sim.model.violations import (
    happens,
    is_at_most_this_level,
    is_runaway,
    level_after_expansion,
    level_after_incident,
)
from sim.model.words import (
    BY_INCIDENT,
    BY_RESUMPTION,
    COLLAPSED,
    INCIDENT,
    RESUMED,
    RUNAWAY,
)

_INCIDENT: Final = event("incident")
_SPELL_STARTS: Final = event("spell_starts")
_SPELL_RISES: Final = event("spell_rises")
_SPELL_STOPS: Final = event("spell_stops")
_COLLAPSES: Final = event("ceasefire_collapses")
_BREAKS_OFF: Final = event("spell_breaks_off")
_RESUMES: Final = event("spell_resumes")


@compiled_within
def incident_occurs(world: World, sector: int) -> None:
    """Count an incident, let it start or raise a spell, and let the monitors look at it."""
    now, one = world.now[0], world.sectors[sector]
    count = one.incidents
    if count & (one.block - 1) == 0 and one.drawn != count:
        draw_incidents(world, sector)
    excite(world, sector)
    ordinary = world.incident_levels[level_of(sector, count)]
    level = ordinary if now.heavy_ratio == 1.0 else _level_in_build_up(world, sector, count)
    one.incidents = count + 1
    note(world, _INCIDENT, sector, float(level), float(count + 1))
    now.incidents += 1
    now.first_incident_hours = min(now.first_incident_hours, now.hours)
    if is_cut_off(world):
        return
    if level_after_incident(one.level, level) > one.level:
        if level == ordinary:
            _spell_of_incident(world, sector, level, count)
        else:
            rise(world, sector, level, INCIDENT, count, BY_INCIDENT)
    if _is_seen_as_drawn(world, level, ordinary):
        _will_be_seen_as_drawn(world, sector, level, count)
    else:
        look_at(world, sector, level, ordinal_of_violation(INCIDENT, level, count))
    await_incident(world, sector)


@compiled_within
def _is_seen_as_drawn(world: World, level: int, ordinary: int) -> bool:
    """Return whether an incident is attributed after the delay that was drawn with it."""
    now = world.now[0]
    is_watched = world.plan[0].is_one_sided and not now.sensors_are_out
    return is_watched and level == ordinary and not now.traces


@compiled_within
def is_cut_off(world: World) -> bool:
    """Return whether the run has run away, and if so end it."""
    now = world.now[0]
    violations = now.incidents + now.attacks + now.resumptions + now.false_alarms
    if not is_runaway(violations, world.plan[0].most_violations):
        return False
    end_run(world, RUNAWAY)
    return True


@compiled_within
def _level_in_build_up(world: World, sector: int, count: int) -> int:
    """Return an incident's level when heavy ones are more frequent than they were drawn."""
    one = world.sectors[sector]
    if count < one.recorded and world.recorded[one.first_recorded + count].level > 0:
        return world.recorded[one.first_recorded + count].level
    drawn, ratio, level = drawn_chance(world, INCIDENT_LEVEL, one.key, count), world.now[0], 1
    while not is_at_most_this_level(
        drawn, share_in_build_up(world.levels[level].share_up_to, ratio.heavy_ratio)
    ):
        level += 1
    return level


@compiled_within
def _will_be_seen_as_drawn(world: World, sector: int, level: int, count: int) -> None:
    hours, order = world.now[0].hours, ordinal_of_violation(INCIDENT, level, count)
    delay = world.reached_hours[mark_of(sector, count, TO_ATTRIBUTE)]
    wait_until(world, hours + delay, rank(ATTRIBUTED, sector, order), hours)


@compiled_within
def _spell_of_incident(world: World, sector: int, level: int, count: int) -> None:
    """Fight at an incident's level from now on, under the clocks that were drawn with it."""
    _rises(world, sector, level, INCIDENT, count, BY_INCIDENT)
    for kind, to in ((STOPS, TO_STOP), (EXPANDS, TO_EXPAND), (COLLAPSES, TO_COLLAPSE)):
        mark = mark_of(sector, count, to)
        timing = level * KINDS_OF_MARKS + to
        if world.timings[timing].first < NEVER:
            clock = clock_of(world, kind, sector)
            start_known_clock(world, clock, timing, mark, world.now[0].hours)
        else:
            stop_clock(world, clock_of(world, kind, sector))
    _change_level(world, sector, level)


@compiled_within
def rise(world: World, sector: int, level: int, origin: int, count: int, how: int) -> None:
    """Fight at a higher level from now on, with the luck of the violation that led to it."""
    _rises(world, sector, level, origin, count, how)
    key, ordinal = world.sectors[sector].key, ordinal_of_violation(origin, level, count)
    for kind, to, purpose in (
        (STOPS, TO_STOP, STOP),
        (EXPANDS, TO_EXPAND, EXPANSION),
        (COLLAPSES, TO_COLLAPSE, COLLAPSE),
    ):
        timing = level * KINDS_OF_MARKS + to
        if world.timings[timing].first < NEVER:
            drawn = drawn_threshold(world, purpose, key, ordinal)
            start_clock(world, clock_of(world, kind, sector), timing, drawn)
        else:
            stop_clock(world, clock_of(world, kind, sector))
    _change_level(world, sector, level)


@compiled_within
def _rises(world: World, sector: int, level: int, origin: int, count: int, how: int) -> None:
    now, one = world.now[0], world.sectors[sector]
    if one.level == 0:
        one.spell_began_hours = now.hours
        note(world, _SPELL_STARTS, sector, float(level), 0.0)
    else:
        note(world, _SPELL_RISES, sector, float(level), float(how))
    one.origin = origin
    one.count = count


@compiled_within
def _change_level(world: World, sector: int, level: int) -> None:
    """Tell the record, the steps' needs and the ladder that a sector's level changes."""
    now, one = world.now[0], world.sectors[sector]
    before, ladder = one.level, world.ladders[one.ladder]
    fighting_is_recorded(world, sector, level)
    doctrine_applies(world, sector, before, level)
    if max(before, level) >= world.plan[0].lowest_watched_level:
        needs_change(world, sector, before, level)
        if falls_below(before, level, world.plan[0].quiet_level):
            ladder.fought_until_hours = now.hours
    if ladder.is_open:
        ladder.highest_level = max(ladder.highest_level, level)
        set_clock(world, clock_of(world, REVIEW, one.ladder), now.hours)
        watch_for_quiet(world, one.ladder)


@compiled_within
def watch_for_quiet(world: World, ladder: int) -> None:
    """Set when an open crisis will close, if its scope is quiet now."""
    plan, scope = world.plan[0], world.ladders[ladder]
    closes = NEVER
    if is_quiet(highest_level_now(world, ladder), plan.quiet_level):
        closes = closes_at_hours(
            world.now[0].hours,
            scope.opened_hours,
            scope.fought_until_hours,
            plan.quiet_hours,
            rests_on_nothing(world, ladder),
        )
    set_clock(world, clock_of(world, QUIET, ladder), closes)


@compiled_within
def highest_level_now(world: World, ladder: int) -> int:
    """Return the level of the hardest fighting in a ladder's scope."""
    scope, highest = world.ladders[ladder], 0
    for sector in range(scope.first_sector, scope.first_sector + scope.sectors):
        highest = max(highest, world.sectors[sector].level)
    return highest


@compiled_within
def fighting_stops(world: World, sector: int) -> None:
    """Let a spell come to its end."""
    _stop(world, sector, _SPELL_STOPS)


@compiled_within
def fighting_breaks_off(world: World, sector: int) -> None:
    """Let a spell end by doctrine, and perhaps be taken up again after a pause."""
    ordinal, numbers = ordinal_of_fighting(world, sector), world.plan[0].doctrine
    drawn = drawn_chance(world, RESUMPTION, world.sectors[sector].key, ordinal)
    _stop(world, sector, _BREAKS_OFF)
    if happens(drawn, numbers.resume_probability):
        hours = world.now[0].hours + numbers.resume_after_hours
        wait_until(world, hours, rank(RESUMES, sector, ordinal), 0.0)


@compiled_within
def fighting_resumes(world: World, order: int) -> None:
    """Take up fighting at the level at which it broke off; it is a violation of its own."""
    sector, level = place_of_rank(order), level_of_violation(ordinal_of_rank(order))
    one = world.sectors[sector]
    count = one.resumptions
    one.resumptions = count + 1
    note(world, _RESUMES, sector, float(level), float(count + 1))
    world.now[0].resumptions += 1
    if is_cut_off(world):
        return
    if level_after_incident(one.level, level) > one.level:
        rise(world, sector, level, RESUMED, count, BY_RESUMPTION)
    look_at(world, sector, level, ordinal_of_violation(RESUMED, level, count))


@compiled_within
def _stop(world: World, sector: int, how: int) -> None:
    """Be quiet from now on."""
    now, one = world.now[0], world.sectors[sector]
    lasted_hours = now.hours - one.spell_began_hours
    note(world, how, sector, float(one.level), lasted_hours)
    for kind in (STOPS, EXPANDS, COLLAPSES):
        stop_clock(world, clock_of(world, kind, sector))
    _change_level(world, sector, 0)


@compiled_within
def expand(world: World, sector: int, how: int) -> None:
    """Rise to the next level, which can be detected anew as what it is now."""
    one = world.sectors[sector]
    level = level_after_expansion(one.level, world.plan[0].last_level)
    rise(world, sector, level, one.origin, one.count, how)
    look_at(world, sector, level, ordinal_of_violation(one.origin, level, one.count))


@compiled_within
def ceasefire_collapses(world: World, sector: int) -> None:
    """Let the ceasefire collapse over the fighting here, and the run end."""
    note(world, _COLLAPSES, sector, float(world.sectors[sector].level), 0.0)
    end_run(world, COLLAPSED)


@compiled_within
def end_run(world: World, outcome: int) -> None:
    """Let the run end now."""
    world.now[0].outcome = outcome
    world.now[0].goes_on = False
