"""The picture of a plan: its steps as the rungs of a ladder, and when each can be there at best."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.results.manifest import DISCLAIMER
from sim.scenario.sources import grades_in_words
from sim.show.labels import CLOCKS, hour_ticks
from sim.show.picture import Picture, picture
from sim.show.plans.prospects import Range, can_open, opening, prospects, range_of
from sim.show.plans.rungs import LETTERS_EXPLAINED, answer_words, opening_words, plan_words
from sim.show.style import GREY, INK, PALE, Sheet, house_style, save, step_colour, step_marker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from pathlib import Path

    from matplotlib.axes import Axes

    from sim.scenario.scenario import Scenario

_WIDTH_INCHES: Final = 13.0
_LINE_INCHES: Final = 0.185
_GAP_INCHES: Final = 0.28
_MOST_TICKS: Final = 12
_POINTS: Final = 9.5
_DECIDED: Final = "#ffffff"
_NOT_BEFORE: Final[dict[str, Any]] = {
    "facecolor": "#f4f4f4",
    "edgecolor": "#bdbdbd",
    "hatch": "////",
    "linewidth": 0,
    "zorder": 1,
}
_FROM: Final[dict[str, Any]] = {
    "marker": ">",
    "markersize": 8,
    "markerfacecolor": "white",
    "markeredgecolor": INK,
    "linestyle": "",
    "zorder": 6,
}
_DUE: Final[dict[str, Any]] = {"color": "black", "markeredgewidth": 3.5}
_SHOWS: Final = (
    "A rung for each step: what it needs and the hours that the plan sets, who decides, when all "
    "have said yes, and when it is in force, at best"
)


class _Rung(NamedTuple):
    """What is drawn and written of a step, or of the opening of the crisis."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    decided: Range | None
    in_force: Range | None
    colour: str
    marker: str
    decide_from_hours: float = 0.0
    not_before_hours: float = 0.0
    deadline_hours: float | None = None

    def inches(self) -> float:
        """Return how high it is."""
        return _LINE_INCHES * max(1 + len(self.left), len(self.right), 4) + _GAP_INCHES

    def last_hours(self) -> float:
        """Return the last hour at which something is drawn."""
        ends = [one.most[1] for one in (self.decided, self.in_force) if one is not None]
        return max(*ends, self.not_before_hours, self.deadline_hours or 0.0, 1.0)


@house_style()
def ladder(scenario: Scenario, axes: Axes | None = None) -> Axes:
    """Draw a plan from its file alone: a rung for each step, on the clock of the crisis.

    Beside each stand what it needs, the hours that the plan sets, and who decides, each with what
    it rests on. The bars say when all have said yes and when the step is in force, if the fighting
    that opens the crisis is what the step needs, is detected and attributed, and lasts: the best
    that can be hoped for.
    """
    rungs = list(_rungs(scenario))
    axes = _sheet(scenario, rungs).on_screen() if axes is None else axes
    return _draw(axes, scenario, rungs)


def save_ladder(scenario: Scenario, path: str | PathLike[str]) -> Path:
    """Write the picture of a plan to a file (.png, .svg or .pdf), and return its path."""
    found = ladder_picture(scenario)
    return save(found.axes, path, found.provenance)


def ladder_picture(scenario: Scenario) -> Picture:
    """Return the picture of a plan, which stands alone."""
    rungs = list(_rungs(scenario))
    provenance = {
        "Description": _provenance(scenario),
        "Scenario": scenario.title,
        "Disclaimer": DISCLAIMER,
    }
    draw = partial(_draw, scenario=scenario, rungs=rungs)
    return picture("ladder", draw, _sheet(scenario, rungs), _SHOWS, provenance)


def _provenance(scenario: Scenario) -> str:
    return (
        f"{scenario.title} | from the scenario's file alone, nothing is played | {DISCLAIMER} | "
        f"{grades_in_words(scenario)}"
    )


def _sheet(scenario: Scenario, rungs: list[_Rung]) -> Sheet:
    note = (
        "At best: if the fighting that opens the crisis is what the step needs, is detected and "
        "attributed, and lasts; of the cases in which all say yes. Marks: the median; bars: half "
        f"of the cases; lines: nine in ten. What each value rests on: {LETTERS_EXPLAINED}."
    )
    height = 2.7 + sum(one.inches() for one in rungs)
    return Sheet(scenario.title, (note, _provenance(scenario)), min(height, 60), _WIDTH_INCHES)


def _rungs(scenario: Scenario) -> Iterator[_Rung]:
    """Yield the opening of the crisis, and the steps."""
    yield _opening_rung(scenario)
    if not scenario.steps:
        yield _Rung("no steps", ("nobody is called",), (), None, None, GREY, "*")
    for index, (name, found) in enumerate(prospects(scenario).items()):
        step = scenario.steps[name]
        yield _Rung(
            name,
            tuple(plan_words(scenario, name)),
            tuple(answer_words(scenario, name, found)),
            range_of(found.decided) if found.yes and step.deciders else None,
            range_of(found.in_force) if found.yes else None,
            step_colour(index),
            step_marker(index),
            step.decide_from_hours,
            step.not_before_hours,
            step.deadline_hours,
        )


def _opening_rung(scenario: Scenario) -> _Rung:
    needed = tuple(opening_words(scenario))
    if not can_open(scenario):
        words = ("it can never open:", "  nothing is detected and attributed")
        return _Rung("a crisis opens", needed, words, None, None, GREY, "*")
    opened = range_of(opening(scenario))
    words = (f"opens at hour {opened.median:.0f}", f"  {_spread(opened)}")
    return _Rung("a crisis opens", needed, words, None, opened, GREY, "*")


def _spread(found: Range) -> str:
    (low, high), (lowest, highest) = found.half, found.most
    return f"half: {low:.0f} to {high:.0f}; nine in ten: {lowest:.0f} to {highest:.0f}"


def _draw(axes: Axes, scenario: Scenario, rungs: list[_Rung]) -> Axes:
    end = 1.04 * max(one.last_hours() for one in rungs)
    places, bottom = [], 0.0
    for rung in rungs:
        places.append(bottom + rung.inches() / 2)
        bottom += rung.inches()
        _draw_rung(axes, places[-1], rung)
        axes.axhline(bottom, color=PALE, linewidth=0.8)
        _write(axes, places[-1], rung)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(bottom, 0)
    axes.set_xlim(0, end)
    axes.set_xticks(hour_ticks(0, end, _MOST_TICKS))
    axes.set_xlabel(f"Hours on the clock, which starts at {CLOCKS[scenario.crisis.clock]}")
    axes.set_title("The plan: what it asks for, and when each step can be in force at best", pad=30)
    axes.grid(visible=True, axis="x")
    if scenario.steps:
        _explain(axes)
    return axes


def _draw_rung(axes: Axes, place: float, rung: _Rung) -> None:
    half = rung.inches() / 2
    if rung.not_before_hours:
        ends = [0.0, rung.not_before_hours]
        axes.fill_between(ends, place - half, place + half, **_NOT_BEFORE)
    if rung.decided is not None:
        _draw_range(axes, place - 0.19, rung.decided, _DECIDED, "o")
    if rung.decide_from_hours:
        axes.plot(rung.decide_from_hours, place - 0.19, **_FROM)
    if rung.in_force is not None:
        below = 0.0 if rung.decided is None else 0.19
        _draw_range(axes, place + below, rung.in_force, rung.colour, rung.marker)
    if rung.deadline_hours is not None:
        ends = [place - half + 0.03, place + half - 0.03]
        axes.plot([rung.deadline_hours] * 2, ends, color="black", linewidth=3.5, zorder=5)


def _draw_range(axes: Axes, place: float, found: Range, colour: str, marker: str) -> None:
    """Draw where hours lie: a line for most of them, a bar for half, a mark at the median."""
    axes.plot(found.most, [place] * 2, color=INK, linewidth=1.4, marker="|", zorder=3)
    low, high = found.half
    axes.barh(
        place,
        high - low,
        left=low,
        height=0.2,
        facecolor=colour,
        edgecolor=INK,
        linewidth=0.9,
        zorder=4,
    )
    axes.plot(
        found.median,
        place,
        marker=marker,
        color="white",
        markeredgecolor=INK,
        markersize=8,
        linestyle="",
        zorder=6,
    )


def _write(axes: Axes, place: float, rung: _Rung) -> None:
    """Write beside a rung what the plan says, and what comes of it."""
    sides = ((-0.012, "right", (rung.name, *rung.left)), (1.015, "left", rung.right))
    for x, side, lines in sides:
        for index, line in enumerate(lines):
            axes.text(
                x,
                place + _LINE_INCHES * (index - (len(lines) - 1) / 2),
                line,
                transform=axes.get_yaxis_transform(),
                ha=side,
                va="center",
                fontsize=_POINTS + (line == rung.name),
                weight="bold" if line == rung.name else "normal",
                parse_math=False,
            )


def _explain(axes: Axes) -> None:
    """Write below what the marks mean."""
    handles = [
        Line2D([], [], label="called from here on", **_FROM),
        Patch(facecolor=_DECIDED, edgecolor=INK, label="all have said yes"),
        Patch(facecolor=step_colour(0), edgecolor=INK, label="in force"),
        Patch(**_NOT_BEFORE, label="too early for the plan"),
        Line2D([], [], label="deadline", marker="|", markersize=12, linestyle="", **_DUE),
    ]
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=5, borderaxespad=0.3
    )
