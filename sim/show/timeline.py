"""The picture of one run: the fighting in each sector, the crises, and how each step went."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sim.results.manifest import DISCLAIMER, run_id
from sim.show import spans
from sim.show.labels import hour_ticks
from sim.show.legend import legend
from sim.show.style import (
    GREY,
    INK,
    PALE,
    VERMILION,
    Sheet,
    house_style,
    level_colours,
    save,
    step_colour,
    wrapped,
)
from sim.show.window import Window, window_of

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

    from sim.scenario.scenario import Scenario

_SHORT_HOURS: Final = 96.0
"""A window up to so long has its axis in hours, a longer one in days."""
_FINE_HOURS: Final = 60 * 24.0
"""In a longer window what takes hours cannot be seen: deadlines are left out."""
_WIDTH_INCHES: Final = 11.5
_MOST_TICKS: Final = 13
_MOST_WORDS: Final = 3


@house_style()
def timeline(
    trace: pd.DataFrame,
    scenario: Scenario,
    run: int,
    seed: int,
    axes: Axes | None = None,
    *,
    from_hours: float | None = None,
    until_hours: float | None = None,
) -> Axes:
    """Draw one run: a row for each sector, one for the crises, and one for each step.

    Shows the gravest crisis, with the hours of its clock above; `from_hours` and `until_hours`
    show another part, and `from_hours=0` alone all of the run. The title says which part it is.
    """
    told = _Told(trace, scenario, from_hours, until_hours)
    axes = _sheet(told, run, seed).on_screen() if axes is None else axes
    return _draw(told, axes, run)


def save_timeline(
    trace: pd.DataFrame,
    scenario: Scenario,
    run: int,
    path: str | PathLike[str],
    *,
    seed: int | None = None,
    from_hours: float | None = None,
    until_hours: float | None = None,
) -> Path:
    """Write the timeline of a run to a file (.png, .svg or .pdf), and return its path.

    Needs no screen. The seed is the scenario's, unless the trace was made with another one.
    """
    seed = scenario.run.seed if seed is None else seed
    told = _Told(trace, scenario, from_hours, until_hours)
    with house_style():
        axes = _draw(told, _sheet(told, run, seed).off_screen(), run)
    provenance = {
        "Description": _provenance(scenario, run, seed),
        "Scenario": scenario.title,
        "Run": str(run),
        "Seed": str(seed),
        "Run id": run_id(scenario, seed, scenario.run.replications),
        "Disclaimer": DISCLAIMER,
    }
    return save(axes, path, provenance)


def _provenance(scenario: Scenario, run: int, seed: int) -> str:
    batch = run_id(scenario, seed, scenario.run.replications)
    return f"{scenario.title} | run {run} of seed {seed}, run id {batch} | {DISCLAIMER}"


class _Told:
    """A run as spans, and where on the figure each of its places is."""

    def __init__(
        self,
        trace: pd.DataFrame,
        scenario: Scenario,
        from_hours: float | None,
        until_hours: float | None,
    ) -> None:
        """Read the trace and choose the window."""
        self.scenario = scenario
        self.story = spans.events(trace)
        self.last_hours = spans.end_hours(self.story)
        self.levels = list(scenario.levels)
        self.window = window_of(self.story, self.levels, from_hours, until_hours)

    @cached_property
    def crises(self) -> list[spans.CrisisSpan]:
        """The crises of which the window shows a part."""
        found = spans.crises(self.story)
        return [one for one in found if self.window.shows(one.clock, one.closed)]

    @cached_property
    def lanes(self) -> list[str]:
        """The scopes with a crisis in the window, each of which has its lane in a row."""
        return sorted({crisis.scope for crisis in self.crises}) or [""]

    def row_of_crises(self) -> float:
        """Return the top of the row of crises, below the sectors; a sector's row is 1 high."""
        return len(self.scenario.line.sectors) + 0.4

    def row_height(self) -> float:
        """Return how high the row of the crises, or of a step, is."""
        return max(1.0, 0.35 * len(self.lanes))

    def row_of(self, step: str) -> float:
        """Return the top of a step's row."""
        index = list(self.scenario.steps).index(step) + 1
        return self.row_of_crises() + index * self.row_height()

    def bottom(self) -> float:
        """Return the bottom of the lowest row."""
        return self.row_of_crises() + (len(self.scenario.steps) + 1) * self.row_height()

    def lane_of(self, scope: str) -> tuple[float, float]:
        """Return a scope's centre within a row, and its height there."""
        height = self.row_height() * 0.9 / len(self.lanes)
        index = self.lanes.index(scope) if scope in self.lanes else 0
        return height * (index + 0.5), height


def _sheet(told: _Told, run: int, seed: int) -> Sheet:
    note = "The taller and darker, the higher the level of fighting."
    if told.window.clock is not None:
        note += " Above: the hours of the crisis's clock, which deadlines are counted in."
    footer = (note, _provenance(told.scenario, run, seed))
    height = max(5.2, 2.6 + 0.42 * told.bottom())
    return Sheet(told.scenario.title, footer, min(height, 40), _WIDTH_INCHES)


def _draw(told: _Told, axes: Axes, run: int) -> Axes:
    _draw_sectors(axes, told)
    _draw_crises(axes, told)
    _draw_steps(axes, told)
    _draw_deadlines(axes, told)
    _draw_turns(axes, told)
    _set_axes(axes, told)
    legend(axes, told.levels, steps=bool(told.scenario.steps))
    axes.set_title(wrapped(_title(told, run), inches=9.5, points=14.5))
    return axes


def _draw_sectors(axes: Axes, told: _Told) -> None:
    """Draw the spells, the highest levels last, so that nothing hides them."""
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


def _draw_crises(axes: Axes, told: _Told) -> None:
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


def _name_crisis(axes: Axes, told: _Told, crisis: spans.CrisisSpan, place: float) -> None:
    """Write a crisis's number into its bar, where the bar is long enough."""
    start, end = max(crisis.opened, told.window.start), min(crisis.closed, told.window.end)
    words = f"crisis {crisis.number}"
    if len(told.lanes) > 1:
        words += f", {crisis.scope}"
    if end - start > (told.window.end - told.window.start) * 0.011 * len(words):
        axes.text(
            (start + end) / 2, place, words, ha="center", va="center", fontsize=9, parse_math=False
        )


def _draw_steps(axes: Axes, told: _Told) -> None:
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


def _draw_deadlines(axes: Axes, told: _Told) -> None:
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


def _draw_turns(axes: Axes, told: _Told) -> None:
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


def _set_axes(axes: Axes, told: _Told) -> None:
    window, height = told.window, told.row_height()
    sectors = {name: place + 0.5 for place, name in enumerate(told.scenario.line.sectors)}
    steps = {name: told.row_of(name) + height / 2 for name in told.scenario.steps}
    crises = told.row_of_crises() + height / 2
    axes.set_yticks(
        [*sectors.values(), crises, *steps.values()],
        [*(f"sector {one}" for one in sectors), "crises", *(f"step {one}" for one in steps)],
        parse_math=False,
    )
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(told.bottom() + 0.1, -1.2)
    axes.set_xlim(window.start, window.end)
    ticks = hour_ticks(window.start, window.end, _MOST_TICKS)
    if window.end - window.start <= _SHORT_HOURS:
        axes.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
        axes.set_xlabel("Hours since the ceasefire began")
    else:
        axes.set_xticks(ticks, [f"{tick / 24:g}" for tick in ticks])
        axes.set_xlabel("Days since the ceasefire began")
    if window.clock is not None:
        _show_clock(axes, window, window.clock)


def _show_clock(axes: Axes, window: Window, clock: float) -> None:
    """Draw the hours of the crisis's clock above the axes, with lines down from them."""
    shift: tuple[Any, Any] = (lambda hours: hours - clock, lambda hours: hours + clock)
    above = axes.secondary_xaxis("top", functions=shift)
    ticks = hour_ticks(0, window.end - clock, _MOST_TICKS)
    above.set_xticks(ticks)
    above.set_xlabel("Hours on the crisis's clock", color=GREY)
    for tick in ticks:
        axes.axvline(clock + tick, color="#e8e8e8", linewidth=0.8, zorder=-1)


def _title(told: _Told, run: int) -> str:
    start, end, last = told.window.start, told.window.end, told.last_hours
    days = f"days {start / 24:.1f} to {end / 24:.1f} of {last / 24:.1f}"
    if (start, end) == (0, last):
        days = f"all {last / 24:.1f} days"
    return f"Run {run}, {days}" + (f": {told.window.why}" if told.window.why else "")
