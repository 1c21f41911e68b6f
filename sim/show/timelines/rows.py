"""The rows of a timeline: the fighting in each sector, the crises, and how each step went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.show.style import INK, PALE, level_colours, step_colour
from sim.show.timelines import spans
from sim.show.timelines.marks import (
    ALARM_LINE,
    BREAKS,
    DEADLINE_LINE,
    DEBUNKED,
    FALSE_ALARM,
    MARKS,
    PAUSE_LINE,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.show.timelines.told import Told

_ALARMS_PLACE: Final = 0.74
_BREAKS_PLACE: Final = 0.45
"""Where in a sector's row, from its top, false alarms and breaks are marked."""


def draw_sectors(axes: Axes, told: Told) -> None:
    """Draw a row of spells for each sector, the highest levels last, so that nothing hides them."""
    shown = told.spans_shown(spans.spells(told.story))
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


def draw_alarms(axes: Axes, told: Told) -> None:
    """Mark the false alarms in their sectors, with a line until they were debunked."""
    sectors = list(told.scenario.line.sectors)
    for alarm in told.false_alarms:
        place = sectors.index(alarm.where) + _ALARMS_PLACE
        axes.plot([alarm.start, min(alarm.end, told.last_hours)], [place] * 2, **ALARM_LINE)
        axes.plot(alarm.start, place, **FALSE_ALARM.style(), zorder=4)
        if alarm.end <= told.window.end:
            axes.plot(alarm.end, place, **DEBUNKED.style(), zorder=4)


def draw_breaks(axes: Axes, told: Told) -> None:
    """Mark where fighting was broken off by doctrine, and resumed, with a line in between."""
    sectors = list(told.scenario.line.sectors)
    doctrine = told.scenario.doctrine
    pause = (doctrine.resume_after_hours if doctrine else None) or 0.0
    for mark in told.breaks:
        place = sectors.index(mark.where) + _BREAKS_PLACE
        if mark.what == spans.RESUMED:
            axes.plot([mark.hours - pause, mark.hours], [place] * 2, **PAUSE_LINE)
        axes.plot(mark.hours, place, **BREAKS[mark.what].style(), zorder=4, clip_on=False)


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
    for span in told.phases:
        step = spans.step_of(span.where)
        centre, height = told.lane_of(spans.scope_of(span.where))
        place = told.row_of(step) + centre
        _draw_phase(axes, span, place, height, step_colour(names.index(step)))
        if span.what == spans.DECIDING and not told.is_long():
            _mark_call(axes, span, place, step_colour(names.index(step)))
    for mark in told.marks:
        centre, _ = told.lane_of(spans.scope_of(mark.where))
        place = told.row_of(spans.step_of(mark.where)) + centre
        axes.plot(mark.hours, place, **MARKS[mark.what].style(), zorder=6, clip_on=False)


def _draw_phase(axes: Axes, span: spans.Span, place: float, height: float, colour: str) -> None:
    """Draw a step's phase: a line while it is decided, hatched until in force, then full."""
    if span.what == spans.DECIDING:
        axes.plot([span.start, span.end], [place, place], color=colour, linewidth=2)
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


def _mark_call(axes: Axes, span: spans.Span, place: float, colour: str) -> None:
    axes.plot(span.start, place, marker="o", color="white", markeredgecolor=colour)


def draw_deadlines(axes: Axes, told: Told) -> None:
    """Mark when steps are due."""
    for hours, step, scope in told.deadlines:
        centre, height = told.lane_of(scope)
        place = told.row_of(step) + centre
        axes.plot([hours] * 2, [place - height / 2, place + height / 2], **DEADLINE_LINE)
