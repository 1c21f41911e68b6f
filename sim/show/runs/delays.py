"""The figure of delays: what is in force by each hour of the clock, and where the hours went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.results.estimates import POINTS, mean_over_events, share_of_events
from sim.scenario.counts import counted
from sim.show.labels import (
    CLOCKS,
    End,
    hour_ticks,
    label_ends,
    say_instead,
    share_text,
)
from sim.show.runs.bottlenecks import ROW_INCHES, Bar, draw_bars, rows_needed
from sim.show.runs.curves import draw_curve
from sim.show.style import Sheet, house_style, step_colour, step_marker

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from matplotlib.axes import Axes

    from sim.results.estimates import Estimate, Floats
    from sim.results.results import Results


@house_style()
def delays(results: Results, axes: Axes | None = None) -> Axes:
    """Draw when each step's calls are in force, on the crisis's clock, and what that time was.

    Above, the share of calls that are in force by each hour. The deadline is marked on the curve.
    A call that is refused, or stood down with the crisis, or still open when the run ends, never
    comes into force, so the curve need not reach 100 %. Below, a bar for each step: the mean hours
    of detection, attribution, waiting, decision and deployment, of those that came into force.
    """
    axes = delays_sheet(results).on_screen() if axes is None else axes
    calls = _all_calls(results)
    end_hours = _end_hours(calls)
    row = 100 * ROW_INCHES / _curves_inches(len(calls))
    axes.set_xlim(0, end_hours)
    axes.set_ylim(-row * rows_needed(len(calls)), 101)
    axes.set_xticks(hour_ticks(0, end_hours))
    axes.set_xlabel(f"Hours on the clock, which starts at {CLOCKS[results.scenario.crisis.clock]}")
    axes.set_title("In time? Share of each step's calls that are in force by each hour")
    axes.grid(visible=True)
    ends = [_draw_calls(axes, index, one, end_hours) for index, one in enumerate(calls)]
    label_ends(axes, ends, lowest=0.0)
    if not calls:
        say_instead(axes, "This scenario has no steps: nobody is called.")
        return axes
    places = draw_bars(axes, [one.bar() for one in calls], row, end_hours)
    _name_heights(axes, places, [one.name for one in calls])
    return axes


def _all_calls(results: Results) -> list[_Calls]:
    steps = results.scenario.steps
    columns = [f"{name}_in_force_hours" for name in steps]
    crises, runs = results.first_crises(["run", "clock_hours", *columns])
    parts = results.delays()
    return [_Calls(results, name, crises, runs, parts[parts["step"] == name]) for name in steps]


def _name_heights(axes: Axes, places: list[float], names: list[str]) -> None:
    """Name the shares above and the steps below."""
    shares = range(0, 101, 20)
    axes.set_yticks([*shares, *places], [*map(str, shares), *names], parse_math=False)
    axes.set_ylabel("Share of calls in force (%)")
    lowest, highest = axes.get_ylim()
    axes.yaxis.label.set_y((50 - lowest) / (highest - lowest))
    for tick in axes.yaxis.get_major_ticks()[len(shares) :]:
        tick.gridline.set_visible(False)
        tick.tick1line.set_visible(False)


def delays_sheet(results: Results) -> Sheet:
    """Return what stands around the figure."""
    note = (
        "A call that is refused, or stood down because the crisis closed, never comes into force. "
        "Bands, brackets and lines through marks: 95 % intervals. The mark on a dotted line is the "
        "deadline. The bars are of the crises in which the step came into force: those that ended "
        "too soon for it are not among them."
    )
    steps = len(results.scenario.steps)
    height = 1.9 + _curves_inches(steps) + ROW_INCHES * rows_needed(steps)
    return Sheet(results.scenario.title, (note, results.provenance()), height, width_inches=11)


def _curves_inches(steps: int) -> float:
    """Return how high the curves are, so that each has room for its words beside it."""
    return max(3.6, 0.3 + 0.72 * steps)


class _Calls:
    """The calls of one step: of which run, and how long until they were in force."""

    def __init__(
        self, results: Results, name: str, crises: pa.Table, runs: int, parts: pd.DataFrame
    ) -> None:
        """Read them off the tables of runs and of crises; take the parts of their delays."""
        step = results.scenario.steps[name]
        self.name = name
        self.parts = parts
        self.deadline_hours = step.deadline_hours
        self.not_before_hours = step.not_before_hours
        self.called: Floats = results.column(f"{name}_called").to_numpy(dtype=np.float64)[:runs]
        on_time = results.column(f"{name}_on_time").to_numpy(dtype=np.float64)[:runs]
        self.on_time = share_of_events(on_time, self.called)
        in_force, clock = crises[f"{name}_in_force_hours"], crises["clock_hours"]
        delays = in_force.to_numpy() - clock.to_numpy()
        rows = crises["run"].to_numpy()
        self.delay_hours = delays[~np.isnan(delays)]
        self.rows = rows[~np.isnan(delays)]

    def bar(self) -> Bar:
        """Return where the hours went of those that came into force."""
        sums, counts = (
            np.bincount(self.rows, weights, minlength=len(self.called)).astype(np.float64)
            for weights in (self.delay_hours, np.ones(len(self.rows)))
        )
        return Bar(self.parts, mean_over_events(sums, counts), self.deadline_hours)

    def in_force_by(self, hours: float) -> Estimate:
        """Return the share of calls that are in force by an hour of the clock."""
        by_then = self.rows[self.delay_hours <= hours]
        return share_of_events(
            np.bincount(by_then, minlength=len(self.called)).astype(float), self.called
        )

    def turning_points(self) -> list[float]:
        """Return the hours at which the plan lets the share jump, and the last before them."""
        hours = [self.not_before_hours, self.deadline_hours or 0.0]
        return [*hours, *(float(np.nextafter(one, 0.0)) for one in hours)]

    def words(self) -> str:
        """Return what stands at the end of the curve."""
        calls = counted(int(self.called.sum()), "call")
        due = (
            "no deadline" if self.deadline_hours is None else f"due by hour {self.deadline_hours:g}"
        )
        if not self.called.any():
            return f"{self.name}, {due}:\nnever called"
        what = "in force" if self.deadline_hours is None else "on time"
        return f"{self.name}, {due}: of {calls},\nshare of calls {what}\n{share_text(self.on_time)}"


def _end_hours(calls: list[_Calls]) -> float:
    """Return where the axis ends: past the deadlines, and past nearly all that came into force."""
    deadlines = [1.2 * (one.deadline_hours or 20.0) for one in calls]
    late = [1.05 * float(np.quantile(one.delay_hours, 0.98)) for one in calls if len(one.rows)]
    return max(24.0, *deadlines, *late, 24.0)


def _draw_calls(axes: Axes, index: int, calls: _Calls, end_hours: float) -> End:
    """Draw one step's curve and its deadline, and return the curve's end."""
    colour, marker = step_colour(index), step_marker(index)
    if not calls.called.any():
        return End(0.0, calls.words(), colour, marker)
    regular = np.linspace(0.0, end_hours, POINTS)
    at = np.unique(np.concatenate([regular, calls.turning_points()]))
    shares = [calls.in_force_by(float(hours)) for hours in at]
    bands = [100 * np.array([share[part] for share in shares]) for part in range(3)]
    draw_curve(axes, at, bands, colour, marker)
    if calls.deadline_hours is not None:
        _mark_deadline(axes, calls.deadline_hours, calls.on_time, colour, marker)
    return End(float(bands[0][-1]), calls.words(), colour, marker)


def _mark_deadline(axes: Axes, hours: float, on_time: Estimate, colour: str, marker: str) -> None:
    value, low, high = (100 * one for one in on_time[:3])
    axes.axvline(hours, color=colour, linestyle=":", linewidth=1.5)
    axes.errorbar(
        [hours],
        [value],
        yerr=[[value - low], [high - value]],
        color=colour,
        marker=marker,
        markersize=10,
        markeredgecolor="black",
        ecolor="black",
        capsize=4,
        zorder=5,
    )
