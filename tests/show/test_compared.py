"""Figures and tables of a comparison say what the comparison says."""

import pytest
from matplotlib.text import Text
from rich.console import Console

from sim.show.comparisons.compared import differences, incidence, moves
from sim.show.figures import save_comparison
from sim.show.report.compared import comparison_tables as report_tables
from sim.show.texts.comparisons import comparison_tables
from sim.study.comparing.better_plan import intervals_in_words
from sim.study.comparing.compare import compare
from sim.study.comparing.comparison import Comparison
from sim.study.run import run


@pytest.fixture(scope="module")
def found(small_plan):
    """A comparison of three plans."""
    weaker = small_plan.with_(("steps.warning.effect.incidents", 0.95))
    never = small_plan.with_(("attack.per_year", 0.0))
    plans = {"plan": small_plan, "weaker": weaker, "no attacks": never}
    return compare(plans, 200, workers=1, progress=False)


@pytest.fixture(scope="module")
def apart(small_plan):
    """Results on separate luck."""
    results = [run(small_plan, 50, seed, workers=1, progress=False) for seed in (1, 2)]
    return Comparison.of(*results, labels=("one", "two"))


def written_on(axes):
    """Return all that is written on the figure, on one line."""
    words = " ".join(text.get_text() for text in axes.figure.findobj(Text))
    return " ".join(words.split())


def printed(comparison, width=110):
    """Return what is printed on a screen so wide."""
    console = Console(width=width, highlight=False)
    with console.capture() as caught:
        for part in comparison_tables(comparison):
            console.print(part)
    return caught.get()


@pytest.mark.parametrize("figure", [differences, incidence, moves])
def test_each_figure_says_the_answer_and_what_it_rests_on(found, figure):
    """Above and below what is drawn."""
    words = written_on(figure(found))

    assert found.answer() in words
    assert "200 runs of each plan, seed 7, comparison id" in words
    assert "not a forecast" in words


def test_the_differences_are_drawn_with_intervals_that_hold_together(found):
    """The simultaneous ones, of which it is said."""
    axes = differences(found)
    row = found.differences().query("plan == 'weaker' and quantity == 'held'").iloc[0]
    ends = [
        tuple(line.get_xdata()) for line in axes.child_axes[0].lines if len(line.get_xdata()) == 2
    ]

    assert (100 * row.simultaneous_low, 100 * row.simultaneous_high) in ends
    assert intervals_in_words(3) in written_on(axes)


def test_two_intervals_of_one_difference_are_told_apart(found):
    """Those of the answer are wider than those against the first plan, and each place says so."""
    told = intervals_in_words(3)
    table = next(report_tables(found))

    assert "for both plans against the first" in told
    assert "for all 3 pairs" in told
    assert told in " ".join(printed(found).split())
    assert told in found._repr_html_()
    assert told in table.note


def test_a_single_difference_has_a_single_interval(found):
    """Of two plans there is nothing to be told apart."""
    of_two = Comparison.of(*found.results[:2])

    assert intervals_in_words(2) == ""
    assert "hold together" not in of_two._repr_html_()


def test_incidence_is_drawn_of_whatever_happens(found):
    """Of a step too, and what never can be is refused."""
    assert "the step warning has been in force" in written_on(
        incidence(found, what="warning.in_force")
    )
    with pytest.raises(ValueError, match="must be one of crisis, collapsed, warning"):
        incidence(found, what="peace")


def test_unpaired_results_are_drawn_as_such(apart):
    """Nothing moves from end to end, since no run is in both."""
    assert "Not paired: each plan had luck of its own." in written_on(differences(apart))
    with pytest.raises(ValueError, match="no plan is paired with the first"):
        moves(apart)


def test_the_same_comparison_is_saved_as_the_same_bytes(found, apart, tmp_path):
    """As PNG and SVG; without pairs there are no moves."""
    once, again = (save_comparison(found, tmp_path / name) for name in ("one", "two"))

    assert [path.name for path in once] == [
        f"{name}{suffix}"
        for name in ("differences", "incidence", "moves")
        for suffix in (".png", ".svg")
    ]
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]
    assert len(save_comparison(apart, tmp_path / "apart")) == 4


@pytest.mark.parametrize("width", [80, 110])
def test_what_is_printed_fits_on_the_screen(found, width):
    """With the plans' names whole, and every number in one line."""
    lines = printed(found, width).splitlines()

    assert max(len(line.rstrip()) for line in lines) <= width
    assert any(line.strip().startswith("no attacks") for line in lines)


def test_what_is_printed_says_whether_runs_are_paired(found, apart):
    """And names runs to look at where they are."""
    assert "Paired: run k has the same luck" in printed(found)
    assert "--explain K tells why" in printed(found)
    assert "Not paired: each plan had luck of its own." in printed(apart)
    assert "--explain" not in printed(apart)
