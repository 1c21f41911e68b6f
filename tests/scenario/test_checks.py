"""What no single value can tell: names that must be known, sums, and who goes with whom."""

import pytest

from sim.scenario.problems import ScenarioError

TWO_LEVELS = """\
[levels.war]
spell = { family = "constant", hours = 9 }
"""
# What is added to the smallest scenario, from its seventh line on, and what is said of it.
MISTAKES = {
    "shares of sectors that do not add up": (
        "[line]\nsectors = { a = 0.5, b = 0.4 }",
        "8:11: line.sectors: adds up to 0.9, must add up to 1",
    ),
    "shares of levels that do not add up": (
        "[violations.level_shares]\nfire = 0.9",
        "7:1: violations.level_shares: adds up to 0.9, must add up to 1",
    ),
    "no sectors at all": (
        "[line]\nsectors = {}",
        "8:11: line.sectors: is {}, must be a table, with 1 to 1,000 entries",
    ),
    "a share of an unknown level": (
        "[violations.level_shares]\nfira = 1.0",
        '8:8: violations.level_shares.fira: is not a level of this scenario (did you mean "fire"?)',
    ),
    "an unknown level that opens crises": (
        '[crisis]\nthreshold_level = "fir"',
        (
            '8:19: crisis.threshold_level: is "fir", must be a level of this scenario '
            '(did you mean "fire"?)'
        ),
    ),
    "an unknown level that keeps crises open": (
        '[crisis]\nquiet_level = "smoke"',
        '8:15: crisis.quiet_level: is "smoke", must be a level of this scenario (known here: fire)',
    ),
    "an unknown level that a step needs": (
        '[steps.warn]\nneeds = { level = "fier" }',
        (
            '8:19: steps.warn.needs.level: is "fier", must be a level of this scenario '
            '(did you mean "fire"?)'
        ),
    ),
    "more sectors under attack than there are": (
        "[line]\nsectors = { a = 1.0, b = 0.0 }\n[attack]\nsectors = 2",
        "10:11: attack.sectors: is 2, must be 1 to 1, the sectors that have a share",
    ),
    "thousands of digits of sectors under attack": (
        "[attack]\nsectors = 0x" + "f" * 5000,
        (
            "8:11: attack.sectors: is a number of thousands of digits, must be 1 to 1, "
            "the sectors that have a share"
        ),
    ),
    "a last level that expands": (
        f"{TWO_LEVELS}expand_per_day = 0.1",
        "9:18: levels.war.expand_per_day: is 0.1, must be 0: above the last level there is none",
    ),
    "an unknown decider, and the nearest known one": (
        '[actors.usa]\n[steps.warn]\ndeciders = ["use"]',
        '9:13: steps.warn.deciders.0: is "use", must be an actor or a group (did you mean "usa"?)',
    ),
    "a decider who is asked twice": (
        '[actors.usa]\n[steps.warn]\ndeciders = ["usa", "usa"]',
        '9:20: steps.warn.deciders.1: is "usa", which is already in the list',
    ),
    "a step whose columns could be a level's": (
        "[steps.hours]",
        '7:1: steps.hours: is called "hours", must have another name',
    ),
    "an actor who is a group too": (
        '[actors.all]\n[groups.all]\nrule = "unanimity"\nmembers = { a = {} }',
        "8:1: groups.all: is an actor and a group, must be one of them",
    ),
    "a group without members": (
        '[groups.all]\nrule = "unanimity"',
        "7:1: groups.all: has no members, must have at least one, in members or in a members_file",
    ),
    "a group in which nobody has any weight": (
        '[groups.all]\nrule = "unanimity"\nmembers = { a = { weight = 0 } }',
        "9:11: groups.all.members: has no weight at all, must have some",
    ),
    "a quorum of more members than there are": (
        '[groups.all]\nrule = "quorum"\nquorum = 3\nmembers = { a = {}, b = {} }',
        "9:10: groups.all.quorum: is 3, must be at most 2, the members of the group",
    ),
    "thousands of digits of a quorum": (
        f'[groups.all]\nrule = "quorum"\nquorum = 0x{"f" * 5000}\nmembers = {{ a = {{}} }}',
        (
            "9:10: groups.all.quorum: is a number of thousands of digits, must be at most 1, "
            "the members of the group"
        ),
    ),
    "no quorum for the rule quorum": (
        '[groups.all]\nrule = "quorum"\nmembers = { a = {} }',
        "7:1: groups.all: has the rule quorum, must have either quorum or quorum_weight",
    ),
    "two quorums": (
        '[groups.all]\nrule = "quorum"\nquorum = 1\nquorum_weight = 0.5\nmembers = { a = {} }',
        "7:1: groups.all: has the rule quorum, must have either quorum or quorum_weight",
    ),
    "a quorum for unanimity": (
        '[groups.all]\nrule = "unanimity"\nquorum_weight = 0.5\nmembers = { a = {} }',
        "9:17: groups.all.quorum_weight: goes with the rules quorum and veto only",
    ),
    "an unknown level of the doctrine": (
        '[doctrine]\nbreak_off_hours = 1\nlevel = "fir"',
        '9:9: doctrine.level: is "fir", must be a level of this scenario (did you mean "fire"?)',
    ),
    "an unknown condition": (
        '[conditions.deal]\nprobability = 1\n[steps.warn]\nrequires = ["del"]',
        (
            '10:13: steps.warn.requires.0: is "del", must be a condition of this scenario '
            '(did you mean "deal"?)'
        ),
    ),
    "a condition that is required twice": (
        '[conditions.deal]\nprobability = 1\n[steps.warn]\nrequires = ["deal", "deal"]',
        '10:21: steps.warn.requires.1: is "deal", which is already in the list',
    ),
    "an unknown step of the guarantee": (
        '[steps.warn]\n[guarantee]\nexpires_years = 1\nsteps = ["war"]',
        (
            '10:10: guarantee.steps.0: is "war", must be a step of this scenario '
            '(did you mean "warn"?)'
        ),
    ),
    "a guarantee of no step": (
        "[steps.warn]\n[guarantee]\nexpires_years = 1\nsteps = []",
        "10:9: guarantee.steps: is [], must be a list, with 1 or more entries",
    ),
    "bounds of a uniform delay that fall": (
        '[actors.usa]\ndecision = { family = "uniform", low_hours = 2, high_hours = 1 }',
        "8:12: actors.usa.decision: has low_hours, high_hours in falling order, must be rising",
    ),
    "a mode of a triangular delay that is outside": (
        (
            "[actors.usa.decision]\n"
            'family = "triangular"\nlow_hours = 2\nmode_hours = 1\nhigh_hours = 3'
        ),
        (
            "7:1: actors.usa.decision: has low_hours, mode_hours, high_hours in falling order, "
            "must be rising"
        ),
    ),
    "a need in more sectors than the scope has": (
        (
            '[line]\nsectors = { a = 0.5, b = 0.5 }\n[crisis]\nscope = "sector"\n'
            '[steps.warn]\nneeds = { level = "fire", sectors = 2 }'
        ),
        "12:37: steps.warn.needs.sectors: is 2, must be 1 to 1, the sectors of a crisis's scope",
    ),
    "a need for some hours of no level": (
        "[steps.warn]\nneeds = { within_hours = 3 }",
        "8:26: steps.warn.needs.within_hours: must have a level beside it",
    ),
    "a source of nothing, and the nearest path": (
        '[sources]\n"levels.fire.spel" = "A29"',
        (
            "8:22: sources.levels.fire.spel: names nothing that stands in this scenario "
            '(did you mean "levels.fire.spell"?)'
        ),
    ),
}
ALLOWED = {
    "shares that miss 1 by rounding": "[line.sectors]\na = 0.3333333\nb = 0.3333333\nc = 0.3333333",
    "a level that no incident is at": f"{TWO_LEVELS}[violations.level_shares]\nfire = 1",
    "a last level that is said not to expand": f"{TWO_LEVELS}expand_per_day = 0",
    "bounds of a delay that are one": (
        '[actors.usa]\ndecision = { family = "triangular", '
        "low_hours = 2, mode_hours = 2, high_hours = 2 }"
    ),
    "a need in all sectors of the line": (
        "[line]\nsectors = { a = 0.5, b = 0.5 }\n"
        '[steps.warn]\nneeds = { level = "fire", sectors = 2 }'
    ),
    "a quorum of all": '[groups.g]\nrule = "quorum"\nquorum = 1\nmembers = { a = {} }',
    "a member without any weight": (
        '[groups.g]\nrule = "unanimity"\nmembers = { a = { weight = 0 }, b = {} }'
    ),
    "a step without deciders": "[steps.warn]",
    "an actor whom nobody asks": "[actors.usa]",
    "a source of a whole table": '[sources]\n"levels.fire" = "A29"',
    "a source of a table that is empty": (
        '[steps.warn]\nneeds = {}\n[sources]\n"steps.warn.needs" = "F05"'
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_between_values_is_named(smallest, said_of, mistake):
    """It is said of the value that one would change, at the place where that is written."""
    added, said = MISTAKES[mistake]

    assert f"plan.toml:{said}" in said_of(smallest + added)


@pytest.mark.parametrize("allowed", ALLOWED)
def test_what_is_unusual_is_allowed(smallest, said_of, allowed):
    """A check refuses nothing that has a meaning."""
    assert said_of(smallest + ALLOWED[allowed]) == []


def test_a_share_that_is_no_number_is_the_only_mistake_there(smallest, said_of):
    """No sum of shares, and no count of sectors, is held against a file whose shares are wrong."""
    said = said_of(smallest + "[line]\nsectors = { a = nan }")

    assert said == ["plan.toml:8:17: line.sectors.a: is nan, must be a number, 0 to 1"]


def test_there_are_at_most_a_thousand_sectors(smallest, said_of):
    """The order of what happens at the same hour has room for no more."""
    shares = ", ".join(f"s{index} = {0 if index else 1}" for index in range(1001))
    [said] = said_of(f"{smallest}[line]\nsectors = {{ {shares} }}")

    assert said.startswith("plan.toml:8:11: line.sectors: ")
    assert said.endswith("must be a table, with 1 to 1,000 entries")


def test_many_sources_of_nothing_are_all_named(smallest, said_of):
    """However many there are, each has its line."""
    sources = "".join(f'"levels.fire.x{index}" = "A01"\n' for index in range(2000))

    assert len(said_of(f"{smallest}[sources]\n{sources}")) == 2000


def test_a_spread_without_its_median_is_a_problem(small_plan):
    """It would spread nothing, and the member would answer at once."""
    change = ("groups.allies.members.third.parliament_log_sd", 0.5)
    with pytest.raises(ScenarioError, match="must have parliament_median_hours beside it"):
        small_plan.with_(change)
