"""What concerns the whole line in a timeline: attacks, outages, agreements, the collapse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.show.timelines.marks import BUILD_UP, OUTAGE, TURNS, turn_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.show.timelines.spans import Mark
    from sim.show.timelines.told import Told

_LANE: Final = 0.42
"""How far apart the words of two turns are, where one would cover the other."""
_SHARE_OF_A_LETTER: Final = 0.0115
"""How much of the window a letter takes."""


def draw_bands(axes: Axes, told: Told) -> None:
    """Shade the sectors while the monitors are out, and hatch them while an attack is prepared."""
    top, bottom = -0.05, told.row_of_crises() - 0.3
    for found, style in ((told.outages, OUTAGE), (told.build_ups, BUILD_UP)):
        for span in found:
            start, end = max(span.start, told.window.start), min(span.end, told.window.end)
            axes.fill_between([start, end], top, bottom, **style)


def draw_turns(axes: Axes, told: Told) -> float:
    """Draw each turn as a line down from a sign with words; return the top that these need.

    Where there are very many turns, only their signs are drawn.
    """
    lanes: list[float] = [told.window.start]
    wide = told.window.end - told.window.start
    for mark in told.turns:
        words = turn_words(mark) if told.turns_have_words() else ""
        letter = _SHARE_OF_A_LETTER * wide
        is_late = mark.hours + letter * len(words) > told.window.end
        start = mark.hours - (letter * len(words) if is_late else 0.0)
        lane = next((index for index, end in enumerate(lanes) if end <= start), len(lanes))
        lanes[lane:] = [start + letter * (len(words) + 3), *lanes[lane + 1 :]]
        _draw_turn(axes, told, mark, words, -0.4 - _LANE * lane, is_late=is_late)
    return -0.9 - _LANE * (len(lanes) - 1)


def _draw_turn(
    axes: Axes, told: Told, mark: Mark, words: str, top: float, *, is_late: bool
) -> None:
    turn = TURNS[mark.what]
    bottom = told.row_of_crises() - 0.3 if turn.is_of_sectors else told.bottom()
    colour = turn.sign.edge
    axes.plot([mark.hours] * 2, [top, bottom], color=colour, linestyle=turn.line, linewidth=1.6)
    axes.plot(mark.hours, top, **turn.sign.style(), clip_on=False)
    axes.annotate(
        words,
        (mark.hours, top),
        xytext=(-8 if is_late else 8, 0),
        textcoords="offset points",
        ha="right" if is_late else "left",
        va="center",
        color=colour,
        fontsize=10,
        parse_math=False,
    )
