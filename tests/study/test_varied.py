"""What varies is read from a line of text, and says what is wrong with it."""

import re
from pathlib import Path

import pytest

from sim.scenario.loading import load
from sim.scenario.ranges import range_of
from sim.study.points.varied import Varied, parsed_range, parsed_varied, varied_in

PLAN = load(Path(__file__).parents[2] / "scenarios" / "three_step.toml")
LISTS = {
    "x.hours=24:72:3": (24, 48, 72),
    "x.hours=0:1:5": (0.0, 0.25, 0.5, 0.75, 1.0),
    "x.hours=24:72.0:3": (24.0, 48.0, 72.0),
    "x.share=.1:.3:3": (0.1, 0.2, 0.3),
    "x.rate=1e-3:2e-3:2": (0.001, 0.002),
    "crisis.clock=violation,attribution": ("violation", "attribution"),
    "crisis.clock = violation , attribution": ("violation", "attribution"),
    "x.hours=24,48.5,72": (24, 48.5, 72),
    "x.switch=true,false": (True, False),
    'x.names=["a"],["a","b"]': (["a"], ["a", "b"]),
    "x.mixed=1,true,word": (1, True, "word"),
    "x.hours=-1:1:3": (-1, 0, 1),
    "x.one=3": (3,),
}
WRONG = {
    "nothing at all": ("", "must be path=start:stop:count or path=a,b,c"),
    "no value": ("x.y=", "must be path=start:stop:count or path=a,b,c"),
    "no path": ("=1,2", "must be path=start:stop:count or path=a,b,c"),
    "a path with a gap": ("x..y=1,2", "must be like crisis.quiet_hours"),
    "a range without a count": ("x.y=1:2", 'x.y: is "1:2", must be start:stop:count'),
    "a count of one": ("x.y=1:2:1", "how many values, 2 to 100,000"),
    "a count that is no whole number": ("x.y=1:2:2.5", "how many values, 2 to 100,000"),
    "a count beyond use": ("x.y=1:2:1000000", "how many values, 2 to 100,000"),
    "a range the wrong way round": ("x.y=2:1:3", "the second greater"),
    "a range without end": ("x.y=1:inf:3", "the second greater"),
    "a value twice": ("x.y=1,2,1", "x.y: has the value 1 twice, must have each once"),
    "a comma too many": ("x.y=a,,b", "must be values with commas between them"),
}
WRONG_RANGES = {
    "three numbers": ("x.y=1:2:3", 'x.y: is "1:2:3", must be low:high, two numbers'),
    "a word": ("x.y=a:b", "must be low:high, two numbers"),
    "the wrong way round": ("x.y=2:1", "goes from 2 to 1, must go from a number to a greater one"),
    "nothing between": ("x.y=2:2", "must go from a number to a greater one"),
    "not a number": ("x.y=nan:2", "must go from a number to a greater one"),
    "no path": ("1:2", "must be path=low:high"),
}


@pytest.mark.parametrize("text", LISTS)
def test_values_are_read(text):
    """Evenly spaced ones with both ends, whole where all are; or TOML values and bare words."""
    values = parsed_varied(text).values

    assert (values, list(map(type, values))) == (LISTS[text], list(map(type, LISTS[text])))


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_vary_is_refused_in_words(name):
    """With the path, the text, and what is allowed."""
    text, expected = WRONG[name]

    with pytest.raises(ValueError, match=re.escape(expected)):
        parsed_varied(text)


@pytest.mark.parametrize("name", WRONG_RANGES)
def test_a_range_that_is_none_is_refused_in_words(name):
    """With the path, the text, and what is allowed."""
    text, expected = WRONG_RANGES[name]

    with pytest.raises(ValueError, match=re.escape(expected)):
        parsed_range(text)


@pytest.mark.parametrize(
    "given",
    [{}, {"low": 1.0}, {"values": (1,), "low": 1.0, "high": 2.0}],
    ids=["nothing", "half a range", "values and a range"],
)
def test_either_values_or_a_range(given):
    """And not both, and not neither."""
    with pytest.raises(ValueError, match="must have either values, or a low and a high end"):
        Varied("x.y", **given)


def test_whole_numbers_begin_and_end_with_whole_numbers():
    """Otherwise the first and the last would have smaller parts."""
    with pytest.raises(ValueError, match="must begin and end with a whole number"):
        Varied("x.y", low=0.5, high=3, whole=True)


def test_a_range_is_gone_through_evenly():
    """A share of the way is that share of the range, and both ends are met exactly."""
    varied = parsed_range("x.y=0.1:0.7")

    assert [varied.at(share) for share in (0.0, 0.5, 1.0)] == [0.1, 0.4, 0.7]


def test_whole_numbers_have_equal_parts():
    """The first and the last have as much of the range as any other."""
    varied = Varied("x.y", low=1, high=4, whole=True)
    found = [varied.at((index + 0.5) / 400) for index in range(400)]

    assert [found.count(value) for value in (1, 2, 3, 4)] == [100] * 4
    assert {type(value) for value in found} == {int}


def test_words_have_equal_parts():
    """In their order, and the last one has the end of the range."""
    varied = parsed_varied("x.y=a,b,c")

    assert "".join(varied.at(index / 6) for index in range(7)) == "aabbccc"


def test_a_level_of_a_design_begins_its_part():
    """A third of three values is the second one, however it was rounded."""
    assert parsed_varied("x.y=a,b,c").at(1 / 3 - 1e-16) == "b"


@pytest.mark.parametrize(
    ("text", "whole"),
    [("attack.sectors=1:4", True), ("attack.per_year=0:1", False), ("crisis.nothing=0:1", False)],
)
def test_the_scenario_tells_what_takes_only_whole_numbers(text, whole):
    """And an unknown key is left for the scenario's own check."""
    assert parsed_range(text).fitted(PLAN).whole == whole


def test_a_range_of_the_evidence_varies():
    """With what it says of ends and whole numbers."""
    found = range_of(PLAN, "groups.willing.quorum")

    assert varied_in(found) == Varied("groups.willing.quorum", low=2, high=15, whole=True)
