"""The explorer's pictures over time: by which day, and by which hour of the crisis's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure

from sim.results.estimates import Estimate, share_of_moments
from sim.results.moments import Moments
from sim.show.explorer.numbers import estimate_text
from sim.show.explorer.paper import COLOURS, SIZE, Drawn, axes_on_paper
from sim.show.labels import hour_ticks, say_instead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from sim.results.estimates import Floats
    from sim.results.results import Results
    from sim.show.explorer.numbers import Pair
    from sim.show.explorer.paper import View

_HOURS: Final = 41
"""At how many points of the clock a share is drawn."""
_MOST_STEPS: Final = 8


def _draw_curve(axes: Axes, at: Floats, bands: Sequence[Floats], plan: int) -> None:
    """Draw a share with its band; B is the thinner one, so that A is seen where they are alike."""
    share, low, high = bands
    colour = COLOURS[plan]
    axes.fill_between(at, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(at, share, color=colour, linewidth=(3.4, 1.5)[plan], alpha=(0.7, 1.0)[plan])
    every = slice(len(at) // (16, 10)[plan], None, len(at) // 6)
    marker, size = ("o", "s")[plan], (6.5, 3.5)[plan]
    axes.plot(at[every], share[every], marker, color=colour, markersize=size)


def by_when(pair: Pair, view: View) -> Drawn:
    """Draw the share of runs in which something has happened by each day, under both plans."""
    height = 2.75
    figure, axes = axes_on_paper(view, height, (0.55, 0.2, 0.5, 0.1))
    told, top = [], 0.0
    for plan, results in enumerate((pair.first, pair.other)):
        if view.what not in results.tally.happened:
            continue
        found = results.tally.incidence(view.what)
        bands = [100 * one for one in found[1:]]
        _draw_curve(axes, found.days, bands, plan)
        top = max(top, float(np.nanmax(bands[2])))
        share, low, high = (float(one[-1]) for one in found[1:])
        last = Estimate(share, low, high, "", 0)
        told.append(f"{'AB'[plan]}: {estimate_text(last, 'share')} by the end")
    axes.set_ylim(0, next(one for one in (1, 2, 5, 10, 15, 25, 50, 75, 101) if top < one))
    axes.set_xlim(0, max(float(one.run.horizon_days) for one in pair.scenarios))
    axes.set_xlabel("Days since the ceasefire began", fontsize=SIZE)
    axes.set_ylabel("Share of runs (%)", fontsize=SIZE)
    axes.grid(visible=True)
    return Drawn(figure, "; ".join(told))


class _Calls:
    """The calls of one step: how many in each run, and how long until they were in force."""

    def __init__(self, results: Results, step: str) -> None:
        crises, _ = results.first_crises(["run", "clock_hours", f"{step}_in_force_hours"])
        table = next(results.tables())
        self.deadline = results.scenario.steps[step].deadline_hours
        self.called: Floats = table[f"{step}_called"].to_numpy().astype(np.float64)
        delays = crises[f"{step}_in_force_hours"].to_numpy() - crises["clock_hours"].to_numpy()
        there = ~np.isnan(delays)
        self.hours: Floats = delays[there]
        self._runs = crises["run"].to_numpy()[there]

    def by(self, hours: Floats) -> list[Estimate]:
        """Return the share of calls that are in force by each of some hours, which rise."""
        # Small numbers are sorted without comparing them.
        places = np.searchsorted(hours, self.hours).astype(np.int16)
        order = np.argsort(places, kind="stable")
        ends = np.searchsorted(places[order], np.arange(len(hours)), side="right")
        runs, begin, found = self._runs[order], 0, []
        counts = np.zeros(len(self.called))
        for end in ends:
            counts += np.bincount(runs[begin:end], minlength=len(counts))
            begin = end
            # `@` would wake threads, which the runs need.
            sums = float(end), float((counts**2).sum()), float((counts * self.called).sum())
            found.append(share_of_moments(Moments.of_sums(*sums, self.called)))
        return found


def delays(pair: Pair, view: View) -> Drawn:
    """Draw when the calls of each step are in force, on the crisis's clock, under both plans."""
    steps = list(dict.fromkeys(step for plan in pair.scenarios for step in plan.steps))[
        :_MOST_STEPS
    ]
    if not steps:
        figure = Figure(figsize=(view.inches, 1.5))
        say_instead(figure.add_axes((0, 0, 1, 1), frameon=False), "Neither plan has steps.")
        return Drawn(figure, "Neither plan has steps.")
    height, told = 0.55 + len(steps), []
    figure = Figure(figsize=(view.inches, height))
    calls = [[_calls(results, step) for results in (pair.first, pair.other)] for step in steps]
    end = _end_hours([one for both in calls for one in both if one is not None])
    for place, (step, both) in enumerate(zip(reversed(steps), reversed(calls), strict=True)):
        box = (0.62, 0.15, 0.5 + place, 0.24 + len(steps) - 1 - place)
        axes = figure.add_axes(view.at(box, height))
        told.append(f"{step}: {_panel(axes, both, end)}")
        axes.text(0, 1.04, step, transform=axes.transAxes, fontsize=SIZE, parse_math=False)
        axes.tick_params(labelbottom=place == 0)
    figure.axes[0].set_xlabel("Hours on the clock; dotted: deadline", fontsize=SIZE)
    beside = (0.12 / view.inches, 0.5 + 0.15 / height)
    figure.text(*beside, "In force (%)", rotation=90, ha="center", va="center", fontsize=SIZE)
    return Drawn(figure, "; ".join(reversed(told)))


def _calls(results: Results, step: str) -> _Calls | None:
    return _Calls(results, step) if step in results.scenario.steps else None


def _end_hours(calls: Sequence[_Calls]) -> float:
    dues = [1.3 * one.deadline for one in calls if one.deadline is not None]
    late = [float(np.quantile(one.hours, 0.97)) for one in calls if len(one.hours)]
    return max(24.0, *dues, *late, 24.0)


def _panel(axes: Axes, plans: Sequence[_Calls | None], end: float) -> str:
    """Draw when the calls of a step are in force, under each plan that has it."""
    told = []
    for plan, calls in enumerate(plans):
        if calls is None or not calls.called.any():
            told.append(f"{'AB'[plan]} never called")
            continue
        due = end if calls.deadline is None else calls.deadline
        at = np.unique([*np.linspace(0, end, _HOURS), due])
        found = calls.by(at)
        bands = [100 * np.array([one[part] for one in found]) for part in range(3)]
        _draw_curve(axes, at, bands, plan)
        if calls.deadline is not None:
            axes.axvline(due, color=COLOURS[plan], linestyle=(plan * 3, (1, 2)), linewidth=1.6)
        by_then = found[int(np.searchsorted(at, due))]
        told.append(f"{'AB'[plan]} {estimate_text(by_then, 'share')} by hour {due:g}")
    axes.set(xlim=(0, end), ylim=(0, 101), yticks=(0, 50, 100), xticks=hour_ticks(0, end, 6))
    axes.tick_params(labelsize=SIZE)
    axes.grid(visible=True)
    return ", ".join(told)
