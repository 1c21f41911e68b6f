"""The shipped scenarios cite the evidence that is on record, and say what it says."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from sim.scenario.layers import leaves, value_at
from sim.scenario.loading import load
from sim.scenario.problems import dotted

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
SCALES = ("hours", "mean_hours", "median_hours", "scale_hours")
# What is no claim about the world, or follows from a claim that is cited.
NEEDS_NO_SOURCE = {
    "format",
    "extends",
    "title",
    "run.horizon_days",
    "run.replications",
    "run.seed",
    "violations.process",
    "groups.willing.rule",
    "groups.willing.members_file",
    "steps.warning.decide_from_hours",
}


def rows_of(name):
    """Return the rows of one of the ledger's tables, by id."""
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


ASSUMPTIONS = rows_of("assumptions")
LEDGER = {**rows_of("facts"), **rows_of("literature"), **rows_of("readings"), **ASSUMPTIONS}


def on_record(plan):
    """Return each path that cites an assumption made for just this path, and its row."""
    rows = ((path, ASSUMPTIONS.get(source)) for path, source in plan.sources.items())
    return [(path, row) for path, row in rows if row and path in row["path"].split(";")]


def in_words(value):
    """Return a value as the ledger writes it: of a delay the scale, of shares all of them."""
    if not isinstance(value, dict):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if "family" in value:
        return f"{next(value[scale] for scale in SCALES if scale in value):g}"
    if "level" in value:
        return f"{value['level']} within {value['within_hours']:g} hours"
    return " / ".join(in_words(one) for one in value.values())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_source_is_on_record(path):
    """Each id is a row of the ledger."""
    assert sorted(set(load(path).sources.values()) - set(LEDGER)) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_source_is_about_the_value_that_cites_it(path):
    """An assumption that names paths is cited for these, or for what is below them."""
    astray = []
    for name, source in load(path).sources.items():
        paths = LEDGER[source].get("path", "").replace("members_file", "members").split(";")
        if paths != [""] and not any(f"{name}.".startswith(f"{one}.") for one in paths):
            astray.append((name, source))

    assert astray == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_value_is_the_one_on_record(path):
    """Where an assumption gives a path's value, the scenario has that value."""
    plan = load(path)
    tables = plan.as_tables()
    said = {
        name: (row["value"], in_words(value_at(tables, tuple(name.split(".")))))
        for name, row in on_record(plan)
    }
    other = {name: pair for name, pair in said.items() if pair[0].removesuffix(".0") != pair[1]}

    assert said
    assert other == {}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_spread_is_the_one_on_record(path):
    """Where an assumption gives a delay's spread, the scenario has that spread."""
    plan = load(path)
    spreads = {}
    for name, row in on_record(plan):
        spread = re.fullmatch(r"lognormal, log_sd ([0-9.]+)", row["family"])
        if spread:
            where = (*name.split("."), "log_sd")
            spreads[name] = (float(spread[1]), value_at(plan.as_tables(), where))

    assert len(spreads) >= 13
    assert [pair for pair in spreads.values() if pair[0] != pair[1]] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_claim_of_a_shipped_file_has_a_source(path):
    """No value about the world is an assumption that nobody wrote down."""
    sources = load(path).sources
    stated = [name for name, _ in leaves(tomllib.loads(path.read_text())) if name[0] != "sources"]
    bare = {
        dotted(name)
        for name in stated
        if not any(dotted(name[:length]) in sources for length in range(1, len(name) + 1))
    }

    assert bare - NEEDS_NO_SOURCE == set()


def test_the_reported_hours_are_the_reported_ones():
    """The 24 hours of step 1 are in F05, the 72 hours of step 3 in F08."""
    plan = load(ROOT / "scenarios" / "three_step.toml")
    hours = {
        plan.sources["steps.warning.deadline_hours"]: plan.steps["warning"].deadline_hours,
        plan.sources["steps.military.not_before_hours"]: plan.steps["military"].not_before_hours,
    }

    assert hours == {"F05": 24, "F08": 72}


def test_the_coalition_has_the_members_that_pledged():
    """The reported number is 26 (F26)."""
    plan = load(ROOT / "scenarios" / "base.toml")

    assert len(plan.groups["willing"].members) == int(ASSUMPTIONS["A119"]["value"])
