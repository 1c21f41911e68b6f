"""A step of the plan in a ladder's crisis: called, decided, deployed, armed, in force."""

from typing import Final

from sim.engines.compiled_engine.circumstances import is_allowed
from sim.engines.compiled_engine.deciding import (
    ask_everybody,
    clock_shows,
    note_of_step,
    share_behind,
    step_chance,
)
from sim.engines.compiled_engine.needs import is_needed, next_long_enough_hours
from sim.engines.compiled_engine.rescaling import rescale_the_fighting
from sim.engines.compiled_engine.sector import expand
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.chance import PROVOCATION
from sim.model.compiled import compiled_within
from sim.model.hours import NEVER, hour_at
from sim.model.steps import (
    is_by_deadline,
    is_under_way,
    next_look_hours,
    over_at_hours,
    state_after_review,
)
from sim.model.violations import happens, level_after_expansion
from sim.model.words import ARMED, BY_PROVOCATION, DECIDING, IN_FORCE, NOT_CALLED

_CALLED: Final = event("step_called")
_ARMED: Final = event("step_armed")
_IN_FORCE: Final = event("step_in_force")
_PROVOKES: Final = event("step_provokes")
_STOOD_DOWN: Final = event("step_stood_down")
_ENDS: Final = event("step_ends")


@compiled_within
def begin_step(world: World, ladder: int, step: int) -> None:
    """Let a step stand at its beginning as a crisis opens."""
    numbers, clock_hours = world.steps[step], world.ladders[ladder].clock_hours
    climb = world.climbs[ladder * world.plan[0].steps + step]
    climb.state = NOT_CALLED
    climb.call_from_hours = hour_at(clock_hours, numbers.decide_from_hours)
    climb.due_hours = hour_at(clock_hours, numbers.deadline_hours)
    climb.is_promised = climb.due_hours < NEVER
    climb.called_hours = NEVER
    climb.decided_hours = NEVER
    climb.deployed_hours = NEVER
    climb.ready_hours = NEVER
    climb.over_hours = NEVER
    climb.in_force_hours = NEVER
    climb.effect_share = 1.0
    climb.last_decider = -1


@compiled_within
def is_called_for(world: World, ladder: int, step: int) -> bool:
    """Return whether a step's need is met, and what it depends on is the case."""
    return is_allowed(world, step) and is_needed(world, ladder, step)


@compiled_within
def review(world: World, ladder: int, step: int) -> None:
    """Move a step on if the rules say so."""
    climb = world.climbs[ladder * world.plan[0].steps + step]
    now_hours, needed = world.now[0].hours, is_called_for(world, ladder, step)
    state = state_after_review(
        climb.state,
        needed,
        now_hours,
        climb.call_from_hours,
        climb.ready_hours,
        climb.over_hours,
    )
    if state == climb.state:
        return
    climb.state = state
    if state == DECIDING:
        climb.called_hours = now_hours
        note_of_step(world, _CALLED, ladder, step, clock_shows(world, ladder), 0.0)
        ask_everybody(world, ladder, step)
    elif state == ARMED:
        note_of_step(world, _ARMED, ladder, step, clock_shows(world, ladder), 0.0)
    elif state == IN_FORCE:
        _come_into_force(world, ladder, step)
    else:
        _end(world, ladder, step)


@compiled_within
def next_look(world: World, ladder: int, step: int) -> float:
    """Return the hour at which time alone may move a step on."""
    climb = world.climbs[ladder * world.plan[0].steps + step]
    long_enough = next_long_enough_hours(world, ladder, step)
    return next_look_hours(
        climb.state,
        world.now[0].hours,
        climb.call_from_hours,
        climb.ready_hours,
        long_enough,
        climb.over_hours,
    )


@compiled_within
def _come_into_force(world: World, ladder: int, step: int) -> None:
    climb = world.climbs[ladder * world.plan[0].steps + step]
    climb.in_force_hours = world.now[0].hours
    climb.over_hours = over_at_hours(climb.in_force_hours, world.steps[step].lasts_hours)
    climb.effect_share = share_behind(world, ladder, step)
    on_time = 1.0 if is_by_deadline(climb.in_force_hours, climb.due_hours) else 0.0
    note_of_step(world, _IN_FORCE, ladder, step, clock_shows(world, ladder), on_time)
    rescale_the_fighting(world, ladder)
    drawn = step_chance(world, PROVOCATION, ladder, step)
    if happens(drawn, world.steps[step].provoke_probability):
        _provoke(world, ladder, step)


@compiled_within
def _end(world: World, ladder: int, step: int) -> None:
    note_of_step(world, _ENDS, ladder, step, clock_shows(world, ladder), 0.0)
    rescale_the_fighting(world, ladder)


@compiled_within
def _provoke(world: World, ladder: int, step: int) -> None:
    """Raise the hardest fighting in the scope by one level, if there is such a level."""
    scope = world.ladders[ladder]
    hardest = scope.first_sector
    for sector in range(scope.first_sector, scope.first_sector + scope.sectors):
        if world.sectors[sector].level > world.sectors[hardest].level:
            hardest = sector
    level = world.sectors[hardest].level
    if level_after_expansion(level, world.plan[0].last_level) > level:
        note_of_step(world, _PROVOKES, ladder, step, float(hardest), 0.0)
        expand(world, hardest, BY_PROVOCATION)


@compiled_within
def stand_down(world: World, ladder: int, step: int) -> None:
    """Let a step end with its crisis."""
    if is_under_way(world.climbs[ladder * world.plan[0].steps + step].state):
        note_of_step(world, _STOOD_DOWN, ladder, step, clock_shows(world, ladder), 0.0)
