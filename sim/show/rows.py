"""The rows of a timeline: the fighting in each sector, the crises, and how each step went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.show import spans
from sim.show.style import INK, PALE, VERMILION, level_colours, step_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.show.told import Told

_FINE_HOURS: Final = 60 * 24.0
"""In a longer window what takes hours cannot be seen: deadlines are left out."""
_MOST_WORDS: Final = 3


def draw_sectors(axes: Axes, told: Told) -> None:
    """Draw a row of spells for each sector, the highest levels last, so that nothing hides them."""
    shown = [one for one in spans.spells(told.story) if told.window.shows(one.start, one.end)]
    colours = level_colours(len(told.levels))[1:]
    for place, sector in enumerate(told.scenario.line.sectors):
        axes.axhline(place + 0.9, color=PALE, linewidth=0.8, zorder=0)
        for index, (level, colour) in enumerate(zip(told.levels, colours, strict=True), start=1):
            height = 0.85 * (0.2 + 0.8 * index / len(told.levels))
            here = [one for one in shown if (one.where, one.what) == (sector, level)]
            axes.broken_barh(
                [(one.start, one.end - one.start) for one in here],
                (place + 0.9 - height, height),
                facecolor=colour,
                edgecolor=colour,
                # So that half an hour of a year is still a hair.
                linewidth=0.3,
                zorder=1 + index / 100,
            )


def draw_crises(axes: Axes, told: Told) -> None:
    """Draw the crises: dotted while only the clock runs, a box while open."""
    for crisis in told.crises:
        centre, height = told.lane_of(crisis.scope)
        place = told.row_of_crises() + centre
        axes.plot([crisis.clock, crisis.opened], [place, place], color=INK, linestyle=":")
        axes.barh(
            place,
            crisis.closed - crisis.opened,
            left=crisis.opened,
            height=0.75 * height,
            color=PALE,
            edgecolor=INK,
            linewidth=0.8,
        )
        _name_crisis(axes, told, crisis, place)


def _name_crisis(axes: Axes, told: Told, crisis: spans.CrisisSpan, place: float) -> None:
    """Write a crisis's number into its bar, where the bar is long enough."""
    start, end = max(crisis.opened, told.window.start), min(crisis.closed, told.window.end)
    words = f"crisis {crisis.number}"
    if len(told.lanes) > 1:
        words += f", {crisis.scope}"
    if end - start > (told.window.end - told.window.start) * 0.011 * len(words):
        axes.text(
            (start + end) / 2, place, words, ha="center", va="center", fontsize=9, parse_math=False
        )


def draw_steps(axes: Axes, told: Told) -> None:
    """Draw how each step went: called, decided, in force, refused or stood down."""
    names = list(told.scenario.steps)
    for span in spans.phases(told.story):
        if told.window.shows(span.start, span.end):
            step = spans.step_of(span.where)
            centre, height = told.lane_of(spans.scope_of(span.where))
            place = told.row_of(step) + centre
            _draw_phase(axes, span, place, height, step_colour(names.index(step)))
    for mark in spans.marks(told.story):
        if told.window.shows(mark.hours, mark.hours):
            centre, _ = told.lane_of(spans.scope_of(mark.where))
            place = told.row_of(spans.step_of(mark.where)) + centre
            refused = mark.what == spans.REFUSED
            axes.plot(
                mark.hours,
                place,
                marker="X" if refused else "s",
                markersize=9 if refused else 7,
                color=INK if refused else "white",
                markeredgecolor=INK,
                zorder=6,
                clip_on=False,
            )


def _draw_phase(axes: Axes, span: spans.Span, place: float, height: float, colour: str) -> None:
    """Draw a step's phase: a line while it is decided, hatched until in force, then full."""
    if span.what == spans.DECIDING:
        axes.plot([span.start, span.end], [place, place], color=colour, linewidth=2)
        axes.plot(span.start, place, marker="o", color="white", markeredgecolor=colour)
        return
    full = span.what == spans.IN_FORCE
    axes.barh(
        place,
        span.end - span.start,
        left=span.start,
        height=(0.7 if full else 0.4) * height,
        facecolor=colour if full else "white",
        edgecolor=colour,
        hatch=None if full else "////",
        linewidth=0.8,
        zorder=3,
    )


def draw_deadlines(axes: Axes, told: Told) -> None:
    """Mark when a step is due in a crisis that lasts until then and has called it."""
    if told.window.end - told.window.start > _FINE_HOURS:
        return
    called = [one for one in spans.phases(told.story) if one.what == spans.DECIDING]
    for crisis in told.crises:
        for name, step in told.scenario.steps.items():
            due = crisis.clock + (step.deadline_hours or float("inf"))
            if due <= min(crisis.closed, told.window.end) and any(
                crisis.opened <= one.start <= crisis.closed and spans.step_of(one.where) == name
                for one in called
            ):
                centre, height = told.lane_of(crisis.scope)
                place = told.row_of(name) + centre
                edges = [place - height / 2, place + height / 2]
                axes.plot([due, due], edges, color="black", linewidth=3, zorder=5)


def draw_turns(axes: Axes, told: Told) -> None:
    """Draw attacks and the collapse, across the sectors."""
    turns = {"attack": ("--", INK, -0.3), "ceasefire_collapses": ("-", VERMILION, -0.75)}
    shown = [
        event
        for event in told.story
        if event.name in turns and told.window.shows(event.hours, event.hours)
    ]
    for event in shown:
        line, colour, top = turns[event.name]
        bottom = told.row_of_crises() - 0.3 if event.name == "attack" else told.bottom()
        axes.plot([event.hours] * 2, [top, bottom], color=colour, linestyle=line, linewidth=1.8)
        axes.plot(event.hours, top, marker="v", color=colour, markersize=9)
        if len(shown) <= _MOST_WORDS:
            late = event.hours > (told.window.start + 3 * told.window.end) / 4
            axes.annotate(
                "attack" if event.name == "attack" else "collapse",
                (event.hours, top),
                xytext=(-8 if late else 8, 0),
                textcoords="offset points",
                ha="right" if late else "left",
                va="center",
                color=colour,
                fontsize=10,
            )
