"""Study files: all that is wrong with one is said with its place; one that is right is played."""

import random
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
from reliability.attack import tree

import sim
from sim.results.folder import DamagedError
from sim.results.manifest import ChangedError, kind_of
from sim.study.playing.batches import RecomputedWarning
from sim.study.points.studies import open_study, play_study, resume_study
from sim.study.points.study_file import load_study

ROOT = Path(__file__).parents[2]
SMALL_WORLD = Path(__file__).parents[1] / "small_world.toml"
RIGHT = """format = 1
title = "A small study"
scenarios = { one = "world.toml", two = "other.toml" }
replications = 10
seed = 5
outcomes = ["crises", "force.on_time"]

[design]
kind = "grid"

[set]
run.horizon_days = 15

[vary]
"crisis.quiet_hours" = [6, 24]
groups.allies.quorum = { low = 1, high = 3, count = 3, whole = true }
"""
MUTANTS = 200


@pytest.fixture
def written(tmp_path):
    """Write a study beside two scenarios, and return its path."""
    world = SMALL_WORLD.read_text(encoding="utf-8")
    folder = tmp_path / "studies"
    folder.mkdir()
    (folder / "world.toml").write_text(world)
    (folder / "other.toml").write_text(world.replace("per_year = 3", "per_year = 9"))

    def write(text=RIGHT):
        (folder / "study.toml").write_text(text)
        return folder / "study.toml"

    return write


@pytest.fixture
def played(written, tmp_path):
    """The study, played."""
    return play_study(load_study(written()), tmp_path / "out", progress=False)


def complaints(file):
    """Return what is wrong with a study file, without its folder."""
    with pytest.raises(sim.ScenarioError) as caught:
        load_study(file)
    return str(caught.value).replace(f"{file.parent}/", "").splitlines()


def test_a_study_is_what_its_file_says(written):
    """Every scenario, with what is set, at all six points."""
    study = load_study(written())

    assert (study.title, study.labels, study.points, study.runs) == (
        "A small study",
        ("one", "two"),
        6,
        120,
    )
    assert study.paths == ("crisis.quiet_hours", "groups.allies.quorum")
    assert {batch.scenario.run.horizon_days for batch in study.batches} == {15}
    assert {(batch.seed, batch.replications) for batch in study.batches} == {(5, 10)}


def test_a_list_of_files_is_called_after_them(written):
    """Their stems are the labels."""
    text = 'scenarios = ["world.toml", "other.toml"]\n'

    assert load_study(written(text)).labels == ("world", "other")


@pytest.mark.parametrize("name", ["twelve_plans", "clock_and_quorum"])
def test_the_studies_of_the_project_are_right(name):
    """Each loads, with scenarios from the folder beside its own."""
    study = load_study(ROOT / "studies" / f"{name}.toml")

    assert len(study.labels) == (12 if name == "twelve_plans" else 2)
    assert study.points == (1 if name == "twelve_plans" else 12)


WRONG = [
    ('title = "A small', "title = 5 #", "study.toml:2:9: title: is 5, must be a text"),
    ("replications = 10", "replications = 0", "study.toml:4:16: replications: is 0, must be a"),
    ("seed = 5", "sed = 5", 'study.toml:5:7: sed: is not a known key (did you mean "seed"?)'),
    ('"grid"', '"gird"', 'design.kind: is "gird", must be one of "grid", "sobol", "lhs" (did you'),
    ('"grid"', '"sobol"', "study.toml:8:1: design.points: is missing, must be how many points"),
    ('kind = "grid"', "points = 8", "study.toml:9:10: design.points: is 8, must be left out"),
    (
        '"crises"',
        '"crise"',
        'study.toml:6:13: outcomes.0: is "crise", must be one that the summary',
    ),
    ("= 15", "= -15", "study.toml:12:20: run.horizon_days: is -15, must be a number, above 0"),
    ("horizon_days", "horizn_days", 'run.horizn_days: is not a known key (did you mean "horizon'),
    ("[6, 24]", "[6, -24]", "study.toml:15:24: crisis.quiet_hours: is -24, must be a number, 0 or"),
    ("[6, 24]", "[6, 6]", "study.toml:15:24: vary.crisis.quiet_hours: has the value 6 twice"),
    ("[6, 24]", "[]", "study.toml:15:24: vary.crisis.quiet_hours: must have either values"),
    ("[6, 24]", "7", "vary.crisis.quiet_hours: is 7, must be a list of values, or low and high"),
    ("quiet_hours", "quiet_hour", 'crisis.quiet_hour: is not a known key (did you mean "quiet_h'),
    ("low = 1", 'low = "a"', "must be two numbers, low and high"),
    ("count = 3", "count = 1", "study.toml:16:24: vary.groups.allies.quorum: is"),
    ("whole = true", "whole = 3", "vary.groups.allies.quorum: whole is 3, must be true or false"),
    (", count = 3", "", "study.toml:16:24: vary.groups.allies.quorum: has a range, must have val"),
    ("allies", "alies", 'groups.alies: is not here to be changed (did you mean "allies"?)'),
    ('"world.toml"', '"wrld.toml"', 'study.toml:3:21: scenarios.one: is "wrld.toml", which is not'),
    ('"world.toml"', "5", "study.toml:3:21: scenarios.one: is 5, must be the path of a scenario"),
    ("one =", '"a b" =', "must be a label of letters, digits, _ and -"),
    ("[set]", "[set", "study.toml:11:5: is not TOML"),
]


@pytest.mark.parametrize(("there", "instead", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_line(written, there, instead, said):
    """File, line, column, path, the value, and what is allowed."""
    found = complaints(written(RIGHT.replace(there, instead, 1)))

    assert any(said in line for line in found), found


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("worlds.toml", ' (did you mean "world.toml"?)'),
        ("world", ' (did you mean "world.toml"?)'),
        ("plan.toml", ' (did you mean "../scenarios/plan.toml"?)'),
        ("quite_another.toml", ""),
    ],
)
def test_the_scenario_that_was_meant_is_named(written, named, meant):
    """As the study has to write it."""
    file = written(RIGHT.replace('"world.toml"', f'"{named}"', 1))
    scenarios = file.parent.parent / "scenarios"
    scenarios.mkdir()
    (scenarios / "plan.toml").write_bytes(file.with_name("world.toml").read_bytes())
    place = "study.toml:3:21: scenarios.one"

    assert complaints(file) == [f'{place}: is "{named}", which is not a file here{meant}']


def test_no_scenario_is_named_that_a_study_may_not_read(written, tmp_path):
    """A file that lies further up is not what was meant."""
    deep = tmp_path / "mine" / "studies" / "study.toml"
    deep.parent.mkdir(parents=True)
    deep.write_bytes(written('scenarios = ["plan.toml"]\n').read_bytes())
    (tmp_path / "plan.toml").write_bytes(SMALL_WORLD.read_bytes())
    [said] = complaints(deep)

    assert said.endswith('is "plan.toml", which is not a file here')


def test_all_that_is_wrong_is_said_at_once(written):
    """In the order in which it stands there."""
    text = RIGHT.replace('"crises"', '"crise"').replace("[6, 24]", "[6, 6]").replace('"w', '"no')

    assert [line.split(":")[1] for line in complaints(written(text))] == ["3", "6", "15"]


def test_what_is_wrong_with_a_scenario_is_said_of_its_file(written):
    """With its own line."""
    file = written()
    world = file.with_name("world.toml")
    world.write_text(world.read_text().replace("incidents_per_day = 3", "incidents_per_day = -3"))

    assert complaints(file)[0].startswith("world.toml:14:21: violations.incidents_per_day: is -3")


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../../etc/passwd",
        "world/../../../x.toml",
        "https://example.org/x.toml",
        "..\\\\x.toml",
        "link.toml",
        "nul\\u0000.toml",
        "",
        ".",
        "/dev/zero",
        "loop.toml",
        "x" * 5000,
    ],
)
def test_a_study_reaches_for_no_other_file(written, tmp_path, name):
    """Only for those below its folder's parent; not by links either."""
    file = written(f'scenarios = ["{name}"]\n')
    outside = tmp_path.parent / "outside.toml"
    outside.write_text(SMALL_WORLD.read_text())
    (file.parent / "link.toml").symlink_to(outside)
    (file.parent / "loop.toml").symlink_to(file.parent / "loop.toml")

    assert complaints(file)[0].startswith("study.toml:1:14: scenarios.")


def test_a_scenario_beside_the_folder_of_studies_can_be_named(written):
    """As in `../scenarios/three_step.toml`."""
    file = written('scenarios = ["../scenarios/world.toml"]\n')
    (file.parent.parent / "scenarios").mkdir()
    (file.parent.parent / "scenarios" / "world.toml").write_text(SMALL_WORLD.read_text())

    assert load_study(file).labels == ("world",)


def test_a_mutated_study_never_gives_a_traceback(written):
    """Two hundred files with bytes cut out, doubled or changed: a study, or what is wrong."""
    luck = random.Random(11)
    for _ in range(MUTANTS):
        text = RIGHT
        for _ in range(luck.randint(1, 4)):
            at, length = luck.randrange(len(text)), luck.randint(1, 12)
            piece = luck.choice(["", text[at : at + length] * 2, luck.choice('[]{}=",.\n#-9e\0é')])
            text = text[:at] + piece + text[at + length :]
        with suppress(sim.ScenarioError):
            assert load_study(written(text)).labels


def test_a_study_is_one_table(played):
    """Plan, case, what varies, quantity; and every plan is at every point."""
    keys = ["plan", "case", "crisis.quiet_hours", "groups.allies.quorum", "quantity"]

    assert list(played.table.columns[:5]) == keys
    assert len(played.table) == 2 * 6 * 2
    assert kind_of(played.folder) == "study"


def test_plans_are_compared_at_the_same_point(played):
    """The difference is that of the two estimates there, with its own interval."""
    table = played.table.query("quantity == 'crises'")
    one, two = (table[table["plan"] == plan]["estimate"].to_numpy() for plan in ("one", "two"))
    found = played.differences.query("quantity == 'crises'")

    assert found["plan"].tolist() == ["two"] * 6
    assert found["difference"].to_numpy() == pytest.approx(two - one)
    assert (found["high"] > found["low"]).all()


def test_a_study_with_nothing_that_varies_compares_plans(written, tmp_path):
    """Each plan is a run's folder, and there is no column for a point."""
    text = RIGHT[: RIGHT.index("[design]")]
    found = play_study(load_study(written(text)), tmp_path / "out", progress=False)

    assert "case" not in found.table
    assert kind_of(tmp_path / "out" / "plans" / "one") == "run"
    assert found.differences["plan"].unique().tolist() == ["two"]


def test_the_study_in_a_folder_plays_the_same_again(played, tmp_path):
    """Its study.toml says all that there is to say."""
    again = play_study(load_study(played.folder / "study.toml"), tmp_path / "again", progress=False)

    assert again.table.equals(played.table)
    assert tomllib.loads((tmp_path / "again" / "study.toml").read_text())["seed"] == 5


def test_more_runs_are_the_same_as_so_many_at_once(played, written, tmp_path):
    """Byte for byte, and what is there is not played again."""
    resume_study(played.folder, 15, progress=False)
    whole = play_study(load_study(written(), 15), tmp_path / "whole", progress=False)

    assert tree(played.folder) == tree(whole.folder)


def test_a_file_can_be_played_at_once(written, tmp_path):
    """Without loading it first; two threads of an executor give the same bytes."""
    text = RIGHT[: RIGHT.index("[design]")]
    one = play_study(written(text), tmp_path / "one", workers=1, progress=False)
    with ThreadPoolExecutor(2) as executor:
        how = {"executor": executor, "workers": 2, "progress": False}
        two = play_study(written(text), tmp_path / "two", **how)

    assert tree(one.folder) == tree(two.folder)


def test_what_is_whole_is_only_opened(played):
    """Going on with it changes nothing."""
    before = tree(played.folder)
    said = []
    resume_study(played.folder, progress=False, say=said.append)

    assert tree(played.folder) == before
    assert said == []


def test_another_study_does_not_go_on_with_this_one(played, written):
    """The difference is said, and the folder left as it is."""
    before = tree(played.folder)
    other = load_study(written(RIGHT.replace("seed = 5", "seed = 6")))

    with pytest.raises(ChangedError, match="seed: is 5 there, 6 now"):
        play_study(other, played.folder, resume=True, progress=False)
    assert tree(played.folder) == before


def test_a_folder_that_holds_something_is_refused(played):
    """Unless one asks to go on."""
    with pytest.raises(FileExistsError, match="must be a new or empty folder"):
        play_study(played.study, played.folder, progress=False)


@pytest.mark.parametrize("name", ["table.csv", "plans/two/outcomes/part-0000000000000.parquet"])
def test_damage_is_seen_and_mended(played, name):
    """Opening complains, going on computes it again."""
    before = tree(played.folder)
    (played.folder / name).write_bytes(b"nothing")

    with pytest.raises(DamagedError, match="damaged or lost"):
        open_study(played.folder)
    is_rows = name.endswith(".parquet")
    with pytest.warns(RecomputedWarning, match="played again") if is_rows else nullcontext():
        resume_study(played.folder, progress=False)
    assert tree(played.folder) == before
