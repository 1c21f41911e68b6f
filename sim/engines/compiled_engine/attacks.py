"""The aggressor's decision to attack, what comes before the attack, and whom it strikes."""

from typing import Final

from sim.engines.compiled_engine.clocks import clock_of, start_clock, stop_clock
from sim.engines.compiled_engine.hearing import look_at
from sim.engines.compiled_engine.luck import drawn_threshold
from sim.engines.compiled_engine.record import note
from sim.engines.compiled_engine.sector import is_cut_off, rise
from sim.engines.compiled_engine.trend import begin_build_up, end_build_up
from sim.engines.compiled_engine.waiting import wait_until
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.chance import ATTACK_SECTOR, ATTACK_WAIT, ordinal_of_violation
from sim.model.compiled import compiled_within
from sim.model.hours import ATTACKS, NEVER, rank
from sim.model.violations import level_after_incident, place_in_attack
from sim.model.words import ATTACK, BY_ATTACK

_ATTACK: Final = event("attack")
_PREPARED: Final = event("attack_prepared")


@compiled_within
def await_attack(world: World) -> None:
    """Let the next decision to attack be on its way."""
    plan = world.plan[0]
    if plan.attack_mean_hours < NEVER:
        drawn = drawn_threshold(world, ATTACK_WAIT, 0, world.now[0].attacks)
        start_clock(world, clock_of(world, ATTACKS, 0), plan.attack_timing, drawn)


@compiled_within
def attack_is_decided(world: World) -> None:
    """Attack now, or after a build-up."""
    now, hours, clock = world.now[0], world.plan[0].precursor.hours, clock_of(world, ATTACKS, 0)
    if hours <= 0.0:
        attack_comes(world)
        return
    stop_clock(world, clock)
    note(world, _PREPARED, 0, float(now.attacks + 1), hours)
    begin_build_up(world)
    wait_until(world, now.hours + hours, rank(ATTACKS, 0, 1), 0.0)


@compiled_within
def build_up_is_over(world: World) -> None:
    """Attack at the end of a build-up."""
    end_build_up(world)
    attack_comes(world)


@compiled_within
def attack_comes(world: World) -> None:
    """Attack some sectors, drawn by their shares."""
    now, plan = world.now[0], world.plan[0]
    count = now.attacks
    now.attacks = count + 1
    note(world, _ATTACK, 0, float(count + 1), float(plan.attack_sectors))
    if is_cut_off(world):
        return
    await_attack(world)
    for sector in range(plan.sectors):
        one = world.sectors[sector]
        drawn = drawn_threshold(world, ATTACK_SECTOR, one.key, count)
        one.place_in_attack = place_in_attack(drawn, one.share)
        one.is_attacked = False
    for _ in range(plan.attack_sectors):
        _attack_sector(world, _next_target(world), count)


@compiled_within
def _next_target(world: World) -> int:
    """Return the sector that stands next in the attack's order."""
    target = -1
    for sector in range(world.plan[0].sectors):
        one = world.sectors[sector]
        ahead = target < 0 or one.place_in_attack < world.sectors[target].place_in_attack
        if not one.is_attacked and ahead:
            target = sector
    return target


@compiled_within
def _attack_sector(world: World, sector: int, count: int) -> None:
    """Let a sector be one of those that the count-th attack takes."""
    one, last = world.sectors[sector], world.plan[0].last_level
    one.is_attacked = True
    if level_after_incident(one.level, last) > one.level:
        rise(world, sector, last, ATTACK, count, BY_ATTACK)
    look_at(world, sector, last, ordinal_of_violation(ATTACK, last, count))
