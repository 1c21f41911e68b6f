"""Batches: the same rows however they are spread, and any run by itself."""

import pytest

import sim


@pytest.mark.parametrize("workers", [2, 3])
def test_the_number_of_workers_changes_nothing(small_plan, small_results, workers):
    """Rows and crises are the same tables, byte for byte in memory."""
    spread = sim.run(small_plan, workers=workers, progress=False)

    assert spread.outcome_parts.table().equals(small_results.outcome_parts.table())
    assert spread.crisis_parts.table().equals(small_results.crisis_parts.table())


def test_more_runs_leave_the_first_ones_alone(small_plan, small_results):
    """Run k depends on the seed and k, not on how many runs there are."""
    more = sim.run(small_plan, replications=40, workers=1, progress=False)

    assert more.outcome_parts.table().slice(0, 30).equals(small_results.outcome_parts.table())


def test_another_seed_is_other_luck(small_plan, small_results):
    """The rows differ."""
    other = sim.run(small_plan, seed=8, workers=1, progress=False)

    assert not other.outcome_parts.table().equals(small_results.outcome_parts.table())


def test_a_trace_is_the_run_of_its_row(small_plan, small_results):
    """Its incidents, crises, attacks and end are those of the row."""
    row = small_results.outcomes.iloc[17]
    trace = sim.trace(small_plan, run=17)
    counts = trace["event"].value_counts()
    found = (
        counts.get("incident", 0),
        counts.get("crisis_opens", 0),
        counts.get("attack", 0),
        counts.get("step_called", 0),
        trace["time_hours"].iloc[-1],
    )

    assert found == (
        row["incidents"],
        row["crises"],
        row["attacks"],
        row["warning_called"] + row["force_called"],
        row["end_hours"],
    )


def test_a_brief_trace_is_part_of_the_whole_one(small_plan):
    """It leaves out events below the quiet level, and keeps the others as they were."""
    whole, brief = sim.trace(small_plan, run=3), sim.trace(small_plan, run=3, brief=True)
    kept = whole[whole["order"].isin(brief["order"])].reset_index(drop=True)

    assert 0 < len(brief) < len(whole)
    assert kept.equals(brief)


def test_a_trace_of_a_negative_run_is_refused(small_plan):
    """Runs are numbered from 0."""
    with pytest.raises(ValueError, match="run: is -1, must be a whole number, 0 or more"):
        sim.trace(small_plan, run=-1)


@pytest.mark.parametrize(("replications", "seed"), [(0, 1), (10, -1), (2.5, 1)])
def test_a_wrong_number_of_runs_or_seed_is_refused(small_plan, replications, seed):
    """The same check as in a file."""
    with pytest.raises(sim.ScenarioError, match="must be a whole number"):
        sim.run(small_plan, replications=replications, seed=seed)


def test_an_unknown_name_of_the_package_says_so():
    """`sim.nonsense` is an ordinary attribute error."""
    with pytest.raises(AttributeError, match="nonsense"):
        sim.nonsense  # noqa: B018 - looking it up is the point


def test_every_public_name_is_there():
    """What the package lists can be had."""
    assert all(getattr(sim, name) is not None for name in sim.__all__)
