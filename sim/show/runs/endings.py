"""The figure of how runs end: the ending, and how high the fighting went."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.model.words import OUTCOMES, RUNAWAY
from sim.results.estimates import Estimate, share
from sim.scenario.counts import counted
from sim.show.bars import draw_interval, name_rows
from sim.show.labels import share_text, write_beside
from sim.show.style import BLUE, GREY, INK, VERMILION, Sheet, house_style, level_colours

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.results import Results


class _Bar(NamedTuple):
    place: float
    name: str
    share: Estimate
    colour: str


@house_style()
def outcomes(results: Results, axes: Axes | None = None) -> Axes:
    """Draw how the runs ended and how high the fighting went, as shares of runs."""
    axes = outcomes_sheet(results).on_screen() if axes is None else axes
    endings, heights = _endings(results), _heights(results)
    for bar in (*endings, *heights):
        _draw_bar(axes, bar)
    for words, bars in (
        ("How the runs ended", endings),
        ("Highest level that fighting reached in a run", heights),
    ):
        axes.text(0, bars[0].place - 0.62, words, va="bottom", style="italic")
    bars = [*endings, *heights]
    name_rows(axes, [bar.place for bar in bars], [bar.name for bar in bars])
    axes.set_ylim(bars[-1].place + 0.6, -1.1)
    axes.set_xlim(0, 100)
    axes.set_xlabel("Share of runs (%)")
    axes.set_title(f"How {counted(results.replications, 'run')} of the ceasefire ended")
    axes.grid(visible=True, axis="x")
    write_beside(axes, -0.85, "share (95 % interval)", bold=True)
    return axes


def outcomes_sheet(results: Results) -> Sheet:
    """Return what stands around the figure."""
    note = "Black lines and brackets: 95 % intervals (Wilson)."
    height = 2.6 + 0.36 * (len(results.scenario.levels) + 4)
    return Sheet(results.scenario.title, (note, results.provenance()), min(height, 40))


def _endings(results: Results) -> list[_Bar]:
    days = counted(results.scenario.run.horizon_days, "day")
    names = (f"held for all {days}", "collapsed before", "cut off: it has run away")
    bars = [
        _Bar(place, name, results.tally.estimate(outcome), colour)
        for place, (name, outcome, colour) in enumerate(
            zip(names, OUTCOMES, (BLUE, VERMILION, GREY), strict=True)
        )
    ]
    return bars if results.runaways else bars[:RUNAWAY]


def _heights(results: Results) -> list[_Bar]:
    names = ("quiet", *results.scenario.levels)
    colours = level_colours(len(names) - 1)
    runs = results.tally.runs
    reached = [runs, *(_runs_that_reached(results, name) for name in names[1:]), 0]
    return [
        _Bar(
            level + 3.2 + (results.runaways > 0),
            name,
            share(reached[level] - reached[level + 1], runs),
            colours[level],
        )
        for level, name in enumerate(names)
    ]


def _runs_that_reached(results: Results, level: str) -> int:
    return round(results.tally.quantities[f"reached_{level}"].moments.part)


def _draw_bar(axes: Axes, bar: _Bar) -> None:
    value, low, high = (100 * one for one in bar.share[:3])
    axes.barh(bar.place, value, height=0.66, color=bar.colour, edgecolor=INK, linewidth=0.6)
    draw_interval(axes, bar.place, value, low, high)
    write_beside(axes, bar.place, share_text(bar.share))
