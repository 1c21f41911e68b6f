"""How the compiled engine's time grows: with incidents, with sectors, with the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from timing import Spread, runs_that_take, seconds_in_rounds, spread
from worlds_to_play import SEED, events_by_run, numbers_of

from sim.engines.compiled_engine import Player

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INCIDENTS: Final = "incidents per day"
SECTORS_LINE: Final = "sectors, one ladder"
SECTORS_EACH: Final = "sectors, a ladder each"
YEARS: Final = "years"

_INCIDENTS_PER_DAY: Final = (1, 3, 10, 30, 100, 300, 500)
_SECTORS: Final = (1, 4, 16, 64, 256)
_YEARS: Final = (1, 5, 15, 50)
_DAYS_A_YEAR: Final = 365.0

Changes = tuple[tuple[str, Any], ...]


class Effort(NamedTuple):
    """How much is done: a quick look, or a measurement."""

    turn_seconds: float
    rounds: int


class Point(NamedTuple):
    """The time of one scenario: the reference scenario with one number of it changed."""

    varied: str
    value: int
    runs: int
    events: int
    seconds: list[float]

    def events_per_run(self) -> float:
        """Return the events of a run, on average."""
        return self.events / self.runs

    def seconds_per_run(self) -> Spread:
        """Return the seconds of a run, on average, by round."""
        return spread([seconds / self.runs for seconds in self.seconds])

    def ns_per_event(self) -> Spread:
        """Return nanoseconds for each event that a trace would show."""
        return spread([1e9 * seconds / self.events for seconds in self.seconds])


class _Case(NamedTuple):
    varied: str
    value: int
    changes: Changes


def _cases() -> Iterator[_Case]:
    for value in _INCIDENTS_PER_DAY:
        yield _Case(INCIDENTS, value, (("violations.incidents_per_day", value),))
    for value in _SECTORS:
        yield _Case(SECTORS_LINE, value, _in_sectors(value))
    for value in _SECTORS:
        yield _Case(SECTORS_EACH, value, (*_in_sectors(value), ("crisis.scope", "sector")))
    for value in _YEARS:
        yield _Case(YEARS, value, (("run.horizon_days", _DAYS_A_YEAR * value),))


def _in_sectors(count: int) -> Changes:
    """Return the changes that share the same incidents among so many sectors alike."""
    sectors = {f"sector_{number}": 1.0 / count for number in range(count)}
    return (("line.sectors", sectors), ("attack.sectors", min(2, count)))


def grown(effort: Effort) -> list[Point]:
    """Return the times of all scenarios, each with a turn in every round."""
    cases = list(_cases())
    players = [_player(case.changes) for case in cases]
    runs = [runs_that_take(effort.turn_seconds, play) for play in players]
    works = [_turn(play, count) for play, count in zip(players, runs, strict=True)]
    seconds = seconds_in_rounds(works, effort.rounds)
    return [
        Point(case.varied, case.value, count, _events(case, count), turns)
        for case, count, turns in zip(cases, runs, seconds, strict=True)
    ]


def _player(changes: Changes) -> Callable[[range], object]:
    player = Player(numbers_of(*changes), np.zeros(1, np.bool_))
    return lambda runs: player.play(SEED, runs)


def _turn(play: Callable[[range], object], runs: int) -> Callable[[], object]:
    return lambda: play(range(runs))


def _events(case: _Case, runs: int) -> int:
    return sum(events_by_run(numbers_of(*case.changes), range(runs)))
