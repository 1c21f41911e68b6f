"""The aggressor's doctrine in a sector: which fighting breaks off, and when."""

from sim.engines.compiled_engine.clocks import clock_of, set_clock, silence_clock
from sim.engines.compiled_engine.hearing import is_by_defender
from sim.engines.compiled_engine.luck import drawn_chance
from sim.engines.compiled_engine.world import World
from sim.model.chance import DOCTRINE, ordinal_of_violation
from sim.model.compiled import compiled_within
from sim.model.hours import BREAKS_OFF
from sim.model.steps import falls_below, rises_to
from sim.model.violations import happens
from sim.model.words import RESUMED


@compiled_within
def ordinal_of_fighting(world: World, sector: int) -> int:
    """Return the ordinal of the violation that the fighting goes back to, at its level."""
    one = world.sectors[sector]
    return ordinal_of_violation(one.origin, one.level, one.count)


@compiled_within
def doctrine_applies(world: World, sector: int, before: int, level: int) -> None:
    """See whether fighting that reaches the doctrine's level follows it."""
    numbers = world.plan[0].doctrine
    if numbers.share <= 0.0:
        return
    clock = clock_of(world, BREAKS_OFF, sector)
    if rises_to(before, level, numbers.level) and _follows(world, sector):
        set_clock(world, clock, world.now[0].hours + numbers.break_off_hours)
    elif falls_below(before, level, numbers.level):
        silence_clock(world, clock)


@compiled_within
def _follows(world: World, sector: int) -> bool:
    """Return whether the fighting in a sector is the aggressor's and follows the doctrine."""
    one, ordinal = world.sectors[sector], ordinal_of_fighting(world, sector)
    if one.origin == RESUMED:
        return True
    if is_by_defender(world, sector, ordinal):
        return False
    drawn = drawn_chance(world, DOCTRINE, one.key, ordinal)
    return happens(drawn, world.plan[0].doctrine.share)
