"""The shipped plans: one world for all of them, one effect for one kind of action, one file each.

A plan may differ from the file that it extends in what it says, and in nothing else.
"""

import csv
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from worlds import same

import sim
from sim.engines import compiled_engine, simpy_engine
from sim.scenario.layers import leaves, value_at
from sim.scenario.parameters import parameters

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "scenarios").glob("*.toml"))
NAMES = [file.stem for file in FILES]
EXTENDING = [name for name in NAMES if name != "base"]
ANSWERS = ("blitz", "probing", "salami")
WORLDS = ("eroded_world", "frozen_conflict", "full_world")
LONG = ("us_guarantee_15_years", "us_guarantee_50_years")
COMPARED = [name for name in NAMES if name not in (*ANSWERS, *WORLDS, *LONG)]
WORLD_TABLES = ("run", "line", "violations", "attack", "doctrine", "levels", "credibility")
# A plan may say anew what holds already, where that is what the plan is about.
SAID_AGAIN = {"three_step": {"crisis.clock"}}
NO_CLAIMS = {"format", "title", "extends"}
SHORT_DAYS = 45.0
ATTACKS_PER_YEAR = 12.0


@cache
def plan(name):
    """Return a shipped scenario."""
    return sim.load(ROOT / "scenarios" / f"{name}.toml")


@cache
def file_of(name):
    """Return what stands in a scenario's own file."""
    return tomllib.loads((ROOT / "scenarios" / f"{name}.toml").read_text(encoding="utf-8"))


def values(tables):
    """Return the values of a scenario by path, but for its sources and what is no claim."""
    found = {".".join(path): value for path, value in leaves(tables) if path[0] != "sources"}
    return {path: value for path, value in found.items() if path not in NO_CLAIMS}


def differences(name, other):
    """Return the paths at which two scenarios differ."""
    here, there = values(plan(name).as_tables()), values(plan(other).as_tables())
    return {path for path in {*here, *there} if here.get(path) != there.get(path)}


def said_by(name):
    """Return the paths of the values that a file states; a members_file states its members."""
    return {re.sub(r"members_file$", "members", path) for path in values(file_of(name))}


def below(name):
    """Return the name of the scenario that a file extends."""
    return Path(file_of(name)["extends"]).stem


def added_by(name):
    """Return the paths of the tables that a file adds; they bring their defaults along."""
    lower = plan(below(name)).as_tables()
    added = set()
    for path, _ in leaves(file_of(name)):
        tables = (path[:length] for length in range(1, len(path)))
        added |= {".".join(table) for table in tables if value_at(lower, table) is None}
    return added


def is_covered(path, said):
    """Return whether a path is one of these, or below one."""
    return any(path == one or path.startswith(f"{one}.") for one in said)


@pytest.mark.parametrize("name", EXTENDING)
def test_a_plan_differs_from_what_it_extends_only_in_what_it_says(name):
    """No value changes that the file does not name; tables that it adds bring their defaults."""
    covered = said_by(name) | added_by(name)

    assert [path for path in differences(name, below(name)) if not is_covered(path, covered)] == []


@pytest.mark.parametrize("name", EXTENDING)
def test_a_plan_says_nothing_that_holds_already(name):
    """Each of its lines changes something, so that what it is can be read off the file."""
    changed, added = differences(name, below(name)), added_by(name)
    stated = said_by(name) - SAID_AGAIN.get(name, set())
    idle = {
        path
        for path in stated
        if not is_covered(path, added) and not any(is_covered(one, {path}) for one in changed)
    }

    assert idle == set()


@pytest.mark.parametrize("name", COMPARED)
def test_all_plans_are_tried_in_one_world(name):
    """The plans that are compared share every table of the base but the plan's own."""
    here, base = plan(name).as_tables(), plan("base").as_tables()
    if name.startswith("monitoring_"):  # what is seen is what these two are about
        for level in here["levels"]:
            here["levels"][level]["attribution"] = base["levels"][level]["attribution"]
    else:
        assert here["monitoring"] == base["monitoring"]

    assert {key: here.get(key) for key in WORLD_TABLES} == {
        key: base.get(key) for key in WORLD_TABLES
    }
    assert {**here["crisis"], "clock": ""} == {**base["crisis"], "clock": ""}
    assert here.get("actors") == base["actors"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_action_has_the_same_effect_in_every_plan(name):
    """No source gives any effect, so no plan may win by having assumed another one."""
    full = {key: step.effect for key, step in plan("three_step").steps.items()}
    full["army"] = full["warning"]
    words_alone = "army" in plan(name).steps
    effects = {
        key: step.effect
        for key, step in plan(name).steps.items()
        if key in full and not (words_alone and key == "warning")
    }

    assert effects == {key: full[key] for key in effects}


@pytest.mark.parametrize("name", [*ANSWERS, *WORLDS])
def test_an_answer_or_a_world_leaves_the_plan_alone(name):
    """It extends the three-step plan, and changes nothing of its steps, deciders and rules."""
    changed = {path.split(".")[0] for path in differences(name, "three_step")}
    may_change = {"attack", "doctrine", "violations", "levels"}
    if name in WORLDS:
        may_change |= {"run", "monitoring", "credibility", "groups"}

    assert file_of(name)["extends"] == "three_step.toml"
    assert changed <= may_change


def test_the_full_world_has_the_mean_rate_of_the_base():
    """What incidents set off comes on top of the background: base / (1 - branching ratio)."""
    violations = plan("full_world").violations
    mean = violations.incidents_per_day / (1 - violations.excitation.branching_ratio)

    assert mean == pytest.approx(plan("base").violations.incidents_per_day)


def test_the_backed_coalition_is_the_same_coalition():
    """Its table differs in one column, which is true for each member."""
    free, backed = plan("coalition_alone").groups["willing"], plan("coalition_backed")
    members = {
        name: member.model_copy(update={"needs_backer": True})
        for name, member in free.members.items()
    }

    assert dict(backed.groups["willing"].members) == members


def test_the_security_council_has_fifteen_members_five_with_a_veto():
    """And the aggressor is one of the five, and says no."""
    members = plan("security_council").groups["security_council"].members

    assert (len(members), sum(member.vetoes for member in members.values())) == (15, 5)
    assert (members["russia"].vetoes, members["russia"].yes_probability) == (True, 0)


def claims():
    """Yield what the readings' column `encoded_as` says: reading, file, path, value or None."""
    with (ROOT / "seeds" / "readings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        parts = re.split(r"((?:\w+\.toml(?:, )?)+): ", row["encoded_as"])
        for files, text in zip(parts[1::2], parts[2::2], strict=True):
            said = re.findall(r'([\w.]+\.\w+) = (\{.*?\}|\[.*?\]|"\w*"|[\d.]*\d)', text)
            found = [(path, tomllib.loads(f"x = {value}")["x"]) for path, value in said]
            found += [(path, None) for path in re.findall(r"([\w.]+\.\w+) left out", text)]
            for one in files.split(", "):
                yield from ((row["id"], one.removesuffix(".toml"), *claim) for claim in found)


def test_readings_are_encoded_as_the_ledger_says():
    """Each path of the column has, in each file named, the value that the column gives."""
    wrong = []
    for reading, name, path, value in claims():
        found = value_at(plan(name).as_tables(), tuple(path.split(".")))
        if isinstance(value, dict):
            found = {key: found[key] for key in value}
        if (list(found) if isinstance(found, tuple) else found) != value:
            wrong.append((reading, name, path, found))

    assert wrong == []


def test_every_reading_that_can_be_encoded_has_its_file():
    """All but R11, which says what step 2 brings and not when."""
    encoded = {reading for reading, *_ in claims()}

    assert {f"R{number:02}" for number in range(1, 23)} - encoded == {"R11"}


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_in_words_what_it_is(name):
    """A comment at its top, a title of its own, and a row in the readme's tables."""
    text = (ROOT / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    readme = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")

    assert re.match(r"#:schema [^\n]+\n# [A-Z]", text)
    assert [one for one in NAMES if plan(one).title == plan(name).title] == [name]
    assert f"| `{name}.toml` |" in readme


@pytest.mark.parametrize("name", NAMES)
def test_the_engines_agree_on_a_plan_that_is_put_to_use(name):
    """Equal rows over some weeks with an attack a month, and a guarantee that ends meanwhile."""
    changes = [("run.horizon_days", SHORT_DAYS), ("attack.per_year", ATTACKS_PER_YEAR)]
    if plan(name).guarantee:
        changes.append(("guarantee.expires_years", SHORT_DAYS / 365 / 2))
    numbers = parameters(plan(name).with_(*changes))
    rows = [engine.simulate(numbers, 5, range(3)) for engine in (simpy_engine, compiled_engine)]

    assert same(*rows)


def outcomes(name, runs, *changes):
    """Return the rows of some runs of a plan, on the luck that all plans share."""
    changed = plan(name).with_(*changes)
    return sim.run(changed, replications=runs, seed=1, progress=False).outcomes


def test_a_council_that_always_refuses_is_ukraine_alone():
    """Run for run: the step that is never in force changes nothing else."""
    attacks = ("attack.per_year", ATTACKS_PER_YEAR)
    vetoed, alone = (outcomes(name, 40, attacks) for name in ("security_council", "ukraine_only"))

    assert vetoed["military_refused"].sum() > 0
    assert vetoed["military_first_hours"].isna().all()
    assert vetoed[alone.columns].equals(alone)


def test_a_deal_that_never_comes_is_a_plan_without_its_third_step():
    """And one that always comes is the three-step plan, run for run."""
    attacks = ("attack.per_year", ATTACKS_PER_YEAR)
    chance = "conditions.territorial_deal.probability"
    closed = outcomes("territorial_deal", 40, attacks, (chance, 0.0))
    always = outcomes("territorial_deal", 40, attacks, (chance, 1.0))

    assert closed["military_called"].sum() == 0
    assert always.equals(outcomes("three_step", 40, attacks))


def test_a_guarantee_matters_only_once_it_has_expired():
    """Runs that end within the first 15 years are the same under 15 years as under 50."""
    shorter, longer = (outcomes(name, 30) for name in LONG)
    early = longer["end_hours"] < 15 * 365 * 24

    assert early.any()
    assert shorter[early].equals(longer[early])
