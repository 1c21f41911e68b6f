"""Credibility during a run: what is believed of promises, and what that does to violations."""

import math

from sim.engines.compiled_engine.world import World
from sim.model.compiled import compiled_within
from sim.model.credibility import credibility, credibility_factor, remembered


@compiled_within
def begin_credibility(world: World) -> None:
    """Start with the prior."""
    now = world.now[0]
    now.kept = 0.0
    now.broken = 0.0
    now.promises_hours = 0.0
    now.on_incidents = 1.0
    now.on_attack = 1.0
    now.on_expand = 1.0


@compiled_within
def promise_counts(world: World, kept: bool) -> None:  # noqa: FBT001 - a fact
    """Take note of a promise that was kept or broken now."""
    _fade(world)
    world.now[0].kept += 1.0 if kept else 0.0
    world.now[0].broken += 0.0 if kept else 1.0
    renew(world)


@compiled_within
def renew(world: World) -> None:
    """Let the factors be those of what is remembered now."""
    now, numbers = world.now[0], world.plan[0].credibility
    if numbers.is_counted:
        _fade(world)
        mean = credibility(numbers.kept, numbers.broken, now.kept, now.broken)
        first = credibility(numbers.kept, numbers.broken, 0.0, 0.0)
        now.on_incidents = credibility_factor(numbers.incidents, mean, first)
        now.on_attack = credibility_factor(numbers.attack, mean, first)
        now.on_expand = credibility_factor(numbers.expand, mean, first)


@compiled_within
def credibility_at_end(world: World) -> float:
    """Return credibility now; none if it is not counted."""
    now, numbers = world.now[0], world.plan[0].credibility
    if not numbers.is_counted:
        return math.nan
    _fade(world)
    return credibility(numbers.kept, numbers.broken, now.kept, now.broken)


@compiled_within
def _fade(world: World) -> None:
    now = world.now[0]
    half_life, hours = world.plan[0].credibility.half_life_hours, now.hours - now.promises_hours
    now.kept = remembered(now.kept, half_life, hours)
    now.broken = remembered(now.broken, half_life, hours)
    now.promises_hours = now.hours
