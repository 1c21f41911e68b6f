"""The legend of a timeline: the levels of fighting, and of all else what the window shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.show.style import GREY, INK, PALE, level_colours
from sim.show.timelines import spans
from sim.show.timelines.marks import (
    BREAKS,
    BUILD_UP,
    DEBUNKED,
    FALSE_ALARM,
    MARKS,
    OUTAGE,
    TURNS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.show.timelines.told import Told

_MOST_LEVELS: Final = 8

Entries = list[tuple["Artist", str]]


def legend_entries(told: Told) -> Entries:
    """Return what the colours, bars and marks of a timeline mean, of those that it has."""
    return [
        *_under("Fighting", [*_levels(told.levels), *_fighting(told)]),
        *_under("Monitoring", _monitoring(told)),
        *_under("Crises", _crises() if told.crises else []),
        *_under("Steps", _steps(told)),
        *_under("Turns", [] if told.turns_have_words() else _turns(told)),
    ]


def legend(axes: Axes, entries: Entries) -> None:
    """Write the entries beside the axes, the headings in italics."""
    shown = axes.legend(
        handles=[artist for artist, _ in entries],
        labels=[words for _, words in entries],
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
        borderaxespad=0,
    )
    for text, (artist, _) in zip(shown.get_texts(), entries, strict=True):
        text.set_parse_math(False)
        text.set_fontstyle("normal" if artist.get_visible() else "italic")


def _under(heading: str, entries: Entries) -> Entries:
    return [(Line2D([], [], visible=False), heading), *entries] if entries else []


def _levels(levels: Sequence[str]) -> Entries:
    """Return the levels, the highest first; of very many, some between lowest and highest."""
    named = list(zip(levels, level_colours(len(levels))[1:], strict=True))[::-1]
    some = named[:: math.ceil(len(named) / _MOST_LEVELS)]
    return [(Patch(color=colour), name) for name, colour in some]


def _patch(style: dict[str, Any]) -> Patch:
    return Patch(**{key: value for key, value in style.items() if key != "zorder"})


def _fighting(told: Told) -> Entries:
    found = {mark.what for mark in told.breaks}
    broken = [sign.entry() for what, sign in BREAKS.items() if what in found]
    return broken + ([(_patch(BUILD_UP), "build-up before an attack")] if told.build_ups else [])


def _monitoring(told: Told) -> Entries:
    entries: Entries = [(_patch(OUTAGE), "monitors are out")] if told.outages else []
    if told.false_alarms:
        entries.append(FALSE_ALARM.entry())
    if any(alarm.end <= told.window.end for alarm in told.false_alarms):
        entries.append(DEBUNKED.entry())
    return entries


def _crises() -> Entries:
    return [
        (Line2D([], [], color=INK, linestyle=":"), "clock runs, not yet open"),
        (Patch(facecolor=PALE, edgecolor=INK), "open"),
    ]


def _steps(told: Told) -> Entries:
    phases, marks = ({one.what for one in found} for found in (told.phases, told.marks))
    calling = Line2D([], [], color=GREY, marker="o", markerfacecolor="white", markevery=[0])
    looks = {
        spans.DECIDING: calling,
        spans.DECIDED: Patch(facecolor="white", edgecolor=GREY, hatch="////"),
        spans.IN_FORCE: Patch(color=GREY),
    }
    entries: Entries = [(look, what) for what, look in looks.items() if what in phases]
    entries += [sign.entry() for what, sign in MARKS.items() if what in marks]
    if told.deadlines:
        due = Line2D([], [], linestyle="", marker="|", color="black", markersize=13, mew=3)
        entries.append((due, "deadline"))
    return entries


def _turns(told: Told) -> Entries:
    found = {mark.what for mark in told.turns}
    return [turn.sign.entry() for what, turn in TURNS.items() if what in found]
