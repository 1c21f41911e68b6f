"""A trace as spans of time: which sector fought when, when crises were open, how steps went."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

DECIDING: Final = "called, being decided"
DECIDED: Final = "decided, not yet in force"
IN_FORCE: Final = "in force"
REFUSED: Final = "refused"
STOOD_DOWN: Final = "stood down"
ENDED: Final = "its time is over"

_PHASES: Final = {
    "step_called": DECIDING,
    "step_decided": DECIDED,
    "step_in_force": IN_FORCE,
    "step_refused": None,
    "step_stood_down": None,
    "step_ends": None,
}
_MARKS: Final = {
    "step_refused": REFUSED,
    "step_stood_down": STOOD_DOWN,
    "step_ends": ENDED,
}
BROKEN_OFF: Final = "spell_breaks_off"
RESUMED: Final = "spell_resumes"
_TURNS: Final = (
    "attack",
    "ceasefire_collapses",
    "recommitment",
    "guarantee_expires",
    "actor_absent",
    "actor_withdraws",
    "actor_rejoins",
)


class Event(NamedTuple):
    """A row of a trace."""

    hours: float
    name: str
    where: str
    detail: str


class Span(NamedTuple):
    """Something that went on somewhere (a sector, a step) for a time, in hours."""

    where: str
    what: str
    start: float
    end: float


class Mark(NamedTuple):
    """Something that happened at an hour: to a step, or to the line."""

    where: str
    what: str
    hours: float


class CrisisSpan(NamedTuple):
    """A crisis; its clock may start before it opens, and it may be open when the run ends."""

    scope: str
    number: int
    clock: float
    opened: float
    closed: float


def events(trace: pd.DataFrame) -> list[Event]:
    """Return the rows of a trace, in their order."""
    columns = (trace[name].tolist() for name in ("time_hours", "event", "where", "detail"))
    return [Event(*row) for row in zip(*columns, strict=True)]


def end_hours(story: list[Event]) -> float:
    """Return when the run ended."""
    return story[-1].hours if story else 0.0


def spells(story: list[Event]) -> list[Span]:
    """Return the fighting, a span for each level that a spell was at.

    >>> start = Event(1.0, "spell_starts", "north", "shelling")
    >>> spells([start, Event(3.0, "spell_stops", "north", "shelling, after 2.00 h of fighting")])
    [Span(where='north', what='shelling', start=1.0, end=3.0)]
    """
    return list(_ended(_spell_changes(story), end_hours(story)))


def _spell_changes(story: list[Event]) -> Iterator[Mark]:
    for event in story:
        if event.name == "spell_starts":
            yield Mark(event.where, event.detail, event.hours)
        elif event.name == "spell_rises":
            level = event.detail.removeprefix("to ").split(",")[0]
            yield Mark(event.where, level, event.hours)
        elif event.name in ("spell_stops", BROKEN_OFF):
            yield Mark(event.where, "", event.hours)


def _ended(changes: Iterable[Mark], end: float) -> Iterator[Span]:
    """Yield a span from each change to the next one at the same place; without words, none."""
    going_on: dict[str, Mark] = {}
    for change in changes:
        before = going_on.pop(change.where, None)
        if before is not None:
            yield Span(*before[:2], before.hours, change.hours)
        if change.what:
            going_on[change.where] = change
    for before in going_on.values():
        yield Span(*before[:2], before.hours, end)


def crises(story: list[Event]) -> list[CrisisSpan]:
    """Return the crises in the order in which they opened."""
    found: dict[str, CrisisSpan] = {}
    done = []
    for event in story:
        if event.name == "crisis_opens":
            number = int(event.detail.split(",")[0].removeprefix("crisis "))
            span = CrisisSpan(event.where, number, event.hours, event.hours, end_hours(story))
            found[event.where] = span
        elif event.name == "clock_starts":
            clock = float(event.detail.split(":")[0].removeprefix("from hour "))
            found[event.where] = found[event.where]._replace(clock=clock)
        elif event.name == "crisis_closes":
            done.append(found.pop(event.where)._replace(closed=event.hours))
    return sorted([*done, *found.values()], key=lambda crisis: (crisis.opened, crisis.number))


def phases(story: list[Event]) -> list[Span]:
    """Return how each step went, from its call to the close of its crisis, phase by phase.

    Where each sector has its ladder, a place is `sector/step`.
    """
    return list(_ended(_phase_changes(story), end_hours(story)))


def _phase_changes(story: list[Event]) -> Iterator[Mark]:
    called: set[str] = set()
    for event in story:
        if event.name in _PHASES:
            called.add(event.where)
            yield Mark(event.where, _PHASES[event.name] or "", event.hours)
        elif event.name == "crisis_closes":
            over = {one for one in called if scope_of(one) in {"", event.where}}
            called -= over
            yield from (Mark(where, "", event.hours) for where in sorted(over))


def outages(story: list[Event]) -> list[Span]:
    """Return when the monitors were out.

    >>> outages([Event(1.0, "outage_begins", "line", ""), Event(3.0, "outage_ends", "line", "")])
    [Span(where='line', what='outage_begins', start=1.0, end=3.0)]
    """
    names = {"outage_begins": "outage_begins", "outage_ends": ""}
    changes = (
        Mark(event.where, names[event.name], event.hours) for event in story if event.name in names
    )
    return list(_ended(changes, end_hours(story)))


def build_ups(story: list[Event]) -> list[Span]:
    """Return when an attack was prepared: from the decision until it came, or the run ended.

    >>> build_ups([Event(5.0, "attack_prepared", "line", "attack 1, to come in 72 h")])
    [Span(where='line', what='attack 1', start=5.0, end=5.0)]
    """
    decided: dict[str, float] = {}
    found = []
    for event in story:
        attack = event.detail.split(",")[0]
        if event.name == "attack_prepared":
            decided[attack] = event.hours
        elif event.name == "attack" and attack in decided:
            found.append(Span(event.where, attack, decided.pop(attack), event.hours))
    end = end_hours(story)
    return found + [Span("line", attack, start, end) for attack, start in decided.items()]


def false_alarms(story: list[Event]) -> list[Span]:
    """Return the false alarms, each from its hour until it was debunked; without end if never.

    >>> alarm = Event(5.123, "false_alarm", "north", "taken for shelling, false alarm 1")
    >>> said = Event(9.0, "debunked", "north", "there was no shelling at hour 5.12")
    >>> false_alarms([alarm, said])
    [Span(where='north', what='shelling', start=5.123, end=9.0)]
    """
    debunked = {
        (event.where, event.detail.removeprefix("there was no ")): event.hours
        for event in story
        if event.name == "debunked"
    }
    found = []
    for event in story:
        if event.name == "false_alarm":
            level = event.detail.removeprefix("taken for ").split(",")[0]
            said = (event.where, f"{level} at hour {event.hours:.2f}")
            found.append(Span(event.where, level, event.hours, debunked.get(said, math.inf)))
    return found


def breaks(story: list[Event]) -> list[Mark]:
    """Return where and when fighting was broken off by doctrine, and where it was resumed."""
    return [
        Mark(event.where, event.name, event.hours)
        for event in story
        if event.name in (BROKEN_OFF, RESUMED)
    ]


def turns(story: list[Event]) -> list[Mark]:
    """Return what concerns the line, the guarantee or an actor, and not a sector or a step."""
    return [Mark(event.where, event.name, event.hours) for event in story if event.name in _TURNS]


def marks(story: list[Event]) -> list[Mark]:
    """Return where and when a step was refused or stood down, or its time was over."""
    return [
        Mark(event.where, _MARKS[event.name], event.hours)
        for event in story
        if event.name in _MARKS
    ]


def scope_of(place: str) -> str:
    """Return the scope of a step's place, which is only named where there are several.

    >>> scope_of("north/warning"), scope_of("warning")
    ('north', '')
    """
    return place.rpartition("/")[0]


def step_of(place: str) -> str:
    """Return the step of a step's place.

    >>> step_of("north/warning"), step_of("warning")
    ('warning', 'warning')
    """
    return place.rpartition("/")[2]
