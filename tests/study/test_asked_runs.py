"""What is asked for wrongly is refused with what to write instead."""

from pathlib import Path

import pytest

import sim
from sim.scenario.problems import ScenarioError


def test_a_file_is_no_scenario():
    """It has to be loaded first, which is said with its name."""
    with pytest.raises(TypeError) as caught:
        sim.run("my_plan.toml")

    assert str(caught.value) == (
        'scenario: is "my_plan.toml", must be a scenario, such as sim.load("my_plan.toml")'
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda file: sim.compare([file, file]),
        sim.rare,
        sim.sensitivity,
        lambda file: sim.sweep(file, {"crisis.quiet_hours": [12, 24]}),
        sim.trace,
    ],
)
def test_no_question_takes_a_file_for_a_scenario(ask):
    """Each says so in the same words."""
    with pytest.raises(TypeError, match=r"^scenario: is .*, such as sim\.load\("):
        ask(Path("my_plan.toml"))


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"replications": 0}])
def test_a_wrong_number_of_runs_or_seed_is_named(small_plan, wrong):
    """As it was given, and not as what it changes in the scenario."""
    (name,) = wrong
    with pytest.raises(ScenarioError, match=f"^{name}:1:1: run.{name}: is {wrong[name]}, must be"):
        sim.run(small_plan, **wrong)


def test_no_worker_plays_nothing(small_plan):
    """None are not taken for all there are."""
    with pytest.raises(ValueError, match=r"^workers: is 0, must be 1 or more"):
        sim.run(small_plan, workers=0)
