"""Waiting for what others play, so that a Ctrl-C is heard, and that nobody is left is seen."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

T = TypeVar("T")

# A wait without an end is not broken off by a signal that comes in the moment before it begins,
# and on Windows by none.
_SECONDS_AT_A_TIME: Final = 0.2


def result_of(future: Future[T], look: Callable[[], object] = lambda: None) -> T:
    """Return what becomes of a future; `look` is called now and then until it is done."""
    while not future.done():
        # What is caught may be the task's own, but then it is done.
        with suppress(TimeoutError):
            future.result(_SECONDS_AT_A_TIME)
        look()
    return future.result()
