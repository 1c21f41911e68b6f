"""Bars of where the hours went: the parts of each step's delay, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.results.delays import PARTS
from sim.show.labels import hours_text, write_beside
from sim.show.style import GREY, INK
from sim.show.texts.runs import bottleneck

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from sim.results.estimates import Estimate

ROW_INCHES: Final = 0.6
_HEAD_ROWS: Final = 1.1
"""The room for the legend above the bars, in rows."""
_LOOKS: Final = (("#f4f4f4", ""), ("#cfcfcf", ""), ("white", "////"), ("#9a9a9a", ""), (INK, ""))
"""A face and a hatch for each part; the plan's own hours are hatched, since nobody works then."""
_SHARE_FOR_WORDS: Final = 0.05
"""A part that takes up more of the axis than this has its hours written into it."""


class Bar(NamedTuple):
    """A step's bar."""

    parts: pd.DataFrame
    """The rows of this step in `Results.delays`."""
    total: Estimate
    deadline_hours: float | None


def rows_needed(steps: int) -> float:
    """Return how many rows the bars and their legend take below the curves."""
    return steps + _HEAD_ROWS if steps else 0.0


def draw_bars(axes: Axes, bars: Sequence[Bar], row_height: float, end_hours: float) -> list[float]:
    """Draw the bars below 0, each in its row, and return the places of the rows."""
    places = [-row_height * (_HEAD_ROWS + 0.5 + index) for index in range(len(bars))]
    for place, bar in zip(places, bars, strict=True):
        if bar.total.n:
            _draw_parts(axes, bar, place, row_height, end_hours)
        if bar.deadline_hours is not None:
            ends = [place - 0.45 * row_height, place + 0.45 * row_height]
            axes.plot([bar.deadline_hours] * 2, ends, color="black", linewidth=3.5, zorder=5)
        write_beside(axes, place, _words(bar))
    axes.axhline(0, color=GREY, linewidth=0.8)
    _explain(axes, -0.1 * row_height)
    return places


def _draw_parts(axes: Axes, bar: Bar, place: float, row_height: float, end_hours: float) -> None:
    start = 0.0
    for hours, (colour, hatch) in zip(bar.parts["hours"], _LOOKS, strict=True):
        axes.barh(
            place,
            hours,
            left=start,
            height=0.62 * row_height,
            facecolor=colour,
            edgecolor=INK,
            hatch=hatch,
            linewidth=0.8,
            zorder=3,
        )
        if hours > _SHARE_FOR_WORDS * end_hours:
            axes.text(
                start + hours / 2,
                place,
                f"{hours:.0f} h",
                ha="center",
                va="center",
                fontsize=9,
                color="white" if colour == INK else INK,
                # Above the deadline's tick, which goes on above and below the bar.
                zorder=6,
                bbox={"facecolor": colour, "edgecolor": "none", "pad": 1},
            )
        start += hours


def _words(bar: Bar) -> str:
    """Return what stands beside a bar: how long it took, and what and who that was due to."""
    if not bar.total.n:
        return "never in force"
    longest, last = bottleneck(bar.parts)
    return (
        f"mean {hours_text(bar.total)}\nlongest most often: {longest}\nlast yes most often: {last}"
    )


def _explain(axes: Axes, top: float) -> None:
    """Write above the bars what their parts are."""
    patches = [
        Patch(facecolor=colour, edgecolor=INK, hatch=hatch, linewidth=0.8)
        for colour, hatch in _LOOKS
    ]
    due = Line2D([], [], linestyle="", marker="|", color="black", markersize=11, mew=3)
    axes.legend(
        handles=[*patches, due],
        labels=[*PARTS, "deadline"],
        title="Where the mean time goes, if the step comes into force",
        title_fontproperties={"weight": "bold", "size": 10},
        alignment="left",
        loc="upper left",
        bbox_to_anchor=(0, top),
        bbox_transform=axes.get_yaxis_transform(),
        borderaxespad=0,
        ncols=6,
        fontsize=9,
        handlelength=1.2,
        columnspacing=1.2,
        handletextpad=0.5,
        frameon=True,
        framealpha=1.0,
        edgecolor="none",
        borderpad=0.2,
    )
