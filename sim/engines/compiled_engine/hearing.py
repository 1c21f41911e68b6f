"""What is seen: detections, and the list of attributed violations that each ladder keeps."""

from typing import Final

from sim.engines.compiled_engine.luck import (
    delay_with_seed,
    drawn_chance,
    drawn_delay_hours,
    seed_of_violation,
)
from sim.engines.compiled_engine.record import note
from sim.engines.compiled_engine.waiting import wait_until
from sim.engines.compiled_engine.world import (
    HEARD,
    KINDS_OF_MARKS,
    TO_ATTRIBUTE,
    TO_DETECT,
    World,
)
from sim.engines.story import event
from sim.model.chance import (
    ATTRIBUTION,
    ATTRIBUTION_DELAY,
    DETECTION,
    DETECTION_DELAY,
    SIDE,
    chance,
    count_of_violation,
    level_of_violation,
    ordinal_of_violation,
    origin_of_violation,
)
from sim.model.compiled import compiled_within
from sim.model.crisis import is_within_window, is_without_grounds
from sim.model.hours import ATTRIBUTED, DETECTED, NEVER, ordinal_of_rank, place_of_rank, rank
from sim.model.violations import charge_probability, detection_probability, happens
from sim.model.words import FALSE_ALARM, INCIDENT

_DETECTED: Final = event("detected")


@compiled_within
def violation_is_detected(world: World, order: int, onset_hours: float) -> None:
    """Begin to attribute a violation that is detected now, if it will be attributed at all."""
    sector, ordinal = place_of_rank(order), ordinal_of_rank(order)
    note(world, _DETECTED, sector, float(level_of_violation(ordinal)), onset_hours)
    delay = _attribution_hours(world, sector, ordinal)
    order = rank(ATTRIBUTED, sector, ordinal)
    wait_until(world, world.now[0].hours + delay, order, onset_hours)


@compiled_within
def is_by_defender(world: World, sector: int, ordinal: int) -> bool:
    """Return whether a violation is the defender's, which only an incident can be."""
    plan, one = world.plan[0], world.sectors[sector]
    if plan.is_one_sided or origin_of_violation(ordinal) != INCIDENT:
        return False
    count = count_of_violation(ordinal)
    if one.recorded > 0:
        recorded = world.recorded[one.first_recorded + count].by_defender
        if recorded >= 0:
            return recorded > 0
    # It is asked more than once: the answer stays what it was when the incident occurred.
    seed = seed_of_violation(world, sector, ordinal_of_violation(INCIDENT, 0, count))
    return happens(chance(seed, world.now[0].run, SIDE, one.key, count), plan.defender_share)


@compiled_within
def _attribution_hours(world: World, sector: int, ordinal: int) -> float:
    """Return how long the attribution of a detected violation takes; for ever if there is none."""
    level, key = level_of_violation(ordinal), world.sectors[sector].key
    misattribution = world.plan[0].monitoring.misattribution
    probability = charge_probability(
        world.levels[level].attribution_probability,
        is_by_defender(world, sector, ordinal),
        misattribution,
    )
    if not happens(drawn_chance(world, ATTRIBUTION, key, ordinal), probability):
        return NEVER
    timing = world.timings[level * KINDS_OF_MARKS + TO_ATTRIBUTE]
    return drawn_delay_hours(world, timing, ATTRIBUTION_DELAY, key, ordinal)


@compiled_within
def _detection_hours(world: World, seed: int, level: int, key: int, ordinal: int) -> float:
    timing = world.timings[level * KINDS_OF_MARKS + TO_DETECT]
    return delay_with_seed(world, timing, seed, DETECTION_DELAY, key, ordinal)


@compiled_within
def look_at(world: World, sector: int, level: int, ordinal: int) -> None:
    """Begin to watch a violation that begins now, if it will be seen at all."""
    key = world.sectors[sector].key
    probability = detection_probability(
        world.levels[level].detection_probability,
        world.now[0].sensors_are_out,
        world.plan[0].monitoring.outage_detection,
    )
    if happens(drawn_chance(world, DETECTION, key, ordinal), probability):
        detection = _detection_hours(world, world.now[0].seed, level, key, ordinal)
        attribution = _attribution_hours(world, sector, ordinal)
        _will_be_seen(world, sector, ordinal, detection, attribution)


@compiled_within
def _will_be_seen(
    world: World, sector: int, ordinal: int, detection_hours: float, attribution_hours: float
) -> None:
    """See a violation that begins now after these delays, which may be for ever.

    A detection sets off nothing but an attribution: it is an event only where a trace shows it.
    """
    now_hours = world.now[0].hours
    seen_hours = now_hours + detection_hours
    if world.now[0].traces:
        wait_until(world, seen_hours, rank(DETECTED, sector, ordinal), now_hours)
    else:
        order = rank(ATTRIBUTED, sector, ordinal)
        wait_until(world, seen_hours + attribution_hours, order, now_hours)


@compiled_within
def detected_hours(world: World, sector: int, ordinal: int, onset_hours: float) -> float:
    """Return when a violation was detected: its delay has a key, and can be drawn once more.

    A false alarm was heard of at once.
    """
    if origin_of_violation(ordinal) == FALSE_ALARM:
        return onset_hours
    key, seed = world.sectors[sector].key, seed_of_violation(world, sector, ordinal)
    return onset_hours + _detection_hours(world, seed, level_of_violation(ordinal), key, ordinal)


@compiled_within
def hear(world: World, ladder: int, sector: int, ordinal: int, onset_hours: float) -> None:
    """Add a violation that is attributed now to a ladder's list, without what is too old."""
    now, scope = world.now[0], world.ladders[ladder]
    index = _free_place(world)
    if index < 0:
        now.lacks, now.goes_on = HEARD, False
        return
    violation = world.heard[index]
    violation.attributed_hours = now.hours
    violation.onset_hours = onset_hours
    violation.sector = sector
    violation.ordinal = ordinal
    violation.next = -1
    if scope.heard > 0:
        world.heard[scope.heard_last].next = index
    else:
        scope.heard_first = index
    scope.heard_last = index
    scope.heard += 1
    _forget_what_is_too_old(world, ladder)


@compiled_within
def _free_place(world: World) -> int:
    """Return an unused place for a violation, or -1 if there is none."""
    now = world.now[0]
    index = now.heard_free
    if index >= 0:
        now.heard_free = world.heard[index].next
        return index
    if now.heard_used == now.room_heard:
        return -1
    now.heard_used += 1
    return now.heard_used - 1


@compiled_within
def _forget_what_is_too_old(world: World, ladder: int) -> None:
    now, scope, window = world.now[0], world.ladders[ladder], world.plan[0].window_hours
    first = scope.heard_first
    while scope.heard > 0 and not is_within_window(
        world.heard[first].attributed_hours, now.hours, window
    ):
        following = world.heard[first].next
        world.heard[first].next = now.heard_free
        now.heard_free = first
        scope.heard -= 1
        first = following
    scope.heard_first = first


@compiled_within
def rests_on_nothing(world: World, ladder: int) -> bool:
    """Return whether it is known by now that a ladder's crisis has no grounds."""
    plan, scope = world.plan[0], world.ladders[ladder]
    if not scope.opening_is_debunked:
        return False
    _forget_what_is_too_old(world, ladder)
    return is_without_grounds(
        scope.opening_is_debunked,
        highest_level_heard(world, ladder),
        plan.threshold_level,
        scope.heard,
        plan.threshold_incidents,
    )


@compiled_within
def forget_all(world: World, ladder: int) -> None:
    """Empty a ladder's list."""
    now, scope = world.now[0], world.ladders[ladder]
    if scope.heard > 0:
        world.heard[scope.heard_last].next = now.heard_free
        now.heard_free = scope.heard_first
        scope.heard = 0


@compiled_within
def forget(world: World, ladder: int, ordinal: int) -> None:
    """Take a false alarm that was debunked out of a ladder's list, if it is there."""
    now, scope = world.now[0], world.ladders[ladder]
    before, index = -1, scope.heard_first if scope.heard > 0 else -1
    while index >= 0 and world.heard[index].ordinal != ordinal:
        before, index = index, world.heard[index].next
    if index < 0:
        return
    following = world.heard[index].next
    if before < 0:
        scope.heard_first = following
    else:
        world.heard[before].next = following
    if following < 0:
        scope.heard_last = before
    world.heard[index].next = now.heard_free
    now.heard_free = index
    scope.heard -= 1


@compiled_within
def hours_of_earliest(world: World, ladder: int) -> tuple[float, float]:
    """Return when the earliest violation in a ladder's list began, and when it was detected.

    Of two that began at the same hour, it is the one that was attributed first.
    """
    index = world.ladders[ladder].heard_first
    earliest = index
    while index >= 0:
        if world.heard[index].onset_hours < world.heard[earliest].onset_hours:
            earliest = index
        index = world.heard[index].next
    first = world.heard[earliest]
    seen_hours = detected_hours(world, first.sector, first.ordinal, first.onset_hours)
    return first.onset_hours, seen_hours


@compiled_within
def highest_level_heard(world: World, ladder: int) -> int:
    """Return the highest level in a ladder's list."""
    scope, highest = world.ladders[ladder], 0
    index = scope.heard_first if scope.heard > 0 else -1
    while index >= 0:
        highest = max(highest, level_of_violation(world.heard[index].ordinal))
        index = world.heard[index].next
    return highest
