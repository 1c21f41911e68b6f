"""What was measured as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grids import number
from growth import INCIDENTS, SECTORS_EACH, SECTORS_LINE, YEARS
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import NullFormatter, NullLocator

from sim.show.style import BLUE, GREY, INK, SMALL, VERMILION, house_style, save

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from growth import Point
    from matplotlib.axes import Axes
    from measured import Measured
    from timing import Spread

_INCHES: Final = (14.0, 8.2)
_MEGA: Final = 1e6
# On the axis of incidents there is no place for its name beside the next.
_UNNAMED: Final = 300
_LOOKS: Final = {
    INCIDENTS: (BLUE, "o", ""),
    SECTORS_LINE: (BLUE, "o", "one ladder for the line"),
    SECTORS_EACH: (VERMILION, "s", "a ladder for each sector"),
    YEARS: (BLUE, "o", ""),
}


def draw(found: Measured, path: Path) -> Path:
    """Draw all that was measured, and return the file that holds it."""
    with house_style():
        layout = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15)
        figure = Figure(figsize=_INCHES, layout=layout)
        above, below = figure.subplots(2, 3)
        _engines(above[0], found)
        _batches(above[1], found)
        _waits(above[2], found)
        _grown(below[0], found.growth, (INCIDENTS,), "Incidents per day")
        _grown(below[1], found.growth, (SECTORS_LINE, SECTORS_EACH), "Sectors")
        _grown(below[2], found.growth, (YEARS,), "Horizon (years)")
        highest = max(point.ns_per_event().most for point in found.growth)
        for axes in below:
            axes.set_ylim(0, 1.1 * highest)
        below[0].set_title("More incidents")
        below[1].set_title("More sectors, the same incidents")
        below[2].set_title("A longer horizon")
        told = "Speed of the engines, memory of batches, waits, and growth of the time per event."
        return save(above[0], path, {"Description": told})


def _engines(axes: Axes, found: Measured) -> None:
    values = [engine.ns_per_event() for engine in found.engines]
    first = found.engines[0]
    words = [
        f"{number(value.median)} ns" + (f", ×{number(engine.speed(first).median)}" if place else "")
        for place, (engine, value) in enumerate(zip(found.engines, values, strict=True))
    ]
    names = [engine.name.replace(", ", ",\n") for engine in found.engines]
    _bars(axes, names, values, words)
    axes.set_xlabel("Time per event (ns, logarithmic)")
    axes.set_title("Engines, and speed against SimPy's")


def _waits(axes: Axes, found: Measured) -> None:
    names = ["Python alone", "sim --help", "1,000 runs", "1,000 runs,\nto be compiled"]
    values = [wait.seconds for wait in found.waits]
    _bars(axes, names, values, [f"{number(value.median)} s" for value in values])
    axes.set_xlabel("From the start of the process (s, log.)")
    axes.set_title("The first result")


def _bars(axes: Axes, names: Sequence[str], values: Sequence[Spread], words: Sequence[str]) -> None:
    """Draw a bar for each value, on a logarithmic axis, and write the value beside it."""
    least = min(value.least for value in values)
    most = max(value.most for value in values)
    axes.set_xscale("log")
    axes.set_xlim(least / 3, most * (most / least) ** 0.55)
    places = range(len(values))
    axes.barh(places, [value.median for value in values], height=0.6, color=BLUE, edgecolor=INK)
    for place, (value, text) in enumerate(zip(values, words, strict=True)):
        axes.plot([value.least, value.most], [place, place], color="black", linewidth=2)
        axes.annotate(
            text, (value.most, place), xytext=(5, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.grid(visible=True, axis="x")


def _batches(axes: Axes, found: Measured) -> None:
    runs = [batch.runs for batch in found.batches]
    megabytes = [batch.peak_bytes / _MEGA for batch in found.batches]
    axes.plot(runs, megabytes, color=BLUE, marker="o")
    for batch, height in zip(found.batches, megabytes, strict=True):
        axes.annotate(
            f"{number(batch.seconds)} s",
            (batch.runs, height),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL,
            color=GREY,
        )
    axes.set_xscale("log")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.margins(x=0.12)
    axes.set_ylim(0, 1.25 * max(megabytes))
    axes.set(xlabel="Runs in the batch (logarithmic)", ylabel="Peak memory (MB)")
    axes.set_title("Memory, and time taken")
    axes.grid(visible=True)


def _grown(axes: Axes, points: Sequence[Point], kinds: Sequence[str], varied: str) -> None:
    for kind in kinds:
        colour, marker, label = _LOOKS[kind]
        mine = [point for point in points if point.varied == kind]
        spreads = [point.ns_per_event() for point in mine]
        heights = [one.median for one in spreads]
        axes.errorbar(
            [point.value for point in mine],
            heights,
            yerr=[
                [one.median - one.least for one in spreads],
                [one.most - one.median for one in spreads],
            ],
            color=colour,
            marker=marker,
            capsize=3,
            label=label,
        )
    values = sorted({point.value for point in points if point.varied in kinds})
    axes.set_xscale("log")
    names = [str(value) if value != _UNNAMED else "" for value in values]
    axes.set_xticks(values, names)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set(xlabel=f"{varied}, logarithmic", ylabel="Compiled engine: time per event (ns)")
    axes.grid(visible=True)
    if len(kinds) > 1:
        axes.legend(loc="lower right")
