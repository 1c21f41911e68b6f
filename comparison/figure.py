"""Every plan less observing only, on the same luck: how often it holds, and the fighting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from comparison.plans import ALONE, FULL, OBSERVE, PLAIN, PLANS, Plan, World
from comparison.tables import fighting_difference, holds_difference
from sim.show.style import BLUE, GREY, INK, PALE, VERMILION, house_style, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

    from comparison.measures import Measures
    from comparison.playing import Found
    from sim.results.paired import Paired

_INCHES: Final = (12.0, 8.2)
_LOOKS: Final = {PLAIN: (BLUE, "o", -0.17, BLUE), FULL: (VERMILION, "s", 0.17, "white")}
_SHOWN: Final = tuple(plan for plan in PLANS if plan != OBSERVE)


def draw(found: Found, path: Path) -> Path:
    """Draw the differences of all plans, and return the file."""
    with house_style():
        figure = Figure(figsize=_INCHES, layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        _panel(left, found, holds_difference, 100.0)
        left.set_title("The ceasefire holds more often")
        left.set_xlabel(
            "runs in a hundred in which it holds for the year\nmore than if nobody responds"
        )
        _panel(right, found, fighting_difference, -1.0)
        right.set_title("There is less expanded fighting")
        right.set_xlabel("sector-hours of expanded fighting a run\nless than if nobody responds")
        left.set_yticks(range(len(_SHOWN)), [plan.label for plan in _SHOWN])
        left.set_ylim(len(_SHOWN) - 0.4, -0.6)
        figure.suptitle(
            "What each plan changes, against observing only, on the same luck",
            x=0.012,
            ha="left",
            fontsize=14,
            fontweight="bold",
        )
        figure.legend(handles=_legend(found), loc="outside lower left", ncols=3)
        told = "Each plan less observing only: how often the ceasefire holds, expanded fighting."
        return save(left, path, {"Description": told})


def _panel(
    axes: Axes, found: Found, difference: Callable[[Measures, Measures], Paired], scale: float
) -> None:
    for row, plan in enumerate(_SHOWN):
        if row % 2 == 0:
            axes.axhspan(row - 0.5, row + 0.5, color=PALE, alpha=0.35, linewidth=0, zorder=0)
        for world in _LOOKS:
            _point(axes, row, world, _of(found, plan, world, difference), scale)
    axes.axvline(0, color=INK, linewidth=1.2, zorder=1)
    own = scale * _of(found, ALONE, PLAIN, difference).difference.value
    axes.axvline(own, color=GREY, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _of(
    found: Found, plan: Plan, world: World, difference: Callable[[Measures, Measures], Paired]
) -> Paired:
    return difference(found.of(plan, world), found.of(OBSERVE, world))


def _point(axes: Axes, row: int, world: World, paired: Paired, scale: float) -> None:
    colour, marker, off, fill = _LOOKS[world]
    value, low, high = (scale * one for one in paired.difference[:3])
    axes.plot([low, high], [row + off] * 2, color=colour, linewidth=2, zorder=3)
    (point,) = axes.plot(value, row + off, marker, color=colour, markersize=7, zorder=4)
    point.set_markerfacecolor(fill)


def _legend(found: Found) -> list[Line2D]:
    handles = []
    for world, (colour, marker, _, fill) in _LOOKS.items():
        runs = found.of(OBSERVE, world).runs
        line = Line2D([], [], color=colour, marker=marker, markerfacecolor=fill, linewidth=2)
        line.set_label(f"{world.name} world, {runs:,} runs of each plan")
        handles.append(line)
    handles.append(Line2D([], [], color=GREY, linewidth=2, label="line: 95 % interval"))
    handles.append(Line2D([], [], color=INK, linewidth=1.2, label="observe only"))
    own = Line2D([], [], color=GREY, linewidth=1.2, linestyle=(0, (4, 3)))
    own.set_label("Ukraine alone, plain world")
    handles.append(own)
    note = "effects of steps are assumptions: no forecast"
    handles.append(Line2D([], [], linestyle="", label=note))
    return handles
