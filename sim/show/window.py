"""Which part of a run a timeline shows, and what its title says about that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sim.show.spans import CrisisSpan, Event, Span, crises, end_hours, spells

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOURS_BEFORE_COLLAPSE: Final = 48.0


class Window(NamedTuple):
    """A part of a run, in hours since the ceasefire began, and why it is this part."""

    start: float
    end: float
    why: str
    clock: float | None = None
    """When the clock started of the crisis that it shows, if it shows one."""

    def shows(self, start: float, end: float) -> bool:
        """Return whether something that goes on so long is at least partly in the window."""
        return start <= self.end and end >= self.start


def window(
    story: list[Event],
    levels: Sequence[str],
    from_hours: float | None,
    until_hours: float | None,
) -> Window:
    """Return the part that was asked for, or else the gravest part of the run.

    That is the crisis that went highest, of equals the longest; or the collapse, if no crisis was
    open when it came; or the whole run, if there was neither.
    """
    last = end_hours(story)
    if from_hours is not None or until_hours is not None:
        start = max(0.0, from_hours or 0.0)
        end = min(last, last if until_hours is None else until_hours)
        if start >= end:
            message = f"from_hours to until_hours: are {start:g} to {end:g}, must be a time in the run"
            raise ValueError(message)
        return Window(start, end, "")
    found = crises(story)
    collapse = next((one for one in story if one.name == "ceasefire_collapses"), None)
    if collapse is not None and not (found and max(one.closed for one in found) >= collapse.hours):
        start = max(0.0, collapse.hours - _HOURS_BEFORE_COLLAPSE)
        return Window(start, last, "the collapse, with no crisis open")
    return _gravest(found, spells(story), levels, last)


def _gravest(
    found: list[CrisisSpan], fought: list[Span], levels: Sequence[str], last: float
) -> Window:
    """Return the window around the crisis that went highest, or the whole run without one."""
    if not found:
        return Window(0.0, last, "there was no crisis")

    def gravity(crisis: CrisisSpan) -> tuple[bool, int, float]:
        is_last = crisis.closed >= last
        return is_last, _highest(crisis, fought, levels), crisis.closed - crisis.clock

    gravest = max(found, key=gravity)
    margin = max(6.0, 0.05 * (gravest.closed - gravest.clock))
    highest = levels[_highest(gravest, fought, levels)]
    return Window(
        max(0.0, gravest.clock - margin),
        min(last, gravest.closed + margin),
        f"crisis {gravest.number} of {len(found)}, the one that went highest ({highest})",
        gravest.clock,
    )


def _highest(crisis: CrisisSpan, fought: list[Span], levels: Sequence[str]) -> int:
    """Return the index of the highest level that was fought at during a crisis."""
    sectors = {span.where for span in fought}
    scope = {crisis.scope} if crisis.scope in sectors else sectors
    during = (
        levels.index(span.what)
        for span in fought
        if span.where in scope and span.start <= crisis.closed and span.end >= crisis.clock
    )
    return max(during, default=0)
