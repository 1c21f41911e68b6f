"""A value that is not allowed is named, with its place, what it is, and what it may be."""

import math

import pytest

from sim.scenario.layers import leaves
from sim.scenario.parameters import parameters
from sim.scenario.problems import ScenarioError, dotted

# What is added to the smallest scenario, from its seventh line on, and what is said of it.
MISTAKES = {
    "an unknown key, and the nearest known one": (
        "[crisis]\nquiet_hour = 2",
        '8:14: crisis.quiet_hour: is not a known key (did you mean "quiet_hours"?)',
    ),
    "an unknown key with none near it, and those that are known": (
        "[run]\nx = 2",
        (
            "8:5: run.x: is not a known key (known here: horizon_days, most_violations, "
            "replications, seed)"
        ),
    ),
    "an unknown table": ("[rn]", '7:1: rn: is not a known key (did you mean "run"?)'),
    "a negative number": (
        "[crisis]\nquiet_hours = -2.0",
        "8:15: crisis.quiet_hours: is -2.0, must be a number, 0 or more",
    ),
    "no number": (
        "[crisis]\nquiet_hours = nan",
        "8:15: crisis.quiet_hours: is nan, must be a number, 0 or more",
    ),
    "infinity": (
        "[crisis]\nquiet_hours = inf",
        "8:15: crisis.quiet_hours: is inf, must be a number, 0 or more",
    ),
    "minus infinity": (
        "[crisis]\nquiet_hours = -inf",
        "8:15: crisis.quiet_hours: is -inf, must be a number, 0 or more",
    ),
    "a number that is too large for any computer": (
        "[crisis]\nquiet_hours = 1e400",
        "8:15: crisis.quiet_hours: is inf, must be a number, 0 or more",
    ),
    "a zero that must be more": (
        "[crisis]\nwindow_hours = 0",
        "8:16: crisis.window_hours: is 0, must be a number, above 0",
    ),
    "a number past the end of its range": (
        "[run]\nhorizon_days = 73_001",
        "8:16: run.horizon_days: is 73001, must be a number, above 0, at most 73,000",
    ),
    "a text for a number": (
        '[crisis]\nquiet_hours = "24"',
        '8:15: crisis.quiet_hours: is "24", must be a number, 0 or more',
    ),
    "a truth for a number": (
        "[crisis]\nquiet_hours = true",
        "8:15: crisis.quiet_hours: is true, must be a number, 0 or more",
    ),
    "a truth for a whole number": (
        "[attack]\nsectors = true",
        "8:11: attack.sectors: is true, must be a whole number, 1 to 2,147,483,647",
    ),
    "a fraction for a whole number": (
        "[attack]\nsectors = 1.0",
        "8:11: attack.sectors: is 1.0, must be a whole number, 1 to 2,147,483,647",
    ),
    "a date": (
        "[crisis]\nquiet_hours = 2026-02-03",
        '8:15: crisis.quiet_hours: is "2026-02-03", must be a number, 0 or more',
    ),
    "a time of day": (
        "[crisis]\nquiet_hours = 07:32:00",
        '8:15: crisis.quiet_hours: is "07:32:00", must be a number, 0 or more',
    ),
    "a date and time": (
        "[crisis]\nclock = 2026-02-03 07:32:00Z",
        (
            '8:9: crisis.clock: is "2026-02-03 07:32:00+00:00", '
            'must be one of "violation", "detection", "attribution"'
        ),
    ),
    "a list for a number": (
        "[crisis]\nquiet_hours = []",
        "8:15: crisis.quiet_hours: is [], must be a number, 0 or more",
    ),
    "a table for a number": (
        "[crisis.quiet_hours]",
        "7:1: crisis.quiet_hours: is {}, must be a number, 0 or more",
    ),
    "a number for a table": ("[steps]\nwarn = 3", "8:8: steps.warn: is 3, must be a table"),
    "a list of tables for a table": (
        "[[steps]]",
        "7:1: steps: is [{}], must be a table, with at most 100 entries",
    ),
    "a text for a list": (
        '[steps.warn]\ndeciders = "usa"',
        '8:12: steps.warn.deciders: is "usa", must be a list',
    ),
    "a misspelt word, and the nearest allowed one": (
        '[crisis]\nclock = "atribution"',
        (
            '8:9: crisis.clock: is "atribution", must be one of "violation", "detection", '
            '"attribution" (did you mean "attribution"?)'
        ),
    ),
    "a whole number of thousands of digits": (
        "[run]\nseed = 0x" + "f" * 5000,
        (
            "8:8: run.seed: is a number of thousands of digits, "
            "must be a whole number, 0 to 9,223,372,036,854,775,807"
        ),
    ),
    "thousands of digits for a fraction": (
        "[run]\nhorizon_days = 0x" + "f" * 5000,
        (
            "8:16: run.horizon_days: is a number of thousands of digits, "
            "must be a number, above 0, at most 73,000"
        ),
    ),
    "a name with a blank in it": (
        '[line.sectors]\n"a b" = 1',
        (
            '8:9: line.sectors.a b: is "a b", must be a name of letters, digits, _ and -, '
            "starting with a letter, at most 40 characters"
        ),
    ),
    "a name of a member with a dot in it": (
        '[groups.all]\nrule = "unanimity"\nmembers = { "a.b" = {} }',
        (
            '9:21: groups.all.members.a.b: is "a.b", must be a name without dots, quotes and '
            "control characters, at most 60 characters"
        ),
    ),
    "a missing delay": (
        "[levels.war]",
        (
            "7:1: levels.war.spell: is missing, must be a table with a family: "
            "constant, exponential, loglogistic, lognormal, weibull"
        ),
    ),
    "a delay without its family": (
        "[levels.war]\nspell = { hours = 1 }",
        (
            '8:9: levels.war.spell.family: is missing, must be one of "constant", '
            '"exponential", "loglogistic", "lognormal", "weibull"'
        ),
    ),
    "a misspelt family": (
        '[levels.war]\nspell = { family = "lognorml" }',
        (
            '8:20: levels.war.spell.family: is "lognorml", must be one of "constant", '
            '"exponential", "loglogistic", "lognormal", "weibull" (did you mean "lognormal"?)'
        ),
    ),
    "a family that is for delays only": (
        '[levels.war]\nspell = { family = "uniform", low_hours = 1, high_hours = 2 }',
        (
            '8:20: levels.war.spell.family: is "uniform", must be one of "constant", '
            '"exponential", "loglogistic", "lognormal", "weibull"'
        ),
    ),
    "a list for a family": (
        '[levels.war]\nspell = { family = ["x"] }',
        (
            '8:20: levels.war.spell.family: is ["x"], must be one of "constant", '
            '"exponential", "loglogistic", "lognormal", "weibull"'
        ),
    ),
    "a number that a family lacks": (
        '[levels.war]\nspell = { family = "lognormal", median_hours = 1 }',
        "8:9: levels.war.spell.log_sd: is missing, must be a number, above 0",
    ),
    "a number that a family does not have": (
        '[levels.war]\nspell = { family = "constant", hours = 1, shape = 3 }',
        "8:51: levels.war.spell.shape: is not a known key (known here: family, hours)",
    ),
    "a number of a family that is out of range": (
        '[levels.war]\nspell = { family = "exponential", mean_hours = 0 }',
        "8:48: levels.war.spell.mean_hours: is 0, must be a number, above 0",
    ),
    "a number inside inline tables": (
        "[actors.usa]\n[steps.warn]\neffect = { stop = 1, expand = 1001 }",
        "9:31: steps.warn.effect.expand: is 1001, must be a number, 0 to 1,000",
    ),
    "an item of a list": (
        "[actors.usa]\n[steps.warn]\ndeciders = [\n  'usa',\n  3]",
        (
            "11:3: steps.warn.deciders.1: is 3, must be a text, of letters, digits, _ and -, "
            "starting with a letter, at most 40 characters"
        ),
    ),
    "a source that is no text": (
        '[sources]\n"violations.incidents_per_day" = 3',
        "8:34: sources.violations.incidents_per_day: is 3, must be a text",
    ),
}
EXTREMES = {
    "not a number": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "negative": -1,
    "zero": 0,
    "minus zero": -0.0,
    "largest": 1e308,
    "smallest": 5e-324,
    "beyond a float": 10**400,
    "beyond printing": 10**5000,
    "a truth": True,
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named(smallest, said_of, mistake):
    """One line says where it is, what is written there, and what may be."""
    added, said = MISTAKES[mistake]

    assert said_of(smallest + added) == [f"plan.toml:{said}"]


@pytest.mark.parametrize("written_as", ["2", "true", "1.0", '"1"'])
def test_only_the_version_that_is_known_is_read(smallest, said_of, written_as):
    """Another version, or another kind of value that happens to equal 1, is refused."""
    said = f"plan.toml:1:10: format: is {written_as}, must be a whole number, just 1"

    assert said_of(f"format = {written_as}\n{smallest}") == [said]


def test_a_long_value_is_shortened(smallest, said_of):
    """An error stays one line that can be read."""
    said = said_of(f'title = "{"x" * 201}"\n{smallest}')

    assert said == [
        f'plan.toml:1:9: title: is "{"x" * 56}..., must be a text, at most 200 characters'
    ]


def test_a_line_break_in_a_key_does_not_break_the_line(smallest, said_of):
    """Whatever a file holds, each mistake is one line, and nothing upsets a terminal."""
    said = said_of(smallest + '[run]\n"a\\nb\\u001b[2J\\u2028" = 1')

    assert said == [
        (
            "plan.toml:8:25: run.a\\nb\\x1b[2J\\u2028: is not a known key "
            "(known here: horizon_days, most_violations, replications, seed)"
        )
    ]


def test_all_mistakes_of_a_file_are_said_at_once(smallest, said_of):
    """They come in the order of their places, whoever found them."""
    text = f"titel = 'x'\n{smallest}[run]\nseed = -1\n[crisis]\nquiet_level = 'war'\n\n"
    text += "[line]\nsectors = { a = 0.5 }\n[groups.all]\nrule = 'unanimity'\nmembers_file = '/x'\n"
    places = [line.split(" ")[0] for line in said_of(text)]

    assert places == [
        "plan.toml:1:9:",
        "plan.toml:9:8:",
        "plan.toml:11:15:",
        "plan.toml:14:11:",
        "plan.toml:17:16:",
    ]


def numbers_in(value):
    """Yield each number in nested tuples."""
    if isinstance(value, tuple):
        for one in value:
            yield from numbers_in(one)
    elif isinstance(value, float):
        yield value


def is_settled(plan, path, value):
    """Say whether a value there is a mistake with a name, or gives numbers that engines can use."""
    try:
        numbers = parameters(plan.with_((path, value)))
    except ScenarioError as error:
        return all(problem.path and problem.sentence for problem in error.problems)
    return not any(math.isnan(number) for number in numbers_in(numbers))


@pytest.mark.parametrize("extreme", EXTREMES)
def test_an_extreme_number_anywhere_is_a_mistake_or_a_number(loaded, with_everything, extreme):
    """Whatever number is put in the place of a number, nothing else comes of it."""
    plan = loaded(with_everything)
    paths = [
        dotted(path) for path, value in leaves(plan.as_tables()) if type(value) in (int, float)
    ]

    assert [path for path in paths if not is_settled(plan, path, EXTREMES[extreme])] == []
