"""Families of delays against scipy, and clocks whose hazard changes while they run."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from sim.model.clocks import (
    age_at_hazard,
    delay_hours,
    fires_at_hours,
    integrated_hazard,
    threshold_left,
)
from sim.model.hours import LONGEST_HOURS
from sim.model.words import (
    CONSTANT,
    EXPONENTIAL,
    LOGLOGISTIC,
    LOGNORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
)

TICK_HOURS = 2.0**-30
CLOCKS = {
    "exponential": (EXPONENTIAL, 12.0, 0.0),
    "weibull rising": (WEIBULL, 12.0, 1.7),
    "weibull falling": (WEIBULL, 12.0, 0.6),
    "lognormal": (LOGNORMAL, 12.0, 0.8),
    "loglogistic": (LOGLOGISTIC, 12.0, 1.4),
}
LAWS = {
    "exponential": stats.expon(scale=12.0),
    "weibull rising": stats.weibull_min(1.7, scale=12.0),
    "weibull falling": stats.weibull_min(0.6, scale=12.0),
    "lognormal": stats.lognorm(0.8, scale=12.0),
    "loglogistic": stats.fisk(1.4, scale=12.0),
}
AGE_AT_HAZARD = {
    "exponential": lambda hazard: 12.0 * hazard,
    "weibull rising": lambda hazard: 12.0 * hazard ** (1 / 1.7),
    "weibull falling": lambda hazard: 12.0 * hazard ** (1 / 0.6),
    "lognormal": lambda hazard: 12.0 * np.exp(0.8 * -special.ndtri_exp(-hazard)),
    "loglogistic": lambda hazard: 12.0 * np.expm1(hazard) ** (1 / 1.4),
}
EVERY_FAMILY = pytest.mark.parametrize("name", CLOCKS)
AGES = np.geomspace(1e-3, 1e3, 50)
THRESHOLDS = np.geomspace(1e-3, 30.0, 50)
CHANCES = np.linspace(0.0005, 1.0, 2000)


def fires(name, threshold, multiplier=1.0, started=0.0):
    """Return when a clock fires that has one multiplier all along."""
    return fires_at_hours(*CLOCKS[name], started, started, threshold, multiplier)


def kept(hours):
    """Return hours as they are kept: what is too far away never comes."""
    return np.where(np.asarray(hours) < LONGEST_HOURS, hours, np.inf)


def fires_rescaled(name, threshold, changes, started=0.0):
    """Return when a clock fires whose multiplier, 1 at first, changes: [(hour, multiplier), ...].

    The way an engine does it: as long as it has not fired, what is left is rescaled.
    """
    set_hours, left, multiplier = started, threshold, 1.0
    for hour, changed in changes:
        if fires_at_hours(*CLOCKS[name], started, set_hours, left, multiplier) <= hour:
            break
        left = threshold_left(*CLOCKS[name], started, set_hours, left, multiplier, hour)
        set_hours, multiplier = hour, changed
    return fires_at_hours(*CLOCKS[name], started, set_hours, left, multiplier)


@EVERY_FAMILY
def test_a_delay_is_the_familys_quantile(name):
    """A draw of u gives the hour that a share u of the delays outlasts, in whole ticks."""
    delays = [delay_hours(*CLOCKS[name], 0.0, u) for u in CHANCES]

    assert np.allclose(delays, LAWS[name].isf(CHANCES), rtol=1e-12, atol=TICK_HOURS)


def test_a_uniform_delay_is_its_quantile():
    """From 2 to 5 hours, in proportion to the draw."""
    delays = [delay_hours(UNIFORM, 2.0, 5.0, 0.0, u) for u in CHANCES]

    assert np.allclose(delays, stats.uniform(2.0, 3.0).ppf(CHANCES), rtol=0, atol=TICK_HOURS)


@pytest.mark.parametrize("mode", [2.0, 3.0, 10.0])
def test_a_triangular_delay_is_its_quantile(mode):
    """From 2 to 10 hours with the mode between, or at either end."""
    law = stats.triang((mode - 2.0) / 8.0, loc=2.0, scale=8.0)
    delays = [delay_hours(TRIANGULAR, 2.0, mode, 10.0, u) for u in CHANCES]

    assert np.allclose(delays, law.ppf(CHANCES), rtol=1e-12, atol=TICK_HOURS)


@pytest.mark.parametrize("family", [UNIFORM, TRIANGULAR])
def test_bounds_that_agree_leave_nothing_to_chance(family):
    """Between 7 and 7 hours there are only 7."""
    assert {delay_hours(family, 7.0, 7.0, 7.0, u) for u in CHANCES} == {7.0}


def test_a_constant_delay_leaves_nothing_to_chance():
    """24 hours are 24 hours, to the last bit."""
    assert {delay_hours(CONSTANT, 24.0, 0.0, 0.0, u) for u in CHANCES} == {24.0}


@EVERY_FAMILY
@pytest.mark.parametrize("u", [2.0**-53, 1.0])
def test_the_extreme_draws_give_a_time(name, u):
    """The smallest draw gives a long delay and the largest none, but never nonsense."""
    assert 0.0 <= delay_hours(*CLOCKS[name], 0.0, u) <= math.inf


@EVERY_FAMILY
def test_the_hazard_is_minus_the_log_of_survival(name):
    """exp(-H(age)) is the chance to outlast the age."""
    hazards = [integrated_hazard(*CLOCKS[name], age) for age in AGES]

    assert np.allclose(hazards, -LAWS[name].logsf(AGES), rtol=1e-12, atol=1e-300)


@EVERY_FAMILY
def test_the_age_at_a_hazard_undoes_the_hazard(name):
    """There and back is where it started, to 12 digits."""
    hazards = [
        integrated_hazard(*CLOCKS[name], age_at_hazard(*CLOCKS[name], h)) for h in THRESHOLDS
    ]

    assert np.allclose(hazards, THRESHOLDS, rtol=1e-12)


@EVERY_FAMILY
def test_at_birth_there_is_no_hazard(name):
    """Nothing has been survived at age 0, and a threshold of 0 is reached there."""
    found = (integrated_hazard(*CLOCKS[name], 0.0), age_at_hazard(*CLOCKS[name], 0.0))

    assert found == (0.0, 0.0)


@EVERY_FAMILY
def test_hazards_far_out_stay_numbers(name):
    """Of 1e-300 and 1e300 hours and hazards something is said, if only never."""
    extremes = [1e-300, 5e-324, 1e300, math.inf]
    found = [integrated_hazard(*CLOCKS[name], one) for one in extremes]
    found += [age_at_hazard(*CLOCKS[name], one) for one in extremes]

    assert not any(math.isnan(one) for one in found)


@EVERY_FAMILY
def test_a_clock_fires_as_late_as_the_delay_of_the_same_draw(name):
    """A clock that nothing rescales and a delay are the same function of chance."""
    fired = [fires(name, -math.log(u), started=100.0) - 100.0 for u in CHANCES[:-1]]
    delays = [delay_hours(*CLOCKS[name], 0.0, u) for u in CHANCES[:-1]]

    assert np.allclose(fired, delays, rtol=1e-12, atol=TICK_HOURS)


@EVERY_FAMILY
def test_rescaling_to_the_same_multiplier_changes_nothing(name):
    """A clock that was set anew five times on its way fires at the same hour, to two ticks."""
    changes = [(hour, 1.0) for hour in (0.5, 3.0, 3.0, 7.25, 40.0)]
    once = [fires(name, h) for h in THRESHOLDS]
    fired = [fires_rescaled(name, h, changes) for h in THRESHOLDS]

    assert np.allclose(fired, once, rtol=1e-12, atol=2 * TICK_HOURS)


@EVERY_FAMILY
@pytest.mark.parametrize("multiplier", [0.3, 2.5])
@pytest.mark.parametrize("hour", [0.0, 6.0, 30.0])
def test_a_rescaled_clock_has_a_proportional_hazard(name, multiplier, hour):
    """It fires where H(hour) + m (H(age) - H(hour)) reaches the threshold, or H(age) before."""
    before = -LAWS[name].logsf(hour)
    late = np.maximum(THRESHOLDS - before, 0.0) / multiplier
    hazards = np.where(before >= THRESHOLDS, THRESHOLDS, before + late)
    expected = kept(AGE_AT_HAZARD[name](hazards))
    fired = [fires_rescaled(name, h, [(hour, multiplier)]) for h in THRESHOLDS]

    assert np.allclose(fired, expected, rtol=1e-10, atol=2 * TICK_HOURS)


@EVERY_FAMILY
def test_a_threshold_is_used_up_at_the_rate_of_each_multiplier_in_turn(name):
    """Twice as fast from hour 2, half as fast from hour 5: the parts make the threshold."""
    used_by_2, used_by_5 = -LAWS[name].logsf([2.0, 5.0])
    used = used_by_2 + 2.0 * (used_by_5 - used_by_2)
    thresholds = used + THRESHOLDS
    expected = kept(AGE_AT_HAZARD[name](used_by_5 + THRESHOLDS / 0.5))
    fired = [fires_rescaled(name, h, [(2.0, 2.0), (5.0, 0.5)]) for h in thresholds]

    assert np.allclose(fired, expected, rtol=1e-10, atol=2 * TICK_HOURS)


@EVERY_FAMILY
def test_ages_count_from_the_start_and_not_from_the_rescaling(name):
    """A clock that starts at hour 1000 fires 1000 hours after one that starts at hour 0."""
    early = [fires_rescaled(name, h, [(6.0, 2.0)]) for h in THRESHOLDS]
    late = [fires_rescaled(name, h, [(1006.0, 2.0)], started=1000.0) for h in THRESHOLDS]

    assert np.allclose(late, np.array(early) + 1000.0, rtol=0, atol=1e-9)


@EVERY_FAMILY
def test_a_multiplier_of_zero_holds_a_clock_for_ever(name):
    """As long as the hazard is nought it does not fire."""
    assert fires_rescaled(name, 2.0, [(1.0, 0.0)]) == math.inf


def test_a_clock_that_was_held_goes_on_where_it_stood():
    """Without memory, ten hours at nought put the end off by ten hours."""
    held = fires_rescaled("exponential", 2.0, [(4.0, 0.0), (14.0, 1.0)])

    assert held == pytest.approx(fires("exponential", 2.0) + 10.0, abs=2 * TICK_HOURS)


@pytest.mark.parametrize(
    "timing",
    [(WEIBULL, 1.0, 400.0), (LOGLOGISTIC, 1.0, 400.0), (LOGNORMAL, 1.0, 1e-200)],
    ids=["weibull", "loglogistic", "lognormal"],
)
def test_a_spell_held_past_all_reason_stops_when_it_is_let_go(timing):
    """Ten times its scale and as good as certain to have ended, it ends once nothing holds it."""
    left = threshold_left(*timing, 0.0, 0.5, 1.0, 0.0, 10.0)

    assert fires_at_hours(*timing, 0.0, 10.0, left, 1.0) == 10.0


@pytest.mark.parametrize("multiplier", [1e-3, 0.5, 3.0, 1e6])
def test_no_multiplier_moves_a_constant_clock(multiplier):
    """A constant spell ends at its hour, whatever the hazard is multiplied by."""
    left = threshold_left(CONSTANT, 24.0, 0.0, 100.0, 100.0, 0.7, 1.0, 110.0)

    assert fires_at_hours(CONSTANT, 24.0, 0.0, 100.0, 110.0, left, multiplier) == 124.0


def test_a_constant_clock_that_was_held_past_its_hour_fires_when_it_is_let_go():
    """At nought it never fires; let go at hour 150, it fires then and not in the past."""
    left = threshold_left(CONSTANT, 24.0, 0.0, 100.0, 110.0, 0.7, 0.0, 150.0)
    held = fires_at_hours(CONSTANT, 24.0, 0.0, 100.0, 110.0, 0.7, 0.0)

    assert (held, fires_at_hours(CONSTANT, 24.0, 0.0, 100.0, 150.0, left, 1.0)) == (math.inf, 150.0)


@EVERY_FAMILY
@given(
    threshold=st.floats(1e-6, 40.0),
    hour=st.floats(0.0, 1e4),
    multiplier=st.floats(0.0, 1e6) | st.just(math.inf),
)
def test_no_clock_fires_in_the_past(name, threshold, hour, multiplier):
    """Whatever the multiplier becomes, what is left is a time from now on."""
    fired = fires_rescaled(name, threshold, [(hour, multiplier)])

    assert fired >= min(hour, fires(name, threshold))


@pytest.mark.parametrize("threshold", [0.0, 2.0**-53, 1.0, 36.8])
def test_a_rate_of_zero_never_fires(threshold):
    """Whatever was drawn, the largest draw included, which has a threshold of 0."""
    assert fires_at_hours(EXPONENTIAL, math.inf, 0.0, 0.0, 0.0, threshold, 1.0) == math.inf
