"""What makes incidents more or less frequent on the whole line, one piece of time after another."""

from typing import Final

from sim.engines.compiled_engine.arrivals import calm
from sim.engines.compiled_engine.clocks import clock_of, set_clock
from sim.engines.compiled_engine.credibility import renew
from sim.engines.compiled_engine.luck import drawn_chance
from sim.engines.compiled_engine.record import note
from sim.engines.compiled_engine.rescaling import rescale_everything
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.chance import DAY
from sim.model.compiled import compiled_within
from sim.model.hours import NEVER, TREND_TURNS
from sim.model.rates import (
    build_up_factor,
    day_factor,
    day_logarithm_after,
    day_logarithm_at_start,
    erosion_after,
    erosion_recommitted,
    heavy_ratio,
    hour_of_day_factor,
    last_midnight_hours,
    mean_erosion,
    mean_progress,
    next_turn_hours,
)

_RECOMMITMENT: Final = event("recommitment")


@compiled_within
def begin_trend(world: World) -> None:
    """Start with restraint that has not eroded yet, and begin the first piece of time."""
    now, numbers = world.now[0], world.plan[0].trend
    now.restraint = 1.0
    now.restraint_hours = 0.0
    now.midnight_hours = 0.0
    now.days = 0
    now.recommitted = 0
    now.build_up_began_hours = NEVER
    now.heavy_ratio = 1.0
    now.day_logarithm = 0.0
    if numbers.innovation_sd > 0.0:
        drawn = drawn_chance(world, DAY, 0, 0)
        now.day_logarithm = day_logarithm_at_start(
            numbers.persistence, numbers.innovation_sd, drawn
        )
    begin_piece(world)


@compiled_within
def begin_piece(world: World) -> None:
    """Let the rate be what it is from now until the next turn."""
    now, plan = world.now[0], world.plan[0]
    numbers = plan.trend
    now.restraint = erosion_after(
        now.restraint, numbers.doubling_hours, numbers.cap, now.hours - now.restraint_hours
    )
    now.restraint_hours = now.hours
    _recommit(world)
    _begin_day(world)
    builds_up = now.build_up_began_hours < NEVER
    until = next_turn_hours(now.hours, plan.by_day or builds_up, plan.by_night)
    if now.recommitted < plan.recommitments:
        until = min(until, world.recommitments[now.recommitted].hours)
    set_clock(world, clock_of(world, TREND_TURNS, 0), until)
    now.trend = (
        mean_erosion(now.restraint, numbers.doubling_hours, numbers.cap, until - now.hours)
        * day_factor(now.day_logarithm, numbers.persistence, numbers.innovation_sd)
        * hour_of_day_factor(now.hours, numbers.night_to_day)
    )
    if builds_up:
        _build_up(world, until)
    rescale_everything(world)


@compiled_within
def _recommit(world: World) -> None:
    """Let the recommitments that are due now have their effect."""
    now, plan = world.now[0], world.plan[0]
    while (
        now.recommitted < plan.recommitments
        and world.recommitments[now.recommitted].hours <= now.hours
    ):
        factor = world.recommitments[now.recommitted].factor
        now.recommitted += 1
        now.restraint = erosion_recommitted(now.restraint, factor, plan.trend.cap)
        note(world, _RECOMMITMENT, 0, factor, 0.0)
        for sector in range(plan.sectors):
            calm(world, sector, factor)


@compiled_within
def _begin_day(world: World) -> None:
    """Draw the factor of a day that begins now; what is known of promises fades too."""
    now, numbers = world.now[0], world.plan[0].trend
    midnight = last_midnight_hours(now.hours)
    if midnight > now.midnight_hours:
        now.midnight_hours = midnight
        now.days += 1
        if numbers.innovation_sd > 0.0:
            drawn = drawn_chance(world, DAY, 0, now.days)
            now.day_logarithm = day_logarithm_after(
                now.day_logarithm, numbers.persistence, numbers.innovation_sd, drawn
            )
        renew(world)


@compiled_within
def begin_build_up(world: World) -> None:
    """Let the rate, and the share of heavy incidents, rise towards an attack."""
    world.now[0].build_up_began_hours = world.now[0].hours
    begin_piece(world)


@compiled_within
def end_build_up(world: World) -> None:
    """Let both be what they are without an attack in sight."""
    world.now[0].build_up_began_hours = NEVER
    world.now[0].heavy_ratio = 1.0
    begin_piece(world)


@compiled_within
def _build_up(world: World, until_hours: float) -> None:
    now, precursor = world.now[0], world.plan[0].precursor
    began = now.build_up_began_hours
    progress = mean_progress(now.hours - began, until_hours - began, precursor.hours)
    now.trend *= build_up_factor(precursor.rate, progress)
    light_share = world.levels[1].share_up_to
    now.heavy_ratio = heavy_ratio(light_share, precursor.heavy_share, progress)
