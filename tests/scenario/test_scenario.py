"""A scenario is written out as a file that loads by itself, and is the same scenario."""

from pathlib import Path

import pytest
from hypothesis import given
from scenario.made_up import FORTY, scenarios

from sim.scenario.loading import load
from sim.scenario.parameters import parameters
from sim.scenario.sources import grades_in_words

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))


@pytest.fixture(scope="module")
def read_back(tmp_path_factory):
    """Write a scenario to a file in an empty folder, and load that."""
    path = tmp_path_factory.mktemp("written") / "scenario.toml"

    def write_and_load(plan):
        path.write_text(plan.to_toml(), encoding="utf-8")
        return load(path)

    return write_and_load


# What is made up may promise in vain.
NOTED = pytest.mark.filterwarnings("ignore::sim.scenario.notes.ScenarioWarning")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_the_same_when_written_and_read(path, read_back):
    """It needs no base and no table of members any more."""
    plan = load(path)

    assert read_back(plan) == plan


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_played_the_same_when_written_and_read(path, read_back):
    """All numbers and all draws are the same to the last bit."""
    plan = load(path)

    assert parameters(read_back(plan)) == parameters(plan)


@given(plan=scenarios())
@FORTY
@NOTED
def test_any_scenario_is_the_same_when_written_and_read(plan, read_back):
    """Whatever numbers, names and texts it holds."""
    assert read_back(plan) == plan


@given(plan=scenarios())
@FORTY
@NOTED
def test_any_scenario_is_written_the_same_again(plan, read_back):
    """To write what was read changes no byte."""
    assert read_back(plan).to_toml() == plan.to_toml()


def test_every_default_is_spelled_out(smallest, loaded):
    """A reader of the file sees all that decides what happens."""
    written = loaded(smallest).to_toml()

    assert all(key in written for key in ("horizon_days", "quiet_hours", "detection", "sectors"))


def test_changes_are_written_out(loaded, smallest):
    """The file is the scenario as it is, with the assumption that was made."""
    plan = loaded(f'{smallest}[sources]\n"levels.fire.spell" = "A29"')
    written = plan.with_(("levels.fire.spell.hours", 2)).to_toml()

    assert '"levels.fire.spell.hours" = "assumption: set in with_"' in written


def test_a_notebook_shows_how_much_is_assumed(loaded, smallest):
    """Below what the scenario is."""
    plan = loaded(smallest)

    assert plan._repr_html_().endswith(grades_in_words(plan))


def test_a_notebook_shows_how_many_incidents_are_on_record(loaded, smallest):
    """Where they do not arrive at a rate."""
    plan = loaded(smallest)
    replayed = plan.with_(
        ("violations.process", "replay"), ("violations.recorded", {"hours": [1.0, 2.0, 5.0]})
    )

    assert "1 incident a day" in plan._repr_html_()
    assert "3 incidents on record" in replayed._repr_html_()


def test_a_title_cannot_break_out_of_a_notebook(smallest, loaded):
    """What a notebook shows of a scenario is escaped."""
    plan = loaded(f'title = "<script>alert(1)</script>"\n{smallest}')

    assert "<script>" not in plan._repr_html_()


def test_a_scenario_is_named_in_one_line(loaded, smallest):
    """In a terminal, and in a list of several."""
    plan = loaded(f'title = "A plan"\n{smallest}')

    assert repr(plan) == f"<Scenario 'A plan': 0 steps, {plan.run.horizon_days:g} days>"
