"""Spells of fighting last as their family says, and alternate with quiet.

Every test's false-alarm rate is 1e-9.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    SIGMAS,
    UNSEEN,
    constant,
    exponential,
    hours_of,
    loglogistic,
    lognormal,
    noted,
    outcomes,
    sigmas_off,
    spell_lengths,
    weibull,
    world,
)

DAYS = 16_000.0
FAMILIES = {
    "exponential": (exponential(20.0), stats.expon(scale=20.0)),
    "weibull": (weibull(20.0, 0.7), stats.weibull_min(0.7, scale=20.0)),
    "lognormal": (lognormal(15.0, 0.8), stats.lognorm(0.8, scale=15.0)),
    "loglogistic": (loglogistic(15.0, 1.8), stats.fisk(1.8, scale=15.0)),
}
EVERY_FAMILY = pytest.mark.parametrize("family", FAMILIES)


def fighting(spell, per_day=2.0, days=DAYS):
    """Return a world of one sector and one level, where nobody looks."""
    return world(
        run={"horizon_days": days},
        violations={"incidents_per_day": per_day},
        levels={"fighting": {"spell": spell, "detection": UNSEEN}},
    )


@cache
def lengths(family):
    """Return the lengths of many spells of a family."""
    return spell_lengths(fighting(FAMILIES[family][0]))


@EVERY_FAMILY
def test_a_spell_outlasts_a_day_as_often_as_theory_says(family):
    """exp(-24/m), exp(-(24/s)^k), 1 - Phi(ln(24/m)/sd), 1/(1 + (24/m)^k): a binomial test."""
    found = lengths(family)
    expected = FAMILIES[family][1].sf(24.0)
    outlast = int(np.sum(found > 24.0))

    assert stats.binomtest(outlast, len(found), expected).pvalue > FALSE_ALARM_RATE


@EVERY_FAMILY
def test_spells_are_distributed_as_their_family(family):
    """All of the distribution, not only the part beyond a day (Kolmogorov-Smirnov)."""
    assert stats.kstest(lengths(family), FAMILIES[family][1].cdf).pvalue > FALSE_ALARM_RATE


def test_a_spell_of_just_a_day_lasts_just_a_day():
    """A constant spell is never a bit longer or shorter, whatever hour it began at."""
    assert set(spell_lengths(fighting(constant(24.0), days=500.0))) == {24.0}


def test_incidents_during_a_spell_are_counted_and_prolong_nothing():
    """With dozens of them in each spell, every spell still ends at its hour."""
    scenario = fighting(constant(5.0), per_day=100.0, days=100.0)
    events = noted(scenario)

    assert set(spell_lengths(scenario)) == {5.0}
    assert len(hours_of(events, "incident")) > 10 * len(hours_of(events, "spell_starts"))


def test_quiet_lasts_until_the_next_incident():
    """From the end of a spell the wait is exponential again (Kolmogorov-Smirnov)."""
    events = noted(fighting(exponential(20.0)))
    starts, stops = hours_of(events, "spell_starts"), hours_of(events, "spell_stops")
    quiet = starts[1:] - stops[: len(starts) - 1]

    assert stats.kstest(quiet, stats.expon(scale=12.0).cdf).pvalue > FALSE_ALARM_RATE


def test_hours_of_fighting_are_those_of_an_alternating_renewal_process():
    """Starting quiet: p T - p (1 - exp(-(l + m) T)) / (l + m), p = l / (l + m)."""
    starts, stops, hours = 2.0 / 24.0, 1.0 / 6.0, 120.0
    p, both = starts / (starts + stops), starts + stops
    expected = p * hours - p * (1.0 - np.exp(-both * hours)) / both
    rows = outcomes(fighting(exponential(6.0), days=hours / 24.0), 4000)

    assert sigmas_off(rows.fighting_hours, expected) < SIGMAS


@pytest.mark.parametrize("family", ["exponential", "weibull", "lognormal"])
def test_in_the_long_run_fighting_takes_its_share_of_the_time(family):
    """The share m / (m + q), with the variance of the renewal central limit theorem."""
    mean, variance = (float(moment) for moment in FAMILIES[family][1].stats("mv"))
    days, quiet = 25_000.0, 24.0
    hours = days * 24.0
    share = mean / (mean + quiet)
    spread = hours * (variance * quiet**2 + quiet**2 * mean**2) / (mean + quiet) ** 3
    row = outcomes(fighting(FAMILIES[family][0], per_day=1.0, days=days)).iloc[0]

    assert abs(row.fighting_hours - share * hours) / np.sqrt(spread) < SIGMAS


def test_hours_at_the_level_are_the_hours_of_fighting():
    """With one sector and one level the two columns are the same."""
    rows = outcomes(fighting(exponential(6.0), days=20.0), 100)

    assert (rows.fighting_hours == rows.hours_fighting).all()


def test_a_spell_that_goes_on_is_counted_up_to_the_end():
    """Fighting that never stops lasts from the first incident to the horizon."""
    rows = outcomes(fighting(constant(1e9), days=20.0), 100)

    assert (rows.fighting_hours == rows.end_hours - rows.first_incident_hours).all()
