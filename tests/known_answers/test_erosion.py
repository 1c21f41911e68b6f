"""Restraint erodes, and recommitments restore it: expected counts in closed form, hour by hour.

Over a piece of time the rate is the exact mean of what grows exponentially, so what is expected
over whole days is exact. Every statistical test's false-alarm rate is 1e-9.
"""

import itertools

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    TICK_HOURS,
    UNSEEN,
    constant,
    hours_at_rates,
    hours_of,
    many_noted,
    many_outcomes,
    noted,
    of,
    poisson_p_value,
    thresholds_of_incidents,
    world,
)

PER_DAY, DAYS, DOUBLING_DAYS = 2.0, 12, 5.0
GROWTH = np.log(2.0) / DOUBLING_DAYS
LEVELS = {"low": {"spell": constant(0.0), "detection": UNSEEN}}
RUNS = 4000


def eroding(days=DAYS, doubling_days=DOUBLING_DAYS, cap=None, **violations):
    """Return a world in which the rate of incidents doubles in some days, up to a cap."""
    erosion = {"doubling_days": doubling_days} | ({} if cap is None else {"cap": cap})
    return world(
        run={"horizon_days": days},
        violations={"incidents_per_day": PER_DAY, "erosion": erosion, **violations},
        levels=LEVELS,
    )


def grown(start, end, level=1.0, cap=np.inf):
    """Return the integral over days of a factor that grows from a level at `start`, to a cap."""
    reached = start + np.log(cap / level) / GROWTH if cap < np.inf else np.inf
    growing = min(end, max(start, reached))
    return level * np.expm1(GROWTH * (growing - start)) / GROWTH + (
        cap * (end - growing) if growing < end else 0.0
    )


def by_day(days, cap=np.inf):
    """Return the expected number of incidents of each day; shape (days,)."""
    sums = [grown(0.0, float(day), 1.0, cap) for day in range(days + 1)]
    return PER_DAY * np.diff(sums)


@pytest.mark.parametrize("cap", [None, 3.0, 1.5])
def test_counts_over_whole_days_are_exactly_as_expected(cap):
    """The integral of an exponential, and of a constant beyond the cap (Poisson, all runs)."""
    expected = RUNS * by_day(DAYS, cap or np.inf).sum()
    found = int(many_outcomes(eroding(cap=cap), RUNS).incidents.sum())

    assert poisson_p_value(found, expected) > FALSE_ALARM_RATE / 2


@pytest.mark.parametrize("days", [1, 5, 12])
def test_counts_are_poisson(days):
    """Erosion spreads nothing: the variance is the mean (chi-square of the whole law)."""
    law = stats.poisson(by_day(days).sum())
    most = int(law.isf(1e-3))
    counts = np.bincount(
        np.minimum(many_outcomes(eroding(days), RUNS).incidents, most), minlength=most + 1
    )
    expected = RUNS * np.array([*law.pmf(range(most)), law.sf(most - 1)])
    few = expected < 5.0
    if few.any():
        counts = np.append(counts[~few], counts[few].sum())
        expected = np.append(expected[~few], expected[few].sum())

    assert stats.chisquare(counts, expected).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize("cap", [None, 3.0])
def test_every_incident_comes_at_its_hour(cap):
    """Thresholds are used up at each day's mean rate, in every run (to the tick)."""
    scenario = eroding(60, cap=cap or 50.0)
    rates = by_day(60, cap or 50.0) / 24.0
    for run in range(5):
        found = hours_of(noted(scenario, run), "incident")
        thresholds = thresholds_of_incidents(scenario, len(found) + 1, run=run)
        expected = hours_at_rates(24.0 * np.arange(61), rates, thresholds)

        assert len(expected) == len(found) > 100
        assert np.allclose(found, expected, rtol=0, atol=len(found) * TICK_HOURS)


def test_at_the_cap_the_rate_stays():
    """From day 10 on, doubled twice, incidents come at four times the rate (Poisson)."""
    days = 3000.0
    found = hours_of(many_noted(eroding(days, cap=4.0)), "incident")
    after = int(np.sum(found > 240.0))

    assert poisson_p_value(after, 4.0 * PER_DAY * (days - 10.0)) > FALSE_ALARM_RATE / 2


RECOMMITTED = [{"day": 8.0, "factor": 0.25}, {"day": 3.5, "factor": 0.5}]


def test_a_recommitment_divides_and_erosion_goes_on_from_there():
    """At noon of day 3 and at the end of day 8, wherever they stand in the list (to the tick)."""
    scenario = eroding(20, recommitments=RECOMMITTED)
    turns = np.array([*range(4), 3.5, *range(4, 21)])
    levels = [1.0, 0.5 * np.exp(3.5 * GROWTH), 0.5 * 0.25 * np.exp(8.0 * GROWTH)]
    starts = [0.0, 3.5, 8.0]
    rates = []
    for begin, end in itertools.pairwise(turns):
        piece = np.searchsorted(starts, begin, side="right") - 1
        level = levels[piece] * np.exp(GROWTH * (begin - starts[piece]))
        rates.append(PER_DAY / 24.0 * grown(0.0, end - begin, level) / (end - begin))
    for run in range(20):
        found = hours_of(noted(scenario, run), "incident")
        thresholds = thresholds_of_incidents(scenario, len(found) + 1, run=run)
        expected = hours_at_rates(24.0 * turns, np.array(rates), thresholds)

        assert len(expected) == len(found) > 10
        assert np.allclose(found, expected, rtol=0, atol=len(found) * TICK_HOURS)


def recommitting(said, days=DAYS):
    """Return a world without erosion in which the parties recommit themselves."""
    violations = {"incidents_per_day": PER_DAY, "recommitments": said}
    return world(run={"horizon_days": days}, violations=violations, levels=LEVELS)


@pytest.mark.parametrize("factor", [0.0, 0.2, 1.0, 3.0])
def test_without_erosion_the_drop_lasts(factor):
    """Until day 4 the rate, from then on the factor times it (Poisson, all runs)."""
    rows = many_outcomes(recommitting([{"day": 4.0, "factor": factor}]), RUNS)
    expected = RUNS * PER_DAY * (4.0 + factor * (DAYS - 4.0))

    assert poisson_p_value(int(rows.incidents.sum()), expected) > FALSE_ALARM_RATE / 2


def test_two_recommitments_of_an_hour_are_their_product():
    """And a factor may undo another one: every event is where it was without."""
    undone = recommitting([{"day": 4.0, "factor": 0.5}, {"day": 4.0, "factor": 2.0}])
    left_out = recommitting([])

    assert np.array_equal(
        hours_of(noted(undone), "incident"), hours_of(noted(left_out), "incident")
    )


def test_a_recommitment_is_noted_at_its_hour():
    """Noon of the third day is hour 84 of the ceasefire."""
    notes = of(noted(eroding(recommitments=RECOMMITTED)), "recommitment")

    assert [(note.hours, note.first) for note in notes] == [(84.0, 0.5), (192.0, 0.25)]


def test_the_cap_also_bounds_a_recommitment_that_makes_things_worse():
    """Ten times the rate is no more than the cap of twice it (to the tick)."""
    said = [{"day": 2.0, "factor": 10.0}]
    scenario = eroding(12, doubling_days=1e9, cap=2.0, recommitments=said)
    found = hours_of(noted(scenario), "incident")
    thresholds = thresholds_of_incidents(scenario, len(found) + 1)
    rates = np.array([PER_DAY, 2.0 * PER_DAY]) / 24.0
    expected = hours_at_rates(np.array([0.0, 48.0, 288.0]), rates, thresholds)

    assert len(expected) == len(found) > 10
    assert np.allclose(found, expected, rtol=0, atol=1e-5)


def test_faster_erosion_never_makes_an_incident_later():
    """On the same luck the n-th incident comes sooner, the sooner the rate doubles."""
    slow, fast = (
        hours_of(noted(eroding(30, doubling_days=days)), "incident") for days in (20.0, 5.0)
    )

    assert len(fast) > len(slow)
    assert (fast[: len(slow)] <= slow).all()
