"""Figures: readable alone, honest about what they are, and the same for the same results."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

import sim
from sim.results.manifest import DISCLAIMER
from sim.scenario.sources import grades_in_words
from sim.show.figures import save_all
from sim.study.run import RunawayWarning

mpl.use("agg")

SMALLEST = """
format = 1
title = "{title}"
[run]
horizon_days = {days}
replications = {replications}
[line]
sectors = {sectors}
[violations]
incidents_per_day = 2
[levels.fire]
spell = {{ family = "exponential", mean_hours = 3 }}
"""
FIGURES = ["outcomes", "timing", "delays", "fighting"]


def smallest(tmp_path, title="Nothing but fire", days=5, replications=4, sectors="{ all = 1 }"):
    """Return results of a world without steps and with one level."""
    path = tmp_path / "smallest.toml"
    filled = SMALLEST.format(title=title, days=days, replications=replications, sectors=sectors)
    path.write_text(filled, encoding="utf-8")
    return sim.run(sim.load(path), workers=1, progress=False)


@pytest.fixture(scope="module")
def saved(small_results, tmp_path_factory):
    """All figures of the small world, as files."""
    folder = tmp_path_factory.mktemp("figures")
    return {path.name: path for path in save_all(small_results, folder)}


def words_of(axes):
    """Return all that is written on a figure."""
    figure = axes.figure
    return " ".join(text.get_text() for text in figure.findobj(mpl.text.Text))


def test_every_figure_is_saved_as_a_picture_and_as_a_drawing(saved):
    """PNG to look at, SVG to print."""
    names = [*FIGURES, "timeline"]

    assert set(saved) == {f"{name}.{kind}" for name in names for kind in ("png", "svg")}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_is_of_and_that_it_is_no_forecast(small_results, name):
    """Title, seed, run id and the disclaimer stand in the figure itself."""
    written = " ".join(words_of(getattr(sim.figures, name)(small_results)).split())

    assert small_results.scenario.title in written
    assert "seed 7" in written
    assert small_results.run_id in written
    assert DISCLAIMER in written
    assert grades_in_words(small_results.scenario) in written


@pytest.mark.parametrize("name", [*FIGURES, "timeline"])
def test_a_picture_carries_its_provenance_inside(saved, small_results, name):
    """Whoever finds the file alone can tell what made it."""
    inside = Image.open(saved[f"{name}.png"]).text
    found = {key: inside[key] for key in ("Run id", "Seed", "Scenario", "Disclaimer")}

    assert found == {
        "Run id": small_results.run_id,
        "Seed": "7",
        "Scenario": "A small world",
        "Disclaimer": DISCLAIMER,
    }


def test_the_same_results_give_the_same_pictures(saved, small_results, tmp_path):
    """Byte for byte: no date, no chance."""
    again = {path.name: path.read_bytes() for path in save_all(small_results, tmp_path)}

    assert again == {name: path.read_bytes() for name, path in saved.items()}


@pytest.mark.parametrize(
    ("name", "unit"),
    [("outcomes", "%"), ("timing", "Days"), ("delays", "Hours"), ("fighting", "Hours")],
)
def test_the_horizontal_axis_names_its_unit(small_results, name, unit):
    """Nobody has to guess."""
    assert unit in getattr(sim.figures, name)(small_results).get_xlabel()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_draws_into_the_axes_it_is_given(small_results, name):
    """So that one can be a panel of somebody's own figure."""
    axes = Figure().add_subplot()

    assert getattr(sim.figures, name)(small_results, axes) is axes


@pytest.mark.parametrize("name", FIGURES)
def test_a_title_is_never_read_as_markup(tmp_path, name):
    """Dollar signs, which would start a formula, are just dollar signs."""
    results = smallest(tmp_path, title="Costs $5 to $6_x^")
    axes = getattr(sim.figures, name)(results)
    axes.figure.canvas.draw()

    assert "$5 to $6_x^" in words_of(axes)


@pytest.mark.parametrize(
    "world",
    [
        {},
        {"replications": 1},
        {"days": 0.001},
        {"sectors": "{ " + ", ".join(f"s{n} = 0.05" for n in range(20)) + " }"},
    ],
    ids=["no steps", "one run", "nothing happens", "many sectors"],
)
def test_figures_of_odd_worlds_can_be_drawn(tmp_path, world):
    """Without steps, with one run, with no incident, with twenty sectors."""
    files = save_all(smallest(tmp_path, **world), tmp_path / "figures")

    assert all(path.stat().st_size > 5_000 for path in files)


def test_the_shares_written_in_a_figure_are_the_summarys(small_results):
    """The same number in the table and in the picture."""
    summary = small_results.summary().set_index("quantity")
    collapsed = f"{100 * summary.loc['collapsed', 'estimate']:.1f}"

    assert f"{collapsed} %" in words_of(sim.figures.outcomes(small_results))


def test_the_bars_of_outcomes_are_the_shares(small_results):
    """How the runs ended, and how many went up to each level and no higher."""
    runs = small_results.outcomes
    widths = [bar.get_width() for bar in sim.figures.outcomes(small_results).patches]
    endings = [(runs["outcome"] == one).mean() for one in ("held", "collapsed")]
    heights = [(runs["highest_level"] == level).mean() for level in range(4)]

    assert widths == pytest.approx([100 * share for share in (*endings, *heights)])


def test_the_curves_of_timing_are_the_incidences(small_results):
    """Each with its band, in percent by day."""
    axes = sim.figures.timing(small_results)
    curves = [line for line in axes.lines if len(line.get_xdata()) > 5]
    names = ("crisis", "warning.in_force", "force.in_force", "collapsed")
    found = [small_results.tally.incidence(name) for name in names]

    assert np.allclose([one.get_xdata() for one in curves], [one.days for one in found])
    assert np.allclose([one.get_ydata() for one in curves], [100 * one.share for one in found])
    for band, one in zip(axes.collections, found, strict=True):
        assert band.get_paths()[0].vertices[:, 1].max() == pytest.approx(100 * one.high.max())


def test_the_dots_of_fighting_are_the_runs_and_the_diamonds_their_means(small_results):
    """A row for the line and one for each level."""
    runs = small_results.outcomes
    columns = ["fighting_hours", "hours_shelling", "hours_assault", "hours_expanded"]
    drawn = [one.get_offsets()[:, 0] for one in sim.figures.fighting(small_results).collections]
    drawn = [one for one in drawn if len(one) in {1, len(runs)} and one.size]
    dots = [one for one in drawn if len(one) == len(runs)]
    diamonds = [float(one[0]) for one in drawn if len(one) == 1]

    assert np.allclose(dots, [runs[name] for name in columns])
    assert set(np.round([runs[name].mean() for name in columns], 9)) <= set(np.round(diamonds, 9))


def bars_of(axes):
    """Return the bars of the figure of delays by their row: (start, hours), from left to right."""
    rows = {}
    for bar in axes.patches:
        row = round(bar.get_y() + bar.get_height() / 2, 6)
        rows.setdefault(row, []).append((bar.get_x(), bar.get_width()))
    return [sorted(rows[row]) for row in sorted(rows, reverse=True)]


def test_the_bars_of_delays_are_the_parts_one_after_the_other(small_results):
    """A row for each step, from the top; together as long as the step took on average."""
    bars = bars_of(sim.figures.delays(small_results))
    found = small_results.delays()
    for step, row in zip(("warning", "force"), bars, strict=True):
        hours = found.loc[found["step"] == step, "hours"].tolist()

        assert sorted(width for _, width in row) == pytest.approx(sorted(hours))
        assert row[-1][0] + row[-1][1] == pytest.approx(sum(hours))


def test_each_bar_has_its_deadline(small_results):
    """A thick line at the hour that the plan says."""
    axes = sim.figures.delays(small_results)
    thick = [line.get_xdata()[0] for line in axes.lines if line.get_linewidth() == 3.5]

    assert thick == [step.deadline_hours for step in small_results.scenario.steps.values()]


def test_delays_are_drawn_though_all_crises_do_not_fit(small_results, monkeypatch):
    """The figure needs the crises of the first 100,000 runs only."""
    monkeypatch.setattr(type(small_results.crisis_parts), "table", None)

    assert sim.figures.delays(small_results).get_xlabel()


def test_a_figure_leaves_the_users_settings_alone(small_results):
    """Drawing one changes no setting of matplotlib."""
    before = dict(mpl.rcParams)
    sim.figures.timing(small_results)

    assert dict(mpl.rcParams) == before


def test_the_timeline_says_which_part_of_which_run_it_shows(small_plan):
    """The run's number and the days."""
    axes = sim.figures.timeline(sim.trace(small_plan, run=3, seed=11), small_plan)

    assert "Run 3, days" in words_of(axes)
    assert "run 3 of seed 11" in words_of(axes)


def test_a_trace_from_elsewhere_does_not_say_which_run_it_is(small_plan):
    """Whoever draws it has to."""
    from_elsewhere = pd.DataFrame(sim.trace(small_plan, run=3).to_dict("list"))

    with pytest.raises(ValueError, match=r"^run: the trace does not say which run it is"):
        sim.figures.timeline(from_elsewhere, small_plan)
    assert "Run 5, days" in words_of(sim.figures.timeline(from_elsewhere, small_plan, 5))


def test_the_timeline_of_a_run_without_events_can_be_drawn(small_plan):
    """Nothing happens, and the picture says so without an error."""
    quiet = small_plan.with_(("violations.incidents_per_day", 0), ("attack.per_year", 0))
    told = sim.trace(quiet, run=0)
    axes = sim.figures.timeline(told, quiet, 0, 7)
    axes.figure.canvas.draw()

    assert len(told) == 1
    assert isinstance(told, pd.DataFrame)


def test_the_pictured_run_is_one_that_went_highest(saved, small_results):
    """The story that is told is the worst there was."""
    run = int(Image.open(saved["timeline.png"]).text["Run"])
    highest = small_results.outcomes["highest_level"]

    assert highest[run] == highest.max()


def test_runaways_have_no_timeline(small_plan, tmp_path):
    """A picture of a million incidents would show nothing; the other pictures are there."""
    wild = small_plan.with_(("run.most_violations", 10), ("violations.incidents_per_day", 1e6))
    with pytest.warns(RunawayWarning):
        results = sim.run(wild, replications=3, progress=False)
    names = {path.name for path in save_all(results, tmp_path)}

    assert "outcomes.png" in names
    assert not any(name.startswith("timeline") for name in names)
