"""Between crises: most of a run, played sector by sector instead of event by event.

While no crisis is open and all fighting is below what a step needs, what is quiet and what opens a
crisis, sectors have nothing to do with each other: a spell changes the record, and a violation that
is attributed is only counted. So it is first looked up until when it stays like that. Up to that
hour each sector's incidents are gone through in one loop, and the ladders are told what was
attributed. Every clock then stands as if all had happened in turn, and the next event is
`line._next_event`'s, whatever it is.
"""

from sim.engines.compiled_engine.clocks import (
    clock_of,
    rings_at_hours,
    start_known_clock,
    stop_clock,
)
from sim.engines.compiled_engine.drawing import draw_incidents, draw_waits, level_of, mark_of
from sim.engines.compiled_engine.ladder import violation_is_attributed
from sim.engines.compiled_engine.waiting import take_first, wait_until
from sim.engines.compiled_engine.world import (
    BLOCK,
    KINDS_OF_MARKS,
    PIECES,
    TO_ATTRIBUTE,
    TO_COLLAPSE,
    TO_EXPAND,
    TO_STOP,
    TO_WAIT,
    World,
)
from sim.model.chance import level_of_violation, ordinal_of_violation
from sim.model.clocks import fires_at_hours
from sim.model.compiled import compiled_within
from sim.model.crisis import is_within_window
from sim.model.hours import (
    ANSWERS,
    ATTACKS,
    ATTRIBUTED,
    COLLAPSES,
    EXPANDS,
    HORIZON,
    INCIDENT_OCCURS,
    NEVER,
    STOPS,
    TICKS_PER_HOUR,
    TREND_TURNS,
    kind_of_rank,
    on_tick,
    ordinal_of_rank,
    rank,
)
from sim.model.violations import is_runaway, level_after_incident
from sim.model.words import EXPONENTIAL, INCIDENT


@compiled_within
def is_between_crises(world: World) -> bool:
    """Return whether sectors have nothing to do with each other now."""
    now, plan = world.now[0], world.plan[0]
    if now.open_crises > 0 or not plan.goes_by_sector or now.traces or now.is_split:
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
    """Let incidents occur and be attributed, for as long as nothing else happens."""
    now, sectors = world.now[0], world.plan[0].sectors
    _find_what_else_happens(world)
    for sector in range(sectors):
        _look_ahead(world, sector)
    while _attributed(world) > now.may_be_attributed:
        now.until_hours = on_tick(now.hours + 0.5 * (now.until_hours - now.hours))
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


@compiled_within
def _find_what_else_happens(world: World) -> None:
    """Find until when there is nothing but incidents, and how many of them may be attributed.

    Those that are attributed must stay too few to open a crisis.
    """
    now, plan, heard = world.now[0], world.plan[0], 0
    now.until_hours = NEVER
    for kind in (TREND_TURNS, ATTACKS, HORIZON):
        now.until_hours = min(now.until_hours, _rings_at_hours(world, kind, 0))
    for ladder in range(plan.ladders):
        heard = max(heard, world.ladders[ladder].heard)
    for index in range(now.waiting):
        order = world.waiting[index].rank
        if _is_only_counted(world, order):
            heard += 1
        elif kind_of_rank(order) != ANSWERS:
            now.until_hours = min(now.until_hours, world.waiting[index].hours)
    now.may_be_attributed = max(0, plan.threshold_incidents - 1 - heard)
    if heard >= plan.threshold_incidents:
        now.until_hours = min(now.until_hours, world.waiting[0].hours)


@compiled_within
def _is_only_counted(world: World, order: int) -> bool:
    """Return whether an event that waits is the attribution of a violation of a low level."""
    level = level_of_violation(ordinal_of_rank(order))
    is_low = level < world.plan[0].first_level_that_matters
    return is_low and kind_of_rank(order) == ATTRIBUTED


@compiled_within
def _rings_at_hours(world: World, kind: int, place: int) -> float:
    return rings_at_hours(world, clock_of(world, kind, place))


@compiled_within
def _look_ahead(world: World, sector: int) -> None:
    """Find when a sector's next incidents come, and until when they are nothing but that."""
    now, one = world.now[0], world.sectors[sector]
    if one.level > 0:
        one.stops_hours = _rings_at_hours(world, STOPS, sector)
        for kind in (EXPANDS, COLLAPSES):
            _may_grow_at(world, one.stops_hours, _rings_at_hours(world, kind, sector))
    clock = clock_of(world, INCIDENT_OCCURS, sector)
    hours, multiplier = rings_at_hours(world, clock), world.clocks[clock].multiplier
    if not _are_known(world, sector, hours, multiplier):
        one.known = one.incidents
        if hours < now.until_hours:
            _find_arrivals(world, sector, hours, multiplier)
    if one.known > one.incidents:
        now.until_hours = min(now.until_hours, one.matters_hours)


@compiled_within
def _are_known(world: World, sector: int, hours: float, multiplier: float) -> bool:
    """Return whether the next arrivals are those that were found before."""
    one = world.sectors[sector]
    if one.known <= one.incidents or one.matters_hours <= hours:
        return False
    arrives = world.arrivals[level_of(sector, one.incidents)]
    return arrives == hours and one.known_multiplier == multiplier


@compiled_within
def _find_arrivals(world: World, sector: int, hours: float, multiplier: float) -> None:
    """Find when those incidents come that are drawn, as far as they do not matter."""
    one, count = world.sectors[sector], world.sectors[sector].incidents
    if count & (one.block - 1) == 0 and one.drawn != count:
        draw_incidents(world, sector)
    last, matters = count | (one.block - 1), NEVER
    while True:
        world.arrivals[level_of(sector, count)] = hours
        matters = min(matters, _matters_at_hours(world, sector, count, hours))
        count += 1
        if count > last or hours >= matters:
            break
        hours = _next_hours(world, sector, count, hours, multiplier)
    if count > last:
        matters = min(matters, hours + 1.0 / TICKS_PER_HOUR)
    one.known = count
    one.known_multiplier = multiplier
    one.matters_hours = matters


@compiled_within
def _attributed(world: World) -> int:
    """Return how many of the incidents until then will be attributed, whenever that is.

    The ladders take note of the last of them that is attributed until then.
    """
    count, until = 0, world.now[0].until_hours
    for ladder in range(world.plan[0].ladders):
        world.ladders[ladder].last_heard_hours = 0.0
    for sector in range(world.plan[0].sectors):
        one = world.sectors[sector]
        incident, last = one.incidents, 0.0
        while incident < one.known and world.arrivals[level_of(sector, incident)] < until:
            delay = world.reached_hours[mark_of(sector, incident, TO_ATTRIBUTE)]
            hours = world.arrivals[level_of(sector, incident)] + delay
            count += delay < NEVER
            last = max(last, hours if hours < until else 0.0)
            incident += 1
        scope = world.ladders[one.ladder]
        scope.last_heard_hours = max(scope.last_heard_hours, last)
    return count


@compiled_within
def _may_grow_at(world: World, stops_hours: float, hours: float) -> None:
    """See to it that a spell is seen to grow, if it does not stop before."""
    if hours < stops_hours:
        world.now[0].until_hours = min(world.now[0].until_hours, hours)


@compiled_within
def _matters_at_hours(world: World, sector: int, count: int, hours: float) -> float:
    """Return when an incident at an hour matters: at once, when its spell grows, or never."""
    if world.incident_levels[level_of(sector, count)] >= world.plan[0].first_level_that_matters:
        return hours
    reached = world.reached_hours
    grows = min(
        reached[mark_of(sector, count, TO_EXPAND)], reached[mark_of(sector, count, TO_COLLAPSE)]
    )
    return hours + grows if grows < reached[mark_of(sector, count, TO_STOP)] else NEVER


@compiled_within
def _next_hours(
    world: World, sector: int, count: int, hours: float, multiplier: float
) -> float:
    """Return when an incident comes after one at an hour."""
    mark = mark_of(sector, count, TO_WAIT)
    if multiplier == 1.0:
        return hours + world.reached_hours[mark]
    mean, left = world.sectors[sector].incident_mean_hours, world.thresholds[mark]
    return fires_at_hours(EXPONENTIAL, mean, 0.0, hours, hours, left, multiplier)


@compiled_within
def _go_through_spells(world: World, sector: int) -> None:
    """Go through a sector's incidents: let spells begin, rise and stop."""
    now, one = world.now[0], world.sectors[sector]
    first, level, since, stops = one.incidents, one.level, one.level_since_hours, one.stops_hours
    starts_of, stops_of = world.piece_starts, world.piece_stops
    piece = sector * PIECES
    is_new = False
    if level > 0:
        starts_of[piece], stops_of[piece] = now.fighting_since_hours, stops
        piece += 1
    count = first
    while count < one.known and world.arrivals[level_of(sector, count)] < now.until_hours:
        hours = world.arrivals[level_of(sector, count)]
        of_incident = world.incident_levels[level_of(sector, count)]
        _is_attributed(world, sector, of_incident, count, hours)
        if level > 0 and stops <= hours:
            world.level_hours[level] += stops - since
            level = 0
        if level_after_incident(level, of_incident) > level:
            if level > 0:
                world.level_hours[level] += hours - since
                stops_of[piece - 1] = hours
            level, since, is_new = of_incident, hours, True
            stops = hours + world.reached_hours[mark_of(sector, count, TO_STOP)]
            starts_of[piece], stops_of[piece] = hours, stops
            piece += 1
            one.count = count
            now.highest_level = max(now.highest_level, level)
        count += 1
    starts_of[piece] = NEVER
    one.pieces = piece - sector * PIECES
    if count > first:
        _await_next(world, sector, count)
    if level > 0 and stops < now.until_hours:
        world.level_hours[level] += stops - since
        level, since = 0, stops
    if is_new:
        one.origin = INCIDENT
    _goes_on_at(world, sector, level, since, is_new)


@compiled_within
def _is_attributed(world: World, sector: int, level: int, count: int, hours: float) -> None:
    """Let an incident be attributed after the delay that was drawn with it, if it is at all.

    What will be forgotten again before anything happens need not be heard of.
    """
    now, scope = world.now[0], world.ladders[world.sectors[sector].ladder]
    attributed = hours + world.reached_hours[mark_of(sector, count, TO_ATTRIBUTE)]
    window = world.plan[0].window_hours
    if attributed >= now.until_hours or is_within_window(
        attributed, scope.last_heard_hours, window
    ):
        order = rank(ATTRIBUTED, sector, ordinal_of_violation(INCIDENT, level, count))
        wait_until(world, attributed, order, hours)


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
def _goes_on_at(world: World, sector: int, level: int, since_hours: float, is_new: bool) -> None:  # noqa: FBT001 - a fact
    """Let a sector fight on at a level, since an hour, or be quiet; a new spell has new clocks."""
    one = world.sectors[sector]
    world.now[0].fighting_sectors += int(level > 0) - int(one.level > 0)
    one.level = level
    one.level_since_hours = since_hours
    for kind, to in ((STOPS, TO_STOP), (EXPANDS, TO_EXPAND), (COLLAPSES, TO_COLLAPSE)):
        timing, clock = level * KINDS_OF_MARKS + to, clock_of(world, kind, sector)
        if level == 0 or (is_new and world.timings[timing].first == NEVER):
            stop_clock(world, clock)
        elif is_new:
            start_known_clock(world, clock, timing, mark_of(sector, one.count, to), since_hours)


@compiled_within
def _count_fighting(world: World) -> None:
    """Add up the hours with fighting in any sector, from the pieces in which it fought."""
    now, sectors = world.now[0], world.plan[0].sectors
    pieces, counted_until, fought = 0, now.fighting_since_hours, 0.0
    for sector in range(sectors):
        pieces += world.sectors[sector].pieces
        world.sectors[sector].pieces = sector * PIECES
        world.next_starts[sector] = world.piece_starts[sector * PIECES]
    for _ in range(pieces):
        sector = _first_start(world, sectors)
        piece = world.sectors[sector].pieces
        stops = min(world.piece_stops[piece], now.until_hours)
        fought += max(0.0, stops - max(world.piece_starts[piece], counted_until))
        counted_until = max(counted_until, stops)
        world.sectors[sector].pieces = piece + 1
        world.next_starts[sector] = world.piece_starts[piece + 1]
    now.fighting_hours += fought
    now.fighting_since_hours = now.until_hours


@compiled_within
def _first_start(world: World, sectors: int) -> int:
    """Return the sector with the next piece."""
    starts, first, earliest = world.next_starts, 0, world.next_starts[0]
    for sector in range(1, sectors):
        start = starts[sector]
        first = sector if start < earliest else first
        earliest = min(start, earliest)
    return first
