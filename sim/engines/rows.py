"""What is recorded of a run and of a crisis: the columns, in their order, and their kinds."""

from typing import Final, NamedTuple

from sim.scenario.numbers import Parameters

Row = tuple[int | float | str | None, ...]

COUNT: Final = "count"
HOURS: Final = "hours"
SHARE: Final = "share"
WORD: Final = "word"


class Column(NamedTuple):
    """A column's name and what it holds: a count, hours, a share or a word.

    Hours are counted since the ceasefire began, or are a duration.
    """

    name: str
    kind: str


class Rows(NamedTuple):
    """The rows of some runs: one of outcomes for each run, one of crises for each crisis."""

    outcomes: list[Row]
    crises: list[Row]


class Kinds(NamedTuple):
    """The columns of a table by how they are kept: whole numbers, and hours or shares."""

    counts: tuple[Column, ...]
    """Counts, and words as their numbers."""
    hours: tuple[Column, ...]


def sorted_by_kind(columns: tuple[Column, ...]) -> Kinds:
    """Return the columns that hold whole numbers or words, and those that hold hours or shares."""
    whole = tuple(column for column in columns if column.kind in (COUNT, WORD))
    return Kinds(whole, tuple(column for column in columns if column not in whole))


STEP_COUNTS: Final = ("called", "on_time", "late", "refused", "stood_down", "wrongful")


def outcome_columns(numbers: Parameters) -> tuple[Column, ...]:
    """Return the columns of the outcomes table, one row a run."""
    columns = [
        Column("run", COUNT),
        Column("outcome", WORD),
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
        Column("scope", WORD),
        Column("opened_hours", HOURS),
        Column("clock_hours", HOURS),
        Column("closed_hours", HOURS),
        Column("opened_by", WORD),
        Column("highest_level", COUNT),
    ]
    for step in numbers.steps:
        columns += [
            Column(f"{step.name}_status", WORD),
            Column(f"{step.name}_in_force_hours", HOURS),
            Column(f"{step.name}_waiting_hours", HOURS),
            Column(f"{step.name}_decision_hours", HOURS),
            Column(f"{step.name}_deploy_hours", HOURS),
            Column(f"{step.name}_last_decider", WORD),
        ]
    return tuple(columns)
