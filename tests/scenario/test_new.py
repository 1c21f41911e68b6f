"""The scenario that `sim new` writes is one to start from."""

import re
import tomllib
from pathlib import Path

import pytest

import sim
from sim.scenario.loading import load
from sim.scenario.parameters import parameters
from sim.scenario.scenario import Scenario

NEW = Path(sim.__file__).parent / "scenario" / "new.toml"


@pytest.fixture(scope="module")
def years():
    """Thirty years of it."""
    return sim.run(load(NEW), replications=30, seed=1, workers=1, progress=False)


def test_it_loads_and_has_numbers():
    """It is valid as it stands, in any folder."""
    numbers = parameters(load(NEW))

    assert (len(numbers.sectors), len(numbers.levels), len(numbers.steps)) == (2, 5, 2)


def test_it_stands_by_itself():
    """It refers to no other file."""
    text = NEW.read_text(encoding="utf-8")
    code = re.sub(r"#.*", "", text)

    assert "extends" not in code
    assert "members_file" not in code


def test_it_has_every_table():
    """So that one only has to change what is there, or to take a # away."""
    text = NEW.read_text(encoding="utf-8")
    commented = set(re.findall(r"^# \[([a-z]+)", text, re.MULTILINE))

    assert set(Scenario.model_fields) - set(tomllib.loads(text)) - commented == {"extends"}


def test_what_is_commented_out_loads_too(loaded, with_everything):
    """Without the #, and with members that veto and need the backer."""
    numbers = parameters(loaded(with_everything))

    assert (numbers.branching_ratio, numbers.steps[1].lasts_hours) == (0.4, 168)


def test_it_has_an_actor_and_a_group():
    """Both ways to decide."""
    plan = load(NEW)

    assert (list(plan.actors), list(plan.groups)) == (["government"], ["allies"])


def test_it_is_commented():
    """Nearly every line that is not self-evident says what it is; none is too long to read."""
    lines = NEW.read_text(encoding="utf-8").splitlines()

    assert sum("#" in line for line in lines) > len(lines) / 3


def test_its_crises_are_neither_constant_nor_absent(years):
    """A year has some, and the line is in crisis for a small part of it."""
    crises, outcomes = years.crises, years.outcomes
    closed = crises["closed_hours"].fillna(24 * 365)
    in_crisis = (closed - crises["opened_hours"]).sum() / outcomes["end_hours"].sum()

    assert 2 < outcomes["crises"].mean() < 24
    assert 0.02 < in_crisis < 0.25


def test_its_steps_end_in_every_way(years):
    """Some come on time, some late, some are refused, and some are stood down."""
    statuses = {*years.crises["protest_status"], *years.crises["response_status"]}

    assert {"on_time", "late", "refused", "stood_down"} <= statuses


def test_its_ceasefire_mostly_holds(years):
    """And not always."""
    assert 0.6 < (years.outcomes["outcome"] == "held").mean() < 1
