"""What is seen of a violation: as often, and as late, as its level says.

Every test's false-alarm rate is 1e-9.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    constant,
    exponential,
    lognormal,
    noted,
    of,
    seen,
    trace,
    weibull,
    world,
)

DETECTED = {1: 0.35, 2: 0.8}
ATTRIBUTED = {1: 0.7, 2: 0.5}
DETECTION_LAW = {1: stats.expon(scale=3.0), 2: stats.lognorm(0.7, scale=2.0)}
ATTRIBUTION_LAW = {1: stats.weibull_min(1.5, scale=10.0), 2: stats.uniform(4.0, 8.0)}
BY_LEVEL = pytest.mark.parametrize("level", [1, 2], ids=["low", "high"])


def watched(days=8000.0):
    """Return a world of two levels that are seen with different chances and delays."""
    uniform = {"family": "uniform", "low_hours": 4.0, "high_hours": 12.0}
    levels = {
        "low": {
            "spell": constant(0.0),
            "detection": {"probability": DETECTED[1], "delay": exponential(3.0)},
            "attribution": {"probability": ATTRIBUTED[1], "delay": weibull(10.0, 1.5)},
        },
        "high": {
            "spell": constant(0.0),
            "detection": {"probability": DETECTED[2], "delay": lognormal(2.0, 0.7)},
            "attribution": {"probability": ATTRIBUTED[2], "delay": uniform},
        },
    }
    return world(
        run={"horizon_days": days},
        violations={"incidents_per_day": 3.0, "level_shares": {"low": 0.5, "high": 0.5}},
        levels=levels,
        crisis={"threshold_incidents": 10**6},
    )


@cache
def long_run():
    """Return the events of one long run."""
    return noted(watched())


def at(level, name):
    """Return the events with a name at a level."""
    return [note for note in of(long_run(), name) if note.first == level]


@BY_LEVEL
def test_violations_are_detected_as_often_as_their_level_says(level):
    """Of all the incidents at a level (binomial test)."""
    found, of_all = len(at(level, "detected")), len(at(level, "incident"))

    assert stats.binomtest(found, of_all, DETECTED[level]).pvalue > FALSE_ALARM_RATE


@BY_LEVEL
def test_detected_violations_are_attributed_as_often_as_their_level_says(level):
    """Of those that were detected (binomial test)."""
    found, of_all = len(at(level, "attributed")), len(at(level, "detected"))

    assert stats.binomtest(found, of_all, ATTRIBUTED[level]).pvalue > FALSE_ALARM_RATE


@BY_LEVEL
def test_detection_takes_its_delay_from_the_onset(level):
    """Whatever the level's delay is (Kolmogorov-Smirnov)."""
    delays = [note.hours - note.second for note in at(level, "detected")]

    assert stats.kstest(delays, DETECTION_LAW[level].cdf).pvalue > FALSE_ALARM_RATE


@BY_LEVEL
def test_attribution_takes_its_delay_from_the_detection(level):
    """Whatever the level's delay is (Kolmogorov-Smirnov)."""
    detected = {note.second: note.hours for note in at(level, "detected")}
    delays = [note.hours - detected[note.second] for note in at(level, "attributed")]

    assert stats.kstest(delays, ATTRIBUTION_LAW[level].cdf).pvalue > FALSE_ALARM_RATE


def test_only_what_happened_is_seen():
    """Every detection and attribution names the hour of an incident at its level."""
    incidents = {(note.hours, note.first) for note in of(long_run(), "incident")}
    known = of(long_run(), "detected") + of(long_run(), "attributed")

    assert {(note.second, note.first) for note in known} <= incidents


def test_detection_and_attribution_are_independent_of_their_delays():
    """What takes long to detect is attributed as often as the rest (chi-square, 2 by 2)."""
    attributed = {note.second for note in at(1, "attributed")}
    slow = np.array([note.hours - note.second > 2.0 for note in at(1, "detected")])
    known = np.array([note.second in attributed for note in at(1, "detected")])
    table = np.histogram2d(slow, known, bins=2)[0]

    assert stats.chi2_contingency(table).pvalue > FALSE_ALARM_RATE


def rising(low, high):
    """Return a world whose incidents all rise at once, with a chance to be seen at each level."""
    levels = {
        "low": {"spell": constant(1.0), "expand_per_day": 1e300, "detection": seen(low)},
        "high": {"spell": constant(0.0), "detection": seen(high)},
    }
    return world(
        run={"horizon_days": 3000.0},
        violations={"incidents_per_day": 3.0},
        levels=levels,
        crisis={"threshold_incidents": 10**6},
    )


def test_a_rise_gets_a_new_trial_at_its_new_level():
    """Never seen at the low level, it is seen at the high one with that one's chance (binomial)."""
    told = trace(rising(0.0, 0.6))
    rises, found = (told.event == "spell_rises").sum(), (told.event == "detected").sum()

    assert stats.binomtest(found, rises, 0.6).pvalue > FALSE_ALARM_RATE
    assert told[told.event == "detected"].detail.str.startswith("high").all()


def test_the_trial_of_a_rise_is_independent_of_the_first_one():
    """Both seen in 0.4 times 0.6 of the cases, and so on (chi-square)."""
    notes = noted(rising(0.4, 0.6))
    onsets = [note.hours for note in of(notes, "spell_starts")]
    known = {(note.second, note.first) for note in of(notes, "detected")}
    table = np.zeros((2, 2))
    for onset in onsets:
        table[int((onset, 1.0) in known), int((onset, 2.0) in known)] += 1
    expected = len(onsets) * np.outer([0.6, 0.4], [0.4, 0.6])

    assert stats.chisquare(table.ravel(), expected.ravel()).pvalue > FALSE_ALARM_RATE


def test_what_is_detected_after_the_end_is_not_detected():
    """No event of a trace lies beyond the horizon, though delays reach there."""
    notes = noted(watched(days=2.0))

    assert max(note.hours for note in notes) == 48.0
