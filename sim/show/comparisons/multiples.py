"""The same small figure of each plan, side by side, on the same scales."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from matplotlib.lines import Line2D

from sim.model.words import OUTCOMES
from sim.show.bars import draw_interval
from sim.show.panels import grid
from sim.show.style import (
    BLUE,
    GREY,
    INK,
    VERMILION,
    Sheet,
    level_colours,
    step_colour,
    step_marker,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.results.estimates import Estimate
    from sim.results.results import Results
    from sim.study.comparing.comparison import Comparison

MOST_PLANS: Final = 16
_MOST_COLUMNS: Final = 4
_WIDTH_INCHES: Final = 12.0
_GAP_INCHES: Final = (0.28, 0.6)
"""Between the panels of a row, and between rows, where a plan's name stands."""
_NAME_POINTS: Final = 10.0
_LARGE: Final = 100.5
"""From here on a value has no decimals."""
_HIGHEST: Final = "reached {}"


class _Row(NamedTuple):
    """A row of bars that each panel has, and how to find its estimate for a plan."""

    name: str
    quantity: str
    colour: str


class _Kind(NamedTuple):
    """A figure that can be shown of many plans."""

    title: str
    note: str
    panel_inches: Callable[[Comparison], float]
    draw: Callable[[Comparison, Sequence[Axes]], list[Artist]]
    """Draws a panel for each plan, and returns what a legend has to explain."""


def draw_multiples(comparison: Comparison, axes: Axes, what: str) -> Axes:
    """Draw a panel for each plan on axes, and return these."""
    kind = _kind(comparison, what)
    rows, columns = _shape(len(comparison.labels))
    shown = grid(axes, (rows, columns), _panel_size(comparison, kind), _GAP_INCHES)
    panels = shown[: len(comparison.labels)]
    for empty in shown[len(comparison.labels) :]:
        empty.set_visible(False)
    handles = kind.draw(comparison, panels)
    for index, (label, panel) in enumerate(zip(comparison.labels, panels, strict=True)):
        _frame(panel, label, columns, index, is_lowest=index + columns >= len(panels))
    axes.set_title(kind.title, pad=34 + 32 * bool(handles))
    if handles:
        _explain(axes, handles)
    return axes


def multiples_sheet(comparison: Comparison, what: str, footer: Sequence[str]) -> Sheet:
    """Return what stands around the grid."""
    kind = _kind(comparison, what)
    rows, _ = _shape(len(comparison.labels))
    height = 2.9 + rows * (kind.panel_inches(comparison) + _GAP_INCHES[1])
    return Sheet(comparison.answer(), (kind.note, *footer), min(height, 40), _WIDTH_INCHES)


def _kind(comparison: Comparison, what: str) -> _Kind:
    if what not in _KINDS:
        message = f"what: is {what!r}, must be one of {', '.join(_KINDS)}"
        raise ValueError(message)
    if len(comparison.labels) > MOST_PLANS:
        message = f"comparison: has {len(comparison.labels)} plans, must be at most {MOST_PLANS}"
        raise ValueError(message)
    return _KINDS[what]


def _shape(plans: int) -> tuple[int, int]:
    """Return how many rows and columns there are: no row is left almost empty.

    >>> _shape(2), _shape(5), _shape(6), _shape(16)
    ((1, 2), (2, 3), (2, 3), (4, 4))
    """
    rows = math.ceil(plans / _MOST_COLUMNS)
    return rows, math.ceil(plans / rows)


def _panel_size(comparison: Comparison, kind: _Kind) -> tuple[float, float]:
    _, columns = _shape(len(comparison.labels))
    return (_WIDTH_INCHES - 1.6) / columns, kind.panel_inches(comparison)


def _frame(panel: Axes, label: str, columns: int, index: int, *, is_lowest: bool) -> None:
    """Name a panel's plan, and leave out what the panel to the left or below says already."""
    inches = (_WIDTH_INCHES - 2.0) / columns - _GAP_INCHES[0]
    # Bold is wider.
    name = wrapped(label, 0.85 * inches, _NAME_POINTS)
    panel.set_title(name, fontsize=_NAME_POINTS, pad=4, parse_math=False)
    panel.tick_params(labelsize=9)
    if index % columns:
        panel.set_ylabel("")
        panel.tick_params(labelleft=False)
    if not is_lowest:
        panel.set_xlabel("")
        panel.tick_params(labelbottom=False)


def _explain(axes: Axes, handles: Sequence[Artist]) -> None:
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        bbox_transform=axes.transAxes,
        ncols=min(len(handles), 6),
        borderaxespad=2.6,
    )


def _draw_outcomes(comparison: Comparison, panels: Sequence[Axes]) -> list[Artist]:
    rows = _outcome_rows(comparison)
    for results, panel in zip(comparison.results, panels, strict=True):
        _draw_bars(panel, results, rows, 100.0)
        panel.set_xlim(0, 128)
        panel.set_xticks([0, 25, 50, 75, 100])
        panel.set_xlabel("Share of runs (%)", fontsize=9)
    return []


def _outcome_rows(comparison: Comparison) -> list[_Row]:
    names = ("held", "collapsed", "ran away")
    endings = [
        _Row(name, outcome, colour)
        for name, outcome, colour in zip(names, OUTCOMES, (BLUE, VERMILION, GREY), strict=True)
    ]
    if not any(one.runaways for one in comparison.results):
        endings.pop()
    levels = _levels(comparison)
    colours = level_colours(len(levels))[1:]
    return endings + [
        _Row(_HIGHEST.format(name), f"reached_{name}", colour)
        for name, colour in zip(levels, colours, strict=True)
    ]


def _levels(comparison: Comparison) -> list[str]:
    """Return the levels that all plans have, in the order of the first."""
    first, *others = comparison.scenarios
    return [name for name in first.levels if all(name in other.levels for other in others)]


def _draw_bars(panel: Axes, results: Results, rows: Sequence[_Row], scale: float = 1.0) -> None:
    """Draw a bar with its interval for each row, and its value beside."""
    for place, row in enumerate(rows):
        value, low, high = (scale * one for one in results.tally.estimate(row.quantity)[:3])
        panel.barh(
            place, value, height=0.7, color=row.colour, edgecolor=INK, linewidth=0.6, label=row.name
        )
        if not math.isnan(low):
            draw_interval(panel, place, value, low, high, caps=2.0)
        panel.annotate(
            f"{value:.1f}" if value < _LARGE else f"{value:,.0f}",
            (value if math.isnan(high) else high, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    panel.set_yticks(range(len(rows)), [row.name for row in rows], parse_math=False)
    panel.tick_params(axis="y", length=0)
    panel.set_ylim(len(rows) - 0.4, -0.6)
    panel.grid(visible=True, axis="x")


def _draw_fighting(comparison: Comparison, panels: Sequence[Axes]) -> list[Artist]:
    levels = _levels(comparison)
    rows = [_Row("on the line", "fighting_hours", INK)] + [
        _Row(name, f"hours_{name}", colour)
        for name, colour in zip(levels, level_colours(len(levels))[1:], strict=True)
    ]
    most = max(
        _high(one.tally.estimate(row.quantity)) for one in comparison.results for row in rows
    )
    powers = range(math.ceil(math.log10(max(most, 10.0))) + 1)
    for results, panel in zip(comparison.results, panels, strict=True):
        _draw_bars(panel, results, rows)
        panel.set_xscale("symlog", linthresh=1, linscale=0.4)
        panel.set_xlim(0, 12 * most)
        panel.set_xticks([0, *(10**one for one in powers)], ["0", *(_tens(one) for one in powers)])
        panel.minorticks_off()
        panel.set_xlabel("Mean hours per run", fontsize=9)
    return []


def _high(estimate: Estimate) -> float:
    return estimate.value if math.isnan(estimate.high) else estimate.high


def _tens(power: int) -> str:
    return f"{10**power:,}" if power < 4 else f"{10 ** (power - 3):,}k"  # noqa: PLR2004 - short


def _draw_timing(comparison: Comparison, panels: Sequence[Axes]) -> list[Artist]:
    looks = _looks(comparison)
    top = 0.0
    for results, panel in zip(comparison.results, panels, strict=True):
        for what, (_, look) in looks.items():
            if what in results.tally.happened:
                found = results.tally.incidence(what)
                share, low, high = (100 * one for one in found[1:])
                band = {"color": look["color"], "alpha": 0.18, "linewidth": 0}
                panel.fill_between(found.days, low, high, **band)
                panel.plot(found.days, share, markevery=max(len(share) // 5, 1), **look)
                top = max(top, float(high.max()))
        panel.set_xlabel("Days", fontsize=9)
        panel.set_ylabel("Share of runs (%)", fontsize=9)
        panel.grid(visible=True)
    for panel in panels:
        panel.set_ylim(0, next(one for one in (10, 25, 50, 101) if top < one))
        panel.set_xlim(0, max(float(one.run.horizon_days) for one in comparison.scenarios))
    return [Line2D([], [], label=name, **look) for name, look in looks.values()]


def _looks(comparison: Comparison) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return by what has happened its name and how it looks, the same for a step of every plan."""
    steps = list(dict.fromkeys(name for one in comparison.scenarios for name in one.steps))
    found = {"crisis": ("first crisis", GREY, "*")}
    for index, name in enumerate(steps):
        found[f"{name}.in_force"] = (f"{name} in force", step_colour(index), step_marker(index))
    found["collapsed"] = ("collapse", VERMILION, "X")
    return {
        what: (name, {"color": colour, "marker": marker, "markersize": 5, "linewidth": 1.6})
        for what, (name, colour, marker) in found.items()
    }


def _bars_inches(rows: int) -> float:
    return 0.24 * rows + 0.1


_KINDS: Final[dict[str, _Kind]] = {
    "outcomes": _Kind(
        "How the runs end under each plan, and how often fighting reaches each level",
        "Numbers: percent of runs. Black lines: 95 % intervals (Wilson) of each plan by itself.",
        lambda comparison: _bars_inches(len(_outcome_rows(comparison))),
        _draw_outcomes,
    ),
    "timing": _Kind(
        "How soon under each plan? Share of runs in which it has happened by each day",
        "Bands: 95 % intervals of each plan by itself.",
        lambda _: 1.7,
        _draw_timing,
    ),
    "fighting": _Kind(
        "How much fighting under each plan? Mean hours in a run",
        "Levels: sector-hours. Logarithmic from 1 hour on. Black lines: 95 % intervals (t) of each "
        "plan by itself.",
        lambda comparison: _bars_inches(len(_levels(comparison)) + 1),
        _draw_fighting,
    ),
}
