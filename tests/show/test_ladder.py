"""The picture of a plan says what its file says, and when its steps can be there at best."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

import sim
from sim.results.manifest import DISCLAIMER
from sim.scenario.sources import grades_in_words
from sim.show.plans.ladder import ladder, ladder_picture, save_ladder
from sim.show.plans.prospects import opening, prospects, range_of
from sim.show.plans.rungs import opening_words

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted(SCENARIOS.glob("*.toml"))


def plan_named(name):
    """Return a scenario of the project."""
    return sim.load(SCENARIOS / f"{name}.toml")


def lines_on(axes):
    """Return what is written on the figure, line by line."""
    return [text.get_text().strip() for text in axes.figure.findobj(Text)]


def bars_on(axes):
    """Return the ends of the bars, from the top down."""
    bars = [one for one in axes.patches if isinstance(one, Rectangle)]
    return [(one.get_x(), one.get_x() + one.get_width()) for one in bars]


def test_the_bars_are_what_is_reckoned():
    """The opening, and of each step when all have said yes and when it is in force: half of it."""
    plan = plan_named("three_step")
    found = [range_of(opening(plan)).half]
    for one in prospects(plan).values():
        found += [range_of(one.decided).half, range_of(one.in_force).half]

    assert bars_on(ladder(plan)) == [pytest.approx(bounds) for bounds in found]


def test_deadlines_stand_at_their_hours():
    """A thick line for each step that has one."""
    axes = ladder(plan_named("three_step"))
    thick = [line.get_xdata()[0] for line in axes.lines if line.get_linewidth() == 3.5]

    assert thick == [24, 72]


def test_hours_that_are_too_early_are_hatched():
    """Up to the first hour at which the plan lets a step be in force."""
    axes = ladder(plan_named("three_step"))
    ends = [max(one.get_paths()[0].vertices[:, 0]) for one in axes.collections]

    assert ends == [24, 72]


def test_what_the_plan_says_is_written_with_what_it_rests_on():
    """Reported, from the literature, or assumed."""
    lines = lines_on(ladder(plan_named("three_step")))

    assert {
        "due by hour 24 [R]",
        "needs assault within 12 h [A]",
        "decided from hour 24 [A]",
        "not before hour 72 [R]",
        "willing: at least 5 of 26 [A]",
        "each yes in 0 to 80 % [L, A]",
        "usa: yes in 50 % [A]",
    } <= set(lines)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("security_council", "it can never be in force"),
        ("security_council", "security_council: at least 9 of 15 and all 5 with a veto [A]"),
        ("no_response", "nobody is called"),
        ("us_guarantee_50_years", "expires after 50 years [R]"),
        ("us_guarantee_50_years", "if it is there: 90 % [A]"),
        ("territorial_deal", "only with territorial_deal: 50 % [A]"),
        ("coalition_backed", "26 of them only with usa"),
        ("duty_to_discuss", "nobody: it is decided at once"),
        ("three_step_us_discretion", "needs expanded, for 24 h, in 2 sectors [R, A]"),
        ("pressure", "lasts 720 h [A]"),
    ],
)
def test_what_is_special_about_a_plan_is_written(name, words):
    """Vetoes, commitments, conditions, backers, and who is not asked."""
    assert words in lines_on(ladder(plan_named(name)))


@pytest.mark.parametrize(
    ("level", "incidents", "words"),
    [
        (None, 20, ["20 incidents within 24 h [A]"]),
        (None, 1, ["1 incident within 24 h [A]"]),
        ("assault", None, ["one attributed violation: assault [A]"]),
        (
            "assault",
            20,
            ["one attributed violation: assault [A]", "or 20 incidents within 24 h [A]"],
        ),
        (None, None, ["one attributed violation [A]"]),
    ],
)
def test_what_opens_a_crisis_is_written(level, incidents, words):
    """One violation, or so many incidents, or either; any violation where neither is given."""
    plan = plan_named("three_step").with_(
        ("crisis.threshold_level", level), ("crisis.threshold_incidents", incidents)
    )

    assert list(opening_words(plan)) == words


def test_a_crisis_that_nothing_can_open_has_no_bars():
    """It is said that it never opens, and of each step that it is never in force."""
    plan = plan_named("three_step")
    blind = plan.with_(
        ("monitoring.false_alarms_per_day", 0.0),
        *((f"levels.{level}.detection.probability", 0.0) for level in plan.levels),
    )
    axes = ladder(blind)

    assert bars_on(axes) == []
    assert "it can never open:" in lines_on(axes)
    assert lines_on(axes).count("it can never be in force") == len(plan.steps)


def test_the_best_case_is_written_in_full():
    """What the fighting must be, and that somebody must see and charge it."""
    written = " ".join(lines_on(ladder_picture(plan_named("three_step")).axes))

    assert (
        "if the fighting that opens the crisis is what the step needs, is detected and attributed, "
        "and lasts"
    ) in " ".join(written.split())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_plan_has_a_ladder_with_all_its_words_in_sight(path):
    """Whatever is in it; nothing is cut off at the edges."""
    axes = ladder_picture(sim.load(path)).axes
    figure = axes.figure
    boxes = [
        text.get_window_extent()
        for text in figure.findobj(Text)
        if text.get_text() and text.get_visible()
    ]

    assert min(box.x0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= figure.bbox.x1


@pytest.mark.parametrize("clock", ["violation", "detection", "attribution"])
def test_it_is_said_which_clock_it_is(clock):
    """Below the axis."""
    axes = ladder(plan_named("three_step").with_(("crisis.clock", clock)))

    assert f"which starts at the {clock}" in axes.get_xlabel()


def test_a_ladder_is_no_forecast_and_says_so(tmp_path):
    """In the picture, in its caption and inside its file."""
    plan = plan_named("three_step")
    found = ladder_picture(plan)
    written = " ".join(" ".join(lines_on(found.axes)).split())
    inside = Image.open(save_ladder(plan, tmp_path / "plan.png")).text

    assert DISCLAIMER in written
    assert grades_in_words(plan) in written
    assert DISCLAIMER.capitalize() in found.caption
    assert (inside["Scenario"], inside["Disclaimer"]) == (plan.title, DISCLAIMER)


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    """Nothing is left to chance."""
    plan = plan_named("us_guarantee")
    one, again = (save_ladder(plan, tmp_path / f"{name}.svg") for name in ("one", "again"))

    assert one.read_bytes() == again.read_bytes()


def test_a_ladder_draws_on_axes_that_it_is_given():
    """As a panel of somebody's own figure."""
    axes = Figure().add_subplot()

    assert ladder(plan_named("three_step"), axes) is axes
