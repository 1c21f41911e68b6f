"""Intervals: right where a textbook has them, honest at the edges, and of the stated coverage."""

import numpy as np
import pytest
from scipy import stats

from sim.results.estimates import (
    happened_by,
    mean_over_events,
    mean_over_runs,
    share_of_events,
    share_of_runs,
)

NORMAL = 1.959963984540054


def test_wilsons_interval_is_the_textbook_formula():
    """7 of 20 has the interval that solving the score equation gives."""
    n, k = 20, 7
    p, z2 = k / n, NORMAL**2
    half = NORMAL * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    found = share_of_runs(np.arange(n) < k)

    assert found[:3] == pytest.approx((p, centre - half, centre + half))


@pytest.mark.parametrize("k", [0, 200])
def test_a_share_at_an_edge_still_has_an_interval_with_a_width(k):
    """None, or all, of 200 runs does not mean never, or always."""
    found = share_of_runs(np.arange(200) < k)

    assert 0.01 < found.high - found.low < 0.03


def test_a_share_of_nothing_is_not_a_number():
    """Without runs there is no share."""
    assert np.isnan(share_of_runs(np.array([], dtype=bool)).value)


def test_a_mean_leaves_out_what_never_happened():
    """NaN values are runs to which the value does not apply."""
    assert mean_over_runs(np.array([1.0, np.nan, 3.0]))[:1] == (2.0,)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_a_means_interval_is_students(level):
    """Three values have the interval of two degrees of freedom."""
    values = np.array([10.0, 20.0, 40.0])
    low, high = stats.t.interval(level, 2, values.mean(), stats.sem(values))

    assert mean_over_runs(values, level)[1:3] == pytest.approx((max(low, 0), high))


def test_the_interval_of_a_recorded_mean_is_never_negative():
    """Hours and counts are not negative, so the lower bound is not either."""
    assert mean_over_runs(np.array([0.0, 0.0, 9.0])).low == 0.0


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_independent_events_get_the_exact_binomial_interval(level):
    """With one event a run nothing is clustered, but for the n / (n - 1) of the variance."""
    part = (np.arange(500) < 100).astype(float)
    exact = stats.binomtest(100, 500).proportion_ci(level, method="exact")

    assert share_of_events(part, np.ones(500), level)[1:3] == pytest.approx(tuple(exact), rel=0.002)


def test_a_share_of_runs_at_another_level_is_wilsons():
    """SciPy's score interval at 99 %."""
    exact = stats.binomtest(7, 20).proportion_ci(0.99, method="wilson")

    assert share_of_runs(np.arange(20) < 7, 0.99)[1:3] == pytest.approx(tuple(exact))


def test_a_mean_over_a_part_of_one_event_is_known():
    """Days, which are no count, may add up to less than one."""
    found = mean_over_events(np.array([1.0, 2.0]), np.array([0.25, 0.25]))

    assert (found.value, found.method) == (6.0, "t by run")


def test_events_of_a_single_run_have_no_interval():
    """One run cannot tell how runs differ."""
    found = share_of_events(np.array([0.0, 25.0]), np.array([0.0, 50.0]))

    assert (found.value, np.isnan(found.low)) == (0.5, True)


def test_values_without_any_spread_have_no_interval():
    """A hundred zeros do not say that the mean is exactly zero."""
    found = mean_over_runs(np.zeros(100))

    assert (found.value, np.isnan(found.high)) == (0.0, True)


def test_events_that_come_in_bundles_get_a_wider_interval():
    """Ten runs of ten events that all go alike tell as little as ten events."""
    bundles = np.where(np.arange(10) < 5, 10.0, 0.0)
    single = np.where(np.arange(100) < 50, 1.0, 0.0)
    clustered = share_of_events(bundles, np.full(10, 10.0))
    independent = share_of_events(single, np.ones(100))

    assert clustered.high - clustered.low > 2.5 * (independent.high - independent.low)


def test_no_call_that_was_answered_still_leaves_room():
    """0 of 60 calls in 30 runs has the exact upper bound of 30, 1 - 0.025 ** (1 / 30)."""
    found = share_of_events(np.zeros(30), np.full(30, 2.0))

    assert (found.low, found.high) == (0.0, pytest.approx(1 - 0.025 ** (1 / 30)))


@pytest.mark.parametrize("events", [0.3, 4])
def test_the_interval_for_clustered_shares_covers_at_least_as_often_as_it_says(events):
    """Of 2,000 batches with a run effect, 95 % intervals miss the truth in at most 8 %.

    With a true coverage of 95 % the count of misses exceeds 165 with a chance below 1e-9.
    """
    generator = np.random.default_rng(1)
    misses = 0
    for _ in range(2000):
        whole = generator.poisson(events, 60).astype(float)
        part = generator.binomial(whole.astype(int), generator.beta(2, 6, 60)).astype(float)
        found = share_of_events(part, whole)
        misses += not found.low <= 0.25 <= found.high

    assert misses <= 165


def test_a_mean_over_events_weighs_each_event_alike():
    """One run with three events of 1 hour and one with one of 5 average to 2 hours."""
    assert mean_over_events(np.array([3.0, 5.0]), np.array([3.0, 1.0])).value == 2.0


def test_what_happens_at_an_hour_has_happened_by_then():
    """What happened at exactly 24 h has happened by 24 h."""
    found = happened_by(np.array([24.0, np.nan, 72.0]), np.array([23.9, 24.0, 72.0]))

    assert found.tolist() == [0, 1, 2]
