"""Letting clocks go on under other multipliers: of steps in force, of credibility, of the trend."""

from sim.engines.compiled_engine.arrivals import modify_arrivals
from sim.engines.compiled_engine.clocks import clock_of, rescale_clock
from sim.engines.compiled_engine.world import World
from sim.model.compiled import compiled_within
from sim.model.hours import ATTACKS, COLLAPSES, EXPANDS, STOPS
from sim.model.votes import effect_of_share
from sim.model.words import IN_FORCE


@compiled_within
def rescale_the_fighting(world: World, ladder: int) -> None:
    """Let every clock in a ladder's scope run under the product of the steps in force."""
    now, plan, scope = world.now[0], world.plan[0], world.ladders[ladder]
    stop = expands = collapse = incidents = 1.0
    for step in range(plan.steps if scope.is_open else 0):
        climb, numbers = world.climbs[ladder * plan.steps + step], world.steps[step]
        if climb.state == IN_FORCE:
            stop *= effect_of_share(numbers.stop, climb.effect_share)
            expands *= effect_of_share(numbers.expand, climb.effect_share)
            collapse *= effect_of_share(numbers.collapse, climb.effect_share)
            incidents *= effect_of_share(numbers.incidents, climb.effect_share)
    for sector in range(scope.first_sector, scope.first_sector + scope.sectors):
        rescale_clock(world, clock_of(world, STOPS, sector), stop)
        rescale_clock(world, clock_of(world, EXPANDS, sector), expands * now.on_expand)
        rescale_clock(world, clock_of(world, COLLAPSES, sector), collapse)
        modify_arrivals(world, sector, incidents * now.on_incidents, now.trend)


@compiled_within
def rescale_everything(world: World) -> None:
    """Let all clocks go on under what multiplies their hazards now."""
    rescale_clock(world, clock_of(world, ATTACKS, 0), world.now[0].on_attack)
    for ladder in range(world.plan[0].ladders):
        rescale_the_fighting(world, ladder)
