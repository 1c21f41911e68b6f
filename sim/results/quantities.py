"""What is estimated: the lines of the summary, each a mean over runs or a ratio of sums over runs.

A quantity has a name, which the summary, studies and the command line use, and knows how to get its
part and its whole out of the outcomes of some runs.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.model.words import COLLAPSED, HELD, RUNAWAY
from sim.results.moments import Floats
from sim.scenario.counts import counted
from sim.scenario.problems import did_you_mean, shown
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Step

HOLDS: Final = "Does the ceasefire hold?"
IN_TIME: Final = "Does the plan answer in time?"
FIGHTING: Final = "What does it cost in fighting?"

SHARE_OF_RUNS: Final = "share of runs"
MEAN_OVER_RUNS: Final = "mean over runs"
SHARE_OF_EVENTS: Final = "share of events"
MEAN_OVER_EVENTS: Final = "mean over events"
RATE: Final = "rate"
"""A mean over time, which is no count: it rests on the runs."""

ENDINGS: Final = ("on_time", "late", "refused", "stood_down")
_HOURS_A_DAY: Final = 24

Columns = Callable[[str], Floats]
"""What gives a column of the outcomes by its name, shape (runs,): NaN where it does not apply, and
the outcome as its number in `sim.model.words`."""
Bools = npt.NDArray[np.bool_]


class Sums(NamedTuple):
    """Each run's part and whole, of shape (runs,); the quantity is the ratio of their sums."""

    part: Floats
    whole: Floats


class Quantity(NamedTuple):
    """What is estimated, in words and as a part and a whole of each run."""

    name: str
    question: str
    meaning: str
    unit: str
    kind: str
    """One of `SHARE_OF_RUNS` and the others above."""
    sums: Callable[[Columns], Sums]


def quantities(scenario: Scenario) -> tuple[Quantity, ...]:
    """Return all quantities of a scenario in the order of the summary.

    The summary shows `runaway` only where a run was cut off.
    """
    return (*_holds(scenario), *_in_time(scenario), *_fighting(scenario))


def quantity_named(scenario: Scenario, name: str) -> Quantity:
    """Return a quantity by its name; raise `ValueError` that says which names there are."""
    known = {one.name: one for one in quantities(scenario)}
    if name not in known:
        hint = did_you_mean(name, known)
        raise ValueError(f"quantity: is {shown(name)}, must be one that the summary names{hint}")
    return known[name]


def _share_of_runs(
    question: str, name: str, meaning: str, yes: Callable[[Columns], Bools]
) -> Quantity:
    def sums(columns: Columns) -> Sums:
        holds = yes(columns)
        return Sums(holds.astype(np.float64), np.ones(len(holds)))

    return Quantity(name, question, meaning, "share of runs", SHARE_OF_RUNS, sums)


def _mean_over_runs(
    question: str, name: str, meaning: str, unit: str, values: Callable[[Columns], Floats]
) -> Quantity:
    def sums(columns: Columns) -> Sums:
        found = values(columns)
        known = ~np.isnan(found)
        return Sums(np.where(known, found, 0.0), known.astype(np.float64))

    return Quantity(name, question, meaning, unit, MEAN_OVER_RUNS, sums)


def column(name: str) -> Callable[[Columns], Floats]:
    """Return what gives a column as it stands."""
    return lambda columns: columns(name)


def collapse_days(columns: Columns) -> Floats:
    """Return the day of each run's collapse, NaN where it did not collapse: shape (runs,)."""
    return np.where(columns("outcome") == COLLAPSED, columns("end_hours") / _HOURS_A_DAY, np.nan)


def _ended(outcome: int) -> Callable[[Columns], Bools]:
    return lambda columns: columns("outcome") == outcome


def _at_least(name: str, least: int) -> Callable[[Columns], Bools]:
    return lambda columns: columns(name) >= least


def _holds(scenario: Scenario) -> Iterator[Quantity]:
    days = counted(scenario.run.horizon_days, "day")
    yield _share_of_runs(HOLDS, "held", f"the ceasefire holds for {days}", _ended(HELD))
    yield _share_of_runs(HOLDS, "collapsed", "it collapses", _ended(COLLAPSED))
    yield _share_of_runs(HOLDS, "runaway", "cut off: it has run away", _ended(RUNAWAY))
    meaning = "if it collapses, on average after"
    yield _mean_over_runs(HOLDS, "collapse_days", meaning, "days", collapse_days)
    meaning = "there is a decision to attack"
    yield _share_of_runs(HOLDS, "attacked", meaning, _at_least("attacks", 1))
    yield _share_of_runs(HOLDS, "crisis", "there is at least one crisis", _at_least("crises", 1))
    for index, name in enumerate(scenario.levels, start=1):
        reached = _at_least("highest_level", index)
        yield _share_of_runs(HOLDS, f"reached_{name}", f"fighting reaches {name}", reached)


def _in_time(scenario: Scenario) -> Iterator[Quantity]:
    yield _mean_over_runs(IN_TIME, "crises", "crises", "per run", column("crises"))
    meaning = "deadlines met, of those with the need still there"
    unit = "share of deadlines"
    yield Quantity("promises_kept", IN_TIME, meaning, unit, SHARE_OF_EVENTS, _promises)
    for name, step in scenario.steps.items():
        yield from _step(name, step)


def _promises(columns: Columns) -> Sums:
    kept = columns("promises_kept")
    return Sums(kept, kept + columns("promises_broken"))


def _step(name: str, step: Step) -> Iterator[Quantity]:
    reached = _known(f"{name}_first_hours")
    meaning = f"{name}: in force at least once"
    yield _share_of_runs(IN_TIME, f"{name}.in_force", meaning, reached)
    called = column(f"{name}_called")
    yield _mean_over_runs(IN_TIME, f"{name}.called", f"{name}: called", "per run", called)
    endings = {"on_time": "in force"}
    if step.deadline_hours is not None:
        endings = {"on_time": f"on time, by {step.deadline_hours:g} h", "late": "late"}
    endings |= {"refused": "refused", "stood_down": "stood down with the crisis"}
    for ending, words in endings.items():
        yield _share_of_calls(f"{name}.{ending}", f"{name}: {words}", _calls_that(name, ending))
    meaning = f"{name}: undecided or under way when the run ended"
    yield _share_of_calls(f"{name}.open", meaning, _open_calls(name))
    meaning = f"{name}: if in force, after the clock's start"
    delays = _delays(name)
    yield Quantity(f"{name}.delay_hours", IN_TIME, meaning, "hours", MEAN_OVER_EVENTS, delays)


def _share_of_calls(name: str, meaning: str, sums: Callable[[Columns], Sums]) -> Quantity:
    return Quantity(name, IN_TIME, meaning, "share of calls", SHARE_OF_EVENTS, sums)


def _known(name: str) -> Callable[[Columns], Bools]:
    return lambda columns: ~np.isnan(columns(name))


def _calls_that(step: str, ending: str) -> Callable[[Columns], Sums]:
    return lambda columns: Sums(columns(f"{step}_{ending}"), columns(f"{step}_called"))


def _open_calls(step: str) -> Callable[[Columns], Sums]:
    def sums(columns: Columns) -> Sums:
        called = columns(f"{step}_called")
        still_open = called.copy()
        for ending in ENDINGS:
            still_open -= columns(f"{step}_{ending}")
        return Sums(still_open, called)

    return sums


def _delays(step: str) -> Callable[[Columns], Sums]:
    """Return what gives a run's sum of delays: the mean that is recorded, as often as it stands."""

    def sums(columns: Columns) -> Sums:
        in_force = columns(f"{step}_on_time") + columns(f"{step}_late")
        return Sums(np.nan_to_num(columns(f"{step}_delay_hours")) * in_force, in_force)

    return sums


def _fighting(scenario: Scenario) -> Iterator[Quantity]:
    def mean(name: str, meaning: str, unit: str) -> Quantity:
        return _mean_over_runs(FIGHTING, name, meaning, unit, column(name))

    yield mean("incidents", "incidents", "per run")
    yield mean("attacks", "attacks", "per run")
    yield mean("fighting_hours", "fighting anywhere on the line", "hours per run")
    meaning = "the same, while the ceasefire lasts"
    unit = "hours per day"
    yield Quantity("fighting_hours_per_day", FIGHTING, meaning, unit, RATE, _fighting_by_day)
    for name in scenario.levels:
        yield mean(f"hours_{name}", f"fighting at the level {name}", "sector-hours per run")


def _fighting_by_day(columns: Columns) -> Sums:
    # A run that collapses is watched for a shorter time, so its hours alone would look cheap.
    return Sums(columns("fighting_hours"), columns("end_hours") / _HOURS_A_DAY)
