"""What plans are called where they stand beside each other: short, and no two the same."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

from sim.scenario.problems import shown
from sim.study.comparing.changes import changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.scenario.scenario import Scenario
    from sim.study.comparing.changes import Change

_MOST_CHANGES: Final = 2
_LONGEST: Final = 70
_LONGEST_NAME: Final = 40


def plan_labels(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return what to call each plan: its title, or what differs from the first, or A, B, C.

    A plan that was made of the first by `with_` has the same title; then it is called after what
    was changed, as in `steps.military.not_before_hours = 24`.
    """
    titles = [one.title for one in scenarios]
    found = [titles[0]] if titles else []
    for title, one in zip(titles[1:], scenarios[1:], strict=True):
        found.append(title if titles.count(title) == 1 else changes_in_words(scenarios[0], one))
    if len(set(found)) == len(found) and all(found):
        return tuple(found)
    return tuple(_letters(place) for place in range(len(found)))


def checked_labels(labels: Sequence[str], plans: int) -> tuple[str, ...]:
    """Return labels; raise `ValueError` unless there is one for each plan, all different."""
    if len(labels) != plans:
        message = f"labels: are {len(labels)}, must be {plans}, one for each plan"
        raise ValueError(message)
    for label in labels:
        if not label.strip() or not label.isprintable():
            message = f"labels: one is {label!r}, must be a line of text"
            raise ValueError(message)
        if list(labels).count(label) > 1:
            message = f"labels: {shown(label)} is there twice, no two may be the same"
            raise ValueError(message)
    return tuple(labels)


def changes_in_words(first: Scenario, other: Scenario) -> str:
    """Return at which paths another scenario has other values; nothing where there are none."""
    words = [_changed(one) for one in changes(first, other)]
    more = len(words) - _MOST_CHANGES
    told = ", ".join(words[:_MOST_CHANGES]) + (f", {more} more" if more > 0 else "")
    return told if len(told) <= _LONGEST else ""


def _changed(one: Change) -> str:
    return f"{one.path} = {one.after}" if one.after else f"{one.path} left out"


def _letters(place: int) -> str:
    """Return A, B, ..., Z, AA, AB, ..."""
    letter = chr(ord("A") + place % 26)
    return letter if place < 26 else _letters(place // 26 - 1) + letter  # noqa: PLR2004 - letters


def names_for_files(labels: Iterable[str]) -> tuple[str, ...]:
    """Return a name for each label that is safe as the name of a file, no two the same.

    >>> names_for_files(["Three-step plan", "three-step: plan", "?"])
    ('three-step-plan', 'three-step-plan-2', 'plan')
    """
    found: list[str] = []
    for label in labels:
        kept = re.sub(r"[^a-z0-9_]+", "-", label.lower())[:_LONGEST_NAME].strip("-") or "plan"
        numbered = (kept if number == 1 else f"{kept}-{number}" for number in count(1))
        found.append(next(name for name in numbered if name not in found))
    return tuple(found)
