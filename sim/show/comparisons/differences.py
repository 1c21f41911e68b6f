"""The figure of differences: what other plans change, against the first, with intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.lines import Line2D

from sim.results.numbers import signed
from sim.show.labels import say_instead, write_beside
from sim.show.panels import panels
from sim.show.style import (
    GREY,
    INK,
    MARKERS,
    PALE,
    Sheet,
    house_style,
    step_colour,
    step_marker,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

_LINE_INCHES: Final = 0.24
_ROW_INCHES: Final = 0.14
_GAP_INCHES: Final = 0.7
_LABEL_INCHES: Final = 2.9
_LONG: Final = 45
_MOST_TIMES: Final = 12.0
"""By how many times differences of one panel may differ in size."""


class _Point(NamedTuple):
    """A difference, in the unit that its panel shows."""

    plan: str
    words: str
    value: float
    low: float
    high: float
    unit: str
    paired: bool
    reduction: float

    def in_words(self) -> str:
        """Return the difference with its sign, its interval, and what the luck was worth."""
        worth = f"; {_times(self.reduction)}" if self.paired else "; not paired"
        half = (self.high - self.low) / 2
        if math.isnan(half):
            return f"{signed(self.value, self.value)} (no interval){worth}"
        value, low, high = (signed(one, half) for one in (self.value, self.low, self.high))
        return f"{value} ({low} to {high}){worth}"

    def size(self) -> float:
        """Return how far from zero its value or a bound is."""
        return max(abs(one) for one in (self.value, self.low, self.high) if not math.isnan(one))

    def is_told_from_zero(self) -> bool:
        """Return whether the interval is on one side of zero."""
        return self.low > 0 or self.high < 0


_Rows = dict[tuple[str, str], list[_Point]]
"""Points by their unit and what they are about."""


@house_style()
def differences(
    table: pd.DataFrame,
    axes: Axes | None = None,
    *,
    first: str,
    title: str | None = None,
    about: str = "",
    footer: Sequence[str] = (),
    simultaneous: str = "",
) -> Axes:
    """Draw what plans change against the first one, with 95 % intervals: a panel for each unit.

    The table's columns are plan, quantity, meaning, difference, low, high, unit, paired and
    variance_reduction, a row for each quantity of each other plan; `first` is the first plan's
    label. Shares are drawn in percentage points. `simultaneous` says for what the intervals hold
    together, where they do.
    """
    if axes is None:
        axes = differences_sheet(
            table, about=about, footer=footer, simultaneous=simultaneous
        ).on_screen()
    points = _points(table)
    plans = list(dict.fromkeys(point.plan for point in points))
    groups = _grouped(points)
    shown = panels(axes, [_inches(rows) for rows in groups], _GAP_INCHES)
    for panel, rows in zip(shown, groups, strict=True):
        _draw_rows(panel, rows, plans)
        panel.set_xlabel(
            f"Difference {next(iter(rows))[0]}: the plan less {first}", parse_math=False
        )
    other = plans[0] if len(plans) == 1 else "each plan"
    named = _name_plans(axes, plans)
    _head_column(axes)
    words = wrapped(title or f"What changes under {other}, against {first}", inches=8, points=14)
    axes.set_title(words, pad=max(26, 12 + 18 * named), parse_math=False)
    if not points:
        say_instead(axes, "nothing to compare")
    return axes


def differences_sheet(
    table: pd.DataFrame,
    *,
    about: str = "",
    footer: Sequence[str] = (),
    simultaneous: str = "",
) -> Sheet:
    """Return what stands around the figure of differences."""
    points = _points(table)
    height = 2.6 + sum(_inches(rows) + _GAP_INCHES for rows in _grouped(points))
    notes = ["Lines: 95 % intervals; filled where an interval leaves zero out, hollow where not."]
    if simultaneous:
        notes.append(simultaneous)
    notes.append(_pairing(points))
    return Sheet(about, (" ".join(notes), *footer), min(height, 60), width_inches=12)


def _pairing(points: Sequence[_Point]) -> str:
    """Return whether the plans had the same luck, and what the numbers beside say about that."""
    paired = [point.paired for point in points]
    if not any(paired):
        return "Not paired: each plan had luck of its own."
    words = (
        "Paired: run k has the same luck under each plan. Gain: how many times as many runs it "
        "would take if each plan had luck of its own."
    )
    return words if all(paired) else f"{words} Where it says so, not paired."


def _points(table: pd.DataFrame) -> list[_Point]:
    found = []
    for row in table.to_dict("records"):
        unit = str(row["unit"])
        is_share = unit.startswith("share")
        scale = 100.0 if is_share else 1.0
        value, low, high = (scale * float(row[one]) for one in ("difference", "low", "high"))
        of_what = unit.removeprefix("share of ")
        words = str(row["meaning"])
        if is_share and of_what not in ("share", "runs"):
            words += f" (of {of_what})"
        shown = "in percentage points" if is_share else _counted_in(unit)
        paired, reduction = bool(row["paired"]), float(row["variance_reduction"])
        found.append(_Point(str(row["plan"]), words, value, low, high, shown, paired, reduction))
    return found


def _counted_in(unit: str) -> str:
    """Return a unit as it goes on from a difference.

    >>> _counted_in("per run"), _counted_in("hours")
    ('per run', 'in hours')
    """
    return unit if unit.startswith("per ") else f"in {unit}"


def _grouped(points: Sequence[_Point]) -> list[_Rows]:
    """Return what each panel shows: the points of one unit that can be read on one scale.

    In a panel, points are grouped by what they are about, in the table's order.
    """
    rows: _Rows = {}
    for point in points:
        rows.setdefault((point.unit, point.words), []).append(point)
    groups: list[_Rows] = []
    for key, found in rows.items():
        group = next((one for one in groups if _fits(found, one)), None)
        if group is None:
            groups.append(group := {})
        group[key] = found
    return groups


def _fits(found: Sequence[_Point], group: _Rows) -> bool:
    """Return whether points have the unit of a panel, and are not lost on its scale."""
    there = [point for points in group.values() for point in points]
    ours, theirs = (max(point.size() for point in points) for points in (found, there))
    alike = max(ours, theirs) <= _MOST_TIMES * min(ours, theirs) or min(ours, theirs) == 0
    return found[0].unit == there[0].unit and alike


def _inches(rows: _Rows) -> float:
    """Return how high a panel is: a line for each point, and room between what they are about."""
    return sum(max(_LINE_INCHES * len(found), 0.32) + _ROW_INCHES for found in rows.values())


def _draw_rows(panel: Axes, rows: _Rows, plans: Sequence[str]) -> None:
    """Draw the points of a panel, the rows of a quantity on a band of their own."""
    top, centres = 0.0, []
    for index, found in enumerate(rows.values()):
        height = max(_LINE_INCHES * len(found), 0.32) + _ROW_INCHES
        if index % 2 == 0:
            panel.axhspan(top, top + height, color=PALE, alpha=0.35, linewidth=0, zorder=0)
        for line, point in enumerate(found):
            place = top + height / 2 + _LINE_INCHES * (line - (len(found) - 1) / 2)
            _draw_point(panel, place, point, plans.index(point.plan))
        centres.append(top + height / 2)
        top += height
    panel.axvline(0, color=INK, linewidth=1.2, zorder=1)
    panel.set_ylim(top, 0)
    panel.set_yticks(
        centres, [wrapped(words, _LABEL_INCHES, 11) for _, words in rows], parse_math=False
    )
    panel.tick_params(axis="y", length=0)
    panel.spines["left"].set_visible(False)
    panel.grid(visible=True, axis="x")
    panel.margins(x=0.08)


def _draw_point(panel: Axes, place: float, point: _Point, index: int) -> None:
    colour, marker = look(index)
    panel.plot([point.low, point.high], [place] * 2, color=colour, linewidth=2.2, zorder=3)
    panel.plot(
        point.value,
        place,
        marker=marker,
        color=colour,
        markerfacecolor=colour if point.is_told_from_zero() else "white",
        markersize=7,
        zorder=4,
    )
    write_beside(panel, place, point.in_words())


def look(index: int) -> tuple[str, str]:
    """Return the colour and the marker of a plan or line; no two of the first 36 look the same.

    >>> look(0) == look(6), look(0)[0] == look(6)[0]
    (False, True)
    """
    return step_colour(index), step_marker(index + index // len(MARKERS))


def _name_plans(axes: Axes, plans: Sequence[str]) -> int:
    """Write above what colour and marker each plan has, and return in how many lines."""
    if len(plans) < 2:  # noqa: PLR2004 - the title says which plan it is
        return 0
    handles = [
        Line2D([], [], color=colour, marker=marker, label=plan)
        for plan, (colour, marker) in zip(plans, map(look, range(len(plans))), strict=True)
    ]
    columns = 1 if max(map(len, plans)) > _LONG else 2
    found = axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2
    )
    for text in found.get_texts():
        text.set_parse_math(False)
    return math.ceil(len(plans) / columns)


def _head_column(axes: Axes) -> None:
    """Write above the numbers beside the panels what they are."""
    axes.annotate(
        "difference (95 % interval); gain",
        (1.02, 1),
        xycoords="axes fraction",
        xytext=(0, 4),
        textcoords="offset points",
        color=GREY,
        fontsize=10,
    )


def _times(reduction: float) -> str:
    """Return how many times more runs separate luck would need.

    >>> _times(4.213), _times(math.inf), _times(math.nan)
    ('4.2x', 'exact', 'no telling')
    """
    if math.isnan(reduction):
        return "no telling"
    if math.isinf(reduction):
        return "exact"
    return f"{reduction:,.0f}x" if reduction >= 100 else f"{reduction:.1f}x"  # noqa: PLR2004
