"""The worlds that are held against what was observed, and all that is played of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

import sim
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters
from validation.observed import ROOT, assumed, smm_periods
from validation.recording import Place, Recorded, as_reported, recorded_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from sim.scenario.scenario import Scenario
    from validation.measures import Periods

SEED: Final = 20260203
HOURS_A_DAY: Final = 24
RECOMMITMENT_DAY: Final = 180
THREE_MONTHS: Final = 91
LONG_YEARS: Final = 10
_DAYS_A_YEAR: Final = 365
# Which sectors stand for the hot areas of the observed line, and for one of its two regions.
_HOT: Final = ("north", "centre", "south")
_HALF: Final = ("centre", "south")


class Effort(NamedTuple):
    """How many runs are played."""

    runs: int
    """Of the observed 574 days, and of the days around a recommitment."""
    long_runs: int
    """Of ten years, for the time until a ceasefire fails."""


THOROUGH: Final = Effort(runs=400, long_runs=1_000)
QUICK: Final = Effort(runs=20, long_runs=40)


class World(NamedTuple):
    """What is played of one world."""

    name: str
    reports: list[Periods]
    """Each run without an attack, as the mission would have reported it on its days."""
    even_reports: list[Periods]
    """The same if every incident had the mean number of counts."""
    undisturbed: list[Recorded]
    """Those runs, day by day."""
    runs: list[Recorded]
    """All runs, those with an attack too."""
    recommitted: list[Recorded]
    """Runs with a recommitment on day 180, and no attack within three months after it."""
    outcomes: pd.DataFrame
    """How runs of ten years ended, and when."""

    @property
    def struck(self) -> list[Recorded]:
        """The runs with an attack."""
        return [run for run in self.runs if run.attacks]


def unanswered(scenario: Scenario) -> Scenario:
    """Return a scenario's world with no plan in it: nobody responded to what was observed."""
    tables = scenario.as_tables()
    tables["steps"] = {}
    tables["sources"] = {
        path: source
        for path, source in tables["sources"].items()
        if path.partition(".")[0] != "steps"
    }
    return checked(Layer(tables, {}))


def worlds(effort: Effort, say: Callable[[str], object]) -> list[World]:
    """Play both worlds, and say what is being done meanwhile."""
    files = {"base": "base.toml", "full world": "full_world.toml"}
    return [
        _played(name, unanswered(sim.load(ROOT / "scenarios" / file)), effort, say)
        for name, file in files.items()
    ]


def _played(name: str, scenario: Scenario, effort: Effort, say: Callable[[str], object]) -> World:
    calendar = smm_periods()
    days = int(calendar.last_day.max()) + 1
    say(f"{name}: {effort.runs} runs of {days} days ...")
    runs = _runs(scenario, days, effort.runs)
    undisturbed = [run for run in runs if run.is_undisturbed(days * HOURS_A_DAY)]
    counts = assumed("A04")
    even = [run._replace(counts=np.full(len(run.hours), counts)) for run in undisturbed]
    say(f"{name}: {effort.runs} runs with a recommitment ...")
    days = RECOMMITMENT_DAY + THREE_MONTHS
    factor = assumed("A10")
    change = ("violations.recommitments", [{"day": RECOMMITMENT_DAY, "factor": factor}])
    recommitted = _runs(scenario.with_(change), days, effort.runs)
    say(f"{name}: {effort.long_runs} runs of {LONG_YEARS} years ...")
    long = scenario.with_(("run.horizon_days", LONG_YEARS * _DAYS_A_YEAR))
    return World(
        name=name,
        reports=[as_reported(run, calendar) for run in undisturbed],
        even_reports=[as_reported(run, calendar) for run in even],
        undisturbed=undisturbed,
        runs=runs,
        recommitted=[run for run in recommitted if run.is_undisturbed(days * HOURS_A_DAY)],
        outcomes=sim.run(long, effort.long_runs, SEED, progress=False).outcomes,
    )


def _runs(scenario: Scenario, days: int, runs: int) -> list[Recorded]:
    names = list(scenario.line.sectors)
    place = Place(
        hot=np.array([name in _HOT for name in names]),
        half=np.array([name in _HALF for name in names]),
    )
    numbers = parameters(scenario.with_(("run.horizon_days", days)))
    return list(recorded_runs(numbers, SEED, runs, place, assumed("A04")))
