"""A pilot: runs whose only use is to find how often to split at each level, and how many to play.

Splitting is best where what a level adds to the variance, and what it costs, stand in the same
proportion at all levels: with v_l the variance that one stay at level l brings and c_l its cost,
the number of copies goes with sqrt(v_l / c_l), as with the allocation of a sample to strata
(Neyman 1934, Journal of the Royal Statistical Society 97, 558-625). Levels where that would fall
are taken together with the one below. Where each level is reached in an equal share of the stays
at the one below and costs the same, a run is split into one over that share.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.model.branches import PILOT, seed_for
from sim.results.progress import shown
from sim.study.rare_events.splitting import Splitting, Tally, copies_of, grown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST_RUNS: Final = 1000
_FEWEST_RUNS: Final = 100
# So many runs must have had the event before anything is made of it.
_ENOUGH_HITS: Final = 40
_ENOUGH_TO_GO_ON: Final = 8
# Into how many branches a level is split from which nobody is known to go on.
_INTO_THE_UNKNOWN: Final = 10
# Of an event that is not rarer than this, plain runs bring enough.
_COMMON: Final = 0.1
# More than this would be copies of each other.
_MOST_BRANCHES: Final = 1000
_MOST_COPIES: Final = 2**31
_ALIKE: Final = 1.5
# Rather than nothing, by which nothing could be divided.
_SOME: Final = 1e-300
# To begin a branch takes as long as so many events in each sector, measured.
_EVENTS_TO_BEGIN: Final = 12
# How well the pilot must know the variance, as a relative half-width; and how much to add for that.
_PILOTS_ERROR: Final = 0.25
_MARGIN: Final = 1.35
_MOST_ATTEMPTS: Final = 40
_SCORE: Final = 1.959964


class Pilot(NamedTuple):
    """What a pilot found, and what it took."""

    splitting: Splitting
    roots: int
    """How many runs to begin."""
    branches: int
    """Runs and branches of the pilot."""
    work: float
    """What that took (`work_of`)."""


class Asked(NamedTuple):
    """What is asked of a pilot."""

    seed: int
    relative_error: float
    most_runs: int
    """The work that may be done at most, as so many runs that are not split."""
    workers: int
    progress: bool | None


def piloted(splitting: Splitting, asked: Asked, *, chooses: bool) -> Pilot:
    """Return how to estimate the event's chance with a relative half-width.

    A quarter of the work that may be done at most is the pilot's. Where it `chooses`, it finds the
    copies too. Its runs have seeds of their own, and are not used for the estimate.
    """
    ledger = _Ledger(asked)
    tally = ledger.play(splitting, _FIRST_RUNS)
    most_work = asked.most_runs * events_in_a_run(tally, splitting)
    ledger.most_work = most_work / 4
    if chooses:
        splitting, tally = _searched(ledger, splitting, tally)
    if tally.event.hits:
        needed = runs_for(tally, _PILOTS_ERROR)
        if needed > tally.event.runs and not ledger.is_spent():
            of_a_run = work_of(tally, splitting) / tally.event.runs
            tally = ledger.play(splitting, ledger.affordable(of_a_run, needed))
    wanted = asked.most_runs
    if tally.event.hits:
        wanted = math.ceil(_MARGIN * runs_for(tally, asked.relative_error))
    ledger.most_work = most_work
    roots = ledger.affordable(work_of(tally, splitting) / tally.event.runs, wanted)
    return Pilot(splitting, roots, ledger.branches, ledger.work)


def work_of(tally: Tally, splitting: Splitting) -> float:
    """Return the work that was done: events, and for each branch as many as it takes to begin."""
    begins = _EVENTS_TO_BEGIN * len(splitting.numbers.sectors)
    return sum(tally.played) + begins * (tally.branches() - tally.event.runs)


def _expected_work(tally: Tally, splitting: Splitting, copies: tuple[int, ...]) -> float:
    """Return the work of a run that is split into other copies, to judge by these runs."""
    begins = _EVENTS_TO_BEGIN * len(splitting.numbers.sectors)
    work = 0.0
    for level, many in enumerate(copies):
        branches = many - copies[level - 1] if level else 0
        work += many * tally.played[level] / splitting.copies[level] / tally.event.runs
        work += branches * tally.passed[level].mean() * begins
    return work


def events_in_a_run(tally: Tally, splitting: Splitting) -> float:
    """Return how many events a run has that is not split; detections are left out."""
    events = (
        played / copies for played, copies in zip(tally.played, splitting.copies, strict=True)
    )
    return sum(events) / tally.event.runs


class _Ledger:
    """Plays a pilot's attempts, each with a seed of its own, and knows what it took."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._attempts = self.branches = 0
        self.work, self.most_work = 0.0, math.inf

    def play(self, splitting: Splitting, runs: int) -> Tally:
        """Return what became of one more attempt."""
        seed = seed_for(self._asked.seed, self._attempts, PILOT, 0)
        with shown(runs, self._asked.progress, "pilot run") as watched:
            tally = grown(
                splitting, seed, runs, self._asked.workers, lambda more, _: watched.done(more, 0, 0)
            )
        self._attempts += 1
        self.branches += tally.branches()
        self.work += work_of(tally, splitting)
        return tally

    def affordable(self, work_of_a_run: float, runs: int) -> int:
        """Return how many runs may still be played that are so much work, at most so many."""
        left = max(0.0, self.most_work - self.work)
        return max(1, min(runs, int(left / work_of_a_run)))

    def is_spent(self) -> bool:
        """Return whether no more should be played."""
        return self.work >= self.most_work or self._attempts >= _MOST_ATTEMPTS


def _searched(ledger: _Ledger, splitting: Splitting, tally: Tally) -> tuple[Splitting, Tally]:
    """Return copies that reach the event often enough, and what became of runs with them.

    Level by level: from the highest one that is reached, more and more branches go out.
    """
    while tally.event.hits < _ENOUGH_HITS and not ledger.is_spent():
        # Twice as many each time, so that what is learned is learned better each time.
        copies = copies_after(tally, splitting)
        runs = ledger.affordable(_expected_work(tally, splitting, copies), 2 * tally.event.runs)
        splitting = splitting._replace(copies=copies)
        tally = ledger.play(splitting, runs)
    copies = copies_after(tally, splitting)
    if not _are_alike(copies, splitting.copies) and not ledger.is_spent():
        runs = ledger.affordable(_expected_work(tally, splitting, copies), tally.event.runs)
        splitting = splitting._replace(copies=copies)
        tally = ledger.play(splitting, runs)
    return splitting, tally


def _are_alike(some: tuple[int, ...], others: tuple[int, ...]) -> bool:
    """Return whether it would make little difference which copies are made."""
    return all(
        max(one, other) <= _ALIKE * min(one, other) for one, other in zip(some, others, strict=True)
    )


def runs_for(tally: Tally, relative_error: float) -> int:
    """Return how many runs give a relative half-width, to judge by these."""
    of_one_run = tally.event.variance() / tally.event.mean() ** 2
    return max(_FEWEST_RUNS, math.ceil(of_one_run * (_SCORE / relative_error) ** 2))


class _Stage(NamedTuple):
    """Levels that are split alike, from one on: what all stays there bring and cost in a run."""

    level: int
    variance: float
    cost: float
    begins: float
    """What it would cost to begin a branch with each stay; nothing if no branch does."""

    def with_those_above(self, other: _Stage) -> _Stage:
        """Return both as one, within which no branches begin."""
        return self._replace(variance=self.variance + other.variance, cost=self.cost + other.cost)

    def ratio(self) -> float:
        """Return what is brought for what it costs."""
        return self.variance / (self.cost + self.begins)

    def weight(self) -> float:
        """Return what it adds to the root of the variance that a unit of work leaves."""
        return math.sqrt(self.variance * (self.cost + self.begins))


def copies_after(tally: Tally, splitting: Splitting) -> tuple[int, ...]:
    """Return how many copies to make at each level, to judge by these runs."""
    splits = [1] * (len(splitting.copies) - 1)
    if tally.event.mean() > _COMMON:
        return copies_of(tuple(splits))
    first, *stages = _merged(_best_stages(list(_stages(tally, splitting))))
    copies = 1
    for stage in stages:
        aim = math.sqrt(stage.ratio() / first.ratio())
        most = min(_MOST_BRANCHES, _MOST_COPIES // copies)
        splits[stage.level - 1] = max(1, min(round(aim / copies), most))
        copies *= splits[stage.level - 1]
    top = _highest_reached(tally, splitting)
    if tally.event.hits < _ENOUGH_TO_GO_ON and top > 0:
        so_far = splitting.copies[top] // splitting.copies[top - 1]
        splits[top - 1] = _INTO_THE_UNKNOWN * max(splits[top - 1], so_far)
    return copies_of(tuple(splits))


def _best_stages(levels: list[_Stage]) -> tuple[_Stage, ...]:
    """Return the stages, of levels taken together or not, that need the least work.

    From the lowest level on: the best for the first so many, then for one more.
    """
    best: list[tuple[_Stage, ...]] = [()]
    for end in range(1, len(levels) + 1):
        ways = (
            (*best[begin], reduce(_Stage.with_those_above, levels[begin:end]))
            for begin in range(end)
        )
        best.append(min(ways, key=lambda way: sum(stage.weight() for stage in way)))
    return best[-1]


def _merged(stages: Iterable[_Stage]) -> list[_Stage]:
    """Return the stages, merged until what they bring for their cost rises from one to the next."""
    found: list[_Stage] = []
    for one in stages:
        stage = one
        while found and stage.ratio() <= found[-1].ratio():
            stage = found.pop().with_those_above(stage)
        found.append(stage)
    return found


def _stages(tally: Tally, splitting: Splitting) -> Iterator[_Stage]:
    """Yield what all stays at each level bring and cost in a run that is not split.

    What a stay brings, by rising further or by the event itself, is rare, so its variance is the
    mean of its square.
    """
    times = [weights.mean() for weights in tally.passed]
    value, direct = _values(tally, splitting, times)
    for level in range(len(value) - 1):
        onward = times[level + 1] if level + 1 < len(times) else 0.0
        events = tally.played[level] / splitting.copies[level] / tally.event.runs
        begins = times[level] * _EVENTS_TO_BEGIN * len(splitting.numbers.sectors) if level else 0.0
        variance = onward * value[level + 1] ** 2 + direct[level]
        yield _Stage(level, max(variance, _SOME), max(events, _SOME), begins)


def _values(
    tally: Tally, splitting: Splitting, times: list[float]
) -> tuple[list[float], list[float]]:
    """Return the chance of the event from a stay at each level, and of having it right there.

    The latter is per run. Of a level that is the event, all those below are on the way. While too
    few have had the event, the highest level that is reached often enough stands for it.
    """
    known = tally.event.hits >= _ENOUGH_TO_GO_ON
    levels = len(times)
    if not known or splitting.event_level < levels:
        # Level 1 stands for an event that is out of sight: nothing is split on the way to it.
        goal = splitting.event_level if known else max(1, _highest_reached(tally, splitting))
        return [times[goal] / times[level] for level in range(goal + 1)], [0.0] * (goal + 1)
    direct = [
        hits / copies / tally.event.runs
        for hits, copies in zip(tally.hits, splitting.copies, strict=True)
    ]
    highest = max(level for level in range(levels) if times[level] > 0)
    value = [sum(direct[level:]) / times[level] for level in range(highest + 1)]
    return [*value, 0.0], direct


def _highest_reached(tally: Tally, splitting: Splitting) -> int:
    """Return the highest level on the way that enough runs have reached."""
    return max(
        (level for level in splitting.stages() if tally.passed[level].hits >= _ENOUGH_TO_GO_ON),
        default=0,
    )
