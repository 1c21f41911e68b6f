"""Figures of a comparison: what is on the axes is what the table says."""

import math

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from sim.results.estimates import share_of_runs
from sim.results.numbers import signed
from sim.show.comparisons.comparison import (
    differences,
    differences_sheet,
    incidence,
    incidence_sheet,
    moves,
    moves_sheet,
)
from sim.show.comparisons.differences import look

FIRST = "Nobody responds"
COLUMNS = [
    *("plan", "quantity", "meaning", "difference", "low", "high", "unit", "paired"),
    "variance_reduction",
]
ROWS = [
    ("early", "held", "it holds", 0.03, 0.02, 0.04, "share of runs", True, 7.3),
    ("early", "kept", "deadlines met", 0.1, -0.1, 0.3, "share of deadlines", True, 2.0),
    ("early", "fighting_hours", "fighting", -9.0, -11.0, -7.0, "hours per run", True, 14.0),
    ("early", "crises", "crises", 0.2, 0.1, 0.3, "per run", True, math.inf),
    ("early", "incidents", "incidents", 40.0, 20.0, 60.0, "per run", True, math.nan),
    ("late", "held", "it holds", 0.01, -0.01, 0.03, "share of runs", True, 7.3),
]


def table(rows=ROWS):
    """Return a table of differences."""
    return pd.DataFrame(rows, columns=COLUMNS)


def drawn(found, **words):
    """Return the figure of a table of differences."""
    return differences(found, differences_sheet(found).off_screen(), first=FIRST, **words)


def written_on(axes):
    """Return all that is written on the figure."""
    return "\n".join(text.get_text() for text in axes.figure.findobj(Text))


def points_of(panel):
    """Return the single points of a panel."""
    return [line for line in panel.lines if len(np.atleast_1d(line.get_xdata())) == 1]


def intervals_of(panel):
    """Return the ends of the level lines of a panel."""
    return [
        tuple(line.get_xdata())
        for line in panel.lines
        if len(np.atleast_1d(line.get_xdata())) == 2 and len(set(line.get_ydata())) == 1
    ]


def test_there_is_a_panel_for_each_unit_and_scale():
    """Points, hours; and crises, which nobody would see on the scale of incidents."""
    units = [panel.get_xlabel().split(":")[0] for panel in drawn(table()).child_axes]

    assert units == [
        "Difference in percentage points",
        "Difference in hours per run",
        "Difference per run",
        "Difference per run",
    ]


def test_shares_are_drawn_in_percentage_points_at_their_values():
    """Each point with its interval, the plans of one quantity together."""
    panel = drawn(table()).child_axes[0]

    assert [float(point.get_xdata()[0]) for point in points_of(panel)] == pytest.approx([3, 1, 10])
    assert np.allclose(intervals_of(panel), [(2, 4), (-1, 3), (-10, 30)])


def test_every_panel_has_a_line_at_zero_in_sight():
    """So that the side of an interval is seen."""
    for panel in drawn(table()).child_axes:
        low, high = panel.get_xlim()

        assert low <= 0 <= high
        assert [0, 0] in [list(line.get_xdata()) for line in panel.lines]


def test_a_point_is_filled_only_where_its_interval_leaves_zero_out():
    """Hollow: not told from zero."""
    faces = [point.get_markerfacecolor() for point in points_of(drawn(table()).child_axes[0])]

    assert [face == "white" for face in faces] == [False, True, True]


def test_the_numbers_stand_beside_with_what_the_luck_was_worth():
    """In the digits that the interval allows."""
    words = written_on(drawn(table())).replace("\N{MINUS SIGN}", "-")

    assert "+3.0 (+2.0 to +4.0); 7.3x" in words
    assert "-9.0 (-11.0 to -7.0); 14.0x" in words
    assert "; exact" in words
    assert "; no telling" in words


def test_a_share_of_something_else_than_runs_says_so():
    """Deadlines are no runs."""
    names = [label.get_text() for label in drawn(table()).child_axes[0].get_yticklabels()]

    assert names == ["it holds", "deadlines met (of deadlines)"]


@pytest.mark.parametrize(
    ("paired", "words"),
    [
        ([True] * 6, "Paired: run k has the same luck under each plan."),
        ([False] * 6, "Not paired: each plan had luck of its own."),
        ([True] * 5 + [False], "Where it says so, not paired."),
    ],
)
def test_it_is_always_said_whether_the_runs_are_paired(paired, words):
    """Below the figure, and beside the number if it is not."""
    found = table().assign(paired=paired)
    beside = written_on(drawn(found)).count("; not paired")

    assert words in differences_sheet(found).footer[0]
    assert beside == paired.count(False)


def test_what_the_intervals_hold_for_together_is_said():
    """And what else the caller has to say, below it."""
    note = "All 6 intervals hold together."
    sheet = differences_sheet(table(), simultaneous=note, footer=("12 runs",), about="A study")

    assert note in sheet.footer[0]
    assert sheet.footer[1:] == ("12 runs",)
    assert sheet.scenario == "A study"


def test_one_other_plan_is_in_the_title_and_several_in_a_legend():
    """With the first plan's name in both."""
    alone, both = drawn(table(ROWS[:5])), drawn(table())

    assert alone.get_title(loc="left") == f"What changes under early, against {FIRST}"
    assert alone.get_legend() is None
    assert [text.get_text() for text in both.get_legend().get_texts()] == ["early", "late"]


def test_a_difference_without_an_interval_is_drawn_without_one():
    """It says so beside."""
    row = ("early", "held", "it holds", 0.0, math.nan, math.nan, "share of runs", True, math.nan)

    assert "0 (no interval); no telling" in written_on(drawn(table([row])))


def test_an_empty_table_says_that_there_is_nothing():
    """No error, no empty frame."""
    assert "nothing to compare" in written_on(drawn(table([])))


def test_no_two_of_twelve_plans_look_the_same():
    """Colours come again, but not with the same marker."""
    assert len({look(index) for index in range(12)}) == 12


@pytest.mark.parametrize(
    ("value", "half", "text"),
    [
        (2.4, 0.7, "+2.40"),
        (30.4, 12.8, "+30"),
        (-0.104, 0.031, "-0.104"),
        (-0.4, 11.0, "+0"),
        (0.0, 0.0, "0"),
        (-1234.5, 0.0, "-1,234"),
    ],
)
def test_a_number_has_two_digits_of_the_half_width(value, half, text):
    """More would be made up, fewer would hide something."""
    assert signed(value, half).replace("\N{MINUS SIGN}", "-") == text


def test_a_plans_name_is_not_read_as_a_formula():
    """A dollar sign is a dollar sign."""
    rows = [(r"a $\frac$ plan", *row[1:]) for row in ROWS]
    axes = drawn(table(rows))
    axes.figure.canvas.draw()

    assert r"$\frac$" in axes.get_title(loc="left")


DAYS = np.array([0.0, 10.0, 20.0])


def curve(label, last):
    """Return a curve that ends at a share."""
    share = np.array([0.0, last / 2, last])
    return label, DAYS, share, share * 0.8, share * 1.2


def test_each_curve_is_labelled_at_its_end_with_its_interval():
    """No legend is needed."""
    curves = [curve("first", 0.10), curve("other", 0.05)]
    words = written_on(incidence(curves, incidence_sheet(curves).off_screen()))

    assert "first\n10.0 % (8.0\N{EN DASH}12.0)" in words
    assert "other\n5.0 % (4.0\N{EN DASH}6.0)" in words


def test_curves_are_drawn_in_percent_over_days_with_their_bands():
    """The scale suits the highest band."""
    curves = [curve("first", 0.10), curve("other", 0.05)]
    axes = incidence(curves, incidence_sheet(curves).off_screen())
    heights = [line.get_ydata()[-1] for line in axes.lines if len(line.get_xdata()) == len(DAYS)]

    assert {10.0, 5.0} <= {round(float(height), 9) for height in heights}
    assert len(axes.collections) == 2
    assert axes.get_ylim() == (0, 15)
    assert axes.get_xlim() == (0, 20)


def test_the_other_plans_look_as_where_they_are_compared():
    """The first of them has the first colour and marker, the first plan has ink."""
    curves = [curve("first", 0.10), curve("other", 0.05), curve("third", 0.04)]
    axes = incidence(curves, incidence_sheet(curves).off_screen())
    whole = [line for line in axes.lines if list(line.get_xdata()) == list(DAYS)]

    assert [(line.get_color(), line.get_marker()) for line in whole][1:] == [look(0), look(1)]


def flows(*rows):
    """Return a table of moves."""
    return pd.DataFrame(rows, columns=["plan", "before", "after", "runs"])


FLOWS = flows(
    ("early", "held", "held", 900),
    ("early", "held", "collapsed", 5),
    ("early", "collapsed", "held", 30),
    ("early", "collapsed", "collapsed", 65),
    ("late", "held", "held", 905),
    ("late", "collapsed", "collapsed", 85),
    ("late", "collapsed", "runaway", 10),
)


def drawn_moves(found=FLOWS):
    """Return the figure of moves."""
    return moves(found, moves_sheet(found).off_screen(), first=FIRST)


def test_better_moves_go_to_the_right_and_worse_ones_to_the_left():
    """In percent of all runs; those that stay have no bar."""
    widths = [patch.get_width() for patch in drawn_moves().patches]

    assert widths == pytest.approx([3.0, -0.5, 0.0, 1.0, 0.0])


def test_each_move_is_named_and_counted_with_its_interval():
    """Wilson's, as everywhere."""
    words = written_on(drawn_moves())
    low, high = (100 * one for one in share_of_runs(np.arange(1000) < 30)[1:3])

    assert f"30 runs: 3.0 % ({low:.1f}\N{EN DASH}{high:.1f})" in words
    assert "collapses \N{RIGHTWARDS ARROW} holds" in words
    assert "holds \N{RIGHTWARDS ARROW} collapses" in words
    assert "collapses \N{RIGHTWARDS ARROW} runs away" in words


def test_the_runs_that_stay_are_told_in_words():
    """And what remains on balance."""
    words = written_on(drawn_moves())

    assert "hold under both; 6.5 %" in words
    assert "on balance 25 more of 1,000 hold" in words
    assert "on balance 0 more of 1,000 hold" in words


def test_a_plan_under_which_fewer_hold_says_fewer():
    """On balance."""
    found = flows(("bad", "held", "held", 90), ("bad", "held", "collapsed", 10))

    assert "on balance 10 fewer of 100 hold" in written_on(drawn_moves(found))


def test_shares_to_the_left_have_no_sign():
    """They are shares of runs too."""
    axes = drawn_moves()
    axes.figure.canvas.draw()
    labels = [label.get_text() for label in axes.get_xticklabels()]

    assert all("-" not in label and "\N{MINUS SIGN}" not in label for label in labels)
    assert axes.get_xlim()[0] < 0 < axes.get_xlim()[1]


@pytest.mark.parametrize("figure", ["differences", "incidence", "moves"])
def test_a_figure_draws_on_axes_that_it_is_given(figure):
    """And gives them back, with the title that was asked for."""
    given = mpl.figure.Figure(layout="constrained").add_subplot()
    made = {
        "differences": lambda: differences(table(), given, first=FIRST, title="Mine"),
        "incidence": lambda: incidence([curve("first", 0.1)], given, title="Mine"),
        "moves": lambda: moves(FLOWS, given, first=FIRST, title="Mine"),
    }[figure]()
    given.figure.canvas.draw()

    assert made is given
    assert made.get_title(loc="left") == "Mine"
