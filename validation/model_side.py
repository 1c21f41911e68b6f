"""The model's side of each pattern: the same statistics, of runs as monitors record them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from validation.measures import (
    Estimate,
    growth_in_four_weeks,
    heavy_shares,
    misfires,
    of_median,
    of_rare_events,
    over_runs,
    persistence,
    ratio,
)
from validation.observed import WEEKS_OF_2017
from validation.spans import BEFORE_BUILD_UP, EARLY
from validation.worlds import HOURS_A_DAY, RECOMMITMENT_DAY, THREE_MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable

    from validation.measures import Floats, Periods
    from validation.recording import Bools, Recorded
    from validation.spans import Span
    from validation.worlds import World

_DAYS_A_WEEK = 7
_USUAL_DAYS = 28
_MILLION = 1e6


def of_reports(span: Span, statistic: Callable[[Periods], float]) -> Callable[[World], Estimate]:
    """Return a statistic of the periods that were reported in a span, over runs."""
    return lambda world: over_runs([statistic(span.of(report)) for report in world.reports])


def of_counts(span: Span, statistic: Callable[[Floats], float]) -> Callable[[World], Estimate]:
    """Return a statistic of the counts of the single days reported in a span, over runs."""
    return of_reports(span, lambda periods: statistic(periods.single_days().total))


def level_in(span: Span) -> Callable[[World], Estimate]:
    """Return the mean count a day, over all days of a span."""
    days = span.last_day + 1
    return lambda world: over_runs([run.by_day(days).mean() for run in world.undisturbed])


def slope(world: World) -> Estimate:
    """Return how the logarithm of a day's count depends on the day's before."""
    return of_reports(BEFORE_BUILD_UP, lambda periods: persistence(periods).slope)(world)


def residual_sd(world: World) -> Estimate:
    """Return what a day adds to that, as a standard deviation."""
    return of_reports(BEFORE_BUILD_UP, lambda periods: persistence(periods).residual_sd)(world)


def hot_share(world: World) -> Estimate:
    """Return the share of recorded violations that fall into the named sectors."""
    shares = [ratio((run.counts * run.hot).sum(), run.counts.sum()) for run in world.undisturbed]
    return over_runs(shares)


def growth(world: World) -> Estimate:
    """Return the growth of weekly counts, over the weeks of 2017 that have one."""
    weeks = np.array(list(WEEKS_OF_2017.values()))
    first_days = np.round(_DAYS_A_WEEK * weeks).astype(int)

    def of_run(run: Recorded) -> float:
        daily = run.by_day(int(first_days.max()) + _DAYS_A_WEEK)
        weekly = [daily[day : day + _DAYS_A_WEEK].sum() for day in first_days]
        return growth_in_four_weeks(list(weeks), weekly)

    return over_runs([of_run(run) for run in world.undisturbed])


def left_after_three_months(world: World) -> Estimate:
    """Return the count of the three months after a recommitment over that of those before."""
    return _left(world, 0, THREE_MONTHS)


def left_at_first(world: World) -> Estimate:
    """Return the count a day soon after it, as soon as it was observed, over that before."""
    return _left(world, EARLY.first_day, EARLY.last_day + 1)


def _left(world: World, since_day: int, until_day: int) -> Estimate:
    def of_run(run: Recorded) -> float:
        daily = run.by_day(RECOMMITMENT_DAY + THREE_MONTHS)
        before = daily[RECOMMITMENT_DAY - THREE_MONTHS : RECOMMITMENT_DAY].mean()
        return ratio(daily[RECOMMITMENT_DAY:][since_day:until_day].mean(), before)

    return over_runs([of_run(run) for run in world.recommitted])


def heavy_when_calm(world: World) -> Estimate:
    """Return the share of heavy weapons in all that was recorded of runs without an attack."""
    shares = [ratio((run.counts * run.heavy).sum(), run.counts.sum()) for run in world.undisturbed]
    return over_runs(shares)


def calm_misfires(periods: Periods) -> float:
    """Return how many of the single days look like the eve of an attack, as a share."""
    return misfires(heavy_shares(periods.single_days()))


def heavy_before_attack(days: int) -> Callable[[World], Estimate]:
    """Return the share of heavy weapons in one of the last days before each run's first attack."""

    def of_run(run: Recorded) -> float:
        day = _in_day_before(run, days)
        return ratio((run.counts * run.heavy)[day].sum(), run.counts[day].sum())

    return lambda world: over_runs([of_run(run) for run in world.struck])


def rise_before_attack(world: World) -> Estimate:
    """Return the last day's count over the daily mean of the four weeks before the build-up."""

    def of_run(run: Recorded) -> float:
        since = run.build_up_hours - _USUAL_DAYS * HOURS_A_DAY
        if since < 0:
            return math.nan
        usual = run.counts[(run.hours >= since) & (run.hours < run.build_up_hours)].sum()
        return ratio(run.counts[_in_day_before(run, 1)].sum(), float(usual) / _USUAL_DAYS)

    return over_runs([of_run(run) for run in world.struck])


def _in_day_before(run: Recorded, days: int) -> Bools:
    """Return which records fall into the last day (1), or an earlier one, before the attack."""
    before = run.struck_hours - run.hours
    return (before > (days - 1) * HOURS_A_DAY) & (before <= days * HOURS_A_DAY)


def expansions(world: World) -> Estimate:
    """Return expanded attacks, decided or grown from fighting, per million incidents."""
    attacks = sum(run.attacks + run.expansions for run in world.runs)
    found = of_rare_events(attacks, sum(run.incidents for run in world.runs))
    return Estimate(*(_MILLION * one for one in found))


def days_to_failure(world: World) -> Estimate:
    """Return the median time until collapse of the runs of ten years that collapse."""
    failed = world.outcomes["outcome"] == "collapsed"
    return of_median(world.outcomes.loc[failed, "end_hours"].to_numpy() / HOURS_A_DAY)


def night_share(world: World) -> Estimate:
    """Return the share of incidents, seen or not, from 18:00 to 06:00."""
    return over_runs([ratio(run.by_night, run.incidents) for run in world.undisturbed])


def unseen(world: World) -> Estimate:
    """Return how many times the incidents that monitors detect there are."""
    return over_runs([ratio(run.incidents, run.detections) for run in world.undisturbed])
