"""Everything that is played for the document, each with the same seed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

import sim
from comparison.cost import DAYS_A_YEAR, SEED, Cost, cost_of
from comparison.measures import HOURS_A_DAY, Measures, measured
from comparison.plans import (
    AGAINST_ANSWERS,
    BLITZ,
    FULL,
    HALF,
    LEVERS,
    MAIN,
    OBSERVE,
    PLAIN,
    PLANS,
    PROBING,
    READINGS,
    SALAMI,
    Plan,
    World,
    scenario_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.results.estimates import Floats
    from sim.results.paired import Bools
    from sim.scenario.scenario import Scenario

SHORT: Final = Plan("us_guarantee_15_years", "P3", "US guarantee of 15 years")
LONG: Final = Plan("us_guarantee_50_years", "P3", "US guarantee of 50 years")
LONG_YEARS: Final = 50
MIDDLE_YEARS: Final = 15
_TIMED_RUNS: Final = 200


class Effort(NamedTuple):
    """How many runs of each plan are played, by what they are for."""

    plain: int
    full: int
    other_worlds: int
    probing: int
    readings: int
    levers: int
    fifty_years: int


THOROUGH: Final = Effort(12_000, 1_500, 4_000, 1_000, 6_000, 6_000, 600)
QUICK: Final = Effort(40, 8, 10, 4, 20, 20, 4)


class Years(NamedTuple):
    """How runs of fifty years went; arrays have shape (runs,)."""

    years: Floats
    """How long the ceasefire lasted, up to fifty."""
    last_level_hours: Floats

    def lasted(self, years: float) -> Bools:
        """Return whether it lasted for so long."""
        return self.years >= years


class Found(NamedTuple):
    """All that was played."""

    effort: Effort
    worlds: dict[str, dict[str, Measures]]
    """By world and by plan's file."""
    readings: dict[str, Measures]
    """By file."""
    levers: dict[str, Measures]
    """By name."""
    long: dict[str, Years]
    """By plan's file."""
    costs: dict[str, Cost]

    def of(self, plan: Plan, world: World = PLAIN) -> Measures:
        """Return a plan in a world."""
        return self.worlds[world.name][plan.file]


def play_all(effort: Effort, say: Callable[[str], object]) -> Found:
    """Play everything, and say what is being done meanwhile."""
    asked: list[tuple[World, tuple[Plan, ...], int]] = [
        (PLAIN, PLANS, effort.plain),
        (FULL, PLANS, effort.full),
        (SALAMI, PLANS, effort.other_worlds),
        (BLITZ, PLANS, effort.other_worlds),
        (HALF, PLANS, effort.other_worlds),
        (PROBING, (*AGAINST_ANSWERS, OBSERVE), effort.probing),
    ]
    worlds = {}
    for world, plans, runs in asked:
        say(f"{world.name} world: {len(plans)} plans, {runs:,} runs of each ...")
        worlds[world.name] = {plan.file: _played(scenario_of(plan, world), runs) for plan in plans}
    say(f"{len(READINGS)} readings, {effort.readings:,} runs of each ...")
    readings = {plan.file: _played(scenario_of(plan), effort.readings) for plan in READINGS}
    say(f"{len(LEVERS)} levers, {effort.levers:,} runs of each ...")
    main = scenario_of(MAIN)
    levers = {
        lever.name: _played(main.with_(*lever.changes(main)), effort.levers) for lever in LEVERS
    }
    say(f"{LONG_YEARS} years, {effort.fifty_years:,} runs of each ...")
    watched = (SHORT, LONG, OBSERVE)
    long = {plan.file: _years(scenario_of(plan), effort.fifty_years) for plan in watched}
    costs = {
        plan.file: cost_of(plan, min(effort.fifty_years, _TIMED_RUNS), LONG_YEARS)
        for plan in watched
    }
    return Found(effort, worlds, readings, levers, long, costs)


def _played(scenario: Scenario, runs: int) -> Measures:
    return measured(sim.run(scenario, runs, SEED, crises=True, progress=False))


def _years(scenario: Scenario, runs: int) -> Years:
    """Return how a plan goes over fifty years."""
    changed = scenario.with_(("run.horizon_days", LONG_YEARS * DAYS_A_YEAR))
    results = sim.run(changed, runs, SEED, progress=False)
    outcomes = results.outcomes
    years = outcomes["end_hours"].to_numpy(np.float64) / (HOURS_A_DAY * DAYS_A_YEAR)
    held = (outcomes["outcome"] == "held").to_numpy()
    last = list(scenario.levels)[-1]
    return Years(np.where(held, math.inf, years), outcomes[f"hours_{last}"].to_numpy(np.float64))
