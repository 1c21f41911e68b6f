"""The legend of a timeline: levels of fighting, crises, and what becomes of steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.show import spans
from sim.show.style import GREY, INK, PALE, level_colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_MOST_LEVELS: Final = 8


def legend(axes: Axes, levels: Sequence[str], *, steps: bool) -> None:
    """Write beside the axes what the colours, bars and marks of a timeline mean."""
    entries = [*_levels(levels), *_crises(), *(_steps() if steps else [])]
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


def _heading(words: str) -> tuple[Artist, str]:
    return Line2D([], [], visible=False), words


def _levels(levels: Sequence[str]) -> list[tuple[Artist, str]]:
    """Return the levels, the highest first; of very many, some between lowest and highest."""
    named = list(zip(levels, level_colours(len(levels))[1:], strict=True))[::-1]
    some = named[:: math.ceil(len(named) / _MOST_LEVELS)]
    return [_heading("Fighting"), *((Patch(color=colour), name) for name, colour in some)]


def _crises() -> list[tuple[Artist, str]]:
    return [
        _heading("Crises"),
        (Line2D([], [], color=INK, linestyle=":"), "clock runs, not yet open"),
        (Patch(facecolor=PALE, edgecolor=INK), "open"),
    ]


def _steps() -> list[tuple[Artist, str]]:
    def mark(marker: str, colour: str, size: float) -> Line2D:
        return Line2D(
            [], [], linestyle="", marker=marker, color=colour, markeredgecolor=INK, markersize=size
        )

    calling = Line2D([], [], color=GREY, marker="o", markerfacecolor="white", markevery=[0])
    return [
        _heading("Steps"),
        (calling, spans.DECIDING),
        (Patch(facecolor="white", edgecolor=GREY, hatch="////"), spans.DECIDED),
        (Patch(color=GREY), spans.IN_FORCE),
        (mark("X", INK, 9), spans.REFUSED),
        (mark("s", "white", 7), spans.STOOD_DOWN),
        (Line2D([], [], linestyle="", marker="|", color="black", markersize=13, mew=3), "deadline"),
    ]
