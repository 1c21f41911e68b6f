"""Batches: the same rows however they are spread, and any run by itself."""

import pytest

import sim
from sim.study.run import RunawayError, RunawayWarning


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


def test_the_simpy_engine_gives_the_same_tables(small_plan, small_results):
    """Whichever engine is asked for, whoever plays its runs."""
    for workers in (1, 2):
        slow = sim.run(small_plan, engine="simpy", workers=workers, progress=False)

        assert slow.outcome_parts.table().equals(small_results.outcome_parts.table())
        assert slow.crisis_parts.table().equals(small_results.crisis_parts.table())


def test_both_engines_tell_the_same_story(small_plan):
    """Every event, its order and its words."""
    told = [sim.trace(small_plan, run=17, engine=engine) for engine in ("simpy", "compiled")]

    assert told[0].equals(told[1])


@pytest.mark.parametrize("ask", [sim.run, sim.trace])
def test_an_engine_that_is_not_there_is_refused(small_plan, ask):
    """The error names those that are."""
    with pytest.raises(ValueError, match='engine: is "fast", must be "compiled" or "simpy"'):
        ask(small_plan, engine="fast")


@pytest.fixture(scope="module")
def runaways(small_plan):
    """Some runs of which most are cut off."""
    wild = small_plan.with_(("run.most_violations", 50))
    with pytest.warns(
        RunawayWarning, match=r"of 30 runs ran away and had to be cut off, each after 50 viol"
    ):
        return sim.run(wild, progress=False)


def test_runs_that_run_away_are_counted(runaways):
    """In the rows, in the summary, and in what a notebook shows."""
    count = (runaways.outcomes["outcome"] == "runaway").sum()
    summary = runaways.summary().set_index("quantity")["estimate"]

    assert 0 < count == runaways.runaways
    assert summary["runaway"] == count / 30
    assert summary["held"] + summary["collapsed"] + summary["runaway"] == pytest.approx(1)
    assert f"{count} of 30 runs ran away" in runaways._repr_html_()


def test_a_run_is_cut_off_at_its_last_violation(runaways):
    """No violation goes missing before, and none comes after."""
    cut_off = runaways.outcomes[runaways.outcomes["outcome"] == "runaway"]

    assert (cut_off["incidents"] + cut_off["attacks"] == 50).all()


def test_where_nothing_runs_away_nothing_is_said_of_it(small_results):
    """Neither in the summary nor as a caution."""
    assert small_results.caution() is None
    assert "runaway" not in set(small_results.summary()["quantity"])


def test_runaways_have_a_bar_of_their_own(runaways, small_results):
    """In the picture of how the runs ended, and only where there are any."""
    words = [
        [text.get_text() for text in sim.figures.outcomes(one).get_yticklabels()]
        for one in (runaways, small_results)
    ]

    assert ["cut off" in " ".join(one) for one in words] == [True, False]


@pytest.mark.parametrize(("engine", "workers"), [("compiled", 1), ("compiled", 2), ("simpy", 2)])
def test_whether_all_run_away_is_told_by_the_first_hundred_runs(small_plan, engine, workers):
    """However many are played at once; a hundred are given, to be looked at."""
    wild = small_plan.with_(("run.most_violations", 1))

    with pytest.raises(RunawayError, match="all of the first 100 runs have run away"):
        sim.run(wild, 101, engine=engine, workers=workers, progress=False)
    with pytest.warns(RunawayWarning, match="100 of 100 runs"):
        assert sim.run(wild, 100, engine=engine, workers=workers, progress=False).runaways == 100
