"""Draws of the run that is being played."""

from sim.engines.compiled_engine.numbers import Timing
from sim.engines.compiled_engine.state import Fork
from sim.engines.compiled_engine.world import World
from sim.model.chance import (
    chance,
    count_of_violation,
    level_of_violation,
    origin_of_violation,
    threshold,
)
from sim.model.clocks import delay_hours
from sim.model.compiled import compiled_within
from sim.model.words import ATTACK, CONSTANT, INCIDENT


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
    return delay_with_seed(world, timing, world.now[0].seed, purpose, entity, ordinal)


@compiled_within
def delay_with_seed(
    world: World, timing: Timing, seed: int, purpose: int, entity: int, ordinal: int
) -> float:
    """Return a delay that is drawn with the seed of an earlier part of the run."""
    drawn = 1.0
    if timing.family != CONSTANT:
        drawn = chance(seed, world.now[0].run, purpose, entity, ordinal)
    return delay_hours(timing.family, timing.first, timing.second, timing.third, drawn)


@compiled_within
def seed_of_violation(world: World, sector: int, ordinal: int) -> int:
    """Return the seed that was in use when a violation began, for what is drawn once more."""
    now, sectors = world.now[0], world.plan[0].sectors
    for fork in range(now.forks):
        before = world.forks[fork * sectors + sector]
        if _had_begun(before, ordinal):
            return before.seed
    return now.seed


@compiled_within
def _had_begun(before: Fork, ordinal: int) -> bool:
    """Return whether a violation had begun when the run branched off.

    Of the fighting at that time, what it rose to later had not.
    """
    origin, count = origin_of_violation(ordinal), count_of_violation(ordinal)
    if before.level > 0 and origin == before.origin and count == before.count:
        return level_of_violation(ordinal) <= before.level
    if origin == INCIDENT:
        return count < before.incidents
    return count < (before.attacks if origin == ATTACK else before.resumptions)
