"""Discovery: where a plan fails is found, said in words, and becomes a scenario that runs.

False alarms: seeds are fixed; a box where there is none is found once in 1,000 seeds or less often.
"""

from html import escape

import pytest
from worlds import constant, world

import sim
from sim.study.points.sweep import sweep
from sim.study.values.discovery import discover

YES, RATE = "actors.one.yes_probability", "levels.fighting.collapse_per_day"
WINDOW = "crisis.window_hours"
QUIETLY = {"progress": False, "workers": 1}


def failing(**tables):
    """Return a world that collapses only where nobody says yes and the rate of collapse is high."""
    return world(
        **{
            "run": {"horizon_days": 5.0, "seed": 3},
            "violations": {
                "process": "replay",
                "recorded": {"hours": [1.0]},
                "incidents_per_day": 0.0,
            },
            "levels": {"fighting": {"spell": constant(24.0), "collapse_per_day": 0.5}},
            "steps": {"stop": {"deciders": ["one"], "effect": {"collapse": 0.0}}},
            "actors": {"one": {"yes_probability": 0.5}},
        }
        | tables
    )


@pytest.fixture(scope="module")
def swept():
    """256 points over the two values that matter, and one that does not."""
    vary = {YES: (0.0, 1.0), RATE: (0.0, 4.0), WINDOW: (6.0, 72.0)}
    return sweep(failing(), vary, design="sobol", points=256, replications=100, **QUIETLY)


@pytest.fixture(scope="module")
def found(swept):
    """Where more than 40 % of the runs collapse."""
    return discover(swept, "collapsed", above=0.4)


def test_the_failing_region_is_found(found):
    """A low chance of a yes and a high rate; the value that does nothing is in no box."""
    (box, *_) = found.boxes

    assert set(box.limits) == {YES, RATE}
    assert (box.limits[YES].low, box.limits[RATE].high) == (None, None)
    assert 0.3 < box.limits[YES].high < 0.7
    assert 0.3 < box.limits[RATE].low < 2.0
    assert box.density > 0.75


def test_it_is_said_in_words(found):
    """What counts as a failure, and the box with its units."""
    first, second = found.words.splitlines()[:2]

    assert first.startswith("A point fails where collapsed is above 0.4: ")
    assert second.startswith("Box 1: ")
    assert f"{RATE} at least" in second
    assert f"{YES} at most" in second


def test_a_notebook_shows_the_words_and_what_they_rest_on(found):
    """As paragraphs, with the runs and the assumptions first."""
    shown = found._repr_html_()

    assert shown.startswith("<p>")
    assert "not a forecast" in shown
    assert all(escape(line) in shown for line in found.words.splitlines())


def test_the_middle_of_a_box_is_a_scenario_that_runs_and_fails(found):
    """It collapses more often than the scenario itself, and loads from its own file."""
    plan = found.scenario(0)
    share = sim.run(plan, 400, progress=False).tally.estimate("collapsed").value

    assert share > 0.4
    assert "where collapsed is above 0.4 (" in plan.title
    assert plan.actors["one"].yes_probability == pytest.approx(dict(found.boxes[0].middle())[YES])
    assert plan.crisis.window_hours == found.sweep.scenario.crisis.window_hours


def test_where_nothing_fails_nothing_is_found(swept):
    """And it is said why."""
    none = discover(swept, "collapsed", above=0.999)

    assert len(none) == 0
    assert "no box: " in none.words
    with pytest.raises(ValueError, match="left out: there is none"):
        none.scenario(0)


def test_a_plan_can_fail_by_having_too_little(swept, found):
    """What holds in at most 60 % of the runs is what collapses in more than 40 %."""
    held = discover(swept, "held", below=0.6)

    assert held.found.failing == pytest.approx(found.found.failing, abs=8)
    assert "held is below 0.6" in held.words


def test_a_mean_is_held_against_a_limit_too(swept):
    """Hours of fighting are no share; a point fails or does not."""
    found = discover(swept, "fighting_hours", below=15)

    assert set(found.boxes[0].limits) <= {YES, RATE}
    assert "of the runs there fail" not in found.words


def test_without_a_limit_it_is_the_mean_over_the_points(swept):
    """Which is said."""
    assert "its mean over the points" in discover(swept).words


def test_a_list_in_a_box_becomes_a_list_again():
    """Who decides varies; the scenario has the list, not its text."""
    plan = failing(actors={"one": {"yes_probability": 0.0}, "two": {"yes_probability": 1.0}})
    vary = {"steps.stop.deciders": [["one"], ["two"]], RATE: (0.0, 8.0)}
    swept = sweep(plan, vary, design="sobol", points=128, replications=50, **QUIETLY)
    found = discover(swept, above=0.5)

    assert list(found.scenario(0).steps["stop"].deciders) == ["one"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"outcome": "colapsed"}, 'did you mean "collapsed"'),
        ({"above": 0.1, "below": 0.2}, "must be only one of them"),
        ({"above": 2.0}, "must be a share of runs"),
    ],
)
def test_what_cannot_be_is_refused(swept, given, said):
    """The message says what is allowed."""
    with pytest.raises(ValueError, match=said):
        discover(swept, **given)
