"""What figures of rows share: the names of the rows, and intervals that any bar shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes


def draw_interval(
    axes: Axes, place: float, value: float, low: float, high: float, caps: float = 4.0
) -> None:
    """Draw an interval that is black on white and white on black, so that any bar shows it."""
    error = [[max(value - low, 0)], [max(high - value, 0)]]
    for colour, width in (("white", 4.0), ("black", 1.6)):
        axes.errorbar(
            [value],
            [place],
            xerr=error,
            fmt="none",
            ecolor=colour,
            elinewidth=width,
            capsize=caps,
            capthick=width,
            zorder=4,
        )


def name_rows(axes: Axes, places: Sequence[float], names: Sequence[str]) -> None:
    """Name rows at the left, without the line of an axis."""
    axes.set_yticks(places, names, parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
