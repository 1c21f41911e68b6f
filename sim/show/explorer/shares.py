"""The explorer's pictures of shares: how it ends under both plans, and what B changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.results.numbers import change, told
from sim.show.explorer.numbers import difference_text, estimate_text
from sim.show.explorer.paper import COLOURS, SIZE, Drawn, axes_on_paper
from sim.show.style import BLUE, GREY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from sim.results.estimates import Estimate
    from sim.show.explorer.numbers import Pair
    from sim.show.explorer.paper import View

_ROW_INCHES: Final = 0.5


class _Row(NamedTuple):
    name: str
    unit: str
    words: str


_SHARES: Final = {"held": "the ceasefire holds", "attacked": "there is a decision to attack"}


def _rows(pair: Pair) -> list[_Row]:
    """Return the shares that are drawn."""
    highest = [list(one.levels)[-1] for one in pair.scenarios]
    found = [_Row(name, "share of runs", words) for name, words in _SHARES.items()]
    if highest[0] == highest[1]:
        name = f"reached_{highest[0]}"
        found.append(_Row(name, "share of runs", f"fighting reaches {highest[0]}"))
    steps = dict.fromkeys(step for plan in pair.scenarios for step in plan.steps)
    of_steps = (_Row(f"{one}.on_time", "share of calls", _in_time(pair, one)) for one in steps)
    return [*found, *of_steps]


def _in_time(pair: Pair, step: str) -> str:
    """Return what is counted of a step's calls, with the deadline of each plan."""
    plans = [one.steps[step] for one in pair.scenarios if step in one.steps]
    dues = list(dict.fromkeys(one.deadline_hours for one in plans))
    if dues == [None]:
        return f"{step}: calls in force (no deadline)"
    said = ["no deadline" if due is None else f"{due:g} h" for due in dues]
    return f"{step}: calls in force by {' / '.join(said)}"


def outcomes(pair: Pair, view: View) -> Drawn:
    """Draw how the runs end under both plans, and whether the steps are in time."""
    rows = _rows(pair)
    height = 0.62 + _ROW_INCHES * len(rows)
    figure, axes = axes_on_paper(view, height, (0.1, 0.68, 0.55, 0.07))
    told, bars = [], []
    for place, row in enumerate(rows):
        axes.text(0, place - 0.26, row.words, va="bottom", fontsize=SIZE, parse_math=False)
        for plan, found in _estimates(pair, row.name):
            bars.append((place + (-0.1, 0.2)[plan], found, COLOURS[plan]))
            told.append(f"{row.words}, {'AB'[plan]}: {estimate_text(found, row.unit)}")
    _draw_bars(axes, bars)
    _shape_rows(axes, len(rows))
    axes.set_xlim(0, 100)
    axes.set_xlabel("Share of runs, or of a step's calls (%)", fontsize=SIZE)
    return Drawn(figure, "; ".join(told))


def _estimates(pair: Pair, name: str) -> Iterator[tuple[int, Estimate]]:
    for plan, results in enumerate((pair.first, pair.other)):
        if name in results.tally.quantities:
            yield plan, results.tally.estimate(name)


def _draw_bars(axes: Axes, bars: Sequence[tuple[float, Estimate, str]]) -> None:
    """Draw bars with their intervals, all at once: each artist of its own costs a millisecond."""
    places, found, colours = zip(*bars, strict=True)
    values, low, high = (100 * np.array([one[part] for one in found]) for part in range(3))
    axes.barh(places, values, height=0.27, color=colours, alpha=0.85)
    for colour, width in (("white", 3.2), ("black", 1.2)):
        axes.hlines(places, low, high, color=colour, linewidth=width, zorder=3)
    for place, one, ink in zip(places, found, colours, strict=True):
        shown = told(one, "share")
        words = "none called" if np.isnan(one.value) else f"{shown.value}{shown.unit}"
        axes.text(101.5, place, words, va="center", fontsize=SIZE, color=ink)


def _shape_rows(axes: Axes, rows: int) -> None:
    axes.set_ylim(rows - 0.5, -0.62)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")


def differences(pair: Pair, view: View) -> Drawn:
    """Draw by how much more there is of each share under plan B than under plan A."""
    rows = [one for one in _rows(pair) if one.name in pair.pairs.quantities]
    found = {one: pair.pairs.difference(one.name).difference for one in rows}
    rows = [one for one in rows if not np.isnan(found[one].value)]
    height = 0.62 + _ROW_INCHES * max(len(rows), 1)
    figure, axes = axes_on_paper(view, height, (0.1, 0.1, 0.55, 0.07))
    widest = max((abs(100 * bound) for one in found.values() for bound in one[:3]), default=1.0)
    limit = max(0.5, 1.12 * (widest if np.isfinite(widest) else 1.0))
    axes.axvline(0, color=GREY, linewidth=1)
    for place, row in enumerate(rows):
        words = axes.text(-limit, place - 0.18, row.words, fontsize=SIZE, parse_math=False)
        words.set_backgroundcolor("white")
        value = change(found[row][:3], row.unit).value
        axes.text(limit, place - 0.18, value, ha="right", fontsize=SIZE, color=BLUE)
    _draw_intervals(axes, [found[row] for row in rows])
    _shape_rows(axes, len(rows))
    axes.set_xlim(-limit, limit)
    axes.set_xlabel("B less A, percentage points (paired)", fontsize=SIZE)
    told = [f"{row.words}: {difference_text(found[row], row.unit)}" for row in rows]
    return Drawn(figure, f"B less A: {'; '.join(told)}")


def _draw_intervals(axes: Axes, found: Sequence[Estimate]) -> None:
    """Draw differences with their intervals; a full mark is told from zero."""
    places = np.arange(len(found)) + 0.12
    values, low, high = (100 * np.array([one[part] for one in found]) for part in range(3))
    axes.hlines(places, low, high, color=BLUE, linewidth=2)
    for ends in (low, high):
        axes.vlines(ends, places - 0.1, places + 0.1, color=BLUE, linewidth=1.2)
    fills = [BLUE if one.low > 0 or one.high < 0 else "white" for one in found]
    axes.scatter(values, places, s=42, color=fills, edgecolors=BLUE, zorder=4)
