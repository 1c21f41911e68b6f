"""What a batch of runs says, in sentences for whoever does not read tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sim.results.numbers import PERCENT, of_bounds, three, told
from sim.results.summary import FIGHTING, HOLDS, IN_TIME
from sim.scenario.counts import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sim.results.results import Results
    from sim.scenario.tables import Step

WHERE: Final = "Where does the time go?"


def answers(results: Results) -> Iterator[tuple[str, list[str]]]:
    """Yield each question with its answer, in sentences."""
    yield HOLDS, list(_holds(results))
    if results.scenario.steps:
        yield IN_TIME, list(_in_time(results))
        yield WHERE, list(_where(results))
    else:
        yield IN_TIME, ["This plan has no steps: nobody answers."]
    yield FIGHTING, list(_fighting(results))


def _holds(results: Results) -> Iterator[str]:
    days = counted(results.scenario.run.horizon_days, "day")
    held = _in_words(results, "held", "share")
    yield f"In {held} of {counted(results.tally.runs, 'run')} the ceasefire holds for {days}."
    after = results.tally.estimate("collapse_days")
    if not math.isnan(after.value):
        collapsed = _in_words(results, "collapsed", "share")
        when = told(after, "days").in_words()
        yield f"In {collapsed} it collapses, on average on day {when}."
    caution = results.caution()
    if caution:
        yield f"Note: {caution}."
    highest = list(results.scenario.levels)[-1]
    attacked = _in_words(results, "attacked", "share")
    reached = _in_words(results, f"reached_{highest}", "share")
    yield (
        f"In {attacked} there is a decision to attack, and in {reached} fighting reaches the "
        f"highest level, {highest}."
    )


def _in_time(results: Results) -> Iterator[str]:
    crises = _in_words(results, "crises", "per run")
    yield f"There are {crises} crises a run."
    kept = results.tally.estimate("promises_kept")
    if not math.isnan(kept.value):
        share = told(kept, "share").in_words()
        yield f"Of the deadlines that fall due with the need still there, {share} are met."
    for name, step in results.scenario.steps.items():
        yield _step(results, name, step)


def _step(results: Results, name: str, step: Step) -> str:
    """Return how the calls of a step end."""
    calls = results.tally.estimate(f"{name}.on_time").n
    if not calls:
        return f"The step {name} is never called."
    shares = {
        ending: told(results.tally.estimate(f"{name}.{ending}"), "share").in_words()
        for ending in ("on_time", "refused", "stood_down", *(("late",) if _is_due(step) else ()))
    }
    answer = f"in force in {shares['on_time']}"
    if _is_due(step):
        answer = f"on time, by hour {step.deadline_hours:g}, in {shares['on_time']}"
        answer += f" and late in {shares['late']}"
    return (
        f"The step {name} is called {counted(calls, 'time')}: {answer} of the calls; refused in "
        f"{shares['refused']}; stood down in {shares['stood_down']}, since the crisis was over."
    )


def _is_due(step: Step) -> bool:
    return step.deadline_hours is not None


def _where(results: Results) -> Iterator[str]:
    """Yield for each step its bottleneck: the part that most often takes longest."""
    for name, rows in results.delays().groupby("step", sort=False):
        after = results.tally.estimate(f"{name}.delay_hours")
        if not after.n:
            yield f"The step {name} never comes into force."
            continue
        yield (
            f"The step {name} is in force {told(after, 'hours').in_words()} hours after the start "
            f"of the crisis's clock, on average over the {counted(after.n, 'crisis', 'crises')} "
            f"in which it comes into force{_bottleneck(rows)}."
        )


def _bottleneck(rows: pd.DataFrame) -> str:
    """Return which part of a step's delay is the longest, and who decides last."""
    found, shares = "", rows["longest_share"].to_numpy(dtype=float)
    if shares.any():
        longest = rows.to_dict("records")[int(shares.argmax())]
        hours = of_bounds(three(longest, "hours", "low", "high"), "hours")
        share = f"{100 * shares.max():.0f}{PERCENT}"
        found = (
            f"; what takes longest in {share} of these is {longest['part']}, with "
            f"{hours.in_words()} hours"
        )
    last = rows[rows["last_decider"].notna()]
    if not last.empty:
        share = f"{100 * float(last['last_share'].iloc[0]):.0f}{PERCENT}"
        found += f"; the last yes is that of {last['last_decider'].iloc[0]} in {share}"
    return found


def _fighting(results: Results) -> Iterator[str]:
    incidents = _in_words(results, "incidents", "per run")
    hours = _in_words(results, "fighting_hours_per_day", "hours")
    yield (
        f"A run has {incidents} incidents; somewhere on the line there is fighting for {hours} "
        "hours of each day that the ceasefire lasts."
    )
    highest = list(results.scenario.levels)[-1]
    worst = _in_words(results, f"hours_{highest}", "hours")
    yield f"At the highest level, {highest}, there is fighting for {worst} sector-hours a run."


def _in_words(results: Results, name: str, unit: str) -> str:
    return told(results.tally.estimate(name), unit).in_words()
