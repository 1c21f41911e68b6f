"""Whether the fighting in a ladder's sectors is what the plan's steps need."""

from sim.engines.compiled_engine.world import World
from sim.model.compiled import compiled_within
from sim.model.hours import NEVER
from sim.model.steps import (
    falls_below,
    fighting_counts_from_hours,
    long_enough_at_hours,
    need_is_met,
    rises_to,
    sector_is_in_need,
)


@compiled_within
def needs_change(world: World, sector: int, before: int, level: int) -> None:
    """Take note that a sector's fighting rose or stopped now."""
    now_hours, plan = world.now[0].hours, world.plan[0]
    for step in range(plan.steps):
        numbers = world.steps[step]
        fought = world.fought[step * plan.sectors + sector]
        if rises_to(before, level, numbers.need_level):
            fought.since_hours = fighting_counts_from_hours(
                fought.since_hours, fought.until_hours, now_hours, numbers.within_hours
            )
            fought.fights = True
        elif falls_below(before, level, numbers.need_level):
            fought.fights = False
            fought.until_hours = now_hours


@compiled_within
def is_needed(world: World, ladder: int, step: int) -> bool:
    """Return whether enough of a ladder's sectors are in need of a step now."""
    numbers, scope = world.steps[step], world.ladders[ladder]
    first = step * world.plan[0].sectors + scope.first_sector
    in_need = 0
    if numbers.need_level > 0:
        for index in range(first, first + scope.sectors):
            fought = world.fought[index]
            in_need += sector_is_in_need(
                fought.fights,
                fought.since_hours,
                fought.until_hours,
                world.now[0].hours,
                numbers.within_hours,
                numbers.sustained_hours,
            )
    return need_is_met(numbers.need_level, in_need, numbers.need_sectors)


@compiled_within
def next_long_enough_hours(world: World, ladder: int, step: int) -> float:
    """Return the next hour at which a sector will have fought for long enough for a step."""
    sustained, scope = world.steps[step].sustained_hours, world.ladders[ladder]
    first = step * world.plan[0].sectors + scope.first_sector
    earliest = NEVER
    for index in range(first, first + scope.sectors):
        since = world.fought[index].since_hours
        reached = long_enough_at_hours(since, sustained, world.now[0].hours)
        earliest = min(earliest, reached)
    return earliest
