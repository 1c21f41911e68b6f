"""Comparing plans: what the others change against the first, on the same luck.

Statistical tests have a false-alarm rate of 1e-9 each, on fixed seeds.
"""

import json
import math
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from made_up_outcomes import made_up
from scipy import stats
from worlds import FALSE_ALARM_RATE, SIGMAS, exponential, world

import sim
from sim.model.words import OUTCOMES
from sim.results.batch import Batch
from sim.results.folder import DamagedError
from sim.results.locking import LockedError, locked
from sim.results.manifest import ChangedError
from sim.results.parts import Parts
from sim.results.results import Results
from sim.study.comparing.compare import compare, plans_of
from sim.study.comparing.compared_folder import open_comparison
from sim.study.comparing.comparison import Comparison
from sim.study.comparing.main_outcomes import main_outcomes
from sim.study.comparing.plan_labels import names_for_files, plan_labels
from sim.study.playing.stopping import NotPreciseWarning
from sim.study.resuming import resume

RUNS = 300
YES, OTHER_YES = 0.3, 0.6
SMALL_WORLD = Path(__file__).parents[1] / "small_world.toml"
FIGHTING = ["held", "collapsed", "incidents", "attacks", "fighting_hours", "hours_expanded"]


@pytest.fixture(scope="module")
def weaker(small_plan):
    """The small world with a warning that does less."""
    return small_plan.with_(("steps.warning.effect.incidents", 0.95))


@pytest.fixture(scope="module")
def found(small_plan, weaker):
    """A comparison of three plans."""
    stronger = small_plan.with_(("steps.force.effect.collapse", 0.1))
    plans = {"plan": small_plan, "weaker": weaker, "stronger": stronger}
    return compare(plans, RUNS, seed=3, workers=1, progress=False)


def rows(comparison, plan=None):
    """Return the differences of a plan, by their names."""
    table = comparison.differences()
    return table[table.plan == (plan or comparison.labels[1])].set_index("quantity")


def played(folder):
    """Return every file of a folder but locks, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_a_plan_beside_itself_differs_nowhere(small_plan):
    """All differences are 0 to the last bit; shares have an interval around it all the same."""
    same = compare((small_plan, small_plan), RUNS, workers=1, progress=False)
    table = rows(same)
    held = table.loc["held"]

    assert (table.difference.dropna() == 0).all()
    assert (table.runs_that_differ == 0).all()
    assert held.low < 0 < held.high
    assert set(same.moves().query("`from` != to").runs) == {0}
    assert "every run ends the same under A as under B" in same.answer()


def test_a_step_without_effect_changes_no_fighting(small_plan):
    """Whoever decides otherwise on a step that does nothing has the same war, run by run."""
    effects = ("warning.effect.stop", "warning.effect.incidents", "force.effect.stop")
    effects += ("force.effect.expand", "force.effect.collapse")
    idle = small_plan.with_(
        *((f"steps.{one}", 1.0) for one in effects), ("steps.force.provoke_probability", 0.0)
    )
    never = idle.with_(("actors.capital.yes_probability", 0.05))
    table = rows(compare((idle, never), RUNS, workers=1, progress=False))

    assert (table.loc[FIGHTING].runs_that_differ == 0).all()
    assert (table.loc[FIGHTING].difference == 0).all()
    assert table.loc["warning.on_time"].difference < 0


@cache
def deciding(yes_probability):
    """Return a world in which, in each run, somebody is asked exactly once."""
    return world(
        run={"horizon_days": 5.0},
        violations={"incidents_per_day": 20.0},
        crisis={"threshold_incidents": 1, "quiet_hours": 1000.0},
        steps={"response": {"deciders": ["decider"]}},
        actors={"decider": {"decision": exponential(1.0), "yes_probability": yes_probability}},
    )


def test_the_same_luck_gives_the_difference_of_two_thresholds_its_closed_form():
    """Who says yes at 0.3 says yes at 0.6 too: in 0.3 of all runs it differs, always the same way.

    The variance of separate luck over that of the same is (p q + p' q') / (d (1 - d)), d = p' - p.
    """
    runs, more = 20_000, OTHER_YES - YES
    plans = deciding(YES), deciding(OTHER_YES)
    row = rows(compare(plans, runs, seed=5, workers=1, progress=False)).loc["response.in_force"]
    error = math.sqrt(more * (1 - more) / runs)
    gain = (YES * (1 - YES) + OTHER_YES * (1 - OTHER_YES)) / (more * (1 - more))

    assert row.runs_that_differ == round(row.difference * runs)
    assert abs(row.difference - more) < SIGMAS * error
    assert row.variance_reduction == pytest.approx(gain, rel=0.05)
    assert row.low < row.difference < row.high


def test_differences_are_those_of_the_two_summaries(found):
    """On the same runs, the estimate under the other plan less that under the first."""
    for label, results in zip(found.labels[1:], found.results[1:], strict=True):
        first, other = (
            one.summary().set_index("quantity").estimate for one in (found.results[0], results)
        )
        table = rows(found, label)

        assert np.allclose(table["first"], first[table.index], equal_nan=True)
        assert np.allclose(table["other"], other[table.index], equal_nan=True)
        assert np.allclose(table.difference, (other - first)[table.index], equal_nan=True)


def test_the_results_are_those_of_each_plan_run_alone(found, weaker):
    """Nothing is known of the others while a plan is played."""
    alone = sim.run(weaker, RUNS, 3, workers=1, progress=False)

    assert found.results[1].outcomes.equals(alone.outcomes)
    assert found.results[1].run_id == alone.run_id


def test_all_plans_get_the_seed_and_the_runs_of_the_first(small_plan):
    """Unless they are given."""
    other = small_plan.with_(("run.seed", 99), ("run.replications", 5))
    plans = plans_of((small_plan, other))

    assert [one.seed for one in plans.batches] == [small_plan.run.seed] * 2
    assert [one.replications for one in plans.batches] == [small_plan.run.replications] * 2


def test_several_plans_get_intervals_that_are_wider_to_hold_together(found):
    """Those of a level of 1 - 0.05 / 2 each, where two are held against a first."""
    table, wider = found.differences(), found.differences(level=0.975)

    assert table.simultaneous_low.equals(wider.low.rename("simultaneous_low"))
    assert table.simultaneous_high.equals(wider.high.rename("simultaneous_high"))


def test_one_other_plan_needs_no_wider_interval(small_plan, weaker):
    """There is nothing that it has to hold together with."""
    table = compare((small_plan, weaker), 50, workers=1, progress=False).differences()

    assert table.low.equals(table.simultaneous_low.rename("low"))


def made_up_results(plan, outcome, seed=1):
    """Return results of runs that nobody played, which ended so."""
    table = made_up(plan, len(outcome), outcome=np.array(OUTCOMES)[outcome])
    parts = Parts("outcomes", table.schema, [table])
    return Results(Batch(plan, seed, len(outcome)), parts, Parts("crises", pa.schema([]), []))


def test_simultaneous_intervals_hold_together_as_often_as_they_say(small_plan):
    """Of 500 comparisons of four plans whose truth is known, at most 5 % miss any of the three."""
    generator, runs, comparisons = np.random.default_rng(4), 400, 500
    shares = np.array([0.30, 0.25, 0.20, 0.30])
    missed = 0
    for _ in range(comparisons):
        luck, own = generator.random(runs), generator.random((4, runs))
        # Half of the runs share their luck, the others have their own under each plan.
        mixed = np.where(np.arange(runs) % 2 == 0, luck, own)
        ended = (mixed < shares[:, np.newaxis]).astype(int)
        made = Comparison.of(
            *(made_up_results(small_plan, one) for one in ended), outcomes=["collapsed"]
        )
        table, truth = made.differences(), shares[1:] - shares[0]
        inside = (table.simultaneous_low <= truth) & (truth <= table.simultaneous_high)
        missed += not inside.all()

    assert missed <= stats.binom.isf(FALSE_ALARM_RATE, comparisons, 0.05)
    assert missed > 0


def test_results_of_another_seed_are_not_paired_and_that_is_said(small_plan, weaker):
    """The intervals are then those of two separate samples."""
    results = [
        sim.run(one, RUNS, seed, workers=1, progress=False)
        for one, seed in ((small_plan, 1), (weaker, 2))
    ]
    apart = Comparison.of(*results)
    table = rows(apart)

    assert set(table.paired) == {"not paired"}
    assert {"Newcombe", "Welch", "square-and-add"} <= set(table.method)
    assert table.variance_reduction.isna().all()
    assert table.runs_that_differ.isna().all()
    assert "not paired: each plan had luck of its own, 300, 300 runs" in apart.answer()
    assert apart.moves().empty
    with pytest.raises(ValueError, match="is not paired with"):
        apart.which_runs()
    with pytest.raises(ValueError, match="seed: is not the same"):
        apart.explain(0)


def test_results_of_another_number_of_runs_are_not_paired(small_plan, weaker):
    """Although the first of them have the same luck."""
    results = [
        sim.run(one, runs, 1, workers=1, progress=False)
        for one, runs in ((small_plan, 100), (weaker, 80))
    ]

    assert not Comparison.of(*results).is_paired


def test_unpaired_intervals_of_shares_are_newcombes():
    """His example: 56 of 70 less 48 of 80 is 0.2000, from 0.0524 to 0.3339 (1998, table II, 10)."""
    from sim.results.moments import Moments
    from sim.results.unpaired import unpaired_difference

    moments = [
        Moments.of((np.arange(n) < k).astype(float), np.ones(n)) for k, n in ((56, 70), (48, 80))
    ]
    value = unpaired_difference("share of runs", *moments)

    assert [round(one, 4) for one in value[:3]] == [0.2, 0.0524, 0.3339]


def test_unpaired_intervals_of_means_are_welchs():
    """As SciPy computes them, but with whole degrees of freedom, which are fewer."""
    from sim.results.moments import Moments
    from sim.results.unpaired import unpaired_difference

    generator = np.random.default_rng(1)
    ours, theirs = generator.normal(1, 1, 40), generator.normal(0, 3, 60)
    moments = [Moments.of(one, np.ones(len(one))) for one in (ours, theirs)]
    value = unpaired_difference("mean over runs", *moments)
    expected = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)

    assert value[1:3] == pytest.approx(tuple(expected), rel=1e-3)
    assert value.low <= expected.low <= expected.high <= value.high


def test_the_moves_are_counted_run_by_run(found):
    """From each ending under the first plan to each under another; none is lost."""
    first, other = (one.outcomes.outcome.astype(str) for one in found.results[:2])
    moves = found.moves()
    of_weaker = moves[moves.plan == "weaker"].set_index(["from", "to"]).runs

    assert of_weaker.sum() == RUNS
    assert of_weaker["held", "collapsed"] == ((first == "held") & (other == "collapsed")).sum()
    assert of_weaker["collapsed", "held"] == ((first == "collapsed") & (other == "held")).sum()


def test_the_runs_that_move_are_named_and_explained(found):
    """They hold under the one plan and collapse under the other, as the story tells too."""
    runs = found.which_runs("collapsed", "held", "stronger", most=3)
    outcomes = [one.outcomes.outcome for one in found.results]

    assert 0 < len(runs) <= 3
    assert all(outcomes[0][run] == "collapsed" and outcomes[2][run] == "held" for run in runs)
    parted = found.explain(runs[0])[1]
    assert parted.other.label == "stronger"
    assert "it collapses" in parted.first.end_in_words()
    assert "holds" in parted.other.end_in_words()


def test_the_answer_says_which_plan_holds_more_often_and_by_how_much():
    """With the interval, the pairing, and that it rests on assumptions."""
    plan = sim.load(SMALL_WORLD)
    without = plan.with_(("attack.per_year", 0.0), ("title", "No attacks"))
    said = compare((plan, without), RUNS, workers=1, progress=False).answer()

    assert said.startswith("On these assumptions, the ceasefire holds more often under No attacks")
    assert "than under A small world" in said
    assert "paired: the same luck under each plan, 300 runs of each" in said


def test_the_answer_of_runs_that_were_cut_off_is_not_to_be_relied_on(small_plan):
    """What looks like a ceasefire that breaks may be only the limit."""
    cut = small_plan.with_(("run.most_violations", 2))
    with pytest.warns(sim.study.run.RunawayWarning):
        said = compare({"a": cut, "b": small_plan}, 20, workers=1, progress=False).answer()

    assert "Not to be relied on: under a, " in said
    assert "Not to be relied on: under b, " not in said


def test_one_run_is_counted_as_one(small_plan, weaker):
    """Not as several."""
    said = compare((small_plan, weaker), 1, workers=1, progress=False).answer()

    assert "under each plan, 1 run of each" in said


def test_the_answer_names_the_best_of_several_plans(small_plan):
    """And those that cannot be told apart from it."""
    ends = np.random.default_rng(1).random(900)
    made = Comparison.of(
        *(made_up_results(small_plan, (ends < share).astype(int)) for share in (0.5, 0.2, 0.199)),
        labels=("bad", "good", "as good"),
    )
    said = made.answer()

    assert "holds most often under" in said
    assert "points more than under bad" in said
    assert "Not to be told apart from it:" in said
    assert "hold together for all 3 pairs of plans" in said


def test_plans_are_called_by_what_differs_where_titles_are_the_same(small_plan, weaker):
    """The first keeps its title; where nothing differs there are letters."""
    other_title = small_plan.with_(("title", "Another"))

    assert plan_labels((small_plan, weaker, other_title)) == (
        "A small world",
        "steps.warning.effect.incidents = 0.95",
        "Another",
    )
    assert plan_labels((small_plan, small_plan)) == ("A", "B")


def test_names_for_files_are_safe_and_not_the_same():
    """Whatever plans are called."""
    assert names_for_files(["../a", "A?", "..", "ü"]) == ("a", "a-2", "plan", "plan-2")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"labels": ["one"]}, "labels: are 1, must be 2"),
        ({"labels": ["one", "one"]}, 'labels: "one" is there twice'),
        ({"labels": ["one", " "]}, "labels: one is ' '"),
        ({"outcomes": ["helt"]}, 'did you mean "held"'),
        ({"outcomes": []}, "outcomes: are none"),
        ({"until": "helt ± 0.1"}, 'did you mean "held"'),
        ({"until": "much"}, "--until: is 'much'"),
        ({"engine": "fast"}, 'engine: is "fast"'),
    ],
)
def test_what_cannot_be_is_refused(small_plan, weaker, words, message):
    """With what is allowed."""
    with pytest.raises(ValueError, match=message):
        compare((small_plan, weaker), 10, progress=False, **words)


def test_plans_without_their_brackets_are_refused_with_what_to_write(small_plan, weaker):
    """As somebody types it the first time."""
    with pytest.raises(TypeError, match=r"must be several in brackets: sim.compare\(\[one, other"):
        sim.compare(small_plan, weaker)


def test_plans_that_are_watched_for_different_times_are_refused(small_plan):
    """Who is watched for longer sees more."""
    longer = small_plan.with_(("run.horizon_days", 30.0))

    with pytest.raises(ValueError, match=r"run\.horizon_days: are 20, 30, must be the same"):
        compare((small_plan, longer), 10, progress=False)


def test_one_plan_is_no_comparison(small_plan, small_results):
    """It takes two."""
    with pytest.raises(ValueError, match="scenarios: are 1"):
        compare((small_plan,), 10, progress=False)
    with pytest.raises(ValueError, match="results: are 1"):
        Comparison.of(small_results)


def test_only_what_was_asked_for_is_compared(small_plan, weaker):
    """And shown."""
    some = compare((small_plan, weaker), 20, outcomes=["crises"], workers=1, progress=False)

    assert list(some.differences().quantity) == ["crises"]
    assert list(main_outcomes(some).quantity) == ["crises"]


def test_a_notebook_shows_the_answer_and_the_main_differences(found):
    """As a table."""
    shown = found._repr_html_()

    assert "On these assumptions" in shown
    assert "not a forecast" in shown
    assert "<table" in shown
    assert repr(found).startswith("<Comparison of 3 plans: plan | weaker | stronger: paired")


UNTIL = "collapsed ± 0.07"


def test_runs_go_on_until_the_difference_is_as_precise_as_asked_for(small_plan, weaker):
    """Not a look further, the same in memory and in a folder, and the rule is said."""
    found = compare((small_plan, weaker), until=UNTIL, workers=1, progress=False)
    (said,) = found.precision()
    runs = found.results[0].replications

    assert 1000 <= runs < 10_000
    assert found.results[1].replications == runs
    assert "collapsed under steps.warning.effect.incidents = 0.95 less that under" in said
    assert "enough, by an interval that holds however often one looked" in said


def test_a_precision_that_is_not_reached_is_warned_of(small_plan, weaker):
    """The most runs that are allowed are played, and what they give is there."""
    with pytest.warns(NotPreciseWarning, match="not enough yet"):
        found = compare(
            (small_plan, weaker), 1100, until="held ± 0.0001", workers=1, progress=False
        )

    assert found.results[0].replications == 1100
    assert "not enough yet" in found.precision()[0]


def test_a_folder_gives_back_what_was_compared(found, tmp_path):
    """Saved in one piece or played into it, every byte is the same."""
    plans = dict(zip(found.labels, found.scenarios, strict=True))
    found.save(tmp_path / "saved")
    compare(plans, RUNS, seed=3, workers=1, progress=False, out=tmp_path / "played")
    again = open_comparison(tmp_path / "saved")

    assert played(tmp_path / "saved") == played(tmp_path / "played")
    assert again.differences().equals(found.differences())
    assert again.answer() == found.answer()
    assert again.labels == found.labels
    assert (tmp_path / "saved" / "answer.txt").read_text().startswith(found.answer())


def test_each_plan_in_the_folder_is_results_of_its_own(found, tmp_path):
    """They open as any results do."""
    from sim.results.saving import opened

    found.save(tmp_path / "out")
    alone = opened(tmp_path / "out" / "plans" / "weaker")

    assert alone.outcomes.equals(found.results[1].outcomes)


def test_a_folder_with_something_in_it_is_not_written_over(found, tmp_path):
    """Neither by saving nor by playing."""
    found.save(tmp_path / "out")
    before = played(tmp_path / "out")

    with pytest.raises(FileExistsError):
        found.save(tmp_path / "out")
    with pytest.raises(FileExistsError, match="must be a new or empty folder"):
        compare(found.scenarios, RUNS, progress=False, out=tmp_path / "out")
    assert played(tmp_path / "out") == before


def test_another_plan_is_refused_with_what_differs(found, weaker, tmp_path):
    """And the folder is left as it is."""
    found.save(tmp_path / "out")
    before = played(tmp_path / "out")
    plans = dict(zip(found.labels, found.scenarios, strict=True))
    other = plans | {"weaker": weaker.with_(("steps.warning.deadline_hours", 7.0))}
    words = {"out": tmp_path / "out", "resume": True, "workers": 1, "progress": False}

    with pytest.raises(ChangedError, match=r"deadline_hours: is 6.0 there, 7.0 now"):
        compare(other, RUNS, seed=3, **words)
    with pytest.raises(ChangedError, match="seed: is 3 there, 4 now"):
        compare(plans, RUNS, seed=4, **words)
    with pytest.raises(ChangedError, match="labels: is"):
        compare(plans, RUNS, seed=3, labels=("a", "b", "c"), **words)
    assert played(tmp_path / "out") == before


def test_a_comparison_that_is_there_is_not_played_again(found, tmp_path):
    """Resumed, it is opened."""
    found.save(tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.parquet")}
    resume(tmp_path / "out", workers=1, progress=False)

    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_what_is_damaged_is_seen_and_computed_again(found, tmp_path):
    """A table by itself, or a plan's rows."""
    folder = found.save(tmp_path / "out")
    before = played(folder)
    (folder / "differences.csv").write_text("nothing")
    with pytest.raises(DamagedError, match=r"differences\.csv"):
        open_comparison(folder)
    resume(folder, workers=1, progress=False)
    assert played(folder) == before

    (part,) = (folder / "plans" / "plan" / "outcomes").glob("*.parquet")
    part.write_bytes(b"nothing")
    with pytest.raises(DamagedError):
        open_comparison(folder)
    with pytest.warns(sim.study.run.RecomputedWarning):
        resume(folder, workers=1, progress=False)
    assert played(folder) == before


def test_a_manifest_that_was_changed_is_not_believed(found, tmp_path):
    """It says itself what it was."""
    folder = found.save(tmp_path / "out")
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(told | {"labels": ["x", "y", "z"]}))

    with pytest.raises(DamagedError, match="cannot be read"):
        open_comparison(folder)


def test_a_run_alone_is_no_comparison_folder(small_results, tmp_path):
    """Nor is an empty one."""
    small_results.save(tmp_path / "run")

    with pytest.raises(DamagedError):
        open_comparison(tmp_path / "run")
    with pytest.raises(FileNotFoundError, match="is no folder of a comparison"):
        open_comparison(tmp_path)


def test_another_program_in_the_folder_is_waited_for(found, tmp_path):
    """One at a time."""
    folder = found.save(tmp_path / "out")

    with locked(folder), pytest.raises(LockedError):
        resume(folder, progress=False)


def test_an_extension_gives_what_more_runs_at_once_give(small_plan, weaker, tmp_path):
    """The runs that are there are not played again."""
    plans = {"a": small_plan, "b": weaker}
    words = {"workers": 1, "progress": False}
    compare(plans, 100, out=tmp_path / "long", **words)
    resume(tmp_path / "long", 250, **words)
    compare(plans, 250, out=tmp_path / "once", **words)

    assert played(tmp_path / "long") == played(tmp_path / "once")


KILLED = """
import sys
import sim
from sim.study.comparing.compare import compare

plan = sim.load(sys.argv[1])
plans = {"a": plan, "b": plan.with_(("steps.warning.effect.incidents", 0.95))}
more = {"until": sys.argv[3]} if len(sys.argv) > 3 else {"replications": 3000}
compare(plans, out=sys.argv[2], resume=True, workers=1, progress=False, **more)
"""


@pytest.mark.parametrize("more", [(), (UNTIL,)], ids=["so many runs", "until it is enough"])
def test_killed_three_times_and_resumed_it_gives_the_same_bytes(small_world, tmp_path, more):
    """Killed without warning once a file is there: of the whole, of one plan, of the other."""
    line = [sys.executable, "-c", KILLED, str(small_world)]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    root = Path(__file__).parents[2]
    subprocess.run([*line, str(whole), *more], check=True, cwd=root, timeout=400)
    codes = []
    for moment in ("manifest.json", "plans/a/manifest.json", "plans/b/manifest.json"):
        with subprocess.Popen([*line, str(killed), *more], cwd=root) as running:
            while not (killed / moment).exists() and running.poll() is None:
                os.sched_yield()
            running.send_signal(signal.SIGKILL)
        codes.append(running.returncode)
    resume(killed, workers=1, progress=False)

    assert -signal.SIGKILL in codes
    assert played(killed) == played(whole)
