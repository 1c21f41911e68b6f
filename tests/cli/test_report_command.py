"""`sim report` as users type it; and what a report says to type gives the same numbers."""

import json
import os
import shlex
import subprocess

import pytest
from show.report_pages import read_page

import sim

RUN = ("run", "small_world.toml", "--replications", 12, "--seed", 3, "--crises")
COMPARE = ("compare", "small_world.toml", "never.toml", "--replications", 12)
SWEEP = ("sweep", "small_world.toml", "--replications", 4, "--outcomes", "held,crises")
GRID = (
    *SWEEP,
    *("--vary", "crisis.quiet_hours=6,12.5", "--vary", 'crisis.clock="violation",detection'),
)
SPREAD = (*SWEEP, "--vary", "attack.per_year=0.5:6", "--design", "lhs", "--points", 3)
SENSITIVITY = (
    *("sensitivity", "small_world.toml", "--range", "attack.per_year=0.5:6", "--samples", 2),
    *("--method", "sobol", "--replications", 8),
)
STUDY = ("study", "study.toml")
STUDY_FILE = """
format = 1
title = "Two plans"
scenarios = ["small_world.toml", "never.toml"]
replications = 4
vary = { "crisis.quiet_hours" = [6, 24] }
"""


@pytest.fixture
def worlds(small_world, tmp_path):
    """Two plans and a study in the folder where commands are typed."""
    text = small_world.read_text(encoding="utf-8")
    (tmp_path / "small_world.toml").write_text(text, encoding="utf-8")
    never = text.replace("per_year = 3", "per_year = 0")
    (tmp_path / "never.toml").write_text(never, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY_FILE, encoding="utf-8")
    return tmp_path


def _typed(page):
    """Return the commands that a report shows, a block each."""
    shown = [one for one in page.by_id("again").all("pre") if one.parent.name == "section"]
    return [one.all("code")[0].text() for one in shown]


@pytest.fixture
def reader(loaded_sim, tmp_path):
    """Somebody who reads a report, and types in what it says."""
    path = os.pathsep.join([str(loaded_sim.folder), os.environ.get("PATH", "")])

    def type_in(text):
        line = ["bash", "-euo", "pipefail", "-c", text]
        environment = {**os.environ, "PATH": path}
        subprocess.run(line, cwd=tmp_path, env=environment, check=True, timeout=300)

    return type_in


def _ids(folder):
    """Return the names of all results in a folder, each made of all that determines them."""
    manifests = (json.loads(one.read_bytes()) for one in sorted(folder.rglob("manifest.json")))
    return sorted(one["run_id"] for one in manifests if "run_id" in one)


def _files(folder):
    """Return the files of a folder and what is in them, pictures apart."""
    names = (one for one in folder.rglob("*") if one.is_file() and "figures" not in one.parts)
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in names}


@pytest.mark.parametrize(
    "line", [RUN, COMPARE, GRID, SPREAD, SENSITIVITY, STUDY], ids=lambda line: line[0]
)
def test_what_a_report_says_to_type_gives_the_same_again(command, reader, worlds, line):
    """The same ids by the command, and the same bytes by the manifest."""
    command(*line, "--out", "mine")
    done = command("report", "mine")
    page = read_page((worlds / "mine.html").read_text(encoding="utf-8"))
    for text in _typed(page):
        reader(text)
    again = [one for one in (worlds / "again",) if line is not SPREAD]

    assert (done.returncode, done.stdout, done.stderr) == (0, "report:   mine.html\n", "")
    assert [_ids(one) for one in again] == [_ids(worlds / "mine") for _ in again]
    assert _files(worlds / "same") == _files(worlds / "mine")


def test_results_that_are_in_no_folder_can_be_had_again_from_the_page(reader, small_plan, tmp_path):
    """It has the scenario as a file."""
    results = sim.run(small_plan, 5, 11, workers=1, progress=False)
    page = read_page(sim.report(results, tmp_path / "r.html").read_text(encoding="utf-8"))
    (typed,) = _typed(page)
    (scenario,) = page.by_id("again").all("details")[0].all("code")
    (tmp_path / "scenario.toml").write_text(scenario.text(), encoding="utf-8")
    reader(typed)

    assert _ids(tmp_path / "again") == [results.run_id]


def test_points_spread_over_ranges_are_not_said_to_be_typed(command, worlds):
    """The folder knows the points, and not the ranges: only the manifest gives them again."""
    command(*SPREAD, "--out", "mine")
    command("report", "mine")
    (typed,) = _typed(read_page((worlds / "mine.html").read_text(encoding="utf-8")))

    assert "manifest.json" in typed


@pytest.fixture
def mine(small_plan, tmp_path):
    """A results folder with a name that a shell would take apart."""
    sim.run(small_plan, 6, workers=1, progress=False, out=tmp_path / "it's mine")
    return tmp_path / "it's mine"


def test_the_folder_stays_as_it_is(command, type_in, mine):
    """The report is beside it, also for who is in the folder; there it could change what counts."""
    before = _files(mine)
    inside = command("report", "it's mine", "--out", "it's mine/report.html")
    beside = type_in(mine, "report", ".")

    assert (inside.returncode, beside.returncode) == (2, 0)
    assert "must be outside" in inside.stderr
    assert (mine.parent / "it's mine.html").is_file()
    assert _files(mine) == before


def test_what_is_to_be_typed_is_safe_to_type(command, mine):
    """Names are quoted."""
    command("report", mine.name, "--out", "r.html")
    first, _ = _typed(read_page((mine.parent / "r.html").read_text(encoding="utf-8")))

    assert shlex.split(first)[2] == "it's mine/scenario.toml"


def test_a_report_is_replaced_only_where_that_is_asked_for(command, mine):
    """And nothing else ever is."""
    (mine.parent / "letter.html").write_text("Dear", encoding="utf-8")
    first = command("report", mine.name)
    again = command("report", mine.name)
    forced = command("report", mine.name, "--force")
    other = command("report", mine.name, "--out", "letter.html", "--force")

    assert [one.returncode for one in (first, again, forced, other)] == [0, 2, 0, 2]
    assert "--force" in again.stderr
    assert (mine.parent / "letter.html").read_text(encoding="utf-8") == "Dear"


def test_json_says_where_it_is(command, mine):
    """For scripts."""
    done = command("report", mine.name, "--json", "--out", "r.html")

    assert json.loads(done.stdout) == {"report": "r.html"}


@pytest.mark.parametrize("wrong", ["damaged", "incomplete", "other", "missing"])
def test_a_folder_that_cannot_be_believed_gives_no_report(command, mine, wrong):
    """One line says why, and no file is written."""
    if wrong == "damaged":
        (mine / "summary.csv").write_text("", encoding="utf-8")
    if wrong == "incomplete":
        told = json.loads((mine / "manifest.json").read_text(encoding="utf-8"))
        told["complete"] = False
        (mine / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    if wrong == "other":
        (mine / "manifest.json").unlink()
    name = "nowhere" if wrong == "missing" else mine.name
    done = command("report", name)

    assert done.returncode == (2 if wrong == "missing" else 3)
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert not (mine.parent / f"{name}.html").exists()
