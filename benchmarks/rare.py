"""How much faster splitting finds a rare event's chance than plain runs.

Plain runs are timed on their own, and the time that as narrow an interval would take is what their
speed and the variance say; nobody waits for it. All is in one run, with as many workers for both.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.linalg import expm

import sim
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters
from sim.study.rare_events.rare import RareEvent, rare
from sim.study.rare_events.splitting import Splitting, grown
from sim.study.run import available_workers

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

ROOT: Final = Path(__file__).parents[1]
SPELL_HOURS: Final = (2.0, 3.0, 4.0, 5.0)
RISES_PER_DAY: Final = 0.04
DAYS: Final = 10.0
TURN_SECONDS: Final = 2.0


class Line(NamedTuple):
    """A line of the table."""

    what: str
    found: RareEvent
    runs_per_second: float
    expected: float | None


def climbing() -> tuple[Scenario, float]:
    """Return a sector that climbs at constant rates, and the chance that it reaches the top."""
    names = ("low", "middle", "high", "top")
    levels = {
        name: {
            "spell": {"family": "exponential", "mean_hours": hours},
            "expand_per_day": RISES_PER_DAY if name != names[-1] else 0.0,
            "detection": {"probability": 0.0},
        }
        for name, hours in zip(names, SPELL_HOURS, strict=True)
    }
    tables = {
        "run": {"horizon_days": DAYS},
        "violations": {
            "incidents_per_day": 1.0,
            "level_shares": dict(zip(names, (1.0, 0.0, 0.0, 0.0), strict=True)),
        },
        "levels": levels,
    }
    rates = np.zeros((5, 5))
    rates[0, 1] = 1.0
    for level in (1, 2, 3):
        rates[level, 0] = 24.0 / SPELL_HOURS[level - 1]
        rates[level, level + 1] = RISES_PER_DAY
    rates -= np.diag(rates.sum(axis=1))
    return checked(Layer(tables, {})), float(expm(rates * DAYS)[0, 4])


def runs_per_second(scenario: Scenario) -> float:
    """Return how many plain runs are played in a second, at their quickest."""
    numbers = parameters(scenario)
    levels = len(numbers.levels)
    plain = Splitting(numbers, levels, (1,) * levels)
    runs, best = 200, 0.0
    began = time.perf_counter()
    while time.perf_counter() - began < TURN_SECONDS:
        turn = time.perf_counter()
        grown(plain, 1, runs, available_workers())
        seconds = time.perf_counter() - turn
        best = max(best, runs / seconds)
        runs = max(200, int(best * TURN_SECONDS / 10))
    return best


def line(what: str, scenario: Scenario, event: str, expected: float | None = None) -> Line:
    """Measure an event."""
    rare(scenario, event, roots=1, splits=[], progress=False)
    return Line(what, rare(scenario, event, progress=False), runs_per_second(scenario), expected)


HEAD: Final = """\
| event | chance (95 %) | splits | seconds | plain runs | their seconds | times faster |
| --- | --- | --- | ---: | ---: | ---: | ---: |"""


def row(measured: Line) -> str:
    """Return what was measured as a row of a table in Markdown."""
    what, found, speed, expected = measured
    value, low, high = found.probability[:3]
    known = f", exactly {expected:.3g}" if expected else ""
    seconds = found.plain_runs / speed
    splits = ", ".join(map(str, found.splits.values()))
    return (
        f"| {what} | {value:.3g} ({low:.3g} to {high:.3g}){known} | {splits} | "
        f"{found.seconds:.1f} | {found.plain_runs:.2g} | {seconds:,.0f} | "
        f"{seconds / found.seconds:.2g} |"
    )


def main() -> None:
    """Measure, and print row after row."""
    chain, expected = climbing()
    year = sim.load(ROOT / "scenarios" / "three_step.toml").with_(("attack.per_year", 0.0))
    month = year.with_(("run.horizon_days", 30.0))
    print(HEAD)
    for asked in (
        ("a sector reaches the fourth level", chain, "reached_top", expected),
        ("three steps, a month: expanded", month, "reached_expanded"),
        ("three steps, a year: collapsed", year, "collapsed"),
    ):
        print(row(line(*asked)), flush=True)


if __name__ == "__main__":
    main()
