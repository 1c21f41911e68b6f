"""A run that fails is data: it is listed, left out of the estimates, and takes no other with it."""

import json

import pytest

import sim
from sim.engines import simpy_engine
from sim.study.run import RunsFailedError, RunsFailedWarning

FAILING = (3, 17, 22)


@pytest.fixture
def _some_fail(monkeypatch):
    """Let the engine break down in some runs."""
    whole = simpy_engine.simulate

    def simulate(numbers, seed, runs):
        for run in runs:
            if run in FAILING:
                raise ArithmeticError("lost count" if run < 20 else f"run {run} has no end")
        return whole(numbers, seed, runs)

    monkeypatch.setattr(simpy_engine, "simulate", simulate)


@pytest.fixture
def _all_fail(monkeypatch):
    """Let it break down in all."""

    def simulate(*_asked):
        raise ArithmeticError("lost count")

    monkeypatch.setattr(simpy_engine, "simulate", simulate)


def _played(plan, **more):
    with pytest.warns(RunsFailedWarning):
        return sim.run(plan, engine="simpy", workers=1, progress=False, **more)


@pytest.mark.usefixtures("_some_fail")
def test_failed_runs_are_listed(small_plan):
    """Which ones, and why."""
    found = _played(small_plan).failures

    assert found["run"].tolist() == list(FAILING)
    assert found["kind"].tolist() == ["ArithmeticError"] * 3
    assert found["message"].tolist() == ["lost count", "lost count", "run 22 has no end"]


@pytest.mark.usefixtures("_some_fail")
def test_the_other_runs_are_what_they_are(small_plan, small_results):
    """Row for row; a failed one has no outcome."""
    rows = _played(small_plan).outcomes
    others = ~rows["run"].isin(FAILING)

    assert rows[others].equals(small_results.outcomes[others])
    assert rows.loc[~others, "outcome"].isna().all()


@pytest.mark.usefixtures("_some_fail")
def test_estimates_leave_them_out(small_plan):
    """They rest on the runs that ended."""
    held = _played(small_plan).summary().set_index("quantity").loc["held"]

    assert held["n"] == small_plan.run.replications - len(FAILING)


@pytest.mark.usefixtures("_some_fail")
def test_the_warning_groups_them_by_what_went_wrong(small_plan):
    """With how many there are of each, and which runs."""
    said = r"3 of 30 runs failed .* 2 with ArithmeticError: lost count \(runs 3, 17\); 1 with"
    with pytest.warns(RunsFailedWarning, match=said):
        sim.run(small_plan, engine="simpy", workers=1, progress=False)


@pytest.mark.usefixtures("_some_fail")
def test_they_are_in_the_folder_and_come_back_from_it(small_plan, tmp_path):
    """As a table of their own."""
    played = _played(small_plan, out=tmp_path / "out")
    read = sim.read(tmp_path / "out")

    assert read.failed == played.failed
    assert (tmp_path / "out" / "failures.csv").is_file()
    assert "failures.csv" in json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]


@pytest.mark.usefixtures("_all_fail")
def test_a_batch_of_nothing_but_failures_gives_up(small_plan, tmp_path):
    """And leaves no folder behind."""
    with pytest.raises(RunsFailedError, match="lost count"):
        sim.run(small_plan, engine="simpy", workers=1, progress=False, out=tmp_path / "out")

    assert not (tmp_path / "out").exists()
