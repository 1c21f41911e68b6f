"""A ladder: in its scope crises open, their steps are climbed, promises fall due, quiet returns."""

from typing import Final

from sim.engines.compiled_engine.clocks import (
    clock_of,
    set_clock,
    set_clock_no_later_than,
    silence_clock,
)
from sim.engines.compiled_engine.credibility import promise_counts
from sim.engines.compiled_engine.deciding import note_of_step
from sim.engines.compiled_engine.hearing import (
    detected_hours,
    forget,
    forget_all,
    hear,
    highest_level_heard,
    hours_of_earliest,
    is_by_defender,
)
from sim.engines.compiled_engine.record import crisis_is_recorded, note
from sim.engines.compiled_engine.rescaling import rescale_everything, rescale_the_fighting
from sim.engines.compiled_engine.sector import highest_level_now, watch_for_quiet
from sim.engines.compiled_engine.step import (
    begin_step,
    is_called_for,
    next_look,
    review,
    stand_down,
)
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.chance import level_of_violation, origin_of_violation
from sim.model.compiled import compiled_within
from sim.model.crisis import (
    attribution_part_hours,
    belongs_to_last_crisis,
    clock_start_hours,
    detection_part_hours,
    how_it_opens,
)
from sim.model.hours import DEADLINE, NEVER, QUIET, REVIEW, ordinal_of_rank, place_of_rank
from sim.model.steps import judged_at_hours, promise_at_deadline
from sim.model.words import FALSE_ALARM, KEPT, NO_PROMISE, OPENS_BY_LEVEL, OPENS_NOT

_ATTRIBUTED: Final = event("attributed")
_OPENS: Final = event("crisis_opens")
_CLOCK_STARTS: Final = event("clock_starts")
_CLOSES: Final = event("crisis_closes")
_KEPT: Final = event("promise_kept")
_BROKEN: Final = event("promise_broken")


@compiled_within
def violation_is_attributed(world: World, order: int, onset_hours: float) -> None:
    """Tell the ladder that it concerns of a violation that is attributed now."""
    sector, ordinal = place_of_rank(order), ordinal_of_rank(order)
    note(world, _ATTRIBUTED, sector, float(level_of_violation(ordinal)), onset_hours)
    ladder_hears_of(world, sector, ordinal, onset_hours)


@compiled_within
def ladder_hears_of(world: World, sector: int, ordinal: int, onset_hours: float) -> None:
    """Open a crisis if a violation that was attributed now calls for one."""
    level, ladder = level_of_violation(ordinal), world.sectors[sector].ladder
    plan, scope = world.plan[0], world.ladders[ladder]
    if belongs_to_last_crisis(onset_hours, scope.last_close_hours):
        return
    # While a crisis is open it matters only whether it has grounds besides a false alarm.
    if scope.is_open and not scope.opened_by_alarm:
        return
    hear(world, ladder, sector, ordinal, onset_hours)
    if scope.is_open:
        return
    how = how_it_opens(level, plan.threshold_level, scope.heard, plan.threshold_incidents)
    if how != OPENS_NOT and world.now[0].goes_on:
        _open_crisis(world, ladder, sector, ordinal, onset_hours, how)


@compiled_within
def alarm_is_debunked(world: World, ladder: int, ordinal: int) -> None:
    """Count a false alarm no more; a crisis that it opened may be without grounds now."""
    scope = world.ladders[ladder]
    forget(world, ladder, ordinal)
    if scope.is_open:
        if scope.opening_ordinal == ordinal:
            scope.opening_is_debunked = True
        watch_for_quiet(world, ladder)


@compiled_within
def _open_crisis(
    world: World, ladder: int, sector: int, ordinal: int, onset_hours: float, how: int
) -> None:
    """Open a crisis; its clock counts from that violation, or from the earliest one counted."""
    now, plan, scope = world.now[0], world.plan[0], world.ladders[ladder]
    seen_hours = detected_hours(world, sector, ordinal, onset_hours)
    over = float(level_of_violation(ordinal))
    if how != OPENS_BY_LEVEL:
        onset_hours, seen_hours = hours_of_earliest(world, ladder)
        over = -float(scope.heard)
    now.crises += 1
    now.open_crises += 1
    now.first_crisis_hours = min(now.first_crisis_hours, now.hours)
    scope.is_open = True
    scope.crisis = now.crises
    scope.opened_hours = now.hours
    clock_hours = clock_start_hours(plan.clock, onset_hours, seen_hours, now.hours)
    scope.clock_hours = clock_hours
    scope.detection_hours = detection_part_hours(clock_hours, seen_hours)
    scope.attribution_hours = attribution_part_hours(clock_hours, seen_hours, now.hours)
    scope.opened_by_alarm = origin_of_violation(ordinal) == FALSE_ALARM
    scope.is_wrong = scope.opened_by_alarm or is_by_defender(world, sector, ordinal)
    scope.opening_is_debunked = False
    scope.opening_sector = sector
    scope.opening_ordinal = ordinal
    highest = highest_level_now(world, ladder)
    scope.highest_level = max(highest, highest_level_heard(world, ladder))
    note(world, _OPENS, ladder, float(scope.crisis), over)
    note(world, _CLOCK_STARTS, ladder, scope.clock_hours, now.hours - scope.clock_hours)
    if not scope.opened_by_alarm:
        forget_all(world, ladder)
    for step in range(plan.steps):
        begin_step(world, ladder, step)
    set_clock(world, clock_of(world, REVIEW, ladder), now.hours)
    _await_next_promise(world, ladder)
    watch_for_quiet(world, ladder)


@compiled_within
def _await_next_promise(world: World, ladder: int) -> None:
    """Set when the next promise is judged."""
    plan, scope, due = world.plan[0], world.ladders[ladder], NEVER
    for step in range(plan.steps):
        climb = world.climbs[ladder * plan.steps + step]
        if climb.is_promised:
            due = min(due, climb.due_hours)
    set_clock(world, clock_of(world, DEADLINE, ladder), judged_at_hours(due, scope.opened_hours))


@compiled_within
def look_at_the_steps(world: World, ladder: int) -> None:
    """Look at each step in its order, whenever something may have changed for one."""
    clock = clock_of(world, REVIEW, ladder)
    silence_clock(world, clock)
    steps = world.plan[0].steps
    for step in range(steps):
        review(world, ladder, step)
    for step in range(steps):
        set_clock_no_later_than(world, clock, next_look(world, ladder, step))


@compiled_within
def promises_fall_due(world: World, ladder: int) -> None:
    """See, at each deadline at which the need is met, whether the promise was kept."""
    now, plan = world.now[0], world.plan[0]
    for step in range(plan.steps):
        climb = world.climbs[ladder * plan.steps + step]
        if climb.is_promised and climb.due_hours <= now.hours:
            climb.is_promised = False
            _judge(world, ladder, step)
    _await_next_promise(world, ladder)


@compiled_within
def _judge(world: World, ladder: int, step: int) -> None:
    now, climb = world.now[0], world.climbs[ladder * world.plan[0].steps + step]
    needed = is_called_for(world, ladder, step)
    promise = promise_at_deadline(needed, climb.in_force_hours, climb.due_hours)
    if promise == NO_PROMISE:
        return
    kept = promise == KEPT
    now.promises_kept += kept
    now.promises_broken += not kept
    name = _KEPT if kept else _BROKEN
    note_of_step(world, name, ladder, step, world.steps[step].deadline_hours, 0.0)
    if world.plan[0].credibility.is_counted:
        promise_counts(world, kept)
        rescale_everything(world)


@compiled_within
def crisis_closes(world: World, ladder: int) -> None:
    """Close a crisis whose scope has been quiet for long enough."""
    now, scope = world.now[0], world.ladders[ladder]
    for step in range(world.plan[0].steps):
        stand_down(world, ladder, step)
    note(world, _CLOSES, ladder, float(scope.crisis), float(scope.highest_level))
    crisis_is_recorded(world, ladder, now.hours)
    scope.is_open = False
    now.open_crises -= 1
    forget_all(world, ladder)
    scope.last_close_hours = now.hours
    for kind in (REVIEW, DEADLINE, QUIET):
        silence_clock(world, clock_of(world, kind, ladder))
    rescale_the_fighting(world, ladder)
