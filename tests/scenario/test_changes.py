"""Values can be changed from outside, by --set or in Python, and are checked as in a file."""

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from sim.scenario.loading import load, parsed_change
from sim.scenario.problems import ScenarioError

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PLAN = SCENARIOS / "three_step.toml"
# A change, and what is said of it after its place.
REFUSED = {
    "an unknown key": (
        ("crisis.quiet_hour", 3),
        'crisis.quiet_hour: is not a known key (did you mean "quiet_hours"?)',
    ),
    "a value out of range": (
        ("crisis.quiet_hours", -3),
        "crisis.quiet_hours: is -3, must be a number, 0 or more",
    ),
    "a value of another kind": (
        ("run.seed", "x"),
        'run.seed: is "x", must be a whole number, 0 to 9,223,372,036,854,775,807',
    ),
    "a word for a value": (
        ("crisis.scope", "sektor"),
        'crisis.scope: is "sektor", must be one of "line", "sector" (did you mean "sector"?)',
    ),
    "an item of a list by its number": (
        ("steps.military.deciders.0", "usa"),
        'steps.military.deciders: is {"0": "usa"}, must be a list',
    ),
    "a value below a value": (
        ("run.seed.x", 1),
        'run.seed: is {"x": 1}, must be a whole number, 0 to 9,223,372,036,854,775,807',
    ),
    "a path that ends in a dot": (
        ("crisis.", 1),
        "crisis.: must be a path like crisis.quiet_hours and a value as in a file",
    ),
    "no path": (("", 1), "must be a path like crisis.quiet_hours and a value as in a file"),
    "a path of very many parts": (
        (".".join(["a"] * 21), 1),
        f"{'.'.join(['a'] * 21)}: must be a path like crisis.quiet_hours and a value as in a file",
    ),
    "what the file extends": (
        ("extends", "base.toml"),
        "extends: cannot be changed, must be in the file",
    ),
    "a member that is not there": (
        ("groups.willing.members.germny.yes_probability", 1),
        'groups.willing.members.germny: is not here to be changed (did you mean "germany"?)',
    ),
    "a step that is not there": (
        ("steps.militray.not_before_hours", 24),
        'steps.militray: is not here to be changed (did you mean "military"?)',
    ),
    "a switch that is a number": (
        ("groups.willing.members.france.vetoes", 1),
        "groups.willing.members.france.vetoes: is 1, must be true or false",
    ),
}
FROZEN = {
    "a value": lambda plan: setattr(plan, "title", "x"),
    "a value of a table": lambda plan: setattr(plan.crisis, "quiet_hours", 1.0),
    "a value of an entry": lambda plan: setattr(plan.levels["assault"], "expand_per_day", 1.0),
    "a value of a delay": lambda plan: setattr(plan.actors["usa"].decision, "log_sd", 1.0),
    "a new attribute": lambda plan: setattr(plan, "anything", 1),
    "a value taken away": lambda plan: delattr(plan, "title"),
    "an entry": lambda plan: plan.steps.__setitem__("x", 1),
    "an entry taken away": lambda plan: plan.steps.__delitem__("warning"),
    "entries joined": lambda plan: plan.sources.__ior__({"run": "F01"}),
    "entries updated": lambda plan: plan.line.sectors.update(north=1.0),
    "an entry by default": lambda plan: plan.actors.setdefault("x", 1),
    "an entry popped": lambda plan: plan.groups.pop("willing"),
    "the last entry popped": lambda plan: plan.groups["willing"].members.popitem(),
    "all entries": lambda plan: plan.violations.level_shares.clear(),
}


@pytest.fixture(scope="module")
def plan():
    """The three-step plan."""
    return load(PLAN)


@pytest.mark.parametrize("name", REFUSED)
def test_a_change_from_the_command_line_is_checked(name):
    """Its place is the option, numbered as the options stand."""
    change, said = REFUSED[name]
    with pytest.raises(ScenarioError) as caught:
        load(PLAN, [("run.seed", 5), change])

    assert str(caught.value) == f"--set:2:1: {said}"


@pytest.mark.parametrize("name", REFUSED)
def test_a_change_in_python_is_checked(plan, name):
    """Its place is the call, numbered as the changes stand."""
    change, said = REFUSED[name]
    with pytest.raises(ScenarioError) as caught:
        plan.with_(("run.seed", 5), change)

    assert str(caught.value) == f"with_:2:1: {said}"


def test_all_changes_that_are_wrong_are_named():
    """Beside those of the file."""
    with pytest.raises(ScenarioError) as caught:
        load(PLAN, [("a..b", 1), ("run.seed", -1), ("extends", "x"), ("run.x", 1)])

    assert [problem.origin.line for problem in caught.value.problems] == [1, 2, 3, 4]


def test_a_change_replaces_what_the_file_says():
    """And what it extends."""
    plan = load(PLAN, [("crisis.quiet_hours", 48), ("steps.military.deciders", ["usa"])])

    assert (plan.crisis.quiet_hours, plan.steps["military"].deciders) == (48, ("usa",))


def test_a_later_change_counts_more():
    """Of two changes of one value the last one stands."""
    assert load(PLAN, [("run.seed", 5), ("run.seed", 6)]).run.seed == 6


def test_a_change_can_be_a_table():
    """It merges as in a file: another family replaces, another number does not."""
    plan = load(PLAN, [("actors.usa", {"decision": {"family": "constant", "hours": 3}})])

    assert (plan.actors["usa"].decision.hours, plan.actors["usa"].yes_probability) == (3, 0.5)


def test_a_new_entry_is_given_whole():
    """A step, say, with what a step needs."""
    plan = load(PLAN, [("steps.talks", {"deadline_hours": 48})])

    assert plan.steps["talks"].deadline_hours == 48


def test_a_change_can_be_another_table_of_members(written):
    """Its file lies beside the scenario, and its mistakes have places there."""
    path = written(
        {
            "plan.toml": (SCENARIOS / "base.toml").read_bytes(),
            "coalition.csv": (SCENARIOS / "coalition.csv").read_bytes(),
            "few.csv": "name,weight\nfrance,x\n",
        }
    )
    with pytest.raises(ScenarioError) as caught:
        load(path, [("groups.willing.members_file", "few.csv")])

    assert str(caught.value).splitlines()[0].startswith(f"{path.with_name('few.csv')}:2:8: ")


def test_a_loaded_scenario_reads_no_more_files(plan):
    """It has no folder: members are given as they are."""
    with pytest.raises(ScenarioError) as caught:
        plan.with_(("groups.willing.members_file", "coalition.csv"))

    assert str(caught.value) == (
        "with_:1:1: groups.willing.members_file: cannot be read here, must be members instead"
    )


def test_a_changed_value_counts_as_an_assumption(plan):
    """Its source vouched for another number."""
    changed = plan.with_(("steps.warning.deadline_hours", 48))

    assert changed.sources["steps.warning.deadline_hours"] == "assumption: set in with_"


def test_a_value_can_be_taken_away_in_python(plan):
    """Its source goes with it."""
    changed = plan.with_(("steps.warning.deadline_hours", None))

    assert changed.steps["warning"].deadline_hours is None
    assert "steps.warning.deadline_hours" not in changed.sources


def test_a_number_of_an_array_is_a_number(plan):
    """A sweep's values come from numpy, and are plain numbers afterwards."""
    days, seed = np.linspace(10, 20, 3)[1], np.arange(5)[3]
    run = plan.with_(("run.horizon_days", days), ("run.seed", seed)).run

    assert [type(run.horizon_days), type(run.seed), run.seed] == [float, int, 3]


def test_a_changed_copy_leaves_the_original(plan):
    """Nobody changes what they were given."""
    before = copy.deepcopy(plan)
    plan.with_(("steps.warning.deadline_hours", 48), ("actors.usa.yes_probability", 1.0))

    assert plan == before


def test_a_copy_without_changes_is_equal(plan):
    """The checks change nothing."""
    assert plan.with_() == plan


@pytest.mark.parametrize("name", FROZEN)
def test_a_scenario_is_frozen(plan, name):
    """Values and entries can neither be set nor taken away."""
    with pytest.raises((TypeError, ValidationError), match=r"frozen"):
        FROZEN[name](plan)


def test_a_frozen_table_says_how_to_change_a_scenario(plan):
    """The message names with_."""
    with pytest.raises(TypeError, match=r"make a changed one with Scenario\.with_"):
        plan.steps.clear()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_scenario_travels_to_another_process(plan, protocol):
    """It arrives equal, and frozen."""
    arrived = pickle.loads(pickle.dumps(plan, protocol))  # noqa: S301 - our own
    with pytest.raises(TypeError, match="frozen"):
        arrived.steps.clear()

    assert arrived == plan


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_equal_and_frozen(plan, copied):
    """Tables of a copy are as frozen as those of the original."""
    with pytest.raises(TypeError, match="frozen"):
        copied(plan).levels.clear()

    assert copied(plan) == plan


def test_an_error_travels_to_another_process():
    """It arrives with all its problems."""
    with pytest.raises(ScenarioError) as caught:
        load(PLAN, [("run.seed", -1), ("x", 1)])
    arrived = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own

    assert (arrived.problems, str(arrived)) == (caught.value.problems, str(caught.value))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("3.0", 3.0),
        ("true", True),
        ("sector", "sector"),
        ('"sector"', "sector"),
        ('["willing"]', ["willing"]),
        ("{ stop = 2 }", {"stop": 2}),
        (" spaced ", "spaced"),
        ("", ""),
        ("a=b", "a=b"),
        ("1\ny = 2", "1\ny = 2"),
        ("1\n[run]", "1\n[run]"),
        ("9" * 5000, "9" * 5000),
        ("[" * 5000, "[" * 5000),
    ],
)
def test_an_option_is_a_toml_value_or_a_bare_word(written, value):
    """What is not one TOML value is taken as it stands."""
    assert parsed_change(f"a.b={written}") == ("a.b", value)


@pytest.mark.parametrize("text", ["", "crisis.scope", "=3", " = 3"])
def test_an_option_needs_a_path_and_an_equals_sign(text):
    """The mistake is named as one of a file is."""
    with pytest.raises(ScenarioError, match=r'^--set:1:1: is ".*", must be path=value$'):
        parsed_change(text)


@pytest.mark.parametrize("given", [("crisis.quiet_hours", 24), ({"crisis.quiet_hours": 24},)])
def test_a_change_without_its_own_brackets_is_refused(small_plan, given):
    """A path and a value belong together: what to write is said."""
    with pytest.raises(TypeError, match=r"pairs of a path and a value: with_\(\(\"crisis"):
        small_plan.with_(*given)
