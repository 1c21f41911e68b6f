"""How long voters take to answer: members of a group are many, and are drawn together."""

from sim.engines.compiled_engine.inlining import inlined
from sim.engines.compiled_engine.luck import drawn_delay_hours
from sim.engines.compiled_engine.many_at_once import find_hours, whole_loops
from sim.engines.compiled_engine.world import BLOCK, World
from sim.model.chance import ANSWER_DELAY, PARLIAMENT_DELAY, chance
from sim.model.compiled import compiled_within
from sim.model.words import LOGNORMAL

_chance = inlined(chance)


@compiled_within
def draw_answers(world: World, step: int, sector: int, ordinal: int) -> None:
    """Draw how long the voters of a step take, asked over a violation that a sector's key is for.

    Most take log-normal times, which are drawn in loops of their own.
    """
    numbers = world.steps[step]
    for place in range(numbers.first_voter, numbers.first_voter + numbers.voters):
        world.answer_hours[place] = 0.0
    _draw_parts_of_answers(world, step, sector, ordinal, ANSWER_DELAY)
    _draw_parts_of_answers(world, step, sector, ordinal, PARLIAMENT_DELAY)


@compiled_within
def _draw_parts_of_answers(
    world: World, step: int, sector: int, ordinal: int, purpose: int
) -> None:
    """Add to each voter's time how long it takes itself, or its parliament."""
    numbers, sectors, count = world.steps[step], world.plan[0].sectors, 0
    for place in range(numbers.first_voter, numbers.first_voter + numbers.voters):
        key, voter = world.voter_keys[place * sectors + sector], world.voters[place]
        timing = voter.decision if purpose == ANSWER_DELAY else voter.parliament
        if timing.family != LOGNORMAL:
            hours = drawn_delay_hours(world, timing, purpose, key, ordinal)
            world.answer_hours[place] += hours
            continue
        world.asked_places[count] = place
        world.asked_ordinals[count] = key
        world.first[count], world.second[count] = timing.first, timing.second
        count += 1
        if count == BLOCK:
            _add_lognormals(world, purpose, ordinal, count)
            count = 0
    _add_lognormals(world, purpose, ordinal, count)


@compiled_within
def _add_lognormals(world: World, purpose: int, ordinal: int, count: int) -> None:
    """Add to voters' times what is drawn with the keys that are asked for."""
    seed, run, keys = world.now[0].seed, world.now[0].run, world.asked_ordinals
    drawn = world.drawn
    for index in range(whole_loops(count)):
        drawn[index] = _chance(seed, run, purpose, keys[index], ordinal)
    find_hours(world, count, LOGNORMAL)
    for index in range(count):
        world.answer_hours[world.asked_places[index]] += world.hours[index]
