# ruff: noqa: INP001 - a script beside the document that it draws for
"""The diagrams of docs/model.md: the processes, the life of a crisis, the states of a step.

`python docs/diagrams.py` draws them anew; with a folder as its argument, as PNG into that folder.
All places are in inches from the lower left corner.
"""

import sys
from pathlib import Path
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from sim.show.style import BLUE, GREY, INK, SMALL, VERMILION, house_style, save, wrapped

HERE: Final = Path(__file__).parent
GREEN: Final = "#00785A"
BROWN: Final = "#8A5700"
Point = tuple[float, float]


class Box(NamedTuple):
    """A box with a title and a few lines of text; x and y are its centre."""

    x: float
    y: float
    width: float
    height: float
    title: str
    text: str
    colour: str

    def at(self, across: float, up: float) -> Point:
        """Return a point of the box, from (-1, -1), its lower left corner, to (1, 1)."""
        return self.x + across * self.width / 2, self.y + up * self.height / 2


class Link(NamedTuple):
    """An arrow from a point of one box to a point of another, and the words beside it."""

    start: str
    leaves: Point
    end: str
    enters: Point
    said: str
    at: Point
    align: str = "center"


_WIDE: Final = (2.9, 1.15)
_HIGH: Final = (2.9, 1.5)
_PROCESSES: Final = {
    "calendar": Box(
        1.75, 6.1, *_WIDE, "Calendar and trend", "erosion, days, nights,\nrecommitments", BROWN
    ),
    "attack": Box(
        5.5,
        6.1,
        *_WIDE,
        "Decisions to attack",
        "rare; perhaps a build-up ahead;\ntake several sectors",
        BROWN,
    ),
    "disturb": Box(
        9.25,
        6.1,
        *_WIDE,
        "Sensors, false alarms",
        "outages of the whole line;\nalarms with nothing behind",
        BLUE,
    ),
    "incidents": Box(
        1.75,
        4.1,
        *_WIDE,
        "Incidents",
        "arrive in each sector,\neach with a level and a side",
        BROWN,
    ),
    "fighting": Box(
        5.5,
        4.1,
        *_HIGH,
        "Fighting",
        "in each sector a spell at a level: it\nstops, expands, or the ceasefire\n"
        "collapses; doctrine breaks it off",
        VERMILION,
    ),
    "monitors": Box(
        9.25, 4.1, *_WIDE, "Monitors", "detect, then attribute,\neach after a delay, or never", BLUE
    ),
    "credibility": Box(
        1.75, 1.75, *_WIDE, "Credibility", "a belief about promises;\nit may fade", GREEN
    ),
    "plan": Box(
        5.5,
        1.75,
        *_HIGH,
        "Steps of the plan",
        "called, decided, deployed,\nin force; each with a need,\nhours and deciders",
        GREEN,
    ),
    "crisis": Box(
        9.25,
        1.75,
        *_HIGH,
        "Ladder and crisis",
        "one ladder a scope: a crisis opens,\nits clock runs; it closes\nafter enough quiet",
        GREEN,
    ),
}
_FLOWS: Final = (
    Link("calendar", (0, -1), "incidents", (0, 1), "factor on\nthe rate", (1.9, 5.1), "left"),
    Link("attack", (-0.95, -1), "incidents", (0.8, 1), "build-up", (3.32, 5.28), "right"),
    Link(
        "attack",
        (0, -1),
        "fighting",
        (0, 1),
        "the last level,\nin some sectors",
        (5.65, 5.2),
        "left",
    ),
    Link("disturb", (0, -1), "monitors", (0, 1), "outages scale\ndetection", (9.1, 5.1), "right"),
    Link("incidents", (1, 0), "fighting", (-1, 0), "start or\nraise it", (3.62, 4.4)),
    Link("fighting", (1, 0), "monitors", (-1, 0), "each\nviolation", (7.37, 4.4)),
    Link("monitors", (-0.3, -1), "crisis", (-0.3, 1), "what is\nattributed", (8.7, 3.0), "right"),
    Link("crisis", (-1, 0), "plan", (1, 0), "looks at\nthe steps", (7.37, 2.05)),
    Link(
        "plan",
        (0.35, 1),
        "fighting",
        (0.35, -1),
        "multiply hazards,\nprovoke",
        (6.13, 2.95),
        "left",
    ),
    Link("fighting", (-0.35, -1), "plan", (-0.35, 1), "need", (5.1, 2.95), "left"),
    Link("plan", (-1, 0), "credibility", (1, 0), "promises:\nkept or\nbroken", (3.62, 2.15)),
    Link(
        "credibility",
        (0, 1),
        "incidents",
        (0, -1),
        "factor on incidents,\nexpansion and\nattacks",
        (1.63, 2.93),
        "right",
    ),
    Link("plan", (-0.95, 1), "incidents", (0.8, -1), "multiply\nthe rate", (3.62, 3.2), "left"),
)
_MOMENTS: Final = (
    (0.9, "onset", "a violation\nbegins"),
    (2.15, "detected", "by the\nmonitors"),
    (3.5, "attributed", "the crisis\nopens"),
    (4.75, "step called", "clock and need\nallow it"),
    (6.0, "decided", "all deciders\nsaid yes"),
    (7.15, "deployed", "forces are\nthere"),
    (8.2, "in force", "clock and need\nallow it"),
    (10.2, "crisis closes", "quiet for\nquiet_hours"),
)
_PARTS: Final = (
    (0.9, 2.15, "detection", BLUE),
    (2.15, 3.5, "attribution", BLUE),
    (3.5, 4.75, "waiting", BROWN),
    (4.75, 6.0, "decision", GREEN),
    (6.0, 7.15, "deployment", GREEN),
    (7.15, 8.2, "waiting", BROWN),
    (8.9, 10.2, "quiet", GREY),
)
_STATE: Final = (1.75, 0.95)
_STATES: Final = {
    "not called": Box(1.15, 2.75, *_STATE, "not called", "", GREY),
    "deciding": Box(3.32, 2.75, *_STATE, "deciding", "voters answer", BLUE),
    "deploying": Box(5.49, 2.75, *_STATE, "deploying", "on its way", BLUE),
    "in force": Box(7.66, 2.75, *_STATE, "in force", "its effect works", GREEN),
    "over": Box(9.83, 2.75, *_STATE, "over", "", GREY),
    "refused": Box(3.32, 1.1, 1.75, 0.8, "refused", "", VERMILION),
    "armed": Box(5.49, 1.1, 1.75, 0.8, "armed", "ready, not needed", BROWN),
}
_MOVES: Final = (
    Link(
        "not called",
        (1, 0),
        "deciding",
        (-1, 0),
        "needed, and clock at\ndecide_from_hours",
        (2.23, 3.53),
    ),
    Link("deciding", (1, 0), "deploying", (-1, 0), "all deciders\nsaid yes", (4.4, 3.53)),
    Link("deploying", (1, 0), "in force", (-1, 0), "ready\nand needed", (6.57, 3.53)),
    Link("in force", (1, 0), "over", (-1, 0), "after\nlasts_hours", (8.74, 3.53)),
    Link("deciding", (0, -1), "refused", (0, 1), "one said no", (3.22, 1.9), "right"),
    Link("deploying", (0, -1), "armed", (0, 1), "ready,\nnot needed", (5.39, 1.9), "right"),
    Link("armed", (1, 0.3), "in force", (-0.2, -1), "needed again", (7.25, 1.65), "left"),
)
_WHO: Final = (
    "Who decides about a step: actors and groups, by vote; they may have a commitment, a backer, "
    "a parliament. What a step rests on: conditions, and a guarantee that may expire."
)
_CLOCK: Final = (
    'Here the clock counts from the onset. With clock = "detection" or "attribution" it starts at '
    "that moment, and the parts before it are 0. The parts between opening and in force are those "
    "of one step; waiting is what the plan's own hours and needs cost. Deadlines fall due at hours "
    "of the same clock. Steps that are under way when the crisis closes stand down."
)
_READY: Final = (
    "Ready: deployed, and the clock shows not_before_hours. Needed: the need is met, the "
    "conditions hold, the guarantee has not expired. When the crisis closes, a step that is "
    "deciding, deploying or armed stands down."
)


def _canvas(width: float, height: float) -> Axes:
    """Return axes without a frame whose unit is an inch."""
    axes = Figure(figsize=(width, height)).add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    return axes


def _draw(axes: Axes, box: Box) -> None:
    """Draw a box; its title and the lines under it stand in the middle together."""
    frame = FancyBboxPatch(
        box.at(-1, -1), box.width, box.height, boxstyle="round,pad=0,rounding_size=0.08"
    )
    frame.set(facecolor="white", edgecolor=box.colour, linewidth=1.8)
    axes.add_patch(frame)
    lines = box.text.count("\n") + 1 if box.text else 0
    top = box.y + (0.153 + (0.06 + 0.172 * lines if lines else 0.0)) / 2
    words = axes.text(box.x, top - 0.077, box.title, ha="center", va="center", weight="bold")
    words.set_color(box.colour)
    axes.text(box.x, top - 0.2, box.text, ha="center", va="top", fontsize=SMALL, linespacing=1.3)


def _link(axes: Axes, boxes: dict[str, Box], link: Link) -> None:
    """Draw an arrow between two boxes, with its words."""
    _arrow(axes, boxes[link.start].at(*link.leaves), boxes[link.end].at(*link.enters))
    words = axes.text(*link.at, link.said, ha=link.align, va="center", fontsize=SMALL)
    words.set_linespacing(1.25)


def _arrow(axes: Axes, start: Point, end: Point, colour: str = GREY) -> None:
    arrow = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=14, shrinkA=0, shrinkB=1)
    arrow.set(color=colour, linewidth=1.5)
    axes.add_patch(arrow)


def _below(axes: Axes, said: str) -> None:
    """Write what stands below a diagram."""
    lines = wrapped(said, axes.get_xlim()[1] - 0.6, SMALL)
    words = axes.text(0.3, 0.15, lines, va="bottom", fontsize=SMALL, color=GREY)
    words.set_linespacing(1.45)


def processes() -> Axes:
    """Draw the processes and what passes between them."""
    axes = _canvas(11.0, 6.8)
    for box in _PROCESSES.values():
        _draw(axes, box)
    for link in _FLOWS:
        _link(axes, _PROCESSES, link)
    axes.plot([10.7, 10.85, 10.85], [6.1, 6.1, 1.75], color=GREY, linewidth=1.5)
    _arrow(axes, (10.85, 1.75), (10.7, 1.75))
    axes.text(10.78, 3.0, "false alarms", ha="right", va="center", fontsize=SMALL)
    _below(axes, _WHO)
    return axes


def crisis() -> Axes:
    """Draw the life of a crisis, in which one step comes into force."""
    axes = _canvas(11.0, 4.1)
    line = 2.55
    axes.plot([0.3, 10.8], [line, line], color=GREY, linewidth=1.2)
    axes.plot([0.9, 8.9], [line - 0.22] * 2, color=VERMILION, linewidth=6, solid_capstyle="butt")
    axes.text(0.82, line - 0.24, "fighting", va="center", ha="right", fontsize=SMALL)
    axes.plot([8.2, 10.2], [line + 0.14] * 2, color=GREEN, linewidth=6, solid_capstyle="butt")
    axes.text(9.2, line + 0.3, "the effect works", ha="center", fontsize=SMALL)
    for at, title, text in _MOMENTS:
        axes.plot([at], [line], "o", color=INK, markersize=7)
        axes.plot([at] * 2, [line, line + 0.55], color=GREY, linewidth=1)
        axes.text(at, line + 1.1, title, ha="center", fontsize=10.5, weight="bold")
        words = axes.text(at, line + 1.02, text, ha="center", va="top", fontsize=SMALL, color=GREY)
        words.set_linespacing(1.2)
    for start, end, name, colour in _PARTS:
        style = {"arrowstyle": "|-|", "color": colour, "linewidth": 1.5, "mutation_scale": 3}
        axes.annotate("", (start, line - 0.62), (end, line - 0.62), arrowprops=style)
        axes.text((start + end) / 2, line - 0.84, name, ha="center", va="center", fontsize=SMALL)
    _arrow(axes, (0.9, line - 1.2), (8.2, line - 1.2), INK)
    said = "what the clock shows when the step comes into force: the sum of the parts"
    axes.text(4.55, line - 1.4, said, ha="center", va="center", fontsize=SMALL)
    _below(axes, _CLOCK)
    return axes


def step() -> Axes:
    """Draw the states of a step in one crisis."""
    axes = _canvas(11.0, 4.0)
    for box in _STATES.values():
        _draw(axes, box)
    for link in _MOVES:
        _link(axes, _STATES, link)
    _below(axes, _READY)
    return axes


_DIAGRAMS: Final = {
    "model_processes": (processes, "The processes of the model and what passes between them"),
    "model_crisis": (crisis, "The life of a crisis"),
    "model_step": (step, "The states of a step in a crisis"),
}


def main(folder: Path | None) -> None:
    """Draw all diagrams, as SVG beside the document or as PNG into a folder."""
    for name, (draw, title) in _DIAGRAMS.items():
        with house_style():
            axes = draw()
        path = HERE / f"{name}.svg" if folder is None else folder / f"{name}.png"
        save(axes, path, {"Description": title})


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
