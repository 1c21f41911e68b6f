"""Keys that are not supported yet are refused, unless they say what would change nothing."""

import tomllib

import pytest

from sim.scenario.later import NOT_YET, WORDS_NOT_YET
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.problems import dotted

REFUSED = {
    "a recorded series": ('[violations]\nfile = "x.csv"', "violations.file", ""),
    "incidents by the defender": (
        "[violations]\ndefender_share = 0.1",
        "violations.defender_share",
        "0 or ",
    ),
    "a truth for a share": (
        "[violations]\ndefender_share = false",
        "violations.defender_share",
        "0 or ",
    ),
    "incidents that set off others": (
        "[violations]\nexcitation = { branching_ratio = 0.45, decay_hours = 200 }",
        "violations.excitation",
        "",
    ),
    "restraint that erodes": (
        "[violations]\nerosion = { doubling_days = 30, cap = 5 }",
        "violations.erosion",
        "",
    ),
    "days that differ": (
        "[violations]\nday_to_day = { phi = 0.64, sd = 0.76 }",
        "violations.day_to_day",
        "",
    ),
    "nights that differ": ("[violations]\nnight_to_day = 2.0", "violations.night_to_day", "1 or "),
    "recommitments": (
        "[violations]\nrecommitments = [{ day = 60, factor = 0.18 }]",
        "violations.recommitments",
        "[] or ",
    ),
    "monitors that err": ("[monitoring]\nfalse_alarms_per_day = 0.1", "monitoring", ""),
    "a step that ends": ("[steps.w]\nlasts_hours = 72", "steps.w.lasts_hours", ""),
    "a step with conditions": ('[steps.w]\nrequires = ["deal"]', "steps.w.requires", "[] or "),
    "a commitment that ends": (
        "[actors.usa]\ncommitment = { available = 0.9 }",
        "actors.usa.commitment",
        "",
    ),
    "members that agree": (
        '[groups.g]\nrule = "unanimity"\nmembers = { a = {} }\ncorrelation = 0.4',
        "groups.g.correlation",
        "0 or ",
    ),
    "a backer": (
        '[groups.g]\nrule = "unanimity"\nmembers = { a = {} }\nbacker = "usa"',
        "groups.g.backer",
        "",
    ),
    "a member who depends on a backer": (
        '[groups.g]\nrule = "unanimity"\nmembers = { a = { needs_backer = true } }',
        "groups.g.members.a.needs_backer",
        "false or ",
    ),
    "a member who can veto": (
        '[groups.g]\nrule = "unanimity"\nmembers = { a = { vetoes = 0 } }',
        "groups.g.members.a.vetoes",
        "false or ",
    ),
    "conditions": ("[conditions.deal]\nprobability = 0.5", "conditions", ""),
    "a guarantee that ends": ("[guarantee]\nexpires_years = 15", "guarantee", ""),
    "credibility": ("[credibility]\nkept = 4", "credibility", ""),
}
WORDS = {
    "incidents that set off others": (
        '[violations]\nprocess = "hawkes"',
        'violations.process: is "hawkes", which is not supported yet, must be "poisson"',
    ),
    "a recorded series": (
        '[violations]\nprocess = "replay"',
        'violations.process: is "replay", which is not supported yet, must be "poisson"',
    ),
    "a veto": (
        '[groups.g]\nrule = "veto"\nmembers = { a = {} }',
        (
            'groups.g.rule: is "veto", which is not supported yet, '
            'must be one of "quorum", "unanimity"'
        ),
    ),
}
NEUTRAL = """\
[violations]
defender_share = 0.0
night_to_day = 1
recommitments = []
[steps.w]
requires = []
[groups.g]
rule = "unanimity"
members = { a = { needs_backer = false, vetoes = false } }
correlation = 0.0
"""


@pytest.fixture
def said_over_smallest(said_of, smallest):
    """Return what is said of a text that extends the smallest scenario."""
    return lambda text: said_of(
        {"plan.toml": f'extends = "base.toml"\n{text}', "base.toml": smallest}
    )


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_supported_yet_is_refused(said_over_smallest, name):
    """To leave it out in silence would answer another question than the one that was asked."""
    text, path, neutral = REFUSED[name]
    [said] = said_over_smallest(text)

    assert said.endswith(f": {path}: is not supported yet, must be {neutral}left out")


@pytest.mark.parametrize("name", WORDS)
def test_a_word_that_is_not_supported_yet_is_refused(said_over_smallest, name):
    """It is told from a word that is unknown."""
    text, said = WORDS[name]

    assert said_over_smallest(text)[0].endswith(f": {said}")


def test_what_is_not_supported_yet_has_a_place(said_over_smallest):
    """As any other mistake."""
    assert said_over_smallest("\n[monitoring]\nmisattribution = 0.1") == [
        "plan.toml:3:1: monitoring: is not supported yet, must be left out"
    ]


def test_these_tests_know_all_that_is_not_supported_yet():
    """Every key and word of the list occurs above."""
    tested = {path.replace(".w.", ".*.").replace(".g.", ".*.") for _, path, _ in REFUSED.values()}
    tested = {path.replace(".usa.", ".*.").replace(".a.", ".*.") for path in tested}
    words = {word for word in WORDS_NOT_YET for text, _ in WORDS.values() if f'"{word}"' in text}

    assert (tested, words) == ({dotted(path) for path in NOT_YET}, set(WORDS_NOT_YET))


def test_a_value_that_changes_nothing_is_accepted(loaded, smallest):
    """The scenario is the same as without it."""
    plain = '[steps.w]\n[groups.g]\nrule = "unanimity"\nmembers = { a = {} }'
    neutral, without = (
        loaded({"plan.toml": f'extends = "base.toml"\n{text}', "base.toml": smallest})
        for text in (NEUTRAL, plain)
    )

    assert neutral == without


def test_a_check_leaves_the_tables_as_they_were(smallest):
    """It takes keys out of a copy."""
    text = f'{smallest}[steps.w]\nrequires = []\n[sources]\n"steps.w.requires" = "F15"'
    tables = tomllib.loads(text)
    checked(Layer(tables, {}))

    assert tables == tomllib.loads(text)


def test_the_source_of_a_value_that_changes_nothing_is_no_mistake(said_over_smallest):
    """It named something that stood in the file."""
    source = '[sources]\n"violations.defender_share" = "A22"\n'

    assert said_over_smallest(NEUTRAL + source) == []
