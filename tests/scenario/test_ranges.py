"""The evidence says between which bounds a value may be, of just the value it is about."""

from pathlib import Path

import pytest

from sim.scenario.ledger import ledger
from sim.scenario.loading import load
from sim.scenario.ranges import Range, default_ranges, range_of

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
PLAN = load(Path(__file__).parents[2] / "scenarios" / "three_step.toml")
RANGES = {
    "a number": (
        "attack.per_year",
        Range("attack.per_year", 0.15, 0.02, 0.6, False, "A26", "assumption"),  # noqa: FBT003
    ),
    "a whole number": (
        "attack.sectors",
        Range("attack.sectors", 2, 1, 4, True, "A27", "assumption"),  # noqa: FBT003
    ),
    "a delay, of which the scale is meant": (
        "actors.usa.decision",
        Range("actors.usa.decision.median_hours", 36, 6, 336, False, "A123", "assumption"),  # noqa: FBT003
    ),
    "a delay's scale": (
        "steps.warning.deploy.hours",
        Range("steps.warning.deploy.hours", 0, 0, 6, False, "A69", "assumption"),  # noqa: FBT003
    ),
    "a member's own value": (
        "groups.willing.members.france.yes_probability",
        Range(
            "groups.willing.members.france.yes_probability",
            0.8,
            0.6,
            0.95,
            False,  # noqa: FBT003
            "A112",
            "assumption",
        ),
    ),
    "a member's value of a column": (
        "groups.willing.members.spain.yes_probability",
        Range(
            "groups.willing.members.spain.yes_probability",
            0.5,
            0.22,
            0.75,
            False,  # noqa: FBT003
            "A111",
            "literature",
        ),
    ),
}
NO_RANGES = {
    "a reported value": "steps.military.not_before_hours",
    "a spread, which the row is not about": "actors.usa.decision.log_sd",
    "a member's spread": "groups.willing.members.spain.decision_log_sd",
    "a share of several that add up": "violations.level_shares.shelling",
    "a word": "crisis.clock",
    "a table": "crisis",
    "a value without a source": "run.horizon_days",
    "what is not there": "crisis.nothing",
    "a single value": "actors.ukraine.yes_probability",
}


@pytest.mark.parametrize("name", RANGES)
def test_the_range_of_a_value_is_that_of_its_row(name):
    """With the value, the row and how far it can be trusted."""
    path, expected = RANGES[name]

    assert range_of(PLAN, path) == expected


@pytest.mark.parametrize("name", NO_RANGES)
def test_where_the_evidence_gives_no_range_there_is_none(name):
    """Whoever wants it varied must say how far."""
    assert range_of(PLAN, NO_RANGES[name]) is None


def test_a_changed_value_has_no_range():
    """It has lost its source."""
    assert range_of(PLAN.with_(("attack.per_year", 0.3)), "attack.per_year") is None


def test_a_range_may_be_followed_by_words():
    """That it is assumed, for instance."""
    assert ledger()["A29"].range == "0.25-1 (assumed: half to double)"
    assert range_of(PLAN, "levels.harassing.spell")[2:4] == (0.25, 1.0)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_value_lies_in_its_range(path):
    """In every scenario that is shipped, the members' values among them."""
    ranges = default_ranges(load(path), members=True)

    assert ranges
    assert [one for one in ranges if not one.low <= one.value <= one.high] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_all_low_ends_and_all_high_ends_make_scenarios(path):
    """So a study of the defaults meets no error at the corners where errors are likeliest."""
    plan = load(path)
    ranges = default_ranges(plan)

    for end in ("low", "high"):
        assert plan.with_(*((one.path, getattr(one, end)) for one in ranges)) != plan


def test_only_what_the_runs_depend_on_has_a_default_range():
    """Without an attack, how many sectors it strikes is nothing to vary."""
    calm = PLAN.with_(("attack.per_year", 0.0))
    paths = {one.path for one in default_ranges(calm)}

    assert "attack.sectors" in {one.path for one in default_ranges(PLAN)}
    assert "attack.sectors" not in paths


def test_members_are_left_out_unless_asked_for():
    """There are too many of them to vary each."""
    few, all_of_them = default_ranges(PLAN), default_ranges(PLAN, members=True)

    assert not any(".members." in one.path for one in few)
    assert all_of_them[: len(few)] == few
    assert len(all_of_them) == len(few) + 26 + 26 + 10  # said yes, decision, parliament
