"""Figures of when: what has happened by each day, and each step by each hour of the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.results.estimates import cumulative_incidence, share_of_events, share_of_runs
from sim.show.labels import End, count_text, hour_ticks, label_ends, say_instead, share_text
from sim.show.style import GREY, VERMILION, Sheet, house_style, step_colour, step_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from sim.results.estimates import Estimate, Floats
    from sim.results.results import Results

_POINTS: Final = 161
_CLOCKS: Final = {
    "violation": "the violation that opened the crisis",
    "detection": "the detection of the violation that opened the crisis",
    "attribution": "the attribution that opened the crisis",
}


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
    days = np.linspace(0.0, float(results.scenario.run.horizon_days), _POINTS)
    ends, top = [], 0.0
    for curve in _curves(results):
        bands = [100 * one for one in cumulative_incidence(curve.hours, days * 24)]
        _draw_curve(axes, days, bands, curve.colour, curve.marker)
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


def _draw_curve(axes: Axes, at: Floats, bands: list[Floats], colour: str, marker: str) -> None:
    share, low, high = bands
    axes.fill_between(at, low, high, color=colour, alpha=0.18, linewidth=0)
    every = (len(at) // 16, len(at) // 8)
    axes.plot(at, share, color=colour, marker=marker, markevery=every, markersize=5, linewidth=1.8)


@house_style()
def delays(results: Results, axes: Axes | None = None) -> Axes:
    """Draw the share of each step's calls that are in force by each hour of the crisis's clock.

    The deadline is marked on the curve. A call that is refused, or stood down with the crisis, or
    still open when the run ends, never comes into force, so the curve need not reach 100 %.
    """
    axes = delays_sheet(results).on_screen() if axes is None else axes
    calls = [_Calls(results, name) for name in results.scenario.steps]
    end_hours = _end_hours(calls)
    axes.set_xlim(0, end_hours)
    axes.set_ylim(0, 101)
    axes.set_xticks(hour_ticks(0, end_hours))
    axes.set(
        xlabel=f"Hours on the clock, which starts at {_CLOCKS[results.scenario.crisis.clock]}",
        ylabel="Share of calls in force (%)",
    )
    axes.set_title("In time? Share of each step's calls that are in force by each hour")
    axes.grid(visible=True)
    ends = [_draw_calls(axes, index, one, end_hours) for index, one in enumerate(calls)]
    label_ends(axes, ends)
    if not calls:
        say_instead(axes, "This scenario has no steps: nobody is called.")
    return axes


def delays_sheet(results: Results) -> Sheet:
    """Return what stands around the figure."""
    note = (
        "A call that is refused, or stood down because the crisis closed, never comes into force. "
        "Bands, bars and brackets: 95 % intervals. The bar on a dotted line is the deadline."
    )
    height = max(5.5, 2.2 + 0.72 * len(results.scenario.steps))
    return Sheet(results.scenario.title, (note, results.provenance()), height, width_inches=11)


class _Calls:
    """The calls of one step: of which run, and how long until they were in force."""

    def __init__(self, results: Results, name: str) -> None:
        """Read them off the tables of runs and of crises."""
        step = results.scenario.steps[name]
        crises, runs = results.crises, results.crises_runs
        self.name = name
        self.deadline_hours = step.deadline_hours
        self.not_before_hours = step.not_before_hours
        self.called: Floats = results.column(f"{name}_called").to_numpy(dtype=np.float64)[:runs]
        on_time = results.column(f"{name}_on_time").to_numpy(dtype=np.float64)[:runs]
        self.on_time = share_of_events(on_time, self.called)
        delays = (crises[f"{name}_in_force_hours"] - crises["clock_hours"]).to_numpy(float)
        rows = crises["run"].to_numpy()
        self.delay_hours = delays[~np.isnan(delays)]
        self.rows = rows[~np.isnan(delays)]

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
        calls = count_text(int(self.called.sum()), "call")
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
    regular = np.linspace(0.0, end_hours, _POINTS)
    at = np.unique(np.concatenate([regular, calls.turning_points()]))
    shares = [calls.in_force_by(float(hours)) for hours in at]
    bands = [100 * np.array([share[part] for share in shares]) for part in range(3)]
    _draw_curve(axes, at, bands, colour, marker)
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
