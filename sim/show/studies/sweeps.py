"""Figures of sweeps: an estimate against one or two of the values that vary, with intervals.

Each takes a sweep's tidy table (a column for each path that varies, then quantity, estimate, low,
high, unit and n), and perhaps axes, and returns the axes it drew on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.show.comparisons.differences import look
from sim.show.labels import End, label_ends
from sim.show.paths import path_in_lines, value_text, value_texts
from sim.show.runs.curves import draw_curve
from sim.show.studies.heat_map import heat_map, heat_map_sheet
from sim.show.studies.sensitivity import (
    effects,
    effects_sheet,
    indices,
    indices_sheet,
    tornado,
    tornado_sheet,
)
from sim.show.studies.tidy import Measure, check_once, check_path, is_number, of_quantity, rests_on
from sim.show.style import GREY, Sheet, house_style, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "effects",
    "effects_sheet",
    "heat_map",
    "heat_map_sheet",
    "indices",
    "indices_sheet",
    "lines",
    "lines_sheet",
    "tornado",
    "tornado_sheet",
]

_MOST_TICKS: Final = 25
_INCHES: Final = 11.0


@house_style()
def lines(
    table: pd.DataFrame,
    quantity: str,
    x: str,
    by: str | None = None,
    axes: Axes | None = None,
    *,
    title: str | None = None,
    about: str = "",
    footer: Sequence[str] = (),
) -> Axes:
    """Draw an estimate against one of the values that vary, with its 95 % band.

    There is a line for each value of `by`, which may be another path or a column such as plan.
    Values that are no numbers stand side by side, without a line from one to the next.
    """
    rows, measure = of_quantity(table, quantity)
    for argument, path in (("x", x), *((("by", by),) if by else ())):
        check_path(table, argument, path)
    check_once(rows, [x, *([by] if by else [])])
    if axes is None:
        axes = lines_sheet(table, quantity, x, by, about=about, footer=footer).on_screen()
    groups = list(rows.groupby(by, sort=False)) if by else [("", rows)]
    places = _places(rows[x])
    ends = []
    for index, (value, found) in enumerate(groups):
        style = look(index)
        offset = 0.0 if is_number(rows[x]) else 0.18 * (index - (len(groups) - 1) / 2)
        height = _draw_line(axes, found, x, places, offset, measure.scale, style)
        ends.append(End(height, wrapped(value_text(value), 2.4, 10), *style))
    _set_x(axes, rows[x], places, x)
    _set_y(axes, rows, measure)
    words = title or f"{measure.name[:1].upper()}{measure.name[1:]}, by {x}"
    axes.set_title(wrapped(words, inches=8.5, points=14), parse_math=False)
    axes.grid(visible=True)
    if by:
        label_ends(axes, ends)
        _head_labels(axes, by)
    return axes


def lines_sheet(
    table: pd.DataFrame,
    quantity: str,
    x: str,
    by: str | None = None,
    *,
    about: str = "",
    footer: Sequence[str] = (),
) -> Sheet:
    """Return what stands around the figure of lines."""
    rows, _ = of_quantity(table, quantity)
    shape = "bands" if is_number(rows[x]) else "bars"
    note = (
        f"The {shape} are 95 % intervals of each point alone{rests_on(rows)}. On the same luck, "
        "differences between points are surer than they look."
    )
    wanted = rows[by].nunique() if by else 1
    return Sheet(about, (note, *footer), min(max(5.2, 2.0 + 0.3 * wanted), 40), _INCHES)


def _places(values: pd.Series[Any]) -> dict[Any, float]:
    """Return where each value stands: numbers where they are, others side by side."""
    if is_number(values):
        return {value: float(value) for value in values.unique()}
    return {value: float(place) for place, value in enumerate(values.unique())}


def _draw_line(
    axes: Axes,
    rows: pd.DataFrame,
    x: str,
    places: dict[Any, float],
    offset: float,
    scale: float,
    style: tuple[str, str],
) -> float:
    """Draw one line, or points side by side, and return the height of the last point."""
    rows = rows.assign(_place=[places[value] + offset for value in rows[x]]).sort_values("_place")
    at = rows["_place"].to_numpy(dtype=float)
    bands = [scale * rows[one].to_numpy(dtype=float) for one in ("estimate", "low", "high")]
    colour, marker = style
    if is_number(rows[x]) and len(at) > 1:
        draw_curve(axes, at, bands, colour, "")
    else:
        low, high = (np.abs(bound - bands[0]) for bound in bands[1:])
        # The caps are wider than the marker, so that a short interval is seen too.
        axes.errorbar(
            at, bands[0], [low, high], fmt="none", ecolor=colour, elinewidth=2, capsize=7, zorder=5
        )
    axes.plot(at, bands[0], color=colour, marker=marker, markersize=6, linestyle="")
    return float(bands[0][-1])


def _set_x(axes: Axes, values: pd.Series[Any], places: dict[Any, float], path: str) -> None:
    axes.set_xlabel(path_in_lines(path, 7.5, 11), parse_math=False)
    if is_number(values):
        if len(places) <= _MOST_TICKS // 2:
            axes.set_xticks(sorted(places.values()), value_texts(sorted(places)))
        return
    names = [wrapped(one, inches=7.5 / len(places), points=11) for one in value_texts(places)]
    axes.set_xticks(list(places.values()), names, parse_math=False)
    axes.set_xlim(-0.6, len(places) - 0.4)


def _set_y(axes: Axes, rows: pd.DataFrame, measure: Measure) -> None:
    """Name the axis, and show zero where it is near enough."""
    axes.set_ylabel(wrapped(measure.words, inches=3.8, points=11), parse_math=False)
    low, high = (float(rows[one].min()) for one in ("low", "high"))
    if low >= 0 and (measure.scale > 1 or low < high / 2):
        axes.set_ylim(bottom=0)


def _head_labels(axes: Axes, by: str) -> None:
    """Write above the labels at the ends which values they are."""
    axes.annotate(
        f"{by}:",
        (1.02, 1),
        xycoords="axes fraction",
        xytext=(0, 12),
        textcoords="offset points",
        color=GREY,
        fontsize=10,
        parse_math=False,
    )
