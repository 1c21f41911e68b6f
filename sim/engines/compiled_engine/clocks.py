"""Clocks: each sector has four, each ladder three; which of all rings first is looked up.

Clocks stand in the order of their ranks, in groups. When one rings is kept in whole ticks, with its
place in the group below them: the least of these numbers, found in a few vector instructions, is
the next to ring, and of several at the same hour the first. Where groups are many, the least of
each is kept too.
"""

from typing import Final

from sim.engines.compiled_engine.world import GROUP, World
from sim.model.clocks import fires_at_hours, threshold_left
from sim.model.compiled import compiled_within
from sim.model.hours import TICKS_PER_HOUR

_BITS: Final = GROUP.bit_length() - 1
_NO_RING: Final = (1 << (32 + 32 - 1)) - 1


@compiled_within
def clock_of(world: World, kind: int, place: int) -> int:
    """Return the index of a sector's or ladder's clock."""
    return world.first_clock[kind] + place


@compiled_within
def silence_all_clocks(world: World) -> None:
    """Let no clock ring, and none of a hazard run."""
    for index in range(world.plan[0].rings):
        world.rings[index] = _NO_RING
    for clock in range(world.plan[0].clocks):
        world.clocks[clock].runs = False
        world.clocks[clock].multiplier = 1.0
        world.clocks[clock].set_hours = 0.0


@compiled_within
def _ring_at(world: World, clock: int, hours: float) -> int:
    """Return what is kept of an hour; beyond the horizon a clock never rings."""
    if hours <= world.plan[0].horizon_hours:
        return (int(hours * TICKS_PER_HOUR) << _BITS) | (clock & (GROUP - 1))
    return _NO_RING


@compiled_within
def _put(world: World, clock: int, ring: int) -> None:
    world.rings[clock] = ring
    plan = world.plan[0]
    if plan.groups > 1:
        group = clock >> _BITS
        world.rings[(plan.groups << _BITS) + group] = _least_ring(world, group << _BITS, plan.group)


@compiled_within
def _least_ring(world: World, begin: int, count: int) -> int:
    """Return the least of some rings."""
    # The count is a variable even where it is always the same, lest the loop be unrolled.
    rings, least = world.rings, _NO_RING
    for index in range(count):
        least = min(least, rings[begin + index])
    return least


@compiled_within
def next_clock(world: World) -> tuple[int, float]:
    """Return the clock that rings next, and when it does."""
    plan, begin = world.plan[0], 0
    if plan.groups > 1:
        earliest = plan.groups << _BITS
        ticks = _least_ring(world, earliest, plan.groups) >> _BITS
        while world.rings[earliest] >> _BITS != ticks:
            earliest += 1
            begin += GROUP
    ring = _least_ring(world, begin, plan.group)
    return begin + (ring & (GROUP - 1)), float(ring >> _BITS) / TICKS_PER_HOUR


@compiled_within
def rings_at_hours(world: World, clock: int) -> float:
    """Return when a clock rings; beyond the longest time that is kept if it is silent."""
    return float(world.rings[clock] >> _BITS) / TICKS_PER_HOUR


@compiled_within
def set_clock(world: World, clock: int, hours: float) -> None:
    """Let a clock ring at an hour instead of any other; beyond the horizon, never."""
    _put(world, clock, _ring_at(world, clock, hours))


@compiled_within
def silence_clock(world: World, clock: int) -> None:
    """Let a clock not ring until it is set again."""
    _put(world, clock, _NO_RING)


@compiled_within
def set_clock_no_later_than(world: World, clock: int, hours: float) -> None:
    """Let a clock ring at this hour, unless it is set to an earlier one."""
    ring = _ring_at(world, clock, hours)
    if ring < world.rings[clock]:
        _put(world, clock, ring)


@compiled_within
def start_clock(world: World, index: int, timing: int, threshold: float) -> None:
    """Begin at age zero, with a new threshold."""
    _begin(world, index, timing, threshold, world.now[0].hours)
    set_clock(world, index, _rings_at_hours(world, index))


@compiled_within
def start_known_clock(world: World, index: int, timing: int, mark: int, hours: float) -> None:
    """Begin at age zero, at an hour, with an incident's threshold, of which the hours are known.

    The hour may be past if nothing rescaled the clock since.
    """
    _begin(world, index, timing, world.thresholds[mark], hours)
    if world.clocks[index].multiplier == 1.0:
        set_clock(world, index, hours + world.reached_hours[mark])
    else:
        set_clock(world, index, _rings_at_hours(world, index))


@compiled_within
def _begin(world: World, index: int, timing: int, threshold: float, hours: float) -> None:
    clock = world.clocks[index]
    clock.timing = timing
    clock.runs = True
    clock.started_hours = hours
    clock.set_hours = hours
    clock.left = threshold


@compiled_within
def stop_clock(world: World, index: int) -> None:
    """Fall silent until it is started again."""
    if world.clocks[index].runs:
        world.clocks[index].runs = False
        silence_clock(world, index)


@compiled_within
def renew_clock(world: World, index: int, threshold: float) -> None:
    """Go on with another threshold for what is to come, if it runs."""
    clock = world.clocks[index]
    if clock.runs:
        clock.left = threshold
        clock.set_hours = world.now[0].hours
        set_clock(world, index, _rings_at_hours(world, index))


@compiled_within
def rescale_clock(world: World, index: int, multiplier: float) -> None:
    """Go on with another multiplier: what is left of the threshold is used up at its rate."""
    clock = world.clocks[index]
    if multiplier == clock.multiplier:
        return
    if clock.runs:
        timing, now_hours = world.timings[clock.timing], world.now[0].hours
        clock.left = threshold_left(
            timing.family,
            timing.first,
            timing.second,
            clock.started_hours,
            clock.set_hours,
            clock.left,
            clock.multiplier,
            now_hours,
        )
        clock.set_hours = now_hours
    clock.multiplier = multiplier
    if clock.runs:
        set_clock(world, index, _rings_at_hours(world, index))


@compiled_within
def _rings_at_hours(world: World, index: int) -> float:
    clock = world.clocks[index]
    timing = world.timings[clock.timing]
    return fires_at_hours(
        timing.family,
        timing.first,
        timing.second,
        clock.started_hours,
        clock.set_hours,
        clock.left,
        clock.multiplier,
    )
