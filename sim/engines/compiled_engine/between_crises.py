"""Between crises: most of a run, played sector by sector instead of event by event.

While no crisis is open and all fighting is below what a step needs, what is quiet and what opens a
crisis, sectors have nothing to do with each other: a spell changes the record, and a violation that
is attributed is only counted. So it is first found out until when it stays like that
(`looking_ahead.py`). Up to that hour each sector's incidents are gone through in one loop, and the
ladders are told what was attributed. Every clock then stands as if all had happened in turn, and
the next event, whatever it is, is one for `line.py`.
"""

from sim.engines.compiled_engine.clocks import clock_of, start_known_clock, stop_clock
from sim.engines.compiled_engine.drawing import draw_waits, level_of, mark_of
from sim.engines.compiled_engine.ladder import violation_is_attributed
from sim.engines.compiled_engine.looking_ahead import (
    attributed_at_hours,
    attributed_incident,
    first_attributed,
    look_ahead,
    occurs_before,
)
from sim.engines.compiled_engine.waiting import take_first, wait_until
from sim.engines.compiled_engine.world import (
    BLOCK,
    GROUP,
    KINDS_OF_MARKS,
    LANES,
    PIECES,
    TO_COLLAPSE,
    TO_EXPAND,
    TO_STOP,
    TO_WAIT,
    World,
)
from sim.model.chance import ordinal_of_violation
from sim.model.compiled import compiled_within
from sim.model.crisis import is_within_window
from sim.model.hours import (
    ATTRIBUTED,
    COLLAPSES,
    EXPANDS,
    INCIDENT_OCCURS,
    NEVER,
    STOPS,
    kind_of_rank,
    rank,
)
from sim.model.violations import is_runaway, level_after_incident
from sim.model.words import INCIDENT, POISSON
from sim.scenario.numbers import Parameters


def goes_by_sector(numbers: Parameters, first_level_that_matters: int) -> bool:
    """Return whether a scenario is played like that: it can be, and few incidents matter."""
    is_simple = numbers.process == POISSON and numbers.doctrine.share <= 0.0
    is_one_sided = numbers.defender_share <= 0.0
    matter = 1.0 - numbers.levels[first_level_that_matters - 1].share_up_to
    few = matter * GROUP <= 1.0 and len(numbers.sectors) <= GROUP
    return is_simple and is_one_sided and few


@compiled_within
def is_between_crises(world: World) -> bool:
    """Return whether sectors have nothing to do with each other now."""
    now, plan = world.now[0], world.plan[0]
    if now.open_crises > 0 or now.hours < now.worthwhile_from_hours:
        return False
    if not plan.goes_by_sector or now.traces or now.is_split:
        return False
    if now.heavy_ratio != 1.0 or now.on_expand != 1.0 or now.sensors_are_out:
        return False
    violations = now.incidents + now.attacks + now.resumptions + now.false_alarms
    if is_runaway(violations + plan.sectors * BLOCK, plan.most_violations):
        return False
    for sector in range(plan.sectors):
        if world.sectors[sector].level >= plan.first_level_that_matters:
            return False
    return True


@compiled_within
def play_between_crises(world: World) -> None:
    """Let incidents occur and be attributed, for as long as nothing else happens.

    Where that is over soon, as it is while nearly as many are heard of as open a crisis, it is not
    tried again at once.
    """
    now, sectors = world.now[0], world.plan[0].sectors
    before = now.incidents
    look_ahead(world)
    if now.fighting_sectors == 0:
        now.fighting_since_hours = now.hours
    for sector in range(sectors):
        _go_through_spells(world, sector)
    _count_fighting(world)
    while now.waiting > 0 and world.waiting[0].hours < now.until_hours and now.goes_on:
        now.hours, order, mark = take_first(world)
        # Whoever answers now was asked in a crisis that is over.
        if kind_of_rank(order) == ATTRIBUTED:
            violation_is_attributed(world, order, mark)
    if now.incidents < before + LANES:
        now.worthwhile_from_hours = now.hours + world.plan[0].window_hours / float(LANES)


@compiled_within
def _go_through_spells(world: World, sector: int) -> None:
    """Go through a sector's incidents up to that hour: let spells begin, rise and stop."""
    now, one = world.now[0], world.sectors[sector]
    fought = one.level > 0
    _let_be_attributed(world, sector)
    count = _let_spells_begin(world, sector)
    if count > one.incidents:
        _await_next(world, sector, count)
    now.fighting_sectors += int(one.level > 0) - int(fought)
    _set_clocks(world, sector)


@compiled_within
def _let_spells_begin(world: World, sector: int) -> int:
    """Fight whenever an incident is of a higher level than the fighting; return the next one.

    Where the sector stands is kept at hand: records would be written and read at each incident.
    """
    one, ahead, until = world.sectors[sector], world.ahead[sector], world.now[0].until_hours
    count, level, since, stops = one.incidents, one.level, one.level_since_hours, ahead.stops_hours
    piece, highest, last = _begin_pieces(world, sector), 0, -1
    while count < ahead.known and world.arrivals[level_of(sector, count)] < until:
        hours = world.arrivals[level_of(sector, count)]
        incident_level = world.incident_levels[level_of(sector, count)]
        if level > 0 and stops <= hours:
            world.level_hours[level] += stops - since
            level, since = 0, stops
        if level_after_incident(level, incident_level) > level:
            if level > 0:
                world.level_hours[level] += hours - since
                world.piece_stops[piece - 1] = hours
            level, since, last = incident_level, hours, count
            highest = max(highest, level)
            stops = hours + world.reached_hours[mark_of(sector, count, TO_STOP)]
            world.piece_starts[piece] = hours
            world.piece_stops[piece] = stops
            piece += 1
        count += 1
    one.level, one.level_since_hours, ahead.stops_hours = level, since, stops
    _spells_have_begun(world, sector, piece, highest, last)
    return count


@compiled_within
def _begin_pieces(world: World, sector: int) -> int:
    """Begin with the spell that goes on, if there is one, and return the place of the next piece.

    Until now its hours are counted.
    """
    first = sector * PIECES
    world.piece_starts[first] = world.now[0].fighting_since_hours
    world.piece_stops[first] = world.ahead[sector].stops_hours
    return first + int(world.sectors[sector].level > 0)


@compiled_within
def _spells_have_begun(world: World, sector: int, piece: int, highest: int, last: int) -> None:
    """Say where the sector stands: the last spell began with the last incident that was higher."""
    now, one, ahead = world.now[0], world.sectors[sector], world.ahead[sector]
    if one.level > 0 and ahead.stops_hours < now.until_hours:
        world.level_hours[one.level] += ahead.stops_hours - one.level_since_hours
        one.level, one.level_since_hours = 0, ahead.stops_hours
    ahead.is_new = last >= 0
    if last >= 0:
        one.origin, one.count = INCIDENT, last
        now.highest_level = max(now.highest_level, highest)
    ahead.pieces = piece - sector * PIECES
    world.piece_starts[piece] = NEVER


@compiled_within
def _let_be_attributed(world: World, sector: int) -> None:
    """Let incidents be attributed after the delays that were drawn with them.

    What will be forgotten again before anything happens need not be heard of.
    """
    scope = world.ladders[world.sectors[sector].ladder]
    until, window = world.now[0].until_hours, world.plan[0].window_hours
    index = first_attributed(world, sector)
    while occurs_before(world, sector, index, until):
        incident = attributed_incident(world, sector, index)
        hours = attributed_at_hours(world, sector, index)
        if hours >= until or is_within_window(hours, scope.last_heard_hours, window):
            place = level_of(sector, incident)
            violation = ordinal_of_violation(INCIDENT, world.incident_levels[place], incident)
            order = rank(ATTRIBUTED, sector, violation)
            wait_until(world, hours, order, world.arrivals[place])
        index += 1


@compiled_within
def _await_next(world: World, sector: int, count: int) -> None:
    """Count a sector's incidents, and let the next one be on its way."""
    now, one = world.now[0], world.sectors[sector]
    now.first_incident_hours = min(
        now.first_incident_hours, world.arrivals[level_of(sector, one.incidents)]
    )
    now.incidents += count - one.incidents
    one.incidents = count
    if count & (one.block - 1) == 0:
        draw_waits(world, sector)
    clock, mark = clock_of(world, INCIDENT_OCCURS, sector), mark_of(sector, count, TO_WAIT)
    last_hours = world.arrivals[level_of(sector, count - 1)]
    start_known_clock(world, clock, one.incident_timing, mark, last_hours)


@compiled_within
def _set_clocks(world: World, sector: int) -> None:
    """Let the clocks of a spell that is new stand as if they had been set when it began."""
    one, ahead = world.sectors[sector], world.ahead[sector]
    for kind, to in ((STOPS, TO_STOP), (EXPANDS, TO_EXPAND), (COLLAPSES, TO_COLLAPSE)):
        timing, clock = one.level * KINDS_OF_MARKS + to, clock_of(world, kind, sector)
        if one.level == 0 or (ahead.is_new and world.timings[timing].first == NEVER):
            stop_clock(world, clock)
        elif ahead.is_new:
            mark = mark_of(sector, one.count, to)
            start_known_clock(world, clock, timing, mark, one.level_since_hours)


@compiled_within
def _count_fighting(world: World) -> None:
    """Add up the hours with fighting in any sector, from the pieces in which it fought."""
    now, sectors, next_starts = world.now[0], world.plan[0].sectors, world.next_starts
    starts_of, stops_of, next_of = world.piece_starts, world.piece_stops, world.next_pieces
    pieces, fought, counted_until, until = 0, 0.0, now.fighting_since_hours, now.until_hours
    for sector in range(sectors):
        pieces += world.ahead[sector].pieces
        next_of[sector] = sector * PIECES
        next_starts[sector] = starts_of[sector * PIECES]
    for _ in range(pieces):
        start, first = next_starts[0], 0
        for sector in range(1, sectors):
            first = sector if next_starts[sector] < start else first
            start = min(start, next_starts[sector])
        piece = next_of[first]
        next_of[first] = piece + 1
        next_starts[first] = starts_of[piece + 1]
        stops = min(stops_of[piece], until)
        fought += max(0.0, stops - max(start, counted_until))
        counted_until = max(counted_until, stops)
    now.fighting_hours += fought
    now.fighting_since_hours = until
