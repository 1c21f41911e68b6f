"""The figure of when: what has happened by each day since the ceasefire began."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.results.estimates import Estimate
from sim.show.labels import End, label_ends, share_text
from sim.show.style import GREY, VERMILION, Sheet, house_style, step_colour, step_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from sim.results.estimates import Floats
    from sim.results.results import Results
    from sim.results.tally import Incidence


class _Curve(NamedTuple):
    name: str
    what: str
    """What happened, by the names of a tally's incidence."""
    colour: str
    marker: str


@house_style()
def timing(results: Results, axes: Axes | None = None) -> Axes:
    """Draw the share of runs in which each thing has happened by each day, with 95 % bands."""
    axes = timing_sheet(results).on_screen() if axes is None else axes
    ends, top = [], 0.0
    for curve in _curves(results):
        found = results.tally.incidence(curve.what)
        bands = [100 * one for one in found[1:]]
        draw_curve(axes, found.days, bands, curve.colour, curve.marker)
        ends.append(_end_of(curve, found, results))
        top = max(top, float(bands[2].max()))
    axes.set_xlim(0, float(results.scenario.run.horizon_days))
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
    yield _Curve("first crisis", "crisis", GREY, "*")
    for index, name in enumerate(results.scenario.steps):
        in_force = f"{name}.in_force"
        yield _Curve(f"{name} in force", in_force, step_colour(index), step_marker(index))
    yield _Curve("collapse", "collapsed", VERMILION, "X")


def _end_of(curve: _Curve, found: Incidence, results: Results) -> End:
    value, low, high = (float(one[-1]) for one in found[1:])
    at_the_end = Estimate(value, low, high, "Wilson", results.tally.runs)
    height = 100 * at_the_end.value
    return End(height, f"{curve.name}: {share_text(at_the_end)}", curve.colour, curve.marker)


def draw_curve(axes: Axes, at: Floats, bands: list[Floats], colour: str, marker: str) -> None:
    """Draw a share with its band; bands are the share, low and high."""
    share, low, high = bands
    axes.fill_between(at, low, high, color=colour, alpha=0.18, linewidth=0)
    every = (len(at) // 16, len(at) // 8)
    axes.plot(at, share, color=colour, marker=marker, markevery=every, markersize=5, linewidth=1.8)
