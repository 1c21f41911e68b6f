"""Figures of sweeps and of a sensitivity analysis: what is drawn is what the tables say."""

from itertools import product

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.image import AxesImage
from matplotlib.text import Text

from sim.show.paths import path_in_lines, unit_of
from sim.show.studies import sweeps

WAIT = "steps.coalition.not_before_hours"
YES = "actors.usa.yes_probability"
CLOCK = "crisis.clock"


def tidy(values, quantity="collapsed", unit="share of runs", n=1000):
    """Return a sweep's table from values by their paths: the estimate, 0.02 to either side."""
    rows = [
        {**at, "quantity": quantity, "estimate": one, "low": one - 0.02, "high": one + 0.02}
        for at, one in values
    ]
    return pd.DataFrame(rows).assign(unit=unit, n=n)


GRID = tidy(
    [
        ({WAIT: wait, YES: yes}, 0.1 + wait / 1000 + yes / 10)
        for wait, yes in product((0, 12, 48), (0.1, 0.9))
    ]
)
CLOCKS = tidy([({CLOCK: one}, 0.3) for one in ("violation", "detection")])


def written_on(axes):
    """Return all that is written on the figure."""
    return "\n".join(text.get_text() for text in axes.figure.findobj(Text))


def drawn(figure, *arguments, **words):
    """Return a figure on its sheet."""
    sheet = getattr(sweeps, f"{figure.__name__}_sheet")(*arguments)
    return figure(*arguments, axes=sheet.off_screen(), **words)


def level_lines(axes):
    """Return the ends of the level lines between two points."""
    return [
        tuple(float(one) for one in line.get_xdata())
        for line in axes.lines
        if len(np.atleast_1d(line.get_xdata())) == 2 and len(set(line.get_ydata())) == 1
    ]


def test_there_is_a_line_for_each_value_with_its_band():
    """In percent, over the values of the path."""
    axes = drawn(sweeps.lines, GRID, "collapsed", WAIT, YES)
    bands = [one for one in axes.collections if isinstance(one, PolyCollection)]
    drawn_lines = [line for line in axes.lines if list(line.get_xdata()) == [0, 12, 48]]
    heights = {tuple(np.round(line.get_ydata(), 9)) for line in drawn_lines}

    assert heights == {(11.0, 12.2, 15.8), (19.0, 20.2, 23.8)}
    assert len(bands) == 2
    assert max(bands[0].get_paths()[0].vertices[:, 1]) == pytest.approx(17.8)


def test_the_axes_name_path_quantity_and_units():
    """So that the figure can be read alone."""
    axes = drawn(sweeps.lines, GRID, "collapsed", WAIT, YES)

    assert axes.get_xlabel() == f"{WAIT} (hours)"
    assert axes.get_ylabel() == "collapsed: share of runs (%)"
    assert f"{YES}:" in written_on(axes)
    assert {"0.1", "0.9"} <= set(written_on(axes).splitlines())


def test_values_that_are_no_numbers_stand_side_by_side():
    """With bars instead of bands, and nothing drawn from one to the next."""
    axes = drawn(sweeps.lines, CLOCKS, "collapsed", CLOCK)
    names = [label.get_text() for label in axes.get_xticklabels()]

    assert names == ["violation", "detection"]
    assert not [one for one in axes.collections if isinstance(one, PolyCollection)]
    assert all(line.get_linestyle() == "None" for line in axes.lines)
    (bars,) = axes.collections
    assert np.allclose([bar[:, 1] for bar in bars.get_segments()], [(28, 32), (28, 32)])


def test_yes_and_no_are_no_numbers():
    """They stand side by side as a scenario file writes them."""
    found = tidy([({"steps.a.automatic": one}, 0.3) for one in (True, False)])
    axes = drawn(sweeps.lines, found, "collapsed", "steps.a.automatic")

    assert [label.get_text() for label in axes.get_xticklabels()] == ["true", "false"]


def test_plans_can_be_lines_too():
    """By a column that is no path."""
    found = tidy([({WAIT: wait, "plan": plan}, 0.3) for wait, plan in product((0, 1), "AB")])

    assert {"A", "B"} <= set(
        written_on(drawn(sweeps.lines, found, "collapsed", WAIT, "plan")).splitlines()
    )


def test_a_point_that_is_several_rows_is_refused_and_says_what_else_varies():
    """Nobody could tell which of them is drawn."""
    with pytest.raises(ValueError, match=f"choose by {YES}"):
        drawn(sweeps.lines, GRID, "collapsed", WAIT)


def test_an_unknown_quantity_or_path_is_refused_with_those_there_are():
    """The message lists them."""
    with pytest.raises(ValueError, match='quantity: is "held", must be one of collapsed'):
        drawn(sweeps.lines, GRID, "held", WAIT, YES)
    with pytest.raises(ValueError, match=f'x: is "n", must be one of {WAIT}, {YES}'):
        sweeps.lines(GRID, "collapsed", "n", YES, mpl.figure.Figure().add_subplot())


def test_the_note_says_what_a_point_rests_on():
    """And that the bands are of each point alone."""
    note = sweeps.lines_sheet(GRID, "collapsed", WAIT, YES).footer[0]

    assert "95 % intervals of each point alone; each point rests on 1,000 runs" in note


def test_a_heat_map_has_a_cell_for_each_pair_with_its_estimate():
    """Rows from below, columns from the left, in rising order, in percent."""
    axes = drawn(sweeps.heat_map, GRID.sample(frac=1, random_state=1), "collapsed", WAIT, YES)
    (image,) = axes.findobj(AxesImage)

    assert np.allclose(image.get_array(), [[11.0, 12.2, 15.8], [19.0, 20.2, 23.8]])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "12", "48"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0.1", "0.9"]
    assert "23.8\n\N{PLUS-MINUS SIGN}2.0" in written_on(axes)
    assert image.get_cmap().name == "cividis"


def test_the_colour_bar_has_the_unit():
    """What the colours mean."""
    axes = drawn(sweeps.heat_map, GRID, "collapsed", WAIT, YES)

    assert "collapsed: share of runs (%)" in written_on(axes)


def test_the_note_of_a_heat_map_says_how_wide_the_intervals_are():
    """And warns where the colours are no more than an interval's width apart."""
    flat = tidy([({WAIT: wait, YES: yes}, 0.3) for wait, yes in product((0, 1), (0, 1))])
    wide, narrow = (
        sweeps.heat_map_sheet(found, "collapsed", WAIT, YES).footer[0] for found in (GRID, flat)
    )

    assert "95 % intervals reach 2 percentage points to either side" in wide
    assert "less than an interval is wide" not in wide
    assert "less than an interval is wide" in narrow


def test_a_large_heat_map_has_no_words_in_its_cells():
    """Nobody could read them."""
    values = range(15)
    large = tidy([({WAIT: x, YES: y}, (x + y) / 50) for x, y in product(values, values)])

    assert "\N{PLUS-MINUS SIGN}" not in written_on(
        drawn(sweeps.heat_map, large, "collapsed", WAIT, YES)
    )


def test_a_design_that_is_no_grid_is_drawn_as_dots_where_its_points_lie():
    """A cell for each would be mostly empty."""
    scattered = tidy([({WAIT: 7 * k % 31, YES: k / 31}, k / 100) for k in range(1, 31)])
    axes = drawn(sweeps.heat_map, scattered, "collapsed", WAIT, YES)
    (dots,) = axes.collections

    assert dots.get_offsets().tolist() == scattered[[WAIT, YES]].to_numpy().tolist()
    assert np.allclose(dots.get_array(), 100 * scattered.estimate)


ENDS = pd.DataFrame(
    [
        ("attack.per_year", 0.05, 0.3, -0.05, -0.06, -0.04, 0.06, 0.05, 0.07),
        ("levels.assault.detection.delay.median_hours", 0.5, 4, 0.0, -0.01, 0.01, 0.2, 0.1, 0.3),
        (WAIT, 0, 48, 0.01, 0.0, 0.02, -0.1, -0.11, -0.09),
    ],
    columns=[
        *("path", "low_value", "high_value", "low_difference", "low_low", "low_high"),
        *("high_difference", "high_low", "high_high"),
    ],
).assign(unit="share of runs")


def test_a_tornado_has_the_largest_change_on_top():
    """By its larger end, on either side."""
    axes = drawn(sweeps.tornado, ENDS)
    names = [label.get_text().split(" ")[0].replace("\n", "") for label in axes.get_yticklabels()]

    assert names == ["levels.assault.detection.delay.median_hours", WAIT, "attack.per_year"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_a_tornado_draws_both_ends_with_intervals_in_percentage_points():
    """The low value's bar above the high value's, the value beside its bar."""
    axes = drawn(sweeps.tornado, ENDS)
    bars = [patch for patch in axes.patches if patch.get_height() == pytest.approx(0.38)]

    assert [bar.get_width() for bar in bars] == pytest.approx([0, 20, 1, -10, -5, 6])
    assert np.allclose(level_lines(axes)[3], (-11, -9))
    assert {"0.05", "0.3", "48"} <= set(written_on(axes).splitlines())
    assert "percentage points" in axes.get_xlabel()


def test_a_tornado_of_two_units_is_refused():
    """Hours and shares have no common axis."""
    mixed = ENDS.assign(unit=["hours", "share of runs", "hours"])

    with pytest.raises(ValueError, match="unit: has hours, share of runs, must be one unit"):
        drawn(sweeps.tornado, mixed)


SOBOL = pd.DataFrame(
    [(WAIT, 0.1, 0.0, 0.2, 0.15, 0.1, 0.2), (YES, 0.6, 0.5, 0.7, 0.8, 0.7, 0.9)],
    columns=["path", "S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high"],
)


def test_indices_are_ranked_by_all_that_a_value_does():
    """Each with both dots and their intervals."""
    axes = drawn(sweeps.indices, SOBOL)
    dots = [float(line.get_xdata()[0]) for line in axes.lines if line.get_linestyle() == "None"]

    assert [label.get_text().split(" ")[0] for label in axes.get_yticklabels()] == [YES, WAIT]
    assert dots == [0.6, 0.8, 0.1, 0.15]
    assert np.allclose(level_lines(axes), [(0.5, 0.7), (0.7, 0.9), (0.0, 0.2), (0.1, 0.2)])
    assert "ST 0.80 (0.70 to 0.90)" in written_on(axes)


def test_the_noise_has_a_row_of_its_own():
    """The share of the variance that is chance in the runs, if it is known."""
    axes = drawn(sweeps.indices, SOBOL, noise=0.25)

    assert axes.get_yticklabels()[-1].get_text() == "noise: chance in the runs"
    assert 0.25 in [bar.get_width() for bar in axes.patches]
    assert "25 % of the variance" in written_on(axes)
    assert "noise" not in written_on(drawn(sweeps.indices, SOBOL))


MORRIS = pd.DataFrame(
    [(WAIT, 0.01, 0.02, 0.005, 0.015), (YES, 0.2, 0.1, 0.15, 0.25), (CLOCK, 0.1, 0.0, 0.05, 0.15)],
    columns=["path", "mu_star", "sigma", "mu_star_low", "mu_star_high"],
).assign(unit="share of runs")


def test_effects_are_numbered_by_their_size_and_listed():
    """Those that noise could bring have no number."""
    axes = drawn(sweeps.effects, MORRIS, noise=0.03)
    words = written_on(axes).splitlines()
    told = words.index("Not told from noise:")

    assert words[told - 3 : told - 1] == [f"1  {YES} (share)", f"2  {CLOCK}"]
    assert words[told + 1] == f"{WAIT} (hours)"


def test_effects_stand_at_their_mean_size_and_spread():
    """In percentage points, with the line of what noise alone brings."""
    axes = drawn(sweeps.effects, MORRIS, noise=0.03)
    points = [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in axes.lines
        if line.get_marker() == "o"
    ]
    noise = [line for line in axes.lines if line.get_label() == "what noise alone brings"]

    assert np.allclose(points, [(20, 10), (10, 0), (1, 2)])
    assert [list(line.get_xdata()) for line in noise] == [[3, 3]]


def test_without_a_noise_level_every_effect_has_a_number():
    """And no line is drawn for what is not known."""
    axes = drawn(sweeps.effects, MORRIS)

    assert "Not told from noise:" not in written_on(axes)
    assert f"3  {WAIT}" in written_on(axes).replace("\n(hours)", "")
    assert "what noise alone brings" not in {line.get_label() for line in axes.lines}


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        (WAIT, "hours"),
        (YES, "share"),
        ("attack.per_year", "per year"),
        ("violations.incidents_per_day", "per day"),
        ("steps.warning.effect.stop", "factor"),
        ("violations.level_shares.assault", "share"),
        ("line.sectors.north", "share"),
        (CLOCK, ""),
    ],
)
def test_the_name_of_a_path_tells_its_unit(path, unit):
    """As the keys of a scenario do."""
    assert unit_of(path) == unit


def test_a_long_path_is_broken_behind_its_dots_and_nothing_is_lost():
    """Without its breaks and its unit it is the path."""
    path = "groups.willing.members.united_kingdom.parliament.median_hours"
    lines = path_in_lines(path, 2.0, 10).splitlines()

    assert len(lines) > 1
    assert "".join(lines).removesuffix("(hours)").strip() == path


@pytest.mark.parametrize(
    ("figure", "arguments"),
    [
        (sweeps.lines, (GRID, "collapsed", WAIT, YES)),
        (sweeps.heat_map, (GRID, "collapsed", WAIT, YES)),
        (sweeps.tornado, (ENDS,)),
        (sweeps.indices, (SOBOL,)),
        (sweeps.effects, (MORRIS,)),
    ],
)
def test_a_figure_draws_on_axes_that_it_is_given(figure, arguments):
    """And gives them back, with the title that was asked for."""
    given = mpl.figure.Figure(layout="constrained").add_subplot()
    made = figure(*arguments, axes=given, title="Mine")
    given.figure.canvas.draw()

    assert made is given
    assert made.get_title(loc="left") == "Mine"
