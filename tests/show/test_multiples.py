"""Small figures of many plans: each panel says what its plan's results say, on shared scales."""

import matplotlib as mpl
import numpy as np
import pytest

import sim
from sim.show.pictures import pictures


@pytest.fixture(scope="module")
def found(small_plan):
    """A comparison of five plans, one of them without steps that others have."""
    mpl.use("agg")
    plans = {f"plan {k}": small_plan.with_(("attack.per_year", 3.0 * k)) for k in range(4)}
    plans["$costs$"] = small_plan.with_(("steps.warning.deadline_hours", 12))
    return sim.compare(plans, 20, 1, workers=1, progress=False)


def panels_of(axes):
    """Return the panels that are seen."""
    return [panel for panel in axes.child_axes if panel.get_visible()]


@pytest.mark.parametrize("what", ["outcomes", "timing", "fighting"])
def test_there_is_a_panel_for_each_plan_on_the_same_scales(found, what):
    """In the order of the plans, with their names as they are written."""
    axes = sim.figures.small_multiples(found, what=what)
    panels = panels_of(axes)
    axes.figure.canvas.draw()

    assert [panel.get_title(loc="left") for panel in panels] == list(found.labels)
    assert len({(panel.get_xlim(), panel.get_ylim()) for panel in panels}) == 1


@pytest.mark.parametrize(
    ("what", "names", "scale"),
    [
        (
            "outcomes",
            ["held", "collapsed", "reached_shelling", "reached_assault", "reached_expanded"],
            100,
        ),
        (
            "fighting",
            ["fighting_hours", "hours_shelling", "hours_assault", "hours_expanded"],
            1,
        ),
    ],
)
def test_bars_are_the_estimates(found, what, names, scale):
    """Of each plan by itself."""
    for panel, results in zip(
        panels_of(sim.figures.small_multiples(found, what=what)), found.results, strict=True
    ):
        widths = [bar.get_width() for bar in panel.patches]

        assert widths == pytest.approx([scale * results.tally.estimate(one).value for one in names])


def test_curves_are_the_incidences(found):
    """Of the first crisis, the steps and the collapse."""
    for panel, results in zip(
        panels_of(sim.figures.small_multiples(found, what="timing")), found.results, strict=True
    ):
        drawn = [line.get_ydata() for line in panel.lines]
        shares = [
            100 * results.tally.incidence(what).share
            for what in ("crisis", "warning.in_force", "force.in_force", "collapsed")
        ]

        assert np.allclose(drawn, shares)


def test_only_the_outer_panels_are_labelled(found):
    """Two rows of three: the scale below and the names at the left say it for all."""
    panels = panels_of(sim.figures.small_multiples(found))

    assert [bool(panel.get_xlabel()) for panel in panels] == [False, False, True, True, True]


def test_what_cannot_be_shown_is_refused(found, small_plan):
    """An unknown figure, and more plans than a page has room for."""
    many = {f"plan {k}": small_plan for k in range(17)}
    crowd = sim.compare(many, 2, 1, workers=1, progress=False)

    with pytest.raises(ValueError, match="'peace', must be one of outcomes, timing, fighting"):
        sim.figures.small_multiples(found, what="peace")
    with pytest.raises(ValueError, match="has 17 plans, must be at most 16"):
        sim.figures.small_multiples(crowd)


def test_a_comparison_of_many_plans_has_them_among_its_pictures(found):
    """Where a curve for each plan would be hard to follow."""
    assert [one.name for one in pictures(found)] == ["differences", "incidence", "moves", "plans"]
