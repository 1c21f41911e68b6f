"""The explorer in a notebook: a widget, which is the same page in a cell."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anywidget import AnyWidget

from sim.show.explorer.session import Session
from sim.study.exploring.known_runs import Kept, Players
from sim.study.playing.batches import available_workers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from sim.scenario.scenario import Scenario
    from sim.study.comparing.comparison import Comparison
    from sim.study.exploring.asked_plans import Base


@cache
def _shared() -> tuple[Players, Kept]:
    """Return the threads, and what they played: one of each, however many explorers are made."""
    return Players(available_workers()), Kept()


class Explorer(AnyWidget):
    """Two plans side by side, with a slider for each value; show it as the last line of a cell.

    Each cell that shows it is a view with sliders of its own.
    """

    _esm = Path(__file__).with_name("explorer.js")
    _css = Path(__file__).with_name("explorer.css")

    def __init__(self, bases: Sequence[Base], other: int) -> None:
        """Begin with plans to choose from, of which the other one is B; nothing is played yet."""
        super().__init__()
        self._bases, self._other = bases, other
        self._sessions: dict[str, Session] = {}
        self._newest: Session | None = None
        self.on_msg(self._hear)

    def _hear(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        """Hand a message of a view to its session."""
        view = str(message["view"])
        if message["kind"] == "bye":
            self._leave(view)
            return
        if view not in self._sessions:
            self._sessions[view] = self._session(view)
        session = self._sessions[view]
        if message["kind"] == "wish":
            self._newest = session
        session.hear(message)

    def _session(self, view: str) -> Session:
        """Return a session, all that it says with the name of its view."""

        def tell(told: dict[str, Any], buffers: list[bytes]) -> None:
            self.send({**told, "view": view}, buffers)

        return Session(self._bases, self._other, tell, *_shared())

    def _leave(self, view: str) -> None:
        """Break off what is played for a view that is gone."""
        session = self._sessions.pop(view, None)
        if session is not None:
            session.close()

    def close(self) -> None:
        """Take it off the screen, and play nothing more for it."""
        for view in list(self._sessions):
            self._leave(view)
        super().close()

    @property
    def plans(self) -> tuple[Scenario, Scenario]:
        """The plans that are on the screen, with the seed and the number of runs there.

        Of several views it is the one in which something was changed last.
        """
        shown = self._newest.shown if self._newest else None
        if shown is None:
            message = "explorer: shows nothing yet, since it is not on the screen"
            raise ValueError(message)
        screen = shown.screen
        first, other = (one.as_it_stands(screen.seed, screen.runs) for one in screen.plans)
        return first, other

    @property
    def comparison(self) -> Comparison:
        """What is on the screen, played anew as `sim.compare` does, with all that it knows."""
        from sim.study.comparing.compare import compare  # noqa: PLC0415 - only when it is asked for

        return compare(dict(zip("AB", self.plans, strict=True)))

    def save(self, path: str | PathLike[str], plan: str = "B") -> Path:
        """Write a plan that is on the screen to a new file, a scenario that runs by itself."""
        file, place = Path(path), {"A": 0, "B": 1}[plan]
        with file.open("x", encoding="utf-8", newline="") as opened:
            opened.write(self.plans[place].to_toml())
        return file
