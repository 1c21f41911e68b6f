"""The decision to attack: rare, independent of incidents, on sectors drawn by their shares.

Every statistical test's false-alarm rate is 1e-9.
"""

import itertools
from collections import Counter
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
    exponential,
    hours_of,
    noted,
    of,
    outcomes,
    seen,
    world,
)

from sim.model.chance import ATTACK_WAIT, threshold

SEED, RUN = 1, 0
PER_YEAR = 60.0
SHARES = {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1}
LAST_LEVEL = 2


def attacked(sectors=2, spell=None, per_day=0.0, days=LONGEST_DAYS, **tables):
    """Return a world of four sectors, in which attacks take some of them."""
    levels = {
        "low": {"spell": constant(1e6), "detection": UNSEEN},
        "expanded": {"spell": spell or constant(0.0), "detection": UNSEEN},
    }
    return world(
        **{
            "run": {"horizon_days": days},
            "line": {"sectors": SHARES},
            "violations": {"incidents_per_day": per_day},
            "attack": {"per_year": PER_YEAR, "sectors": sectors},
            "levels": levels,
        }
        | tables
    )


@cache
def long_run():
    """Return the events of two centuries of attacks on two sectors, with nothing else."""
    return noted(attacked(), RUN, SEED)


def test_attacks_come_at_their_yearly_rate():
    """Over 200 years of 365 days, as many as the rate says (Poisson)."""
    expected = PER_YEAR * LONGEST_DAYS / 365.0
    found = len(of(long_run(), "attack"))

    assert stats.poisson(expected).cdf(found) > FALSE_ALARM_RATE / 2
    assert stats.poisson(expected).sf(found) > FALSE_ALARM_RATE / 2


def test_a_year_has_365_days():
    """The first attack comes when the hazard of so many a year has reached its threshold."""
    drawn = threshold(SEED, RUN, ATTACK_WAIT, 0, 0)

    assert abs(hours_of(long_run(), "attack")[0] - drawn * 8760.0 / PER_YEAR) < TICK_HOURS


def test_attacks_follow_each_other_after_exponential_waits():
    """Mean 365 times 24 hours over the yearly rate (Kolmogorov-Smirnov)."""
    waits = np.diff([0.0, *hours_of(long_run(), "attack")])

    assert stats.kstest(waits, stats.expon(scale=8760.0 / PER_YEAR).cdf).pvalue > FALSE_ALARM_RATE


def test_an_attack_takes_pairs_of_sectors_as_drawn_without_putting_back():
    """Pair i, j with p_i p_j / (1 - p_i) + p_j p_i / (1 - p_j) (chi-square)."""
    by_hour = {}
    for note in of(long_run(), "spell_starts"):
        by_hour.setdefault(note.hours, set()).add(note.place)
    counts = Counter(frozenset(pair) for pair in by_hour.values())
    p = list(SHARES.values())
    pairs = list(itertools.combinations(range(4), 2))
    expected = [p[i] * p[j] * (1 / (1 - p[i]) + 1 / (1 - p[j])) for i, j in pairs]

    assert set(map(len, by_hour.values())) == {2}
    assert (
        stats.chisquare(
            [counts[frozenset(pair)] for pair in pairs], len(by_hour) * np.array(expected)
        ).pvalue
        > FALSE_ALARM_RATE
    )


@pytest.mark.parametrize("sectors", [1, 2, 3, 4])
def test_an_attack_takes_as_many_sectors_as_it_says(sectors):
    """Each different, all at the same hour, all at the last level."""
    notes = noted(attacked(sectors, days=1000.0))
    starts = of(notes, "spell_starts")
    by_hour = Counter(note.hours for note in starts)

    assert set(by_hour.values()) == {sectors}
    assert {note.first for note in starts} == {LAST_LEVEL}
    assert {note.second for note in of(notes, "attack")} == {sectors}


def test_an_attack_is_no_incident():
    """It has a column of its own."""
    row = outcomes(attacked(), RUN + 1, SEED).iloc[RUN]

    assert (row.incidents, row.attacks) == (0, len(of(long_run(), "attack")))


def test_a_sector_that_fights_already_rises_to_the_last_level():
    """An attack on fighting is a rise by attack, not a new spell."""
    notes = noted(attacked(4, spell=exponential(50.0), per_day=200.0, days=60.0))
    rises = {(note.first, note.second) for note in of(notes, "spell_rises")}

    assert rises == {(LAST_LEVEL, 1)}


def test_a_sector_at_the_last_level_stays_there_and_the_attack_is_seen():
    """No new spell and no rise, but the attack is a violation of its own there."""
    levels = {"low": {"spell": constant(1.0)}, "expanded": {"spell": constant(1e6)}}
    notes = noted(attacked(4, days=100.0, levels=levels))
    attacks = len(of(notes, "attack"))

    assert attacks > 5
    assert len(of(notes, "spell_starts")) == 4
    assert len(of(notes, "detected")) == 4 * attacks


def test_every_sector_of_an_attack_is_detected_by_itself():
    """With a chance of a half each, two sectors are both seen in a quarter (chi-square)."""
    levels = {"low": {"spell": constant(1.0)}, "expanded": {"spell": constant(0.0)}}
    levels["expanded"]["detection"] = seen(0.5)
    notes = noted(attacked(levels=levels, crisis={"quiet_hours": 0.0}))
    by_attack = Counter(Counter(hours_of(notes, "detected")).values())
    attacks = len(of(notes, "attack"))
    found = [attacks - by_attack[1] - by_attack[2], by_attack[1], by_attack[2]]

    assert stats.chisquare(found, attacks * np.array([0.25, 0.5, 0.25])).pvalue > FALSE_ALARM_RATE


def test_attacks_leave_incidents_alone():
    """With and without attacks, the incidents of a run are the same, hour for hour."""
    with_attacks = hours_of(noted(attacked(per_day=5.0, days=100.0)), "incident")
    without = hours_of(noted(attacked(per_day=5.0, days=100.0, attack={})), "incident")

    assert np.array_equal(with_attacks, without)


def test_at_a_rate_of_zero_there_is_no_attack():
    """In two hundred years."""
    assert outcomes(attacked(attack={"per_year": 0.0})).attacks[0] == 0
