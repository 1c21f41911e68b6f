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
    if now.waiting < now.room_waiting:
        return True
    now.lacks, now.goes_on = WAITING, False
    return False
