"""The explorer's pictures, one after the other: small, of both plans at once, drawn in a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure

from sim.scenario.counts import counted
from sim.show.explorer.by_time import by_when, delays
from sim.show.explorer.paper import Drawn, saved
from sim.show.explorer.shares import differences, outcomes
from sim.show.style import Sheet, house_style
from sim.show.timelines.timeline import timeline
from sim.study.run import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.scenario.scenario import Scenario
    from sim.show.explorer.numbers import Pair
    from sim.show.explorer.paper import Picture, View

_RUN_INCHES: Final = 6.5, 11.5

DRAWN: Final[dict[str, tuple[str, Callable[[Pair, View], Drawn]]]] = {
    "outcomes": ("How it ends, and whether steps are in time", outcomes),
    "differences": ("What B changes: B less A, run by run on the same luck", differences),
    "by_when": ("By when? Share of runs in which it has happened", by_when),
    "delays": ("In time? Share of calls in force by each hour", delays),
}
"""The pictures by their names, in the order in which they are drawn."""


def pictures(pair: Pair, view: View) -> Iterator[Picture | None]:
    """Yield the pictures one after the other, the one first that says most.

    Where a picture is half done, None comes: who has something better to do by now can turn to it.
    """
    for name, (title, draw) in DRAWN.items():
        with house_style():
            drawn = draw(pair, view)
        yield None
        with house_style():
            picture = saved(name, title, drawn, view)
        yield picture


def run_picture(scenario: Scenario, run: int, plan: str, seed: int, view: View) -> Picture:
    """Return the timeline of one run under a plan, as wide as it has to be."""
    told = trace(scenario, run, seed, engine="compiled")
    with house_style():
        axes = Sheet(scenario.title, (), *_RUN_INCHES).off_screen()
        timeline(told, scenario, run, seed, axes)
        figure = axes.get_figure(root=True) or Figure()
        events = counted(len(told), "event")
        words = f"{axes.get_title(loc='left')}. {events}; sim trace tells them."
        return saved("run", f"Run {run} under {plan}", Drawn(figure, words), view)
