"""What one plan has otherwise than another: as somebody changed it, value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.scenario.claims import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sim.scenario.scenario import Scenario

_NOT_COMPARED: Final = ("title", "sources", "format", "extends")
_NOTHING: Final = object()


class Change(NamedTuple):
    """A path at which two plans differ: a value, or a delay or a table that only one of them has.

    A delay of another family is one change, though all of its numbers have other names.
    """

    path: str
    before: str
    """What the first plan has there, in words; empty: nothing."""
    after: str

    def in_words(self) -> str:
        """Return what was changed, and what it was.

        >>> Change("crisis.quiet_hours", "24", "48").in_words()
        'crisis.quiet_hours is 48 instead of 24'
        """
        if not self.after:
            return f"{self.path} is left out"
        return f"{self.path} is {self.after}" + (f" instead of {self.before}" * bool(self.before))


def changes(first: Scenario, other: Scenario) -> list[Change]:
    """Return where another plan has other values: its own in their order, then what it leaves out.

    The seed and the number of runs do not count: they are the same for all that are compared.
    """
    found = list(_changed(_compared(first), _compared(other), ""))
    return sorted(found, key=lambda one: not one.after)


def _compared(scenario: Scenario) -> dict[str, Any]:
    tables = scenario.as_tables()
    for key in _NOT_COMPARED:
        tables.pop(key, None)
    for key in ("seed", "replications"):
        tables["run"].pop(key, None)
    return tables


def _changed(ours: Mapping[str, Any], theirs: Mapping[str, Any], path: str) -> Iterator[Change]:
    for key in [*theirs, *(key for key in ours if key not in theirs)]:
        before, after = ours.get(key, _NOTHING), theirs.get(key, _NOTHING)
        below = f"{path}.{key}" if path else key
        if _are_tables_alike(before, after):
            yield from _changed(before, after, below)
        elif before != after:
            yield Change(below, _value(before), _value(after))


def _are_tables_alike(before: object, after: object) -> bool:
    """Return whether two values are tables whose keys mean the same in both."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return False
    return before.get("family") == after.get("family")


def _value(value: Any) -> str:  # noqa: ANN401 - any value of a scenario
    if value is _NOTHING:
        return ""
    if isinstance(value, dict) and "family" in value:
        parts = {name: one for name, one in value.items() if name != "family"}
        return f"{value['family']} ({in_words(parts)})"
    return "added" if isinstance(value, dict) else in_words(value)
