"""Days differ, and nights from days: factors on the rate whose mean is 1.

The day-to-day factor's logarithm is an AR(1) process, so that a day's count is a Poisson-lognormal
mixture, as much more spread than Poisson as a negative binomial. Every statistical test's
false-alarm rate is 1e-9.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    SIGMAS,
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
    sigmas_off,
    thresholds_of_incidents,
    world,
)

from sim.model.chance import DAY, chance

PER_DAY, PHI, SD = 5.0, 0.6, 0.3
VARIANCE = SD**2 / (1.0 - PHI**2)
LEVELS = {"low": {"spell": constant(0.0), "detection": UNSEEN}}
RUNS = 40_000


def varying(days, **violations):
    """Return a world whose incidents are more frequent on some days, or by night."""
    return world(
        run={"horizon_days": days},
        violations={"incidents_per_day": PER_DAY, **violations},
        levels=LEVELS,
    )


def from_day_to_day(days, phi=PHI, sd=SD):
    """Return the world whose days differ."""
    return varying(days, day_to_day={"phi": phi, "sd": sd})


@cache
def counts():
    """Return the counts of the first four days of many runs; shape (RUNS, 4).

    A longer run begins like a shorter one, so that a day's count is a difference.
    """
    by_then = [many_outcomes(from_day_to_day(days), RUNS).incidents for days in range(1, 5)]
    return np.diff(np.array([np.zeros(RUNS), *by_then]).T)


@pytest.mark.parametrize("day", range(4))
def test_the_mean_count_of_a_day_is_the_rate(day):
    """The factor's mean is 1, on the first day and on every later one."""
    assert sigmas_off(counts()[:, day], PER_DAY) < SIGMAS


@pytest.mark.parametrize("day", range(4))
def test_counts_are_spread_as_the_factors_variance_says(day):
    """Variance m + m**2 (exp(v) - 1), that of a negative binomial of size 1 / (exp(v) - 1)."""
    expected = PER_DAY + PER_DAY**2 * np.expm1(VARIANCE)

    assert sigmas_off((counts()[:, day] - PER_DAY) ** 2, expected) < SIGMAS


def test_the_count_of_a_day_is_poisson_lognormal():
    """The whole law: Poisson, over a factor of normal logarithm (chi-square)."""
    scores, weights = np.polynomial.hermite_e.hermegauss(60)
    factors = np.exp(np.sqrt(VARIANCE) * scores - 0.5 * VARIANCE)
    law = [
        np.dot(weights, stats.poisson.pmf(n, PER_DAY * factors)) / weights.sum() for n in range(18)
    ]
    found = np.bincount(np.minimum(counts()[:, 3].astype(int), 18), minlength=19)

    assert stats.chisquare(found, RUNS * np.array([*law, 1.0 - sum(law)])).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_days_are_correlated_as_an_ar1_is(lag):
    """The mean product of two days' counts is m**2 exp(phi**lag v)."""
    product = counts()[:, 0] * counts()[:, lag]

    assert sigmas_off(product, PER_DAY**2 * np.exp(PHI**lag * VARIANCE)) < SIGMAS


def factors(days, phi, sd, run=0, seed=1):
    """Return the factor of each day, from its draws; shape (days,)."""
    scores = stats.norm.isf([chance(seed, run, DAY, 0, day) for day in range(days)])
    logs = [scores[0] * sd / np.sqrt(1.0 - phi**2)]
    for score in scores[1:]:
        logs.append(phi * logs[-1] + sd * score)
    return np.exp(np.array(logs) - 0.5 * sd**2 / (1.0 - phi**2))


@pytest.mark.parametrize(("phi", "sd"), [(0.64, 0.76), (0.0, 0.5), (-0.5, 0.5), (0.99, 0.1)])
def test_every_incident_comes_at_its_hour(phi, sd):
    """On the whole line each day has one factor, drawn by the day's number (to the tick)."""
    scenario = from_day_to_day(40, phi, sd)
    for run in range(4):
        found = hours_of(noted(scenario, run), "incident")
        rates = PER_DAY / 24.0 * factors(40, phi, sd, run)
        thresholds = thresholds_of_incidents(scenario, len(found) + 1, run=run)
        expected = hours_at_rates(24.0 * np.arange(41), rates, thresholds)

        assert len(expected) == len(found) > 10
        assert np.allclose(found, expected, rtol=0, atol=len(found) * 2 * TICK_HOURS)


def test_all_sectors_have_the_same_factor():
    """The rate of each is its share of the line's, day by day (to the tick)."""
    shares = {"a": 0.7, "b": 0.3}
    violations = {"incidents_per_day": PER_DAY, "day_to_day": {"phi": 0.5, "sd": 1.0}}
    scenario = world(
        run={"horizon_days": 40.0}, line={"sectors": shares}, violations=violations, levels=LEVELS
    )
    incidents = of(noted(scenario), "incident")
    for sector, share in enumerate(shares.values()):
        found = np.array([note.hours for note in incidents if note.place == sector])
        rates = share * PER_DAY / 24.0 * factors(40, 0.5, 1.0)
        thresholds = thresholds_of_incidents(scenario, len(found) + 1, sector)
        expected = hours_at_rates(24.0 * np.arange(41), rates, thresholds)

        assert len(expected) == len(found) > 10
        assert np.allclose(found, expected, rtol=0, atol=len(found) * 2 * TICK_HOURS)


@cache
def hours_of_day(night_to_day):
    """Return the hours of the day of the incidents of many days."""
    hours = hours_of(many_noted(varying(8000.0, night_to_day=night_to_day)), "incident")
    return hours % 24.0


def is_by_night(hour):
    """Return whether it is from 18:00 to 06:00."""
    return (hour < 6.0) | (hour >= 18.0)


NIGHTS = pytest.mark.parametrize("night_to_day", [0.25, 1.0, 3.0])


@NIGHTS
def test_the_share_by_night_is_that_of_the_ratio(night_to_day):
    """A share of r / (1 + r) of all incidents (binomial test)."""
    found = is_by_night(hours_of_day(night_to_day))
    expected = night_to_day / (1.0 + night_to_day)

    assert stats.binomtest(int(found.sum()), len(found), expected).pvalue > FALSE_ALARM_RATE


@NIGHTS
def test_night_and_day_leave_the_mean_rate_alone(night_to_day):
    """As many incidents as without (Poisson)."""
    found = len(hours_of_day(night_to_day))

    assert poisson_p_value(found, PER_DAY * 8000.0) > FALSE_ALARM_RATE / 2


def test_night_begins_at_18_and_ends_at_6():
    """Within the night, and within the day, every hour has as many incidents (chi-square)."""
    by_hour = np.histogram(hours_of_day(3.0), bins=24, range=(0.0, 24.0))[0]
    by_night = is_by_night(np.arange(24) + 0.5)

    assert stats.chisquare(by_hour[by_night]).pvalue > FALSE_ALARM_RATE / 2
    assert stats.chisquare(by_hour[~by_night]).pvalue > FALSE_ALARM_RATE / 2


def test_every_incident_comes_at_its_hour_of_the_night():
    """Thresholds are used up at 1.5 times the rate by night and half of it by day (to the tick)."""
    scenario = varying(40.0, night_to_day=3.0)
    found = hours_of(noted(scenario), "incident")
    turns = np.array([0.0, *np.arange(6.0, 960.0, 12.0), 960.0])
    rates = PER_DAY / 24.0 * np.array([1.5, 0.5] * 40 + [1.5])
    thresholds = thresholds_of_incidents(scenario, len(found) + 1)
    expected = hours_at_rates(turns, rates, thresholds)

    assert len(expected) == len(found) > 100
    assert np.allclose(found, expected, rtol=0, atol=len(found) * 2 * TICK_HOURS)


def test_without_difference_the_two_halves_make_nothing_new():
    """A ratio of 1 is no ratio: every event is where it was."""
    one, none = noted(varying(40.0, night_to_day=1.0)), noted(varying(40.0))

    assert one == none
