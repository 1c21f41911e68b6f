"""Every pattern as a line: what the worlds give, as a multiple of what was observed."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from sim.show.style import BLUE, GREY, INK, PALE, VERMILION, house_style, save
from validation.document import known_of
from validation.patterns import BASE, FULL

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from validation.document import Row
    from validation.measures import Estimate

_INCHES: Final = (12.5, 11.5)
_LEAST, _MOST = 1 / 64, 128.0
_LOOKS: Final = {BASE: (BLUE, "o", -0.17), FULL: (VERMILION, "s", 0.17)}
_TICKS: Final = (1 / 32, 1 / 8, 1 / 2, 1, 2, 8, 32, 128)


def draw(rows: list[Row], path: Path) -> Path:
    """Draw all patterns for which there is an observed figure, and return the file."""
    shown = [row for row in rows if not math.isnan(row.pattern.known.low)]
    with house_style():
        figure = Figure(figsize=_INCHES, layout="constrained")
        axes = figure.add_subplot()
        heights = _heights(shown)
        for row, height in zip(shown, heights, strict=True):
            _draw_row(axes, row, height)
        _name_rows(axes, shown, heights)
        _finish(axes, max(heights))
        figure.legend(handles=_legend(), loc="outside lower left", ncols=4)
        told = "What two worlds of the model give, divided by what was observed."
        return save(axes, path, {"Description": told})


def _heights(rows: list[Row]) -> list[float]:
    """Return the height of each row, with a gap for the name of each group."""
    heights, height = [], 0.0
    for _, group in groupby(rows, key=lambda row: row.pattern.group):
        height += 1
        for _ in group:
            heights.append(height)
            height += 1
    return heights


def _draw_row(axes: Axes, row: Row, height: float) -> None:
    known = row.pattern.known
    middle = math.sqrt(known.low * known.high)
    low, high = known.low / middle, known.high / middle
    axes.barh(height, high - low, left=low, height=0.86, color=PALE, zorder=0)
    for world, found in row.found.items():
        colour, marker, off = _LOOKS[world]
        is_input = world in row.pattern.inputs
        _draw_interval(axes, found, middle, height + off, colour)
        inside = min(max(found.value / middle, _LEAST), _MOST)
        (point,) = axes.plot(inside, height + off, marker, markersize=6, color=colour, zorder=4)
        point.set_markerfacecolor("white" if is_input else colour)


def _draw_interval(axes: Axes, found: Estimate, middle: float, height: float, colour: str) -> None:
    low, high = max(found.low / middle, _LEAST), min(found.high / middle, _MOST)
    axes.plot([low, high], [height, height], color=colour, linewidth=2, zorder=3)
    if found.low / middle < _LEAST:
        axes.plot(_LEAST, height, marker="<", color=colour, markersize=6, clip_on=False)
    if found.high / middle > _MOST:
        axes.plot(_MOST, height, marker=">", color=colour, markersize=6, clip_on=False)


def _name_rows(axes: Axes, rows: list[Row], heights: list[float]) -> None:
    axes.set_yticks(heights, [row.pattern.name for row in rows])
    axes.tick_params(axis="y", length=0)
    beside = axes.get_yaxis_transform()
    axes.text(1.02, 0.05, "observed", transform=beside, fontweight="bold", color=GREY, va="center")
    last = ""
    for row, height in zip(rows, heights, strict=True):
        axes.text(1.02, height, known_of(row.pattern), transform=beside, va="center", color=INK)
        if row.pattern.group != last:
            last = row.pattern.group
            heading = axes.text(-0.02, height - 0.95, last, transform=beside, ha="right")
            heading.set(va="center", fontweight="bold", color=GREY)


def _finish(axes: Axes, highest: float) -> None:
    axes.set_title("What the model's worlds give, over what was observed", loc="center")
    axes.axvline(1, color=INK, linewidth=1, zorder=1)
    axes.set_xscale("log", base=2)
    axes.set_xlim(_LEAST, _MOST)
    axes.set_ylim(highest + 0.7, -0.5)
    axes.xaxis.set_major_locator(FixedLocator(_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _times(value)))
    axes.grid(visible=True, axis="x")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(
        "less than observed  |  the model's figure as a multiple of the observed one  |  more"
    )


def _times(value: float) -> str:
    """Return a multiple in words that need no decimals.

    >>> _times(0.125), _times(1), _times(8)
    ('1/8', '1', '8 times')
    """
    if value < 1:
        return f"1/{1 / value:.0f}"
    return "1" if value == 1 else f"{value:.0f} times"


def _legend() -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = []
    for world, (colour, marker, _) in _LOOKS.items():
        for fill, what in ((colour, "a real test"), ("white", "an input, no test")):
            line = Line2D([], [], color=colour, marker=marker, markerfacecolor=fill, linewidth=2)
            line.set_label(f"{world.removesuffix(' world')} world, {what}")
            handles.append(line)
    handles.append(Patch(color=PALE, label="observed, where it is a range"))
    handles.append(Line2D([], [], color=INK, linewidth=1, label="as observed"))
    dots = "point: median run; line: 95 % of the runs"
    handles.append(Line2D([], [], linestyle="", label=dots))
    handles.append(Line2D([], [], color=GREY, marker=">", label="the interval goes on"))
    return handles
