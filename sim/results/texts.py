"""Tallies as text: JSON in which every number is exact."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sim.scenario.problems import did_you_mean, shown

One = TypeVar("One")


def named(known: Mapping[str, One], name: str, kind: str) -> One:
    """Return what has a name; raise `ValueError` that says which names there are.

    >>> named({"held": 1}, "helt", "quantity")
    Traceback (most recent call last):
    ValueError: quantity: is "helt", must be one of this tally (did you mean "held"?)
    """
    if name not in known:
        hint = did_you_mean(name, known)
        raise ValueError(f"{kind}: is {shown(name)}, must be one of this tally{hint}")
    return known[name]


def finite(numbers: Iterable[Any]) -> list[Any]:
    """Return numbers for JSON, which knows no infinity: None stands for it.

    >>> finite([1, 0.1, math.inf])
    [1, 0.1, None]
    """
    return [None if isinstance(one, float) and not math.isfinite(one) else one for one in numbers]


def or_infinite(number: float | None, otherwise: float) -> float:
    """Return a number that `finite` may have taken away.

    >>> or_infinite(None, math.inf)
    inf
    """
    return otherwise if number is None else number


def read_document(text: str, kind: str, number: int) -> dict[str, Any]:
    """Return what a text holds; raise `ValueError` if it is of another kind or format."""
    told = json.loads(text)
    if not isinstance(told, dict) or (told.get("kind"), told.get("format")) != (kind, number):
        raise ValueError(f"{kind}: is another document, must be a {kind} of format {number}")
    return told


def check_alike(ours: Iterable[str], theirs: Iterable[str], kind: str) -> None:
    """Complain of two tallies that do not hold the same, which cannot be merged."""
    different = sorted(set(ours) ^ set(theirs))
    if different:
        raise ValueError(
            f"{kind}: only one of the two has {', '.join(different)}; tallies that are merged "
            "must be of the same scenario"
        )
