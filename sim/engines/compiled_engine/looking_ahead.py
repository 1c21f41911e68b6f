"""Until when sectors have nothing to do with each other, and when their incidents come until then.

That is until anything happens that is not an incident of a low level; until a spell might grow;
until as many violations are attributed as could open a crisis; or as far as incidents are drawn.
"""

from sim.engines.compiled_engine.clocks import clock_of, rings_at_hours
from sim.engines.compiled_engine.drawing import draw_incidents, level_of, mark_of
from sim.engines.compiled_engine.world import (
    TO_ATTRIBUTE,
    TO_WAIT,
    World,
)
from sim.model.chance import level_of_violation
from sim.model.clocks import fires_at_hours
from sim.model.compiled import compiled_within
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
)
from sim.model.words import EXPONENTIAL


@compiled_within
def look_ahead(world: World) -> None:
    """Find until when it stays as it is, and when incidents come until then.

    If too many of them are attributed for there to be no crisis, it is as long as there are fewer.
    """
    now = world.now[0]
    _find_what_else_happens(world)
    for sector in range(world.plan[0].sectors):
        _look_ahead(world, sector)
    count = _attributed(world)
    while count > now.may_be_attributed:
        share = float(now.may_be_attributed) / float(count)
        earlier = on_tick(now.hours + share * (now.until_hours - now.hours))
        now.until_hours = min(earlier, now.until_hours - 1.0 / TICKS_PER_HOUR)
        count = _attributed(world)


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
    now, one, ahead = world.now[0], world.sectors[sector], world.ahead[sector]
    if one.level > 0:
        ahead.stops_hours = _rings_at_hours(world, STOPS, sector)
        for kind in (EXPANDS, COLLAPSES):
            _may_grow_at(world, ahead.stops_hours, _rings_at_hours(world, kind, sector))
    clock = clock_of(world, INCIDENT_OCCURS, sector)
    hours, multiplier = rings_at_hours(world, clock), world.clocks[clock].multiplier
    if not _are_known(world, sector, hours, multiplier):
        ahead.known = one.incidents
        if hours < now.until_hours:
            _find_arrivals(world, sector, hours, multiplier)
    if ahead.known > one.incidents:
        now.until_hours = min(now.until_hours, ahead.matters_hours)


@compiled_within
def _are_known(world: World, sector: int, hours: float, multiplier: float) -> bool:
    """Return whether the next arrivals are those that were found before."""
    one, ahead = world.sectors[sector], world.ahead[sector]
    if ahead.known <= one.incidents or ahead.matters_hours <= hours:
        return False
    arrives = world.arrivals[level_of(sector, one.incidents)]
    return arrives == hours and ahead.multiplier == multiplier


@compiled_within
def _find_arrivals(world: World, sector: int, hours: float, multiplier: float) -> None:
    """Find when those incidents come that are drawn, as far as they do not matter."""
    one, ahead = world.sectors[sector], world.ahead[sector]
    count = one.incidents
    if count & (one.block - 1) == 0 and one.drawn != count:
        draw_incidents(world, sector)
    last, matters = count | (one.block - 1), NEVER
    while True:
        world.arrivals[level_of(sector, count)] = hours
        matters = min(matters, hours + world.matters_hours[level_of(sector, count)])
        count += 1
        if count > last or hours >= matters:
            break
        hours = _next_hours(world, sector, count, hours, multiplier)
    if count > last:
        matters = min(matters, hours + 1.0 / TICKS_PER_HOUR)
    ahead.known = count
    ahead.multiplier = multiplier
    ahead.matters_hours = matters


@compiled_within
def _attributed(world: World) -> int:
    """Return how many of the incidents until then will be attributed, whenever that is.

    The ladders take note of the last of them that is attributed until then.
    """
    count, until = 0, world.now[0].until_hours
    for ladder in range(world.plan[0].ladders):
        world.ladders[ladder].last_heard_hours = 0.0
    for sector in range(world.plan[0].sectors):
        first, last = first_attributed(world, sector), 0.0
        index = first
        while occurs_before(world, sector, index, until):
            hours = attributed_at_hours(world, sector, index)
            last = max(last, hours if hours < until else 0.0)
            index += 1
        count += index - first
        scope = world.ladders[world.sectors[sector].ladder]
        scope.last_heard_hours = max(scope.last_heard_hours, last)
    return count


@compiled_within
def first_attributed(world: World, sector: int) -> int:
    """Return which of a sector's incidents that will be attributed is the first still to occur."""
    one, ahead = world.sectors[sector], world.ahead[sector]
    index = ahead.passed
    while index < ahead.attributed and attributed_incident(world, sector, index) < one.incidents:
        index += 1
    ahead.passed = index
    return index


@compiled_within
def occurs_before(world: World, sector: int, index: int, until_hours: float) -> bool:
    """Return whether there is one more of them, and it occurs before an hour."""
    ahead = world.ahead[sector]
    if index >= ahead.attributed:
        return False
    incident = attributed_incident(world, sector, index)
    return incident < ahead.known and world.arrivals[level_of(sector, incident)] < until_hours


@compiled_within
def attributed_incident(world: World, sector: int, index: int) -> int:
    """Return which incident that is."""
    return world.attributed[level_of(sector, world.sectors[sector].drawn) + index]


@compiled_within
def attributed_at_hours(world: World, sector: int, index: int) -> float:
    """Return when it is attributed."""
    incident = attributed_incident(world, sector, index)
    delay_hours = world.reached_hours[mark_of(sector, incident, TO_ATTRIBUTE)]
    return world.arrivals[level_of(sector, incident)] + delay_hours


@compiled_within
def _may_grow_at(world: World, stops_hours: float, hours: float) -> None:
    """See to it that a spell is seen to grow, if it does not stop before."""
    if hours < stops_hours:
        world.now[0].until_hours = min(world.now[0].until_hours, hours)


@compiled_within
def _next_hours(world: World, sector: int, count: int, hours: float, multiplier: float) -> float:
    """Return when an incident comes after one at an hour."""
    mark = mark_of(sector, count, TO_WAIT)
    if multiplier == 1.0:
        return hours + world.reached_hours[mark]
    mean, left = world.sectors[sector].incident_mean_hours, world.thresholds[mark]
    return fires_at_hours(EXPONENTIAL, mean, 0.0, hours, hours, left, multiplier)
