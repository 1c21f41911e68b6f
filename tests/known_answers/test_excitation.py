"""Self-excitation is a Hawkes process: rates, counts, clusters and every single hour of it.

The rate of a sector is its background plus, for each incident there, the branching ratio over the
decay time, which decays exponentially. Every statistical test's false-alarm rate is 1e-9.
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
    hours_of,
    many_noted,
    many_outcomes,
    noted,
    of,
    sigmas_off,
    thresholds_of_incidents,
    world,
)

BRANCHING, DECAY_HOURS = 0.6, 20.0
PER_DAY = 4.0
LEVELS = {"low": {"spell": constant(0.0), "detection": UNSEEN}}
SECTORS = {"a": 0.7, "b": 0.3}


def exciting(days, branching=BRANCHING, decay=DECAY_HOURS, per_day=PER_DAY, **tables):
    """Return a world in which incidents set off others and nothing else comes of them."""
    violations = {
        "process": "hawkes",
        "incidents_per_day": per_day,
        "excitation": {"branching_ratio": branching, "decay_hours": decay},
    }
    return world(
        **{"run": {"horizon_days": days}, "violations": violations, "levels": LEVELS} | tables
    )


def mean_count(hours, branching=BRANCHING, decay=DECAY_HOURS, background=PER_DAY / 24.0):
    """Return the mean number of incidents by an hour, from an empty start.

    The mean rate m(t) solves m' = (background - (1 - branching) m) / decay, m(0) = background.
    """
    left = 1.0 - branching
    settled = background / left
    pace = left / decay
    return settled * hours + (background - settled) * -np.expm1(-pace * hours) / pace


@cache
def long_run():
    """Return the hours of the incidents of one long run; shape (incidents,)."""
    return hours_of(many_noted(exciting(4000.0)), "incident")


@pytest.mark.parametrize("days", [1.0, 5.0, 20.0])
def test_the_mean_count_is_that_of_an_empty_start(days):
    """No incident has set off any at hour 0, and the mean rate rises from there."""
    rows = many_outcomes(exciting(days), 8000)

    assert sigmas_off(rows.incidents, mean_count(24.0 * days)) < SIGMAS


@pytest.mark.parametrize("branching", [0.0, 0.3, 0.6, 0.8])
def test_the_mean_rate_is_the_background_over_one_minus_the_branching_ratio(branching):
    """In 100 parts of a long run, but for the first one, as many incidents as that says."""
    parts, days = 100, 5000.0
    hours = hours_of(many_noted(exciting(days, branching, 5.0)), "incident")
    counts = np.histogram(hours, bins=parts, range=(0.0, 24.0 * days))[0][1:]

    assert sigmas_off(counts, PER_DAY * days / parts / (1.0 - branching)) < SIGMAS


def test_counts_spread_by_one_over_one_minus_the_branching_ratio_squared():
    """Over long parts of a run, variance / mean is 1 / (1 - n)**2, as of sums of clusters."""
    parts, days = 200, 16_000.0
    hours = hours_of(many_noted(exciting(days, decay=2.0)), "incident")
    counts = np.histogram(hours, bins=parts, range=(0.0, 24.0 * days))[0]
    mean = PER_DAY * days / parts / (1.0 - BRANCHING)

    assert sigmas_off((counts - mean) ** 2 / mean, 1.0 / (1.0 - BRANCHING) ** 2) < SIGMAS


def used_up(hours, branching, decay, background, calmed=()):
    """Return the integral of the rate from each incident to the next; shape (incidents,).

    By the sum over all earlier incidents. `calmed` holds hours and factors of recommitments,
    which are on the background (here) and on what earlier incidents set off from then on.
    """
    turns = [0.0, *(hour for hour, _ in calmed), np.inf]
    levels = np.cumprod([1.0, *(factor for _, factor in calmed)])
    starts, found = np.concatenate([[0.0], hours[:-1]]), []
    for number, (start, end) in enumerate(zip(starts, hours, strict=True)):
        total = 0.0
        for piece, level in enumerate(levels):
            begin, stop = max(start, turns[piece]), min(end, turns[piece + 1])
            if begin < stop:
                before = hours[:number]
                since = np.searchsorted(turns, before, side="right") - 1
                kept = level / levels[since]
                decayed = np.exp(-(begin - before) / decay) - np.exp(-(stop - before) / decay)
                total += background * level * (stop - begin) + branching * np.sum(kept * decayed)
        found.append(total)
    return np.array(found)


@pytest.mark.parametrize("branching", [0.0, 0.3, 0.9])
def test_every_incident_comes_when_its_threshold_is_used_up(branching):
    """Of the two sectors each by itself, whatever happens in the other (to 1e-8)."""
    scenario = exciting(60.0, branching, line={"sectors": SECTORS})
    incidents = of(noted(scenario), "incident")
    for sector, share in enumerate(SECTORS.values()):
        hours = np.array([note.hours for note in incidents if note.place == sector])
        found = used_up(hours, branching, DECAY_HOURS, share * PER_DAY / 24.0)
        thresholds = thresholds_of_incidents(scenario, len(hours), sector)

        assert len(hours) > 50
        assert np.allclose(found, thresholds, rtol=0, atol=1e-8)


def test_between_incidents_the_rate_uses_up_unit_exponentials():
    """The random time change makes a Poisson process of it (Kolmogorov-Smirnov)."""
    found = used_up(long_run()[:3000], BRANCHING, DECAY_HOURS, PER_DAY / 24.0)

    assert stats.kstest(found, "expon").pvalue > FALSE_ALARM_RATE


@cache
def clusters():
    """Return incidents by clusters, as arrays of hours: between two of them are two hours."""
    hours = hours_of(many_noted(exciting(70_000.0, decay=0.05, per_day=0.2)), "incident")
    return np.split(hours, np.flatnonzero(np.diff(hours) > 2.0) + 1)


def test_an_incident_sets_off_none_with_the_chance_of_poisson():
    """exp(-n), times the chance that nothing else comes in the two hours (binomial test)."""
    alone = sum(len(hours) == 1 for hours in clusters()[:-1])
    expected = np.exp(-BRANCHING - 0.2 / 24.0 * 2.0)

    assert stats.binomtest(alone, len(clusters()) - 1, expected).pvalue > FALSE_ALARM_RATE


def test_the_mean_size_of_a_cluster_is_one_over_one_minus_the_branching_ratio():
    """Whatever the decay: all incidents over those that nobody set off (a sum of clusters)."""
    immigrants = 0.2 * 70_000.0
    incidents = sum(map(len, clusters()))
    spread = np.sqrt(immigrants / (1.0 - BRANCHING) ** 3)

    assert abs(incidents - immigrants / (1.0 - BRANCHING)) / spread < SIGMAS


def test_offspring_come_after_an_exponential_time():
    """The first wait in a cluster: P(more than t) = exp(-n (1 - exp(-t / decay))) (K-S)."""
    waits = np.array([hours[1] - hours[0] for hours in clusters() if len(hours) > 1])
    waits = waits[waits < 1.0]  # twenty decay times: two clusters that came close are left out

    def by(hours):
        none = np.exp(BRANCHING * np.expm1(-hours / 0.05))
        return (1.0 - none) / -np.expm1(-BRANCHING)

    assert len(waits) > 4000
    assert stats.kstest(waits, by).pvalue > FALSE_ALARM_RATE / 2


def plan(**effect):
    """Return a plan of one step that is in force from the first incident on, for good."""
    return {
        "levels": {"low": {"spell": constant(0.0)}},
        "crisis": {"quiet_hours": 1e6},
        "steps": {"response": {"effect": effect}},
    }


def test_a_step_multiplies_the_branching_ratio_too():
    """At a factor of 1.5 the mean rate is 1.5 times the background over 1 - 1.5 n."""
    parts, days = 100, 5000.0
    scenario = exciting(days, 0.4, 5.0, **plan(incidents=1.5))
    hours = hours_of(many_noted(scenario), "incident")
    counts = np.histogram(hours, bins=parts, range=(0.0, 24.0 * days))[0][1:]

    assert sigmas_off(counts, 1.5 * PER_DAY * days / parts / (1.0 - 1.5 * 0.4)) < SIGMAS


def test_what_a_step_makes_supercritical_is_cut_off_as_runaway():
    """Where each incident sets off two more, every run ends at its most violations."""
    most = ("run.most_violations", 5000)
    rows = many_outcomes(exciting(365.0, 0.5, **plan(incidents=4.0)).with_(most), 100)

    assert set(rows.outcome) == {"runaway"}
    assert set(rows.incidents) == {5000}
    assert (rows.end_hours < 365.0 * 24.0).all()


def test_below_criticality_no_run_runs_away():
    """The same world without the step has but 60 days' worth of incidents."""
    rows = many_outcomes(exciting(60.0, 0.5).with_(("run.most_violations", 5000)), 100)

    assert set(rows.outcome) == {"held"}


def test_a_recommitment_calms_background_and_excitation_alike():
    """From day 10 on both are half of what they were, from day 20 on a tenth of that (to 1e-8)."""
    said = [{"day": 10.0, "factor": 0.5}, {"day": 20.0, "factor": 0.1}]
    scenario = exciting(60.0, 0.8).with_(("violations.recommitments", said))
    hours = hours_of(noted(scenario), "incident")
    calmed = [(240.0, 0.5), (480.0, 0.1)]
    found = used_up(hours, 0.8, DECAY_HOURS, PER_DAY / 24.0, calmed)

    assert np.sum(hours > 480.0) > 5
    assert np.allclose(found, thresholds_of_incidents(scenario, len(hours)), rtol=0, atol=1e-8)


def test_after_a_recommitment_to_nothing_there_is_nothing():
    """Neither background nor what earlier incidents would have set off."""
    scenario = exciting(60.0, 0.9).with_(("violations.recommitments", [{"day": 5, "factor": 0}]))
    hours = hours_of(noted(scenario), "incident")

    assert 20 < np.sum(hours < 120.0) == len(hours)


def test_hours_of_a_first_incident_are_those_of_poisson():
    """Before anything happened nothing is excited: the first hour is threshold over rate."""
    scenario = exciting(60.0)
    first = hours_of(noted(scenario), "incident")[0]
    expected = thresholds_of_incidents(scenario, 1)[0] * 24.0 / PER_DAY

    assert abs(first - expected) < TICK_HOURS


def test_a_higher_branching_ratio_never_makes_an_incident_later():
    """On the same thresholds, the n-th incident of a more excitable world comes no later."""
    calm, excitable = (
        hours_of(noted(exciting(60.0, branching)), "incident") for branching in (0.3, 0.7)
    )

    assert len(excitable) > len(calm)
    assert (excitable[: len(calm)] <= calm).all()
    assert excitable[0] == calm[0]
