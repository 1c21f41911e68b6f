"""What is recorded of a run and of a crisis: the columns, in their order, and their kinds."""

import operator
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.model.words import OPENED_BY, OUTCOMES, STATUSES
from sim.scenario.numbers import Parameters

Row = tuple[int | float, ...]
"""A row in the order of its columns: counts and words' numbers as ints, the others as floats."""

COUNT: Final = "count"
HOURS: Final = "hours"
SHARE: Final = "share"
WORD: Final = "word"

NO_WORD: Final = -1
OUTCOME: Final = 1
"""Where a run's outcome stands in the counts of the outcomes table, after the run."""


class Column(NamedTuple):
    """A column's name and what it holds: a count, hours, a share or a word.

    Hours are counted since the ceasefire began, or are a duration. A word is kept as its number
    in `words`.
    """

    name: str
    kind: str
    words: tuple[str, ...] = ()

    def is_whole(self) -> bool:
        """Return whether it is kept as whole numbers."""
        return self.kind in (COUNT, WORD)


class Cells(NamedTuple):
    """The rows of a table as an engine leaves them: numbers, column by column."""

    counts: npt.NDArray[np.int64]
    """Shape (columns of counts and words, rows); `NO_WORD` where there is no word."""
    hours: npt.NDArray[np.float64]
    """Shape (columns of hours and shares, rows); NaN where something never was."""

    def by_column(self, columns: Sequence[Column]) -> Iterator[npt.NDArray[Any]]:
        """Yield the columns in their order, each of shape (rows,)."""
        counts, hours = iter(self.counts), iter(self.hours)
        return (next(counts if column.is_whole() else hours) for column in columns)


class Rows(NamedTuple):
    """The rows of some runs: one of outcomes for each run, one of crises for each crisis."""

    outcomes: Cells
    crises: Cells


def cells_of(columns: Sequence[Column], rows: Sequence[Row]) -> Cells:
    """Return rows, each in the order of the columns, as cells."""
    by_column = list(zip(*rows, strict=True)) or [()] * len(columns)
    whole = [column.is_whole() for column in columns]
    counts = list(compress(by_column, whole))
    hours = list(compress(by_column, map(operator.not_, whole)))
    return Cells(
        np.array(counts, np.int64).reshape(len(counts), len(rows)),
        np.array(hours, np.float64).reshape(len(hours), len(rows)),
    )


class Kinds(NamedTuple):
    """The columns of a table by how they are kept: whole numbers, and hours or shares."""

    counts: tuple[Column, ...]
    hours: tuple[Column, ...]


def sorted_by_kind(columns: Sequence[Column]) -> Kinds:
    """Return the columns that hold whole numbers or words, and those that hold hours or shares."""
    counts = tuple(column for column in columns if column.is_whole())
    return Kinds(counts, tuple(column for column in columns if not column.is_whole()))


STEP_COUNTS: Final = ("called", "on_time", "late", "refused", "stood_down", "wrongful")


def outcome_columns(numbers: Parameters) -> tuple[Column, ...]:
    """Return the columns of the outcomes table, one row a run."""
    columns = [
        Column("run", COUNT),
        Column("outcome", WORD, OUTCOMES),
        Column("end_hours", HOURS),
        Column("incidents", COUNT),
        Column("false_alarms", COUNT),
        Column("attacks", COUNT),
        Column("crises", COUNT),
        Column("highest_level", COUNT),
        Column("first_incident_hours", HOURS),
        Column("first_crisis_hours", HOURS),
        Column("fighting_hours", HOURS),
        *(Column(f"hours_{level.name}", HOURS) for level in numbers.levels[1:]),
        Column("promises_kept", COUNT),
        Column("promises_broken", COUNT),
        Column("credibility_end", SHARE),
    ]
    for step in numbers.steps:
        columns += [Column(f"{step.name}_{count}", COUNT) for count in STEP_COUNTS]
        columns += [Column(f"{step.name}_first_hours", HOURS)]
        columns += [Column(f"{step.name}_delay_hours", HOURS)]
    return tuple(columns)


def crisis_columns(numbers: Parameters) -> tuple[Column, ...]:
    """Return the columns of the crises table, one row a crisis."""
    columns = [
        Column("run", COUNT),
        Column("crisis", COUNT),
        Column("scope", WORD, tuple(scope.name for scope in numbers.scopes)),
        Column("opened_hours", HOURS),
        Column("clock_hours", HOURS),
        Column("closed_hours", HOURS),
        Column("opened_by", WORD, OPENED_BY),
        Column("highest_level", COUNT),
        Column("wrongly_opened", COUNT),
        Column("detection_hours", HOURS),
        Column("attribution_hours", HOURS),
    ]
    for step in numbers.steps:
        deciders = tuple(decider.name for decider in step.deciders)
        columns += [
            Column(f"{step.name}_status", WORD, STATUSES),
            Column(f"{step.name}_in_force_hours", HOURS),
            Column(f"{step.name}_waiting_hours", HOURS),
            Column(f"{step.name}_decision_hours", HOURS),
            Column(f"{step.name}_deploy_hours", HOURS),
            Column(f"{step.name}_last_decider", WORD, deciders),
        ]
    return tuple(columns)
