"""The picture of one run: the fighting in each sector, the crises, and how each step went."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sim.results.manifest import DISCLAIMER, run_id
from sim.scenario.sources import grades_in_words
from sim.show.labels import YEAR_HOURS, hour_ticks
from sim.show.picture import Picture, picture
from sim.show.style import (
    GREY,
    Sheet,
    house_style,
    save,
    wrapped,
)
from sim.show.timelines.legend import legend, legend_entries
from sim.show.timelines.rows import (
    draw_alarms,
    draw_breaks,
    draw_crises,
    draw_deadlines,
    draw_sectors,
    draw_steps,
)
from sim.show.timelines.told import Told
from sim.show.timelines.turns import draw_bands, draw_turns

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

    from sim.scenario.scenario import Scenario
    from sim.show.timelines.window import Window

_UNITS: Final = (
    ("Hours", 1.0, 96.0),
    ("Days", 24.0, 4 * YEAR_HOURS),
    ("Years", YEAR_HOURS, math.inf),
)
"""The units of the axis, each with its hours, and the longest window that is shown in it."""
_WIDTH_INCHES: Final = 11.5
_MOST_TICKS: Final = 13
_SHOWS: Final = (
    "A row for each sector of the line, one for the crises, and one for each step: when it was "
    "being decided and deployed, when it was in force, and what else became of it"
)


@house_style()
def timeline(
    trace: pd.DataFrame,
    scenario: Scenario,
    run: int | None = None,
    seed: int | None = None,
    axes: Axes | None = None,
    *,
    from_hours: float | None = None,
    until_hours: float | None = None,
) -> Axes:
    """Draw one run: a row for each sector, one for the crises, and one for each step.

    Shows the gravest crisis, with the hours of its clock above; `from_hours` and `until_hours`
    show another part, and `from_hours=0` alone all of the run. The title says which part it is. Run
    and seed are those that `sim.trace` noted in the trace, unless they are given; raises
    `ValueError` where nobody says which run it is.
    """
    run, seed = _which(trace, scenario, run, seed)
    told = Told(trace, scenario, from_hours, until_hours)
    axes = _sheet(told, run, seed).on_screen() if axes is None else axes
    return _draw(told, axes, run)


def _which(
    trace: pd.DataFrame, scenario: Scenario, run: int | None, seed: int | None
) -> tuple[int, int]:
    run = trace.attrs.get("run") if run is None else run
    if run is None:
        message = "run: the trace does not say which run it is, so it must be given"
        raise ValueError(message)
    return run, trace.attrs.get("seed", scenario.run.seed) if seed is None else seed


def save_timeline(
    trace: pd.DataFrame,
    scenario: Scenario,
    run: int,
    path: str | PathLike[str],
    *,
    seed: int | None = None,
    from_hours: float | None = None,
    until_hours: float | None = None,
) -> Path:
    """Write the timeline of a run to a file (.png, .svg or .pdf), and return its path.

    Needs no screen. The seed is the one that `sim.trace` noted in the trace, unless it is given.
    """
    found = timeline_picture(
        trace, scenario, run, seed=seed, from_hours=from_hours, until_hours=until_hours
    )
    return save(found.axes, path, found.provenance)


def timeline_picture(
    trace: pd.DataFrame,
    scenario: Scenario,
    run: int,
    *,
    seed: int | None = None,
    from_hours: float | None = None,
    until_hours: float | None = None,
) -> Picture:
    """Return the timeline of a run as a picture that stands alone."""
    run, seed = _which(trace, scenario, run, seed)
    told = Told(trace, scenario, from_hours, until_hours)
    provenance = {
        "Description": _provenance(scenario, run, seed),
        "Scenario": scenario.title,
        "Run": str(run),
        "Seed": str(seed),
        "Run id": run_id(scenario, seed, scenario.run.replications),
        "Disclaimer": DISCLAIMER,
    }
    sheet = _sheet(told, run, seed)
    return picture("timeline", partial(_draw, told, run=run), sheet, _SHOWS, provenance)


def _provenance(scenario: Scenario, run: int, seed: int) -> str:
    batch = run_id(scenario, seed, scenario.run.replications)
    return (
        f"{scenario.title} | run {run} of seed {seed}, run id {batch} | {DISCLAIMER} | "
        f"{grades_in_words(scenario)}"
    )


def _sheet(told: Told, run: int, seed: int) -> Sheet:
    note = "The taller and darker, the higher the level of fighting."
    if told.window.clock is not None:
        note += " Above: the hours of the crisis's clock, which deadlines are counted in."
    if told.before():
        note += f" Before what is shown: {'; '.join(told.before())}."
    footer = (note, _provenance(told.scenario, run, seed))
    height = max(5.2, 2.6 + 0.42 * told.bottom(), 2.1 + 0.21 * len(legend_entries(told)))
    return Sheet(told.scenario.title, footer, min(height, 40), _WIDTH_INCHES)


def _draw(told: Told, axes: Axes, run: int) -> Axes:
    draw_bands(axes, told)
    draw_sectors(axes, told)
    draw_alarms(axes, told)
    draw_breaks(axes, told)
    draw_crises(axes, told)
    draw_steps(axes, told)
    draw_deadlines(axes, told)
    top = draw_turns(axes, told)
    _set_axes(axes, told, top)
    legend(axes, legend_entries(told))
    axes.set_title(wrapped(_title(told, run), inches=9.5, points=14.5))
    return axes


def _set_axes(axes: Axes, told: Told, top: float) -> None:
    window, height = told.window, told.row_height()
    sectors = {name: place + 0.5 for place, name in enumerate(told.scenario.line.sectors)}
    steps = {name: told.row_of(name) + height / 2 for name in told.scenario.steps}
    crises = told.row_of_crises() + height / 2
    axes.set_yticks(
        [*sectors.values(), crises, *steps.values()],
        [*(f"sector {one}" for one in sectors), "crises", *(f"step {one}" for one in steps)],
        parse_math=False,
    )
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(told.bottom() + 0.1, top)
    axes.set_xlim(window.start, window.end)
    ticks = hour_ticks(window.start, window.end, _MOST_TICKS)
    unit, hours = next(
        (unit, hours) for unit, hours, most in _UNITS if window.end - window.start <= most
    )
    axes.set_xticks(ticks, [f"{tick / hours:,g}" for tick in ticks])
    axes.set_xlabel(f"{unit} since the ceasefire began")
    if window.clock is not None:
        _show_clock(axes, window, window.clock)


def _show_clock(axes: Axes, window: Window, clock: float) -> None:
    """Draw the hours of the crisis's clock above the axes, with lines down from them."""
    shift: tuple[Any, Any] = (lambda hours: hours - clock, lambda hours: hours + clock)
    above = axes.secondary_xaxis("top", functions=shift)
    ticks = hour_ticks(0, window.end - clock, _MOST_TICKS)
    above.set_xticks(ticks)
    above.set_xlabel("Hours on the crisis's clock", color=GREY)
    for tick in ticks:
        axes.axvline(clock + tick, color="#e8e8e8", linewidth=0.8, zorder=-1)


def _title(told: Told, run: int) -> str:
    start, end, last = told.window.start, told.window.end, told.last_hours
    days = f"days {start / 24:.1f} to {end / 24:.1f} of {last / 24:.1f}"
    if (start, end) == (0, last):
        days = f"all {last / 24:.1f} days"
    return f"Run {run}, {days}" + (f": {told.window.why}" if told.window.why else "")
