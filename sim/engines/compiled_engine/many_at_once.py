"""Many draws at once, and the hours that they give.

One draw after the other would keep a processor waiting for each; in loops over many of them, each
as short as a rule, the compiler makes vector instructions of the same arithmetic.
"""

from sim.engines.compiled_engine.inlining import inlined
from sim.engines.compiled_engine.world import LANES, MIXED, World
from sim.model.arithmetic import hazard_of_tail, lower_tail, score_of_smaller_tail
from sim.model.chance import chance, threshold_of
from sim.model.clocks import age_at_hazard, age_at_score, delay_hours
from sim.model.compiled import compiled_within
from sim.model.hours import on_tick
from sim.model.words import EXPONENTIAL, LOGNORMAL

_chance = inlined(chance)
_threshold_of = inlined(threshold_of)
_lower_tail = inlined(lower_tail)
_hazard_of_tail = inlined(hazard_of_tail)
_score_of_smaller_tail = inlined(score_of_smaller_tail)
_age_at_score = inlined(age_at_score)
_on_tick = inlined(on_tick)


@compiled_within
def whole_loops(count: int) -> int:
    """Return a count with which no loop has to go on one by one at its end."""
    return (count + LANES - 1) & -LANES


@compiled_within
def draw_chances(world: World, sector: int, purpose: int, begin: int, count: int) -> None:
    """Draw for a purpose what was asked for, and some more, so that the loops are whole."""
    seed, run, key = world.now[0].seed, world.now[0].run, world.sectors[sector].key
    ordinals, drawn = world.asked_ordinals, world.drawn
    for index in range(begin, begin + whole_loops(count)):
        drawn[index] = _chance(seed, run, purpose, key, ordinals[index])


@compiled_within
def find_hours(world: World, count: int, family: int) -> None:
    """Find what thresholds were drawn, and when they are reached: most families in own loops."""
    drawn, left = world.drawn, world.left
    for index in range(whole_loops(count)):
        left[index] = _threshold_of(drawn[index])
    if family in (LOGNORMAL, MIXED):
        _find_hours_of_lognormals(world, count)
    if family == EXPONENTIAL:
        first, hours = world.first, world.hours
        for index in range(whole_loops(count)):
            hours[index] = _on_tick(age_at_hazard(EXPONENTIAL, first[index], 0.0, left[index]))
    elif family != LOGNORMAL:
        _find_hours_of_others(world, count)


@compiled_within
def _find_hours_of_lognormals(world: World, count: int) -> None:
    """Find the hours as if all were lognormal.

    The loops are short so that a processor can be at work on many turns of them at once.
    """
    left, scores, hours = world.left, world.scores, world.hours
    first, second = world.first, world.second
    for index in range(whole_loops(count)):
        scores[index] = _lower_tail(left[index])
    for index in range(whole_loops(count)):
        scores[index] = _hazard_of_tail(left[index], scores[index])
    for index in range(whole_loops(count)):
        scores[index] = _score_of_smaller_tail(left[index], scores[index])
    for index in range(whole_loops(count)):
        hours[index] = _age_at_score(first[index], second[index], left[index], scores[index])
    for index in range(whole_loops(count)):
        hours[index] = _on_tick(hours[index])


@compiled_within
def _find_hours_of_others(world: World, count: int) -> None:
    """Find the hours of all that are not lognormal, one after the other."""
    for index in range(count):
        timing = world.timings[world.asked_timings[index]]
        if timing.family != LOGNORMAL:
            world.hours[index] = delay_hours(
                timing.family, timing.first, timing.second, timing.third, world.drawn[index]
            )
