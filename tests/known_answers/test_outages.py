"""Outages: a two-state process of the sensors, common to the line, that scales detection.

Every statistical test's false-alarm rate is 1e-9.
"""

import itertools
from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    LONGEST_DAYS,
    constant,
    hours_of,
    many_noted,
    many_outcomes,
    noted,
    of,
    seen,
    world,
)

SHARE, MEAN_HOURS, FACTOR, DETECTED = 0.3, 20.0, 0.25, 0.8
WORKING_HOURS = MEAN_HOURS * (1.0 - SHARE) / SHARE
RUNS = 40_000


def watched(hours, detected=DETECTED, factor=FACTOR, share=SHARE, **tables):
    """Return a world with incidents at some hours, each detected one a crisis of its own."""
    outages = {"share": share, "mean_hours": MEAN_HOURS, "detection": factor}
    return world(
        **{
            "run": {"horizon_days": 10.0},
            "violations": {"process": "replay", "recorded": {"hours": list(hours)}},
            "levels": {"fighting": {"spell": constant(0.0), "detection": seen(detected)}},
            "crisis": {"quiet_hours": 0.0},
            "monitoring": {"outages": outages},
        }
        | tables
    )


@pytest.mark.parametrize("hour", [0.0, 10.0, 240.0])
@pytest.mark.parametrize(("share", "factor"), [(0.3, 0.25), (0.3, 0.0), (0.9, 0.5), (0.0, 0.0)])
def test_a_violation_is_detected_as_often_as_the_mixture_says(hour, share, factor):
    """With p (1 - share (1 - factor)) at any hour: the process is stationary (binomial test)."""
    found = int(many_outcomes(watched([hour], factor=factor, share=share), RUNS).crises.sum())
    expected = DETECTED * (1.0 - share * (1.0 - factor))

    assert stats.binomtest(found, RUNS, expected).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize("apart_hours", [1.0, 10.0, 50.0])
def test_two_violations_fall_into_an_outage_as_often_as_the_chain_says(apart_hours):
    """Both: s**2 + s (1 - s) exp(-(1/outage + 1/working) t); none: likewise (chi-square)."""
    scenario = watched([30.0, 30.0 + apart_hours], detected=1.0, factor=0.0)
    crises = many_outcomes(scenario, RUNS).crises
    together = np.exp(-(1.0 / MEAN_HOURS + 1.0 / WORKING_HOURS) * apart_hours)
    both = SHARE**2 + SHARE * (1.0 - SHARE) * together
    neither = (1.0 - SHARE) ** 2 + SHARE * (1.0 - SHARE) * together
    expected = RUNS * np.array([both, 1.0 - both - neither, neither])

    assert stats.chisquare(np.bincount(crises, minlength=3), expected).pvalue > FALSE_ALARM_RATE


def test_the_outage_is_the_same_on_the_whole_line():
    """Two incidents of an hour in two sectors are both seen, or neither of them is."""
    recorded = {"hours": [50.0, 50.0], "sectors": ["a", "b"]}
    scenario = watched(
        [],
        detected=1.0,
        factor=0.0,
        line={"sectors": {"a": 0.5, "b": 0.5}},
        violations={"process": "replay", "recorded": recorded},
        crisis={"scope": "sector", "quiet_hours": 0.0},
    )

    assert set(many_outcomes(scenario, 1000).crises) == {0, 2}


@cache
def turns():
    """Return when outages began and ended in a run of two centuries."""
    notes = many_noted(watched([], run={"horizon_days": LONGEST_DAYS}))
    return hours_of(notes, "outage_begins"), hours_of(notes, "outage_ends")


def test_outages_last_an_exponential_time():
    """Of the mean that the plan says (Kolmogorov-Smirnov)."""
    begins, ends = turns()
    lengths = ends - begins[: len(ends)]

    assert stats.kstest(lengths, stats.expon(scale=MEAN_HOURS).cdf).pvalue > FALSE_ALARM_RATE


def test_sensors_work_for_an_exponential_time():
    """Of the mean that makes the share come out (Kolmogorov-Smirnov)."""
    begins, ends = turns()
    lengths = begins[1:] - ends[: len(begins) - 1]

    assert stats.kstest(lengths, stats.expon(scale=WORKING_HOURS).cdf).pvalue > FALSE_ALARM_RATE


def test_outages_and_work_take_turns():
    """No outage begins in an outage."""
    notes = many_noted(watched([], run={"horizon_days": 3000.0}))
    begins, ends = of(notes, "outage_begins"), of(notes, "outage_ends")
    told = sorted([(note.hours, note.event) for note in begins + ends])
    names = [name for _, name in told]

    assert len(names) > 500
    assert all(one != other for one, other in itertools.pairwise(names))


def test_it_is_the_onset_that_must_not_be_in_an_outage():
    """With a detection that takes longer than any outage, what counts is when it began."""
    level = {"spell": constant(0.0), "detection": {"delay": constant(100.0)}}
    hours = [float(hour) for hour in range(2000)]
    notes = noted(
        watched(hours, factor=0.0, levels={"fighting": level}, run={"horizon_days": 90.0})
    )
    begins, ends = hours_of(notes, "outage_begins"), hours_of(notes, "outage_ends")
    is_out = np.searchsorted(begins, hours, "right") > np.searchsorted(ends, hours, "right")
    onsets = sorted(note.second for note in of(notes, "detected"))

    assert onsets == [hour for hour, out in zip(hours, is_out, strict=True) if not out]


def test_what_is_seen_in_outages_is_seen_without_them():
    """On the same luck, outages only take detections away, the more the lower the factor."""
    hours = [0.1 * number for number in range(2300)]
    seen_with = [
        {note.second for note in of(noted(watched(hours, factor=factor)), "detected")}
        for factor in (0.0, 0.5, 1.0)
    ]

    assert seen_with[0] < seen_with[1] < seen_with[2]
    assert seen_with[2] == {
        note.second for note in of(noted(watched(hours, share=0.0)), "detected")
    }
