"""Tallies: the same numbers as all rows give, however the runs are cut into blocks."""

import math

import numpy as np
import pytest
from made_up_outcomes import made_up

from sim.results.columns import columns_of
from sim.results.estimates import (
    axis_hours,
    happened_by,
    mean_over_events,
    mean_over_runs,
    share_of_events,
    share_of_runs,
    wilson,
)
from sim.results.moments import Moments
from sim.results.quantities import quantities
from sim.results.summary import quantiles_frame, summary_frame
from sim.results.tally import Tally, tally_of

RUNS = 700
NUMBERS = ["estimate", "low", "high"]


@pytest.fixture(scope="module")
def rows(small_plan):
    """Seven hundred made-up runs."""
    return made_up(small_plan, RUNS)


def blocks_of(table, runs):
    """Return a table in blocks of so many runs."""
    return [table.slice(first, runs) for first in range(0, table.num_rows, runs)]


@pytest.mark.parametrize("runs", [1, 7, 100, 699])
def test_estimates_do_not_depend_on_the_cut(small_plan, rows, runs):
    """Blocks of any size give what all rows at once give, but for rounding."""
    whole = summary_frame(small_plan, Tally.of(small_plan, rows))
    cut = summary_frame(small_plan, tally_of(small_plan, blocks_of(rows, runs)))

    assert cut["n"].equals(whole["n"])
    assert cut["method"].equals(whole["method"])
    assert np.allclose(cut[NUMBERS], whole[NUMBERS], rtol=1e-12, atol=1e-14, equal_nan=True)


def test_the_same_blocks_give_the_same_bits(small_plan, rows):
    """Nothing in a tally comes by chance."""
    cut = blocks_of(rows, 100)

    assert tally_of(small_plan, cut).to_json() == tally_of(small_plan, cut).to_json()


def test_a_tally_says_what_the_rows_say(small_plan, rows):
    """Share, mean, share of events, mean over events, and a rate, each off the columns."""
    tally, column = Tally.of(small_plan, rows), columns_of(rows)
    in_force = column("force_on_time") + column("force_late")
    delays = np.nan_to_num(column("force_delay_hours")) * in_force
    days = column("end_hours") / 24
    of_collapse = np.where(column("outcome") == 1, days, np.nan)
    found = {
        "collapsed": share_of_runs(column("outcome") == 1),
        "collapse_days": mean_over_runs(of_collapse),
        "incidents": mean_over_runs(column("incidents")),
        "force.refused": share_of_events(column("force_refused"), column("force_called")),
        "force.delay_hours": mean_over_events(delays, in_force),
        "fighting_hours_per_day": mean_over_events(column("fighting_hours"), days),
    }
    found["fighting_hours_per_day"] = found["fighting_hours_per_day"]._replace(n=RUNS)

    assert {name: tally.estimate(name) for name in found} == found


def test_the_summary_is_that_of_the_tally(small_results):
    """Runs that were played have the estimates of their columns."""
    summary = small_results.summary().set_index("quantity")
    days = small_results.column("end_hours").to_numpy() / 24
    rate = small_results.column("fighting_hours").sum() / days.sum()

    assert summary.loc["fighting_hours_per_day", "estimate"] == pytest.approx(rate, rel=1e-12)


def test_a_higher_level_makes_wider_intervals(small_plan, rows):
    """Of intervals that shall all hold at once, each must hold more often."""
    tally = Tally.of(small_plan, rows)
    usual, wide = (summary_frame(small_plan, tally, level) for level in (0.95, 0.995))
    has_width = usual["low"] < usual["high"]

    assert has_width.sum() > 20
    assert (
        (wide["high"] - wide["low"])[has_width].gt((usual["high"] - usual["low"])[has_width]).all()
    )


def test_runs_that_failed_are_counted_and_left_out(small_plan, rows):
    """A row without an outcome changes nothing but the count of such rows."""
    outcome = np.array(rows["outcome"].to_pylist(), dtype=object)
    outcome[::7] = None
    some_failed = made_up(small_plan, RUNS, outcome=outcome)
    tally = Tally.of(small_plan, some_failed)
    others = Tally.of(small_plan, some_failed.filter(some_failed["outcome"].is_valid()))

    assert (tally.runs, tally.failed) == (600, 100)
    assert summary_frame(small_plan, tally).equals(summary_frame(small_plan, others))


def test_runaways_are_counted_and_the_first_is_named(small_plan):
    """The first is that of the lowest number, in whichever block it is."""
    outcome = ["held", "held", "held", "runaway", "collapsed", "runaway"]
    end_hours = [480.0, 480.0, 480.0, 12.5, 40.0, 13.5]
    table = made_up(small_plan, 6, outcome=outcome, end_hours=end_hours)
    first, second = (Tally.of(small_plan, one) for one in blocks_of(table, 5))

    for tally in (first.merged(second), second.merged(first)):
        found = tally.runaways, tally.first_runaway, tally.first_runaway_hours
        assert found == (2, 3, 12.5)


def test_without_runaways_none_is_named(small_plan, rows):
    """Nothing was cut off, so the summary does not speak of it."""
    tally = Tally.of(small_plan, rows)

    assert (tally.runaways, tally.first_runaway) == (0, None)
    assert "runaway" not in set(summary_frame(small_plan, tally)["quantity"])


@pytest.mark.parametrize("outcome", ["held", "collapsed"])
def test_what_all_runs_or_none_do_has_an_interval_with_a_width(small_plan, outcome):
    """Fifty runs that all end alike do not say that every run does."""
    table = made_up(small_plan, 50, outcome=[outcome] * 50)
    found = tally_of(small_plan, blocks_of(table, 20)).estimate("collapsed")

    assert found == share_of_runs(np.full(50, outcome == "collapsed"))
    assert found.high - found.low > 0.05


def test_a_mean_of_what_never_happened_is_nothing(small_plan):
    """Without a collapse there is no day of it, and no quantile."""
    table = made_up(small_plan, 50, outcome=["held"] * 50)
    tally = tally_of(small_plan, blocks_of(table, 20))

    assert (tally.estimate("collapse_days").n, tally.estimate("collapse_days").method) == (
        0,
        "none",
    )
    assert math.isnan(tally.quantile("collapse_days", 0.5))


def test_values_without_any_spread_get_no_interval(small_plan):
    """A value that rounding blurs in the sums is still the same in each run."""
    table = made_up(small_plan, 90, fighting_hours=np.full(90, 0.1))
    found = tally_of(small_plan, blocks_of(table, 7)).estimate("fighting_hours")

    assert (found.value, found.method) == (pytest.approx(0.1, rel=1e-15), "none")
    assert math.isnan(found.low)


def test_delays_that_never_differ_have_an_interval_without_a_width(small_plan):
    """What is left of the ratio is rounding, of which nothing comes into the interval."""
    table = made_up(small_plan, 90, force_delay_hours=np.full(90, 24.1))
    found = tally_of(small_plan, blocks_of(table, 7)).estimate("force.delay_hours")

    assert found.high - found.low < 1e-13


def test_a_single_run_has_estimates_but_no_spread(small_plan):
    """One run says what happened in it."""
    tally = Tally.of(small_plan, made_up(small_plan, 1, incidents=[3]))

    assert tally.estimate("incidents")[::4] == (3.0, 1)
    assert tally.estimate("incidents").method == "none"


def test_a_block_without_runs_changes_nothing(small_plan, rows):
    """Nor does it matter on which side it is merged."""
    tally, empty = Tally.of(small_plan, rows), Tally.of(small_plan, rows.slice(0, 0))
    summaries = [
        summary_frame(small_plan, one) for one in (tally.merged(empty), empty.merged(tally))
    ]

    assert all(one.equals(summary_frame(small_plan, tally)) for one in summaries)


def test_a_block_without_runs_has_no_estimates(small_plan, rows):
    """Nothing is known, and nothing fails."""
    empty = Tally.of(small_plan, rows.slice(0, 0))

    assert summary_frame(small_plan, empty)["estimate"].isna().all()
    assert np.isnan(empty.incidence("collapsed").share).all()


def test_a_tally_comes_back_from_its_text_to_the_last_bit(small_plan, rows):
    """What was written down merges and estimates as what was not."""
    first, second = (Tally.of(small_plan, one) for one in blocks_of(rows, 400))
    read = Tally.from_json(first.to_json())

    assert read == first
    assert read.merged(Tally.from_json(second.to_json())) == first.merged(second)


def test_a_tally_of_nothing_comes_back_from_its_text(small_plan, rows):
    """Also where the least and the greatest value are not there."""
    empty = Tally.of(small_plan, rows.slice(0, 0))

    assert Tally.from_json(empty.to_json()) == empty


@pytest.mark.parametrize("text", ["{}", '{"kind": "tally", "format": 0}', "[1]"])
def test_a_text_that_is_no_tally_is_refused(text):
    """Another document, or one of another format."""
    with pytest.raises(ValueError, match="must be a tally of format 1"):
        Tally.from_json(text)


def test_tallies_of_different_scenarios_are_not_merged(small_plan, rows):
    """The message names what only one of them has."""
    plan = small_plan.model_copy(update={"steps": {}})
    with pytest.raises(ValueError, match=r"only one of the two has force\.called, .*same scenario"):
        Tally.of(small_plan, rows).merged(Tally.of(plan, rows))


def test_no_blocks_at_all_are_refused(small_plan):
    """A tally is of some scenario's rows, if only of none of them."""
    with pytest.raises(ValueError, match="tables: there are none"):
        tally_of(small_plan, [])


def test_a_name_that_is_not_known_is_refused(small_plan, rows):
    """With the one that is nearest."""
    with pytest.raises(ValueError, match=r'is "crisees".*mean "crises"'):
        Tally.of(small_plan, rows).estimate("crisees")


@pytest.mark.parametrize("name", ["crisis", "collapsed", "force.in_force"])
def test_what_has_happened_by_each_day_is_what_the_rows_say(small_plan, rows, name):
    """Counted block by block, the curve is that of all rows, and ends at the share of runs."""
    columns = columns_of(rows)
    hours = {
        "crisis": columns("first_crisis_hours"),
        "collapsed": np.where(columns("outcome") == 1, columns("end_hours"), np.nan),
        "force.in_force": columns("force_first_hours"),
    }
    at_hours = axis_hours(float(small_plan.run.horizon_days))
    found = tally_of(small_plan, blocks_of(rows, 90)).incidence(name)
    share = happened_by(hours[name], at_hours) / len(hours[name])

    assert np.array_equal(found[1:], (share, *wilson(share, len(hours[name]))))
    assert found.share[-1] == np.isfinite(hours[name]).mean()


def test_the_quantiles_of_few_runs_are_values_of_runs(small_plan, rows):
    """Seven hundred runs are kept whole: half of them have at most the median."""
    values = columns_of(rows)("fighting_hours")
    tally = tally_of(small_plan, blocks_of(rows, 100))
    found = quantiles_frame(small_plan, tally).set_index("quantity").loc["fighting_hours"]

    assert found["n"] == RUNS
    assert np.mean(values <= found["p50"]) == pytest.approx(0.5, abs=0.002)


def test_a_tally_may_do_without_quantiles(small_plan, rows):
    """Then it is small, and estimates the same."""
    lean = tally_of(small_plan, blocks_of(rows, 100), with_quantiles=False)
    full = tally_of(small_plan, blocks_of(rows, 100))

    assert (lean.sketches, lean.quantities) == ({}, full.quantities)
    assert len(lean.to_json()) < 25_000


def test_all_quantities_are_tallied(small_plan, rows):
    """Under the names of the summary."""
    names = [one.name for one in quantities(small_plan)]

    assert list(Tally.of(small_plan, rows).quantities) == names


def test_merging_is_the_formula_of_chan_golub_and_leveque():
    """With a whole of 1 in each run, squares add up with the square of the difference of means."""
    generator = np.random.default_rng(1)
    one, two = generator.normal(3, 1, 40), generator.normal(5, 2, 60)
    squares = [((values - values.mean()) ** 2).sum() for values in (one, two)]
    between = 40 * 60 / 100 * (one.mean() - two.mean()) ** 2
    merged = Moments.of(one, np.ones(40)).merged(Moments.of(two, np.ones(60)))

    assert merged.squares == pytest.approx(sum(squares) + between, rel=1e-12)
