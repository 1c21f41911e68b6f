"""A sector's next incidents, many at once: what belongs to their numbers, whatever their hours."""

from sim.engines.compiled_engine.many_at_once import draw_chances, find_hours
from sim.engines.compiled_engine.world import (
    BLOCK,
    KINDS_OF_MARKS,
    MIXED,
    TO_ATTRIBUTE,
    TO_COLLAPSE,
    TO_DETECT,
    TO_EXPAND,
    TO_STOP,
    TO_WAIT,
    World,
)
from sim.model.chance import (
    ATTRIBUTION,
    ATTRIBUTION_DELAY,
    COLLAPSE,
    DETECTION,
    DETECTION_DELAY,
    EXPANSION,
    INCIDENT_LEVEL,
    INCIDENT_WAIT,
    STOP,
    ordinal_of_violation,
)
from sim.model.compiled import compiled_within
from sim.model.hours import NEVER
from sim.model.violations import happens, is_at_most_this_level
from sim.model.words import INCIDENT


@compiled_within
def mark_of(sector: int, incident: int, kind: int) -> int:
    """Return the index of an incident's mark, while its block is the one that was drawn."""
    return (sector * KINDS_OF_MARKS + kind) * BLOCK + (incident & (BLOCK - 1))


@compiled_within
def level_of(sector: int, incident: int) -> int:
    """Return the index of an incident's level, likewise."""
    return sector * BLOCK + (incident & (BLOCK - 1))


@compiled_within
def draw_waits(world: World, sector: int) -> None:
    """Draw the waits for a sector's next incidents, as many as a block holds."""
    one = world.sectors[sector]
    for place in range(one.block):
        world.asked_places[place] = place
        world.asked_ordinals[place] = one.incidents + place
        world.first[place] = one.incident_mean_hours
    _draw_marks(world, sector, INCIDENT_WAIT, TO_WAIT, one.block)


@compiled_within
def draw_incidents(world: World, sector: int) -> None:
    """Draw all else that belongs to them, once the first of them occurs."""
    world.sectors[sector].drawn = world.sectors[sector].incidents
    _draw_levels(world, sector)
    _draw_marks(world, sector, STOP, TO_STOP, _all_that_come(world, sector, TO_STOP))
    _draw_marks(world, sector, EXPANSION, TO_EXPAND, _all_that_come(world, sector, TO_EXPAND))
    _draw_marks(world, sector, COLLAPSE, TO_COLLAPSE, _all_that_come(world, sector, TO_COLLAPSE))
    _find_what_matters(world, sector)
    if world.plan[0].is_one_sided and not world.now[0].traces:
        _draw_attributions(world, sector)


@compiled_within
def _find_what_matters(world: World, sector: int) -> None:
    """Find after how long each incident does more than count: at once, when it grows, or never."""
    one, lowest = world.sectors[sector], world.plan[0].first_level_that_matters
    reached, levels, matters = world.reached_hours, world.incident_levels, world.matters_hours
    first, stop = level_of(sector, one.incidents), mark_of(sector, one.incidents, TO_STOP)
    expand = mark_of(sector, one.incidents, TO_EXPAND)
    collapse = mark_of(sector, one.incidents, TO_COLLAPSE)
    for place in range(one.block):
        grows = min(reached[expand + place], reached[collapse + place])
        later = grows if grows < reached[stop + place] else NEVER
        matters[first + place] = later if levels[first + place] < lowest else 0.0


@compiled_within
def _draw_levels(world: World, sector: int) -> None:
    one, drawn = world.sectors[sector], world.drawn
    first = level_of(sector, one.incidents)
    levels, ordinals = world.incident_levels, world.ordinals
    for place in range(one.block):
        world.asked_ordinals[place] = one.incidents + place
        levels[first + place] = 1
    draw_chances(world, sector, INCIDENT_LEVEL, 0, one.block)
    for below in range(1, world.plan[0].last_level):
        share_up_to = world.levels[below].share_up_to
        for place in range(one.block):
            levels[first + place] += not is_at_most_this_level(drawn[place], share_up_to)
    if one.recorded > 0:
        for place in range(one.block):
            levels[first + place] = _level_on_record(world, sector, place, levels[first + place])
    for place in range(one.block):
        count = one.incidents + place
        ordinals[place] = ordinal_of_violation(INCIDENT, levels[first + place], count)


@compiled_within
def _level_on_record(world: World, sector: int, place: int, drawn: int) -> int:
    """Return the level of an incident of a replay, if it is on record; else what was drawn."""
    one = world.sectors[sector]
    if one.incidents + place < one.recorded:
        recorded = world.recorded[one.first_recorded + one.incidents + place].level
        return recorded if recorded > 0 else drawn
    return drawn


@compiled_within
def _draw_attributions(world: World, sector: int) -> None:
    """Draw how long after its onset each incident is attributed, if it is at all.

    A detection matters only to a trace, so its delay is drawn for what will be attributed too.
    """
    one = world.sectors[sector]
    for place in range(one.block):
        world.asked_places[place] = place
        world.asked_ordinals[place] = world.ordinals[place]
    draw_chances(world, sector, DETECTION, 0, one.block)
    count = _those_that_happen(world, sector, TO_DETECT, one.block)
    draw_chances(world, sector, ATTRIBUTION, 0, count)
    count = _those_that_happen(world, sector, TO_ATTRIBUTE, count)
    _draw_both_delays(world, sector, count)
    begin, reached = mark_of(sector, one.incidents, TO_ATTRIBUTE), world.reached_hours
    for place in range(one.block):
        reached[begin + place] = NEVER
    first = level_of(sector, one.incidents)
    for index in range(count):
        place = world.asked_places[index]
        reached[begin + place] = world.hours[index] + world.hours[count + index]
        world.attributed[first + index] = one.incidents + place
    world.ahead[sector].attributed = count
    world.ahead[sector].passed = 0


@compiled_within
def _those_that_happen(world: World, sector: int, kind: int, asked: int) -> int:
    """Keep those that are detected, or attributed, of what is asked for; return how many."""
    count, first = 0, level_of(sector, world.sectors[sector].incidents)
    levels, places, ordinals = world.incident_levels, world.asked_places, world.asked_ordinals
    drawn, numbers = world.drawn, world.levels
    for index in range(asked):
        place, ordinal = places[index], ordinals[index]
        level = numbers[levels[first + place]]
        probability = level.attribution_probability
        if kind == TO_DETECT:
            probability = level.detection_probability
        places[count] = place
        ordinals[count] = ordinal
        count += happens(drawn[index], probability)
    return count


@compiled_within
def _draw_both_delays(world: World, sector: int, count: int) -> None:
    """Draw how long the detections of the incidents that are asked for take, then attributions."""
    places, ordinals, families = world.asked_places, world.asked_ordinals, world.families
    for index in range(count):
        places[count + index] = places[index]
        ordinals[count + index] = ordinals[index]
    _ask_at_levels(world, sector, TO_DETECT, 0, count)
    _ask_at_levels(world, sector, TO_ATTRIBUTE, count, count)
    draw_chances(world, sector, DETECTION_DELAY, 0, count)
    draw_chances(world, sector, ATTRIBUTION_DELAY, count, count)
    is_same = families[TO_DETECT] == families[TO_ATTRIBUTE]
    find_hours(world, count + count, families[TO_DETECT] if is_same else MIXED)


@compiled_within
def _all_that_come(world: World, sector: int, kind: int) -> int:
    """Ask for a mark of all incidents for which it can come, and return how many they are."""
    count, block = 0, world.sectors[sector].block
    levels, places, comes = world.incident_levels, world.asked_places, world.comes
    first = level_of(sector, world.sectors[sector].incidents)
    for place in range(block):
        places[count] = place
        count += comes[levels[first + place] * KINDS_OF_MARKS + kind]
    ordinals, asked = world.ordinals, world.asked_ordinals
    for index in range(count):
        asked[index] = ordinals[places[index]]
    _ask_at_levels(world, sector, kind, 0, count)
    return count


@compiled_within
def _ask_at_levels(world: World, sector: int, kind: int, begin: int, count: int) -> None:
    """Ask for so many timings, those at the levels of the incidents at the places asked for."""
    level = level_of(sector, world.sectors[sector].incidents)
    levels, places, timings = world.incident_levels, world.asked_places, world.timings
    asked, first, second = world.asked_timings, world.first, world.second
    for index in range(begin, begin + count):
        timing = levels[level + places[index]] * KINDS_OF_MARKS + kind
        asked[index] = timing
        first[index] = timings[timing].first
        second[index] = timings[timing].second


@compiled_within
def _draw_marks(world: World, sector: int, purpose: int, kind: int, count: int) -> None:
    """Draw the thresholds that were asked for, and find the hours at which they are reached."""
    draw_chances(world, sector, purpose, 0, count)
    find_hours(world, count, world.families[kind])
    one, hours, left = world.sectors[sector], world.hours, world.left
    begin = mark_of(sector, one.incidents, kind)
    thresholds, reached = world.thresholds, world.reached_hours
    if count == one.block:
        for index in range(count):
            thresholds[begin + index] = left[index]
            reached[begin + index] = hours[index]
        return
    for index in range(one.block):
        reached[begin + index] = NEVER
    for index in range(count):
        place = begin + world.asked_places[index]
        thresholds[place] = left[index]
        reached[place] = hours[index]
