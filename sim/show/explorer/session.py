"""The conversation with whoever looks on: what they wish for is heard at once, and shown in turns.

Only the newest wish counts. The first picture of a wish is drawn before a newer one is looked at,
and a page shows it although it wished for more meanwhile, so that who moves a slider fast sees
pictures move; all that follows is broken off by a newer one.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.results.manifest import DISCLAIMER
from sim.scenario.problems import ScenarioError
from sim.show.explorer.controls import as_documents
from sim.show.explorer.numbers import Pair, grade_lines, number_rows
from sim.show.explorer.pictures import pictures, run_picture
from sim.show.explorer.wishes import WrongWishError, scenarios_of, wish_of
from sim.show.style import plain
from sim.study.exploring.known_runs import next_parting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sim.engines.compiled_engine import Stop
    from sim.scenario.scenario import Scenario
    from sim.show.explorer.paper import Picture
    from sim.show.explorer.wishes import Wish
    from sim.study.exploring.asked_plans import Base, Screen
    from sim.study.exploring.known_runs import Kept, Known, Players

    Send = Callable[[dict[str, Any], list[bytes]], None]

# So long the first picture of a wish may take once there is a newer one.
_PATIENCE_SECONDS: Final = 0.3
# So many turns of the loop it takes at most until a message that has come is heard.
_TURNS: Final = 4
_LABELS: Final = ("plan A", "plan B")


class Shown(NamedTuple):
    """What is on the screen by now, and the runs that it rests on."""

    screen: Screen
    pair: Pair


class Session:
    """One page, or one widget, that looks on."""

    def __init__(
        self, bases: Sequence[Base], other: int, send: Send, players: Players, kept: Kept
    ) -> None:
        """Begin with plans to choose from, of which B is the other one; nothing is played yet."""
        self._bases = bases
        self._other = other
        self._send = send
        self._players = players
        self._kept = kept
        self._newest: dict[str, Any] | None = None
        self._stop: Stop = np.zeros(1, np.bool_)
        self._is_begun = False
        self._task: asyncio.Task[None] | None = None
        self._told_run: tuple[int, int] | None = None
        self.shown: Shown | None = None

    def hear(self, message: dict[str, Any]) -> None:
        """Take a message of the page; must be called where an event loop runs."""
        kinds = {
            "hello": self._greet,
            "controls": self._tell_controls,
            "wish": self._want,
            "take": self._give,
            "parting": self._tell_parting,
        }
        kinds[message["kind"]](message)

    def close(self) -> None:
        """Break off whatever is played for it."""
        self._stop[0] = True
        if self._task is not None:
            self._task.cancel()

    def _greet(self, _message: dict[str, Any]) -> None:
        plans = [{"name": plain(one.name)} for one in self._bases]
        greeting = {"kind": "plans", "plans": plans, "other": self._other}
        seed = self._bases[0].scenario.run.seed
        self._send({**greeting, "seed": seed, "disclaimer": f"{DISCLAIMER.capitalize()}."}, [])

    def _tell_controls(self, message: dict[str, Any]) -> None:
        base, told = message["base"], []
        # What is wrong with a file is said by the wish for it.
        with suppress(ScenarioError):
            told = list(as_documents(self._bases[base].scenario))
        self._send({"kind": "controls", "base": base, "controls": told}, [])

    def _want(self, message: dict[str, Any]) -> None:
        """Let the newest wish count, and say that it was heard, so that the next one may come."""
        loop, stop = asyncio.get_running_loop(), self._stop
        self._send({"kind": "heard", "number": message["number"]}, [])
        self._newest = message
        if self._is_begun:
            stop[0] = True
        else:
            loop.call_later(_PATIENCE_SECONDS, lambda: stop.fill(True))  # noqa: FBT003 - it stops
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._work())

    async def _work(self) -> None:
        """Serve the newest wish, until there is no newer one."""
        while self._newest is not None:
            message, self._newest = self._newest, None
            self._stop, self._is_begun = np.zeros(1, np.bool_), False
            try:
                wish = wish_of(message, self._bases)
                await self._serve(wish, scenarios_of(wish))
            except WrongWishError as error:
                self._complain(message, [one.as_dict() for one in error.wrong])
            except Exception as error:  # noqa: BLE001 - it is said, and the next wish may be better
                said = f"failed: {type(error).__name__}: {error}"
                self._complain(message, [{"plan": None, "path": "", "says": said}])
            finally:
                self._stop[0] = True

    def _complain(self, message: dict[str, Any], problems: list[dict[str, Any]]) -> None:
        told = {"kind": "wrong", "number": message["number"], "problems": problems}
        self._send(told, [])

    async def _serve(self, wish: Wish, scenarios: tuple[Scenario, Scenario]) -> None:
        """Show what is wished for: of few runs at once, then of more and more of them."""
        plans = [self._kept.of(one, wish.screen.seed) for one in scenarios]
        coming: asyncio.Task[int] | None = self._begin(plans, 0, wish)
        while coming is not None:
            runs = await coming
            if not runs:
                return
            # The next runs are played while pictures are drawn; only the very first has no rival.
            coming = self._begin_next(plans, runs, wish) if self._is_begun else None
            if await self._is_out_of_date():
                return
            for picture in self._draw(wish, plans, runs, scenarios):
                if picture is not None:
                    self._send_picture(wish, picture)
                    if not self._is_begun:
                        self._is_begun = True
                        coming = self._begin_next(plans, runs, wish)
                if await self._is_out_of_date():
                    return
            # A run that was asked for is told here; one that a slider changes has time until then.
            if wish.timeline != self._told_run:
                self._draw_run(wish, scenarios)
        self._draw_run(wish, scenarios)
        self._send({"kind": "done", "number": wish.number}, [])

    async def _is_out_of_date(self) -> bool:
        """Hear what was said meanwhile, and return whether all that follows is to be left."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        return self._is_begun and self._newest is not None

    def _begin_next(
        self, plans: Sequence[Known], shown: int, wish: Wish
    ) -> asyncio.Task[int] | None:
        """Play what is shown next, if anything is."""
        if shown >= wish.screen.runs or self._newest is not None:
            return None
        return self._begin(plans, shown, wish)

    def _begin(self, plans: Sequence[Known], shown: int, wish: Wish) -> asyncio.Task[int]:
        """Play what is shown next."""
        until = self._players.next_size(plans, shown, wish.screen.runs)
        return asyncio.get_running_loop().create_task(self._play(plans, until, self._stop))

    async def _play(self, plans: Sequence[Known], until: int, stop: Stop) -> int:
        """Let so many runs of each plan be known, and return how many; 0 if it is broken off."""
        different = list(dict.fromkeys(plans))
        for known, futures in zip(
            different, self._players.begin(different, until, stop), strict=True
        ):
            played = [await asyncio.wrap_future(one) for one in futures]
            if stop[0]:
                return 0
            known.add(played)
        return until

    def _draw(
        self, wish: Wish, plans: Sequence[Known], runs: int, scenarios: tuple[Scenario, Scenario]
    ) -> Iterator[Picture | None]:
        """Send the numbers, then yield the pictures, and None where one may break off as well."""
        first, other = (
            known.results(runs, one) for known, one in zip(plans, scenarios, strict=True)
        )
        pair = Pair.of(first, other, _LABELS)
        screen = wish.screen._replace(runs=runs)
        self.shown = Shown(screen, pair)
        told = {
            "kind": "numbers",
            "number": wish.number,
            "runs": runs,
            "of": wish.screen.runs,
            **_of_both(wish, pair),
            "titles": [plain(one.title()) for one in screen.plans],
            "answer": plain(_ahead_of_the_answer(screen) + pair.answer()),
            "caution": [plain(one.caution() or "") for one in (first, other)],
            "grades": grade_lines(pair),
            "rows": number_rows(pair),
            "happened": list(dict.fromkeys([*first.tally.happened, *other.tally.happened])),
        }
        self._send(told, [])
        yield None
        yield from pictures(pair, wish.view)

    def _send_picture(self, wish: Wish, picture: Picture) -> None:
        told = {"kind": "picture", "number": wish.number, "name": picture.name}
        about = {"title": picture.title, "alt": picture.alt, "size": list(picture.size)}
        self._send({**told, **about}, [picture.png])

    def _draw_run(self, wish: Wish, scenarios: tuple[Scenario, Scenario]) -> None:
        self._told_run = wish.timeline
        if wish.timeline is not None:
            run, plan = wish.timeline
            about = scenarios[plan], run, _LABELS[plan], wish.screen.seed
            self._send_picture(wish, run_picture(*about, wish.view))

    def _tell_parting(self, message: dict[str, Any]) -> None:
        """Say which run is the next one that goes otherwise under B than under A."""
        found = None
        if self.shown is not None:
            found = next_parting(self.shown.pair.first, self.shown.pair.other, message["after"])
        self._send({"kind": "parting", "run": found}, [])

    def _give(self, message: dict[str, Any]) -> None:
        """Send what is on the screen as a text to be taken along."""
        if self.shown is None:
            return
        screen, what = self.shown.screen, message["what"]
        kinds: dict[str, Callable[[], str]] = {
            "python": screen.as_python,
            "command": screen.as_command,
            "toml": lambda: screen.as_toml(message["plan"]),
        }
        told = {"kind": "taken", "what": what, "plan": message.get("plan"), "text": kinds[what]()}
        self._send(told, [])


def _of_both(wish: Wish, pair: Pair) -> dict[str, Any]:
    """Return what is the same for both plans, for the page."""
    days = pair.first.scenario.run.horizon_days
    return {"seed": wish.screen.seed, "horizon_days": days, "horizon_note": wish.horizon_note}


def _ahead_of_the_answer(screen: Screen) -> str:
    """Return what is to be said first where there is nothing to compare yet."""
    if screen.plans[0] != screen.plans[1]:
        return ""
    return "Both plans are the same so far: a slider or another plan makes them differ. "
