"""Numbers as figures write them, and labels that do not cover each other."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.show.style import GREY, INK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from sim.results.estimates import Estimate

YEAR_HOURS: Final = 8760
CLOCKS: Final = {
    "violation": "the violation that opened the crisis",
    "detection": "the detection of the violation that opened the crisis",
    "attribution": "the attribution that opened the crisis",
}
"""What the clock of a crisis starts at, by the words of a scenario file."""
_STEPS_OF_HOURS: Final = (
    *(1, 2, 3, 6, 12, 24, 48, 72, 96, 168, 336, 720, 2160, 4320),
    *(years * YEAR_HOURS for years in (1, 2, 5, 10, 20, 50)),
)


def share_text(estimate: Estimate) -> str:
    """Return a share and its interval in percent.

    >>> from sim.results.estimates import Estimate
    >>> share_text(Estimate(0.07, 0.0462, 0.1046, "Wilson", 300))
    '7.0 % (4.6–10.5)'
    """
    value, low, high = (f"{100 * one:.1f}" for one in estimate[:3])
    return f"{value} % ({low}–{high})"


def hours_text(estimate: Estimate) -> str:
    """Return hours and their interval.

    >>> from sim.results.estimates import Estimate
    >>> hours_text(Estimate(1438.8, 1412.7, 1464.9, "t", 300))
    '1,439 h (1,413–1,465)'
    """
    value, low, high = (_number(one) for one in estimate[:3])
    return f"{value} h ({low}–{high})" if low and high else f"{value} h (one run: no interval)"


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    places = 0 if value >= 100 else 1 if value >= 1 or value == 0 else 2  # noqa: PLR2004
    return f"{value:,.{places}f}"


def hour_ticks(start: float, end: float, most: int = 10) -> list[float]:
    """Return round hours for an axis, in steps that people know: hours, days, weeks, years.

    >>> hour_ticks(0, 150)
    [0.0, 24.0, 48.0, 72.0, 96.0, 120.0, 144.0]
    """
    step = next((one for one in _STEPS_OF_HOURS if (end - start) / one < most), (end - start) / 5)
    first = math.ceil(start / step)
    return [float(step * one) for one in range(first, math.floor(end / step) + 1)]


class End(NamedTuple):
    """The end of a curve: its height, what to write there, and how the curve looks."""

    height: float
    text: str
    colour: str
    marker: str


def label_ends(axes: Axes, ends: Sequence[End], lowest: float = -math.inf) -> None:
    """Write at the right of the axes what each curve is, moved apart where ends are close.

    Nothing is written below `lowest`.
    """
    bottom, highest = axes.get_ylim()
    # The axes get about this part of their height, once titles and labels have theirs.
    inches = axes.get_window_extent().height / axes.figure.dpi * 0.85
    line = (highest - bottom) * 0.19 / inches
    ordered = sorted(ends, key=lambda end: end.height)
    heights = [line * (end.text.count("\n") + 1.35) for end in ordered]
    beside = axes.get_yaxis_transform()
    for end, place in zip(ordered, _apart(ordered, heights, lowest, highest), strict=True):
        axes.plot(
            [1.005, 1.03, 1.045],
            [end.height, place, place],
            transform=beside,
            color=end.colour,
            marker=end.marker,
            markevery=[2],
            markersize=6,
            linewidth=1.2,
            clip_on=False,
        )
        axes.text(
            1.06, place, end.text, transform=beside, va="center", fontsize=10, parse_math=False
        )


def _apart(
    ends: Sequence[End], heights: Sequence[float], lowest: float, highest: float
) -> list[float]:
    """Return places in the order of the ends, each far enough from the next."""
    places = [end.height for end in ends]
    if places:
        places[0] = max(places[0], lowest + heights[0] / 2)
    gaps = [(lower + upper) / 2 for lower, upper in pairwise(heights)]
    for index, gap in enumerate(gaps):
        places[index + 1] = max(places[index + 1], places[index] + gap)
    if places:
        places[-1] = min(places[-1], highest)
    for index in reversed(range(len(gaps))):
        places[index] = min(places[index], places[index + 1] - gaps[index])
    return places


def say_instead(axes: Axes, words: str) -> None:
    """Write in the middle of empty axes why there is nothing to draw."""
    axes.text(
        0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=GREY, fontsize=12
    )


def write_beside(axes: Axes, place: float, words: str, *, bold: bool = False) -> None:
    """Write to the right of the axes, at the height of a row."""
    axes.text(
        1.02,
        place,
        words,
        transform=axes.get_yaxis_transform(),
        va="center",
        color=GREY if bold else INK,
        fontsize=10,
    )
