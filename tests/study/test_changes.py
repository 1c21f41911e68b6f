"""What was changed is counted as somebody changed it."""

import pytest

import sim
from sim.study.comparing.changes import changes

CONSTANT = {"family": "constant", "hours": 2.0}
MADE = {
    "a number": (("crisis.quiet_hours", 30), "crisis.quiet_hours is 30 instead of"),
    "a delay of another family": (
        ("steps.force.deploy", CONSTANT),
        "steps.force.deploy is constant (hours 2) instead of",
    ),
    "one member": (
        ("groups.allies.members.first.yes_probability", 0.125),
        "groups.allies.members.first.yes_probability is 0.125 instead of",
    ),
    "a table": (("violations.erosion", {"doubling_days": 30.0}), "violations.erosion is added"),
}


@pytest.mark.parametrize("made", MADE)
def test_what_somebody_changed_is_one_change(small_plan, made):
    """However many values, sources and groups of members it moves."""
    change, said = MADE[made]
    [found] = changes(small_plan, small_plan.with_(change))

    assert found.in_words().startswith(said)


def test_a_step_that_is_not_there_is_one_change(small_plan, loaded_again):
    """Not one for each of its values, and on the other side one as well."""
    without = loaded_again(lambda tables: (tables["steps"].pop("warning"), tables.pop("sources")))

    assert [one.in_words() for one in changes(small_plan, without)] == ["steps.warning is left out"]
    assert [one.in_words() for one in changes(without, small_plan)] == ["steps.warning is added"]


def test_seed_runs_title_and_sources_are_no_changes(small_plan):
    """They are of the luck, or of what is written beside a value."""
    other = small_plan.with_(("run.seed", 5), ("run.replications", 7), ("title", "Another"))

    assert changes(small_plan, other) == []


@pytest.fixture
def loaded_again(small_plan, tmp_path):
    """Return the small plan with its tables edited, from a file."""

    def load(edit):
        import tomli_w

        tables = small_plan.as_tables()
        edit(tables)
        file = tmp_path / "edited.toml"
        file.write_text(tomli_w.dumps(tables), encoding="utf-8")
        return sim.load(file)

    return load
