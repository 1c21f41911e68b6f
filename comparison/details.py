"""The tables that look closer: readings, answers, what decides it, and fifty years."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from comparison.measures import IN_TIME_HOURS, PARTS
from comparison.plans import (
    AGAINST_ANSWERS,
    BLITZ,
    LEVERS,
    MAIN,
    OBSERVE,
    PLAIN,
    PROBING,
    READINGS,
    SALAMI,
    World,
)
from comparison.playing import LONG, LONG_YEARS, MIDDLE_YEARS, SHORT
from comparison.tables import fighting_difference, holds_difference
from comparison.writing import (
    NONE,
    difference_cell,
    number,
    number_cell,
    percent,
    points_cell,
    share_cell,
    table,
)
from sim.results.estimates import mean_over_events, mean_over_runs, share_of_runs
from sim.results.paired import mean_difference, share_difference

if TYPE_CHECKING:
    from comparison.measures import Measures
    from comparison.plans import Plan
    from comparison.playing import Found
    from sim.results.estimates import Floats

ANSWERS: Final = (SALAMI, BLITZ, PROBING)
_BYTES_PER_MB: Final = 1e6


def first_runs(measures: Measures, runs: int) -> Measures:
    """Return the first runs of a plan, to be laid beside another of which fewer were played."""
    return measures._replace(
        held=measures.held[:runs],
        last_level_hours=measures.last_level_hours[:runs],
    )


def readings_table(found: Found) -> str:
    """Return the readings of the three-step plan, less the main one."""
    rows = [_reading(found, MAIN.link, found.of(MAIN))]
    rows += [_reading(found, plan.link, found.readings[plan.file]) for plan in READINGS]
    header = ["reading", "holds, points", "expanded fighting, sector-hours a run"]
    header += ["promises kept", "first help, hours", "third step in force, of its calls"]
    return table([*header, "hours, if in force"], rows)


def _reading(found: Found, name: str, one: Measures) -> list[str]:
    main = first_runs(found.of(MAIN), one.runs)
    is_main = one is found.of(MAIN)
    third = one.steps["military"]
    return [
        name,
        "" if is_main else points_cell(holds_difference(one, main)),
        "" if is_main else difference_cell(fighting_difference(one, main)),
        share_cell(one.promises.share()),
        number_cell(one.outside.mean()),
        share_cell(third.reached()),
        number_cell(third.delays.mean()),
    ]


def answers_table(found: Found) -> str:
    """Return how plans stand up to the aggressor's answers."""
    rows = [_answer(found, world, plan) for world in ANSWERS for plan in AGAINST_ANSWERS]
    header = ["answer, plan", "ceasefire holds", "than without the answer, points"]
    header += ["than observe only, points", "expanded fighting, than observe only"]
    return table([*header, "help within 72 hours", "promises kept"], rows)


def _answer(found: Found, world: World, plan: Plan) -> list[str]:
    one, reference = found.of(plan, world), found.of(OBSERVE, world)
    before = first_runs(found.of(plan, PLAIN), one.runs)
    return [
        f"{world.name}, {plan.label}",
        share_cell(one.holds()),
        points_cell(holds_difference(one, before)),
        points_cell(holds_difference(one, reference)),
        difference_cell(fighting_difference(one, reference)),
        share_cell(one.helped_in_time.share()),
        share_cell(one.promises.share()),
    ]


def levers_table(found: Found) -> str:
    """Return what one change at a time does to the three-step plan."""
    main = found.levers[LEVERS[0].name]
    rows = []
    for lever in LEVERS:
        one = found.levers[lever.name]
        third, is_main = one.steps["military"], lever == LEVERS[0]
        rows.append(
            [
                lever.name,
                share_cell(one.steps["warning"].on_time_share()),
                share_cell(one.helped_in_time.share()),
                share_cell(third.reached()),
                number_cell(third.delays.mean()),
                "" if is_main else points_cell(holds_difference(one, main)),
                "" if is_main else difference_cell(fighting_difference(one, main)),
            ]
        )
    header = ["the plan, but", "warning on time", f"help within {IN_TIME_HOURS} hours"]
    header += ["third step in force, of its calls", "hours, if in force", "holds, points"]
    return table([*header, "expanded fighting, sector-hours a run"], rows)


def delays_table(found: Found) -> str:
    """Return where the hours go until each step of the three-step plan is in force."""
    one = found.of(MAIN)
    rows = []
    for name, step in one.steps.items():
        parts = [number(step.parts[part].mean().value) for part in PARTS]
        last = max(step.last_decider, key=lambda decider: step.last_decider[decider], default=NONE)
        share = percent(step.last_decider.get(last, math.nan))
        rows.append([name, *parts, number_cell(step.delays.mean()), f"{last}, {share} %"])
    return table(["step", *PARTS, "together, hours", "last to say yes"], rows)


def long_table(found: Found) -> str:
    """Return fifty years under guarantees of 15 and of 50, and without any."""
    rows = []
    for plan in (SHORT, LONG, OBSERVE):
        one = found.long[plan.file]
        until = np.minimum(one.years, LONG_YEARS)
        rows.append(
            [
                plan.name,
                share_cell(share_of_runs(one.lasted(MIDDLE_YEARS))),
                share_cell(share_of_runs(one.lasted(LONG_YEARS))),
                number_cell(mean_over_runs(until)),
                number_cell(mean_over_events(one.last_level_hours, until)),
            ]
        )
    header = [
        "over 50 years",
        "holds 15 years",
        "holds 50 years",
        "years until it ends, at most 50",
    ]
    return table([*header, "expanded fighting, sector-hours a year of ceasefire"], rows)


def long_differences(found: Found) -> str:
    """Return in a sentence what the years from 15 to 50 are worth."""
    short, long = found.long[SHORT.file], found.long[LONG.file]
    observe = found.long[OBSERVE.file]

    def years(one: Floats) -> Floats:
        return np.minimum(one, LONG_YEARS)

    until = mean_difference(years(long.years), years(short.years))
    whole = share_difference(long.lasted(LONG_YEARS), short.lasted(LONG_YEARS))
    against = mean_difference(years(long.years), years(observe.years))
    return (
        f"On the same luck, the guarantee of 50 years makes the ceasefire last "
        f"{difference_cell(until)} years longer than that of 15, and {difference_cell(against)} "
        f"longer than observing only; it holds all 50 years in {points_cell(whole)} points more "
        "runs than that of 15."
    )


def costs_table(found: Found) -> str:
    """Return what fifty years cost to play."""
    rows = []
    for plan in (SHORT, LONG, OBSERVE):
        cost = found.costs[plan.file]
        rows.append(
            [
                plan.name,
                f"{cost.runs:,}",
                number(1000 * cost.seconds / cost.runs),
                number(cost.incidents),
                number(cost.events),
                number(cost.peak_bytes / _BYTES_PER_MB),
            ]
        )
    header = ["over 50 years", "runs", "ms a run, by the clock", "incidents a run"]
    return table([*header, "events a run", "peak memory, MB"], rows)


def details(found: Found) -> dict[str, str]:
    """Return the closer tables by the name of their block."""
    return {
        "readings": readings_table(found),
        "answers": answers_table(found),
        "levers": levers_table(found),
        "delays": delays_table(found),
        "fifty years": long_table(found),
        "fifty years, differences": long_differences(found),
        "costs": costs_table(found),
    }
