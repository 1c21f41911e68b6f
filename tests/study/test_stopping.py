"""Enough runs: where it stops is decided by the scenario and the seed, and it says how it knows."""

import pytest
from worlds import constant, world

import sim
from sim.study.playing.stopping import NotPreciseWarning, precision_in_words, sequence_of, target_of
from sim.study.playing.until import half_width, looks

UNTIL = "collapsed ± 4 points"


@pytest.fixture(scope="module")
def enough(small_plan):
    """As many runs of the small world as a precision takes."""
    return sim.run(small_plan, seed=3, until=UNTIL, progress=False)


def test_it_stops_at_the_first_look_that_is_narrow_enough(small_plan, enough):
    """The look before was not."""
    target = target_of(small_plan, UNTIL)
    before = max(runs for runs in looks(enough.replications) if runs < enough.replications)
    fewer = sim.run(small_plan, before, 3, progress=False)

    assert half_width(sequence_of(enough.tally, target)) <= 0.04
    assert half_width(sequence_of(fewer.tally, target)) > 0.04


@pytest.mark.parametrize("workers", [1, 3])
def test_the_number_of_workers_does_not_move_the_end(small_plan, enough, workers):
    """Nor does anything else of the machine."""
    again = sim.run(small_plan, seed=3, until=UNTIL, workers=workers, progress=False)

    assert again.outcome_parts.table().equals(enough.outcome_parts.table())


def test_the_rows_are_those_of_a_plain_batch_of_as_many_runs(small_plan, enough):
    """And so is the name of the result."""
    plain = sim.run(small_plan, enough.replications, 3, progress=False)

    assert plain.outcome_parts.table().equals(enough.outcome_parts.table())
    assert plain.run_id == enough.run_id


def test_the_sentence_says_the_rule_and_the_number_of_runs(enough):
    """So that a reader knows what the interval is worth."""
    said = precision_in_words(enough)

    assert f"after {enough.replications:,} runs" in said
    assert "holds however often one looked" in said


def test_a_precision_that_is_not_reached_is_said(small_plan):
    """With as many runs as are allowed."""
    with pytest.warns(NotPreciseWarning, match="not enough yet"):
        few = sim.run(small_plan, 1_100, 3, until="collapsed ± 0.0001", progress=False)

    assert few.replications == 1_100


@pytest.mark.parametrize("until", ["crises ± 5 % of it", "promises_kept ± 5 points"])
def test_means_and_ratios_have_a_precision_too(small_plan, until):
    """By an interval for means."""
    found = sim.run(small_plan, seed=3, until=until, progress=False)

    assert "asymptotic sequence" in precision_in_words(found)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("colapsed ± 0.01", 'did you mean "collapsed"'),
        ("collapsed 0.01", "must be a quantity, ±"),
        ("crises ± 1 points", "is no share"),
    ],
)
def test_a_precision_that_cannot_be_is_refused(small_plan, until, said):
    """With what is allowed."""
    with pytest.raises(ValueError, match=said):
        sim.run(small_plan, until=until, progress=False)


def test_interrupted_and_gone_on_with_it_stops_where_it_would_have(small_plan, enough, tmp_path):
    """What was played is in the folder, more or less of it; the end is the same."""
    sim.run(small_plan, 1_500, 3, out=tmp_path / "out", progress=False)
    found = sim.run(
        small_plan, seed=3, until=UNTIL, out=tmp_path / "out", resume=True, progress=False
    )

    assert found.outcome_parts.table().equals(enough.outcome_parts.table())


def test_sums_have_the_same_end_beyond_the_blocks_of_which_rows_are_kept():
    """Where the rows of whole blocks are gone, their sums are there."""
    brief = world(
        run={"horizon_days": 1.0},
        violations={"incidents_per_day": 0.05},
        levels={"fighting": {"spell": constant(1.0), "collapse_per_day": 1.0}},
    )
    until = "collapsed ± 0.00025"
    rows, sums = (
        sim.run(brief, seed=1, until=until, rows=keeps, progress=False) for keeps in (True, False)
    )

    assert rows.replications > 200_000
    assert sums.summary().equals(rows.summary())


def test_sums_have_the_same_end(small_plan, enough):
    """Without rows the numbers are the same."""
    found = sim.run(small_plan, seed=3, until=UNTIL, rows=False, progress=False)

    assert found.summary().equals(enough.summary())
