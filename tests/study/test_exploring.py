import os
import sys
import threading

import numpy as np
import pytest

import sim
from sim.study.exploring.asked_plans import Asked, Base, Screen, bases_of, with_other
from sim.study.exploring.known_runs import Kept, Known, Players, next_parting

LATER = ("steps.force.not_before_hours", "24")


@pytest.fixture
def players():
    """Two threads that play."""
    found = Players(2)
    yield found
    found.close()


def _play(players, plans, until, stop=None):
    stop = np.zeros(1, np.bool_) if stop is None else stop
    for known, futures in zip(plans, players.begin(plans, until, stop), strict=True):
        known.add([one.result() for one in futures])


def _screen(small_world, *typed, runs=50, seed=3):
    base = bases_of(small_world)[0]
    return Screen((Asked(base), Asked(base, typed)), runs, seed)


def test_what_grew_is_what_a_run_of_as_many_gives(players, small_plan):
    """In chunks or at once, they are the same runs, and the estimates the same numbers."""
    known = Kept().of(small_plan, 5)
    for until in (3, 17, 60):
        _play(players, [known], until)
    found = known.results(60, small_plan)
    whole = sim.run(small_plan, 60, 5, workers=1, progress=False)

    assert found.outcomes.equals(whole.outcomes)
    assert found.summary().equals(whole.summary())


def test_fewer_runs_than_are_known_are_the_first_ones(players, small_plan):
    """Who goes back sees what was there, and nothing of what came later."""
    known = Kept().of(small_plan, 5)
    _play(players, [known], 60)
    found = known.results(20, small_plan)
    whole = sim.run(small_plan, 20, 5, workers=1, progress=False)

    assert found.summary().equals(whole.summary())
    assert found.crises["run"].max() < 20


def test_nothing_is_played_twice(players, small_plan):
    """Of what is known there is nothing left to hand out."""
    known = Kept().of(small_plan, 5)
    _play(players, [known], 30)

    assert list(known.tasks(30, 2)) == []
    assert [task.span.start for task in known.tasks(34, 2)] == [30]


def test_pieces_get_smaller_until_there_is_nothing_left(small_plan):
    """The last ones are so small that nobody waits long for whoever has begun last."""
    known = Known(small_plan, 5)
    spans = [task.span for task in known.tasks(1000, 2)]
    sizes = [span.runs for span in spans]

    assert [span.start for span in spans] == [0, *(span.stop for span in spans[:-1])]
    assert spans[-1].stop == 1000
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 250
    assert sizes[-3:-1] == [8, 8]
    assert sizes[-1] <= 8


@pytest.mark.skipif(sys.platform != "linux", reason="threads differ in this on Linux alone")
def test_who_plays_gives_way_to_who_draws(small_plan):
    """The thread that hands out keeps its place, and those that play stand behind it."""
    players, others = Players(1), set(threading.enumerate())
    before = os.getpriority(os.PRIO_PROCESS, 0)
    _play(players, [Kept().of(small_plan, 5)], 3)
    (thread,) = set(threading.enumerate()) - others
    behind = os.getpriority(os.PRIO_PROCESS, thread.native_id)
    players.close()

    assert behind > before == os.getpriority(os.PRIO_PROCESS, 0)


def test_runs_that_do_not_follow_are_left(players, small_plan):
    """What two who look on have both played is taken once."""
    known = Kept().of(small_plan, 5)
    first, second = (
        [one.result() for one in players.begin([known], 20, np.zeros(1, np.bool_))[0]] for _ in "12"
    )
    known.add(first)
    known.add(second)

    assert known.runs == 20


def _handed_out(players, known, until):
    return [one.result() for one in players.begin([known], until, np.zeros(1, np.bool_))[0]]


def test_runs_that_another_one_played_meanwhile_are_cut_off(players, small_plan):
    """Two who look on share what is known, and one's pieces may begin among the other's runs."""
    known = Kept().of(small_plan, 5)
    longer, shorter = (_handed_out(players, known, until) for until in (60, 13))
    known.add(shorter)
    known.add(longer)
    found = known.results(60, small_plan)
    whole = sim.run(small_plan, 60, 5, workers=1, progress=False)

    assert known.runs == 60
    assert found.outcomes.equals(whole.outcomes)
    assert found.summary().equals(whole.summary())


def test_more_runs_than_are_known_are_not_claimed(players, small_plan):
    """Whoever asks for them has made a mistake."""
    known = Kept().of(small_plan, 5)
    _play(players, [known], 10)

    with pytest.raises(ValueError, match="runs: are 11, must be at most 10"):
        known.results(11, small_plan)


def test_a_plan_of_another_title_is_the_same_plan(small_plan):
    """What decides the rows decides what is known of them."""
    kept = Kept()

    assert kept.of(small_plan, 1) is kept.of(small_plan.with_(("title", "Another")), 1)
    assert kept.of(small_plan, 1) is not kept.of(small_plan, 2)


def test_plans_that_were_not_looked_at_for_long_are_forgotten(small_plan):
    """Memory stays small, however many values are tried."""
    kept = Kept()
    first = kept.of(small_plan, 1)
    for seed in range(2, 300):
        kept.of(small_plan, seed)

    assert kept.of(small_plan, 1) is not first


def test_as_many_plans_are_kept_as_their_runs_have_room(players, small_plan, monkeypatch):
    """Many with few runs, or few with many, and always the two on the screen."""
    monkeypatch.setattr("sim.study.exploring.known_runs._MOST_RUNS_KEPT", 100)
    monkeypatch.setattr("sim.study.exploring.known_runs._RUNS_FOR_A_PLAN", 1)
    kept = Kept()
    small = [kept.of(small_plan, seed) for seed in range(20)]
    again = [kept.of(small_plan, seed) for seed in range(20)]
    _play(players, small[-2:], 90)
    kept.of(small_plan, 18)

    assert all(one is other for one, other in zip(small, again, strict=True))
    assert [kept.of(small_plan, seed) is small[seed] for seed in (18, 19)] == [True, True]
    assert kept.of(small_plan, 0) is not small[0]


def test_it_shows_few_runs_first_and_never_more_than_are_wanted(players, small_plan):
    """Sizes grow until they are what was asked for."""
    known, sizes = Kept().of(small_plan, 1), [0]
    while sizes[-1] < 500:
        sizes.append(players.next_size([known], sizes[-1], 500))
        _play(players, [known], sizes[-1])

    assert sizes == sorted(set(sizes))
    assert sizes[1] < 100
    assert sizes[-1] == 500


def test_what_is_known_is_shown_at_once(players, small_plan):
    """Back at values that were looked at before, there is nothing to wait for."""
    known = Kept().of(small_plan, 1)
    _play(players, [known], 400)

    assert players.next_size([known], 0, 400) == 400


def test_the_next_run_that_parts_ends_otherwise(players, small_plan):
    """It is the first one after the given one with another outcome, and then from the start."""
    other = small_plan.with_(("levels.expanded.collapse_per_day", 5.0))
    plans = [Kept().of(one, 1) for one in (small_plan, other)]
    _play(players, plans, 80)
    first, second = plans[0].results(80, small_plan), plans[1].results(80, other)
    differ = np.flatnonzero(first.outcomes["outcome"] != second.outcomes["outcome"])

    assert next_parting(first, second, -1) == differ[0]
    assert next_parting(first, second, int(differ[0])) == differ[1]
    assert next_parting(first, second, 80) == differ[0]


def test_the_same_plan_parts_nowhere(players, small_plan):
    """Where every run is the same, there is none to be shown."""
    known = Kept().of(small_plan, 1)
    _play(players, [known], 20)
    results = known.results(20, small_plan)

    assert next_parting(results, results, 0) is None


def _numbers(results):
    return {name: results.tally.estimate(name) for name in ("held", "crises", "force.on_time")}


def test_changes_that_are_too_long_for_a_title_are_counted(small_world):
    """One of them is one value."""
    base = bases_of(small_world)[0]
    longest = ("title", "x" * 150)

    assert Asked(base, (longest,)).title() == "A small world, 1 value changed"
    assert Asked(base, (longest, ("format", "1"))).title() == "A small world, 2 values changed"


def test_the_python_that_is_copied_gives_the_numbers(small_world, small_plan):
    """It names the file, the changes, the runs and the luck."""
    screen = _screen(small_world, LATER)
    defined = {}
    exec(screen.as_python(), defined)  # noqa: S102 - it is our own
    found = defined["comparison"].results

    changed = small_plan.with_(("steps.force.not_before_hours", 24))
    for results, plan in zip(found, (small_plan, changed), strict=True):
        assert _numbers(results) == _numbers(sim.run(plan, 50, 3, workers=1, progress=False))


def test_a_plan_without_a_file_is_copied_whole(small_plan, tmp_path, monkeypatch):
    """What was made in Python is written into the files that the copied lines load."""
    monkeypatch.chdir(tmp_path)
    base = bases_of(small_plan)[0]
    screen = Screen((Asked(base), Asked(base, (LATER,))), 20, 3)
    defined = {}
    exec(screen.as_python(), defined)  # noqa: S102 - it is our own

    whole = sim.run(small_plan.with_(("steps.force.not_before_hours", 24)), 20, 3, progress=False)
    assert _numbers(defined["comparison"].results[1]) == _numbers(whole)


def test_the_command_that_is_copied_gives_the_numbers(small_world, small_plan, tmp_path, command):
    """Line by line, as a shell would run it."""
    import json
    import shlex

    lines = _screen(small_world, LATER).as_command().splitlines()
    # Pasted once more, they give the same once more.
    for line in [*lines, *lines]:
        done = command(*shlex.split(line)[1:], "--json")
        assert done.returncode == 0, done.stderr
    (summary,) = tmp_path.glob("results/plan-b-*/summary.json")
    told = {one["quantity"]: one for one in json.loads(summary.read_text())["summary"]}

    whole = sim.run(small_plan.with_(("steps.force.not_before_hours", 24)), 50, 3, progress=False)
    assert told["held"]["estimate"] == whole.tally.estimate("held").value


def test_the_same_changes_to_both_are_one_command(small_world):
    """`sim compare --set` changes all plans."""
    base = bases_of(small_world)[0]
    screen = Screen((Asked(base, (LATER,)), Asked(base, (LATER,))), 50, 3)

    assert screen.as_command() == (
        f"sim compare {small_world} {small_world} --set steps.force.not_before_hours=24 "
        "--replications 50 --seed 3\n"
    )


def test_what_was_typed_is_quoted_for_the_shell():
    """A value with spaces and signs stays one word."""
    asked = Asked(Base("a", file=None), (("title", "a'; rm -rf ~"),))

    assert asked.options() == """ --set 'title=a'"'"'; rm -rf ~'"""


def test_the_scenario_that_is_saved_gives_the_numbers(small_world, small_plan, tmp_path):
    """By itself: it has its values, its runs and its luck, and says what was changed."""
    file = tmp_path / "mine.toml"
    file.write_text(_screen(small_world, LATER).as_toml(1), encoding="utf-8")
    saved = sim.load(file)

    whole = sim.run(small_plan.with_(("steps.force.not_before_hours", 24)), 50, 3, progress=False)
    assert _numbers(sim.run(saved, workers=1, progress=False)) == _numbers(whole)
    assert saved.title == "A small world, steps.force.not_before_hours = 24"


def test_a_saved_scenario_says_in_short_what_differs(small_world, tmp_path):
    """Its first lines are a file of their own: beside the plan's they give the same numbers."""
    typed = (LATER, ("crisis.quiet_level", "shelling"), ("steps.force.deciders", '["capital"]'))
    screen = Screen(
        (Asked(bases_of(small_world)[0]), Asked(bases_of(small_world)[0], typed)), 50, 3
    )
    whole = screen.as_toml(1)
    said, *short = [line.removeprefix("# ") for line in whole.splitlines() if line[0:1] == "#"]
    for name, text in (("whole.toml", whole), ("short.toml", "\n".join(short))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "small_world.toml").write_bytes(small_world.read_bytes())
    found, same = (
        sim.run(sim.load(tmp_path / name), workers=1, progress=False)
        for name in ("whole.toml", "short.toml")
    )

    assert said == "All that differs from small_world; beside its file these lines do the same:"
    assert 'extends = "small_world.toml"' in short
    assert len(short) == 7
    assert _numbers(found) == _numbers(same)


def test_a_plan_that_was_not_changed_is_saved_without_comments(small_world):
    """Nothing differs."""
    assert "#" not in _screen(small_world, LATER).as_toml(0)


def test_a_changed_value_is_saved_as_an_assumption(small_world, tmp_path):
    """The source vouched for another value."""
    file = tmp_path / "mine.toml"
    screen = _screen(small_world, ("steps.warning.deadline_hours", "12"))
    file.write_text(screen.as_toml(1), encoding="utf-8")

    assert "F05" not in sim.load(file).sources.values()


def test_what_cannot_be_is_said_with_its_path(small_world):
    """As the command line says it of `--set`."""
    asked = Asked(bases_of(small_world)[0], (("steps.force.deadline_hours", "soon"),))

    with pytest.raises(
        sim.ScenarioError, match=r'steps\.force\.deadline_hours: is "soon", must be'
    ):
        asked.scenario()


def test_the_other_plans_of_the_folder_can_be_chosen(tmp_path, small_world):
    """The given one is first, and none is there twice."""
    for name in ("b", "a", "c"):
        (tmp_path / f"{name}.toml").write_text(small_world.read_text())
    bases = bases_of(tmp_path / "b.toml")

    assert [one.name for one in bases] == ["b", "a", "c"]
    assert with_other(bases, tmp_path / "c.toml")[1] == 2
    assert [one.name for one in with_other(bases, small_world)[0]] == ["b", "a", "c", "small_world"]


def test_a_file_that_is_no_scenario_is_only_read_when_it_is_chosen(tmp_path, small_world):
    """Somebody may be at work on it."""
    (tmp_path / "a.toml").write_text(small_world.read_text())
    (tmp_path / "broken.toml").write_text("title = ")
    broken = bases_of(tmp_path / "a.toml")[1]

    with pytest.raises(sim.ScenarioError, match=r"broken\.toml"):
        _ = broken.scenario
