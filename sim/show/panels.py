"""Several panels on one axes, so that a figure with panels is still one axes to its user."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes


def panels(axes: Axes, inches: Sequence[float], gap_inches: float) -> list[Axes]:
    """Divide axes into panels, one above the other, and return them from the top down.

    inches: how high each panel is, against the others and the gaps between them. The axes keep
    their title and lose all else.
    """
    total = sum(inches) + gap_inches * (len(inches) - 1)
    axes.set_axis_off()
    found, top = [], 1.0
    for height in inches:
        share = height / total
        found.append(axes.inset_axes((0.0, top - share, 1.0, share)))
        top -= share + gap_inches / total
    return found


def grid(
    axes: Axes, shape: tuple[int, int], size: tuple[float, float], gaps: tuple[float, float]
) -> list[Axes]:
    """Divide axes into rows and columns of panels, and return them from the top left on.

    size: how wide and high a panel is in inches; gaps: how far columns and rows are apart.
    """
    axes.set_axis_off()
    rows, columns = shape
    wide, high = (
        count * inches + (count - 1) * gap
        for count, inches, gap in zip((columns, rows), size, gaps, strict=True)
    )
    shares = size[0] / wide, size[1] / high
    return [
        axes.inset_axes(
            (
                column * (size[0] + gaps[0]) / wide,
                1.0 - (row * (size[1] + gaps[1]) + size[1]) / high,
                *shares,
            )
        )
        for row in range(rows)
        for column in range(columns)
    ]
