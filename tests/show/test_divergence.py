"""The picture and the lines of a parting: both timelines, and where they part."""

import math
from functools import cache
from pathlib import Path

import pytest
from matplotlib.text import Text

import sim
from sim.show.style import save
from sim.show.timelines.divergence import parting as draw
from sim.show.timelines.divergence import parting_lines, parting_sheet
from sim.study.comparing.explain import parting

SMALL_WORLD = Path(__file__).parents[1] / "small_world.toml"
RUNS = range(6)


@cache
def plan():
    """Return the small world's plan."""
    return sim.load(SMALL_WORLD)


@cache
def found(run):
    """Return where a run parts ways from a plan whose warning comes only late."""
    rarer = plan().with_(("steps.warning.needs", {"level": "expanded"}))
    return parting(plan(), rarer, run, labels=("soon", "late"))


def drawn(one, **window):
    """Return the axes of a parting's figure."""
    return draw(one, parting_sheet(one).off_screen(), **window)


def upright(panel):
    """Return the hours at which lines go down through all of a panel."""
    return [line.get_xdata()[0] for line in panel.lines if list(line.get_ydata()) == [0, 1]]


def written_on(axes):
    """Return all that is written on the figure."""
    return "\n".join(text.get_text() for text in axes.figure.findobj(Text))


@pytest.mark.parametrize("run", RUNS)
def test_a_line_stands_where_the_run_parts_and_one_where_the_fighting_differs(run):
    """In both panels, at the hours of the parting."""
    one = found(run)
    expected = [hours for hours in (one.hours, one.fighting_hours) if not math.isnan(hours)]

    for panel in drawn(one).child_axes:
        assert upright(panel) == expected


def test_both_panels_show_the_same_hours_around_the_parting():
    """One above the other, on one axis of time, with the parting in it."""
    upper, lower = drawn(found(0)).child_axes

    assert upper.get_xlim() == lower.get_xlim()
    assert upper.get_xlim()[0] <= found(0).hours <= upper.get_xlim()[1]
    assert upper.get_xticks().tolist() == lower.get_xticks().tolist()


def test_each_panel_says_whose_it_is_and_how_the_run_ends_there():
    """The first plan stands above."""
    one = found(0)
    names = [
        next(text.get_text() for text in panel.texts if text.get_style() == "italic")
        for panel in drawn(one).child_axes
    ]

    assert names == [
        f"Under soon: {one.first.end_in_words()}",
        f"Under late: {one.other.end_in_words()}",
    ]


def test_the_title_names_the_run_and_the_hour_and_below_stands_the_story():
    """So that a figure that stands alone is understood."""
    axes = drawn(found(0))
    words = " ".join(written_on(axes).split())

    assert axes.get_title(loc="left").startswith("Run 0 on the same luck")
    assert "here they part: the step warning is called" in words
    assert str(found(0))[:60] in words


def test_there_is_one_legend_with_every_word_once():
    """It explains what either panel has."""
    upper, lower = drawn(found(0)).child_axes
    words = [text.get_text() for text in upper.get_legend().get_texts()]

    assert lower.get_legend() is None
    assert len(words) == len(set(words))
    assert {"in force", "called, being decided"} <= set(words)


def test_another_window_can_be_asked_for():
    """As in a timeline."""
    upper, lower = drawn(found(0), from_hours=0, until_hours=100).child_axes

    assert upper.get_xlim() == lower.get_xlim() == (0, 100)


def test_a_run_that_is_over_under_one_plan_is_blank_there():
    """Its panel goes on as long as the other's, shaded from its end on."""
    one = next(
        found(run)
        for run in range(60)
        if found(run).first.end_hours() > found(run).other.end_hours() + 24
    )
    end = one.other.end_hours()
    _, lower = drawn(one, from_hours=0).child_axes
    _, beyond = drawn(one, from_hours=end + 12).child_axes

    assert end in [patch.get_x() for patch in lower.patches if patch.get_alpha() == 0.5]
    assert beyond.get_xlim()[0] == end + 12


def test_a_run_that_never_parts_is_shown_whole_without_lines():
    """And the title says so."""
    same = parting(plan(), plan(), 2)
    axes = drawn(same)

    assert [upright(panel) for panel in axes.child_axes] == [[], []]
    assert axes.child_axes[0].get_xlim() == (0, same.first.end_hours())
    assert "the same under both plans" in axes.get_title(loc="left")


def test_the_figure_is_saved_with_the_same_bytes_each_time(tmp_path):
    """Nothing in it comes by chance."""
    files = [save(drawn(found(1)), tmp_path / f"{name}.svg", {}) for name in ("a", "b")]

    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("run", RUNS)
def test_no_line_of_the_text_is_wider_than_a_terminal(run):
    """At most 110 characters."""
    assert max(map(len, parting_lines(found(run)))) <= 110


def test_what_happens_under_one_plan_only_stands_on_its_side():
    """The first plan to the left, the other to the right, the hour before both."""
    lines = list(parting_lines(found(0)))
    table = lines[lines.index("") + 1 :]
    heads, called = table[0], next(line for line in table if "the step warning is called" in line)

    assert heads.split() == ["hour", "soon", "late"]
    assert called[:9].strip() == f"{found(0).hours:.2f}"
    assert called[heads.index("late") :].strip() == ""


def test_many_events_that_are_the_same_are_only_counted():
    """The lines are about what differs."""
    one = next(found(run) for run in RUNS if found(run).common_events >= 10)

    assert "10 events, the same under both" in "\n".join(parting_lines(one, before=10))
    assert "events, the same under both" not in "\n".join(parting_lines(one, 3, 1))
