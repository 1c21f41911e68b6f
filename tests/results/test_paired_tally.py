"""Paired tallies: the differences that whole columns give, however the runs are cut into blocks."""

import math

import numpy as np
import pytest
from made_up_outcomes import made_up

from sim.results.columns import columns_of
from sim.results.moments import PairMoments
from sim.results.paired import difference_of, mean_difference, share_difference
from sim.results.paired_tally import PairedTally, paired_tally_of
from sim.results.quantities import MEAN_OVER_RUNS, SHARE_OF_RUNS, quantities

RUNS = 500


@pytest.fixture(scope="module")
def tables(small_plan):
    """Five hundred made-up runs under two scenarios, most of them alike."""
    first, other = made_up(small_plan, RUNS, 1), made_up(small_plan, RUNS, 2)
    alike = np.arange(RUNS) % 4 > 0
    mixed = {
        name: np.where(alike, *(np.array(one[name].to_pylist()) for one in (first, other)))
        for name in first.column_names
        if first[name].null_count + other[name].null_count == 0
    }
    return first, made_up(small_plan, RUNS, 2, **mixed)


@pytest.fixture(scope="module")
def paired(small_plan, tables):
    """All of them at once."""
    return PairedTally.of((small_plan, tables[0]), (small_plan, tables[1]))


def blocks_of(tables, runs):
    """Return tables in blocks of so many runs."""
    return [tuple(one.slice(first, runs) for one in tables) for first in range(0, RUNS, runs)]


def numbers_of(found):
    """Return value, bounds and worth of a difference."""
    return [*found.difference[:3], found.narrower]


def on_columns(quantity, first, other):
    """Return the difference of a quantity off whole columns."""
    ours, theirs = (quantity.sums(columns_of(one)) for one in (other, first))
    if quantity.kind == SHARE_OF_RUNS:
        return share_difference(ours.part > 0, theirs.part > 0)
    if quantity.kind == MEAN_OVER_RUNS and quantity.name != "collapse_days":
        return mean_difference(ours.part, theirs.part)
    return difference_of(quantity.kind, PairMoments.of(*ours, *theirs))


@pytest.mark.parametrize("runs", [1, 7, 100, 499])
def test_differences_do_not_depend_on_the_cut(small_plan, tables, runs):
    """For every quantity blocks give what the columns give."""
    cut = paired_tally_of(small_plan, small_plan, blocks_of(tables, runs))

    for one in quantities(small_plan):
        expected, found = on_columns(one, *tables), cut.difference(one.name)
        assert numbers_of(found) == pytest.approx(numbers_of(expected), 1e-12, 1e-14, nan_ok=True)
        assert found.difference[3:] == expected.difference[3:]


def test_the_difference_is_the_other_less_the_first(paired, tables):
    """More under the other scenario is above zero."""
    means = [columns_of(one)("incidents").mean() for one in tables]

    assert paired.difference("incidents").difference.value == pytest.approx(means[1] - means[0])


def test_the_interval_is_that_of_the_linearised_differences(paired, tables):
    """By the formula, run by run, of the ratio of all refused calls to all calls."""
    scaled = []
    for one in tables:
        part, whole = (columns_of(one)(f"force_{name}") for name in ("refused", "called"))
        scaled.append((part - part.sum() / whole.sum() * whole) / whole.mean())
    error = (scaled[1] - scaled[0]).std(ddof=1) / math.sqrt(RUNS)
    apart = math.sqrt(scaled[0].var() + scaled[1].var()) / (scaled[1] - scaled[0]).std()
    found = paired.difference("force.refused")
    half = (found.difference.high - found.difference.low) / 2

    assert half == pytest.approx(1.964729391 * error, rel=1e-8)
    assert found.narrower == pytest.approx(apart, rel=1e-12)


def test_a_higher_level_makes_a_wider_interval(paired):
    """As intervals must be that shall all hold at once."""
    for name in ("held", "incidents", "force.refused"):
        usual, wide = (paired.difference(name, level).difference for level in (0.95, 0.99))
        assert wide.low < usual.low < usual.high < wide.high


def test_a_scenario_does_not_differ_from_itself(small_plan, tables):
    """Shares have an interval around zero, all else none; the shared luck is worth everything."""
    same = paired_tally_of(small_plan, small_plan, [(one, one) for one, _ in blocks_of(tables, 70)])
    for name in ("held", "incidents", "force.refused", "collapse_days", "force.delay_hours"):
        assert same.difference(name).difference.value == 0
        assert same.difference(name).narrower == math.inf
        assert same.difference(name).sign() == 0


def test_one_hour_more_in_every_run_has_no_spread(small_plan, tables):
    """Also where the sums of the hours are rounded."""
    first = tables[0]
    later = columns_of(first)("fighting_hours") + 1
    other = made_up(small_plan, RUNS, 1, fighting_hours=later)
    pairs = blocks_of((first, other), 70)
    found = paired_tally_of(small_plan, small_plan, pairs, ["fighting_hours"])

    assert found.difference("fighting_hours").difference.value == pytest.approx(1, rel=1e-9)
    assert found.difference("fighting_hours").narrower > 1e9


def test_a_delay_that_is_longer_by_the_same_each_time_has_no_spread(small_plan, tables):
    """The two scatter a lot, but together: nothing but rounding is left."""
    first = tables[0]
    later = columns_of(first)("force_delay_hours") + 12
    other = made_up(small_plan, RUNS, 1, force_delay_hours=later)
    pairs = blocks_of((first, other), 70)
    found = paired_tally_of(small_plan, small_plan, pairs).difference("force.delay_hours")

    assert found.difference.value == pytest.approx(12, rel=1e-12)
    assert found.difference.high - found.difference.low < 1e-11


def test_moves_count_where_runs_went(small_plan):
    """Each run ends in one way under the one, and in one way under the other."""
    ours = made_up(small_plan, 4, outcome=["held", "held", "collapsed", "runaway"])
    theirs = made_up(small_plan, 4, outcome=["held", "collapsed", "collapsed", "held"])
    moves = PairedTally.of((small_plan, ours), (small_plan, theirs)).moves()

    assert moves["held"] == {"held": 1, "collapsed": 1, "runaway": 0}
    assert moves["collapsed"] == {"held": 0, "collapsed": 1, "runaway": 0}
    assert moves["runaway"] == {"held": 1, "collapsed": 0, "runaway": 0}


def test_runs_that_failed_under_either_are_left_out_and_counted(small_plan):
    """Of four runs one failed here, another there."""
    ours = made_up(small_plan, 4, outcome=[None, "held", "collapsed", "held"])
    theirs = made_up(small_plan, 4, outcome=["held", "held", "collapsed", None])
    found = PairedTally.of((small_plan, ours), (small_plan, theirs))

    assert (found.runs, found.failed) == (2, 2)
    assert found.difference("held").difference.n == 2


def test_only_what_both_plans_have_is_compared(small_plan, tables):
    """A step that one plan lacks has no difference."""
    alone = small_plan.model_copy(update={"steps": {"warning": small_plan.steps["warning"]}})
    found = PairedTally.of((small_plan, tables[0]), (alone, tables[1]))

    assert "warning.on_time" in found.quantities
    with pytest.raises(ValueError, match=r'quantity: is "force\.on_time", must be one of'):
        found.difference("force.on_time")


def test_quantities_may_be_named(small_plan, tables):
    """Then only they are tallied, and a name that there is not is refused."""
    plans = (small_plan, tables[0]), (small_plan, tables[1])

    assert list(PairedTally.of(*plans, names=["held"]).quantities) == ["held"]
    with pytest.raises(ValueError, match=r'mean "held"'):
        PairedTally.of(*plans, names=["helt"])


def test_other_runs_are_no_pairs(small_plan, tables):
    """The runs of both must be the same."""
    with pytest.raises(ValueError, match="must be the same runs in the same order"):
        PairedTally.of((small_plan, tables[0].slice(1)), (small_plan, tables[1].slice(0, RUNS - 1)))


def test_no_pairs_at_all_are_refused(small_plan):
    """There is nothing to compare."""
    with pytest.raises(ValueError, match="tables: there are none"):
        paired_tally_of(small_plan, small_plan, [])


def test_a_block_without_runs_changes_nothing(small_plan, tables, paired):
    """Nor does it matter on which side it is merged."""
    empty = PairedTally.of(*((small_plan, one.slice(0, 0)) for one in tables))

    for name in ("held", "incidents", "collapse_days"):
        expected = pytest.approx(numbers_of(paired.difference(name)), rel=1e-13)
        assert numbers_of(paired.merged(empty).difference(name)) == expected
        assert numbers_of(empty.merged(paired).difference(name)) == expected
        assert empty.difference(name).difference.n == 0


def test_a_paired_tally_comes_back_from_its_text_to_the_last_bit(small_plan, tables):
    """What was written down merges and compares as what was not."""
    first, second, *_ = (
        PairedTally.of((small_plan, ours), (small_plan, theirs))
        for ours, theirs in blocks_of(tables, 200)
    )
    read = PairedTally.from_json(first.to_json())

    assert read == first
    assert read.merged(PairedTally.from_json(second.to_json())) == first.merged(second)
