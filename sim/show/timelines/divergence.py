"""Where one run parts ways under two plans: both timelines of it, as a picture and as lines."""

from __future__ import annotations

import math
import textwrap
from functools import partial
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any, Final

from sim.results.manifest import DISCLAIMER
from sim.scenario.sources import grades_in_words
from sim.show.labels import hour_ticks
from sim.show.panels import panels
from sim.show.picture import Picture, picture
from sim.show.style import INK, PALE, SMALL, VERMILION, Sheet, house_style, wrapped
from sim.show.timelines.legend import legend, legend_entries
from sim.show.timelines.timeline import timeline
from sim.show.timelines.told import Told
from sim.study.comparing.explain import when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from sim.scenario.scenario import Scenario
    from sim.show.timelines.legend import Entries
    from sim.study.comparing.explain import Parting, Side
    from sim.study.comparing.happenings import Happening, Row

_SHOWS: Final = "Above, the run under the first plan; below, under the other one"
_BEFORE_HOURS: Final = 24.0
_AFTER_HOURS: Final = 72.0
_NEAR_HOURS: Final = 21 * 24.0
"""A run that ends this soon after the parting is shown to its end."""
_MOST_TICKS: Final = 13
_IN_HOURS: Final = 120.0
_GAP_INCHES: Final = 0.75
_ROOM_POINTS: Final = 44
"""How high above the upper panel its name stands, above what the lines say."""
_WIDE: Final = 110
_HOUR: Final = 9
_SIDE: Final = (_WIDE - _HOUR - 4) // 2
_MOST_SAME: Final = 3
_PART_LINE: Final[dict[str, Any]] = {"color": INK, "linewidth": 1.6, "linestyle": (0, (5, 2))}
_FIGHT_LINE: Final[dict[str, Any]] = {
    "color": VERMILION,
    "linewidth": 1.6,
    "linestyle": (0, (1, 1.2)),
}


@house_style()
def parting(
    found: Parting,
    axes: Axes | None = None,
    *,
    from_hours: float | None = None,
    until_hours: float | None = None,
) -> Axes:
    """Draw both timelines of a run, one above the other, with a line where they part.

    Shows the hours around the parting and where the fighting first differs; `from_hours` and
    `until_hours` show another part.
    """
    axes = parting_sheet(found).on_screen() if axes is None else axes
    start, end = _window(found, from_hours, until_hours)
    sides = _sides(found)
    upper, lower = panels(axes, [_inches(one.scenario) for one in sides], _GAP_INCHES)
    entries = _draw_side(upper, sides[0], found, start, end)
    entries += _draw_side(lower, sides[1], found, start, end)
    _name(upper, sides[0], above_points=_ROOM_POINTS)
    _name(lower, sides[1], above_points=4)
    legend(upper, _merged(entries))
    _write_lines(upper, found, start, end)
    upper.set_xlabel("")
    axes.set_title(wrapped(_title(found), inches=9.0, points=14.5), pad=_ROOM_POINTS + 26)
    return axes


def parting_picture(found: Parting) -> Picture:
    """Return both timelines of a run as one picture that stands alone."""
    provenance = {
        "Description": str(found),
        "Scenario": f"{found.first.label} | {found.other.label}",
        "Run": str(found.run),
        "Seed": str(found.seed),
        "Disclaimer": DISCLAIMER,
    }
    return picture("parting", partial(parting, found), parting_sheet(found), _SHOWS, provenance)


def parting_sheet(found: Parting) -> Sheet:
    """Return what stands around the figure."""
    labels = f"{found.first.label} | {found.other.label}"
    notes = "The taller and darker, the higher the level of fighting."
    told = f"run {found.run} of seed {found.seed} under both plans, on the same luck"
    heights = sum(_inches(one.scenario) for one in (found.first, found.other))
    grades = f"{found.first.label}: {grades_in_words(found.first.scenario)}"
    footer = (str(found), notes, f"{told} | {DISCLAIMER} | {grades}")
    return Sheet(labels, footer, min(3.4 + heights + _GAP_INCHES, 40), width_inches=11.5)


def _inches(scenario: Scenario) -> float:
    return 0.9 + 0.42 * (len(scenario.line.sectors) + len(scenario.steps) + 1)


def _window(found: Parting, start: float | None, end: float | None) -> tuple[float, float]:
    """Return the hours to show: around the parting, and as far as is needed to see what it did."""
    last = max(found.first.end_hours(), found.other.end_hours())
    centre = 0.0 if math.isnan(found.hours) else found.hours
    fights = centre if math.isnan(found.fighting_hours) else found.fighting_hours
    ends = (one.end_hours() for one in (found.first, found.other))
    near = [one + _BEFORE_HOURS / 2 for one in ends if one - centre <= _NEAR_HOURS]
    shown = max([centre + _AFTER_HOURS, fights + _AFTER_HOURS, *near])
    if found.event is None:
        shown = last
    start = max(0.0, centre - _BEFORE_HOURS) if start is None else start
    return start, min(last, shown) if end is None else min(last, end)


def _draw_side(panel: Axes, side: Side, found: Parting, start: float, end: float) -> Entries:
    """Draw the run under one plan, and return what its legend would say."""
    over = side.end_hours()
    if start < over:
        window = {"from_hours": start, "until_hours": min(end, over)}
        timeline(side.trace, side.scenario, found.run, found.seed, panel, **window)
        if (own := panel.get_legend()) is not None:
            own.remove()
        entries = legend_entries(Told(side.trace, side.scenario, *window.values()))
    else:
        entries = []
    panel.set_xlim(start, end)
    if over < end:
        panel.axvspan(over, end, color=PALE, alpha=0.5, linewidth=0, zorder=-4)
    _set_ticks(panel, start, end)
    panel.set_title("")
    for hours, style in ((found.hours, _PART_LINE), (found.fighting_hours, _FIGHT_LINE)):
        if start <= hours <= end:
            panel.axvline(hours, zorder=8, **style)
    return entries


def _name(panel: Axes, side: Side, above_points: float) -> None:
    """Write above a panel whose it is, and how the run ends there."""
    words = wrapped(f"Under {side.label}: {side.end_in_words()}", inches=8.5, points=11)
    panel.annotate(
        words,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, above_points),
        textcoords="offset points",
        va="bottom",
        style="italic",
        parse_math=False,
    )


def _set_ticks(panel: Axes, start: float, end: float) -> None:
    unit, hours = ("Hours", 1.0) if end - start <= _IN_HOURS else ("Days", 24.0)
    ticks = hour_ticks(start, end, _MOST_TICKS)
    panel.set_xticks(ticks, [f"{tick / hours:,g}" for tick in ticks])
    panel.set_xlabel(f"{unit} since the ceasefire began")


def _merged(entries: Entries) -> Entries:
    """Return the entries of two legends as one, each word once, under its heading."""
    under: dict[str, Entries] = {}
    heading = ""
    for artist, words in entries:
        heading = heading if artist.get_visible() else words
        found = under.setdefault(heading, [])
        if words not in {there for _, there in found}:
            found.append((artist, words))
    return [entry for found in under.values() for entry in found]


def _write_lines(panel: Axes, found: Parting, start: float, end: float) -> None:
    """Write above the lines what happens there: the parting left, the fighting right."""
    for hours, heading, row, is_left, colour in (
        (found.hours, "here they part:", found.event, True, INK),
        (
            found.fighting_hours,
            "here the fighting first differs:",
            found.fighting,
            False,
            VERMILION,
        ),
    ):
        if start <= hours <= end:
            words = f"{heading}\n{textwrap.fill(_only(row), 24 if is_left else 60)}"
            _write_at(panel, hours, words, colour, is_left=is_left)


def _write_at(panel: Axes, hours: float, words: str, colour: str, *, is_left: bool) -> None:
    """Write above a panel, to the left or the right of an hour."""
    panel.annotate(
        words,
        (hours, 1.0),
        xycoords=panel.get_xaxis_transform(),
        xytext=(-4 if is_left else 4, 3),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="bottom",
        color=colour,
        fontsize=SMALL,
        parse_math=False,
        annotation_clip=False,
    )


def _only(row: Row | None) -> str:
    """Return what happens under one plan only, without its details."""
    one = next((one for one in row or () if one is not None), None)
    return "" if one is None else one.brief()


def _title(found: Parting) -> str:
    if found.event is None:
        return f"Run {found.run} is the same under both plans, event for event"
    return f"Run {found.run} on the same luck: the same under both plans until {when(found.hours)}"


def parting_lines(found: Parting, before: int = 3, after: int = 40) -> Iterator[str]:
    """Yield the parting in words, and both timelines side by side, at most 110 characters wide.

    Where many events in a row are the same under both plans, only how many is said.
    """
    yield from textwrap.wrap(str(found), _WIDE)
    yield ""
    labels = (textwrap.shorten(one.label, _SIDE, placeholder="...") for one in _sides(found))
    yield _line("hour", *labels)
    rows = found.rows(before, after)
    for is_same, several in groupby(rows, key=lambda row: row.first == row.other):
        yield from _block(list(several), is_same=is_same)


def _sides(found: Parting) -> tuple[Side, Side]:
    return found.first, found.other


def _block(rows: list[Row], *, is_same: bool) -> Iterator[str]:
    if is_same and len(rows) > _MOST_SAME:
        yield _line("", f"... {len(rows)} events, the same under both ...", "")
        return
    for row in rows:
        first, other = (_cell(one) for one in row)
        lines = zip_longest(
            [f"{row.hours():.2f}"], first, ["the same"] if is_same else other, fillvalue=""
        )
        yield from (_line(*line) for line in lines)


def _cell(one: Happening | None) -> list[str]:
    return [] if one is None else textwrap.wrap(one.in_words(), _SIDE)


def _line(hour: str, first: str, other: str) -> str:
    return f"{hour:>{_HOUR}}  {first:<{_SIDE}}  {other}".rstrip()
