"""Draws of the run that is being played."""

from sim.engines.compiled_engine.numbers import Timing
from sim.engines.compiled_engine.world import World
from sim.model.chance import chance, threshold
from sim.model.clocks import delay_hours
from sim.model.compiled import compiled_within
from sim.model.words import CONSTANT


@compiled_within
def drawn_chance(world: World, purpose: int, entity: int, ordinal: int) -> float:
    """Return this run's draw for a purpose (`sim.model.chance`)."""
    now = world.now[0]
    return chance(now.seed, now.run, purpose, entity, ordinal)


@compiled_within
def drawn_threshold(world: World, purpose: int, entity: int, ordinal: int) -> float:
    """Return this run's unit-exponential threshold for a purpose."""
    now = world.now[0]
    return threshold(now.seed, now.run, purpose, entity, ordinal)


@compiled_within
def drawn_delay_hours(
    world: World, timing: Timing, purpose: int, entity: int, ordinal: int
) -> float:
    """Return this run's delay for a purpose; one that is always the same needs no draw."""
    drawn = 1.0
    if timing.family != CONSTANT:
        drawn = drawn_chance(world, purpose, entity, ordinal)
    return delay_hours(timing.family, timing.first, timing.second, timing.third, drawn)
