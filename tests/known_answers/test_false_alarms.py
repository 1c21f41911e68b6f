"""False alarms: Poisson, attributed at once, debunked later, and what they make of crises.

Every statistical test's false-alarm rate is 1e-9.
"""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    SIGMAS,
    constant,
    crises,
    exponential,
    hours_of,
    many_crises,
    many_noted,
    many_outcomes,
    noted,
    of,
    outcomes,
    rich_tables,
    rich_world,
    sigmas_off,
    world,
)

PER_DAY, DAYS = 3.0, 4.0
SECTORS = {"a": 0.5, "b": 0.3, "empty": 0.0, "c": 0.2}
SHARES = {"low": 0.7, "high": 0.3}


def alarmed(days=DAYS, per_day=PER_DAY, debunked=None, hours=(), **tables):
    """Return a world with false alarms, and incidents at some hours only."""
    monitoring = {"false_alarms_per_day": per_day}
    if debunked is not None:
        monitoring["debunked_after"] = debunked
    return world(
        **{
            "run": {"horizon_days": days},
            "violations": {"process": "replay", "recorded": {"hours": list(hours)}},
            "levels": {"fighting": {"spell": constant(0.0)}},
            "monitoring": monitoring,
        }
        | tables
    )


def test_false_alarms_are_poisson():
    """0, 1, 2 and so on come as often as the Poisson probabilities say (chi-square)."""
    law, runs = stats.poisson(PER_DAY * DAYS), 8000
    found = many_outcomes(alarmed(), runs).false_alarms
    counts = np.bincount(np.clip(found, 3, 24) - 3, minlength=22)
    expected = runs * np.array([law.cdf(3), *law.pmf(range(4, 24)), law.sf(23)])

    assert stats.chisquare(counts, expected).pvalue > FALSE_ALARM_RATE


@cache
def long_run():
    """Return the events of a long run of alarms in four sectors and two levels, debunked later."""
    scenario = alarmed(
        days=5000.0,
        debunked=exponential(10.0),
        line={"sectors": SECTORS},
        violations={"incidents_per_day": 0.0, "level_shares": SHARES},
        levels={name: {"spell": constant(0.0)} for name in SHARES},
        crisis={"threshold_incidents": 10**6},
    )
    return many_noted(scenario)


def test_false_alarms_follow_each_other_after_exponential_waits():
    """On the whole line (Kolmogorov-Smirnov)."""
    waits = np.diff([0.0, *hours_of(long_run(), "false_alarm")])

    assert stats.kstest(waits, stats.expon(scale=24.0 / PER_DAY).cdf).pvalue > FALSE_ALARM_RATE


def test_sectors_and_levels_are_drawn_by_their_shares():
    """Independently of each other, and none in a sector without a share (chi-square)."""
    found = Counter((note.place, int(note.first)) for note in of(long_run(), "false_alarm"))
    counts = [[found[sector, level] for level in (1, 2)] for sector in (0, 1, 3)]
    expected = np.outer([0.5, 0.3, 0.2], [0.7, 0.3])

    assert sum(map(sum, counts)) == found.total()
    p_value = stats.chisquare(np.ravel(counts), found.total() * expected.ravel()).pvalue
    assert p_value > FALSE_ALARM_RATE


def test_a_false_alarm_is_debunked_after_its_delay():
    """Whatever the delay is (Kolmogorov-Smirnov)."""
    delays = [note.hours - note.second for note in of(long_run(), "debunked")]

    assert stats.kstest(delays, stats.expon(scale=10.0).cdf).pvalue > FALSE_ALARM_RATE


def test_a_delay_that_is_always_the_same_is_kept_to_the_tick():
    """Each alarm is debunked just five hours later."""
    notes = noted(alarmed(30.0, debunked=constant(5.0)))
    expected = {note.hours + 5.0 for note in of(notes, "false_alarm") if note.hours <= 715.0}

    assert {note.hours for note in of(notes, "debunked")} == expected


def test_an_alarm_is_attributed_at_once_and_there_is_no_fighting():
    """Every crisis that it opens has its clock at the alarm, and no delay of detection."""
    scenario = alarmed(300.0, 0.1, crisis={"quiet_hours": 5.0})
    found, row = crises(scenario), outcomes(scenario).iloc[0]

    assert len(found) > 20
    assert set(found.opened_by) == {"false_alarm"}
    assert (found.opened_hours == found.clock_hours).all()
    assert not found[["detection_hours", "attribution_hours"]].any(axis=None)
    assert (row.incidents, row.fighting_hours, row.highest_level) == (0, 0.0, 0)


def alone(days, per_day, debunked):
    """Return a world of nothing but alarms, each of which opens a crisis that quiet never ends."""
    return alarmed(days, per_day, debunked, crisis={"quiet_hours": 1e6, "window_hours": 1e6})


def test_a_crisis_over_nothing_closes_when_it_is_debunked():
    """With those that came meanwhile: at the debunking that leaves none (to the tick)."""
    notes = noted(alone(2000.0, 1.0, constant(9.0)))
    opened, closed = hours_of(notes, "crisis_opens"), hours_of(notes, "crisis_closes")
    alarms = hours_of(notes, "false_alarm")
    begins = np.flatnonzero(np.diff([-np.inf, *alarms]) > 9.0)
    last = np.append(begins[1:] - 1, len(alarms) - 1)

    assert len(opened) > 500
    assert opened.tolist() == alarms[begins].tolist()
    assert closed.tolist() == (alarms[last] + 9.0)[: len(closed)].tolist()


def test_crises_over_nothing_last_as_long_as_a_busy_period():
    """Of a queue M/G/oo: on average (exp(rate times delay) - 1) / rate, whatever its law."""
    found = many_crises(alone(20_000.0, 1.0, exponential(18.0)), 1)
    lasted = (found.closed_hours - found.opened_hours).dropna()

    assert sigmas_off(lasted, 24.0 * np.expm1(18.0 / 24.0)) < SIGMAS


def one_alarm_and(hours, spell=0.0, debunked=9.0, **crisis):
    """Return a world of one early alarm in most runs, and incidents at some hours."""
    return alarmed(
        days=10.0,
        per_day=0.25,
        debunked=constant(debunked),
        hours=hours,
        levels={"fighting": {"spell": constant(spell)}},
        crisis={"quiet_hours": 100.0, **crisis},
    )


def first_crises(scenario, hour):
    """Return the first crises of runs whose only alarm before hour 170 comes before an hour."""
    found, runs = crises(scenario, 400), []
    for run in range(400):
        alarms = hours_of(noted(scenario, run), "false_alarm")
        if len(alarms) > 0 and alarms[0] < hour and not np.any((alarms < 170.0)[1:]):
            runs.append(run)
    return found[found["run"].isin(runs)].groupby("run").first()


def test_a_crisis_does_not_close_when_something_else_is_there():
    """An incident that is attributed meanwhile would open a crisis: it goes on until quiet."""
    found = first_crises(one_alarm_and([20.0]), 20.0)
    during = found.opened_hours > 11.0
    lasted = found.closed_hours - found.opened_hours

    assert during.sum() > 5
    assert (~during).sum() > 5
    assert set(lasted[~during]) == {9.0}
    assert set(found.closed_hours[during]) == set(
        np.maximum(found.opened_hours[during], 20.0) + 100.0
    )


def test_a_crisis_closes_when_what_else_is_there_would_not_open_one():
    """Where two are needed within 24 hours, one alarm that is not debunked is not enough."""
    crisis = {"threshold_incidents": 2, "quiet_hours": 1e6, "window_hours": 24.0}
    notes = noted(alarmed(300.0, 1.0, constant(30.0), crisis=crisis))
    opened, closed = hours_of(notes, "crisis_opens"), hours_of(notes, "crisis_closes")
    alarms = hours_of(notes, "false_alarm")
    due = []
    for start in opened:
        debunkings = alarms[alarms >= start] + 30.0
        left = [np.sum((alarms >= hour - 24.0) & (alarms <= hour)) for hour in debunkings]
        due.append(debunkings[np.argmax(np.array(left) < 2)])

    assert len(closed) > 20
    assert closed.tolist() == due[: len(closed)]


def test_what_was_attributed_before_the_opening_is_grounds_too():
    """Incidents at hours 10 and 70, within the window: together they would open a crisis."""
    scenario = one_alarm_and([10.0, 70.0], debunked=12.0, threshold_incidents=2, window_hours=72.0)
    found = first_crises(scenario, 70.0)
    found = found[found.opened_by == "false_alarm"]
    both = found.opened_hours + 12.0 > 70.0

    assert both.sum() > 5
    assert (~both).sum() > 5
    assert set(found.closed_hours[both]) == {170.0}
    assert set((found.closed_hours - found.opened_hours)[~both]) == {12.0}


def test_fighting_keeps_a_crisis_open_when_its_alarm_is_debunked():
    """A spell that nobody has seen goes on until hour 70; then nothing is there any more."""
    scenario = one_alarm_and([20.0], spell=50.0).with_(
        ("levels.fighting.detection.probability", 0.0)
    )
    found = first_crises(scenario, 70.0)
    debunked = found.opened_hours + 9.0
    fights = (debunked >= 20.0) & (debunked < 70.0)

    assert fights.sum() > 20
    assert set(found.closed_hours[fights]) == {70.0}
    assert set((found.closed_hours - found.opened_hours)[~fights]) == {9.0}


def test_debunking_comes_before_quiet_and_after_deadlines():
    """At hour 24 of the crisis a promise falls due, and then the crisis closes by debunking."""
    scenario = alarmed(
        4000.0,
        0.005,
        constant(24.0),
        crisis={"quiet_hours": 24.0},
        steps={"response": {"deadline_hours": 24.0, "not_before_hours": 24.0}},
    )
    found = many_crises(scenario, 1).dropna(subset="closed_hours")

    assert len(found) > 10
    assert set(found.response_status) == {"on_time"}
    assert set(found.closed_hours - found.opened_hours) == {24.0}


def test_what_is_debunked_counts_no_more():
    """Of two that are needed within 100 hours, the first must not be debunked, after five."""
    crisis = {"threshold_incidents": 2, "window_hours": 100.0, "quiet_hours": 0.0}
    notes = noted(alarmed(300.0, 2.0, constant(5.0), crisis=crisis))
    pending, due = [], []
    for hour in hours_of(notes, "false_alarm"):
        pending = [*(one for one in pending if one + 5.0 >= hour), hour]
        if len(pending) == 2:
            due.append(hour)
            pending = []

    assert len(due) > 50
    assert hours_of(notes, "crisis_opens").tolist() == due


def test_a_response_to_a_false_alarm_is_wrongful():
    """In each crisis in which the step came into force before it was debunked."""
    steps = {"response": {"deploy": exponential(9.0)}}
    crisis = {"quiet_hours": 50.0}
    scenario = alarmed(2000.0, 0.1, constant(9.0), np.arange(5.0, 48_000.0, 400.0), crisis=crisis)
    scenario = scenario.with_(("steps", steps))
    found, row = crises(scenario), outcomes(scenario).iloc[0]
    acted = found.response_in_force_hours.notna()
    wrong = found.opened_by == "false_alarm"

    assert (found.wrongly_opened == wrong).all()
    assert row.response_wrongful == (acted & wrong).sum() > 20
    assert row.response_on_time == acted.sum() > row.response_wrongful


@pytest.mark.parametrize("scope", ["line", "sector"])
def test_without_a_plan_alarms_change_no_fighting(scope):
    """Whatever is taken for a violation: incidents, attacks and spells stay the same."""
    names = ("incident", "attack", "spell_starts", "spell_rises", "spell_stops", "detected")
    monitoring = {"false_alarms_per_day": 5.0, "debunked_after": exponential(5.0)}
    plain, alarming = (
        noted(rich_world(scope, steps={}, monitoring=one)) for one in ({}, monitoring)
    )

    assert len(of(alarming, "false_alarm")) > 50
    assert [of(alarming, name) for name in names] == [of(plain, name) for name in names]


def test_alarms_below_every_threshold_change_no_other_event():
    """Where only a level that no alarm is taken for opens crises, the plan goes its way."""
    levels = rich_tables()["levels"]
    shares = {"violations": {"incidents_per_day": 6.0}, "levels": levels}
    crisis = {"threshold_level": "shelling", "quiet_level": "shelling"}
    monitoring = {"false_alarms_per_day": 5.0, "debunked_after": exponential(5.0)}
    told = [
        [
            note
            for note in noted(rich_world(crisis=crisis, monitoring=one, **shares))
            if note not in (*of([note], "false_alarm"), *of([note], "debunked"))
        ]
        for one in ({}, monitoring)
    ]

    assert told[0] == told[1]
