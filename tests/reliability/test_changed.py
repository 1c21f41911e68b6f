"""Going on with something else is refused, with every difference, and nothing is touched."""

import json

import pytest
from reliability.attack import tree

import sim
from sim.results.manifest import ChangedError, as_json, seal_of
from sim.study.resuming import resume


def _asked(plan, folder, *changes, runs=30, **options):
    options = {"crises": True, **options}
    return sim.run(plan.with_(*changes), runs, out=folder, resume=True, progress=False, **options)


SCENARIO = [
    ("run.horizon_days", 11.0, "scenario.run.horizon_days: is 20.0 there, 11.0 now"),
    ("run.most_violations", 777, "scenario.run.most_violations: is 1000000 there, 777 now"),
    ("crisis.quiet_hours", 13.0, "scenario.crisis.quiet_hours: is 12.0 there, 13.0 now"),
    ("run.seed", 99, "seed: is 7 there, 99 now"),
    ("title", "another", 'title: is "A small world" there, "another" now'),
]


@pytest.mark.parametrize(("path", "value", "said"), SCENARIO)
def test_another_value_is_refused(small_plan, finished, path, value, said):
    """The path, what is there, and what is asked for."""
    before = tree(finished)
    with pytest.raises(ChangedError) as caught:
        _asked(small_plan, finished, (path, value))

    assert said in str(caught.value)
    assert str(finished) in str(caught.value)
    assert tree(finished) == before


OPTIONS = [
    ({"crises": False}, "crises: is true there, false now"),
    ({"rows": False}, "rows: is true there, false now"),
    ({"runs": 20}, "replications: is 30 there, fewer are asked for"),
]


@pytest.mark.parametrize(("options", "said"), OPTIONS)
def test_other_rows_are_refused(small_plan, finished, options, said):
    """What is kept of them, and how many they are."""
    before = tree(finished)
    with pytest.raises(ChangedError) as caught:
        _asked(small_plan, finished, **options)

    assert said in str(caught.value)
    assert tree(finished) == before


def _changed(folder, *keys, value):
    """Let a folder say that it is of something else, as another version would have."""
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes())
    table = told
    for key in keys[:-1]:
        table = table[key]
    table[keys[-1]] = value
    path.write_bytes(as_json({**told, "seal": seal_of(told)}))


ELSEWHERE = [
    (("code",), "0" * 16, "code: the rules or the engines of this version"),
    (("versions", "numpy"), "1.0.0", 'versions.numpy: is "1.0.0" there'),
    (("versions", "ceasefire-sim"), "0.0.1", 'versions.ceasefire-sim: is "0.0.1" there'),
    (("format",), 1, "format: is 1 there, 2 now"),
]


@pytest.mark.parametrize(("keys", "value", "said"), ELSEWHERE)
@pytest.mark.parametrize("ask", ["run", "resume", "extend"])
def test_another_version_is_refused(small_plan, finished, ask, keys, value, said):
    """Rules, tools, and the form of the folder, whoever asks."""
    _changed(finished, *keys, value=value)
    before = tree(finished)
    with pytest.raises(ChangedError) as caught:
        {
            "run": lambda: _asked(small_plan, finished),
            "resume": lambda: resume(finished, progress=False),
            "extend": lambda: resume(finished, 40, progress=False),
        }[ask]()

    assert said in str(caught.value)
    assert tree(finished) == before


def test_cases_that_are_others_are_refused(victim, alone):
    """A folder of one scenario is not gone on with as that of five, nor the other way round."""
    for kind, folder in (("cases", alone["rows"][0]), ("rows", alone["cases"][0])):
        before = tree(folder)
        refused = victim.play(kind, folder)

        assert refused.said.startswith("ChangedError")
        assert "cases: is" in refused.said
        assert tree(folder) == before


def test_a_folder_that_holds_something_is_not_begun(small_plan, tmp_path):
    """Somebody's file is in it, and no manifest."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="no results to go on with"):
        _asked(small_plan, tmp_path)

    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_a_finished_folder_is_not_played_again(small_plan, finished):
    """Nobody asked to go on: it is refused, and left as it is."""
    before = tree(finished)
    with pytest.raises(FileExistsError, match="holds something already"):
        sim.run(small_plan, 30, out=finished, crises=True, progress=False)

    assert tree(finished) == before


def test_the_same_again_changes_nothing(small_plan, finished):
    """All is there: the files are not even written anew."""
    before = {path: path.stat().st_mtime_ns for path in finished.rglob("*") if path.is_file()}
    again = _asked(small_plan, finished)
    after = {path: path.stat().st_mtime_ns for path in finished.rglob("*") if path.is_file()}
    (before.pop(finished / ".lock"), after.pop(finished / ".lock"))

    assert after == before
    assert again.replications == 30
