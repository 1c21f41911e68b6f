"""Why one run ends differently under two plans: the first event at which it parts ways.

Run k has the same luck under every plan, so both tell the same events, to the last digit, until
the plans themselves make a difference.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.scenario.counts import counted
from sim.study.comparing.happenings import (
    CAUSES,
    FIGHTING,
    Happening,
    Row,
    aligned,
    common,
    next_row,
)
from sim.study.run import trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from sim.scenario.scenario import Scenario
    from sim.study.run import Engine

_COUNTED: Final = {
    "incident": "incidents",
    "attack": "attacks",
    "crisis_opens": "crises",
    "step_in_force": "steps in force",
}


class Side(NamedTuple):
    """A run under one of the plans."""

    label: str
    scenario: Scenario
    trace: pd.DataFrame
    """The run event by event, as `sim.trace` gives it."""
    story: tuple[Happening, ...]

    def end_hours(self) -> float:
        """Return when the run ended."""
        return self.story[-1].hours

    def end_in_words(self) -> str:
        """Return how the run ended, and when."""
        last = self.story[-1]
        if last.detail.endswith("held"):
            return f"the ceasefire holds for all {counted(last.hours / 24, 'day')}"
        words = last.detail.replace("the ceasefire collapsed", "it collapses")
        return f"{words} at {when(last.hours)}"

    def counts(self) -> dict[str, int]:
        """Return how many incidents, attacks, crises and steps in force there were."""
        found = Counter(one.event for one in self.story)
        return {words: found[event] for event, words in _COUNTED.items()}


@dataclass(frozen=True, eq=False)
class Parting:
    """Where one run parts ways under two plans; printed, it is said in words."""

    run: int
    seed: int
    first: Side
    other: Side
    common_events: int
    """How many events both share, from the beginning on, before the first that differs."""
    event: Row | None
    """What first differs; None where the run is the same under both plans."""
    fighting: Row | None
    """What first differs in the fighting; None where all of the fighting is the same."""
    cause: Row | None
    """What last differed, before the fighting did, of what changes the fighting."""

    @property
    def hours(self) -> float:
        """The hour of the parting since the ceasefire began; NaN where there is none."""
        return self.event.hours() if self.event else math.nan

    @property
    def fighting_hours(self) -> float:
        """The hour from which on the fighting differs; NaN where it does not."""
        return self.fighting.hours() if self.fighting else math.nan

    def sentences(self) -> Iterator[str]:
        """Yield in words where the run parts ways, and how it ends under each plan."""
        many = counted(self.common_events, "event")
        first, other = self.first, self.other
        if self.event is None:
            yield f"Run {self.run} never parts: it is the same under {_quoted(first.label)}"
            yield f"as under {_quoted(other.label)}, event for event ({many})."
            yield f"In the end {first.end_in_words()}."
            return
        yield f"Until {when(self.hours)} run {self.run} is the same under both,"
        yield f"event for event ({many})."
        yield f"Then {self._difference(self.event)}."
        yield self._fighting_in_words()
        yield self._ends_in_words()
        yield self._totals()

    def _ends_in_words(self) -> str:
        first, other = self.first, self.other
        ends = first.end_in_words(), other.end_in_words()
        if ends[0] == ends[1]:
            return f"In the end, under both, {ends[0]}."
        sides = f"under {_quoted(first.label)}, {ends[0]}; under {_quoted(other.label)}, {ends[1]}"
        return f"In the end, {sides}."

    def _fighting_in_words(self) -> str:
        if self.fighting is None:
            return "The fighting is the same to the end."
        hour = when(self.fighting_hours)
        words = f"The fighting first differs at {hour}: {self._difference(self.fighting)}."
        if self.cause is None or self.cause == self.event:
            return words
        return (
            f"{words} Before that, at {when(self.cause.hours())}, {self._difference(self.cause)}."
        )

    def __str__(self) -> str:
        """Return the sentences as one text."""
        return " ".join(self.sentences())

    def table(self, before: int = 3, after: int = 12) -> pd.DataFrame:
        """Return both timelines side by side around the parting, a row for each event.

        What both plans have is in one row, what one has stands beside empty cells. The columns are
        time_hours, and the event, where and detail under the first plan and under the other.
        """
        import pandas as pd  # noqa: PLC0415 - takes half a second

        columns = [f"{one}_{side}" for side in ("first", "other") for one in _TOLD]
        rows = [
            (row.hours(), *_cells(row.first), *_cells(row.other))
            for row in self.rows(before, after)
        ]
        return pd.DataFrame.from_records(rows, columns=["time_hours", *columns])

    def rows(self, before: int = 3, after: int = 12) -> list[Row]:
        """Return the last rows before the parting and the first ones from it on."""
        start, common = max(0, self.common_events - before), self.common_events
        same = [Row(one, one) for one in self.first.story[start:common]]
        later = aligned(self.first.story[common:], self.other.story[common:])
        return same + list(islice(later, after))

    def _difference(self, row: Row) -> str:
        first, other = _quoted(self.first.label), _quoted(self.other.label)
        if row.first and row.other:
            return f"under {first} {row.first.in_words()}, under {other} {row.other.in_words()}"
        if row.first:
            return f"under {first} {row.first.in_words()}; under {other} this does not happen then"
        there = row.other.in_words() if row.other else ""
        return f"under {other} {there}; under {first} this does not happen then"

    def _totals(self) -> str:
        ours, theirs = self.first.counts(), self.other.counts()
        first, other = _quoted(self.first.label), _quoted(self.other.label)
        words = ", ".join(f"{words} {ours[words]:,} and {theirs[words]:,}" for words in ours)
        return f"In the whole run, under {first} and under {other}: {words}."


_TOLD: Final = ("event", "where", "detail")


def explain(
    scenarios: Sequence[Scenario],
    run: int,
    seed: int | None = None,
    *,
    labels: Sequence[str] | None = None,
    engine: Engine = "compiled",
) -> tuple[Parting, ...]:
    """Return where run `run` parts ways under the first plan and under each other one.

    All plans get the same seed: the first plan's, unless one is given. Plans are called by their
    titles, numbered where titles are the same, or by `labels`.
    """
    if len(scenarios) < 2:  # noqa: PLR2004 - it takes two to part
        raise ValueError(f"scenarios: are {len(scenarios)}, must be two or more")
    seed = scenarios[0].run.seed if seed is None else seed
    named = labels_of(scenarios) if labels is None else tuple(labels)
    first, *others = (
        _side(label, one, run, seed, engine) for label, one in zip(named, scenarios, strict=True)
    )
    return tuple(_parted(run, seed, first, other) for other in others)


def parting(
    first: Scenario,
    other: Scenario,
    run: int,
    seed: int | None = None,
    *,
    labels: Sequence[str] | None = None,
    engine: Engine = "compiled",
) -> Parting:
    """Return where run `run` parts ways under two plans."""
    return explain((first, other), run, seed, labels=labels, engine=engine)[0]


def labels_of(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return what to call each plan: its title, with its place where others have the same title."""
    titles = [one.title for one in scenarios]
    return tuple(
        title if titles.count(title) == 1 else f"{title} ({place})"
        for place, title in enumerate(titles, start=1)
    )


def _side(label: str, scenario: Scenario, run: int, seed: int, engine: Engine) -> Side:
    told = trace(scenario, run, seed, engine=engine)
    columns = (told[name].tolist() for name in ("time_hours", *_TOLD))
    story = tuple(Happening(*row) for row in zip(*columns, strict=True))
    return Side(label, scenario, told, story)


def _parted(run: int, seed: int, first: Side, other: Side) -> Parting:
    shared = common(first.story, other.story)
    stories = first.story[shared:], other.story[shared:]
    fought = [[one for one in story if one.event in FIGHTING] for story in stories]
    fighting = next_row(*(story[common(*fought) :] for story in fought))
    cause = _cause(*stories, fighting.hours() if fighting else math.inf)
    return Parting(run, seed, first, other, shared, next_row(*stories), fighting, cause)


def _cause(first: Sequence[Happening], other: Sequence[Happening], until: float) -> Row | None:
    """Return the last that differs, until an hour, of what changes the fighting."""
    early = takewhile(lambda row: row.hours() <= until, aligned(first, other))
    found = [row for row in early if None in row and row.event() in CAUSES]
    return found[-1] if found else None


def _cells(one: Happening | None) -> tuple[str, str, str]:
    return ("", "", "") if one is None else one[1:]


def _quoted(label: str) -> str:
    return f'"{label}"' if " " in label else label


def when(hours: float) -> str:
    """Return an hour in words, with its day; the ceasefire begins on day 1.

    >>> when(412.3)
    'hour 412.3 (day 18)'
    """
    return f"hour {hours:,.1f} (day {hours // 24 + 1:.0f})"
