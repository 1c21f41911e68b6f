"""Where a scenario's values come from, and how far each can be trusted."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.scenario.claims import Claim, claims, source_of
from sim.scenario.counts import counted
from sim.scenario.ledger import ledger
from sim.scenario.problems import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sim.scenario.scenario import Scenario

REPORTED: Final = "reported"
LITERATURE: Final = "literature"
ASSUMPTION: Final = "assumption"
GRADES: Final = (REPORTED, LITERATURE, ASSUMPTION)
NO_SOURCE: Final = "no source given"
WHAT_COUNTS: Final = (
    "Counted is every value that the runs depend on; a delay, a table of shares or a column of "
    "members is one value. Not counted: names, seed and number of runs; what stands at a default "
    "that does nothing, such as a factor of 1 or no delay, without a source of its own; and what "
    "nothing in this scenario uses."
)

_CHANGED: Final = re.compile(r"assumption: set in (with_|--set)")
_MOST_NAMED: Final = 4


class Value(NamedTuple):
    """A value of a scenario, and what it rests on."""

    path: str
    value: str
    unit: str
    grade: str
    source: str
    """An id of the ledger; "default" when the file may as well have said nothing; or empty."""
    says: str
    """What the source says."""
    range: str
    """What the ledger calls plausible, where the source is of just this value."""
    counts: bool
    """Whether the runs depend on it."""


def grade(source: str) -> str:
    """Return the grade of a source: an id of the ledger, or a grade with words of one's own.

    An id that the ledger does not have vouches for nothing: it is an assumption.

    >>> grade("F05"), grade("A80"), grade("literature: Fortna 2004"), grade("my guess")
    ('reported', 'literature', 'literature', 'assumption')
    """
    if source in ledger():
        return ledger()[source].grade
    first = source.partition(":")[0].strip().lower()
    return first if first in GRADES else ASSUMPTION


def sourced_values(scenario: Scenario) -> list[Value]:
    """Return the scenario's values in the order of its tables, each with what it rests on."""
    unused = tuple(f"{dotted(path)}." for path in _unused(scenario))
    return [_sourced(scenario, claim, unused) for claim in claims(scenario)]


def sources_frame(scenario: Scenario) -> pd.DataFrame:
    """Return a table of the scenario's values: one row a value, with its grade and its source.

    The columns are those of `Value`; `counts` tells those that the runs depend on.
    """
    import pandas as pd  # noqa: PLC0415 - checking a file needs no frames

    return pd.DataFrame(sourced_values(scenario), columns=list(Value._fields))


def grade_counts(scenario: Scenario) -> dict[str, int]:
    """Return how many of the values that the runs depend on are of each grade: none is left out."""
    counts = Counter(value.grade for value in sourced_values(scenario) if value.counts)
    return {name: counts[name] for name in GRADES}


def grades_in_words(scenario: Scenario) -> str:
    """Return in a phrase what the values that the runs depend on rest on.

    It names those that were changed since the scenario was loaded, whose title does not say so.
    """
    counts = grade_counts(scenario)
    changed = changed_paths(scenario)
    return (
        f"{counted(sum(counts.values()), 'value')} that the runs depend on: "
        f"{counts[REPORTED]} reported, {counts[LITERATURE]} from the literature, "
        f"{counted(counts[ASSUMPTION], 'assumption')}"
        + (f"; changed: {_some(changed)}" if changed else "")
    )


def changed_paths(scenario: Scenario) -> list[str]:
    """Return the paths that had a source until `with_` or `--set` gave them another value."""
    return [path for path, source in scenario.sources.items() if _CHANGED.fullmatch(source)]


def _some(paths: list[str]) -> str:
    more = len(paths) - _MOST_NAMED
    named = ", ".join(paths[:_MOST_NAMED])
    return f"{named} and {more} more" if more > 0 else named


def _sourced(scenario: Scenario, claim: Claim, unused: tuple[str, ...]) -> Value:
    source = source_of(scenario, claim.path)
    cited, says = _told(source)
    if not source:
        says = NO_SOURCE
        cited = "default" if claim.is_default else ""
    named = {dotted(claim.path), claim.shown} & scenario.sources.keys()
    depends = not claim.is_default or claim.is_decisive or bool(named)
    return Value(
        path=claim.shown,
        value=claim.value,
        unit=claim.unit,
        grade=grade(source),
        source=cited,
        says=says,
        range=ledger()[cited].range if named and cited in ledger() else "",
        counts=depends and not f"{dotted(claim.path)}.".startswith(unused),
    )


def _told(source: str) -> tuple[str, str]:
    """Return the id that a source names, if it does, and what it says."""
    if source in ledger():
        return source, ledger()[source].says
    if re.fullmatch(r"[FRLA]\d+", source):
        return source, "not in the ledger of this version"
    first, colon, words = source.partition(":")
    return "", words.strip() if colon and first.strip().lower() in GRADES else source


def _unused(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """Yield the paths of what nothing in the scenario uses."""
    steps = scenario.steps.values()
    deciders = {name for step in steps for name in step.deciders}
    backers = {group.backer for name, group in scenario.groups.items() if name in deciders}
    required = {name for step in steps for name in step.requires}
    yield from (("actors", name) for name in scenario.actors.keys() - deciders - backers)
    yield from (("groups", name) for name in scenario.groups.keys() - deciders)
    yield from (("conditions", name) for name in scenario.conditions.keys() - required)
    if not any(step.deadline_hours is not None for step in steps):
        yield ("credibility",)
    if not steps:
        yield ("guarantee",)
    yield from _idle_rates(scenario)


def _idle_rates(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """Yield the paths of numbers that belong to something which never happens here."""
    violations, attack = scenario.violations, scenario.attack
    if not attack.per_year:
        yield from (("attack", "sectors"), ("attack", "precursor"))
    if (scenario.crisis.threshold_incidents or 1) == 1:
        yield ("crisis", "window_hours")
    if not scenario.monitoring.false_alarms_per_day:
        yield ("monitoring", "debunked_after")
    if violations.process != "hawkes":
        yield ("violations", "excitation")
    if violations.process != "replay":
        yield ("violations", "recorded")
    if violations.process == "replay":
        rate = ("incidents_per_day", "erosion", "day_to_day", "night_to_day")
        yield from (("violations", name) for name in (*rate, "recommitments"))
    elif not violations.defender_share:
        yield ("monitoring", "misattribution")
