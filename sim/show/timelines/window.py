"""Which part of a run a timeline shows, and what its title says about that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sim.show.timelines.spans import CrisisSpan, Event, Span, crises, end_hours, spells

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOURS_BEFORE_COLLAPSE: Final = 48.0
_LEAST_MARGIN_HOURS: Final = 6.0


class Window(NamedTuple):
    """A part of a run, in hours since the ceasefire began, and why it is this part."""

    start: float
    end: float
    why: str
    clock: float | None = None
    """When the clock started of the crisis that it is about, if it is about one."""

    def shows(self, start: float, end: float) -> bool:
        """Return whether something that lasts from start to end is at least partly in it.

        >>> Window(10, 20, "").shows(5, 12), Window(10, 20, "").shows(21, 22)
        (True, False)
        """
        return start <= self.end and end >= self.start


def window_of(
    story: list[Event],
    levels: Sequence[str],
    from_hours: float | None = None,
    until_hours: float | None = None,
) -> Window:
    """Return the part of the run that is asked for, or else its gravest part.

    That is the crisis in which the ceasefire collapsed, or the collapse without one; else the
    crisis that went highest, of equals the longest; or the whole run, if there was no crisis.
    """
    last = end_hours(story)
    if from_hours is not None or until_hours is not None:
        return _asked(from_hours or 0.0, last if until_hours is None else until_hours, last)
    found = crises(story)
    if not any(event.name == "ceasefire_collapses" for event in story):
        return _around_gravest(story, found, levels, "the one that went highest")
    if open_then := [crisis for crisis in found if crisis.closed >= last]:
        return _around_gravest(story, open_then, levels, "in which the ceasefire collapsed")
    return Window(
        max(0.0, last - _HOURS_BEFORE_COLLAPSE), last, "the collapse, with no crisis open"
    )


def _asked(start: float, end: float, last: float) -> Window:
    if not 0 <= start < min(end, last):
        message = f"from_hours, until_hours: are {start:g}, {end:g}; the run is 0 to {last:g}"
        raise ValueError(message)
    return Window(start, min(end, last), "")


def _around_gravest(
    story: list[Event], found: list[CrisisSpan], levels: Sequence[str], why: str
) -> Window:
    fought, last = spells(story), end_hours(story)
    if not found:
        return Window(0.0, last, "there was no crisis")

    def gravity(crisis: CrisisSpan) -> tuple[int, float]:
        return _highest(crisis, fought, levels), crisis.closed - crisis.clock

    gravest = max(found, key=gravity)
    margin = max(_LEAST_MARGIN_HOURS, 0.05 * (gravest.closed - gravest.clock))
    highest = levels[gravity(gravest)[0]]
    return Window(
        max(0.0, gravest.clock - margin),
        min(last, gravest.closed + margin),
        f"crisis {gravest.number} of {len(crises(story))}, {why} ({highest})",
        gravest.clock,
    )


def _highest(crisis: CrisisSpan, fought: list[Span], levels: Sequence[str]) -> int:
    """Return the index of the highest level that was fought at during a crisis, where it was."""
    sectors = {span.where for span in fought}
    scope = {crisis.scope} if crisis.scope in sectors else sectors
    during = (
        levels.index(span.what)
        for span in fought
        if span.where in scope and span.start <= crisis.closed and span.end >= crisis.clock
    )
    return max(during, default=0)
