"""How times are taken on a machine that others use too: in turns, and in many rounds."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TRIED_SHARE: Final = 0.25


class Spread(NamedTuple):
    """A number that was measured several times."""

    median: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Return the median of some values, the least and the most of them."""
    return Spread(statistics.median(values), min(values), max(values))


def seconds_of(work: Callable[[], object]) -> float:
    """Return the seconds by the clock on the wall that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def runs_that_take(seconds: float, play: Callable[[range], object]) -> int:
    """Return how many runs take about so long; whatever is slow only at first is done then."""
    play(range(1))
    runs, taken = 1, seconds_of(lambda: play(range(1)))
    while taken < _TRIED_SHARE * seconds:
        runs *= 2
        tried = range(runs)
        taken = seconds_of(lambda: play(tried))  # noqa: B023 - it is called at once
    return max(1, round(runs * seconds / taken))


def seconds_in_rounds(works: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Return for each work its seconds in each round; in every round each of them has a turn.

    Who begins changes from round to round.
    """
    seconds: list[list[float]] = [[] for _ in works]
    for number in range(rounds):
        for turn in range(len(works)):
            index = (turn + number) % len(works)
            seconds[index].append(seconds_of(works[index]))
    return seconds
