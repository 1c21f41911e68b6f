"""The shipped scenarios behave as the evidence lets one expect: no war a month, some crises."""

from pathlib import Path

import pytest

import sim

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MOST_EXPANSIONS_PER_INCIDENT = 2e-4


@pytest.fixture(scope="module")
def quiet_years():
    """Forty years under the three-step plan in which nobody decides to attack."""
    plan = sim.load(SCENARIOS / "three_step.toml", [("attack.per_year", 0.0)])
    return sim.run(plan, replications=40, seed=1, progress=False)


def test_incidents_hardly_ever_grow_into_an_expanded_attack(quiet_years):
    """Fewer than 2e-4 of the incidents do, the upper bound of what was observed (L39)."""
    outcomes = quiet_years.outcomes
    grown = (outcomes["hours_expanded"] > 0).sum()

    assert grown / outcomes["incidents"].sum() < MOST_EXPANSIONS_PER_INCIDENT


def test_crises_are_neither_constant_nor_absent(quiet_years):
    """A year has some, and the line is in crisis for a small part of it."""
    crises, outcomes = quiet_years.crises, quiet_years.outcomes
    closed = crises["closed_hours"].fillna(24 * 365)
    in_crisis = (closed - crises["opened_hours"]).sum() / outcomes["end_hours"].sum()

    assert 1 < outcomes["crises"].mean() < 24
    assert 0.002 < in_crisis < 0.25


def test_without_an_attack_the_ceasefire_mostly_holds_for_a_year(quiet_years):
    """War comes by decision; small fighting alone ends few ceasefires."""
    assert (quiet_years.outcomes["outcome"] == "held").mean() > 0.9


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_runs(path):
    """One run of each, to its end."""
    results = sim.run(sim.load(path), replications=1, seed=1, progress=False)

    assert len(results.outcomes) == 1
