"""Progress: how fast, how long still, and what the estimate is so far.

In a terminal and in a notebook it is a bar; where the output goes to a file it is a line now and
then, each of which can be read by itself; where a program asks for none there is none. What is over
in a second shows nothing.

    with watching(progress):                              # as the user asked for it
        with shown(replications) as watched: ...          # runs, with the estimate so far
        for point in watched(points, "checking points", "point"): ...
        with stage("looking for boxes"): ...              # of which nobody knows how long it takes
"""

from __future__ import annotations

import sys
from collections.abc import Sized
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO, TypeVar

from sim.results.progress_bar import SOON_SECONDS, Bar, Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

# What is computed lies deep below whoever was asked for it, and may be computed much later.
_ASKED: Final[ContextVar[bool | None]] = ContextVar("progress", default=None)


class Watched(Protocol):
    """Whoever shows progress."""

    def done(self, more: int, collapsed: int = 0, ended: int = 0) -> None:
        """Take note of more runs, or points and so on; of those that ended, so many collapsed."""

    def expects(self, total: int, because: str) -> None:
        """Take note that so many will be needed, and why."""


class _Nobody:
    """Nobody watches."""

    def done(self, more: int, collapsed: int = 0, ended: int = 0) -> None:
        pass

    def expects(self, total: int, because: str) -> None:
        pass


@contextmanager
def watching(asked: bool | None) -> Iterator[None]:  # noqa: FBT001 - handed on
    """Let all that is done meanwhile show its progress, or not; `None` leaves that as it was."""
    before = _ASKED.set(asked_for() if asked is None else asked)
    try:
        yield
    finally:
        _ASKED.reset(before)


def asked_for() -> bool | None:
    """Return whether progress is to be shown: yes, no, or where somebody can see it.

    >>> with watching(False), watching(None):
    ...     asked_for()
    False
    """
    return _ASKED.get()


@contextmanager
def shown(
    total: int | None,
    asked: bool | None = None,  # noqa: FBT001 - handed on
    what: str = "run",
    doing: str = "",
) -> Iterator[Watched]:
    """Give who shows how many of all runs are done: as asked for, or as suits where one is."""
    asked = asked_for() if asked is None else asked
    if asked is False:
        yield _Nobody()
    elif (asked and sys.stderr is not None) or _somebody_watches():
        with _bar(total, what, doing) as bar:
            yield bar
    else:
        lines = Lines(total, what, doing)
        # What is counted says something whenever it is counted.
        if total is None:
            with _every_second(lines.look):
                yield lines
        else:
            yield lines
        lines.over()


@contextmanager
def _bar(total: int | None, what: str, doing: str) -> Iterator[Bar]:
    from tqdm.auto import tqdm  # noqa: PLC0415 - where nobody watches, nobody waits for it

    how: dict[str, Any] = {"unit": what, "unit_scale": total is not None and total > 10**6}
    if total is None:
        how["bar_format"] = "{desc} ... {elapsed}"
    with tqdm(total=total, desc=doing or None, leave=False, delay=SOON_SECONDS, **how) as inner:
        bar = Bar(inner)
        with _every_second(bar.look):
            yield bar
        bar.over()


@contextmanager
def _every_second(look: Callable[[], None]) -> Iterator[None]:
    """Call something every second meanwhile, from another thread."""
    is_over = Event()

    def look_again() -> None:
        while not is_over.wait(SOON_SECONDS):
            look()

    looking = Thread(target=look_again, daemon=True)
    looking.start()
    try:
        yield
    finally:
        is_over.set()
        looking.join()


def _somebody_watches() -> bool:
    """Return whether this is a terminal or a notebook, where a bar can be seen."""
    return _is_terminal() or _is_notebook()


def _is_notebook() -> bool:
    """Return whether a notebook's kernel runs this; a program may have loaded one's code too."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and "IPKernelApp" in shell.config


def _is_terminal() -> bool:
    """Return whether what is said goes to a terminal; a program without a console has nothing."""
    # Typed as always there, yet it is not: pythonw has none, and a daemon may have closed it.
    stderr: TextIO | None = sys.stderr
    return stderr is not None and not stderr.closed and stderr.isatty()


@contextmanager
def stage(doing: str, total: int | None = None, what: str = "") -> Iterator[Watched]:
    """Give who shows how far something is that is no playing of runs.

    Without a total it shows what is being done, and for how long.
    """
    with shown(total, None, what, doing) as found:
        yield found


def watched(
    things: Iterable[T],
    doing: str,
    what: str,
    total: int | None = None,
    *,
    worth: Callable[[T], int] = lambda _one: 1,
) -> Iterator[T]:
    """Yield some things, and show how many of all have been seen to; their number, or the total.

    >>> list(watched([12, 24], "checking points", "point"))
    [12, 24]
    """
    count = len(things) if total is None and isinstance(things, Sized) else total
    with stage(doing, count, what) as found:
        for one in things:
            yield one
            found.done(worth(one))
