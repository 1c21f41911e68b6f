"""Of which values of a run the distribution is worth telling, besides the mean."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sim.results.moments import Floats
from sim.results.quantities import Columns, collapse_days, column
from sim.scenario.scenario import Scenario


class Distribution(NamedTuple):
    """A value of a run whose quantiles are told, in words and as what gives it."""

    name: str
    meaning: str
    unit: str
    values: Callable[[Columns], Floats]
    """Gives the value of each run, shape (runs,), NaN where it has none."""
    is_of_counts: bool = False


def distributions(scenario: Scenario) -> tuple[Distribution, ...]:
    """Return all values of a run whose quantiles are told."""
    return (*_when(scenario), *_how_much(scenario))


def _when(scenario: Scenario) -> Iterator[Distribution]:
    yield Distribution("collapse_days", "if it collapses, after", "days", collapse_days)
    name = "first_crisis_hours"
    yield Distribution(name, "if there is a crisis, the first after", "hours", column(name))
    for step in scenario.steps:
        meaning = f"{step}: if ever in force, first after"
        first = column(f"{step}_first_hours")
        yield Distribution(f"{step}.first_hours", meaning, "hours", first)
        meaning = f"{step}: if ever in force, mean after the clock's start in a run"
        delay = column(f"{step}_delay_hours")
        yield Distribution(f"{step}.delay_hours", meaning, "hours", delay)


def _how_much(scenario: Scenario) -> Iterator[Distribution]:
    for name in ("crises", "incidents"):
        yield Distribution(name, name, "per run", column(name), is_of_counts=True)
    name = "fighting_hours"
    yield Distribution(name, "fighting anywhere on the line", "hours per run", column(name))
    for level in scenario.levels:
        meaning = f"fighting at the level {level}"
        hours = column(f"hours_{level}")
        yield Distribution(f"hours_{level}", meaning, "sector-hours per run", hours)
