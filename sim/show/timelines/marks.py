"""How a timeline marks what happens: signs, lines and bands, the same on it and in its legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke

from sim.show.style import BLUE, GREY, INK, VERMILION
from sim.show.timelines import spans

if TYPE_CHECKING:
    from matplotlib.artist import Artist

_PURPLE: Final = "#7b3294"
# So that what is dark is seen on what is dark.
_HALO: Final = (Stroke(linewidth=3, foreground="white"), Normal())


class Sign(NamedTuple):
    """A marker."""

    words: str
    """What it means, in the legend."""
    marker: str
    size: float = 8.0
    face: str = INK
    edge: str = INK

    def style(self) -> dict[str, Any]:
        """Return what draws it."""
        return {
            "marker": self.marker,
            "markersize": self.size,
            "markerfacecolor": self.face,
            "markeredgecolor": self.edge,
            "linestyle": "",
            "path_effects": _HALO,
        }

    def entry(self) -> tuple[Artist, str]:
        """Return its entry in a legend."""
        return Line2D([], [], **self.style()), self.words


class Turn(NamedTuple):
    """A line down through the figure, with a sign at its top."""

    sign: Sign
    words: str
    """What stands beside it; `{}` is the actor."""
    line: str
    is_of_sectors: bool
    """Whether it ends below the sectors."""


MARKS: Final = {
    spans.REFUSED: Sign(spans.REFUSED, "X", 9),
    spans.STOOD_DOWN: Sign(spans.STOOD_DOWN, "s", 7, "white"),
    spans.ENDED: Sign(spans.ENDED, "D", 7, "white"),
}
BREAKS: Final = {
    spans.BROKEN_OFF: Sign("broken off by doctrine", "<", 8, "white"),
    spans.RESUMED: Sign("resumed by doctrine", ">", 8),
}
PAUSE_LINE: Final[dict[str, Any]] = {
    "color": INK,
    "linestyle": ":",
    "linewidth": 1.2,
    "zorder": 3,
    "path_effects": _HALO,
}
FALSE_ALARM: Final = Sign("false alarm", "$?$", 8, _PURPLE, _PURPLE)
DEBUNKED: Final = Sign("false alarm debunked", "x", 5, _PURPLE, _PURPLE)
ALARM_LINE: Final[dict[str, Any]] = {
    "color": _PURPLE,
    "linewidth": 0.9,
    "zorder": 3,
    "path_effects": _HALO,
}
DEADLINE_LINE: Final[dict[str, Any]] = {"color": "black", "linewidth": 3, "zorder": 5}
OUTAGE: Final[dict[str, Any]] = {"facecolor": "#e4e9f0", "edgecolor": "none", "zorder": -3}
BUILD_UP: Final[dict[str, Any]] = {
    "facecolor": "none",
    "edgecolor": VERMILION,
    "hatch": "\\\\\\",
    "linewidth": 0.0,
    "alpha": 0.35,
    "zorder": -2,
}

_ATTACK: Final = Sign("attack", "v", 9)
TURNS: Final = {
    "attack": Turn(_ATTACK, "attack", "--", is_of_sectors=True),
    "ceasefire_collapses": Turn(
        Sign("collapse", "v", 9, VERMILION, VERMILION), "collapse", "-", is_of_sectors=False
    ),
    "recommitment": Turn(
        Sign("recommitment", "P", 9, BLUE, BLUE), "recommitment", "-.", is_of_sectors=True
    ),
    "guarantee_expires": Turn(
        Sign("guarantee expires", "d", 9, GREY, GREY),
        "guarantee expires",
        "-.",
        is_of_sectors=False,
    ),
    "actor_absent": Turn(
        Sign("an actor is not committed", "4", 10, GREY, GREY),
        "{} not committed",
        ":",
        is_of_sectors=False,
    ),
    "actor_withdraws": Turn(
        Sign("an actor withdraws", "4", 10, GREY, GREY), "{} withdraws", ":", is_of_sectors=False
    ),
    "actor_rejoins": Turn(
        Sign("an actor rejoins", "3", 10, GREY, GREY), "{} rejoins", ":", is_of_sectors=False
    ),
}
LASTING_TURNS: Final = ("guarantee_expires", "actor_absent", "actor_withdraws", "actor_rejoins")
"""What still is so afterwards."""


def turn_words(turn: spans.Mark) -> str:
    """Return what stands beside a turn.

    >>> turn_words(spans.Mark("usa", "actor_withdraws", 4.0))
    'usa withdraws'
    """
    return TURNS[turn.what].words.format(turn.where)
