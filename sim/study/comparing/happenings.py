"""The events of a run in words, and two stories of it side by side."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import groupby, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIGHTING: Final = frozenset(
    (
        "incident",
        "attack",
        "spell_starts",
        "spell_rises",
        "spell_stops",
        "spell_breaks_off",
        "spell_resumes",
        "ceasefire_collapses",
    )
)
"""The events that are the fighting itself, and not what is seen, said or done about it."""

CAUSES: Final = frozenset(
    (
        "step_in_force",
        "step_provokes",
        "step_ends",
        "step_stood_down",
        "guarantee_expires",
        "recommitment",
    )
)
"""What a plan does that can change the fighting."""

PHRASES: Final = {
    "incident": "there is an incident in {}",
    "attack": "an attack begins",
    "spell_starts": "a spell of fighting starts in {}",
    "spell_rises": "the fighting in {} rises",
    "spell_stops": "the fighting in {} stops",
    "spell_breaks_off": "the aggressor breaks off the fighting in {}",
    "spell_resumes": "the aggressor resumes the fighting in {}",
    "detected": "fighting in {} is detected",
    "attributed": "fighting in {} is attributed",
    "crisis_opens": "a crisis opens on the {}",
    "clock_starts": "the clock of the crisis on the {} starts",
    "step_called": "the step {} is called",
    "member_yes": "a member says yes to the step {}",
    "member_no": "a member says no to the step {}",
    "decider_yes": "a decider says yes to the step {}",
    "decider_no": "a decider says no to the step {}",
    "step_decided": "the step {} is decided",
    "step_refused": "the step {} is refused",
    "step_armed": "the step {} is ready, but not needed",
    "step_in_force": "the step {} comes into force",
    "step_provokes": "the step {} provokes fighting",
    "step_stood_down": "the step {} is stood down",
    "promise_kept": "the promise of the step {} is kept",
    "promise_broken": "the promise of the step {} is broken",
    "crisis_closes": "the crisis on the {} closes",
    "ceasefire_collapses": "the ceasefire collapses in {}",
    "run_ends": "the run ends",
    "condition_holds": "the condition {} holds",
    "condition_fails": "the condition {} fails",
    "actor_absent": "{} makes no commitment",
    "actor_withdraws": "{} withdraws its commitment",
    "actor_rejoins": "{} renews its commitment",
    "guarantee_expires": "the guarantee expires",
    "recommitment": "the parties commit themselves anew",
    "outage_begins": "an outage of the monitors begins",
    "outage_ends": "the outage of the monitors ends",
    "false_alarm": "there is a false alarm in {}",
    "debunked": "a false alarm in {} is debunked",
    "attack_prepared": "an attack is being prepared",
    "step_ends": "the time of the step {} is over",
}
"""What is said of each kind of event; `{}` is where it happens."""


class Happening(NamedTuple):
    """An event of a run."""

    hours: float
    event: str
    where: str
    detail: str

    def in_words(self) -> str:
        """Return what happens.

        >>> Happening(3.0, "step_called", "warning", "hour 1.00 of the clock").in_words()
        'the step warning is called (hour 1.00 of the clock)'
        """
        return f"{self.brief()} ({self.detail})" if self.detail else self.brief()

    def brief(self) -> str:
        """Return what happens, without its details."""
        return PHRASES[self.event].format(self.where)


class Row(NamedTuple):
    """What happens at one hour under both plans, or under one of them only."""

    first: Happening | None
    other: Happening | None

    def hours(self) -> float:
        """Return the hour of what happens."""
        return next(one.hours for one in self if one is not None)

    def event(self) -> str:
        """Return the kind of what happens."""
        return next(one.event for one in self if one is not None)


def common(first: Sequence[Happening], other: Sequence[Happening]) -> int:
    """Return how many events both begin with."""
    pairs = zip(first, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def next_row(first: Sequence[Happening], other: Sequence[Happening]) -> Row | None:
    """Return what each does that the other does not, at the hour at which they first differ."""
    rows = aligned(first, other)
    begin = next(rows, None)
    if begin is None or (begin.first and begin.other):
        return begin
    hours = begin.hours()
    apart = [begin, *takewhile(lambda row: None in row and row.hours() == hours, rows)]
    sides = (next(filter(None, side), None) for side in zip(*apart, strict=True))
    return Row(*sides)


def aligned(first: Sequence[Happening], other: Sequence[Happening]) -> Iterator[Row]:
    """Yield two stories side by side, hour by hour; what both have is in one row."""
    ours, theirs = (
        {hours: list(found) for hours, found in groupby(story, key=lambda one: one.hours)}
        for story in (first, other)
    )
    for hours in sorted(ours.keys() | theirs.keys()):
        yield from _aligned_hour(ours.get(hours, []), theirs.get(hours, []))


def _aligned_hour(ours: list[Happening], theirs: list[Happening]) -> Iterator[Row]:
    """Yield what happens at one hour, in the order in which it happens under each plan."""
    keys, their_keys = ([(one.event, one.where) for one in story] for story in (ours, theirs))
    steps = SequenceMatcher(None, keys, their_keys, autojunk=False).get_opcodes()
    for kind, start, end, their_start, their_end in steps:
        here, there = ours[start:end], theirs[their_start:their_end]
        if kind == "equal":
            yield from map(Row, here, there)
        else:
            yield from (Row(one, None) for one in here)
            yield from (Row(None, one) for one in there)
