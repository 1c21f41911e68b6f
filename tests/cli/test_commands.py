"""The command `sim`, as its users type it."""

import json
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version

import pandas as pd
import pytest

PROBLEM = re.compile(r"^[^:\n]+:\d+:\d+: .+$")


def _files(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def broken(tmp_path, small_world):
    """The small world with two mistakes in it."""
    text = small_world.read_text(encoding="utf-8")
    path = tmp_path / "broken.toml"
    path.write_text(
        text.replace("quiet_hours = 12", "quiet_hours = -2").replace("deploy =", "deplay ="),
        encoding="utf-8",
    )
    return path


def test_a_run_prints_the_summary_and_where_its_pictures_are(command, small_world, tmp_path):
    """The table's three questions, the folder, and pictures that exist."""
    done = command("run", small_world, "--replications", 5, "--workers", 1, "--out", "out")
    pictures = re.findall(r"picture: +(\S+)", done.stdout)

    assert done.returncode == 0
    assert "Does the plan answer in time?" in done.stdout
    assert pictures
    assert all((tmp_path / picture).is_file() for picture in pictures)


def test_a_piped_run_is_silent_on_the_error_stream(command, small_world):
    """No progress bar where nobody watches."""
    assert command("run", small_world, "--replications", 3, "--workers", 1).stderr == ""


def test_results_are_written_even_if_nobody_reads_on(small_world, tmp_path):
    """Whoever reads the table may have read enough after a line."""
    line = [sys.executable, "-m", "sim", "run", small_world, "--replications", "3", "--out", "out"]
    with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE) as running:
        running.stdout.close()
        code = running.wait(timeout=120)

    assert (code, (tmp_path / "out" / "manifest.json").is_file()) == (0, True)


def test_two_runs_and_two_numbers_of_workers_give_the_same_bytes(command, small_world, tmp_path):
    """Every file of the results folder, pictures included."""
    for name, workers in (("one", 1), ("again", 1), ("two", 2)):
        command("run", small_world, "--crises", "--workers", workers, "--out", name)
    one, again, two = (_files(tmp_path / name) for name in ("one", "again", "two"))

    assert len(one) > 10
    assert one == again == two


def test_both_engines_write_the_same_bytes(command, small_world, tmp_path):
    """Whichever played the runs, every file of the results folder is the same."""
    for engine in ("simpy", "compiled"):
        command("run", small_world, "--crises", "--engine", engine, "--out", engine)

    assert _files(tmp_path / "simpy") == _files(tmp_path / "compiled")


def test_both_engines_tell_the_same_run(command, small_world):
    """Word by word."""
    told = [command("trace", small_world, "--engine", name) for name in ("simpy", "compiled")]

    assert told[0].stdout == told[1].stdout
    assert told[0].stdout.count("\n") > 100


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_runaway_ends_is_counted_and_is_said(command, small_world, tmp_path, engine):
    """A rate of a thousand millions a day: exit 0, a status in the row, a line on stderr."""
    wild = ("--set", "violations.incidents_per_day=1e9", "--set", "run.most_violations=20000")
    done = command("run", small_world, *wild, "--replications", 2, "--engine", engine, "--out", "x")
    part = pd.read_parquet(next((tmp_path / "x/outcomes").glob("*.parquet")))

    assert done.returncode == 0
    assert part["outcome"].tolist() == ["runaway", "runaway"]
    assert part["incidents"].tolist() == [20_000, 20_000]
    assert done.stderr.startswith(
        "sim: 2 of 2 runs ran away and had to be cut off, each after 20,000 violations and alarms "
        "(run.most_violations), the first one being run 0 at hour 0.0"
    )
    assert done.stderr.count("\n") == 1
    assert re.search(r"cut off: it has run away +100.0 %", done.stdout)


def test_a_batch_of_nothing_but_runaways_does_not_go_on_for_ever(command, small_world):
    """After a hundred of them it ends with exit 1, and says what can be done."""
    wild = ("--set", "violations.incidents_per_day=1e9", "--set", "run.most_violations=5000")
    done = command("run", small_world, *wild, "--replications", 10_000_000)

    assert done.returncode == 1
    assert re.fullmatch(
        r"sim: all of the first 100 runs have run away, each cut off after 5,000 violations and "
        r"alarms \(run\.most_violations\): .*\n",
        done.stderr,
    )


def test_a_runaway_needs_no_limit_to_be_set(command, small_world):
    """What is the default ends it too."""
    done = command("run", small_world, "--set", "attack.per_year=1e12", "--replications", 1)

    assert done.returncode == 0
    assert "1 of 1 run ran away and had to be cut off, each after 1,000,000" in done.stderr


def test_a_run_as_json_is_json_with_the_summary(command, small_world):
    """For scripts: the folder and the estimates."""
    done = command("run", small_world, "--replications", 3, "--workers", 1, "--json")
    document = json.loads(done.stdout)

    assert {"folder", "figures", "run_id", "summary"} <= document.keys()


def test_results_in_a_folder_that_holds_something_are_refused(command, small_world, tmp_path):
    """Exit 2, one line, and the file that was there stays as it was."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    done = command("run", small_world, "--out", "out")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert _files(tmp_path / "out") == {
        (tmp_path / "out/mine.txt").relative_to(tmp_path / "out"): b"mine"
    }


def test_without_an_out_folder_nothing_is_overwritten(command, small_world, tmp_path):
    """The second run of the same thing gets a folder of its own."""
    for _ in range(2):
        command("run", small_world, "--replications", 2, "--workers", 1)

    assert len(list((tmp_path / "results").iterdir())) == 2


def test_a_value_can_be_set(command, small_world, tmp_path):
    """`--set` changes what is run, and the saved scenario says so."""
    command(
        "run", small_world, "--replications", 2, "--workers", 1, "--out", "out",
        "--set", "crisis.scope=sector", "--set", "steps.force.deadline_hours=40",
    )  # fmt: skip
    text = (tmp_path / "out/scenario.toml").read_text()

    assert 'scope = "sector"' in text
    assert "deadline_hours = 40" in text


def test_all_mistakes_of_a_file_are_said_at_once(command, broken):
    """One line each, with its place, on the error stream, and exit 2."""
    done = command("run", broken)
    lines = done.stderr.splitlines()

    assert done.returncode == 2
    assert len(lines) == 2
    assert all(PROBLEM.match(line) for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "missing.toml"),
        ("run", "{world}", "--set", "crisis.quite_hours=3"),
        ("run", "{world}", "--set", "nonsense"),
        ("run", "{world}", "--replications", "0"),
        ("run", "{world}", "--replications", "many"),
        ("run", "{world}", "--seed", "-1"),
        ("run", "{world}", "--workers", "0"),
        ("run", "{world}", "--engine", "fast"),
        ("run", "{world}", "--no-such-option"),
        ("trace", "{world}", "--run", "-1"),
        ("validate", "missing.toml"),
        ("sources", "missing.toml"),
        ("sources", "{world}", "--set", "crisis.quite_hours=3"),
        ("no-such-command",),
        ("run",),
    ],
)
def test_wrong_input_is_one_line_and_exit_2(command, small_world, arguments):
    """Never a traceback, whatever was typed."""
    done = command(*(one.format(world=small_world) for one in arguments))

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_disk_that_cannot_be_written_is_exit_3(command, small_world):
    """The environment is to blame, in one line that names the folder."""
    done = command("run", small_world, "--replications", 1, "--out", "/proc/nowhere/out")

    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "/proc/nowhere" in done.stderr


def test_a_trace_reads_as_lines_with_hours_and_words(command, small_world):
    """A header, then an event a line, in the order of time."""
    lines = command("trace", small_world, "--run", 17).stdout.splitlines()
    hours = [float(line.split()[0]) for line in lines[1:]]

    assert hours == sorted(hours)
    assert "run_ends" in lines[-1]


def test_a_traces_file_is_the_trace(command, small_world, tmp_path):
    """The columns of the format, and the events that are printed otherwise."""
    command("trace", small_world, "--run", 2, "--out", "trace.csv")
    table = pd.read_csv(tmp_path / "trace.csv")
    document = json.loads(command("trace", small_world, "--run", 2, "--json").stdout)

    assert list(table.columns) == ["time_hours", "order", "event", "where", "detail"]
    assert len(table) == len(document)


def test_a_trace_draws_its_timeline(command, small_world, tmp_path):
    """A PNG that begins as PNG files do."""
    command("trace", small_world, "--run", 2, "--figure", "run.png")

    assert (tmp_path / "run.png").read_bytes()[:4] == b"\x89PNG"


def test_validating_says_ok_for_each_good_file(command, small_world):
    """And exit 0."""
    done = command("validate", small_world)

    assert (done.returncode, done.stdout) == (0, f"{small_world}: ok\n")


def test_validating_goes_on_after_a_bad_file(command, broken, small_world):
    """All files are checked; the bad one makes it exit 2."""
    done = command("validate", broken, small_world)

    assert done.returncode == 2
    assert f"{small_world}: ok" in done.stdout
    assert len(done.stderr.splitlines()) == 2


def test_validating_as_json_lists_the_problems_with_their_places(command, broken):
    """For editors: file, line, column, path, problem."""
    problems = json.loads(command("validate", broken, "--json").stdout)[0]["problems"]

    assert {key for problem in problems for key in problem} == {
        "file",
        "line",
        "column",
        "path",
        "problem",
    }


def test_what_can_hardly_be_meant_is_noted_and_played(command, small_world, tmp_path):
    """A promise that can never be kept is no mistake: the file is ok, with a note."""
    text = small_world.read_text(encoding="utf-8")
    file = tmp_path / "vain.toml"
    file.write_text(text.replace("deadline_hours = 36", "deadline_hours = 8"), encoding="utf-8")
    note = "vain.toml:48:18: steps.force.deadline_hours: is 8, and not_before_hours is 12: "
    checked = command("validate", "vain.toml")
    told = json.loads(command("validate", "vain.toml", "--json").stdout)[0]
    traced = command("trace", "vain.toml")

    assert (checked.returncode, checked.stdout) == (0, "vain.toml: ok\n")
    assert checked.stderr.startswith(f"note: {note}")
    assert (told["ok"], told["notes"][0]["line"]) == (True, 48)
    assert (traced.returncode, traced.stderr.count("\n")) == (0, 1)
    assert traced.stderr.startswith(f"sim: note: {note}")


def test_a_new_scenario_is_valid(command):
    """What one starts from can be run."""
    command("new", "mine.toml")

    assert command("validate", "mine.toml").returncode == 0


def test_a_new_scenario_does_not_overwrite_a_file(command, tmp_path):
    """Exit 2, and the file stays."""
    (tmp_path / "mine.toml").write_text("mine")
    done = command("new", "mine.toml")

    assert (done.returncode, (tmp_path / "mine.toml").read_text()) == (2, "mine")


def test_the_sources_of_a_scenario_end_with_their_counts(command, small_world):
    """Values with their grade and source, and in the last line how many there are."""
    done = command("sources", small_world)
    *lines, last = done.stdout.splitlines()

    assert done.returncode == 0
    assert max(map(len, lines)) <= 100
    assert re.fullmatch(
        r"\d+ values that the runs depend on: \d+ reported, \d+ from the literature, "
        r"\d+ assumptions",
        last,
    )


def test_a_value_that_is_set_is_an_assumption(command, small_world):
    """The file's source vouches for the file's value only."""
    done = command(
        "sources", small_world, "--set", "steps.warning.deadline_hours=30", "--json"
    )  # fmt: skip
    values = {value["path"]: value for value in json.loads(done.stdout)["values"]}
    deadline = values["steps.warning.deadline_hours"]

    assert (deadline["value"], deadline["grade"]) == ("30", "assumption")


def test_the_sources_as_json_have_every_value(command, small_world):
    """Also those that do not count, which are told apart."""
    document = json.loads(command("sources", small_world, "--json").stdout)
    counted = [value for value in document["values"] if value["counts"]]

    assert len(counted) == sum(document["counts"].values())
    assert len(counted) < len(document["values"])


def test_an_output_that_is_not_read_to_its_end_is_no_error(small_world):
    """`sim trace ... | head -1` ends quietly."""
    line = f'"{sys.executable}" -m sim trace "{small_world}" | head -1'
    done = subprocess.run(  # noqa: S602 - a pipe is the point
        line, shell=True, capture_output=True, text=True, check=True, timeout=120
    )

    assert done.stderr == ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_a_run_with_its_exit_code_and_no_traceback(
    small_world, tmp_path, number, code
):
    """Ctrl-C is 130, SIGTERM 143; what there is of the results can be gone on with."""
    line = [sys.executable, "-m", "sim", "run", str(small_world), "--replications", "10000000"]
    with subprocess.Popen(line, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as running:
        try:
            while running.poll() is None and not list(tmp_path.rglob("manifest.json")):
                time.sleep(0.05)
            time.sleep(2.5)  # by then it is among its runs
            running.send_signal(number)
            _, said = running.communicate(timeout=60)
        finally:
            running.kill()

    assert running.returncode == code
    assert "Traceback" not in said
    assert re.search(r"what is there is kept: sim resume (\S+) goes on$", said.splitlines()[-1])


NAMES = (
    *("run", "trace", "compare", "sweep", "study", "sensitivity", "discover", "rare", "resume"),
    *("validate", "sources", "new"),
)


def test_help_names_every_command(command):
    """A newcomer sees what there is."""
    text = command("--help").stdout

    assert all(name in text for name in NAMES)


def test_a_wrong_seed_is_named_as_it_was_given(command, small_world):
    """By its option, and what is set beside it by its own."""
    wrong = ("--set", "crisis.quite_hours=3", "--seed", 2**70)
    lines = command("run", small_world, *wrong).stderr.splitlines()

    assert [line.partition(": ")[0] for line in lines] == ["--seed:1:1", "--set:1:1"]


def test_the_version_is_said(command):
    """For a report of what was done with which."""
    done = command("--version")

    assert (done.returncode, done.stdout) == (0, f"ceasefire-sim {version('ceasefire-sim')}\n")


def test_a_figure_in_no_folder_is_named_as_it_was_given(command, small_world):
    """And not by the name it has while it is being written."""
    done = command("trace", small_world, "--figure", "nowhere/run.png")

    assert (done.returncode, done.stderr) == (3, "nowhere/run.png: No such file or directory\n")
