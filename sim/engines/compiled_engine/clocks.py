"""Clocks: each sector has four, each ladder three; a tree tells which of all rings first.

The tree is a knockout tournament: each node holds the winner of the two below it. Clocks stand in
the order of their ranks, so that of two that ring at the same hour the left one wins, and moving
a clock costs a walk to the root.
"""

from sim.engines.compiled_engine.world import Timing, World
from sim.model.clocks import fires_at_hours, threshold_left
from sim.model.compiled import compiled_within
from sim.model.hours import NEVER
from sim.model.words import EXPONENTIAL


@compiled_within
def clock_of(world: World, kind: int, place: int) -> int:
    """Return the index of a sector's or ladder's clock."""
    return world.first_clock[kind] + place


@compiled_within
def set_clock(world: World, clock: int, hours: float) -> None:
    """Let a clock ring at an hour instead of any other; beyond the horizon, never."""
    plan, tree, rings = world.plan[0], world.tree, world.rings_at_hours
    at_hours = hours if hours <= plan.horizon_hours else NEVER
    if at_hours == rings[clock]:
        return
    rings[clock] = at_hours
    node = (plan.leaves + clock) >> 1
    while node > 0:
        left, right = tree[node + node], tree[node + node + 1]
        first = left if rings[left] <= rings[right] else right
        # A match that another clock won before and wins now decides nothing further up.
        if first == tree[node] and first != clock:
            return
        tree[node] = first
        node >>= 1


@compiled_within
def set_clock_no_later_than(world: World, clock: int, hours: float) -> None:
    """Let a clock ring at this hour, unless it is set to an earlier one."""
    if hours < world.rings_at_hours[clock]:
        set_clock(world, clock, hours)


@compiled_within
def start_clock(world: World, index: int, timing: Timing, threshold: float) -> None:
    """Begin at age zero, with a new threshold."""
    now_hours = world.now[0].hours
    clock = world.clocks[index]
    clock.timing.family = timing.family
    clock.timing.first = timing.first
    clock.timing.second = timing.second
    clock.runs = True
    clock.started_hours = now_hours
    clock.set_hours = now_hours
    clock.left = threshold
    set_clock(world, index, _rings_at_hours(world, index))


@compiled_within
def start_steady_clock(world: World, index: int, mean_hours: float, threshold: float) -> None:
    """Begin with a hazard that does not depend on the age."""
    now_hours = world.now[0].hours
    clock = world.clocks[index]
    clock.timing.family = EXPONENTIAL
    clock.timing.first = mean_hours
    clock.timing.second = 0.0
    clock.runs = True
    clock.started_hours = now_hours
    clock.set_hours = now_hours
    clock.left = threshold
    set_clock(world, index, _rings_at_hours(world, index))


@compiled_within
def stop_clock(world: World, index: int) -> None:
    """Fall silent until it is started again."""
    world.clocks[index].runs = False
    set_clock(world, index, NEVER)


@compiled_within
def rescale_clock(world: World, index: int, multiplier: float) -> None:
    """Go on with another multiplier: what is left of the threshold is used up at its rate."""
    clock = world.clocks[index]
    if multiplier == clock.multiplier:
        return
    if clock.runs:
        now_hours = world.now[0].hours
        clock.left = threshold_left(
            clock.timing.family,
            clock.timing.first,
            clock.timing.second,
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
    return fires_at_hours(
        clock.timing.family,
        clock.timing.first,
        clock.timing.second,
        clock.started_hours,
        clock.set_hours,
        clock.left,
        clock.multiplier,
    )
