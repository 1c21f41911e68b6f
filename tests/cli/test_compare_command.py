"""The command `sim compare`, as its users type it."""

import json
import re

import pytest

RUNS = ("--replications", 60, "--workers", 1)


@pytest.fixture
def plans(small_world, tmp_path):
    """Two plan files where the command runs: the second one's warning does less."""
    text = small_world.read_text(encoding="utf-8")
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    weaker = text.replace("incidents = 0.8", "incidents = 0.95")
    (tmp_path / "weaker.toml").write_text(weaker, encoding="utf-8")
    return "plan.toml", "weaker.toml"


def files_of(folder):
    """Return every file of a folder but locks, pictures included."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_a_comparison_prints_the_answer_and_where_its_pictures_are(command, plans, tmp_path):
    """Plans are called by their files' names; the folder's name says what is compared."""
    done = command("compare", *plans, *RUNS)
    pictures = re.findall(r"picture: +(\S+)", done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("On these assumptions,")
    assert "What changes against plan" in done.stdout
    assert "Paired: run k has the same luck under each plan." in done.stdout
    assert re.search(r"results: +results/compare-plan-weaker-[0-9a-f]{8}\n", done.stdout)
    assert len(pictures) == 3
    assert all((tmp_path / picture).is_file() for picture in pictures)


def test_the_same_comparison_gives_the_same_bytes(command, plans, tmp_path):
    """Every file of the folder, pictures included, with one worker and with two; or resumed."""
    command("compare", *plans, *RUNS, "--out", "one")
    command("compare", *plans, "--replications", 60, "--workers", 2, "--out", "two")
    command("compare", *plans, "--replications", 40, "--workers", 1, "--out", "longer")
    command("compare", *plans, *RUNS, "--out", "longer", "--resume")
    one, two, longer = (files_of(tmp_path / name) for name in ("one", "two", "longer"))

    assert len(one) > 20
    assert one == two == longer


def test_json_holds_the_answer_and_every_difference(command, plans):
    """For scripts."""
    found = json.loads(command("compare", *plans, *RUNS, "--out", "out", "--json").stdout)

    assert found["labels"] == ["plan", "weaker"]
    assert found["answer"].startswith("On these assumptions,")
    assert {row["quantity"] for row in found["differences"]} > {"held", "warning.on_time"}
    assert all(row["paired"] == "paired" for row in found["differences"])
    assert sum(row["runs"] for row in found["moves"]) == 60


def test_only_the_outcomes_that_were_asked_for_are_compared(command, plans):
    """By their names in the summary."""
    done = command("compare", *plans, *RUNS, "--outcomes", "crises, warning.on_time", "--json")
    rows = json.loads(done.stdout)["differences"]

    assert [row["quantity"] for row in rows] == ["crises", "warning.on_time"]


def test_a_value_is_set_under_all_plans(command, plans, tmp_path):
    """The seed too."""
    command("compare", *plans, *RUNS, "--seed", 5, "--set", "attack.per_year=0", "--out", "out")
    told = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    scenarios = [one["batch"]["scenario"] for one in told["plans"]]

    assert told["seed"] == 5
    assert [one["attack"]["per_year"] for one in scenarios] == [0.0, 0.0]


def test_one_run_is_explained_without_a_folder(command, plans, tmp_path):
    """Both timelines side by side, in lines or as a picture."""
    done = command("compare", *plans, "--explain", 3)
    drawn = command("compare", *plans, "--explain", 3, "--figure", "run.svg")
    told = json.loads(command("compare", *plans, "--explain", 3, "--json").stdout)

    assert "run 3 is the same under both, event for event" in " ".join(done.stdout.split())
    assert re.search(r"^ +hour  plan +weaker$", done.stdout, re.MULTILINE)
    assert "written:  run.svg" in drawn.stdout
    assert (tmp_path / "run.svg").stat().st_size > 10_000
    assert (told[0]["first"], told[0]["other"], told[0]["run"]) == ("plan", "weaker", 3)
    assert not (tmp_path / "results").exists()


def test_a_precision_says_how_many_runs_it_took(command, plans):
    """And by which rule."""
    done = command("compare", *plans, "--until", "held ± 0.2", "--workers", 1, "--out", "out")
    words = " ".join(done.stdout.split())

    assert done.returncode == 0
    assert "after 1,000 runs, and ± 0.2 was asked for: enough" in words


def test_a_plan_that_is_given_twice_is_numbered(command, plans):
    """Two files of the same name are told apart by their folders."""
    done = command("compare", plans[0], plans[0], *RUNS, "--out", "out")

    assert "every run ends the same under plan (1) as under plan (2)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plan.toml"], "scenarios: are 1, must be two or more"),
        (["plan.toml", "weaker.toml", "--outcomes", "helt"], 'did you mean "held"'),
        (["plan.toml", "weaker.toml", "--until", "held"], "--until: is 'held'"),
        (["plan.toml", "weaker.toml", "--figure", "a.png"], "--figure: is for --explain K"),
        (["plan.toml", "weaker.toml", "--explain", 1, "--figure", "a.txt"], "ends in .txt"),
        (["plan.toml", "weaker.toml", "--out", "."], "--out .: holds something already"),
    ],
)
def test_wrong_input_is_said_in_a_line(command, plans, arguments, message):
    """With exit code 2."""
    done = command("compare", *arguments)

    assert plans
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_another_comparison_is_not_resumed(command, plans, tmp_path):
    """What differs is said, and the folder is left alone."""
    command("compare", *plans, *RUNS, "--out", "out")
    before = files_of(tmp_path / "out")
    done = command("compare", *plans, *RUNS, "--seed", 1, "--out", "out", "--resume")

    assert done.returncode == 2
    assert "seed: is 7 there, 1 now" in done.stderr
    assert files_of(tmp_path / "out") == before
