"""What a page wishes for: its message, read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.scenario.counts import counted
from sim.scenario.problems import Origin, Problem, ScenarioError, shown
from sim.show.explorer.paper import View
from sim.study.exploring.asked_plans import Asked, Screen
from sim.study.exploring.known_runs import MOST_RUNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.scenario import Scenario
    from sim.study.exploring.asked_plans import Base

_LARGEST_SEED: Final = 2**63 - 1
_LARGEST_RUN: Final = 2**40 - 1
_HORIZON: Final = "run.horizon_days"
_PIXELS: Final = (240.0, 1200.0)
_RATIOS: Final = (1.0, 2.0)


class Wish(NamedTuple):
    """Two plans, how many runs, on which luck, and how it is to be shown."""

    number: int
    """Wishes are counted, so that a page knows which one an answer belongs to."""
    screen: Screen
    view: View
    timeline: tuple[int, int] | None
    """The run that is to be told, and under which plan: 0 or 1."""
    horizon_note: str = ""
    """What is to be said of plan B's horizon, where its file has another one than plan A's."""


class Wrong(NamedTuple):
    """What is wrong with a plan, or with what stands at a path that no plan has."""

    plan: int | None
    problem: Problem

    def as_dict(self) -> dict[str, Any]:
        """Return it for the page."""
        return {"plan": self.plan, "path": self.problem.path, "says": self.problem.sentence}


class WrongWishError(ValueError):
    """A wish that cannot be, with everything that is wrong with it."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        """Keep what is wrong."""
        self.wrong = tuple(wrong)
        super().__init__("\n".join(str(one.problem) for one in wrong))


def wish_of(message: dict[str, Any], bases: Sequence[Base]) -> Wish:
    """Return the wish of a message; raise `WrongWishError` for numbers that cannot be."""
    asked = [Asked(bases[one["base"]], _typed(one["typed"])) for one in message["plans"]]
    first, other, horizon_note = _watched_alike(asked[0], asked[1], str(message.get("horizon", "")))
    wrong: list[Wrong] = []
    runs = _whole("runs", message["runs"], (1, MOST_RUNS), wrong)
    seed = _whole("seed", message["seed"], (0, _LARGEST_SEED), wrong)
    told = message.get("timeline")
    run = _whole("timeline", told["run"], (0, _LARGEST_RUN), wrong) if told else 0
    if wrong:
        raise WrongWishError(wrong)
    return Wish(
        int(message["number"]),
        Screen((first, other), runs, seed),
        View(
            _between(message["pixels"], _PIXELS),
            _between(message["ratio"], _RATIOS),
            str(message["what"]),
        ),
        (run, int(told["plan"])) if told else None,
        horizon_note,
    )


def _watched_alike(first: Asked, other: Asked, text: str) -> tuple[Asked, Asked, str]:
    """Return both plans with the horizon that was typed, or else plan A's, and what to say of that.

    Who is watched for longer sees more, so that nothing could be said of the difference.
    """
    try:
        days = [one.base.scenario.run.horizon_days for one in (first, other)]
    except ScenarioError:  # what is wrong with a file is said with all else that is wrong
        return first, other, ""
    text = text.replace(",", "").strip() or str(days[0]).removesuffix(".0")
    is_told = days[0] != days[1] and _is_other(text, days[1])
    note = f"Plan B's file has {counted(days[1], 'day')}" if is_told else ""
    return _watched_for(text, days[0], first), _watched_for(text, days[1], other), note


def _watched_for(text: str, days: float, asked: Asked) -> Asked:
    """Return a plan with a horizon, as a change where its file has another one."""
    if not _is_other(text, days):
        return asked
    return asked._replace(typed=(*asked.typed, (_HORIZON, text)))


def _is_other(text: str, days: float) -> bool:
    try:
        return float(text) != days
    except ValueError:
        return True


def scenarios_of(wish: Wish) -> tuple[Scenario, Scenario]:
    """Return both plans; raise `WrongWishError` with all that is wrong with either."""
    found: list[Scenario] = []
    wrong: list[Wrong] = []
    for plan, asked in enumerate(wish.screen.plans):
        try:
            found.append(asked.scenario())
        except ScenarioError as error:
            wrong += [Wrong(plan, one) for one in error.problems]
    if wrong:
        raise WrongWishError(wrong)
    return found[0], found[1]


def _typed(typed: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(path), str(text).strip()) for path, text in typed.items() if path != _HORIZON)


def _whole(name: str, text: object, bounds: tuple[int, int], wrong: list[Wrong]) -> int:
    """Return a whole number that was typed, or add to what is wrong."""
    low, high = bounds
    try:
        value = int(str(text).replace(",", "").strip())
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        said = f"is {shown(str(text))}, must be a whole number, {low:,} to {high:,}"
        wrong.append(Wrong(None, Problem(Origin("explorer"), name, said)))
    return value


def _between(value: object, bounds: tuple[float, float]) -> float:
    return max(bounds[0], min(bounds[1], float(str(value))))
