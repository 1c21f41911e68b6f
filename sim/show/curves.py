"""The figure of when: what has happened by each day since the ceasefire began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.results.estimates import cumulative_incidence, share_of_runs
from sim.show.labels import End, label_ends, share_text
from sim.show.style import GREY, VERMILION, Sheet, house_style, step_colour, step_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from sim.results.estimates import Floats
    from sim.results.results import Results

POINTS: Final = 161
"""At how many points a curve is drawn."""


class _Curve(NamedTuple):
    name: str
    hours: Floats
    """When it first happened in each run, NaN where it never did: shape (runs,)."""
    colour: str
    marker: str


@house_style()
def timing(results: Results, axes: Axes | None = None) -> Axes:
    """Draw the share of runs in which each thing has happened by each day, with 95 % bands."""
    axes = timing_sheet(results).on_screen() if axes is None else axes
    days = np.linspace(0.0, float(results.scenario.run.horizon_days), POINTS)
    ends, top = [], 0.0
    for curve in _curves(results):
        bands = [100 * one for one in cumulative_incidence(curve.hours, days * 24)]
        draw_curve(axes, days, bands, curve.colour, curve.marker)
        ends.append(_end_of(curve, float(bands[0][-1])))
        top = max(top, float(bands[2].max()))
    axes.set_xlim(0, days[-1])
    # A plan under which little happens is still readable, on a scale that says what it is.
    axes.set_ylim(0, next(one for one in (10, 25, 50, 101) if top < one))
    axes.set(xlabel="Days since the ceasefire began", ylabel="Share of runs (%)")
    axes.set_title("How soon? Share of runs in which it has happened by each day")
    axes.grid(visible=True)
    label_ends(axes, ends)
    return axes


def timing_sheet(results: Results) -> Sheet:
    """Return what stands around the figure."""
    note = (
        "Bands: 95 % intervals. In brackets: the interval at the end. A run that collapses is "
        "over: what had not happened by then never does."
    )
    height = max(5.5, 2.2 + 0.3 * (len(results.scenario.steps) + 2))
    return Sheet(results.scenario.title, (note, results.provenance()), height)


def _curves(results: Results) -> Iterator[_Curve]:
    def hours(column: str) -> Floats:
        return results.column(column).to_numpy(dtype=np.float64)

    yield _Curve("first crisis", hours("first_crisis_hours"), GREY, "*")
    for index, name in enumerate(results.scenario.steps):
        first = hours(f"{name}_first_hours")
        yield _Curve(f"{name} in force", first, step_colour(index), step_marker(index))
    collapsed = np.where(results.column("outcome") == "collapsed", hours("end_hours"), np.nan)
    yield _Curve("collapse", collapsed, VERMILION, "X")


def _end_of(curve: _Curve, height: float) -> End:
    share = share_of_runs(~np.isnan(curve.hours))
    return End(height, f"{curve.name}: {share_text(share)}", curve.colour, curve.marker)


def draw_curve(axes: Axes, at: Floats, bands: list[Floats], colour: str, marker: str) -> None:
    """Draw a share with its band; bands are the share, low and high."""
    share, low, high = bands
    axes.fill_between(at, low, high, color=colour, alpha=0.18, linewidth=0)
    every = (len(at) // 16, len(at) // 8)
    axes.plot(at, share, color=colour, marker=marker, markevery=every, markersize=5, linewidth=1.8)
