"""Progress: how fast, how long still, and what the estimate is so far.

In a terminal and in a notebook it is a bar; where the output goes to a file it is a line now and
then, each of which can be read by itself; where a program asks for none there is none.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tqdm import tqdm

# The first line comes when somebody may begin to wonder, later ones less and less often.
_FIRST_LINE_SECONDS: Final = 10.0
_SPREAD: Final = 1.5
_LONGEST_SECONDS: Final = 300.0


class Watched(Protocol):
    """Whoever shows progress."""

    def done(self, runs: int, collapsed: int, ended: int) -> None:
        """Take note of more runs; of those that ended, so many collapsed."""

    def expects(self, total: int, because: str) -> None:
        """Take note that so many runs will be needed, and why."""


class _Estimate:
    """The share of runs that collapsed so far."""

    def __init__(self) -> None:
        self._collapsed = self._ended = 0

    def learn(self, collapsed: int, ended: int) -> None:
        self._collapsed += collapsed
        self._ended += ended

    def __str__(self) -> str:
        if not self._ended:
            return ""
        from sim.results.estimates import share  # noqa: PLC0415 - takes time, and only now is there

        found = share(self._collapsed, self._ended)
        half = 50 * (found.high - found.low)
        return f"collapsed {100 * found.value:.1f} % ± {half:.{1 if half >= 1 else 2}f}"


class _Bar:
    """A bar of tqdm's, which knows terminals and notebooks."""

    def __init__(self, bar: tqdm[Any]) -> None:
        self._bar = bar
        self._estimate = _Estimate()
        self._said = ""

    def done(self, runs: int, collapsed: int, ended: int) -> None:
        self._estimate.learn(collapsed, ended)
        self._bar.set_postfix_str(
            ", ".join(filter(None, (str(self._estimate), self._said))), refresh=False
        )
        self._bar.update(runs)

    def expects(self, total: int, because: str) -> None:
        self._bar.total = total
        self._said = because


class _Lines:
    """Lines in a log."""

    def __init__(self, total: int, what: str) -> None:
        self._total = total
        self._what = what
        self._runs = 0
        self._estimate = _Estimate()
        self._said = ""
        self._began = time.monotonic()
        self._runs_before = 0
        self._next_seconds = _FIRST_LINE_SECONDS

    def done(self, runs: int, collapsed: int, ended: int) -> None:
        self._runs += runs
        self._estimate.learn(collapsed, ended)
        if self._runs == runs:
            # The first runs may have waited for the engine to be compiled.
            self._began, self._runs_before = time.monotonic(), runs
        seconds = time.monotonic() - self._began
        if seconds >= self._next_seconds and self._runs < self._total:
            self._next_seconds = seconds + min(_LONGEST_SECONDS, (_SPREAD - 1) * seconds)
            print(self._line(seconds), file=sys.stderr, flush=True)  # noqa: T201 - a log's line

    def _line(self, seconds: float) -> str:
        rate = max(self._runs - self._runs_before, 1) / seconds
        parts = [
            f"{self._runs:,} of {self._total:,} {self._what}s",
            f"{rate:,.0f} a second",
            f"{lasting((self._total - self._runs) / rate)} left",
            str(self._estimate),
            self._said,
        ]
        return "sim: " + ", ".join(filter(None, parts))

    def expects(self, total: int, because: str) -> None:
        self._total = total
        self._said = because


def lasting(seconds: float) -> str:
    """Return a time in words.

    >>> lasting(42), lasting(3 * 60 + 20), lasting(90_000)
    ('42 s', '3 min 20 s', '25 h 0 min')
    """
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004


class _Nobody:
    """Nobody watches."""

    def done(self, runs: int, collapsed: int, ended: int) -> None:
        pass

    def expects(self, total: int, because: str) -> None:
        pass


@contextmanager
def shown(total: int, asked: bool | None, what: str = "run") -> Iterator[Watched]:  # noqa: FBT001 - handed on
    """Give who shows how many of all runs are done: as asked for, or as suits where one is."""
    if asked is False:
        yield _Nobody()
    elif asked or _somebody_watches():
        from tqdm.auto import tqdm  # noqa: PLC0415 - where nobody watches, nobody waits for it

        with tqdm(total=total, unit=what, leave=False, unit_scale=total > 10**6) as bar:
            yield _Bar(bar)
    else:
        yield _Lines(total, what)


def _somebody_watches() -> bool:
    """Return whether this is a terminal or a notebook, where a bar can be seen."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules
