"""Rules of a plan's steps: the need for one, how it moves on, its promise, and how it ends."""

from sim.model.compiled import compiled
from sim.model.hours import NEVER
from sim.model.words import (
    ARMED,
    BROKEN,
    DECIDING,
    DEPLOYING,
    IN_FORCE,
    KEPT,
    NO_PROMISE,
    NOT_CALLED,
    OVER,
    REFUSED,
    STATUS_LATE,
    STATUS_NOT_CALLED,
    STATUS_ON_TIME,
    STATUS_OPEN,
    STATUS_REFUSED,
    STATUS_STOOD_DOWN,
)


@compiled
def rises_to(before: int, level: int, needed: int) -> bool:
    """Return whether fighting reaches a level as it changes from one level to another.

    >>> rises_to(1, 3, 3), rises_to(3, 4, 3)
    (True, False)
    """
    return before < needed <= level


@compiled
def falls_below(before: int, level: int, needed: int) -> bool:
    """Return whether fighting leaves a level as it changes from one level to another.

    >>> falls_below(3, 0, 3), falls_below(2, 0, 3)
    (True, False)
    """
    return level < needed <= before


@compiled
def fighting_counts_from_hours(
    since_hours: float, fought_until_hours: float, now_hours: float, within_hours: float
) -> float:
    """Return since when a sector has gone on fighting, as it takes it up again now.

    Pauses of up to `within_hours` do not interrupt it.

    >>> fighting_counts_from_hours(0.0, 10.0, 22.0, 12.0), fighting_counts_from_hours(0, 9, 22, 12)
    (0.0, 22.0)
    """
    return since_hours if now_hours <= fought_until_hours + within_hours else now_hours


@compiled
def sector_is_in_need(
    fights: bool,  # noqa: FBT001 - a fact, not a switch of behaviour
    since_hours: float,
    fought_until_hours: float,
    now_hours: float,
    within_hours: float,
    sustained_hours: float,
) -> bool:
    """Return whether a sector has fought within the last hours and gone on for long enough.

    Both bounds are included: `within_hours` after the last shot it still counts.

    >>> sector_is_in_need(False, 0.0, 10.0, 22.0, 12.0, 20.0)
    True
    """
    lately = fights or now_hours <= fought_until_hours + within_hours
    return lately and now_hours >= since_hours + sustained_hours


@compiled
def need_is_met(need_level: int, sectors_in_need: int, need_sectors: int) -> bool:
    """Return whether enough sectors are in need; without a level, an open crisis is enough.

    >>> need_is_met(0, 0, 1), need_is_met(3, 1, 2)
    (True, False)
    """
    return need_level == 0 or sectors_in_need >= need_sectors


@compiled
def long_enough_at_hours(since_hours: float, sustained_hours: float, now_hours: float) -> float:
    """Return when a sector will have fought for long enough, or never if that hour has passed.

    >>> long_enough_at_hours(100.0, 24.0, 110.0), long_enough_at_hours(100.0, 24.0, 124.0)
    (124.0, inf)
    """
    reached_hours = since_hours + sustained_hours
    return reached_hours if reached_hours > now_hours else NEVER


@compiled
def state_after_review(
    state: int,
    need_is_met: bool,  # noqa: FBT001 - a fact, not a switch of behaviour
    now_hours: float,
    call_from_hours: float,
    ready_hours: float,
    over_hours: float,
) -> int:
    """Return where a step stands after a look at it in an open crisis.

    Its deciders are called once the clock shows enough and the need is met. When decided, deployed
    and allowed by the clock, it comes into force if the need is met, and stands armed if not. Its
    effect may be over before the crisis is.

    >>> state_after_review(DEPLOYING, False, 72.0, 24.0, 72.0, NEVER) == ARMED
    True
    """
    if state == NOT_CALLED and need_is_met and now_hours >= call_from_hours:
        return DECIDING
    if state == ARMED or (state == DEPLOYING and now_hours >= ready_hours):
        return IN_FORCE if need_is_met else ARMED
    if state == IN_FORCE and now_hours >= over_hours:
        return OVER
    return state


@compiled
def next_look_hours(
    state: int,
    now_hours: float,
    call_from_hours: float,
    ready_hours: float,
    long_enough_hours: float,
    over_hours: float,
) -> float:
    """Return when time alone may move a step on; never, when it waits for something else.

    >>> next_look_hours(NOT_CALLED, 10.0, 24.0, 99.0, 99.0, NEVER)
    24.0
    """
    if state == DEPLOYING:
        return ready_hours
    if state == IN_FORCE:
        return over_hours
    if state == NOT_CALLED and now_hours < call_from_hours:
        return call_from_hours
    return long_enough_hours if state in (NOT_CALLED, ARMED) else NEVER


@compiled
def is_under_way(state: int) -> bool:
    """Return whether a step is called and neither refused nor in force.

    Answers still count until then, and it stands down if the crisis closes.

    >>> is_under_way(DEPLOYING), is_under_way(IN_FORCE)
    (True, False)
    """
    return state in (DECIDING, DEPLOYING, ARMED)


@compiled
def ready_at_hours(deployed_hours: float, clock_hours: float, not_before_hours: float) -> float:
    """Return when a step can come into force: deployed, and the clock shows enough.

    >>> ready_at_hours(150.0, 100.0, 72.0)
    172.0
    """
    return max(deployed_hours, clock_hours + not_before_hours)


@compiled
def over_at_hours(in_force_hours: float, lasts_hours: float) -> float:
    """Return when the effect of a step that came into force is over.

    >>> over_at_hours(100.0, 48.0)
    148.0
    """
    return in_force_hours + lasts_hours


@compiled
def is_available(hours: float, expires_hours: float) -> bool:
    """Return whether a guarantee still covers a step: not from the hour of its expiry on.

    >>> is_available(99.0, 100.0), is_available(100.0, 100.0)
    (True, False)
    """
    return hours < expires_hours


@compiled
def is_by_deadline(in_force_hours: float, due_hours: float) -> bool:
    """Return whether a step came into force by the hour it was due, that hour included.

    >>> is_by_deadline(24.0, 24.0)
    True
    """
    return in_force_hours <= due_hours


@compiled
def judged_at_hours(due_hours: float, opened_hours: float) -> float:
    """Return when a promise is judged: at its deadline, or at the opening if that is later.

    >>> judged_at_hours(124.0, 110.0), judged_at_hours(124.0, 130.0)
    (124.0, 130.0)
    """
    return max(due_hours, opened_hours)


@compiled
def promise_at_deadline(
    need_is_met: bool,  # noqa: FBT001 - a fact, not a switch of behaviour
    in_force_hours: float,
    due_hours: float,
) -> int:
    """Return whether a promise was kept or broken; where the need is gone there was none.

    >>> [promise_at_deadline(True, hour, 124.0) for hour in (124.0, 125.0)] == [KEPT, BROKEN]
    True
    """
    if not need_is_met:
        return NO_PROMISE
    return KEPT if is_by_deadline(in_force_hours, due_hours) else BROKEN


@compiled
def waiting_hours(
    opened_hours: float, called_hours: float, deployed_hours: float, in_force_hours: float
) -> float:
    """Return what the plan's own hours and needs cost a step that came into force.

    From the opening to the call, and from deployed to in force.

    >>> waiting_hours(100.0, 124.0, 160.0, 172.0)
    36.0
    """
    return (called_hours - opened_hours) + (in_force_hours - deployed_hours)


@compiled
def status_at_end(
    state: int,
    in_force_hours: float,
    due_hours: float,
    crisis_is_open: bool,  # noqa: FBT001 - a fact, not a switch of behaviour
) -> int:
    """Return what a step ended as when its crisis closed, or when the run ended with it open.

    >>> status_at_end(ARMED, 0.0, 72.0, False) == STATUS_STOOD_DOWN
    True
    """
    if state == NOT_CALLED:
        return STATUS_NOT_CALLED
    if state == REFUSED:
        return STATUS_REFUSED
    if state in (IN_FORCE, OVER):
        return STATUS_ON_TIME if is_by_deadline(in_force_hours, due_hours) else STATUS_LATE
    return STATUS_OPEN if crisis_is_open else STATUS_STOOD_DOWN
