"""The commands that play many points, as their users type them."""

import json
import re

import pytest

import sim
from sim.study.points.sweep import open_sweep

QUIET = "crisis.quiet_hours"
RUNS = ("--replications", 20, "--workers", 1)
RIGHT = f"""title = "Two worlds"
scenarios = {{ plain = "plan.toml", tense = "tense.toml" }}
replications = 10
outcomes = ["crises", "promises_kept"]
[vary]
"{QUIET}" = [6, 24]
"""


@pytest.fixture
def plan(small_world, tmp_path):
    """Two scenario files and a study where the command runs."""
    text = small_world.read_text(encoding="utf-8")
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    (tmp_path / "tense.toml").write_text(text.replace("per_day = 3", "per_day = 6"))
    (tmp_path / "study.toml").write_text(RIGHT)
    return "plan.toml"


def pictures_of(done):
    """Return the names of the pictures that a command says it drew."""
    return re.findall(r"picture: +\S+/figures/(\S+)\.png", done.stdout)


def test_a_sweep_prints_a_line_a_point_and_writes_a_folder(command, plan, tmp_path):
    """With the usual outcomes, and a heat map of each."""
    vary = ("--vary", f"{QUIET}=6:24:3", "--vary", "crisis.threshold_level=shelling,assault")
    done = command("sweep", plan, *vary, *RUNS, "--out", "out")
    shown = ["collapsed", "crises", "promises_kept", "hours_expanded"]

    assert (done.returncode, done.stderr) == (0, "")
    assert "6 points of 20 runs, all on the same luck" in done.stdout
    assert len(re.findall(r"^ \d+ +(?:shelling|assault) ", done.stdout, re.MULTILINE)) == 6
    assert pictures_of(done) == shown
    assert len(open_sweep(tmp_path / "out").cases) == 6


def test_a_sweep_of_one_value_draws_lines_of_what_is_asked_for(command, plan):
    """In a folder with a name of its own."""
    done = command("sweep", plan, "--vary", f"{QUIET}=6,24", "--outcomes", "crises,held", *RUNS)

    assert pictures_of(done) == ["crises", "held"]
    assert re.search(r"results: +results/plan-sweep-[0-9a-f]{8}\n", done.stdout)


def test_of_three_values_nothing_is_drawn(command, plan):
    """And it is said why, and what to do."""
    ranges = (f"{QUIET}=6:24", "attack.per_year=1:9", "actors.capital.yes_probability=0:1")
    vary = [word for one in ranges for word in ("--vary", one)]
    done = command("sweep", plan, *vary, "--design", "sobol", "--points", 8, *RUNS)

    assert pictures_of(done) == []
    assert "no figures: 3 values vary, and a figure shows one or two" in done.stdout


def test_a_sweep_goes_on_with_more_runs(command, plan, tmp_path):
    """With the words that began it."""
    line = ("sweep", plan, "--vary", f"{QUIET}=6,24", "--workers", 1, "--out", "out")
    command(*line, "--replications", 10)
    done = command(*line, "--replications", 20, "--resume")

    assert done.returncode == 0
    assert open_sweep(tmp_path / "out").batch.replications == 20


def test_a_sweep_gives_json(command, plan, tmp_path):
    """The whole table, and nothing else on the screen."""
    done = command("sweep", plan, "--vary", f"{QUIET}=6,24", *RUNS, "--out", "out", "--json")
    told = json.loads(done.stdout)

    assert told["paths"] == [QUIET]
    assert len(told["table"]) == len(open_sweep(tmp_path / "out").table)
    assert all((tmp_path / one).exists() for one in told["figures"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--vary", f"{QUIET}=6:24"], "has a range, must have values: start:stop:count or a,b,c"),
        (["--vary", "crisis.quiet_hour=6,24"], 'is not a known key (did you mean "quiet_hours"?)'),
        (["--vary", f"{QUIET}=6,-24"], "points:2:1: crisis.quiet_hours: is -24, must be a number"),
        (["--vary", f"{QUIET}=6,24", "--outcomes", "crise"], 'did you mean "crises"'),
        (["--vary", f"{QUIET}=6,24", "--resume"], "--resume: must have --out"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_in_a_line(command, plan, words, said):
    """With exit code 2, and nothing written."""
    done = command("sweep", plan, *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_sensitivity_prints_the_answer_first(command, plan):
    """Then a line a value, whether it is enough, and three figures."""
    ranges = ("--range", "violations.incidents_per_day=0:20", "--range", f"{QUIET}=12:13")
    how = ("--outcome", "crises", "--samples", 8, *RUNS, "--out", "out")
    done = command("sensitivity", plan, *ranges, *how)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Answer: what decides crises is violations.incidents_per_day (" in done.stdout
    assert "Sobol: " in done.stdout
    assert "Morris: " in done.stdout
    assert pictures_of(done) == ["tornado", "indices", "effects"]


def test_sensitivity_without_ranges_says_where_there_are_none(command, plan):
    """The small world has no evidence."""
    done = command("sensitivity", plan)

    assert done.returncode == 2
    assert done.stderr == ("sim: ranges: the evidence has none for this scenario, must be given\n")


def test_a_box_is_printed_and_becomes_a_scenario_that_runs(command, plan, tmp_path):
    """From the folder of a sweep; a file that is there is not written over."""
    ranges = ("--vary", "violations.incidents_per_day=0:20", "--vary", f"{QUIET}=6:24")
    design = ("--design", "sobol", "--points", 128, "--outcomes", "crises,collapsed")
    command("sweep", plan, *ranges, *design, *RUNS, "--out", "swept")
    found = ("discover", "swept", "--outcome", "crises", "--above", 9, "--out", "box.toml")
    done, again = command(*found), command(*found)

    assert done.returncode == 0
    assert "A point fails where crises is above 9: " in done.stdout
    assert "crisis.quiet_hours at most" in done.stdout
    assert done.stdout.endswith("written:  box.toml\n")
    assert "where crises is above 9 (" in sim.load(tmp_path / "box.toml").title
    assert command("run", "box.toml", *RUNS).returncode == 0
    assert (again.returncode, again.stderr) == (
        2,
        "sim: box.toml: is there already, must be a new file\n",
    )


def test_nothing_is_discovered_in_a_folder_that_is_none(command):
    """It is said, with exit code 3."""
    done = command("discover", "nowhere")

    assert done.returncode == 3
    assert "is no results folder" in done.stderr


@pytest.mark.usefixtures("plan")
def test_a_study_prints_a_line_a_plan_and_point(command, tmp_path):
    """And says which plan is being played."""
    done = command("study", "study.toml", "--workers", 1, "--out", "out")

    assert done.returncode == 0
    assert done.stderr == "plan 1 of 2: plain\nplan 2 of 2: tense\n"
    assert len(re.findall(r"^ (?:plain|tense) +(?:6|24) ", done.stdout, re.MULTILINE)) == 4
    assert pictures_of(done) == ["crises", "promises_kept"]
    assert (tmp_path / "out" / "plans" / "tense" / "table.csv").exists()


@pytest.mark.usefixtures("plan")
def test_a_study_goes_on(command):
    """With more runs, in the same folder."""
    command("study", "study.toml", "--out", "out")
    done = command(
        "study", "study.toml", "--out", "out", "--replications", 20, "--resume", "--json"
    )
    told = json.loads(done.stdout)

    assert {row["n"] for row in told["table"] if row["quantity"] == "crises"} == {20}
    assert {row["plan"] for row in told["differences"]} == {"tense"}


@pytest.mark.usefixtures("plan")
def test_a_study_that_is_wrong_is_refused_with_its_line(command, tmp_path):
    """All that is wrong with it, and exit code 2."""
    (tmp_path / "study.toml").write_text(RIGHT.replace("[6, 24]", "[6, -24]"))
    done = command("study", "study.toml")

    assert done.returncode == 2
    assert done.stderr.startswith("study.toml:6:24: crisis.quiet_hours: is -24, must be a number")
