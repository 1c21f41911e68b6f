"""A file that extends another is laid on it: what merges, and what replaces."""

from pathlib import Path

import pytest

from sim.scenario.loading import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASE = """\
title = "base"
[violations]
incidents_per_day = 5
level_shares = { fire = 0.9, war = 0.1 }
[levels.fire]
spell = { family = "lognormal", median_hours = 2, log_sd = 0.8 }
[levels.war]
spell = { family = "lognormal", median_hours = 20, log_sd = 0.8 }
[actors.usa]
decision = { family = "exponential", mean_hours = 36 }
yes_probability = 0.5
[steps.warn]
deciders = ["usa"]
deadline_hours = 24
[groups.all]
rule = "quorum"
quorum = 1
members_file = "members.csv"
[sources]
"violations.incidents_per_day" = "A01"
"levels.fire.spell" = "A29"
"levels.war.spell.log_sd" = "A32"
"actors.usa.yes_probability" = "A124"
"groups.all.members" = "A119"
"""
MEMBERS = "name,weight,yes_probability\nfrance,5,0.8\ngermany,4,0.2\n"


@pytest.fixture
def laid(loaded):
    """Load a text that extends the base above."""

    def load_it(text, changes=()):
        plan = f'extends = "base.toml"\n{text}'
        return loaded(
            {
                "plan.toml": plan,
                "base.toml": BASE,
                "members.csv": MEMBERS,
                "others.csv": "name,weight\nnorway,2\nfrance,1\n",
            },
            changes,
        )

    return load_it


def said_over_base(said_of, text, base=BASE):
    """Return what is said of a text that extends the base."""
    plan = f'extends = "base.toml"\n{text}'
    return said_of({"plan.toml": plan, "base.toml": base, "members.csv": MEMBERS})


def test_a_file_that_says_nothing_is_the_one_it_extends(laid, loaded):
    """Everything is taken over, members and sources too."""
    assert laid("") == loaded({"base.toml": BASE, "members.csv": MEMBERS})


def test_a_changed_number_keeps_the_rest_of_its_table(laid):
    """A decision's delay does not go because the chance of a yes is another one."""
    usa = laid("[actors.usa]\nyes_probability = 0.3").actors["usa"]

    assert (usa.yes_probability, usa.decision.mean_hours) == (0.3, 36)


def test_a_changed_number_of_a_delay_keeps_its_family(laid):
    """The median changes, the spread stays."""
    spell = laid("[levels.fire]\nspell.median_hours = 3").levels["fire"].spell

    assert (spell.family, spell.median_hours, spell.log_sd) == ("lognormal", 3, 0.8)


def test_the_same_family_keeps_the_other_number(laid):
    """To name the family that it has already changes nothing."""
    spell = laid('[levels.fire]\nspell = { family = "lognormal", log_sd = 1 }').levels["fire"].spell

    assert (spell.median_hours, spell.log_sd) == (2, 1)


def test_another_family_replaces_the_delay(laid):
    """Of the old family nothing is left."""
    plan = laid('[levels.fire]\nspell = { family = "constant", hours = 3 }')

    assert plan.as_tables()["levels"]["fire"]["spell"] == {"family": "constant", "hours": 3}


def test_another_family_needs_all_of_its_own_numbers(said_of):
    """What the two families have in common is not taken over either."""
    said = said_over_base(said_of, '[levels.fire]\nspell = { family = "loglogistic", shape = 3 }')

    assert said == [
        "plan.toml:3:9: levels.fire.spell.median_hours: is missing, must be a number, above 0"
    ]


def test_a_new_level_is_the_last_one(laid):
    """New entries come behind those of the file below."""
    plan = laid('[levels.big]\nspell = { family = "constant", hours = 3 }')

    assert list(plan.levels) == ["fire", "war", "big"]


def test_a_changed_entry_keeps_its_place(laid):
    """The order of the levels is that of the file below."""
    assert list(laid("[levels.fire]\ncollapse_per_day = 0.1").levels) == ["fire", "war"]


def test_a_list_is_replaced(laid):
    """Deciders are not added to those of the file below."""
    plan = laid('[actors.un]\n[steps.warn]\ndeciders = ["un"]')

    assert plan.steps["warn"].deciders == ("un",)


def test_an_empty_table_changes_nothing(laid):
    """A table that says nothing takes nothing away."""
    assert laid("[steps.warn]").steps["warn"].deadline_hours == 24


def test_another_table_of_members_replaces_the_members(laid):
    """Nobody of the old table stays, and nothing of who stands in both."""
    members = laid('[groups.all]\nmembers_file = "others.csv"').groups["all"].members

    assert {name: (one.weight, one.yes_probability) for name, one in members.items()} == {
        "norway": (2, 1),
        "france": (1, 1),
    }


def test_a_changed_member_leaves_the_others(laid):
    """One number of one member can be changed without another table."""
    members = laid("[groups.all.members.germany]\nyes_probability = 0.6").groups["all"].members

    assert {name: (one.weight, one.yes_probability) for name, one in members.items()} == {
        "france": (5, 0.8),
        "germany": (4, 0.6),
    }


def test_members_of_a_file_count_more_than_its_table_of_members(laid):
    """What a file says of a member beside its members_file is laid on the table."""
    members = (
        laid('[groups.all]\nmembers_file = "others.csv"\nmembers = { france = { weight = 9 } }')
        .groups["all"]
        .members
    )

    assert {name: one.weight for name, one in members.items()} == {"norway": 2, "france": 9}


def test_a_changed_value_loses_its_source(laid):
    """It is an assumption of the file that says it, by whatever way that file was reached."""
    plan = laid("[violations]\nincidents_per_day = 50")

    assert plan.sources["violations.incidents_per_day"] == "assumption: set in plan.toml"


def test_a_changed_value_loses_the_source_of_its_table(laid):
    """The rest of the table keeps it."""
    sources = laid("[levels.fire]\nspell.median_hours = 3").sources

    assert sources["levels.fire.spell"] == "A29"
    assert sources["levels.fire.spell.median_hours"].startswith("assumption: ")


def test_a_value_that_stays_the_same_keeps_its_source(laid):
    """To say again what the file below says changes nothing."""
    plan = laid("[violations]\nincidents_per_day = 5")

    assert plan.sources["violations.incidents_per_day"] == "A01"


def test_a_changed_value_has_the_source_that_its_file_names(laid):
    """A file can vouch for what it changes."""
    plan = laid('[violations]\nincidents_per_day = 50\n[sources]\n"violations" = "L21"')

    assert plan.sources["violations.incidents_per_day"] == "L21"


def test_a_source_that_is_gone_with_its_value_is_no_mistake(laid):
    """The source of a number goes when another family has no such number."""
    plan = laid('[levels.war]\nspell = { family = "constant", hours = 3 }')

    assert "levels.war.spell.log_sd" not in plan.sources


def test_a_source_of_a_member_goes_with_the_member(loaded):
    """The source of a weight goes when another table has no such member."""
    plan = loaded(
        {
            "plan.toml": 'extends = "base.toml"\n[groups.all]\nmembers_file = "others.csv"',
            "base.toml": BASE + '"groups.all.members.germany.weight" = "A120"\n',
            "members.csv": MEMBERS,
            "others.csv": "name\nnorway\n",
        }
    )

    assert "groups.all.members.germany.weight" not in plan.sources


def test_members_of_another_table_are_assumptions(laid):
    """The source of the old members does not vouch for the new ones."""
    sources = laid('[groups.all]\nmembers_file = "others.csv"').sources

    assert sources["groups.all.members.norway.weight"] == "assumption: set in others.csv"


def test_a_mistake_in_the_file_below_is_told_with_its_place_there(said_of):
    """The value came by way of extends: its own file and line are named."""
    base = BASE.replace("deadline_hours = 24", "deadline_hours = -24")

    assert said_over_base(said_of, "[run]\nseed = 2", base) == [
        "base.toml:14:18: steps.warn.deadline_hours: is -24, must be a number, 0 or more"
    ]


def test_a_mistake_in_a_changed_value_is_told_with_its_new_place(said_of):
    """Where the file below says it no longer matters."""
    assert said_over_base(said_of, "[steps.warn]\ndeadline_hours = -1") == [
        "plan.toml:3:18: steps.warn.deadline_hours: is -1, must be a number, 0 or more"
    ]


def test_mistakes_of_two_files_are_told_together(said_of):
    """Each with its file, in the order of the files and of their lines."""
    base = BASE.replace("quorum = 1", "quorum = 3")
    said = said_over_base(said_of, "[run]\nseed = -1\n[actors.usa]\nyes_probability = 2", base)

    assert [line.split(" ")[0] for line in said] == [
        "base.toml:17:10:",
        "plan.toml:3:8:",
        "plan.toml:5:19:",
    ]


def test_a_mistake_in_a_list_is_told_with_the_place_of_its_own_list(said_of):
    """No place of the longer list that it replaces is left."""
    base = BASE.replace('deciders = ["usa"]', 'deciders = ["usa", "x", "y"]')
    said = said_over_base(said_of, '[steps.warn]\ndeciders = ["usa", "z"]', base)

    assert [line.split(" ")[0] for line in said] == ["plan.toml:3:20:"]


def test_shares_that_no_longer_add_up_are_told_where_they_were_changed(said_of):
    """A file that adds a share has to change the others."""
    text = (
        '[levels.x]\nspell = { family = "constant", hours = 1 }\n[violations.level_shares]\nx = 0.1'
    )

    assert said_over_base(said_of, text) == [
        "plan.toml:4:1: violations.level_shares: adds up to 1.1, must add up to 1"
    ]


def test_a_missing_value_is_told_where_its_table_is(said_of):
    """There is no better place for what is not there."""
    assert said_over_base(said_of, "[levels.big]") == [
        (
            "plan.toml:2:1: levels.big.spell: is missing, must be a table with a family: "
            "constant, exponential, loglogistic, lognormal, weibull"
        )
    ]


def test_the_shipped_plan_changes_the_clock_of_its_base():
    """Its clock counts from the violation by a reported fact, and not by the base's assumption."""
    plan = load(SCENARIOS / "three_step.toml")

    assert (plan.crisis.clock, plan.sources["crisis.clock"]) == ("violation", "R04")
