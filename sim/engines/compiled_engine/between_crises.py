"""Between crises: most of a run, in which nothing hangs on when a spell stops.

While no crisis is open and all fighting is below what a step needs and what is quiet, the end of a
spell changes the record and nothing else. So nobody waits for it: what has ended is seen when the
next incident comes to its sector, or when anything else is about to happen. Then every clock is
made to stand as if it had been looked at all the time, and `line._next_event` goes on.
"""

from sim.engines.compiled_engine.arrivals import await_incident
from sim.engines.compiled_engine.clocks import (
    clock_of,
    first_to_ring,
    rings_at_hours,
    start_clock_in_the_past,
    stop_clock,
)
from sim.engines.compiled_engine.drawing import mark_of
from sim.engines.compiled_engine.ladder import violation_is_attributed
from sim.engines.compiled_engine.luck import drawn_threshold
from sim.engines.compiled_engine.sector import (
    count_incident,
    drawn_level,
    is_cut_off,
    look_at_incident,
)
from sim.engines.compiled_engine.waiting import comes_first, take_first
from sim.engines.compiled_engine.world import (
    KINDS_OF_MARKS,
    TO_COLLAPSE,
    TO_EXPAND,
    TO_STOP,
    World,
)
from sim.model.chance import COLLAPSE, EXPANSION, STOP, level_of_violation, ordinal_of_violation
from sim.model.compiled import compiled_within
from sim.model.crisis import how_it_opens
from sim.model.hours import (
    ATTACKS,
    ATTRIBUTED,
    COLLAPSES,
    EXPANDS,
    HORIZON,
    INCIDENT_OCCURS,
    NEVER,
    STOPS,
    TREND_TURNS,
    kind_of_rank,
    ordinal_of_rank,
    place_of_rank,
)
from sim.model.violations import level_after_incident
from sim.model.words import INCIDENT, OPENS_NOT


@compiled_within
def is_between_crises(world: World) -> bool:
    """Return whether nothing hangs on when a spell stops."""
    now, plan = world.now[0], world.plan[0]
    if now.open_crises > 0 or not plan.is_mostly_low or now.traces or now.is_split:
        return False
    if now.heavy_ratio != 1.0 or now.on_expand != 1.0:
        return False
    for sector in range(plan.sectors):
        if world.sectors[sector].level >= plan.lowest_watched_level:
            return False
    return True


@compiled_within
def play_between_crises(world: World) -> None:
    """Let incidents occur and be heard of until something else is about to happen."""
    now = world.now[0]
    _begin(world)
    goes_on = True
    while goes_on and now.goes_on and not world.stop[0]:
        goes_on = _next_event(world)
    _end(world)


@compiled_within
def _begin(world: World) -> None:
    """See when the spells that go on now will stop, and when something else happens."""
    now = world.now[0]
    now.something_hours = NEVER
    for kind in (TREND_TURNS, ATTACKS, HORIZON):
        now.something_hours = min(now.something_hours, _rings_at_hours(world, kind, 0))
    if now.fighting_sectors == 0:
        now.fighting_since_hours = now.hours
    now.fights_until_hours = 0.0
    for sector in range(world.plan[0].sectors):
        one = world.sectors[sector]
        one.clocks_lag = False
        one.stops_hours = 0.0
        if one.level > 0:
            one.stops_hours = _rings_at_hours(world, STOPS, sector)
            now.fights_until_hours = max(now.fights_until_hours, one.stops_hours)
            for kind in (EXPANDS, COLLAPSES):
                _may_happen(world, sector, _rings_at_hours(world, kind, sector))


@compiled_within
def _rings_at_hours(world: World, kind: int, place: int) -> float:
    return rings_at_hours(world, clock_of(world, kind, place))


@compiled_within
def _may_happen(world: World, sector: int, hours: float) -> None:
    """Remember when a sector's fighting gets worse, if it does not stop before."""
    if hours < world.sectors[sector].stops_hours:
        world.now[0].something_hours = min(world.now[0].something_hours, hours)


@compiled_within
def _next_event(world: World) -> bool:
    """Let the next event happen if it is an incident or one is heard of; return whether it was."""
    now = world.now[0]
    begin = clock_of(world, INCIDENT_OCCURS, 0)
    index = first_to_ring(world, begin, world.plan[0].sectors)
    hours = rings_at_hours(world, index)
    waits = now.waiting > 0 and comes_first(world.waiting[0], hours, world.clocks[index].rank)
    if waits:
        hours = world.waiting[0].hours
    now.next_hours = min(hours, now.something_hours)
    if hours >= now.something_hours:
        return False
    if waits:
        return _is_heard_of(world)
    return _occurs(world, index - begin)


@compiled_within
def _is_heard_of(world: World) -> bool:
    """Let a violation be attributed that does not open a crisis, if that is what comes next."""
    order = world.waiting[0].rank
    if kind_of_rank(order) != ATTRIBUTED:
        return False
    plan, ladder = world.plan[0], world.sectors[place_of_rank(order)].ladder
    level, counted = level_of_violation(ordinal_of_rank(order)), world.ladders[ladder].heard + 1
    how = how_it_opens(level, plan.threshold_level, counted, plan.threshold_incidents)
    if how != OPENS_NOT:
        return False
    world.now[0].hours, order, onset_hours = take_first(world)
    violation_is_attributed(world, order, onset_hours)
    return True


@compiled_within
def _occurs(world: World, sector: int) -> bool:
    """Let an incident occur, if it is of a low level."""
    now, one, count = world.now[0], world.sectors[sector], world.sectors[sector].incidents
    level = drawn_level(world, sector)
    if level >= world.plan[0].lowest_watched_level:
        return False
    now.hours = now.next_hours
    count_incident(world, sector, level)
    if is_cut_off(world):
        return False
    if one.stops_hours <= now.hours:
        _has_stopped(world, sector)
    if level_after_incident(one.level, level) > one.level:
        _fights(world, sector, level, count)
    look_at_incident(world, sector, level, count)
    await_incident(world, sector)
    return True


@compiled_within
def _has_stopped(world: World, sector: int) -> None:
    """Add up the hours of a spell that has come to its end, if there was one."""
    one = world.sectors[sector]
    if one.level > 0:
        world.level_hours[one.level] += one.stops_hours - one.level_since_hours
        one.level = 0
        one.level_since_hours = one.stops_hours


@compiled_within
def _fights(world: World, sector: int, level: int, count: int) -> None:
    """Fight at an incident's level from now on, until the spell that was drawn with it ends."""
    now, one = world.now[0], world.sectors[sector]
    _count_fighting(world, now.hours)
    was_quiet = one.level == 0
    world.level_hours[one.level] += now.hours - one.level_since_hours
    one.level = level
    one.level_since_hours = now.hours
    one.origin = INCIDENT
    one.count = count
    one.clocks_lag = True
    one.stops_hours = now.hours + world.reached_hours[mark_of(sector, count, TO_STOP)]
    for kind in (TO_EXPAND, TO_COLLAPSE):
        _may_happen(world, sector, now.hours + world.reached_hours[mark_of(sector, count, kind)])
    now.highest_level = max(now.highest_level, level)
    if was_quiet:
        now.fights_until_hours = max(now.fights_until_hours, one.stops_hours)
    else:
        _find_the_last_stop(world)


@compiled_within
def _find_the_last_stop(world: World) -> None:
    now = world.now[0]
    now.fights_until_hours = 0.0
    for sector in range(world.plan[0].sectors):
        now.fights_until_hours = max(now.fights_until_hours, world.sectors[sector].stops_hours)


@compiled_within
def _count_fighting(world: World, until_hours: float) -> None:
    """Add up the hours of fighting anywhere, from when that was done last.

    No spell began since, so there was fighting until the last of them stopped.
    """
    now = world.now[0]
    fought_until = min(now.fights_until_hours, until_hours)
    now.fighting_hours += max(0.0, fought_until - now.fighting_since_hours)
    now.fighting_since_hours = until_hours


@compiled_within
def _end(world: World) -> None:
    """Let all stand as if every spell had been seen to stop, before what comes next."""
    now = world.now[0]
    now.fighting_sectors = 0
    for sector in range(world.plan[0].sectors):
        one = world.sectors[sector]
        if one.stops_hours < now.next_hours:
            _has_stopped(world, sector)
        if one.level == 0:
            for kind in (STOPS, EXPANDS, COLLAPSES):
                stop_clock(world, clock_of(world, kind, sector))
        elif one.clocks_lag:
            _set_clocks(world, sector)
        now.fighting_sectors += one.level > 0
    if now.fighting_sectors == 0:
        _count_fighting(world, now.next_hours)


@compiled_within
def _set_clocks(world: World, sector: int) -> None:
    """Let the clocks of a spell that goes on stand as they would if they had been set in time."""
    one = world.sectors[sector]
    ordinal = ordinal_of_violation(one.origin, one.level, one.count)
    for kind, to, purpose in (
        (STOPS, TO_STOP, STOP),
        (EXPANDS, TO_EXPAND, EXPANSION),
        (COLLAPSES, TO_COLLAPSE, COLLAPSE),
    ):
        timing, clock = one.level * KINDS_OF_MARKS + to, clock_of(world, kind, sector)
        if world.timings[timing].first < NEVER:
            drawn = drawn_threshold(world, purpose, one.key, ordinal)
            start_clock_in_the_past(world, clock, timing, drawn, one.level_since_hours)
        else:
            stop_clock(world, clock)
