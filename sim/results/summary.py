"""The summary: estimates grouped by what people ask."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sim.results.estimates import (
    Estimate,
    Floats,
    mean_over_events,
    mean_over_runs,
    share_of_events,
    share_of_runs,
)
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Step

HOLDS: Final = "Does the ceasefire hold?"
IN_TIME: Final = "Does the plan answer in time?"
FIGHTING: Final = "What does it cost in fighting?"


ENDINGS: Final = ("on_time", "late", "refused", "stood_down")


class Line(NamedTuple):
    """A line of the summary."""

    question: str
    quantity: str
    meaning: str
    unit: str
    estimate: Estimate


Columns = Callable[[str], "pd.Series[Any]"]
"""What gives a column of the outcomes by its name, one at a time, since all may be too many."""


def summary_frame(scenario: Scenario, outcomes: Columns) -> pd.DataFrame:
    """Return the summary, one row a quantity: estimate, low and high are its 95 % interval.

    Shares are 0 to 1. `n` is what an estimate rests on: runs, calls of a step, or promises.
    """
    lines = (
        *_holds(scenario, outcomes),
        *_in_time(scenario, outcomes),
        *_fighting(scenario, outcomes),
    )
    return pd.DataFrame(
        [
            (
                line.question,
                line.quantity,
                line.meaning,
                *line.estimate[:3],
                line.unit,
                *line.estimate[3:],
            )
            for line in lines
        ],
        columns=[
            "question",
            "quantity",
            "meaning",
            "estimate",
            "low",
            "high",
            "unit",
            "method",
            "n",
        ],
    )


def _floats(outcomes: Columns, column: str) -> Floats:
    return outcomes(column).to_numpy(dtype=np.float64)


def _holds(scenario: Scenario, outcomes: Columns) -> Iterator[Line]:
    def runs(quantity: str, meaning: str, yes: "pd.Series[bool]") -> Line:
        return Line(HOLDS, quantity, meaning, "share of runs", share_of_runs(yes.to_numpy()))

    days = f"{scenario.run.horizon_days:g} days"
    yield runs("held", f"the ceasefire holds for {days}", outcomes("outcome") == "held")
    yield runs("collapsed", "it collapses", outcomes("outcome") == "collapsed")
    runaway = outcomes("outcome") == "runaway"
    if runaway.any():
        yield runs("runaway", "cut off: it has run away", runaway)
    collapse_days = _floats(outcomes, "end_hours") / 24
    collapse_days = np.where(outcomes("outcome") == "collapsed", collapse_days, np.nan)
    mean = mean_over_runs(collapse_days)
    yield Line(HOLDS, "collapse_days", "if it collapses, on average after", "days", mean)
    yield runs("attacked", "there is a decision to attack", outcomes("attacks") > 0)
    yield runs("crisis", "there is at least one crisis", outcomes("crises") > 0)
    for index, name in enumerate(scenario.levels, start=1):
        reached = outcomes("highest_level") >= index
        yield runs(f"reached_{name}", f"fighting reaches {name}", reached)


def _in_time(scenario: Scenario, outcomes: Columns) -> Iterator[Line]:
    crises = mean_over_runs(_floats(outcomes, "crises"))
    yield Line(IN_TIME, "crises", "crises", "per run", crises)
    kept, broken = _floats(outcomes, "promises_kept"), _floats(outcomes, "promises_broken")
    promises = share_of_events(kept, kept + broken)
    meaning = "deadlines met, of those with the need still there"
    yield Line(IN_TIME, "promises_kept", meaning, "share of deadlines", promises)
    for name, step in scenario.steps.items():
        yield from _step(name, step, outcomes)


def _step(name: str, step: Step, outcomes: Columns) -> Iterator[Line]:
    called = _floats(outcomes, f"{name}_called")
    reached = share_of_runs(outcomes(f"{name}_first_hours").notna().to_numpy())
    meaning = f"{name}: in force at least once"
    yield Line(IN_TIME, f"{name}.in_force", meaning, "share of runs", reached)
    yield Line(IN_TIME, f"{name}.called", f"{name}: called", "per run", mean_over_runs(called))
    endings = {"on_time": "in force"}
    if step.deadline_hours is not None:
        endings = {"on_time": f"on time, by {step.deadline_hours:g} h", "late": "late"}
    endings |= {"refused": "refused", "stood_down": "stood down with the crisis"}
    for ending, words in endings.items():
        share = share_of_events(_floats(outcomes, f"{name}_{ending}"), called)
        yield Line(IN_TIME, f"{name}.{ending}", f"{name}: {words}", "share of calls", share)
    ended = sum(_floats(outcomes, f"{name}_{ending}") for ending in ENDINGS)
    still_open = share_of_events(called - ended, called)
    meaning = f"{name}: undecided or under way when the run ended"
    yield Line(IN_TIME, f"{name}.open", meaning, "share of calls", still_open)
    in_force = _floats(outcomes, f"{name}_on_time") + _floats(outcomes, f"{name}_late")
    sums = np.nan_to_num(_floats(outcomes, f"{name}_delay_hours")) * in_force
    delay = mean_over_events(sums, in_force)
    meaning = f"{name}: if in force, after the clock's start"
    yield Line(IN_TIME, f"{name}.delay_hours", meaning, "hours", delay)


def _fighting(scenario: Scenario, outcomes: Columns) -> Iterator[Line]:
    def mean(column: str, meaning: str, unit: str) -> Line:
        return Line(FIGHTING, column, meaning, unit, mean_over_runs(_floats(outcomes, column)))

    yield mean("incidents", "incidents", "per run")
    yield mean("attacks", "attacks", "per run")
    yield mean("fighting_hours", "fighting anywhere on the line", "hours per run")
    # A run that collapses is watched for a shorter time, so its hours alone would look cheap.
    days = _floats(outcomes, "end_hours") / 24
    per_day = mean_over_events(_floats(outcomes, "fighting_hours"), days)._replace(n=len(days))
    meaning = "the same, while the ceasefire lasts"
    yield Line(FIGHTING, "fighting_hours_per_day", meaning, "hours per day", per_day)
    for name in scenario.levels:
        yield mean(f"hours_{name}", f"fighting at the level {name}", "sector-hours per run")
