"""Fighting by doctrine breaks off in time and comes back: the loophole of a trigger at 72 hours.

Every statistical test's false-alarm rate is 1e-9.
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
    crises,
    exponential,
    hours_of,
    many_noted,
    many_outcomes,
    noted,
    of,
    seen,
    world,
)

from sim.engines.story import event

BREAK_OFF, PAUSE = 70.0, 6.0
FOR_EVER = constant(1e6)


def by_doctrine(spell=FOR_EVER, per_day=0.05, days=4000.0, levels=None, doctrine=None, **tables):
    """Return a world of one sector whose aggressor breaks fighting off at hour 70."""
    plain = {"fighting": {"spell": spell, "detection": UNSEEN}}
    return world(
        **{
            "run": {"horizon_days": days},
            "violations": {"incidents_per_day": per_day},
            "levels": levels or plain,
            "doctrine": {"break_off_hours": BREAK_OFF, **(doctrine or {})},
        }
        | tables
    )


COMING_BACK = {"resume_after_hours": PAUSE}


def lengths(notes):
    """Return how long each spell lasted that has ended; shape (spells,), hours."""
    ends = (event("spell_stops"), event("spell_breaks_off"))
    return np.array([note.second for note in notes if note.event in ends])


def test_fighting_that_would_never_end_ends_at_that_hour():
    """Every spell lasts just so long."""
    found = lengths(noted(by_doctrine()))

    assert len(found) > 30
    assert set(found) == {BREAK_OFF}


def test_no_spell_is_longer_than_the_doctrine_allows():
    """An exponential spell is the shorter of the two (Kolmogorov-Smirnov, the atom by itself)."""
    found = lengths(many_noted(by_doctrine(exponential(50.0), per_day=1.0, days=40_000.0)))
    broken = found == BREAK_OFF
    chance = np.exp(-BREAK_OFF / 50.0)
    law = stats.truncexpon(BREAK_OFF / 50.0, scale=50.0)

    assert found.max() == BREAK_OFF
    assert stats.binomtest(int(broken.sum()), len(found), chance).pvalue > FALSE_ALARM_RATE / 2
    assert stats.kstest(found[~broken], law.cdf).pvalue > FALSE_ALARM_RATE / 2


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_so_many_spells_follow_it(share):
    """The others go on to their own end at hour 100 (binomial test)."""
    scenario = by_doctrine(constant(100.0), days=40_000.0, doctrine={"share": share})
    found = lengths(many_noted(scenario))
    broken = int(np.sum(found == BREAK_OFF))

    assert set(found) <= {BREAK_OFF, 100.0}
    assert stats.binomtest(broken, len(found), share).pvalue > FALSE_ALARM_RATE


def test_fighting_comes_back_after_just_that_pause():
    """Again and again, if nothing else happens meanwhile."""
    notes = noted(by_doctrine(per_day=1e-3, doctrine=COMING_BACK))
    broken, resumed = hours_of(notes, "spell_breaks_off"), hours_of(notes, "spell_resumes")

    assert len(resumed) > 100
    assert set(resumed - broken[: len(resumed)]) == {PAUSE}


def test_fighting_that_came_back_follows_the_doctrine_for_sure():
    """Of a small share of spells: what a resumption starts breaks off again."""
    doctrine = {**COMING_BACK, "share": 0.2, "resume_probability": 0.8}
    notes = many_noted(by_doctrine(constant(100.0), days=20_000.0, doctrine=doctrine))
    names = ("spell_resumes", "spell_starts", "spell_breaks_off", "spell_stops")
    numbers = [event(name) for name in names]
    told = [note.event for note in notes if note.event in numbers]
    after = [
        told[index + 2]
        for index, pair in enumerate(itertools.pairwise(told[:-1]))
        if pair == (numbers[0], numbers[1])
    ]

    assert len(after) > 100
    assert set(after) == {numbers[2]}


@pytest.mark.parametrize("probability", [0.0, 0.6, 0.9])
def test_it_comes_back_as_often_as_its_probability_says(probability):
    """Each time anew: resumptions per breaking off (binomial test)."""
    doctrine = {**COMING_BACK, "resume_probability": probability}
    notes = many_noted(by_doctrine(days=20_000.0, doctrine=doctrine))
    resumed, broken = len(of(notes, "spell_resumes")), len(of(notes, "spell_breaks_off"))

    assert abs(resumed - probability * broken) <= 1 + probability * broken
    assert stats.binomtest(resumed, broken, probability).pvalue > FALSE_ALARM_RATE


def test_a_resumption_is_no_incident():
    """It has a number of its own, and the incidents are those of the world without it."""
    without, with_it = (by_doctrine(per_day=0.5, doctrine=one) for one in ({}, COMING_BACK))

    assert of(noted(with_it), "incident") == of(noted(without), "incident")
    assert [note.second for note in of(noted(with_it), "spell_resumes")][:3] == [1, 2, 3]


def rising(level):
    """Return a world whose fighting rises after 30 hours, and a doctrine from a level on."""
    levels = {
        "low": {"spell": FOR_EVER, "expand_per_day": 24.0 / 30.0},
        "high": {"spell": FOR_EVER},
    }
    doctrine = {**COMING_BACK, "level": level, "resume_probability": 0.7}
    return by_doctrine(levels=levels, doctrine=doctrine, days=2000.0)


def test_hours_count_from_when_the_level_is_reached():
    """From the start of the spell, whether it rises or not, or from the rise to that level."""
    notes = noted(rising("low"))
    assert set(lengths(notes)) == {BREAK_OFF}

    notes = noted(rising("high"))
    reached = [
        note.hours
        for note in notes
        if (note.event == event("spell_rises") or note.event == event("spell_starts"))
        and note.first == 2
    ]
    broken = hours_of(notes, "spell_breaks_off")
    assert len(broken) > 5
    assert set(broken - np.array(reached)[: len(broken)]) == {BREAK_OFF}


def test_fighting_comes_back_at_the_level_that_it_had():
    """What broke off high comes back high."""
    notes = noted(rising("low"))
    broken = {note.hours: note.first for note in of(notes, "spell_breaks_off")}
    resumed = {note.hours - PAUSE: note.first for note in of(notes, "spell_resumes")}

    assert set(resumed.values()) == {1.0, 2.0}
    assert resumed.items() < broken.items()


def test_the_defenders_fighting_follows_no_doctrine_of_the_aggressors():
    """With all incidents the defender's, every spell goes on to its own end."""
    violations = {"incidents_per_day": 0.05, "defender_share": 1.0}
    notes = noted(by_doctrine(constant(100.0), violations=violations))

    assert set(lengths(notes)) == {100.0}


def test_an_attacks_fighting_follows_it():
    """An attack is the aggressor's, whosever the incidents are."""
    violations = {"incidents_per_day": 0.0, "defender_share": 1.0}
    notes = noted(by_doctrine(constant(100.0), violations=violations, attack={"per_year": 9.0}))

    assert set(lengths(notes)) == {BREAK_OFF}


def salami(break_off, within=0.0):
    """Return a world of slices of fighting, and a step after 72 hours of sustained fighting."""
    needs = {"level": "fighting", "sustained_hours": 72.0, "within_hours": within}
    return by_doctrine(
        levels={"fighting": {"spell": FOR_EVER, "attribution": seen(hours=2.0)}},
        doctrine={"break_off_hours": break_off, "resume_after_hours": 1.0},
        crisis={"quiet_hours": 24.0},
        steps={"military": {"needs": needs}},
        days=400.0,
    )


def statuses(scenario):
    """Return what the step ended as in the crises."""
    return set(crises(scenario).military_status)


def test_slices_below_72_hours_never_call_the_step():
    """A year of fighting for 71 of 72 hours in a single crisis: not called."""
    scenario = salami(71.0)
    row = many_outcomes(scenario, 1).iloc[0]

    assert statuses(scenario) == {"not_called"}
    assert row.crises == 1
    assert row.fighting_hours > 0.9 * row.end_hours


@pytest.mark.parametrize(("break_off", "called"), [(72.0 - TICK_HOURS, False), (72.0, True)])
def test_it_is_the_72nd_hour_that_counts(break_off, called):
    """A tick less and it is not called; at the hour itself the fighting ends first.

    The need looks back to the end of the fighting, so hour 72 counts even as it breaks off.
    """
    assert ("not_called" in statuses(salami(break_off))) == (not called)


def test_a_plan_that_overlooks_pauses_closes_the_loophole():
    """With pauses of up to two hours counted as fighting, the step is called in force."""
    assert "not_called" not in statuses(salami(71.0, within=2.0))


def test_a_doctrine_of_long_fighting_changes_nothing():
    """To break off after all the hours there are: event for event as without."""
    tables = {"violations": {"incidents_per_day": 1.0}, "run": {"horizon_days": 300.0}}
    levels = {"fighting": {"spell": exponential(20.0)}}
    without = world(levels=levels, **tables)
    late = world(levels=levels, doctrine={"break_off_hours": 1e6, **COMING_BACK}, **tables)

    assert noted(late) == noted(without)


def test_breaking_off_earlier_never_lengthens_the_first_spell():
    """On the same luck, in every run of one incident."""
    record = {"process": "replay", "recorded": {"hours": [5.0]}}
    hours = [
        many_outcomes(
            by_doctrine(
                exponential(50.0), days=60.0, violations=record, doctrine={"break_off_hours": after}
            ),
            500,
        ).fighting_hours
        for after in (10.0, 40.0, 160.0)
    ]

    assert (hours[0] <= hours[1]).all()
    assert (hours[1] <= hours[2]).all()
    assert (hours[0] == np.minimum(hours[2], 10.0)).all()
