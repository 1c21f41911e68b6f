"""The figure of how much fighting there is: the hours in a run, at each level."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.show.bars import draw_interval, name_rows
from sim.show.labels import hours_text, write_beside
from sim.show.style import INK, Sheet, house_style, level_colours

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results.estimates import Estimate, Floats
    from sim.results.results import Results

_MOST_DOTS: Final = 400
_GOLDEN: Final = (math.sqrt(5) - 1) / 2


@house_style()
def fighting(results: Results, axes: Axes | None = None) -> Axes:
    """Draw the hours of fighting in a run: every run a dot, and the mean with its interval.

    Levels differ by orders of magnitude, and many runs have no hour at the highest: the axis is
    linear from 0 to 1 hour and logarithmic from there on, so that zeros are seen too.
    """
    axes = fighting_sheet(results).on_screen() if axes is None else axes
    rows = _hours_by_row(results)
    colours = [INK, *level_colours(len(rows) - 1)[1:]]
    for place, ((column, hours), colour) in enumerate(zip(rows.values(), colours, strict=True)):
        _draw_hours(axes, place, hours, results.tally.estimate(column), colour)
    name_rows(axes, range(len(rows)), list(rows))
    axes.set_ylim(len(rows) - 0.4, -0.9)
    unit = _scale_hours(axes, max(float(hours.max()) for _, hours in rows.values()))
    axes.set_xlabel(f"Hours per run (levels: sector-hours){unit}")
    axes.set_title("How much fighting? Hours in a run, at each level")
    axes.grid(visible=True, axis="x")
    write_beside(axes, -0.72, "mean per run (95 % interval)", bold=True)
    return axes


def fighting_sheet(results: Results) -> Sheet:
    """Return what stands around the figure."""
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
        draw_interval(axes, place, mean.value, mean.low, mean.high)
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
