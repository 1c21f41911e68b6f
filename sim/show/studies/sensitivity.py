"""Figures of a sensitivity analysis: what each uncertain value does to an estimate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.results.numbers import signed
from sim.show.labels import write_beside
from sim.show.paths import path_in_lines, value_text, with_unit
from sim.show.style import BLUE, GREY, INK, PALE, VERMILION, Sheet, house_style, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_INCHES: Final = 11.0
_LABEL_INCHES: Final = 3.2
_LOW_COLOUR: Final = "#9ecae1"
_SIDES: Final = (("low", _LOW_COLOUR, -0.2), ("high", BLUE, 0.2))


@house_style()
def tornado(
    table: pd.DataFrame,
    axes: Axes | None = None,
    *,
    what: str = "the estimate",
    title: str | None = None,
    about: str = "",
    footer: Sequence[str] = (),
) -> Axes:
    """Draw how an estimate changes when one value at a time goes to the ends of its range.

    The table's columns are path, low_value, high_value, the difference from the base at the low
    value (low_difference, its interval low_low to low_high), the same at the high value
    (high_difference, high_low, high_high), and unit. What changes most stands above.
    """
    axes = tornado_sheet(table, about=about, footer=footer).on_screen() if axes is None else axes
    unit, scale = _unit(table)
    rows = _by_effect(table)
    for place, row in enumerate(rows):
        for side, colour, offset in _SIDES:
            _draw_end(axes, place + offset, row, side, colour, scale)
    _name_paths(axes, [str(row["path"]) for row in rows])
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.margins(x=0.2)
    axes.set_xlabel(f"Change of {what} from the base case ({unit})", parse_math=False)
    _frame(
        axes,
        title or f"What moves {what}? One value at a time, to both ends of its range",
        [Patch(color=colour, label=f"at the {side} value") for side, colour, _ in _SIDES],
    )
    write_beside(axes, -0.75, "change (95 % interval)", bold=True)
    return axes


def tornado_sheet(table: pd.DataFrame, *, about: str = "", footer: Sequence[str] = ()) -> Sheet:
    """Return what stands around the tornado."""
    note = "Black lines: 95 % intervals. Beside each bar: the value that it is for."
    return Sheet(about, (note, *footer), min(2.8 + 0.56 * len(table), 60), 12)


def _unit(table: pd.DataFrame) -> tuple[str, float]:
    """Return the unit that all rows share, as it is shown, and by what they are multiplied."""
    units = list(dict.fromkeys(map(str, table["unit"])))
    if len(units) > 1:
        raise ValueError(f"unit: has {', '.join(units)}, must be one unit a figure")
    unit = units[0] if units else ""
    return ("percentage points", 100.0) if unit.startswith("share") else (unit, 1.0)


def _by_effect(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows, the largest change to either side first."""
    sizes = table[["low_difference", "high_difference"]].abs().max(axis=1)
    ordered = table.loc[sizes.sort_values(ascending=False, kind="stable").index]
    return [{str(key): value for key, value in row.items()} for row in ordered.to_dict("records")]


def _draw_end(
    axes: Axes, place: float, row: dict[str, Any], side: str, colour: str, scale: float
) -> None:
    """Draw the change at one end of a range, with its interval and the value there."""
    value, low, high = (
        scale * float(row[f"{side}_{one}"]) for one in ("difference", "low", "high")
    )
    axes.barh(place, value, height=0.38, color=colour, edgecolor=INK, linewidth=0.5)
    axes.plot([low, high], [place] * 2, color="black", linewidth=1.5, marker="|", zorder=4)
    ends = [one for one in (value, low, high, 0.0) if not math.isnan(one)]
    is_left = value < 0
    axes.annotate(
        value_text(row[f"{side}_value"]),
        (min(ends) if is_left else max(ends), place),
        xytext=(-5 if is_left else 5, 0),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="center",
        fontsize=9,
        parse_math=False,
    )
    half = (high - low) / 2
    bounds = "" if math.isnan(half) else f" ({signed(low, half)} to {signed(high, half)})"
    shown = signed(value, 0.0 if math.isnan(half) else half)
    write_beside(axes, place, f"{shown}{bounds}")


def _name_paths(axes: Axes, paths: Sequence[str]) -> None:
    for place in range(0, len(paths), 2):
        axes.axhspan(place - 0.5, place + 0.5, color=PALE, alpha=0.35, linewidth=0, zorder=0)
    names = [path_in_lines(path, _LABEL_INCHES, 10) for path in paths]
    axes.set_yticks(range(len(paths)), names, parse_math=False, fontsize=10)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(paths) - 0.5, -0.5)


@house_style()
def indices(
    table: pd.DataFrame,
    axes: Axes | None = None,
    *,
    noise: float | None = None,
    what: str = "the estimate",
    title: str | None = None,
    about: str = "",
    footer: Sequence[str] = (),
) -> Axes:
    """Draw Sobol's indices: which share of an estimate's variance each value accounts for.

    The table's columns are path, S1 (alone), ST (with all it does together with others), each with
    its interval: S1_low, S1_high, ST_low, ST_high. `noise` is the share of the variance that is
    left of chance in the runs, 0 to 1.
    """
    if axes is None:
        axes = indices_sheet(table, noise=noise, about=about, footer=footer).on_screen()
    rows = table.sort_values("ST", ascending=False, kind="stable").to_dict("records")
    for place, row in enumerate(rows):
        for (name, _), style in zip(_INDICES, _LOOKS, strict=True):
            values = [float(row[f"{name}{end}"]) for end in ("", "_low", "_high")]
            _draw_index(axes, place, name, values, style)
    names = [str(row["path"]) for row in rows]
    if noise is not None:
        axes.barh(len(names), noise, height=0.5, color=PALE, edgecolor=GREY, hatch="//")
        write_beside(axes, len(names), f"{100 * noise:.0f} % of the variance")
        names.append("noise: chance in the runs")
    _name_paths(axes, names)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.set_xlabel(f"Share of the variance of {what} (0 to 1)", parse_math=False)
    handles = [
        Line2D([], [], color=colour, marker=marker, label=f"{name}: {words}")
        for (name, words), (colour, marker, _) in zip(_INDICES, _LOOKS, strict=True)
    ]
    _frame(axes, title or f"Which uncertain values matter for {what}?", handles)
    return axes


def _draw_index(
    axes: Axes, place: float, name: str, values: Sequence[float], style: tuple[str, str, float]
) -> None:
    """Draw an index with its interval, and write both beside."""
    colour, marker, offset = style
    place += offset
    axes.plot(values[1:], [place] * 2, color=colour, linewidth=2.2)
    axes.plot(values[0], place, marker=marker, color=colour, markersize=7, linestyle="")
    # So that what is rounded to zero has no sign.
    value, low, high = (f"{round(one, 2) + 0.0:.2f}" for one in values)
    write_beside(axes, place, f"{name} {value} ({low} to {high})")


def _frame(axes: Axes, title: str, handles: Sequence[Artist]) -> None:
    """Write the title, and below it what the looks mean."""
    axes.set_title(wrapped(title, inches=7.5, points=14), pad=28, parse_math=False)
    axes.grid(visible=True, axis="x")
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2
    )


_INDICES: Final = (("S1", "by itself"), ("ST", "with all it does together with others"))
_LOOKS: Final = ((VERMILION, "o", -0.16), (BLUE, "s", 0.16))


def indices_sheet(
    table: pd.DataFrame,
    *,
    noise: float | None = None,
    about: str = "",
    footer: Sequence[str] = (),
) -> Sheet:
    """Return what stands around the figure of Sobol's indices."""
    note = "Lines and brackets: 95 % intervals. Indices of values that do nothing are about zero."
    rows = len(table) + (noise is not None)
    return Sheet(about, (note, *footer), min(2.6 + 0.56 * rows, 60), 12)


@house_style()
def effects(
    table: pd.DataFrame,
    axes: Axes | None = None,
    *,
    noise: float | None = None,
    what: str = "the estimate",
    title: str | None = None,
    about: str = "",
    footer: Sequence[str] = (),
) -> Axes:
    """Draw Morris's elementary effects: how large each is on average, and how much it varies.

    The table's columns are path, mu_star, sigma and unit, and perhaps mu_star_low and mu_star_high.
    `noise` is the mu_star, in the table's unit, that chance in the runs alone would bring. Points
    have numbers, which are explained beside, the largest first.
    """
    axes = effects_sheet(table, about=about, footer=footer).on_screen() if axes is None else axes
    unit, scale = _unit(table)
    level = None if noise is None else scale * noise
    rows = table.sort_values("mu_star", ascending=False, kind="stable").to_dict("records")
    names: dict[bool, list[str]] = {True: [], False: []}
    for number, row in enumerate(rows, start=1):
        is_told = scale * float(row["mu_star"]) > (level or 0.0)
        _draw_effect(
            axes, number, {str(key): one for key, one in row.items()}, scale, is_told=is_told
        )
        names[is_told].append(
            f"{number}  {with_unit(str(row['path']))}" if is_told else str(row["path"])
        )
    _frame(axes, title or f"What matters for {what}, and what does not?", _draw_guides(axes, level))
    axes.set_xlabel(f"Mean size of the effect on {what}, mu* ({unit})", parse_math=False)
    axes.set_ylabel(f"How much the effect varies, sigma ({unit})", parse_math=False)
    heading = ["", "Not told from noise:"] if names[False] else []
    listed = "\n".join(
        path_in_lines(name, 4.0, 10) for name in (*names[True], *heading, *names[False])
    )
    axes.text(1.03, 1, listed, transform=axes.transAxes, va="top", fontsize=10, parse_math=False)
    return axes


def _draw_guides(axes: Axes, level: float | None) -> list[Artist]:
    """Draw what effects are held against: the noise, if it is known, and their own size."""
    # A little below zero, so that a point at zero is seen whole.
    left, right = -0.03 * axes.get_xlim()[1], axes.get_xlim()[1]
    bottom, top = -0.05 * axes.get_ylim()[1], axes.get_ylim()[1]
    drawn: list[Artist] = []
    if level is not None:
        axes.axvspan(left, level, color=PALE, alpha=0.5, linewidth=0, zorder=0)
        drawn += [axes.axvline(level, color=GREY, linestyle="--", label="what noise alone brings")]
    end = max(right, top)
    words = "varies as much as it is large"
    drawn += axes.plot([0, end], [0, end], color=GREY, linestyle=":", label=words)
    axes.set(xlim=(left, right), ylim=(bottom, top))
    return drawn


def _draw_effect(
    axes: Axes, number: int, row: dict[str, Any], scale: float, *, is_told: bool
) -> None:
    x, y = scale * float(row["mu_star"]), scale * float(row["sigma"])
    colour = BLUE if is_told else GREY
    if "mu_star_low" in row:
        bounds = [scale * float(row[one]) for one in ("mu_star_low", "mu_star_high")]
        axes.plot(bounds, [y, y], color=colour, linewidth=1.6)
    axes.plot(
        x,
        y,
        marker="o",
        markersize=15 if is_told else 7,
        color=colour,
        markerfacecolor="white",
        clip_on=False,
        zorder=3 + 1 / number,
    )
    if is_told:
        axes.text(x, y, str(number), ha="center", va="center", fontsize=8.5, zorder=3 + 1 / number)


def effects_sheet(table: pd.DataFrame, *, about: str = "", footer: Sequence[str] = ()) -> Sheet:
    """Return what stands around the figure of Morris's effects."""
    note = (
        "An effect is the change of the estimate when one value goes through its range, from a "
        "random place. Above the dotted line it depends much on the other values, or is not linear."
    )
    if "mu_star_low" in table:
        note += " Lines: 95 % intervals."
    return Sheet(about, (note, *footer), min(max(6.0, 2.4 + 0.2 * len(table)), 40), 12)
