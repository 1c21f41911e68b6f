"""The words of a trace: what each kind of event is called, where it is, and its details.

An engine notes an event as numbers: the hour, the kind, the place and two values. What they mean
is said here, once, so that every engine tells a run in the same words.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.model.words import OUTCOMES, RISES, RUNAWAY
from sim.scenario.numbers import Parameters

if TYPE_CHECKING:
    import pandas as pd


class Note(NamedTuple):
    """An event as an engine notes it."""

    hours: float
    event: int
    place: int
    first: float
    second: float


_Detail = Callable[[Parameters, int, float, float], str]


class _Word(NamedTuple):
    name: str
    place: str
    detail: _Detail


def _level(numbers: Parameters, level: float) -> str:
    return numbers.levels[int(level)].name


def _step_of(numbers: Parameters, place: int) -> int:
    return place % len(numbers.steps)


def _voter(numbers: Parameters, place: int, voter: float) -> str:
    step = numbers.steps[_step_of(numbers, place)]
    found = step.voters[int(voter)]
    return f"{found.name}, of {step.deciders[found.decider].name}"


def _refusing_voter(numbers: Parameters, place: int, voter: float, alone: float) -> str:
    found = numbers.steps[_step_of(numbers, place)].voters[int(voter)]
    backer = numbers.steps[_step_of(numbers, place)].backers[found.backer].name if alone else ""
    return _voter(numbers, place, voter) + (f", for want of {backer}" if backer else "")


def _decider(numbers: Parameters, place: int, decider: float, clock: float) -> str:
    name = numbers.steps[_step_of(numbers, place)].deciders[int(decider)].name
    return f"{name}, at {_clock(clock)}"


def _clock(hours: float) -> str:
    return f"hour {hours:.2f} of the clock"


def _seen(numbers: Parameters, _place: int, level: float, onset: float) -> str:
    return f"{_level(numbers, level)} that began at hour {onset:.2f}"


def _opens(numbers: Parameters, _place: int, crisis: float, how: float) -> str:
    if how > 0:
        return f"crisis {crisis:.0f}, over {_level(numbers, how)}"
    return f"crisis {crisis:.0f}, over {-how:.0f} violations within {numbers.window_hours:g} h"


def _in_force(numbers: Parameters, place: int, clock: float, by_deadline: float) -> str:
    deadline = numbers.steps[_step_of(numbers, place)].deadline_hours
    when = "on time" if by_deadline else f"late, it was due by hour {deadline:g}"
    return f"{_clock(clock)}, {when}"


def _ends(numbers: Parameters, _place: int, outcome: float, _: float) -> str:
    if outcome == RUNAWAY:
        return f"cut off after {numbers.most_violations} violations and alarms: a runaway"
    return f"the ceasefire {OUTCOMES[int(outcome)]}"


def _attack(_numbers: Parameters, _place: int, attack: float, sectors: float) -> str:
    return f"attack {attack:.0f}, on {sectors:.0f} sector{'' if sectors == 1 else 's'}"


_WORDS: Final = (
    _Word("incident", "sector", lambda n, _, a, b: f"{_level(n, a)}, number {b:.0f} here"),
    _Word("attack", "line", _attack),
    _Word("spell_starts", "sector", lambda n, _, a, _b: _level(n, a)),
    _Word("spell_rises", "sector", lambda n, _, a, b: f"to {_level(n, a)}, by {RISES[int(b)]}"),
    _Word(
        "spell_stops", "sector", lambda n, _, a, b: f"{_level(n, a)}, after {b:.2f} h of fighting"
    ),
    _Word("detected", "sector", _seen),
    _Word("attributed", "sector", _seen),
    _Word("crisis_opens", "scope", _opens),
    _Word("clock_starts", "scope", lambda _n, _, a, b: f"from hour {a:.2f}: it shows {b:.2f} h"),
    _Word("step_called", "step", lambda _n, _, a, _b: _clock(a)),
    _Word("member_yes", "step", lambda n, p, a, _b: _voter(n, p, a)),
    _Word("member_no", "step", _refusing_voter),
    _Word("decider_yes", "step", _decider),
    _Word("decider_no", "step", _decider),
    _Word("step_decided", "step", lambda _n, _, a, _b: f"ready from {_clock(a)}"),
    _Word("step_refused", "step", lambda _n, _, a, _b: _clock(a)),
    _Word("step_armed", "step", lambda _n, _, a, _b: f"{_clock(a)}: ready, not needed now"),
    _Word("step_in_force", "step", _in_force),
    _Word("step_provokes", "step", lambda n, _, a, _b: f"fighting in {n.sectors[int(a)].name}"),
    _Word("step_stood_down", "step", lambda _n, _, a, _b: _clock(a)),
    _Word("promise_kept", "step", lambda _n, _, a, _b: f"due by hour {a:g} of the clock"),
    _Word("promise_broken", "step", lambda _n, _, a, _b: f"due by hour {a:g} of the clock"),
    _Word("crisis_closes", "scope", lambda n, _, a, b: f"crisis {a:.0f}, highest {_level(n, b)}"),
    _Word("ceasefire_collapses", "sector", lambda n, _, a, _b: f"over {_level(n, a)}"),
    _Word("run_ends", "line", _ends),
    _Word("condition_holds", "condition", lambda *_: "holds in this run"),
    _Word("condition_fails", "condition", lambda *_: "does not hold in this run"),
    _Word("actor_absent", "commitment", lambda *_: "makes no commitment at first"),
    _Word("actor_withdraws", "commitment", lambda *_: "withdraws its commitment at a review"),
    _Word("actor_rejoins", "commitment", lambda *_: "renews its commitment at a review"),
    _Word("guarantee_expires", "line", lambda *_: "what needs it is not called any more"),
    _Word("recommitment", "line", lambda _n, _, a, _b: f"incidents are {a:g} times as frequent"),
    _Word("outage_begins", "line", lambda *_: "the monitors see less from now on"),
    _Word("outage_ends", "line", lambda *_: "the monitors see as before"),
    _Word(
        "false_alarm", "sector", lambda n, _, a, b: f"taken for {_level(n, a)}, false alarm {b:.0f}"
    ),
    _Word("debunked", "sector", lambda n, _, a, b: f"there was no {_level(n, a)} at hour {b:.2f}"),
    _Word(
        "spell_breaks_off",
        "sector",
        lambda n, _, a, b: f"{_level(n, a)}, after {b:.2f} h of fighting, by doctrine",
    ),
    _Word("spell_resumes", "sector", lambda n, _, a, b: f"{_level(n, a)}, resumption {b:.0f} here"),
    _Word("attack_prepared", "line", lambda _n, _, a, b: f"attack {a:.0f}, to come in {b:g} h"),
    _Word("step_ends", "step", lambda _n, _, a, _b: f"{_clock(a)}: its time is over"),
)

_OF_A_LEVEL: Final = frozenset(
    (
        "incident",
        "spell_starts",
        "spell_rises",
        "spell_stops",
        "spell_breaks_off",
        "spell_resumes",
        "detected",
        "attributed",
        "false_alarm",
        "debunked",
    )
)
EVENTS: Final = tuple(word.name for word in _WORDS)
COLUMNS: Final = ("time_hours", "order", "event", "where", "detail")


@cache
def event(name: str) -> int:
    """Return the number of an event's name.

    >>> event("incident")
    0
    """
    return EVENTS.index(name)


def told(numbers: Parameters, notes: Iterable[Note], from_level: int = 0) -> "pd.DataFrame":
    """Return a run as people read it: a row for each event, in the order in which they happened.

    Incidents, spells and what is seen of them below `from_level` are left out; what remains keeps
    its number in the order.
    """
    import pandas as pd  # noqa: PLC0415 - takes half a second, which who plays runs need not wait

    rows = [
        (note.hours, order, EVENTS[note.event], _where(numbers, note), _detail(numbers, note))
        for order, note in enumerate(notes)
        if note.first >= from_level or EVENTS[note.event] not in _OF_A_LEVEL
    ]
    return pd.DataFrame.from_records(rows, columns=list(COLUMNS))


def _detail(numbers: Parameters, note: Note) -> str:
    return _WORDS[note.event].detail(numbers, note.place, note.first, note.second)


def _where(numbers: Parameters, note: Note) -> str:
    kind = _WORDS[note.event].place
    if kind == "line":
        return "line"
    if kind == "sector":
        return numbers.sectors[note.place].name
    if kind == "scope":
        return numbers.scopes[note.place].name
    if kind == "condition":
        return numbers.conditions[note.place].name
    if kind == "commitment":
        return numbers.commitments[note.place].name
    scope, step = divmod(note.place, len(numbers.steps))
    name = numbers.steps[step].name
    return name if len(numbers.scopes) == 1 else f"{numbers.scopes[scope].name}/{name}"
