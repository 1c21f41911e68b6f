"""Rules of credibility: a Beta belief, its forgetting, and what it multiplies."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.model.credibility import credibility, credibility_factor, remembered
from sim.model.hours import NEVER

PROMISES = st.integers(0, 1000)
PRIORS = st.floats(0.01, 100.0)


@pytest.mark.parametrize("prior", [(4.0, 4.0), (1.0, 9.0), (0.5, 0.5)])
@pytest.mark.parametrize("promises", [(0, 0), (3, 0), (0, 7), (20, 5)])
def test_credibility_is_the_mean_of_a_beta_distribution(prior, promises):
    """Of the prior's counts and the promises' together (scipy)."""
    expected = stats.beta(prior[0] + promises[0], prior[1] + promises[1]).mean()

    assert np.isclose(credibility(*prior, *promises), expected, rtol=1e-14, atol=0)


@settings(deadline=None)
@given(PRIORS, PRIORS, PROMISES, PROMISES)
def test_a_kept_promise_raises_it_and_a_broken_one_lowers_it(
    first_kept, first_broken, kept, broken
):
    """And it stays between 0 and 1."""
    now = credibility(first_kept, first_broken, kept, broken)
    better = credibility(first_kept, first_broken, kept + 1, broken)
    worse = credibility(first_kept, first_broken, kept, broken + 1)

    assert 0.0 < worse < now < better < 1.0


@pytest.mark.parametrize("halves", range(5))
def test_after_each_half_life_half_is_remembered(halves):
    """To the last bit or nearly so."""
    left = remembered(8.0, 24.0, 24.0 * halves)

    assert np.isclose(left, 8.0 * 0.5**halves, rtol=1e-15, atol=0)


@settings(deadline=None)
@given(st.floats(0.0, 1e3), st.floats(1.0, 1e4), st.floats(0.0, 1e4), st.floats(0.0, 1e4))
def test_forgetting_in_two_parts_is_forgetting_at_once(promises, half_life, first, then):
    """However often it is looked at (to 12 digits)."""
    at_once = remembered(promises, half_life, first + then)
    in_parts = remembered(remembered(promises, half_life, first), half_life, then)

    assert math.isclose(in_parts, at_once, rel_tol=1e-12, abs_tol=1e-300)


@pytest.mark.parametrize(
    ("promises", "half_life", "hours"), [(5.0, NEVER, 1e6), (0.0, 24.0, 1e6), (5.0, 24.0, 0.0)]
)
def test_nothing_is_forgotten_without_a_half_life_or_time(promises, half_life, hours):
    """Exactly."""
    assert remembered(promises, half_life, hours) == promises


@settings(deadline=None)
@given(st.floats(0.0, 100.0), st.floats(0.0, 1.0))
def test_at_the_prior_and_without_an_exponent_nothing_changes(exponent, belief):
    """Both factors are exactly 1."""
    assert credibility_factor(exponent, belief, belief) == 1.0
    assert credibility_factor(0.0, belief, 0.5) == 1.0


@pytest.mark.parametrize("exponent", [0.5, 1.2, 10.0])
@pytest.mark.parametrize("belief", [0.0, 0.3, 0.9, 1.0])
def test_the_factor_is_an_exponential(exponent, belief):
    """exp(-k (c - c0)): above 1 where promises were broken, below where they were kept."""
    expected = math.exp(-exponent * (belief - 0.5))

    assert math.isclose(credibility_factor(exponent, belief, 0.5), expected, rel_tol=1e-14)
