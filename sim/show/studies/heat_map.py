"""The heat map of a sweep: an estimate against two of the values that vary, as colours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.show.paths import path_in_lines, value_texts
from sim.show.studies.tidy import check_once, check_path, is_number, of_quantity, rests_on
from sim.show.style import Sheet, house_style, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

_INCHES: Final = 11.0
_MOST_TICKS: Final = 25
_MOST_WRITTEN: Final = 120
"""In how many cells of a heat map their values are written."""


@house_style()
def heat_map(
    table: pd.DataFrame,
    quantity: str,
    x: str,
    y: str,
    axes: Axes | None = None,
    *,
    title: str | None = None,
    about: str = "",
    footer: Sequence[str] = (),
) -> Axes:
    """Draw an estimate against two of the values that vary, as colours.

    A grid has a cell for each pair of values, with the estimate and the half-width of its interval
    where there is room; values are evenly spaced, whatever they are. The points of another design
    are dots where they lie.
    """
    rows, measure = of_quantity(table, quantity)
    for argument, path in (("x", x), ("y", y)):
        check_path(table, argument, path)
    if axes is None:
        axes = heat_map_sheet(table, quantity, x, y, about=about, footer=footer).on_screen()
    if _is_grid(rows, x, y):
        check_once(rows, [x, y])
        shown = _draw_cells(axes, rows, x, y, measure.scale)
    else:
        shown = axes.scatter(
            rows[x], rows[y], c=measure.scale * rows["estimate"], cmap="cividis", s=36
        )
    figure = axes.figure
    bar = figure.colorbar(shown, ax=axes, pad=0.02)
    bar.set_label(wrapped(measure.words, inches=3.8, points=11), parse_math=False)
    axes.set_xlabel(path_in_lines(x, 7.0, 11), parse_math=False)
    axes.set_ylabel(path_in_lines(y, 4.0, 11), parse_math=False)
    words = title or f"{measure.name[:1].upper()}{measure.name[1:]}, by {x} and {y}"
    axes.set_title(wrapped(words, inches=8.5, points=14), parse_math=False)
    return axes


def heat_map_sheet(
    table: pd.DataFrame,
    quantity: str,
    x: str,
    y: str,
    *,
    about: str = "",
    footer: Sequence[str] = (),
) -> Sheet:
    """Return what stands around the heat map."""
    rows, measure = of_quantity(table, quantity)
    halves = measure.scale * (rows["high"] - rows["low"]) / 2
    unit = " percentage points" if measure.scale > 1 else ""
    note = f"95 % intervals reach {_range(halves)}{unit} to either side{rests_on(rows)}."
    if not _is_grid(rows, x, y):
        note = f"Each dot is a point of the design, at which other values differ too. {note}"
    span = measure.scale * (rows["estimate"].max() - rows["estimate"].min())
    if span < 2 * halves.median():
        note += f" The colours span {span:.2g}, less than an interval is wide: look at differences."
    height = min(max(5.5, 2.4 + 0.5 * rows[y].nunique()), 9.0)
    return Sheet(about, (note, *footer), height, _INCHES)


def _range(halves: pd.Series[float]) -> str:
    least, most = (f"{one:.2g}" for one in (halves.min(), halves.max()))
    return least if least == most else f"{least} to {most}"


def _is_grid(rows: pd.DataFrame, x: str, y: str) -> bool:
    """Return whether at least half of the pairs of values are there."""
    pairs = len(rows[[x, y]].drop_duplicates())
    return pairs * 2 >= rows[x].nunique() * rows[y].nunique()


def _draw_cells(axes: Axes, rows: pd.DataFrame, x: str, y: str, scale: float) -> Any:  # noqa: ANN401 - an image, which stubs give no one name
    values = rows.pivot_table(index=y, columns=x, values="estimate", sort=_is_sortable(rows, x, y))
    halves = (
        rows.assign(half=(rows["high"] - rows["low"]) / 2)
        .pivot_table(index=y, columns=x, values="half", sort=_is_sortable(rows, x, y))
        .reindex_like(values)
    )
    shades = scale * values.to_numpy(dtype=float)
    shown = axes.imshow(shades, cmap="cividis", origin="lower", aspect="auto")
    for axis, names in ((axes.xaxis, values.columns), (axes.yaxis, values.index)):
        every = math.ceil(len(names) / _MOST_TICKS)
        axis.set_ticks(range(0, len(names), every), value_texts(names[::every]))
    if shades.size <= _MOST_WRITTEN:
        _write_cells(axes, shades, scale * halves.to_numpy(dtype=float))
    return shown


def _is_sortable(rows: pd.DataFrame, x: str, y: str) -> bool:
    return is_number(rows[x]) and is_number(rows[y])


def _write_cells(axes: Axes, shades: np.ndarray[Any, Any], halves: np.ndarray[Any, Any]) -> None:
    """Write into each cell its estimate and, smaller, the half-width of its interval."""
    known = halves[halves > 0]
    places = max(0, 1 - math.floor(math.log10(known.min()))) if known.size else 2
    middle = (np.nanmin(shades) + np.nanmax(shades)) / 2
    for (row, column), value in np.ndenumerate(shades):
        if math.isnan(value):
            continue
        half = halves[row, column]
        told = f"{value:.{places}f}"
        if not math.isnan(half):
            told += f"\n\N{PLUS-MINUS SIGN}{half:.{places}f}"
        colour = "white" if value < middle else "black"
        axes.text(column, row, told, ha="center", va="center", color=colour, fontsize=9)
