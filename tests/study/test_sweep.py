"""Sweeps: many points on the same luck, in one table, in a folder that can be gone on with.

False alarms: 1e-9 for a share that is held against a binomial; all seeds are fixed.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from reliability.attack import tree
from scipy import stats
from worlds import FALSE_ALARM_RATE, constant, world

import sim
from sim.results.manifest import ChangedError, kind_of
from sim.study.points.asked_points import vary_of
from sim.study.points.sweep import open_sweep, resume_sweep, sweep
from sim.study.points.varied import Varied
from sim.study.run import RunawayWarning

YES = "actors.one.yes_probability"
QUIET = "crisis.quiet_hours"
RUNS = 2_000
CHANCES = [0.1, 0.5, 0.9]
QUIETLY = {"progress": False, "workers": 1}


def deciding():
    """Return a world with one crisis in each run, and one decider who is asked once."""
    return world(
        run={"horizon_days": 5.0, "seed": 3},
        violations={"process": "replay", "recorded": {"hours": [1.0]}, "incidents_per_day": 0.0},
        levels={"fighting": {"spell": constant(2.0)}},
        crisis={"quiet_hours": 100.0},
        steps={"warning": {"deciders": ["one"], "deadline_hours": 6.0}},
        actors={"one": {"yes_probability": 0.5}},
    )


@pytest.fixture(scope="module")
def shares():
    """A sweep over how likely the only decider says yes."""
    return sweep(deciding(), {YES: CHANCES}, replications=RUNS, **QUIETLY)


@pytest.fixture(scope="module")
def small(small_plan, tmp_path_factory):
    """A sweep of the small world over two values, in a folder."""
    vary = {QUIET: [6, 24], "crisis.threshold_level": ["shelling", "assault"]}
    folder = tmp_path_factory.mktemp("sweep") / "small"
    return sweep(small_plan, vary, replications=20, out=folder, **QUIETLY)


@pytest.mark.parametrize("case", range(len(CHANCES)))
def test_a_single_decider_says_yes_as_often_as_a_binomial(shares, case):
    """The share of runs with the step in force is that of so many independent votes."""
    row = shares.outcome("warning.in_force").iloc[case]
    count = round(row["estimate"] * RUNS)

    assert stats.binomtest(count, RUNS, CHANCES[case]).pvalue > FALSE_ALARM_RATE


def test_whoever_says_yes_at_a_lower_chance_does_at_a_higher_one(shares):
    """All points have the same luck, run by run."""
    rows = shares.results.outcomes
    yes = [
        rows[rows["case"] == case]["warning_first_hours"].notna().to_numpy() for case in range(3)
    ]

    assert all((~one | more).all() for one, more in pairwise(yes))


def test_a_difference_is_taken_run_by_run(shares):
    """It is that of the shares, and its interval is narrower than with luck of its own."""
    found = shares.differences(reference_case=1).query("quantity == 'warning.in_force'")
    estimates = shares.outcome("warning.in_force")["estimate"]

    assert found["case"].tolist() == [0, 2]
    assert found["difference"].tolist() == pytest.approx(
        [estimates[0] - estimates[1], estimates[2] - estimates[1]]
    )
    assert (found["variance_reduction"] > 1.1).all()


def test_a_point_is_the_run_of_its_scenario(small):
    """The rows of a case are those of the scenario at that point, played alone."""
    alone = sim.run(small.at(2), 20, progress=False).outcomes
    rows = small.results.outcomes
    mine = rows[rows["case"] == 2].drop(columns="case").reset_index(drop=True)

    assert mine.equals(alone)


def test_a_point_has_the_estimates_of_its_scenario(small):
    """The table's rows are those of the summary of that run."""
    alone = sim.run(small.at(1), 20, progress=False).summary().drop(columns="question")
    columns = list(alone.columns)
    mine = small.table[small.table["case"] == 1][columns].reset_index(drop=True)

    assert mine.equals(alone)


def test_the_table_is_tidy(small):
    """Case, what varies, and what is estimated; one row for each quantity of each point."""
    expected = ["case", QUIET, "crisis.threshold_level", "quantity", "meaning", "estimate", "low"]

    assert list(small.table.columns) == [*expected, "high", "unit", "method", "n"]
    assert not small.table.duplicated(["case", "quantity"]).any()
    assert small.cases["case"].tolist() == [0, 1, 2, 3]


def test_only_the_outcomes_that_are_asked_for(small_plan):
    """They are in the table in that order, and nothing else is."""
    names = ["crises", "collapsed"]
    found = sweep(small_plan, {QUIET: [6, 24]}, replications=5, outcomes=names, **QUIETLY)

    assert found.table["quantity"].tolist() == names * 2


def test_an_outcome_that_is_none_is_refused(small_plan):
    """With the one that was probably meant."""
    with pytest.raises(ValueError, match=r'is "crise".*did you mean "crises"'):
        sweep(small_plan, {QUIET: [6]}, outcomes=["crise"], **QUIETLY)


def test_what_is_in_a_folder_is_opened_again(small):
    """The same table, cases and differences."""
    again = open_sweep(small.folder)

    assert again.table.equals(small.table)
    assert again.differences().equals(small.differences())
    assert kind_of(small.folder) == "sweep"


def test_a_folder_of_something_else_is_no_sweep(small_plan, tmp_path):
    """It says what it is of."""
    sim.run(small_plan, 5, out=tmp_path / "run", progress=False)

    with pytest.raises(ValueError, match="holds a run, must be the folder of a sweep"):
        open_sweep(tmp_path / "run")


def test_more_runs_of_each_point_are_the_same_as_so_many_at_once(small_plan, tmp_path):
    """Byte for byte."""
    vary = {QUIET: [6, 24], "crisis.threshold_level": ["shelling", "assault"]}
    longer, whole = tmp_path / "longer", tmp_path / "whole"
    sweep(small_plan, vary, replications=20, out=longer, **QUIETLY)
    resume_sweep(longer, 30, progress=False)
    sweep(small_plan, vary, replications=30, out=whole, **QUIETLY)

    assert tree(longer) == tree(whole)


def test_whoever_plays_the_same_comes_out(small, small_plan, tmp_path):
    """Two threads of an executor, and the same bytes."""
    vary = {QUIET: [6, 24], "crisis.threshold_level": ["shelling", "assault"]}
    with ThreadPoolExecutor(2) as executor:
        how = {"executor": executor, "workers": 2, "out": tmp_path / "out", "progress": False}
        sweep(small_plan, vary, replications=20, **how)

    assert tree(tmp_path / "out") == tree(small.folder)


def test_other_points_do_not_go_on_with_these(small, small_plan):
    """The folder is left as it is, and the difference is said."""
    vary = {QUIET: [6, 25], "crisis.threshold_level": ["shelling", "assault"]}

    with pytest.raises(ChangedError, match="cases"):
        sweep(small_plan, vary, replications=20, out=small.folder, resume=True, **QUIETLY)


def test_a_wrong_point_is_found_before_anything_is_played(small_plan, tmp_path):
    """The point and its values are named, and there is no folder."""
    with pytest.raises(sim.ScenarioError, match=r"points:2:1: crisis\.quiet_hours: is -1"):
        sweep(small_plan, {QUIET: [6, -1]}, out=tmp_path / "out", **QUIETLY)

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"design": "squares"}, 'design: is "squares", must be one of grid, sobol, lhs'),
        ({"design": "sobol"}, "points: is missing"),
        ({"design": "sobol", "points": 6}, "must be a power of two"),
        ({"points": 4}, "must be left out: a grid has all combinations"),
    ],
)
def test_a_design_that_cannot_be_is_refused(small_plan, given, said):
    """The message says what is allowed."""
    with pytest.raises(ValueError, match=said):
        sweep(small_plan, {QUIET: [6, 24]}, **given, **QUIETLY)


def test_a_range_needs_a_design_that_spreads_points(small_plan):
    """On a grid it is refused; Sobol points lie within it."""
    found = sweep(small_plan, {QUIET: (6, 24)}, design="sobol", points=8, replications=2, **QUIETLY)
    with pytest.raises(ValueError, match="has a range, must have values"):
        sweep(small_plan, {QUIET: (6, 24)}, **QUIETLY)

    assert found.cases[QUIET].between(6, 24).all()
    assert found.cases[QUIET].nunique() == 8


def test_what_varies_is_said_in_several_ways(small_plan):
    """Texts of the command line, lists, ranges of numbers and arrays are the same thing."""
    as_texts = vary_of(small_plan, [f"{QUIET}=6:24:4"])
    as_list = vary_of(small_plan, {QUIET: [6, 12, 18, 24]})
    as_array = vary_of(small_plan, {QUIET: np.array([6, 12, 18, 24])})

    assert as_texts == as_list == as_array == vary_of(small_plan, {QUIET: "6:24:4"})
    assert vary_of(small_plan, as_list) == as_list
    assert vary_of(small_plan, f"{QUIET}=6:24") == (Varied(QUIET, low=6, high=24),)


def test_a_list_can_vary(small_plan):
    """Who decides is a list; in the table it is text."""
    who = [["capital"], ["capital", "allies"]]
    found = sweep(small_plan, {"steps.warning.deciders": who}, replications=3, **QUIETLY)

    assert found.cases["steps.warning.deciders"].tolist() == [
        '["capital"]',
        '["capital", "allies"]',
    ]
    assert list(found.at(1).steps["warning"].deciders) == who[1]


def test_levels_and_steps_are_the_same_at_all_points(small_plan):
    """Or their rows would not fit into one table."""
    another = {"other": {"deciders": ["capital"]}}

    with pytest.raises(ValueError, match="point 1 has other levels or steps"):
        sweep(small_plan, {"steps": [another]}, **QUIETLY)


def test_runaways_are_told_with_their_point(small_plan):
    """How many, and where most of them are."""
    vary = {"run.most_violations": [5, 100_000]}

    with pytest.warns(RunawayWarning, match=r"30 runs at 1 of 2 points.*most_violations = 5\)"):
        sweep(small_plan, vary, replications=30, **QUIETLY)


def test_a_sweep_shows_itself_in_a_notebook(small):
    """As a table, with what it rests on."""
    html = small._repr_html_()

    assert "not a forecast" in html
    assert "it collapses" in html
    assert repr(small).startswith("<Sweep of 'A small world' over crisis.quiet_hours")


@pytest.fixture(scope="module")
def killed():
    """What came of sweeps, sensitivity analyses and studies that were killed and resumed."""
    line = [sys.executable, str(Path(__file__).with_name("killing.py")), "6"]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=400)
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", ["sweep", "sensitivity", "study"])
def test_killed_and_resumed_is_as_if_left_alone(killed, kind):
    """Whichever file was about to get its place: the same bytes in the end."""
    assert killed[kind]["files"] > 10
    assert killed[kind]["harmed"] == []
