"""How progress looks: a bar for who watches, lines for a log.

Nothing of it is seen before a second has passed: what is over by then would only flicker.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tqdm import tqdm

SOON_SECONDS: Final = 1.0
"""What takes longer than this is shown."""
# The first line comes when somebody may begin to wonder, later ones less and less often.
_FIRST_LINE_SECONDS: Final = 10.0
_SPREAD: Final = 1.5
_LONGEST_SECONDS: Final = 300.0
_SLOW: Final = 10


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


class Bar:
    """A bar of tqdm's, which knows terminals and notebooks."""

    def __init__(self, bar: tqdm[Any]) -> None:
        """Show nothing yet."""
        self._bar = bar
        self._estimate = _Estimate()
        self._said = ""

    def done(self, more: int, collapsed: int = 0, ended: int = 0) -> None:
        """Take note of more that is done."""
        self._estimate.learn(collapsed, ended)
        told = ", ".join(filter(None, (str(self._estimate), self._said)))
        self._bar.set_postfix_str(told, refresh=False)
        self._bar.update(more)

    def expects(self, total: int, because: str) -> None:
        """Take note of another total."""
        self._bar.total = total
        self._said = because

    def look(self) -> None:
        """Let the clock go on, also where nothing gets done for a while."""
        self._bar.refresh()
        # Whoever has been seen goes away in the end; tqdm believes that of nobody within the delay.
        self._bar.delay = 0

    def over(self) -> None:
        """Take note that all is done, though less may have been needed than was thought."""
        if self._bar.total is not None:
            self._bar.total = self._bar.n


class Lines:
    """Lines in a log."""

    def __init__(self, total: int | None, what: str, doing: str) -> None:
        """Say nothing yet."""
        self._total = total
        self._what = what
        self._doing = doing
        self._done = 0
        self._estimate = _Estimate()
        self._said = ""
        self._began = time.monotonic()
        self._done_before = 0
        self._next_seconds = _FIRST_LINE_SECONDS

    def done(self, more: int, collapsed: int = 0, ended: int = 0) -> None:
        """Take note of more that is done."""
        self._done += more
        self._estimate.learn(collapsed, ended)
        if self._done == more:
            # The first runs may have waited for the engine to be compiled.
            self._began, self._done_before = time.monotonic(), more
        if self._total is None or self._done < self._total:
            self.look()

    def expects(self, total: int, because: str) -> None:
        """Take note of another total."""
        self._total = total
        self._said = because

    def look(self) -> None:
        """Say how far it is, if that has not been said for a while."""
        seconds = time.monotonic() - self._began
        if seconds >= self._next_seconds:
            self._next_seconds = seconds + min(_LONGEST_SECONDS, (_SPREAD - 1) * seconds)
            _say(self._line(seconds))

    def over(self) -> None:
        """Say how long that took of which nobody could say how long it would take."""
        seconds = time.monotonic() - self._began
        if self._total is None and seconds >= _FIRST_LINE_SECONDS:
            _say(f"sim: {self._doing} took {lasting(seconds)}")

    def _line(self, seconds: float) -> str:
        if self._total is None:
            return f"sim: {self._doing}, {lasting(seconds)} so far"
        rate = max(self._done - self._done_before, 1) / seconds
        parts = [
            f"{self._done:,} of {self._total:,} {self._what}s",
            f"{rate:,.0f} a second" if rate >= _SLOW else f"{rate:.2g} a second",
            f"{lasting((self._total - self._done) / rate)} left",
            str(self._estimate),
            self._said,
        ]
        begin = f"sim: {self._doing}: " if self._doing else "sim: "
        return begin + ", ".join(filter(None, parts))


def _say(line: str) -> None:
    # Nobody may read the log any more, or the disk may be full: runs go on without their lines.
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - a log's line


def lasting(seconds: float) -> str:
    """Return a time in words.

    >>> lasting(42), lasting(3 * 60 + 20), lasting(90_000)
    ('42 s', '3 min 20 s', '25 h 0 min')
    """
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004
