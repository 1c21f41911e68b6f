"""Rules of how often incidents come, against numerical integrals and at their exact turns."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats
from worlds import FALSE_ALARM_RATE, SIGMAS, sigmas_off

from sim.model.chance import DAY, chance
from sim.model.hours import NEVER
from sim.model.rates import (
    LARGEST_FACTOR,
    build_up_factor,
    day_factor,
    day_logarithm_after,
    day_logarithm_at_start,
    erosion_after,
    erosion_recommitted,
    excitation_after,
    excitation_of_incident,
    excited_hazard,
    excited_incident_hours,
    excited_threshold_left,
    heavy_ratio,
    hour_of_day_factor,
    hours_to_excited_hazard,
    last_midnight_hours,
    mean_erosion,
    mean_progress,
    next_turn_hours,
    share_in_build_up,
)

TICK_HOURS = 2.0**-30
BY_DAY, BY_NIGHT, NOT = True, True, False


@pytest.mark.parametrize(
    ("hours", "midnight"),
    [(0.0, 0.0), (24.0 - TICK_HOURS, 0.0), (24.0, 24.0), (47.9, 24.0), (4e6, 166_666.0 * 24.0)],
)
def test_a_day_begins_at_its_midnight(hours, midnight):
    """Hour 0 is one, and so is every 24th."""
    assert last_midnight_hours(hours) == midnight


@pytest.mark.parametrize(
    ("hours", "by_night", "by_day", "both"),
    [
        (0.0, 6.0, 24.0, 6.0),
        (6.0 - TICK_HOURS, 6.0, 24.0, 6.0),
        (6.0, 18.0, 24.0, 18.0),
        (18.0, 30.0, 24.0, 24.0),
        (24.0, 30.0, 48.0, 30.0),
        (47.0, 54.0, 48.0, 48.0),
    ],
)
def test_the_trend_turns_at_midnight_and_as_the_night_begins_and_ends(
    hours, by_night, by_day, both
):
    """The next turn lies always ahead; what does not matter is left out."""
    assert next_turn_hours(hours, NOT, BY_NIGHT) == by_night
    assert next_turn_hours(hours, BY_DAY, NOT) == by_day
    assert next_turn_hours(hours, BY_DAY, BY_NIGHT) == both
    assert next_turn_hours(hours, NOT, NOT) == NEVER


@pytest.mark.parametrize("night_to_day", [0.001, 0.5, 1.0, 3.0, 1000.0])
def test_night_and_day_have_their_ratio_and_a_mean_of_1(night_to_day):
    """Twelve hours each, from 18:00 and from 6:00."""
    by_hour = np.array([hour_of_day_factor(float(hour), night_to_day) for hour in range(48)])

    assert math.isclose(by_hour[:24].mean(), 1.0, rel_tol=1e-12)
    assert np.array_equal(by_hour[:24], by_hour[24:])
    assert set(by_hour[6:18]) == {by_hour[6]}
    assert math.isclose(by_hour[0] / by_hour[6], night_to_day, rel_tol=1e-12)


GROWING = [(1.0, 24.0, math.inf), (1.0, 24.0, 3.0), (2.5, 100.0, 3.0), (3.0, 24.0, 3.0)]


@pytest.mark.parametrize(("level", "doubling", "cap"), GROWING)
@pytest.mark.parametrize("hours", [0.5, 24.0, 200.0])
def test_the_mean_of_erosion_is_that_of_its_course(level, doubling, cap, hours):
    """The numerical integral of the exponential and of its cap, over its length."""
    kink = doubling * math.log2(cap / level) if cap < math.inf else hours
    area, _ = integrate.quad(
        lambda age: min(level * 2.0 ** (age / doubling), cap), 0.0, hours,
        points=[min(kink, hours)], epsabs=1e-11,
    )  # fmt: skip

    assert math.isclose(mean_erosion(level, doubling, cap, hours), area / hours, rel_tol=1e-10)


@pytest.mark.parametrize(("level", "doubling", "cap"), GROWING)
def test_erosion_grows_in_two_parts_as_at_once(level, doubling, cap):
    """Whatever turns of the trend lie between (to 12 digits)."""
    at_once = erosion_after(level, doubling, cap, 50.0)
    in_parts = erosion_after(erosion_after(level, doubling, cap, 13.0), doubling, cap, 37.0)

    assert math.isclose(in_parts, at_once, rel_tol=1e-12)
    assert at_once <= cap


@pytest.mark.parametrize("rule", [erosion_after, mean_erosion])
def test_what_does_not_erode_stays(rule):
    """Exactly, and also where there is none of it left or no time to pass."""
    assert rule(0.7, NEVER, math.inf, 100.0) == 0.7
    assert rule(0.0, 24.0, math.inf, 100.0) == 0.0
    assert rule(0.7, 24.0, math.inf, 0.0) == 0.7


def test_a_rate_grows_but_so_far():
    """What doubles a thousand times is a large number, by which 0 is still 0."""
    assert erosion_after(1.0, 1.0, math.inf, 1e5) == LARGEST_FACTOR
    assert mean_erosion(1.0, 1.0, math.inf, 1e5) <= LARGEST_FACTOR


@pytest.mark.parametrize(("factor", "level"), [(0.0, 0.0), (0.25, 0.5), (1.0, 2.0), (9.0, 5.0)])
def test_a_recommitment_multiplies_up_to_the_cap(factor, level):
    """From a factor of 2, with a cap of 5."""
    assert erosion_recommitted(2.0, factor, 5.0) == level


PHI, SD, DAYS = 0.6, 0.4, 100_000
VARIANCE = SD**2 / (1.0 - PHI**2)


def logarithms(days=DAYS):
    """Return the logarithms of consecutive days; shape (days,)."""
    made = [day_logarithm_at_start(PHI, SD, chance(1, 0, DAY, 0, 0))]
    for day in range(1, days):
        made.append(day_logarithm_after(made[-1], PHI, SD, chance(1, 0, DAY, 0, day)))
    return np.array(made)


def test_the_logarithm_of_a_day_is_a_stationary_ar1():
    """Its mean, variance and lag-1 covariance, each 10 days apart (false-alarm rate 1e-9)."""
    drawn = logarithms()
    one, other = drawn[:-1:10], drawn[1::10]

    assert sigmas_off(drawn[::10], 0.0) < SIGMAS
    assert sigmas_off(drawn[::10] ** 2, VARIANCE) < SIGMAS
    assert sigmas_off(one * other, PHI * VARIANCE) < SIGMAS


def test_the_first_day_is_drawn_from_the_stationary_law():
    """In many runs normal, with the variance of all other days (K-S, false-alarm rate 1e-9)."""
    drawn = [day_logarithm_at_start(PHI, SD, chance(1, run, DAY, 0, 0)) for run in range(20_000)]

    assert stats.kstest(drawn, stats.norm(scale=math.sqrt(VARIANCE)).cdf).pvalue > FALSE_ALARM_RATE


def test_the_factor_of_a_day_has_a_mean_of_1():
    """Of a normal logarithm, by numerical integration; its variance is exp(v) - 1."""
    law = stats.norm(scale=math.sqrt(VARIANCE))

    def moment(power):
        return integrate.quad(
            lambda z: law.pdf(z) * day_factor(z, PHI, SD) ** power, -6.0, 6.0, epsabs=1e-12
        )[0]

    assert math.isclose(moment(1), 1.0, rel_tol=1e-9)
    assert math.isclose(moment(2) - 1.0, math.expm1(VARIANCE), rel_tol=1e-7)


def test_days_that_do_not_differ_have_a_factor_of_1():
    """Whatever is drawn, exactly."""
    assert day_factor(day_logarithm_at_start(0.9, 0.0, 1e-9), 0.9, 0.0) == 1.0
    assert day_logarithm_after(0.0, 0.9, 0.0, 1e-9) == 0.0


@pytest.mark.parametrize("pieces", [[0.0, 72.0], [0.0, 5.0, 29.0, 53.0, 72.0]])
def test_the_pieces_of_a_build_up_make_its_mean(pieces):
    """However it is cut, the mean progress over all of it is a half."""
    turns = np.array(pieces)
    means = [mean_progress(a, b, 72.0) for a, b in zip(turns[:-1], turns[1:], strict=True)]  # noqa: RUF007

    assert math.isclose(np.dot(means, np.diff(turns)) / 72.0, 0.5, rel_tol=1e-15)


@pytest.mark.parametrize("until", [72.0, 96.0, NEVER])
def test_a_build_up_goes_no_further_than_its_end(until):
    """A last piece that would be longer counts up to the attack."""
    assert mean_progress(48.0, until, 72.0) == (48.0 + 72.0) / 144.0


@settings(deadline=None)
@given(st.floats(0.0, 1000.0), st.floats(0.0, 1.0))
def test_a_build_up_lies_between_1_and_its_rate(rate, progress):
    """And has a factor of exactly 1 where the rate is 1."""
    factor = build_up_factor(rate, progress)
    slack = 1e-12 * max(1.0, rate)

    assert min(1.0, rate) - slack <= factor <= max(1.0, rate) + slack
    assert build_up_factor(1.0, progress) == 1.0


@pytest.mark.parametrize("heavy", [0.0, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("progress", [0.0, 0.25, 1.0])
def test_heavy_incidents_get_their_share(heavy, progress):
    """From a tenth of all, linearly; the heavy levels keep their shares among themselves."""
    ratio = heavy_ratio(0.9, heavy, progress)
    shares = [share_in_build_up(share, ratio) for share in (0.9, 0.98, 1.0)]
    expected = 0.1 + (heavy - 0.1) * progress

    assert math.isclose(1.0 - shares[0], expected, abs_tol=1e-12)
    assert math.isclose(1.0 - shares[1], 0.2 * expected, abs_tol=1e-12)
    assert shares[2] == 1.0


@pytest.mark.parametrize(("light", "heavy"), [(0.9, -1.0), (1.0, 0.5)])
def test_without_a_share_or_heavy_incidents_there_is_none_to_get(light, heavy):
    """The ratio is exactly 1."""
    assert heavy_ratio(light, heavy, 0.7) == 1.0


def rate(age, background, excitation, decay):
    """Return the rate some hours later, as an incident's decaying excitation leaves it."""
    return background + excitation * math.exp(-age / decay)


EXCITED = [(1.0, 2.0, 10.0), (0.0, 3.0, 5.0), (0.5, 0.0, 7.0), (1e-3, 5.0, 100.0)]


@pytest.mark.parametrize(("background", "excitation", "decay"), EXCITED)
@pytest.mark.parametrize("hours", [0.0, 0.1, 10.0, 300.0])
def test_the_hazard_is_the_integral_of_the_rate(background, excitation, decay, hours):
    """Numerically."""
    area, _ = integrate.quad(rate, 0.0, hours, (background, excitation, decay), epsabs=1e-12)
    found = excited_hazard(background, excitation, decay, hours)

    assert math.isclose(found, area, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize(("background", "excitation", "decay"), EXCITED)
@pytest.mark.parametrize("hazard", [1e-9, 0.1, 2.0, 14.0, 400.0])
def test_the_hours_to_a_hazard_are_its_root(background, excitation, decay, hazard):
    """By bisection; never, where the rate decays to nothing before."""
    found = hours_to_excited_hazard(background, excitation, decay, hazard)
    if background == 0.0 and hazard >= excitation * decay:
        assert found == NEVER
        return
    root = optimize.brentq(
        lambda hours: excited_hazard(background, excitation, decay, hours) - hazard, 0.0, 1e7,
        xtol=1e-13, rtol=1e-14,
    )  # fmt: skip

    assert math.isclose(found, root, rel_tol=1e-9, abs_tol=1e-11)


@settings(deadline=None)
@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0), st.floats(0.1, 1e3), st.floats(1e-6, 30.0))
def test_a_threshold_is_used_up_at_the_hour_of_its_incident(background, excitation, decay, left):
    """To what a tick makes of it."""
    hour = excited_incident_hours(100.0, left, 1.0, background, excitation, decay)
    if hour < NEVER:
        rest = excited_threshold_left(left, 1.0, background, excitation, decay, hour - 100.0)

        assert rest <= 1e-9 * (1.0 + left) + TICK_HOURS * (background + excitation)


def test_a_rate_of_nothing_uses_nothing_up():
    """At a multiplier of 0 no incident comes, and the threshold waits."""
    assert excited_incident_hours(0.0, 1.0, 0.0, 5.0, 5.0, 10.0) == NEVER
    assert excited_threshold_left(1.0, 0.0, 5.0, 5.0, 10.0, 100.0) == 1.0


@pytest.mark.parametrize("branching", [0.0, 0.3, 0.99])
@pytest.mark.parametrize("decay", [0.5, 50.0])
def test_an_incident_sets_off_as_many_as_the_branching_ratio_says(branching, decay):
    """The integral of its excitation over all time to come."""
    excitation = excitation_of_incident(branching, decay)

    assert math.isclose(excited_hazard(0.0, excitation, decay, 1e4), branching, rel_tol=1e-12)
    assert math.isclose(excitation_after(excitation, decay, decay), excitation / math.e)
