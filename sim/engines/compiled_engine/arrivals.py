"""How a sector's next incident comes: at a rate, at one that incidents raise, or by record."""

from sim.engines.compiled_engine.clocks import (
    clock_of,
    renew_clock,
    rescale_clock,
    set_clock,
    silence_clock,
    start_known_clock,
)
from sim.engines.compiled_engine.drawing import draw_waits, mark_of
from sim.engines.compiled_engine.world import TO_WAIT, World
from sim.model.compiled import compiled_within
from sim.model.hours import INCIDENT_OCCURS, NEVER
from sim.model.rates import (
    excitation_after,
    excitation_of_incident,
    excited_incident_hours,
    excited_threshold_left,
)
from sim.model.words import HAWKES, POISSON, REPLAY


@compiled_within
def await_incident(world: World, sector: int) -> None:
    """Let the next incident of a sector be on its way, with a threshold of its own."""
    one, process = world.sectors[sector], world.plan[0].process
    if process == REPLAY:
        _await_recorded(world, sector)
        return
    if one.incident_mean_hours == NEVER:
        return
    if one.incidents & (one.block - 1) == 0:
        draw_waits(world, sector)
    mark = mark_of(sector, one.incidents, TO_WAIT)
    index = clock_of(world, INCIDENT_OCCURS, sector)
    if process == POISSON:
        start_known_clock(world, index, one.incident_timing, mark, world.now[0].hours)
        return
    _come_to_now(world, sector)
    world.clocks[index].runs = True
    world.clocks[index].left = world.thresholds[mark]
    _set(world, sector)


@compiled_within
def _await_recorded(world: World, sector: int) -> None:
    one = world.sectors[sector]
    if one.incidents < one.recorded:
        hours = world.recorded[one.first_recorded + one.incidents].hours
        set_clock(world, clock_of(world, INCIDENT_OCCURS, sector), hours)
    else:
        silence_clock(world, clock_of(world, INCIDENT_OCCURS, sector))


@compiled_within
def modify_arrivals(world: World, sector: int, multiplier: float, trend: float) -> None:
    """Go on at another rate: the multiplier is on all of it, the trend on the background."""
    process, index = world.plan[0].process, clock_of(world, INCIDENT_OCCURS, sector)
    if process == POISSON:
        rescale_clock(world, index, multiplier * trend)
    elif process == HAWKES:
        one, clock = world.sectors[sector], world.clocks[index]
        if multiplier != clock.multiplier or trend != one.trend:
            _come_to_now(world, sector)
            clock.multiplier = multiplier
            one.trend = trend
            _set(world, sector)


@compiled_within
def excite(world: World, sector: int) -> None:
    """Take note of an incident, which may raise the rate."""
    plan = world.plan[0]
    if plan.process == HAWKES:
        _come_to_now(world, sector)
        excitation = excitation_of_incident(plan.branching_ratio, plan.decay_hours)
        world.sectors[sector].excitation += excitation
        world.clocks[clock_of(world, INCIDENT_OCCURS, sector)].runs = False


@compiled_within
def calm(world: World, sector: int, factor: float) -> None:
    """Take note of a recommitment: what excites now does so by that factor."""
    if world.plan[0].process == HAWKES:
        _come_to_now(world, sector)
        world.sectors[sector].excitation *= factor
        _set(world, sector)


@compiled_within
def renew_wait(world: World, sector: int, threshold: float) -> None:
    """Let the next incident come by another threshold; one on record comes at its hour."""
    process, index = world.plan[0].process, clock_of(world, INCIDENT_OCCURS, sector)
    if process == POISSON:
        renew_clock(world, index, threshold)
    elif process == HAWKES and world.clocks[index].runs:
        _come_to_now(world, sector)
        world.clocks[index].left = threshold
        _set(world, sector)


@compiled_within
def _come_to_now(world: World, sector: int) -> None:
    """Use up the threshold, and let the excitation decay, until now."""
    one, clock = world.sectors[sector], world.clocks[clock_of(world, INCIDENT_OCCURS, sector)]
    now_hours, decay_hours = world.now[0].hours, world.plan[0].decay_hours
    hours = now_hours - clock.set_hours
    if clock.runs:
        clock.left = excited_threshold_left(
            clock.left,
            clock.multiplier,
            one.trend / one.incident_mean_hours,
            one.excitation,
            decay_hours,
            hours,
        )
    one.excitation = excitation_after(one.excitation, decay_hours, hours)
    clock.set_hours = now_hours


@compiled_within
def _set(world: World, sector: int) -> None:
    one, index = world.sectors[sector], clock_of(world, INCIDENT_OCCURS, sector)
    clock = world.clocks[index]
    if clock.runs:
        hours = excited_incident_hours(
            clock.set_hours,
            clock.left,
            clock.multiplier,
            one.trend / one.incident_mean_hours,
            one.excitation,
            world.plan[0].decay_hours,
        )
        set_clock(world, index, hours)
