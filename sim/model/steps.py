"""Rules of a plan's steps: the need for one, how it moves on, its promise, and how it ends."""

from sim.model.compiled import compiled
from sim.model.words import (
    ARMED,
    DECIDING,
    DEPLOYING,
    IN_FORCE,
    NOT_CALLED,
    REFUSED,
    STATUS_LATE,
    STATUS_NOT_CALLED,
    STATUS_ON_TIME,
    STATUS_OPEN,
    STATUS_REFUSED,
    STATUS_STOOD_DOWN,
)


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
def state_after_review(
    state: int,
    need_is_met: bool,  # noqa: FBT001 - a fact, not a switch of behaviour
    now_hours: float,
    call_from_hours: float,
    ready_hours: float,
) -> int:
    """Return where a step stands after a look at it in an open crisis.

    Its deciders are called once the clock shows enough and the need is met. When decided, deployed
    and allowed by the clock, it comes into force if the need is met, and stands armed if not.

    >>> state_after_review(DEPLOYING, False, 72.0, 24.0, 72.0) == ARMED
    True
    """
    if state == NOT_CALLED and need_is_met and now_hours >= call_from_hours:
        return DECIDING
    if state == ARMED or (state == DEPLOYING and now_hours >= ready_hours):
        return IN_FORCE if need_is_met else ARMED
    return state


@compiled
def ready_at_hours(deployed_hours: float, clock_hours: float, not_before_hours: float) -> float:
    """Return when a step can come into force: deployed, and the clock shows enough.

    >>> ready_at_hours(150.0, 100.0, 72.0)
    172.0
    """
    return max(deployed_hours, clock_hours + not_before_hours)


@compiled
def is_by_deadline(in_force_hours: float, due_hours: float) -> bool:
    """Return whether a step came into force by the hour it was due, that hour included.

    >>> is_by_deadline(24.0, 24.0)
    True
    """
    return in_force_hours <= due_hours


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
    if state == IN_FORCE:
        return STATUS_ON_TIME if is_by_deadline(in_force_hours, due_hours) else STATUS_LATE
    return STATUS_OPEN if crisis_is_open else STATUS_STOOD_DOWN
