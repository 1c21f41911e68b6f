"""Where values come from: what has which grade, what counts, and how a value is read."""

from pathlib import Path

import pytest

from sim.scenario.claims import in_words
from sim.scenario.ledger import ledger
from sim.scenario.loading import load
from sim.scenario.pieces import Constant, Triangular
from sim.scenario.sources import (
    NO_SOURCE,
    Value,
    grade,
    grade_counts,
    grades_in_words,
    sourced_values,
    sources_frame,
)

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
CRISIS = '[crisis]\nthreshold_level = "fire"\n'
GROUP = """
[steps.help]
deciders = ["all"]
[groups.all]
rule = "unanimity"
[groups.all.members]
france = { yes_probability = 0.8, decision_median_hours = 24 }
italy = { yes_probability = 0.2 }
norway = { yes_probability = 0.8 }
"""


def values_of(plan):
    """Return the values by path."""
    return {value.path: value for value in sourced_values(plan)}


@pytest.fixture
def value_at(loaded, smallest):
    """Return what is said of one value of the smallest scenario with a text added."""
    return lambda path, text="": values_of(loaded(smallest + text))[path]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("F05", "reported"),
        ("L35", "literature"),
        ("A01", "assumption"),
        ("A80", "literature"),
        ("A130", "reported"),
        ("L39", "assumption"),
        ("R07", "reported"),
        ("R05", "assumption"),
        ("F999", "assumption"),
        ("A999", "assumption"),
        ("literature: Fortna 2004", "literature"),
        ("Reported: my newspaper", "reported"),
        ("my guess", "assumption"),
        ("", "assumption"),
    ],
)
def test_a_source_has_the_grade_of_its_row(source, expected):
    """Not that of its letter; unknown ids and words are graded as they begin."""
    assert grade(source) == expected


def test_a_value_without_a_source_is_an_assumption(value_at):
    """And the table says that nothing was given."""
    value = value_at("violations.incidents_per_day")

    assert value == Value(
        "violations.incidents_per_day", "1", "per day", "assumption", "", NO_SOURCE, "", counts=True
    )


def test_a_default_that_decides_something_counts(value_at):
    """It is an assumption that the file made by saying nothing."""
    clock = value_at("crisis.clock")

    assert (clock.value, clock.grade, clock.source) == ("violation", "assumption", "default")
    assert clock.counts


@pytest.mark.parametrize(
    "path",
    ["violations.defender_share", "levels.fire.expand_per_day", "levels.fire.detection.delay"],
)
def test_a_default_that_does_nothing_does_not_count(value_at, path):
    """A mechanism that is off is nothing to rest on."""
    assert not value_at(path).counts


def test_what_is_meant_by_saying_nothing_is_shown(value_at):
    """The lowest level keeps a crisis open, where no level is given."""
    assert value_at("crisis.quiet_level").value == "fire, the lowest level"


def test_a_neutral_value_with_a_source_of_its_own_counts(value_at):
    """Somebody claims that it is so."""
    text = '[attack]\nper_year = 0\n[sources]\n"attack.per_year" = "A26"\n'

    assert value_at("attack.per_year", text).counts


def test_a_neutral_value_below_a_source_does_not_count(value_at):
    """The source of a table does not make a claim of each thing that is left out in it."""
    assert not value_at("violations.defender_share", '[sources]\n"violations" = "A01"\n').counts


def test_names_and_luck_are_no_claims(loaded, smallest):
    """Neither title nor seed."""
    paths = values_of(loaded(smallest)).keys()

    assert paths.isdisjoint({"title", "format", "run.seed", "run.replications", "sources"})


def test_the_source_of_a_table_covers_what_is_in_it(value_at):
    """Unless a longer path says otherwise."""
    text = '[sources]\n"levels.fire" = "A41"\n"levels.fire.spell" = "L17"\n'

    assert value_at("levels.fire.detection.probability", text).source == "A41"
    assert value_at("levels.fire.spell", text).source == "L17"


def test_a_range_is_of_the_value_that_the_row_is_about(value_at):
    """Not of all that a table's source covers."""
    text = '[sources]\n"violations" = "A01"\n"violations.incidents_per_day" = "A01"\n'

    assert value_at("violations.incidents_per_day", text).range == "3-20"
    assert value_at("violations.defender_share", text).range == ""


def test_a_delay_is_one_value(value_at):
    """With its family and its numbers in words."""
    assert value_at("levels.fire.spell").value == "1 h"


def test_a_delay_whose_numbers_have_sources_of_their_own_comes_apart(loaded, smallest):
    """A row for each number."""
    spell = '{ family = "lognormal", median_hours = 2, log_sd = 0.8 }'
    text = smallest.replace('{ family = "constant", hours = 1 }', spell)
    paths = values_of(loaded(f'{text}[sources]\n"levels.fire.spell.log_sd" = "A29"\n'))

    assert "levels.fire.spell" not in paths
    assert paths["levels.fire.spell.log_sd"].source == "A29"
    assert paths["levels.fire.spell.median_hours"].source == ""


def test_a_column_of_members_is_one_value(value_at):
    """From its least to its greatest, and of how many."""
    column = value_at("groups.all.members.*.yes_probability", GROUP)
    median = value_at("groups.all.members.france.decision_median_hours", GROUP)

    assert column.value == "0.2 to 0.8 (all 3 members)"
    assert median.value == "24 hours (1 of 3 members)"


def test_members_with_another_source_have_a_row_of_their_own(value_at):
    """The others keep theirs."""
    text = f'{GROUP}[sources]\n"groups.all.members.italy.yes_probability" = "A113"\n'
    italy = value_at("groups.all.members.italy.yes_probability", text)
    others = value_at("groups.all.members.{france,norway}.yes_probability", text)

    assert (italy.value, italy.source) == ("0.2 (1 of 3 members)", "A113")
    assert (others.value, others.source) == ("0.8 (2 of 3 members)", "")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[actors.idle]\nyes_probability = 0.5\n", "actors.idle.yes_probability"),
        ("[attack]\nsectors = 1\n", "attack.sectors"),
        (CRISIS, "crisis.window_hours"),
        ("[conditions.deal]\nprobability = 0.5\n", "conditions.deal.probability"),
        ("[monitoring]\nmisattribution = 0.5\n", "monitoring.misattribution"),
    ],
)
def test_what_nothing_uses_does_not_count(value_at, text, path):
    """An actor that no step asks, a window for a count of one, a condition that nothing needs."""
    assert not value_at(path, text).counts


def test_a_backer_is_used(value_at):
    """Although no step names it."""
    backed = GROUP.replace("rule =", 'backer = "usa"\nrule =').replace(
        "norway = {", "norway = { needs_backer = true,"
    )
    text = f"{backed}[actors.usa]\nyes_probability = 0.5\n"

    assert value_at("actors.usa.yes_probability", text).counts


def test_words_of_ones_own_are_shown_without_their_grade(value_at):
    """The grade has a column."""
    text = '[sources]\n"violations.incidents_per_day" = "literature: a paper"\n'
    value = value_at("violations.incidents_per_day", text)

    assert (value.grade, value.source, value.says) == ("literature", "", "a paper")


def test_an_id_that_is_not_on_record_says_so(value_at):
    """A ledger of one's own is not this one."""
    value = value_at("violations.incidents_per_day", '[sources]\n"violations" = "L999"\n')

    assert (value.source, value.says) == ("L999", "not in the ledger of this version")


def test_a_changed_value_loses_its_source(loaded, smallest):
    """It is no longer the value that the source vouches for."""
    plan = loaded(f'{smallest}[sources]\n"violations.incidents_per_day" = "A01"\n')
    changed = values_of(plan.with_(("violations.incidents_per_day", 3)))

    assert changed["violations.incidents_per_day"].says == "set in with_"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_nothing_is_uncounted(path):
    """The grades of a scenario add up to its values."""
    plan = load(path)
    values = sources_frame(plan)

    assert sum(grade_counts(plan).values()) == values["counts"].sum() > 30


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_resolved_scenario_rests_on_the_same(path, written):
    """Spelling every default out changes neither values nor counts."""
    plan = load(path)

    assert sourced_values(load(written(plan.to_toml()))) == sourced_values(plan)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_path_has_one_row(path):
    """Nothing is told twice."""
    paths = sources_frame(load(path))["path"]

    assert paths.is_unique


def test_the_phrase_names_all_grades(loaded, smallest):
    """One value is reported, the others are assumptions."""
    plan = loaded(f'{smallest}[sources]\n"violations.incidents_per_day" = "F05"\n')
    counts = grade_counts(plan)

    assert counts["reported"] == 1
    assert grades_in_words(plan) == (
        f"{1 + counts['assumption']} values that the runs depend on: 1 reported, "
        f"0 from the literature, {counts['assumption']} assumptions"
    )


def test_what_the_ledger_says_is_short():
    """It is read in a terminal."""
    longest = max(ledger().values(), key=lambda row: len(row.says))

    assert len(longest.says) < 500, longest.id


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Constant(family="constant", hours=0), "none"),
        (
            Triangular(family="triangular", low_hours=1, mode_hours=2, high_hours=3),
            "triangular: low 1 h, mode 2 h, high 3 h",
        ),
        (True, "true"),
        (20260203, "20,260,203"),
        (tuple("abcdefgh"), "a, b, c, d, e, f, ..."),
        ({}, "none"),
    ],
)
def test_values_read_as_people_write_them(value, words):
    """Long lists are cut, numbers have commas."""
    assert in_words(value) == words


def test_a_column_of_members_has_one_source_for_all_but_those_with_their_own(loaded, smallest):
    """An asterisk stands for every member; a member's own source says more."""
    sources = (
        '[sources]\n"groups.all.members.*.yes_probability" = "L31"\n'
        '"groups.all.members.norway.yes_probability" = "A114"\n'
    )
    values = values_of(loaded(smallest + GROUP + sources))
    start = "groups.all.members"

    assert values[f"{start}.{{france,italy}}.yes_probability"].source == "L31"
    assert values[f"{start}.norway.yes_probability"].source == "A114"
    assert values[f"{start}.france.decision_median_hours"].source == ""


def test_a_source_for_a_column_that_no_member_has_is_a_mistake(smallest, said_of):
    """As for any path at which nothing stands."""
    added = '[sources]\n"groups.all.members.*.parliament_log_sd" = "A118"\n'

    (said,) = said_of(smallest + GROUP + added)
    assert "names nothing that stands in this scenario" in said


def test_what_was_changed_by_hand_is_named_where_the_grades_are():
    """The title does not say it; numbers of runs and seeds are not counted."""
    plan = load(Path(__file__).parents[2] / "scenarios" / "three_step.toml")
    one = plan.with_(("groups.willing.quorum", 3), ("run.replications", 7), ("run.seed", 7))
    steps = [f"steps.{name}.deploy.median_hours" for name in ("coalition", "military")]
    delays = [f"actors.{name}.decision.median_hours" for name in ("ukraine", "usa")]
    many = one.with_(*((path, 5) for path in (*steps, *delays)))

    assert "changed" not in grades_in_words(plan)
    assert grades_in_words(one).endswith(" assumptions; changed: groups.willing.quorum")
    assert grades_in_words(many).endswith(" and 1 more")
