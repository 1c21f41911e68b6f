"""Incidents are a Poisson process: waits, counts, sectors and levels have known distributions.

Every test's false-alarm rate is 1e-9.
"""

from collections import Counter
from functools import cache

import numpy as np
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    UNSEEN,
    constant,
    hours_of,
    noted,
    of,
    outcomes,
    world,
)

PER_DAY = 1.5
DAYS = 4.0
RUNS = 8000
LONG_DAYS = 40_000.0
SECTOR_SHARES = (0.5, 0.3, 0.2)
LEVEL_SHARES = (0.6, 0.3, 0.1)
LEVELS = {name: {"spell": constant(0.0), "detection": UNSEEN} for name in ("low", "middle", "high")}


def incidents_only(days, **tables):
    """Return a world in which incidents happen and nothing comes of them."""
    violations = {
        "incidents_per_day": PER_DAY,
        "level_shares": dict(zip(LEVELS, LEVEL_SHARES, strict=True)),
    }
    return world(run={"horizon_days": days}, violations=violations, levels=LEVELS, **tables)


@cache
def rows():
    """Return the outcomes of many short runs."""
    return outcomes(incidents_only(DAYS), RUNS)


@cache
def long_run():
    """Return the incidents of one run of a century, in three sectors."""
    sectors = dict(zip(("a", "b", "c"), SECTOR_SHARES, strict=True))
    scenario = incidents_only(LONG_DAYS, line={"sectors": sectors})
    return of(noted(scenario), "incident")


def test_the_first_incident_comes_after_an_exponential_wait():
    """Among the runs that have one within four days, its hour is exponential up to there."""
    mean_hours, hours = 24.0 / PER_DAY, 24.0 * DAYS
    law = stats.truncexpon(hours / mean_hours, scale=mean_hours)

    assert stats.kstest(rows().first_incident_hours.dropna(), law.cdf).pvalue > FALSE_ALARM_RATE


def test_the_number_of_incidents_is_poisson():
    """0, 1, 2 and so on incidents come as often as the Poisson probabilities say."""
    law = stats.poisson(PER_DAY * DAYS)
    counts = np.bincount(np.minimum(rows().incidents, 14), minlength=15)
    expected = [*law.pmf(range(14)), law.sf(13)]

    assert stats.chisquare(counts, RUNS * np.array(expected)).pvalue > FALSE_ALARM_RATE


def test_no_first_incident_means_no_incident():
    """The first one's hour is missing in just those runs that have none."""
    assert (rows().first_incident_hours.isna() == (rows().incidents == 0)).all()


def test_a_rate_a_day_is_for_24_hours():
    """Over a century there are as many incidents as the rate times the days."""
    expected = PER_DAY * LONG_DAYS

    assert stats.poisson(expected).cdf(len(long_run())) > FALSE_ALARM_RATE / 2
    assert stats.poisson(expected).sf(len(long_run())) > FALSE_ALARM_RATE / 2


def test_incidents_follow_each_other_after_exponential_waits():
    """Not only the first wait, and not only in one sector: the whole line is Poisson."""
    waits = np.diff([0.0, *hours_of_incidents()])

    assert stats.kstest(waits, stats.expon(scale=24.0 / PER_DAY).cdf).pvalue > FALSE_ALARM_RATE


def hours_of_incidents():
    """Return when the incidents of the long run were."""
    return [note.hours for note in long_run()]


def test_one_wait_says_nothing_about_the_next():
    """Consecutive waits fall into all of 10 by 10 equally likely classes alike."""
    waits = np.diff([0.0, *hours_of_incidents()])
    ranks = (stats.expon(scale=24.0 / PER_DAY).cdf(waits) * 10).astype(int)
    pairs = Counter(zip(ranks[:-1:2], ranks[1::2], strict=False))
    counts = [pairs[one, other] for one in range(10) for other in range(10)]

    assert stats.chisquare(counts).pvalue > FALSE_ALARM_RATE


def test_sectors_and_levels_are_drawn_by_their_shares_and_independently():
    """Each of nine pairs of a sector and a level has the product of the shares."""
    counts = Counter((note.place, int(note.first)) for note in long_run())
    found = [[counts[sector, level] for level in (1, 2, 3)] for sector in range(3)]
    expected = len(long_run()) * np.outer(SECTOR_SHARES, LEVEL_SHARES)

    assert stats.chisquare(np.ravel(found), expected.ravel()).pvalue > FALSE_ALARM_RATE


def test_at_a_rate_of_zero_nothing_happens():
    """No incident, no fighting, no crisis, in a run of two hundred years."""
    scenario = world(run={"horizon_days": 73_000.0}, violations={"incidents_per_day": 0.0})
    row = outcomes(scenario).iloc[0]

    assert (row.incidents, row.crises, row.fighting_hours, row.highest_level) == (0, 0, 0.0, 0)


def test_levels_that_are_left_out_never_occur():
    """Without shares all incidents are at the lowest level."""
    scenario = world(violations={"incidents_per_day": 20.0}, levels=LEVELS)

    assert {note.first for note in of(noted(scenario), "incident")} == {1}


def test_a_share_of_one_leaves_the_rest_nothing():
    """Where the highest level has all of it, no draw falls below."""
    violations = {"incidents_per_day": 20.0, "level_shares": {"low": 0.0, "high": 1.0}}

    assert {
        note.first for note in of(noted(world(violations=violations, levels=LEVELS)), "incident")
    } == {3}


def test_incidents_are_numbered_in_their_sector():
    """The trace counts 1, 2, 3 and so on in each sector."""
    numbers = {place: [n.second for n in long_run() if n.place == place] for place in range(3)}

    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_the_last_hour_of_a_run_counts():
    """What happens just at the horizon still happens; a little earlier the run ends before it."""
    third = float(hours_of(noted(incidents_only(DAYS)), "incident")[2])
    counts = [
        outcomes(incidents_only(hours / 24.0)).incidents[0] for hours in (third, third - 1e-6)
    ]

    assert counts == [3, 2]
