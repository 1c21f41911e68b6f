"""Differences on the same luck: known answers, edges, and how often the interval holds."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.results.moments import PairMoments
from sim.results.paired import difference_of, mean_difference, share_difference
from sim.results.quantities import SHARE_OF_EVENTS


def test_a_difference_of_means_is_the_paired_t_test():
    """SciPy's interval for the mean of the differences."""
    generator = np.random.default_rng(1)
    ours, theirs = generator.normal(3, 1, 50), generator.normal(2, 1, 50)
    expected = stats.ttest_rel(ours, theirs).confidence_interval()

    found = mean_difference(ours, theirs).difference

    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert (found.value, found.n) == (pytest.approx((ours - theirs).mean()), 50)


def test_a_difference_of_shares_is_bonett_and_prices():
    """By hand: 100 runs, 10 only here and 2 only there; (11 - 3) / 102, and so on."""
    yes, other = np.zeros(100, bool), np.zeros(100, bool)
    yes[:10], other[10:12], yes[50:], other[50:] = True, True, True, True
    middle = (11 - 3) / 102
    half = stats.norm.ppf(0.975) * math.sqrt(((11 + 3) / 102 - middle**2) / 102)

    found = share_difference(yes, other).difference

    assert found.value == pytest.approx(0.08)
    assert (found.low, found.high) == pytest.approx((middle - half, middle + half))


def test_the_same_luck_is_worth_what_the_variances_say():
    """Same half, own half: the variance apart is four parts, together two."""
    generator = np.random.default_rng(2)
    common, mine, its = generator.normal(0, 1, (3, 100_000))

    found = mean_difference(common + mine, common + its)

    assert found.narrower == pytest.approx(math.sqrt(2), rel=0.02)


def test_separate_luck_is_worth_nothing():
    """Independent values: the interval is as wide either way."""
    generator = np.random.default_rng(3)
    ours, theirs = generator.random((2, 100_000)) < 0.3

    assert share_difference(ours, theirs).narrower == pytest.approx(1, rel=0.02)


def test_runs_that_do_not_differ():
    """A share still has an interval around zero; a mean has none, since nothing shows a spread."""
    yes = np.array([True, False, True])
    shares, means = share_difference(yes, yes), mean_difference(np.arange(3.0), np.arange(3.0))

    assert shares.difference.value == means.difference.value == 0
    assert shares.difference.low < 0 < shares.difference.high
    assert math.isnan(means.difference.low)
    assert (shares.sign(), means.sign()) == (0, 0)
    assert math.isinf(means.narrower)


def test_the_sign_is_that_of_the_whole_interval():
    """Above, below, and both sides of zero."""
    low, high = np.array([0.0, 0.1, 0.2]), np.array([5.0, 5.2, 5.1])

    assert mean_difference(high, low).sign() == 1
    assert mean_difference(low, high).sign() == -1
    assert mean_difference(np.array([1.0, -1, 2]), np.zeros(3)).sign() == 0


def test_a_ratio_of_constant_wholes_is_a_mean():
    """With one event a run, the share of events is the share of runs."""
    generator = np.random.default_rng(4)
    ours, theirs = (generator.random((2, 200)) < 0.5).astype(float)
    ones = np.ones(200)

    as_ratio = difference_of(SHARE_OF_EVENTS, PairMoments.of(ours, ones, theirs, ones))
    as_mean = mean_difference(ours, theirs)

    assert as_ratio.difference[:3] == pytest.approx(as_mean.difference[:3])
    assert as_ratio.narrower == pytest.approx(as_mean.narrower)


def test_values_that_are_not_known_leave_out_the_pair():
    """A run counts only where both are known; without any there is no estimate."""
    found = mean_difference(np.array([1.0, math.nan, 4]), np.array([0.0, 1, math.nan]))
    nothing = mean_difference(np.array([math.nan]), np.array([1.0]))

    assert (found.difference.value, found.difference.n) == (1.0, 1)
    assert (nothing.difference.n, nothing.difference.method) == (0, "none")


def test_no_events_are_no_ratio():
    """Where one side never had an event there is nothing to compare."""
    none, ones = np.zeros(3), np.ones(3)

    found = difference_of(SHARE_OF_EVENTS, PairMoments.of(none, none, ones, ones))

    assert found.difference.n == 0
    assert share_difference(np.zeros(0, bool), np.zeros(0, bool)).difference.n == 0


def test_runs_without_a_partner_are_refused():
    """The message says how many there are of each."""
    with pytest.raises(ValueError, match=r"runs: are 3, 2, must be as many of each"):
        mean_difference(np.zeros(3), np.zeros(2))


def test_the_interval_of_shares_holds_the_truth_as_often_as_it_says():
    """Of 4,000 batches with rare differences about 95 % hold it: five standard errors, 1e-6."""
    generator = np.random.default_rng(5)
    truth, batches = 0.02, 4000
    kind = generator.choice(3, size=(batches, 300), p=[0.03, 0.01, 0.96])
    held = 0
    for one in kind:
        found = share_difference(one == 0, one == 1).difference
        held += found.low <= truth <= found.high

    assert 0.93 < held / batches < 0.985
