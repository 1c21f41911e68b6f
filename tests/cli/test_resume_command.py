"""`sim resume` and what goes with it, as users type it."""

import json

import pytest


def _tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_that_is_extended_is_the_folder_of_more_runs(command, small_world, tmp_path):
    """Byte for byte, pictures and all."""
    command("run", small_world, "--replications", 40, "--out", "all")
    command("run", small_world, "--replications", 15, "--out", "few")
    done = command("resume", "few", "--replications", 40)

    assert done.returncode == 0
    assert _tree(tmp_path / "few") == _tree(tmp_path / "all")


def test_the_same_command_may_be_given_again(command, small_world, tmp_path):
    """With --resume it does nothing where all is done, and says the same."""
    line = ("run", small_world, "--replications", 15, "--out", "out", "--resume")
    first, before = command(*line), _tree(tmp_path / "out")
    again = command(*line)

    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert _tree(tmp_path / "out") == before


def test_another_scenario_is_refused_with_the_difference(command, small_world, tmp_path):
    """And the folder is left as it was."""
    command("run", small_world, "--replications", 15, "--out", "out")
    before = _tree(tmp_path / "out")
    other = ("--set", "crisis.quiet_hours=13", "--seed", 8)
    done = command("run", small_world, "--replications", 15, *other, "--out", "out", "--resume")

    assert done.returncode == 2
    assert "scenario.crisis.quiet_hours: is 12.0 there, 13.0 now" in done.stderr
    assert "seed: is 7 there, 8 now" in done.stderr
    assert _tree(tmp_path / "out") == before


@pytest.mark.parametrize("there", [None, "empty", "other"])
def test_a_folder_of_something_else_cannot_be_gone_on_with(command, tmp_path, there):
    """One line, and no traceback."""
    folder = tmp_path / "folder"
    if there is not None:
        folder.mkdir()
    if there == "other":
        (folder / "letter.txt").write_text("Dear", encoding="utf-8")
    done = command("resume", "folder")

    assert done.returncode in {2, 3}
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_until_says_how_many_runs_it_took(command, small_world, tmp_path):
    """The sentence is printed, and the folder has so many runs."""
    done = command("run", small_world, "--until", "collapsed ± 5 points", "--out", "out")
    runs = json.loads((tmp_path / "out" / "manifest.json").read_text())["replications"]

    assert f"after {runs:,} runs" in " ".join(done.stdout.split())


def test_until_of_an_unknown_quantity_is_wrong_input(command, small_world):
    """Before anything is played or written."""
    done = command("run", small_world, "--until", "colapsed ± 0.1", "--out", "out")

    assert done.returncode == 2
    assert 'did you mean "collapsed"' in done.stderr


def test_fewer_runs_than_are_there_are_refused(command, small_world):
    """Nothing is thrown away."""
    command("run", small_world, "--replications", 15, "--out", "out")
    done = command("resume", "out", "--replications", 10)

    assert done.returncode == 2
    assert "fewer are asked for" in done.stderr
