"""The explorer in a notebook: a widget, which is the same page in a cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from anywidget import AnyWidget

from sim.show.explorer.session import Session
from sim.study.batches import available_workers
from sim.study.exploring import Kept, Players

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from sim.scenario.scenario import Scenario
    from sim.study.comparison import Comparison
    from sim.study.exploring_plans import Base


class Explorer(AnyWidget):
    """Two plans side by side, with a slider for each value; show it as the last line of a cell."""

    _esm = Path(__file__).with_name("explorer.js")
    _css = Path(__file__).with_name("explorer.css")

    def __init__(self, bases: Sequence[Base], other: int) -> None:
        """Begin with plans to choose from, of which the other one is B; nothing is played yet."""
        super().__init__()
        self._session = Session(bases, other, self._tell, Players(available_workers()), Kept())
        self.on_msg(self._hear)

    def _tell(self, told: dict[str, Any], buffers: list[bytes]) -> None:
        self.send(told, buffers)

    def _hear(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        self._session.hear(message)

    @property
    def plans(self) -> tuple[Scenario, Scenario]:
        """The plans that are on the screen, with the seed and the number of runs there."""
        shown = self._session.shown
        if shown is None:
            message = "explorer: shows nothing yet, since it is not on the screen"
            raise ValueError(message)
        screen = shown.screen
        first, other = (one.as_it_stands(screen.seed, screen.runs) for one in screen.plans)
        return first, other

    @property
    def comparison(self) -> Comparison:
        """What is on the screen, played anew as `sim.compare` does, with all that it knows."""
        from sim.study.compare import compare  # noqa: PLC0415 - only when it is asked for

        return compare(dict(zip("AB", self.plans, strict=True)))

    def save(self, path: str | PathLike[str], plan: str = "B") -> Path:
        """Write a plan that is on the screen to a new file, a scenario that runs by itself."""
        file, place = Path(path), {"A": 0, "B": 1}[plan]
        with file.open("x", encoding="utf-8", newline="") as opened:
            opened.write(self.plans[place].to_toml())
        return file
