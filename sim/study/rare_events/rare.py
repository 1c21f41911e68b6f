"""The chance of a rare event, by splitting runs on their way to it.

While the hardest fighting is at a level, a run goes on as several branches, each with a luck of its
own and a weight that is so much smaller; where it falls below the level again, only the run itself
is left, with the weight that it had before (RESTART; Villén-Altamirano and Villén-Altamirano 1991).
The weights of the branches that have the event, summed over a run, have the event's chance as their
mean, however often runs are split. A pilot finds how often that should be, and how many runs to
play.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import inf, prod
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.results.progress import shown
from sim.results.weighted import chance_of
from sim.scenario.counts import counted
from sim.scenario.parameters import parameters
from sim.study.asked_runs import with_run
from sim.study.playing.batches import checked_workers
from sim.study.rare_events.pilot import Asked, Pilot, events_in_a_run, piloted, work_of
from sim.study.rare_events.splitting import Splitting, Tally, copies_of, grown, splits_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.results.estimates import Estimate
    from sim.scenario.numbers import Parameters
    from sim.scenario.scenario import Scenario

Splits = Mapping[str, int]

COLLAPSED: Final = "collapsed"
_REACHED: Final = "reached_"
_MOST_COPIES: Final = 2**40


class Stage(NamedTuple):
    """A level on the way to the event."""

    level: str
    split: int
    """As how many branches a run goes on that rises to it."""
    times: float
    """How often a run rises to it, on average."""
    share: float
    """How often that is for each stay at the level below; NaN if there is none."""
    branches: int
    """How many branches began there, besides the runs themselves."""


class RareEvent(NamedTuple):
    """The chance of an event, and what it took to find it."""

    event: str
    probability: Estimate
    """`n` counts the runs, with all their branches."""
    stages: tuple[Stage, ...]
    seed: int
    roots: int
    """Runs that were begun; all else are their branches."""
    branches: int
    """Runs and branches that were played for the estimate."""
    work: float
    """What that took: events, and for each branch as many as it takes to begin."""
    pilot_branches: int
    pilot_work: float
    plain_runs: float
    """How many runs that are not split give as narrow an interval; NaN if the event never came."""
    events_in_a_run: float
    """How many events a run has that is not split; detections are not counted."""
    seconds: float
    """All of it, with the pilot."""

    @property
    def splits(self) -> dict[str, int]:
        """Return how often runs were split at each level."""
        return {stage.level: stage.split for stage in self.stages}

    @property
    def relative_half_width(self) -> float:
        """Return half of the interval's width, as a share of the chance."""
        value, low, high = self.probability[:3]
        return (high - low) / 2 / value if value > 0 else inf

    @property
    def times_less_work(self) -> float:
        """Return how much more work plain runs would be, counting the pilot here."""
        return self.plain_runs * self.events_in_a_run / (self.work + self.pilot_work)

    def __str__(self) -> str:
        """Return the answer in a sentence or two."""
        value, low, high = self.probability[:3]
        played = (
            f"{counted(self.roots, 'run')} with "
            f"{counted(self.branches - self.roots, 'branch', 'branches')}"
        )
        if value == 0:
            reached = [stage for stage in self.stages if stage.times > 0]
            highest = (
                f"{reached[-1].level}, {reached[-1].times:.2g} times a run" if reached else "none"
            )
            return (
                f"{self.event}: never in {played}, so its chance is below {high:.2g} (95 %). "
                f"The highest level on the way that was reached: {highest}."
            )
        return (
            f"{self.event}: {value:.3g} (95 %: {low:.3g} to {high:.3g}, "
            f"± {100 * self.relative_half_width:.1f} %), from {played}. As narrow an interval "
            f"would take {self.plain_runs:.3g} runs that are not split, "
            f"{self.times_less_work:.3g} times the work."
        )


def rare(
    scenario: Scenario,
    event: str = COLLAPSED,
    *,
    roots: int | None = None,
    seed: int | None = None,
    splits: Splits | Sequence[int] | None = None,
    relative_error: float = 0.1,
    workers: int | None = None,
    progress: bool | None = None,
    most_runs: int = 1_000_000,
) -> RareEvent:
    """Estimate the chance of a rare event: "collapsed", or "reached_" and the name of a level.

    A pilot chooses how often to split runs at each level and how many to play, so that the 95 %
    interval is as narrow as `relative_error` says, half of it over the chance; `splits`, by the
    names of levels or in their order, and `roots`, the number of runs, choose that instead. Not
    more is played than takes as long as `most_runs` runs that are not split, a quarter of it by the
    pilot, even if the interval is wider then. Seed and splits alone decide what each run becomes,
    whatever the number of workers; where nothing is split, they are the runs of `sim.run`.
    """
    began = time.perf_counter()
    scenario = with_run(scenario, None, seed)
    numbers = parameters(scenario)
    levels = [level.name for level in numbers.levels][1:]
    _check(relative_error, roots, most_runs)
    seed = scenario.run.seed
    splitting = Splitting(numbers, _event_level(event, levels, numbers), _copies(splits, levels))
    workers = checked_workers(workers)
    pilot = Pilot(splitting, roots or 0, 0, 0.0)
    if splits is None or roots is None:
        asked = Asked(seed, relative_error, most_runs, workers, progress)
        pilot = piloted(splitting, asked, chooses=splits is None)
    pilot = pilot._replace(roots=roots or pilot.roots)
    with shown(pilot.roots, progress) as watched:

        def seen(more: int, tally: Tally) -> None:
            watched.expects(pilot.roots, f"{event} {tally.event.mean():.3g}")
            watched.done(more, 0, 0)

        tally = grown(pilot.splitting, seed, pilot.roots, workers, seen)
    return _found(event, levels, pilot, tally, seed, time.perf_counter() - began)


def _found(
    event: str, levels: list[str], pilot: Pilot, tally: Tally, seed: int, seconds: float
) -> RareEvent:
    variance = tally.event.variance() / tally.event.runs
    mean = tally.event.mean()
    return RareEvent(
        event,
        chance_of(tally.event),
        _stages(levels, pilot.splitting, tally),
        seed,
        tally.event.runs,
        tally.branches(),
        work_of(tally, pilot.splitting),
        pilot.branches,
        pilot.work,
        mean * (1 - mean) / variance if variance > 0 else float("nan"),
        events_in_a_run(tally, pilot.splitting),
        seconds,
    )


def _stages(levels: list[str], splitting: Splitting, tally: Tally) -> tuple[Stage, ...]:
    splits = splits_of(splitting.copies)
    times = [weights.mean() for weights in tally.passed]
    return tuple(
        Stage(
            levels[level - 1],
            splits[level - 1],
            times[level],
            times[level] / times[level - 1] if times[level - 1] > 0 else float("nan"),
            tally.begun[level],
        )
        for level in splitting.stages()
    )


def _check(relative_error: float, roots: int | None, most_runs: int) -> None:
    if not 0 < relative_error < inf:
        message = f"relative_error: is {relative_error}, must be above 0"
        raise ValueError(message)
    for name, value in (("roots", roots), ("most_runs", most_runs)):
        if value is not None and not 1 <= value <= _MOST_COPIES:
            message = f"{name}: is {value}, must be from 1 to {_MOST_COPIES:,}"
            raise ValueError(message)


def _event_level(event: str, levels: list[str], numbers: Parameters) -> int:
    """Return the level that is the event, or the one above the highest if a collapse is."""
    if event == COLLAPSED:
        if all(level.collapse_mean_hours == inf for level in numbers.levels):
            message = f'event: "{event}" cannot happen: no level has a collapse_per_day above 0'
            raise ValueError(message)
        return len(levels) + 1
    named = [_REACHED + level for level in levels]
    if event not in named:
        allowed = ", ".join(f'"{name}"' for name in (COLLAPSED, *named))
        message = f'event: is "{event}", must be one of {allowed}'
        raise ValueError(message)
    return named.index(event) + 1


def _copies(splits: Splits | Sequence[int] | None, levels: list[str]) -> tuple[int, ...]:
    """Return as how many copies a run goes on from each level, as the splits say."""
    if isinstance(splits, Mapping):
        unknown = sorted(set(splits) - set(levels))
        if unknown:
            message = f'splits: "{unknown[0]}" is no level, must be one of {", ".join(levels)}'
            raise ValueError(message)
        splits = [splits.get(level, 1) for level in levels]
    asked = tuple(splits or ())
    if len(asked) > len(levels) or any(split < 1 for split in asked) or prod(asked) > _MOST_COPIES:
        message = (
            f"splits: is {list(asked)}, must be at most {len(levels)} whole numbers, 1 or more, "
            f"with a product of at most {_MOST_COPIES:,}"
        )
        raise ValueError(message)
    return copies_of(asked + (1,) * (len(levels) - len(asked)))
