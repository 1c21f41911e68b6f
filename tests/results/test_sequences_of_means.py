"""Confidence sequences of means and ratios: right at all looks together, once enough is known.

The number of batches that an interval fails is compared with the binomial quantile of 1 - 1e-9 for
a chance of 5 %: the false-alarm rate of each such test, on a fixed seed.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.results.sequences import FEWEST_TELLING_RUNS, mean_sequence

NORMAL = 1.959963984540054
FALSE_ALARM = 1e-9


def most_that_fail(batches):
    """Return how many batches may leave out the truth before it is no 95 % sequence."""
    return stats.binom.isf(FALSE_ALARM, batches, 0.05)


def moments(draws):
    """Return the running means and variances of draws, each of shape (batches, runs)."""
    runs = np.arange(1, draws.shape[1] + 1)
    mean = draws.cumsum(axis=1) / runs
    squares = np.square(draws).cumsum(axis=1)
    return mean, (squares - runs * mean**2) / np.maximum(runs - 1, 1)


MEAN_LOOKS = np.unique(np.geomspace(FEWEST_TELLING_RUNS, 20_000, 80).astype(int))


def ever_wrong(draws, truth, **given):
    """Return for how many batches an interval at a look leaves out the truth."""
    mean, variance = moments(draws)
    fail = 0
    for batch in range(len(draws)):
        found = (
            mean_sequence(int(runs), mean[batch, runs - 1], variance[batch, runs - 1], **given)
            for runs in MEAN_LOOKS
        )
        fail += any(one.low > truth or one.high < truth for one in found)
    return fail


@pytest.mark.parametrize("tuned_for", [1_000, 10_000])
def test_a_means_sequence_holds_at_all_looks_together(tuned_for):
    """Of 400 batches of waits, which are skewed, at most about 5 % ever exclude the true mean."""
    waits = np.random.default_rng(73).exponential(3.0, (400, 20_000))

    assert ever_wrong(waits, 3.0, tuned_for=tuned_for) <= most_that_fail(400)


def test_the_plain_interval_of_a_mean_does_not():
    """The interval of two standard errors, looked at as often, excludes it far too often."""
    mean, variance = moments(np.random.default_rng(73).exponential(3.0, (400, 20_000)))
    at = MEAN_LOOKS - 1
    outside = np.abs(mean[:, at] - 3) > NORMAL * np.sqrt(variance[:, at] / MEAN_LOOKS)

    assert outside.any(axis=1).sum() > 2 * most_that_fail(400)


@pytest.mark.parametrize(
    ("within", "turned"), [((0, math.inf), False), ((-5.0, 1.0), True), ((-math.inf, 1.0), True)]
)
def test_a_mean_of_what_is_rarely_off_a_bound_waits_for_a_hundred_that_tell(within, turned):
    """Values at a bound in 98 % of runs get no interval that would be wrong too often."""
    chance = np.random.default_rng(74)
    happens = chance.random((200, 20_000)) < 0.02
    values, truth = happens * chance.exponential(1.0, happens.shape), 0.02
    if turned:
        values, truth = 1 - values, 1 - truth

    assert ever_wrong(values, truth, within=within) <= most_that_fail(200)
    assert ever_wrong(values, truth) > most_that_fail(200)


def test_a_mean_that_is_often_at_a_bound_has_an_interval_once_a_hundred_runs_are_off_it():
    """Of shares, which are 0 or 1, there are as many off 0 as the share of the runs."""
    few, many = (mean_sequence(10_000, p, p * (1 - p), within=(0, 1)) for p in (0.0099, 0.0101))

    assert (few.method, many.method) == ("none", "asymptotic sequence")


def test_differences_that_are_rare_wait_for_a_hundred_that_tell():
    """The number of runs that differ may be said, where there is no bound to tell it from."""
    known = {"mean": 0.001, "variance": 0.003}

    assert mean_sequence(10_000, **known, telling_runs=99).method == "none"
    assert mean_sequence(10_000, **known, telling_runs=100).low < 0.001


def test_a_ratios_sequence_holds_at_all_looks_together():
    """With the linearised variance, at most about 5 % of 300 batches ever exclude the truth."""
    chance = np.random.default_rng(75)
    whole = chance.poisson(2.0, (300, 20_000))
    # The events of a run are alike: its share differs from run to run, 0.3 on average.
    part = chance.binomial(whole, chance.beta(3, 7, whole.shape))
    at = MEAN_LOOKS - 1
    sums = [
        each.cumsum(axis=1)[:, at] for each in (part, whole, part * part, part * whole, whole**2)
    ]
    ratio, mean_whole = sums[0] / sums[1], sums[1] / MEAN_LOOKS
    squares = sums[2] - 2 * ratio * sums[3] + ratio**2 * sums[4]
    variance = squares / (MEAN_LOOKS - 1) / mean_whole**2
    fail = 0
    for batch in range(300):
        looked = zip(MEAN_LOOKS, ratio[batch], variance[batch], strict=True)
        found = [mean_sequence(int(runs), *rest, within=(0, 1)) for runs, *rest in looked]
        fail += any(one.low > 0.3 or one.high < 0.3 for one in found)

    assert fail <= most_that_fail(300)


def test_a_means_sequence_is_the_papers_formula():
    """It is the mixture margin of Waudby-Smith et al. (2024), with their rho for 5,000 runs."""
    runs, alpha = 20_000, 0.05
    rho2 = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / 5_000
    spread = runs * rho2 + 1
    half = 3 * math.sqrt(2 * spread / (runs**2 * rho2) * math.log(math.sqrt(spread) / alpha))
    found = mean_sequence(runs, 7.0, 9.0, tuned_for=5_000)

    assert found[:3] == pytest.approx((7, 7 - half, 7 + half), rel=1e-12)


def test_a_mean_knows_what_it_lies_within():
    """A value that is never negative has an interval that is not negative either."""
    assert mean_sequence(1_000, 0.01, 1.0, within=(0, math.inf), telling_runs=900).low == 0


@pytest.mark.parametrize(
    "given",
    [
        {"runs": FEWEST_TELLING_RUNS - 1, "variance": 1.0},
        {"runs": 10**6, "variance": 1.0, "telling_runs": FEWEST_TELLING_RUNS - 1},
        {"runs": 10**6, "variance": 0.0},
        {"runs": 10**6, "variance": math.nan},
        {"runs": 10**6, "variance": 1.0, "within": (2.0, math.inf)},
    ],
)
def test_a_mean_that_too_little_is_known_of_gets_no_interval(given):
    """Few runs, few that tell something, or no spread: the bounds are not numbers."""
    found = mean_sequence(mean=2.0, **given)

    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.method == "none"
