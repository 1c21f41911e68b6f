"""A step in force rescales what is left of every clock; nothing is drawn again.

Where clocks have no memory, the luck of the world without the step can be seen in the world with
it: every wait is divided by the multiplier, to the tick. Elsewhere, hazards are proportional.
"""

from functools import cache

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
    loglogistic,
    lognormal,
    noted,
    of,
    seen,
    weibull,
    world,
)

HOUR = 12.0
LAWS = {
    "exponential": (exponential(20.0), stats.expon(scale=20.0)),
    "weibull": (weibull(20.0, 1.6), stats.weibull_min(1.6, scale=20.0)),
    "lognormal": (lognormal(15.0, 0.8), stats.lognorm(0.8, scale=15.0)),
    "loglogistic": (loglogistic(15.0, 4.0), stats.fisk(4.0, scale=15.0)),
}


def step(hour=0.0, **effect):
    """Return a plan of one step that is in force from an hour of the clock."""
    return {"response": {"not_before_hours": hour, "effect": effect}}


def one_crisis(steps, **tables):
    """Return a world whose first incident opens a crisis that never closes."""
    return world(
        **{
            "run": {"horizon_days": 60.0},
            "violations": {"incidents_per_day": 3.0},
            "levels": {"fighting": {"spell": constant(1.0)}},
            "crisis": {"quiet_hours": 1e6},
            "steps": steps,
        }
        | tables
    )


@pytest.mark.parametrize("multiplier", [0.25, 0.5, 2.0, 3.0])
@pytest.mark.parametrize("hour", [0.0, 30.0])
def test_incidents_come_faster_by_the_multiplier(multiplier, hour):
    """From the step on, every incident's wait is the one without the step, divided."""
    without = hours_of(noted(one_crisis({})), "incident")
    with_step = hours_of(noted(one_crisis(step(hour, incidents=multiplier))), "incident")
    start = without[0] + hour
    expected = np.where(without > start, start + (without - start) / multiplier, without)
    both = min(len(expected), len(with_step))

    assert both > 20
    assert np.allclose(with_step[:both], expected[:both], rtol=0, atol=both * TICK_HOURS)


def test_no_incidents_come_at_a_multiplier_of_zero():
    """After the first one, which opened the crisis, there is silence."""
    events = noted(one_crisis(step(incidents=0.0)))

    assert len(hours_of(events, "incident")) == 1


def seldom_fighting(spell, steps, days=5000.0):
    """Return a world in which each spell is a crisis of its own, open while it lasts."""
    return world(
        run={"horizon_days": days},
        violations={"incidents_per_day": 1.0},
        levels={"fighting": {"spell": spell}},
        crisis={"quiet_hours": 0.0},
        steps=steps,
    )


def lengths(found):
    """Return how long the crises were open that closed; shape (crises,), hours."""
    return (found.closed_hours - found.clock_hours).dropna().to_numpy()


@pytest.mark.parametrize("multiplier", [0.5, 2.0])
def test_the_first_spell_without_memory_ends_sooner_by_the_multiplier(multiplier):
    """Of 100 first spells, each beyond hour 12 goes on from there at the other pace."""

    def first_spells(steps):
        found = crises(seldom_fighting(exponential(20.0), steps, days=40.0), 100)
        return lengths(found.groupby("run").first())

    without = first_spells({})
    expected = np.where(without > HOUR, HOUR + (without - HOUR) / multiplier, without)

    assert np.allclose(
        first_spells(step(HOUR, stop=multiplier)), expected, rtol=0, atol=2 * TICK_HOURS
    )


@pytest.mark.parametrize("multiplier", [0.4, 2.5])
@pytest.mark.parametrize("family", LAWS)
def test_a_step_multiplies_the_hazard_of_stopping(family, multiplier):
    """P(longer than x) = exp(-H(12) - m (H(x) - H(12))) beyond hour 12, false-alarm rate 1e-9."""
    spell, law = LAWS[family]
    found = lengths(crises(seldom_fighting(spell, step(HOUR, stop=multiplier))))

    def distribution(age):
        late = multiplier * (law.logsf(age) - law.logsf(HOUR)) + law.logsf(HOUR)
        return -np.expm1(np.where(age > HOUR, late, law.logsf(age)))

    assert len(found) > 1000
    assert stats.kstest(found, distribution).pvalue > FALSE_ALARM_RATE


def test_a_step_does_not_move_the_end_of_a_constant_spell():
    """A spell of 20 hours ends after 20 hours, with all its stop hazard at that hour."""
    found = lengths(crises(seldom_fighting(constant(20.0), step(HOUR, stop=5.0), 500.0)))

    assert set(found) == {20.0}


def test_at_a_stop_multiplier_of_zero_fighting_goes_on():
    """What has lasted for 12 hours lasts for ever."""
    found = crises(seldom_fighting(constant(20.0), step(HOUR, stop=0.0), 100.0))

    assert found.closed_hours.isna().tolist() == [True]


def rising(steps, **rates):
    """Return a world of two levels whose spells go on until they rise, or the ceasefire ends."""
    return one_crisis(
        steps,
        violations={"incidents_per_day": 0.5},
        levels={
            "low": {"spell": constant(1e6), **rates},
            "high": {"spell": constant(1e6), "detection": UNSEEN},
        },
    )


@pytest.mark.parametrize("multiplier", [0.5, 3.0])
@pytest.mark.parametrize(
    ("effect", "rate", "event"),
    [
        ("expand", "expand_per_day", "spell_rises"),
        ("collapse", "collapse_per_day", "ceasefire_collapses"),
    ],
)
def test_a_step_multiplies_the_hazards_of_getting_worse(effect, rate, event, multiplier):
    """In 30 runs each rise and each collapse comes after the wait without the step, divided."""

    def waits(steps):
        runs = [noted(rising(steps, **{rate: 1.0}), run) for run in range(30)]
        return np.array([hours_of(one, event)[0] - hours_of(one, "incident")[0] for one in runs])

    without = waits({})
    expected = np.where(without > HOUR, HOUR + (without - HOUR) / multiplier, without)

    assert np.allclose(
        waits(step(HOUR, **{effect: multiplier})), expected, rtol=0, atol=2 * TICK_HOURS
    )


def test_effects_of_several_steps_multiply():
    """Factors 2 and 3, from the same hour, are a factor 6."""
    both = {
        "one": {"effect": {"incidents": 2.0}},
        "other": {"effect": {"incidents": 3.0}},
    }
    times = [
        hours_of(noted(one_crisis(steps)), "incident") for steps in (both, step(incidents=6.0))
    ]

    assert np.array_equal(*times)


def test_steps_one_after_the_other_take_over_from_each_other():
    """A factor 4 from hour 10, and 4 times 1/8 from hour 40: each stretch at its own pace."""
    plan = {
        "one": {"not_before_hours": 10.0, "effect": {"incidents": 4.0}},
        "other": {"not_before_hours": 40.0, "effect": {"incidents": 0.125}},
    }
    without = hours_of(noted(one_crisis({})), "incident")
    found = hours_of(noted(one_crisis(plan)), "incident")
    age = without - without[0]
    fast = np.where(age > 10.0, 10.0 + (age - 10.0) / 4.0, age)
    expected = without[0] + np.where(fast > 40.0, 40.0 + (fast - 40.0) * 8.0, fast)
    both = min(len(found), len(expected))

    assert both > 20
    assert np.allclose(found[:both], expected[:both], rtol=0, atol=both * TICK_HOURS)


def test_when_the_crisis_closes_everything_is_as_before():
    """A step that held the incidents back leaves the wait that was left at the old pace."""
    tables = {"crisis": {"quiet_hours": 24.0}, "levels": {"fighting": {"spell": constant(0.0)}}}
    without = hours_of(noted(one_crisis({}, **tables)), "incident")
    held = hours_of(noted(one_crisis(step(incidents=0.0), **tables)), "incident")

    assert np.allclose(held[1], without[1] + 24.0, rtol=0, atol=2 * TICK_HOURS)


def pledging(*members):
    """Return tables of a group that the step asks, from (weight, yes probability) of each."""
    group = {
        "rule": "quorum",
        "quorum": 1,
        "members": {
            f"member_{index}": {"weight": weight, "yes_probability": yes}
            for index, (weight, yes) in enumerate(members)
        },
    }
    return {
        "steps": {"response": {"deciders": ["allies"], "effect": {"incidents": 3.0}}},
        "groups": {"allies": group},
    }


@pytest.mark.parametrize(
    ("members", "multiplier"),
    [
        (((1.0, 1.0), (1.0, 1.0)), 3.0),
        (((1.0, 1.0), (1.0, 0.0)), 2.0),
        (((1.0, 1.0), (3.0, 0.0)), 1.5),
        (((3.0, 1.0), (1.0, 0.0)), 2.5),
        (((0.0, 1.0), (1.0, 0.0)), 1.0),
    ],
)
def test_a_groups_effect_scales_with_the_weight_that_said_yes(members, multiplier):
    """Of a factor 3, half of the pledged weight brings a factor 2: 1 + (m - 1) times the share."""
    tables = pledging(*members)
    found = noted(one_crisis(tables["steps"], groups=tables["groups"]))
    expected = noted(one_crisis(step(incidents=multiplier)))

    assert np.array_equal(hours_of(found, "incident"), hours_of(expected, "incident"))


def test_a_yes_that_comes_after_the_step_is_in_force_adds_nothing():
    """The share is of those who have said yes by then: the second member needs 5 hours."""
    tables = pledging((1.0, 1.0), (1.0, 1.0))
    tables["groups"]["allies"]["members"]["member_1"]["decision_median_hours"] = 5.0
    found = noted(one_crisis(tables["steps"], groups=tables["groups"]))

    expected = noted(one_crisis(step(incidents=2.0)))
    assert np.array_equal(hours_of(found, "incident"), hours_of(expected, "incident"))


def test_a_yes_during_the_deployment_adds_to_the_effect():
    """The second member's yes after 5 hours counts for a step that deploys for 6."""
    tables = pledging((1.0, 1.0), (1.0, 1.0))
    tables["groups"]["allies"]["members"]["member_1"]["decision_median_hours"] = 5.0
    tables["steps"]["response"]["deploy"] = constant(6.0)
    found = noted(one_crisis(tables["steps"], groups=tables["groups"]))

    expected = noted(one_crisis(step(6.0, incidents=3.0)))
    assert np.array_equal(hours_of(found, "incident"), hours_of(expected, "incident"))


@cache
def two_sectors(scope, stop):
    """Return the events of a world where only the sector `a` is ever seen to be fighting."""
    levels = {
        "seen": {"spell": exponential(20.0)},
        "attacked": {"spell": exponential(20.0), "detection": seen(0.0)},
    }
    return noted(
        world(
            run={"horizon_days": 60.0},
            line={"sectors": {"a": 1.0, "b": 1e-9}},
            violations={"incidents_per_day": 3.0},
            attack={"per_year": 60.0, "sectors": 2},
            levels=levels,
            crisis={"scope": scope, "quiet_hours": 1e6},
            steps=step(stop=stop),
        )
    )


def stops_in(events, place):
    """Return when the fighting in a sector stopped."""
    return [note.hours for note in of(events, "spell_stops") if note.place == place]


def test_a_sectors_steps_leave_the_other_sectors_alone():
    """With a ladder for each sector, the fighting in `b`, never seen, ends as without the step."""
    assert stops_in(two_sectors("sector", 3.0), 1) == stops_in(two_sectors("sector", 1.0), 1)
    assert stops_in(two_sectors("sector", 3.0), 0) != stops_in(two_sectors("sector", 1.0), 0)


def test_the_lines_steps_work_in_all_sectors():
    """With one ladder for the line, the fighting in `b` ends sooner by the step."""
    sooner, later = stops_in(two_sectors("line", 3.0), 1), stops_in(two_sectors("line", 1.0), 1)

    assert len(later) > 2
    assert all(one < other for one, other in zip(sooner, later, strict=False))
