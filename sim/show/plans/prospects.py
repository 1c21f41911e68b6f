"""When each step of a plan can be in force at best: reckoned from its delays, nothing is played.

The best case is that the fighting which opens the crisis is what the step needs, that it is
detected and attributed, and that it lasts. What is then left of the model is a sum of delays and a
vote, whose distributions are reckoned exactly, up to the number of points that stand for a delay.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.model.clocks import delay_hours
from sim.scenario.conversions import timing
from sim.scenario.deciding import commitments, steps
from sim.show.plans.votes import vote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.results.estimates import Floats
    from sim.scenario.numbers import StepNumbers, Timing
    from sim.scenario.scenario import Scenario

_POINTS: Final = 128
"""How many equally likely hours stand for a delay."""
_HOURS_AT_FIRST: Final = 64
_FINEST: Final = 1 / (2 * _POINTS)
"""Up to which part of all the yeses they may fall into the same hours."""
_WIDE: Final = (0.05, 0.95)
_NARROW: Final = (0.25, 0.75)


class Range(NamedTuple):
    """A distribution of hours: its median, and where half and nine in ten of it lie."""

    median: float
    half: tuple[float, float]
    most: tuple[float, float]


class Prospect(NamedTuple):
    """When a step is decided and in force, on the crisis's clock, if it is not refused."""

    called: Floats
    """Equally likely hours; so are the others."""
    decided: Floats
    in_force: Floats
    yes: float
    """How often all of its deciders say yes, once a crisis is open; 0 if none can open."""

    def by(self, hours: float) -> float:
        """Return how often the step is in force by then, that hour included."""
        return self.yes * float((self.in_force <= hours).mean())


def opening(scenario: Scenario) -> Floats:
    """Return when a crisis opens, on its clock, as equally likely hours."""
    opened, _ = _opened_and_lag(scenario, scenario.crisis.threshold_level)
    return _evenly(opened)


def can_open(scenario: Scenario) -> bool:
    """Return whether anything can open a crisis: a false alarm, or what is seen and charged."""
    crisis, monitoring = scenario.crisis, scenario.monitoring
    if monitoring.false_alarms_per_day > 0:
        return True
    # A count opens it at any level.
    level = crisis.threshold_level if crisis.threshold_incidents is None else None
    lowest = 0 if level is None else list(scenario.levels).index(level)
    return any(
        one.detection.probability > 0
        and (one.attribution.probability > 0 or monitoring.misattribution > 0)
        for one in list(scenario.levels.values())[lowest:]
    )


def prospects(scenario: Scenario) -> dict[str, Prospect]:
    """Return the prospect of each step."""
    there = [one.available for one in commitments(scenario)]
    return {
        numbers.name: _prospect(scenario, numbers, there)
        for numbers in steps(scenario, list(scenario.line.sectors))
    }


def range_of(hours: Floats) -> Range:
    """Return where equally likely hours lie."""
    low, high, lowest, highest = (float(np.quantile(hours, one)) for one in (*_NARROW, *_WIDE))
    return Range(float(np.median(hours)), (low, high), (lowest, highest))


def _prospect(scenario: Scenario, step: StepNumbers, there: Sequence[float]) -> Prospect:
    called = _called(scenario, step)
    deciding, yes = _deciding(step, there)
    decided = _sum(called, deciding)
    in_force = np.maximum(_sum(decided, _points(step.deploy)), step.not_before_hours)
    held = math.prod(scenario.conditions[one].probability for one in _required(scenario, step))
    return Prospect(called, decided, in_force, yes * held * can_open(scenario))


def _required(scenario: Scenario, step: StepNumbers) -> list[str]:
    return [list(scenario.conditions)[index] for index in step.requires]


def _called(scenario: Scenario, step: StepNumbers) -> Floats:
    """Return when a step is called: opened, the clock shows enough, the need has lasted."""
    names = [None, *scenario.levels]
    opened, lag = _opened_and_lag(scenario, names[step.need_level])
    long_enough = step.sustained_hours - lag if step.need_level else 0.0
    called = np.maximum(np.maximum(opened, step.decide_from_hours), long_enough)
    return _evenly(called)


def _opened_and_lag(scenario: Scenario, level: str | None) -> tuple[Floats, Floats]:
    """Return when the crisis opens on its clock, and how long after the onset the clock starts.

    Both for each pair of equally likely delays of detection and attribution of a violation: at the
    given level, or at the one that opens a crisis if that is higher.
    """
    names = list(scenario.levels)
    threshold = scenario.crisis.threshold_level
    index = max((names.index(one) for one in (level, threshold) if one is not None), default=0)
    seen = scenario.levels[names[index]]
    detected, attributed = (
        _points(timing(one.delay)) for one in (seen.detection, seen.attribution)
    )
    detected, attributed = (one.ravel() for one in np.meshgrid(detected, attributed))
    nothing = np.zeros_like(detected)
    return {
        "violation": (detected + attributed, nothing),
        "detection": (attributed, detected),
        "attribution": (nothing, detected + attributed),
    }[scenario.crisis.clock]


def _points(delay: Timing) -> Floats:
    """Return a delay as equally likely hours."""
    chances = (np.arange(_POINTS) + 0.5) / _POINTS
    return np.array([delay_hours(*delay, float(chance)) for chance in chances])


def _evenly(hours: Floats) -> Floats:
    """Return as many equally likely hours as stand for a delay, from any multiple of that."""
    parts = np.sort(hours.ravel()).reshape(_POINTS, -1)
    return np.asarray(parts[:, parts.shape[1] // 2])


def _sum(first: Floats, second: Floats) -> Floats:
    """Return the sum of two delays that do not depend on each other."""
    return _evenly(first[:, np.newaxis] + second)


def _share_by(points: Floats, hours: Floats) -> Floats:
    """Return how often a delay is over by each of the hours, these included."""
    return np.searchsorted(points, hours, side="right") / _POINTS


def _deciding(step: StepNumbers, there: Sequence[float]) -> tuple[Floats, float]:
    """Return how long a yes takes, and how often there is one."""
    answers = [_sum(_points(one.decision), _points(one.parliament)) for one in step.voters]
    backing = [_points(one.decision) for one in step.backers]
    every = np.unique(np.concatenate([np.zeros(1), *answers, *backing]))
    hours, yes_by = where_it_rises(every, partial(_yes_by, step, there, answers, backing))
    yes = float(yes_by[-1])
    wanted = yes * (np.arange(_POINTS) + 0.5) / _POINTS
    return hours[np.minimum(np.searchsorted(yes_by, wanted), len(hours) - 1)], yes


def where_it_rises(every: Floats, yes_by: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """Return those hours that it takes to tell when the yeses come, and how many have come by each.

    Some hours at first, then more between two of them as long as too much happens there.
    """
    places = np.unique(np.linspace(0, len(every) - 1, _HOURS_AT_FIRST).round().astype(int))
    found = yes_by(every[places])
    while True:
        much = np.diff(found) > _FINEST * found[-1]
        before = np.flatnonzero(much & (np.diff(places) > 1))
        if not before.size:
            return every[places], found
        between = (places[before] + places[before + 1]) // 2
        found = np.insert(found, before + 1, yes_by(every[between]))
        places = np.insert(places, before + 1, between)


def _yes_by(
    step: StepNumbers,
    there: Sequence[float],
    answers: Sequence[Floats],
    backing: Sequence[Floats],
    hours: Floats,
) -> Floats:
    """Return how often all deciders have said yes by each of the hours."""
    said = [_share_by(one, hours) for one in answers]
    backed = [
        one.yes_probability * _present(one.commitment, there) * _share_by(points, hours)
        for one, points in zip(step.backers, backing, strict=True)
    ]
    found = np.zeros_like(hours)
    for state in product((True, False), repeat=len(backed)):
        is_so = [by if is_yes else 1 - by for by, is_yes in zip(backed, state, strict=True)]
        found += math.prod(is_so, start=np.ones_like(hours)) * _all_say_yes(
            step, said, state, there
        )
    return found


def _present(commitment: int, there: Sequence[float]) -> float:
    """Return how often somebody is there at all, when the ceasefire begins."""
    return there[commitment] if commitment >= 0 else 1.0


def _all_say_yes(
    step: StepNumbers, said: Sequence[Floats], backers: Sequence[bool], there: Sequence[float]
) -> Floats:
    """Return how often all deciders have said yes by each hour, given which backers have."""
    names = {one.name: is_yes for one, is_yes in zip(step.backers, backers, strict=True)}
    total = np.ones_like(said[0]) if said else np.ones(1)
    for index, decider in enumerate(step.deciders):
        if not decider.is_group and decider.name in names:
            # Its answer as a backer is its answer as a decider.
            total = total * names[decider.name]
            continue
        own = [(one, by) for one, by in zip(step.voters, said, strict=True) if one.decider == index]
        heard = [
            (one, by * _present(one.commitment, there) * (one.backer < 0 or backers[one.backer]))
            for one, by in own
        ]
        total = total * vote(decider, heard)
    return total
