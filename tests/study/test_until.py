"""When it is enough: what may be asked for, and looks that are the same everywhere.

The false-alarm rate of the statistical test is 1e-9, on a fixed seed.
"""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from sim.results.estimates import Estimate
from sim.results.sequences import SHARE_METHOD, share_bounds, share_sequence
from sim.study.playing.until import Target, half_width, is_enough, looks, parsed_target, words


@pytest.mark.parametrize(
    "text",
    [
        "collapsed ± 0.002",
        "collapsed±0.002",
        "collapsed +- 0.002",
        "collapsed+/-.002",
        "  collapsed  ±  2e-3 ",
    ],
)
def test_a_target_may_be_written_in_several_ways(text):
    """Sign, spaces and digits do not matter."""
    assert parsed_target(text) == Target("collapsed", 0.002, relative=False)


def test_points_are_hundredths_of_a_share():
    """0.2 points of a share are 0.002, and that they were points is kept."""
    found = parsed_target("warning.on_time ± 0.2 points")

    assert found == Target("warning.on_time", 0.002, relative=False, points=True)


def test_percent_of_it_are_relative():
    """5 % of it are a twentieth of the estimate."""
    assert parsed_target("crises ± 5 % of it") == Target("crises", 0.05, relative=True)


@pytest.mark.parametrize(
    "text",
    [
        "collapsed",
        "± 0.1",
        "collapsed ± 5 %",
        "collapsed ± 0",
        "collapsed ± -0.1",
        "collapsed - 0.1",
        "collapsed ± 0,002",
        "collapsed ± 0.0.2",
        "collapsed ± .",
        "collapsed ± 1e999",
        "collapsed ± nan",
        "collapsed ± 2 hours",
        "two words ± 0.1",
        "",
    ],
)
def test_what_cannot_be_meant_is_refused(text):
    """The message names the text and what is allowed."""
    with pytest.raises(ValueError, match="must be a quantity, ±") as refusal:
        parsed_target(text)

    assert repr(text) in str(refusal.value)


def test_one_looks_at_whole_hundreds_about_five_percent_apart():
    """From 1,000 runs to two million, steps are whole hundreds of 5 to 10 %."""
    at = list(looks(2_000_000))[:-1]
    steps = [later / earlier for earlier, later in itertools.pairwise(at)]

    assert at[0] == 1_000
    assert all(runs % 100 == 0 for runs in at)
    assert min(steps) >= 1.05
    assert max(steps) <= 1.1


def test_one_looks_at_whole_blocks_once_these_are_five_percent():
    """Beyond two million runs, every look but the last is after a whole block."""
    late = [runs for runs in looks(123_456_789) if runs > 2_000_000]

    assert all(runs % 100_000 == 0 for runs in late[:-1])
    assert max(later / earlier for earlier, later in itertools.pairwise(late)) <= 1.1


def test_more_runs_allowed_do_not_move_the_looks_before():
    """A batch that may go on for longer is looked at at the same numbers of runs."""
    short, long = list(looks(54_321)), list(looks(3_000_000))

    assert short[:-1] == long[: len(short) - 1]


@pytest.mark.parametrize(("most_runs", "expected"), [(0, []), (7, [7]), (1_000, [1_000])])
def test_the_last_look_is_at_the_last_run(most_runs, expected):
    """A short batch is looked at once, when it is over."""
    assert list(looks(most_runs)) == expected


def test_a_long_batch_is_looked_at_few_times():
    """Ten billion runs take less than 350 looks."""
    assert len(list(looks(10**10))) < 350


def test_the_further_bound_decides():
    """An interval that reaches further up than down is as wide as it reaches up."""
    lopsided = Estimate(0.01, 0.0, 0.03, "", 100)

    assert half_width(lopsided) == pytest.approx(0.02)
    assert not is_enough(parsed_target("held ± 0.015"), lopsided)
    assert is_enough(parsed_target("held ± 0.021"), lopsided)


def test_a_relative_target_is_a_part_of_the_estimate():
    """Half a day of ten is 5 %."""
    found = Estimate(10.0, 9.5, 10.5, "", 1_000)

    assert is_enough(parsed_target("collapse_days ± 5 % of it"), found)
    assert not is_enough(parsed_target("collapse_days ± 4.9 % of it"), found)


@pytest.mark.parametrize("text", ["held ± 1000", "held ± 50 % of it"])
def test_without_an_interval_it_is_never_enough(text):
    """Bounds that are not numbers reach no target."""
    assert not is_enough(parsed_target(text), Estimate(1.0, math.nan, math.nan, "none", 10))


def test_a_part_of_nothing_is_not_reached():
    """While it has never happened, no relative target is reached."""
    assert not is_enough(parsed_target("collapsed ± 90 % of it"), share_sequence(0, 10**6))


def test_a_batch_that_stops_by_this_rule_is_right():
    """Of 2,000 batches that stop at the first narrow look, at most about 5 % exclude the truth.

    Wrong batches are compared with the binomial quantile of 1 - 1e-9.
    """
    at = np.array(list(looks(60_000)))
    further = np.diff(at, prepend=0)
    yes = np.random.default_rng(76).binomial(further, 0.01, (2_000, len(at))).cumsum(axis=1)
    target = parsed_target("collapsed ± 30 % of it")
    stopped = [first_narrow(target, batch) for batch in estimates(yes, at)]
    wrong = sum(one.low > 0.01 or one.high < 0.01 for one in stopped)

    assert len({one.n for one in stopped}) > 10
    assert wrong <= stats.binom.isf(1e-9, 2_000, 0.05)


def first_narrow(target, looked):
    """Return the first estimate that is enough."""
    return next(one for one in looked if is_enough(target, one))


def estimates(yes, at):
    """Yield the estimates of each batch at all looks; yes: shape (batches, looks)."""
    pairs = np.stack([yes.ravel(), np.broadcast_to(at, yes.shape).ravel()]).astype(float)
    # Many batches have the same counts at the same look.
    different, which = np.unique(pairs, axis=1, return_inverse=True)
    bounds = zip(*share_bounds(*different), strict=True)
    found = [
        Estimate(share, low, high, SHARE_METHOD, int(runs))
        for share, (low, high), runs in zip(
            different[0] / different[1], bounds, different[1], strict=True
        )
    ]
    for batch in which.reshape(yes.shape):
        yield [found[index] for index in batch]


def test_the_sentence_says_rule_runs_and_that_looking_did_no_harm():
    """What was found, how sure, after how many runs, and what was asked for."""
    found = Estimate(0.08031, 0.07834, 0.08229, SHARE_METHOD, 240_000)

    assert words(parsed_target("collapsed ± 0.2 points"), found, 240_000) == (
        "collapsed is 0.0803 (95 % interval 0.0783 to 0.0823) after 240,000 runs, and ± 0.2 points "
        "was asked for: enough, by an interval that holds however often one looked "
        "(beta-binomial sequence)."
    )


def test_the_sentence_says_when_it_was_not_enough():
    """Runs may end before the interval is narrow."""
    said = words(parsed_target("crises ± 1 % of it"), Estimate(2.0, 1.9, 2.1, "m", 500), 500)

    assert "after 500 runs, and ± 1 % of it was asked for: not enough yet" in said


def test_the_sentence_says_when_there_is_no_interval():
    """Too few runs that tell something give none."""
    found = Estimate(2.0, math.nan, math.nan, "none", 50)

    assert words(parsed_target("crises ± 0.1"), found, 50) == (
        "crises has no interval after 50 runs, and ± 0.1 was asked for: not enough yet."
    )
