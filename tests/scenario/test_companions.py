"""Keys that need each other or exclude each other: what would do nothing is no scenario."""

import pytest

from sim.scenario.problems import ScenarioError

# What is added to the smallest scenario, from its seventh line on, and what is said of it.
MISTAKES = {
    "two quorums beside a veto": (
        (
            '[groups.all]\nrule = "veto"\nquorum = 1\nquorum_weight = 0.5\n'
            "members = { a = { vetoes = true } }"
        ),
        "7:1: groups.all: has quorum and quorum_weight, must have one of them at most",
    ),
    "a rule veto without a veto": (
        '[groups.all]\nrule = "veto"\nmembers = { a = {} }',
        "7:1: groups.all: has the rule veto, must have a member that vetoes",
    ),
    "a veto without the rule veto": (
        '[groups.all]\nrule = "unanimity"\nmembers = { a = { vetoes = true } }',
        "9:28: groups.all.members.a.vetoes: goes with the rule veto only",
    ),
    "an unknown backer": (
        (
            '[actors.usa]\n[groups.all]\nrule = "unanimity"\nbacker = "use"\n'
            "members = { a = { needs_backer = true } }"
        ),
        '10:10: groups.all.backer: is "use", must be an actor (did you mean "usa"?)',
    ),
    "a member who needs a backer that there is not": (
        '[groups.all]\nrule = "unanimity"\nmembers = { a = { needs_backer = true } }',
        "9:34: groups.all.members.a.needs_backer: must have a backer of the group",
    ),
    "a chance of a return that there is not": (
        "[doctrine]\nbreak_off_hours = 1\nresume_probability = 0.5",
        "9:22: doctrine.resume_probability: must have resume_after_hours beside it",
    ),
    "a withdrawal without a review": (
        "[actors.usa]\ncommitment = { withdraw = 0.5 }",
        "8:27: actors.usa.commitment.withdraw: must have review_years beside it",
    ),
    "a return without a review": (
        "[actors.usa]\ncommitment = { rejoin = 0.5 }",
        "8:25: actors.usa.commitment.rejoin: must have review_years beside it",
    ),
}
ALLOWED = {
    "a veto beside a quorum": (
        '[groups.g]\nrule = "veto"\nquorum = 2\nmembers = { a = { vetoes = true }, b = {} }'
    ),
    "a chance of a return that is the default": (
        "[doctrine]\nbreak_off_hours = 1\nresume_probability = 1"
    ),
    "no withdrawal without a review": "[actors.usa]\ncommitment = { withdraw = 0 }",
    "excitation that another process would use": (
        "[violations.excitation]\nbranching_ratio = 0.4\ndecay_hours = 2"
    ),
    "a record that another process would use": "[violations.recorded]\nhours = [1]",
    "a backer whom nobody needs": (
        '[actors.usa]\n[groups.all]\nrule = "unanimity"\nbacker = "usa"\nmembers = { a = {} }'
    ),
}
# What is added to its first table, from its second line on.
PROCESSES = {
    "no excitation for it": (
        'process = "hawkes"',
        '2:11: violations.process: is "hawkes", must have excitation',
    ),
    "no record for it": (
        'process = "replay"',
        '2:11: violations.process: is "replay", must have a file, or recorded incidents',
    ),
    "a column that is too short": (
        'process = "replay"\nrecorded = { hours = [1, 2], levels = ["fire"] }',
        "3:39: violations.recorded.levels: has 1 entry, must have 2 as hours has",
    ),
    "an unknown process, and the nearest one": (
        'process = "hawke"',
        (
            '2:11: violations.process: is "hawke", must be one of "poisson", "hawkes", "replay" '
            '(did you mean "hawkes"?)'
        ),
    ),
}
IDLE = {
    "erosion": ("{ doubling_days = 9 }", "{ doubling_days = 9, cap = 1 }"),
    "day_to_day": ("{ phi = 0.5, sd = 1 }", "{ phi = 0.5, sd = 0 }"),
    "night_to_day": ("2", "1"),
    "recommitments": ("[{ day = 1, factor = 0.5 }]", "[]"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_key_without_its_companion_is_a_mistake(smallest, said_of, mistake):
    """It is said of the key that one would change."""
    added, said = MISTAKES[mistake]

    assert said_of(smallest + added) == [f"plan.toml:{said}"]


@pytest.mark.parametrize("allowed", ALLOWED)
def test_a_value_that_says_nothing_needs_no_companion(smallest, said_of, allowed):
    """A scenario that is written out spells out its defaults."""
    assert said_of(smallest + ALLOWED[allowed]) == []


def with_process(smallest, text):
    """Return the smallest scenario with another process."""
    return smallest.replace("[violations]\n", f"[violations]\n{text}\n")


@pytest.mark.parametrize("mistake", PROCESSES)
def test_a_process_needs_what_it_plays(smallest, said_of, mistake):
    """Without it there would be no incidents, or others than one thinks."""
    text, said = PROCESSES[mistake]

    assert said_of(with_process(smallest, text)) == [f"plan.toml:{said}"]


@pytest.mark.parametrize("key", IDLE)
def test_what_does_nothing_to_a_replay_is_refused(smallest, said_of, key):
    """Unless it says what would do nothing anyway."""
    says, says_nothing = (
        said_of(
            with_process(
                smallest, f'process = "replay"\nrecorded = {{ hours = [] }}\n{key} = {one}'
            )
        )
        for one in IDLE[key]
    )
    sentence = "does nothing to the incidents of a replay, must be left out"

    assert [line.split(": ", 1)[1] for line in says] == [f"violations.{key}: {sentence}"]
    assert says_nothing == []


def test_columns_of_a_loaded_scenario_are_checked(loaded, smallest):
    """A list counts as one, however a scenario keeps it."""
    record = 'process = "replay"\nrecorded = { hours = [1, 2] }'
    plan = loaded(with_process(smallest, record))

    with pytest.raises(ScenarioError, match="has 1 entry, must have 2 as hours has"):
        plan.with_(("violations.recorded.levels", ["fire"]))
