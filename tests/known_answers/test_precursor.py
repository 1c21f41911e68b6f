"""Between a decision to attack and the attack incidents build up, and then all is as before.

The factor on the rate rises linearly, piece by piece of a day, at each piece's exact mean. Every
statistical test's false-alarm rate is 1e-9.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    LONGEST_DAYS,
    TICK_HOURS,
    UNSEEN,
    constant,
    hours_at_rates,
    hours_of,
    many_noted,
    noted,
    of,
    poisson_p_value,
    thresholds_of_incidents,
    world,
)

PER_DAY, PER_YEAR = 1.0, 12.0
BUILD_UP_DAYS, RATE, LIGHT, HEAVY = 3.0, 4.0, 0.9, 0.7
HOURS = 24.0 * BUILD_UP_DAYS
LEVELS = {name: {"spell": constant(0.0), "detection": UNSEEN} for name in ("low", "high", "top")}
SHARES = {"low": LIGHT, "high": 1.0 - LIGHT}


def building_up(days=LONGEST_DAYS, precursor=None, **tables):
    """Return a world in which attacks are seen coming, and nothing comes of them."""
    said = {"days": BUILD_UP_DAYS, "rate": RATE, "heavy_share": HEAVY}
    attack = {"per_year": PER_YEAR, "precursor": said if precursor is None else precursor}
    return world(
        **{
            "run": {"horizon_days": days},
            "violations": {"incidents_per_day": PER_DAY, "level_shares": SHARES},
            "attack": attack,
            "levels": LEVELS,
        }
        | tables
    )


@cache
def long_run():
    """Return the events of two centuries."""
    return many_noted(building_up())


def periods():
    """Return when build-ups began and ended, those that ended; shape (attacks,) each."""
    attacks = hours_of(long_run(), "attack")
    return hours_of(long_run(), "attack_prepared")[: len(attacks)], attacks


def counted(hours, starts, ends):
    """Return how many hours lie in some periods, one after the other."""
    return int(np.sum(np.searchsorted(hours, ends) - np.searchsorted(hours, starts)))


def pieces(began):
    """Return the turns of a build-up and its mean progress in each piece, a day at most."""
    midnights = np.arange(24.0 * np.floor(began / 24.0 + 1.0), began + HOURS, 24.0)
    turns = np.array([began, *midnights, began + HOURS])
    return turns, (turns[1:] + turns[:-1] - 2.0 * began) / (2.0 * HOURS)


def test_an_attack_comes_just_so_long_after_its_decision():
    """Every one of them, to the tick."""
    began, ended = periods()

    assert len(began) > 1000
    assert set(ended - began) == {HOURS}


def test_decisions_follow_attacks_after_exponential_waits():
    """The hazard counts from the last attack on, not during a build-up (Kolmogorov-Smirnov)."""
    began, ended = periods()
    waits = began - np.concatenate([[0.0], ended[:-1]])

    assert stats.kstest(waits, stats.expon(scale=8760.0 / PER_YEAR).cdf).pvalue > FALSE_ALARM_RATE


def test_incidents_of_a_build_up_are_as_many_as_the_mean_factor_says():
    """B times its days times 1 + (rate - 1) / 2 (Poisson, all build-ups)."""
    began, ended = periods()
    found = counted(hours_of(long_run(), "incident"), began, ended)
    expected = len(began) * PER_DAY * BUILD_UP_DAYS * (1.0 + 0.5 * (RATE - 1.0))

    assert poisson_p_value(found, expected) > FALSE_ALARM_RATE / 2


def test_outside_of_build_ups_the_rate_is_what_it_was():
    """From each attack to the next decision (Poisson)."""
    began, ended = periods()
    starts = np.concatenate([[0.0], ended[:-1]])
    found = counted(hours_of(long_run(), "incident"), starts, began)

    assert poisson_p_value(found, PER_DAY / 24.0 * np.sum(began - starts)) > FALSE_ALARM_RATE / 2


def heavy():
    """Return the hours of the incidents above the lowest level."""
    return np.array([note.hours for note in of(long_run(), "incident") if note.first > 1])


def test_heavy_incidents_of_a_build_up_are_as_many_as_both_factors_say():
    """In each piece, the rate times the share, both at their mean (Poisson, all build-ups)."""
    expected = 0.0
    for began in periods()[0]:
        turns, progress = pieces(began)
        rates = PER_DAY / 24.0 * (1.0 + (RATE - 1.0) * progress)
        shares = (1.0 - LIGHT) + (HEAVY - (1.0 - LIGHT)) * progress
        expected += np.sum(np.diff(turns) * rates * shares)

    assert poisson_p_value(counted(heavy(), *periods()), expected) > FALSE_ALARM_RATE / 2


def test_outside_of_build_ups_the_heavy_share_is_what_it_was():
    """A tenth of all (binomial test)."""
    began, ended = periods()
    between = np.concatenate([[0.0], ended[:-1]]), began
    found = counted(heavy(), *between)
    of_all = counted(hours_of(long_run(), "incident"), *between)

    assert stats.binomtest(found, of_all, 1.0 - LIGHT).pvalue > FALSE_ALARM_RATE


def test_every_incident_comes_at_its_hour():
    """Thresholds are used up at the rate of each piece, in the build-up and out of it."""
    scenario = building_up(400.0)
    notes = noted(scenario)
    turns, rates = [0.0], []
    for began in hours_of(notes, "attack_prepared"):
        if began + HOURS > 9600.0:
            break
        steps, progress = pieces(began)
        turns += steps.tolist()
        rates += [PER_DAY / 24.0, *(PER_DAY / 24.0 * (1.0 + (RATE - 1.0) * progress))]
    found = hours_of(notes, "incident")
    found = found[found < turns[-1]]
    thresholds = thresholds_of_incidents(scenario, len(found) + 1)
    expected = hours_at_rates(np.array(turns), np.array(rates), thresholds)

    assert len(turns) > 40
    assert len(expected) == len(found) > 300
    assert np.allclose(found, expected, rtol=0, atol=len(found) * 2 * TICK_HOURS)


@pytest.mark.parametrize("days", [0.0, 3.0])
def test_a_build_up_of_nothing_leaves_incidents_alone(days):
    """A rate of 1 and no heavy share: incident for incident as without attacks."""
    plain = building_up(300.0, attack={})
    neutral = building_up(300.0, {"days": days})

    assert of(noted(neutral), "incident") == of(noted(plain), "incident")


def test_a_decision_is_the_same_with_and_without_a_build_up():
    """The first attack comes `days` later than it came without."""
    at_once, later = (
        hours_of(noted(building_up(300.0, precursor)), "attack")[0]
        for precursor in ({"days": 0.0}, None)
    )

    assert later == at_once + HOURS


def test_an_attack_beyond_the_end_is_not_seen():
    """Its build-up is, up to the last hour."""
    first = hours_of(long_run(), "attack_prepared")[0]
    notes = noted(building_up((first + 1.0) / 24.0))

    assert len(of(notes, "attack_prepared")) == 1
    assert len(of(notes, "attack")) == 0


@pytest.mark.parametrize(("rate", "heavier"), [(0.0, 0.0), (0.0, 1.0)])
def test_a_factor_of_0_ends_in_silence(rate, heavier):
    """At the end of a build-up of less than a day the rate is half of what it was, on average."""
    precursor = {"days": 0.5, "rate": rate, "heavy_share": heavier}
    notes = many_noted(building_up(20_000.0, precursor))
    ended = hours_of(notes, "attack")
    began = hours_of(notes, "attack_prepared")[: len(ended)]
    found = counted(hours_of(notes, "incident"), began, ended)

    assert poisson_p_value(found, len(ended) * 0.5 * PER_DAY * 0.5) > FALSE_ALARM_RATE / 2
