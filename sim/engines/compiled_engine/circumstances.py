"""What a plan depends on: conditions, actors who may not be there, a guarantee that expires."""

from typing import Final

from sim.engines.compiled_engine.luck import drawn_chance
from sim.engines.compiled_engine.record import note
from sim.engines.compiled_engine.state import Commitment
from sim.engines.compiled_engine.waiting import wait_until
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.chance import COMMITMENT, CONDITION, chance
from sim.model.compiled import compiled_within
from sim.model.hours import COMMITMENT_IS_REVIEWED, GUARANTEE_EXPIRES, rank
from sim.model.steps import is_available
from sim.model.violations import happens, is_there_after_review

_HOLDS: Final = event("condition_holds")
_FAILS: Final = event("condition_fails")
_ABSENT: Final = event("actor_absent")
_WITHDRAWS: Final = event("actor_withdraws")
_REJOINS: Final = event("actor_rejoins")
_EXPIRES: Final = event("guarantee_expires")


@compiled_within
def begin_circumstances(world: World) -> None:
    """Draw what is the case at hour 0."""
    plan = world.plan[0]
    for index in range(plan.conditions):
        condition = world.conditions[index]
        drawn = drawn_chance(world, CONDITION, condition.key, 0)
        condition.holds = happens(drawn, condition.probability)
        note(world, _HOLDS if condition.holds else _FAILS, index, 0.0, 0.0)
    for index in range(plan.commitments):
        one = world.commitments[index]
        one.is_there = happens(drawn_chance(world, COMMITMENT, one.key, 0), one.available)
        one.reviews = 0
        if not one.is_there:
            note(world, _ABSENT, index, 0.0, 0.0)
        _await_review(world, index)
    wait_until(world, plan.expires_hours, rank(GUARANTEE_EXPIRES, 0, 0), 0.0)


@compiled_within
def _await_review(world: World, index: int) -> None:
    one = world.commitments[index]
    hours = float(one.reviews + 1) * one.review_hours
    wait_until(world, hours, rank(COMMITMENT_IS_REVIEWED, index, 0), 0.0)


@compiled_within
def commitment_is_reviewed(world: World, index: int) -> None:
    """Let an actor withdraw, rejoin, or stay as it is."""
    one = world.commitments[index]
    one.reviews += 1
    before, drawn = one.is_there, _drawn_at_review(world, one, one.reviews)
    one.is_there = is_there_after_review(before, drawn, one.withdraw, one.rejoin)
    if one.is_there != before:
        note(world, _REJOINS if one.is_there else _WITHDRAWS, index, 0.0, 0.0)
    _await_review(world, index)


@compiled_within
def _drawn_at_review(world: World, one: Commitment, review: int) -> float:
    """Return a review's draw: it may have been told before it comes, so all branches share it."""
    now = world.now[0]
    return chance(now.first_seed, now.run, COMMITMENT, one.key, review)


@compiled_within
def guarantee_expires(world: World) -> None:
    """Note that the steps that the guarantee covers are not available any more."""
    note(world, _EXPIRES, 0, 0.0, 0.0)


@compiled_within
def will_be_there(world: World, commitment: int, hours: float) -> bool:
    """Return whether an actor will stand by its commitment at an hour that is still to come.

    Chance is a function, so what later reviews bring can be told before they come.
    """
    there = is_there(world, commitment)
    if commitment < 0:
        return there
    one = world.commitments[commitment]
    count = one.reviews + 1
    while float(count) * one.review_hours <= hours:
        drawn = _drawn_at_review(world, one, count)
        there = is_there_after_review(there, drawn, one.withdraw, one.rejoin)
        count += 1
    return there


@compiled_within
def is_allowed(world: World, step: int) -> bool:
    """Return whether a step's conditions hold and its guarantee has not expired."""
    numbers = world.steps[step]
    for index in range(numbers.first_required, numbers.first_required + numbers.required):
        if not world.conditions[world.required[index]].holds:
            return False
    return is_available(world.now[0].hours, numbers.expires_hours)


@compiled_within
def is_there(world: World, commitment: int) -> bool:
    """Return whether an actor stands by its commitment; one without any always does."""
    return commitment < 0 or world.commitments[commitment].is_there
