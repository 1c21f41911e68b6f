"""Events that wait for an hour that does not change: a binary heap by (hours, rank)."""

from sim.engines.compiled_engine.state import Waiting
from sim.engines.compiled_engine.world import WAITING, World
from sim.model.compiled import compiled_within


@compiled_within
def comes_first(one: Waiting, hours: float, rank: int) -> bool:
    """Return whether a waiting event comes ahead of another one."""
    return one.hours < hours or (one.hours == hours and one.rank < rank)


@compiled_within
def wait_until(world: World, hours: float, rank: int, mark: float) -> None:
    """Put an event into the heap, unless the run ends before."""
    now, heap = world.now[0], world.waiting
    if hours > world.plan[0].horizon_hours:
        return
    if not _has_room(world):
        return
    hole = now.waiting
    now.waiting = hole + 1
    while hole > 0:
        above = (hole - 1) >> 1
        if comes_first(heap[above], hours, rank):
            break
        _move(heap[above], heap[hole])
        hole = above
    heap[hole].hours = hours
    heap[hole].rank = rank
    heap[hole].mark = mark


@compiled_within
def take_first(world: World) -> tuple[float, int, float]:
    """Take the first event out of the heap, which holds one: its hour, rank and mark."""
    now, heap = world.now[0], world.waiting
    hours, rank, mark = heap[0].hours, heap[0].rank, heap[0].mark
    last = now.waiting - 1
    now.waiting = last
    hole = 0
    while hole + hole + 1 < last:
        below = hole + hole + 1
        if below + 1 < last and comes_first(heap[below + 1], heap[below].hours, heap[below].rank):
            below += 1
        if not comes_first(heap[below], heap[last].hours, heap[last].rank):
            break
        _move(heap[below], heap[hole])
        hole = below
    _move(heap[last], heap[hole])
    return hours, rank, mark


@compiled_within
def _move(one: Waiting, to: Waiting) -> None:
    to.hours = one.hours
    to.rank = one.rank
    to.mark = one.mark


@compiled_within
def _has_room(world: World) -> bool:
    """Return whether there is room for one more; if not, the run is played again with more."""
    now = world.now[0]
    if now.waiting + now.unseen < now.room_waiting:
        return True
    count_detections(world)
    # Half of it has to be free, or else room would be looked for again and again.
    if now.waiting + now.waiting + now.unseen + now.unseen <= now.room_waiting:
        return True
    now.lacks, now.goes_on = WAITING, False
    return False


@compiled_within
def detection_will_count(world: World, hours: float) -> None:
    """Let a detection count once it is over; in a run without a trace it is nothing else."""
    now = world.now[0]
    if hours <= world.plan[0].horizon_hours and _has_room(world):
        now.unseen += 1
        world.waiting[now.room_waiting - now.unseen].hours = hours


@compiled_within
def detections_are_over(world: World) -> None:
    """Remember that all detections due by now are over: this comes after them at the same hour."""
    now = world.now[0]
    now.looked = now.unseen
    now.looked_hours = now.hours


@compiled_within
def count_detections(world: World) -> None:
    """Count the detections that are over, and keep the others."""
    now, kept = world.now[0], 0
    looked = now.looked if now.looked_hours == now.hours else 0
    for index in range(now.unseen):
        hours = world.waiting[now.room_waiting - index - 1].hours
        if hours < now.hours or (hours == now.hours and index < looked):
            now.noted += 1
            now.detected += 1
        else:
            kept += 1
            world.waiting[now.room_waiting - kept].hours = hours
    now.unseen = kept
    now.looked = 0
