"""Confidence sequences: exact where a formula is, and right at all looks together.

A 95 % sequence may leave out the truth, at any look ever, for at most 5 % of all batches. The
number of batches that it fails is compared with the binomial quantile of 1 - 1e-9: the false-alarm
rate of each such test, on a fixed seed. The plain intervals must fail the same test.
"""

import math

import mpmath
import numpy as np
import pytest
from scipy import stats

from sim.results.estimates import NOTHING, share_of_runs
from sim.results.sequences import (
    evidence_above_difference,
    evidence_against_share,
    mean_sequence,
    share_difference_bounds,
    share_difference_sequence,
    share_sequence,
)

NORMAL = 1.959963984540054
FALSE_ALARM = 1e-9
ENOUGH = math.log(20)
EITHER_SIDE = math.log(40)
BATCHES = 500
LOOKS = np.unique(np.geomspace(1, 300_000, 140).astype(int))
FURTHER_RUNS = np.diff(LOOKS, prepend=0)
PRIORS = {1_000: 0.5, 30_000: 0.25, 900_000: 0.125, 27_000_000: 0.125}

SHARES = [0.001, 0.08, 0.5]
DISCORDANT = [(0.03, 0.01), (0.001, 0.0005), (0.2, 0.2), (0.0, 0.002)]


def most_that_fail(batches):
    """Return how many batches may leave out the truth before it is no 95 % sequence."""
    return stats.binom.isf(FALSE_ALARM, batches, 0.05)


def floats(*counts):
    """Return counts as the arrays that the bounds take."""
    return tuple(np.array(float(count)) for count in counts)


def drawn_yes(share):
    """Return the yes of BATCHES batches at LOOKS."""
    draws = np.random.default_rng(71).binomial(FURTHER_RUNS, share, (BATCHES, len(LOOKS)))
    return draws.cumsum(axis=1).astype(float)


def drawn_pairs(more, less):
    """Return the runs of BATCHES batches that differ one way, and the other, at LOOKS."""
    chances = [more, less, 1 - more - less]
    draws = np.random.default_rng(72).multinomial(FURTHER_RUNS, chances, (BATCHES, len(LOOKS)))
    counts = draws.cumsum(axis=1).astype(float)
    return counts[..., 0], counts[..., 1]


@pytest.mark.parametrize("share", SHARES)
def test_a_shares_sequence_holds_at_all_looks_together(share):
    """Of 500 batches looked at some 120 times, at most about 5 % ever exclude the true share."""
    won = evidence_against_share(np.array(share), drawn_yes(share), LOOKS.astype(float))

    assert (won > ENOUGH).any(axis=1).sum() <= most_that_fail(BATCHES)


@pytest.mark.parametrize("share", SHARES)
def test_the_plain_interval_of_a_share_does_not(share):
    """Wilson's interval, looked at as often, excludes it far too often."""
    off = np.abs(drawn_yes(share) / LOOKS - share)
    outside = off > NORMAL * np.sqrt(share * (1 - share) / LOOKS)

    assert outside.any(axis=1).sum() > 2 * most_that_fail(BATCHES)


@pytest.mark.parametrize(("more", "less"), DISCORDANT)
def test_a_differences_sequence_holds_at_all_looks_together(more, less):
    """Of 500 batches looked at some 120 times, at most about 5 % ever exclude the truth."""
    ours, theirs = drawn_pairs(more, less)
    above = evidence_above_difference(np.array(more - less), ours, theirs, LOOKS.astype(float))
    below = evidence_above_difference(np.array(less - more), theirs, ours, LOOKS.astype(float))
    fail = (np.maximum(above, below) > EITHER_SIDE).any(axis=1)

    assert fail.sum() <= most_that_fail(BATCHES)


@pytest.mark.parametrize(("more", "less"), DISCORDANT)
def test_the_plain_interval_of_a_difference_does_not(more, less):
    """Bonett and Price's interval, looked at as often, excludes it far too often."""
    ours, theirs = drawn_pairs(more, less)
    of_more, of_less = (ours + 1) / (LOOKS + 2), (theirs + 1) / (LOOKS + 2)
    middle = of_more - of_less
    half = NORMAL * np.sqrt((of_more + of_less - middle**2) / (LOOKS + 2))
    outside = np.abs(middle - (more - less)) > half

    assert outside.any(axis=1).sum() > 2 * most_that_fail(BATCHES)


@pytest.mark.parametrize("share", [0.001, 0.08, 0.5, 0.999])
def test_a_bet_against_the_true_share_is_fair(share):
    """Over all that 30 runs can bring, what is made out of 1 is 1 on average."""
    yes = np.arange(31.0)
    made = np.exp(evidence_against_share(np.array(share), yes, np.array(30.0)))

    assert made @ stats.binom.pmf(yes, 30, share) == pytest.approx(1, rel=1e-11)


@pytest.mark.parametrize(("more", "less"), [(0.03, 0.01), (0.4, 0.5), (0.0, 0.2)])
def test_a_bet_against_the_true_difference_is_fair(more, less):
    """Over all that 15 runs can bring, what is made out of 1 is 1 on average."""
    ours, theirs = (axis.ravel() for axis in np.mgrid[:16, :16])
    same = 15 - ours - theirs
    ours, theirs, same = ours[same >= 0], theirs[same >= 0], same[same >= 0]
    chances = stats.multinomial.pmf(
        np.stack([ours, theirs, same], axis=1), 15, [more, less, 1 - more - less]
    )
    counts = ours.astype(float), theirs.astype(float), np.full(len(same), 15.0)
    made = np.exp(evidence_above_difference(np.array(more - less), *counts))

    assert made @ chances == pytest.approx(1, rel=1e-11)


@pytest.mark.parametrize(("yes", "runs"), [(0, 20), (7, 20), (20, 20), (80, 1_000)])
def test_a_bound_of_a_share_is_where_twenty_has_been_made(yes, runs):
    """At a bound the mixed beta-binomial chances are 20 times the binomial, or it is 0 or 1."""
    bounds = share_sequence(yes, runs)[1:3]
    made = [
        sum(
            part * stats.betabinom.pmf(yes, runs, weight * share, weight * (1 - share))
            for weight, part in PRIORS.items()
        )
        / stats.binom.pmf(yes, runs, share)
        for share in bounds
        if 0 < share < 1
    ]

    assert made == pytest.approx([20] * len(made))


@pytest.mark.parametrize(("yes", "runs"), [(1, 200), (7, 20), (3, 100_000), (5_000, 100_000)])
def test_what_a_share_sequence_excludes_is_all_that_lies_outside(yes, runs):
    """Shares between the bounds are not excluded, and those beyond them are."""
    low, high = share_sequence(yes, runs)[1:3]
    shares = np.concatenate([np.geomspace(1e-9, 1, 500, endpoint=False), np.linspace(0.001, 0.999)])
    won = evidence_against_share(shares, *floats(yes, runs))

    assert ((won > ENOUGH) == ((shares < low) | (shares > high))).all()


@pytest.mark.parametrize("counts", [(3, 1, 50), (0, 0, 100), (300, 100, 10_000)])
def test_what_a_difference_sequence_excludes_is_all_that_lies_outside(counts):
    """Differences between the bounds are not excluded, and those beyond them are."""
    more, less, runs = floats(*counts)
    low, high = share_difference_sequence(*counts)[1:3]
    differences = np.linspace(-0.999, 0.999, 1_998)
    above = evidence_above_difference(differences, more, less, runs)
    below = evidence_above_difference(-differences, less, more, runs)
    excluded = np.maximum(above, below) > EITHER_SIDE

    assert (excluded == ((differences < low) | (differences > high))).all()


def test_the_other_plans_difference_is_the_same_the_other_way_round():
    """Exchanging the plans turns the interval round."""
    found, turned = share_difference_sequence(30, 7, 900), share_difference_sequence(7, 30, 900)

    assert found[:3] == (-turned.value, -turned.high, -turned.low)


@pytest.mark.parametrize(
    ("share", "yes", "runs"),
    [
        (0.08002, 8 * 10**9, 10**11),
        (5e-11, 0, 10**11),
        (1 - 3e-11, 10**11, 10**11),
        (0.5, 5 * 10**10, 10**11),
        (1e-200, 1, 100),
        (0.09, 80, 1_000),
    ],
)
def test_the_evidence_keeps_its_digits_to_1e11_runs(share, yes, runs):
    """It agrees with the same formula in 50 digits."""
    with mpmath.workdps(50):
        p, no = mpmath.mpf(share), runs - yes
        made = sum(
            part
            * mpmath.exp(
                log_beta(yes + weight * p, no + weight * (1 - p))
                - log_beta(weight * p, weight * (1 - p))
                - yes * mpmath.log(p)
                - no * mpmath.log(1 - p)
            )
            for weight, part in PRIORS.items()
        )
        exact = float(mpmath.log(made))

    assert evidence_against_share(*floats(share, yes, runs)) == pytest.approx(exact, rel=1e-9)


def log_beta(x, y):
    """Return the logarithm of the beta function, in many digits."""
    return mpmath.loggamma(x) + mpmath.loggamma(y) - mpmath.loggamma(x + y)


@pytest.mark.parametrize("runs", [1, 1_000, 10**6, 10**11])
def test_bounds_are_in_order_also_at_the_edges(runs):
    """With no yes, or only yes, an interval still has a width, and ends at 0 or 1."""
    never, always = share_sequence(0, runs), share_sequence(runs, runs)

    assert never.low == 0 < never.high <= 1 == always.high > always.low >= 0
    assert always.low == pytest.approx(1 - never.high, abs=1e-15)


@pytest.mark.parametrize("runs", [1, 1_000, 10**6, 10**11])
def test_runs_that_never_differ_still_leave_a_difference_possible(runs):
    """The interval without any that differ is around 0, and gets narrower as one over the runs."""
    found = share_difference_sequence(0, 0, runs)

    assert -1 <= found.low < 0 < found.high <= 1
    assert found.high < 8 / runs


@pytest.mark.parametrize("runs", [10**4, 10**5, 10**6, 10**8])
@pytest.mark.parametrize("share", [0.01, 0.08, 0.5])
def test_a_shares_sequence_is_less_than_twice_as_wide_as_the_plain_interval(share, runs):
    """From 10,000 runs it is 1.6 to 1.9 times as wide as Wilson's."""
    found = share_sequence(round(share * runs), runs)
    plain = 2 * NORMAL * math.sqrt(share * (1 - share) / runs)

    assert 1.6 < (found.high - found.low) / plain < 1.9


@pytest.mark.parametrize("runs", [10**5, 10**6, 10**8])
@pytest.mark.parametrize(("more", "less"), [(0.03, 0.01), (0.001, 0.0005), (0.3, 0.2)])
def test_a_differences_sequence_is_less_than_twice_as_wide_as_the_plain_interval(more, less, runs):
    """From 100,000 runs it is 1.6 to 2 times as wide, also where few runs differ."""
    found = share_difference_sequence(round(more * runs), round(less * runs), runs)
    plain = 2 * NORMAL * math.sqrt((more + less - (more - less) ** 2) / runs)

    assert 1.6 < (found.high - found.low) / plain < 2


def test_a_plain_interval_lies_within_the_sequences():
    """What holds at all looks is wider than what holds at one."""
    found, plain = share_sequence(80, 1_000), share_of_runs(np.arange(1_000) < 80)

    assert found.low < plain.low < plain.high < found.high


def test_a_difference_is_right_where_one_stops_once_its_sign_is_known():
    """Of 150 batches that stop once 0 is excluded, though it is true, at most about 5 % do so."""
    ours, theirs = drawn_pairs(0.2, 0.2)
    every_seventh = slice(None, None, 7)
    low, high = share_difference_bounds(
        ours[:150, every_seventh], theirs[:150, every_seventh], LOOKS[every_seventh].astype(float)
    )

    assert ((low > 0) | (high < 0)).any(axis=1).sum() <= most_that_fail(150)


def test_without_runs_there_is_nothing_to_say():
    """No runs give no value and no interval."""
    nothing = share_sequence(0, 0), share_difference_sequence(0, 0, 0), mean_sequence(0, 0.0, 0.0)

    assert all(found is NOTHING for found in nothing)
