"""Figures of results: each takes results and perhaps axes, and returns the axes it drew on.

Without axes a figure stands alone: it says below how to read it and what it rests on, and a
notebook shows it. With axes it is one panel of a figure of yours.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.model.words import OUTCOMES, RUNAWAY
from sim.results.estimates import Estimate, share
from sim.results.manifest import DISCLAIMER
from sim.show.compared import differences, incidence, moves, save_comparison
from sim.show.curves import timing, timing_sheet
from sim.show.delays import delays, delays_sheet
from sim.show.labels import count_text, hours_text, share_text, write_beside
from sim.show.style import BLUE, GREY, INK, VERMILION, Sheet, house_style, level_colours, save
from sim.show.timeline import save_timeline, timeline
from sim.study.run import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from matplotlib.axes import Axes

    from sim.results.estimates import Floats
    from sim.results.results import Results

__all__ = [
    "delays",
    "differences",
    "fighting",
    "incidence",
    "moves",
    "outcomes",
    "provenance",
    "save",
    "save_all",
    "save_comparison",
    "save_timeline",
    "timeline",
    "timing",
]

_MOST_DOTS: Final = 400
_SUFFIXES: Final = (".png", ".svg")
_GOLDEN: Final = (math.sqrt(5) - 1) / 2


class _Bar(NamedTuple):
    place: float
    name: str
    share: Estimate
    colour: str


@house_style()
def outcomes(results: Results, axes: Axes | None = None) -> Axes:
    """Draw how the runs ended and how high the fighting went, as shares of runs."""
    axes = _outcomes_sheet(results).on_screen() if axes is None else axes
    endings, heights = _endings(results), _heights(results)
    for bar in (*endings, *heights):
        _draw_bar(axes, bar)
    for words, bars in (
        ("How the runs ended", endings),
        ("Highest level that fighting reached in a run", heights),
    ):
        axes.text(0, bars[0].place - 0.62, words, va="bottom", style="italic")
    bars = [*endings, *heights]
    _name_rows(axes, [bar.place for bar in bars], [bar.name for bar in bars])
    axes.set_ylim(bars[-1].place + 0.6, -1.1)
    axes.set_xlim(0, 100)
    axes.set_xlabel("Share of runs (%)")
    axes.set_title(f"How {count_text(results.replications, 'run')} of the ceasefire ended")
    axes.grid(visible=True, axis="x")
    write_beside(axes, -0.85, "share (95 % interval)", bold=True)
    return axes


def _outcomes_sheet(results: Results) -> Sheet:
    note = "Black lines and brackets: 95 % intervals (Wilson)."
    height = 2.6 + 0.36 * (len(results.scenario.levels) + 4)
    return Sheet(results.scenario.title, (note, results.provenance()), min(height, 40))


def _endings(results: Results) -> list[_Bar]:
    days = f"{results.scenario.run.horizon_days:g} days"
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
    _draw_interval(axes, bar.place, value, low, high)
    write_beside(axes, bar.place, share_text(bar.share))


def _draw_interval(axes: Axes, place: float, value: float, low: float, high: float) -> None:
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
            capsize=4,
            capthick=width,
            zorder=4,
        )


def _name_rows(axes: Axes, places: Sequence[float], names: Sequence[str]) -> None:
    axes.set_yticks(places, names, parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


@house_style()
def fighting(results: Results, axes: Axes | None = None) -> Axes:
    """Draw the hours of fighting in a run: every run a dot, and the mean with its interval.

    Levels differ by orders of magnitude, and many runs have no hour at the highest: the axis is
    linear from 0 to 1 hour and logarithmic from there on, so that zeros are seen too.
    """
    axes = _fighting_sheet(results).on_screen() if axes is None else axes
    rows = _hours_by_row(results)
    colours = [INK, *level_colours(len(rows) - 1)[1:]]
    for place, ((column, hours), colour) in enumerate(zip(rows.values(), colours, strict=True)):
        _draw_hours(axes, place, hours, results.tally.estimate(column), colour)
    _name_rows(axes, range(len(rows)), list(rows))
    axes.set_ylim(len(rows) - 0.4, -0.9)
    unit = _scale_hours(axes, max(float(hours.max()) for _, hours in rows.values()))
    axes.set_xlabel(f"Hours per run (levels: sector-hours){unit}")
    axes.set_title("How much fighting? Hours in a run, at each level")
    axes.grid(visible=True, axis="x")
    write_beside(axes, -0.72, "mean per run (95 % interval)", bold=True)
    return axes


def _fighting_sheet(results: Results) -> Sheet:
    shown = min(results.replications, _MOST_DOTS)
    which = (
        "Each dot is a run" if shown == results.replications else f"Dots: the first {shown} runs"
    )
    note = (
        f"{which}; diamonds: the mean of all runs, with its 95 % interval (t). An hour in which "
        "two sectors fight is one hour on the line and two sector-hours."
    )
    height = 2.6 + 0.62 * (len(results.scenario.levels) + 1)
    return Sheet(results.scenario.title, (note, results.provenance()), min(height, 60))


def _hours_by_row(results: Results) -> dict[str, tuple[str, Floats]]:
    """Return for each row the column it is about, and the hours of the first runs."""
    columns = {"anywhere on the line": "fighting_hours"}
    columns |= {name: f"hours_{name}" for name in results.scenario.levels}
    return {
        name: (one, results.sample[one].to_numpy(dtype=np.float64)) for name, one in columns.items()
    }


def _draw_hours(axes: Axes, place: float, hours: Floats, mean: Estimate, colour: str) -> None:
    dots = hours[:_MOST_DOTS]
    # Multiples of the golden section spread evenly, and the same way every time.
    offsets = 0.6 * ((np.arange(len(dots)) * _GOLDEN) % 1 - 0.5)
    axes.scatter(dots, place + offsets, s=9, color=colour, alpha=0.45, linewidths=0, clip_on=False)
    if not math.isnan(mean.low):
        _draw_interval(axes, place, mean.value, mean.low, mean.high)
    axes.scatter(
        [mean.value], [place], s=60, marker="D", color="white", edgecolors="black", zorder=5
    )
    write_beside(axes, place, hours_text(mean))


def _scale_hours(axes: Axes, most_hours: float) -> str:
    """Set the scale that suits the longest hours, and return words for it."""
    if most_hours <= 50:  # noqa: PLR2004 - fits on a plain scale
        axes.set_xlim(0, max(most_hours, 1) * 1.05)
        return ""
    axes.set_xscale("symlog", linthresh=1, linscale=0.4)
    ticks = [0, *(10**power for power in range(math.ceil(math.log10(most_hours)) + 1))]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlim(0, most_hours * 1.3)
    return ", logarithmic from 1 hour on"


# In a timeline of more violations nobody sees anything.
_MOST_DRAWN: Final = 100_000

_FIGURES: Final[dict[str, tuple[Callable[[Results, Axes], Axes], Callable[[Results], Sheet]]]] = {
    "outcomes": (outcomes, _outcomes_sheet),
    "timing": (timing, timing_sheet),
    "delays": (delays, delays_sheet),
    "fighting": (fighting, _fighting_sheet),
}


def provenance(results: Results) -> dict[str, str]:
    """Return what the numbers are and where they come from, for the inside of a picture's file."""
    return {
        "Description": results.provenance(),
        "Scenario": results.scenario.title,
        "Runs": str(results.replications),
        "Seed": str(results.seed),
        "Run id": results.run_id,
        "Disclaimer": DISCLAIMER,
    }


def save_all(results: Results, folder: str | PathLike[str]) -> list[Path]:
    """Write every figure of the results into a folder, as PNG and SVG, and return the files.

    The timeline is of the run in which most happened. Needs no screen. The same results give the
    same bytes.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    told, paths = provenance(results), []
    for name, (figure, sheet) in _FIGURES.items():
        with house_style():
            axes = figure(results, sheet(results).off_screen())
        paths += [save(axes, folder / f"{name}{suffix}", told) for suffix in _SUFFIXES]
    return paths + _save_story(results, folder)


def _save_story(results: Results, folder: Path) -> list[Path]:
    """Write the timeline of the run in which most happened, if there is one that can be drawn."""
    run, plan = _richest_run(results), results.scenario_as_run()
    if run is None:
        return []
    told = trace(plan, run, engine="compiled")
    files = [folder / f"timeline{suffix}" for suffix in _SUFFIXES]
    return [save_timeline(told, plan, run, file) for file in files]


def _richest_run(results: Results) -> int | None:
    """Return the first run that went highest and, of those, had most of the steps in force.

    Of the first 100,000 runs, whose rows are always there. Runs with more violations than a picture
    can show do not count, nor do runaways.
    """
    steps = results.scenario.steps
    runs = results.sample
    in_force = sum(runs[f"{name}_first_hours"].notna().to_numpy(int) for name in steps)
    violations = runs["incidents"] + runs["attacks"]
    drawable = (violations <= _MOST_DRAWN) & (runs["outcome"] != "runaway")
    richness = runs["highest_level"] * (len(steps) + 1) + in_force
    best = int(richness.where(drawable, -1).to_numpy().argmax())
    return best if drawable.iloc[best] else None
