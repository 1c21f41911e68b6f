"""Figures of sweeps and sensitivity analyses, as a notebook draws them from what was found."""

import pytest
from matplotlib.text import Text

import sim
from sim.show.studies import of_studies

QUIET, RATE = "crisis.quiet_hours", "violations.incidents_per_day"


@pytest.fixture(scope="module")
def swept(small_plan):
    """A grid of two values, three by two."""
    grid = {QUIET: [6, 12, 24], RATE: [5, 10]}
    return sim.sweep(
        small_plan, grid, replications=20, outcomes=["crises"], workers=1, progress=False
    )


@pytest.fixture(scope="module")
def found(small_plan):
    """A small sensitivity analysis, without Morris' effects."""
    ranges = {QUIET: (6, 48), RATE: (2, 20)}
    return sim.sensitivity(small_plan, ranges, "crises", "sobol", 8, 20, workers=1, progress=False)


def said(axes):
    """Return all that is written on the figure, on one line."""
    texts = (text.get_text() for text in axes.figure.findobj(Text))
    return " ".join(" ".join(texts).split())


def test_the_lines_of_two_values_are_those_of_the_table(swept):
    """One for each of the second value, over the first."""
    axes = of_studies.lines(swept)
    table = swept.outcome("crises")
    over = [line for line in axes.lines if list(line.get_xdata()) == [6, 12, 24]]
    drawn = {tuple(line.get_ydata()) for line in over}

    assert drawn == {tuple(rows["estimate"]) for _, rows in table.groupby(RATE)}


def test_the_lines_can_be_drawn_over_the_other_value(swept):
    """Then the first value tells the lines apart."""
    axes = of_studies.lines(swept, x=RATE)
    over = [line for line in axes.lines if list(line.get_xdata()) == [5, 10]]
    drawn = {tuple(line.get_ydata()) for line in over}

    assert drawn >= {tuple(rows["estimate"]) for _, rows in swept.outcome("crises").groupby(QUIET)}


def test_a_heat_map_has_a_cell_for_each_point(swept):
    """With the first value below and the second at the side."""
    axes = of_studies.heat_map(swept)

    assert axes.images[0].get_array().shape == (2, 3)
    assert axes.get_xlabel().startswith(QUIET)


def test_a_single_value_has_no_heat_map(small_plan):
    """The error says what shows it."""
    one = sim.sweep(small_plan, {QUIET: [6, 12]}, replications=5, workers=1, progress=False)

    with pytest.raises(ValueError, match=r"only crisis\.quiet_hours varies: lines shows"):
        of_studies.heat_map(one)


@pytest.mark.parametrize("figure", [of_studies.lines, of_studies.heat_map])
def test_a_figure_of_a_sweep_says_what_it_rests_on(swept, figure):
    """Runs, seed, that it is no forecast, and how much is assumed."""
    assert " ".join(swept.provenance().split()) in said(figure(swept))


@pytest.mark.parametrize("figure", [of_studies.tornado, of_studies.indices])
def test_a_figure_of_a_sensitivity_analysis_says_what_it_rests_on(found, figure):
    """And names what is explained."""
    text = said(figure(found))

    assert " ".join(found.provenance().split()) in text
    assert "crises" in text


def test_the_tornado_is_that_of_the_table(found):
    """A bar for each end of each range, as long as the difference."""
    axes = of_studies.tornado(found)
    drawn = {round(bar.get_width(), 9) for bar in axes.patches}
    table = found.tornado

    assert drawn >= {*table["low_difference"].round(9), *table["high_difference"].round(9)}


def test_what_was_not_asked_for_is_not_drawn(found):
    """The error says so."""
    with pytest.raises(ValueError, match="Morris: there is nothing to draw, it was not asked for"):
        of_studies.effects(found)
