"""The files between Python and `reference.c`: a scenario's numbers in, the rows of its runs out.

The numbers are written as text, one line for each thing, a word ahead of its numbers; floats are
written as C reads them exactly, in hexadecimal. The rows come back as float64: two counts for each
table, rows and columns, and then the values of both tables row by row. What is missing is not a
number, and a word is its index among the words that its column can hold.
"""

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sim.engines.rows import COUNT, WORD, Column, Row, crisis_columns, outcome_columns
from sim.model.words import OPENED_BY, OUTCOMES, STATUSES
from sim.scenario.numbers import (
    LevelNumbers,
    Parameters,
    ScopeNumbers,
    SectorNumbers,
    StepNumbers,
    VoterNumbers,
)


def write_numbers(numbers: Parameters, path: Path) -> None:
    """Write the numbers of a scenario as `reference.c` reads them."""
    path.write_text("".join(f"{line}\n" for line in _lines(numbers)), encoding="ascii")


def _lines(numbers: Parameters) -> Iterator[str]:
    yield _line(
        "world",
        (
            len(numbers.sectors),
            len(numbers.levels),
            len(numbers.scopes),
            len(numbers.steps),
        ),
    )
    yield _line(
        "run",
        (
            numbers.horizon_hours,
            numbers.most_violations,
            numbers.attack_mean_hours,
            numbers.attack_sectors,
        ),
    )
    yield _line(
        "crisis",
        (
            numbers.threshold_incidents,
            numbers.threshold_level,
            numbers.window_hours,
            numbers.quiet_hours,
            numbers.quiet_level,
            numbers.clock,
        ),
    )
    yield from map(_sector, numbers.sectors)
    yield from map(_level, numbers.levels)
    yield from map(_scope, numbers.scopes)
    for step in numbers.steps:
        yield from _step(step)


def _sector(sector: SectorNumbers) -> str:
    return _line("sector", (sector.share, sector.incident_mean_hours, sector.key))


def _level(level: LevelNumbers) -> str:
    return _line(
        "level",
        (
            level.share_up_to,
            *level.spell,
            level.expand_mean_hours,
            level.collapse_mean_hours,
            level.detection_probability,
            *level.detection_delay,
            level.attribution_probability,
            *level.attribution_delay,
        ),
    )


def _scope(scope: ScopeNumbers) -> str:
    return _line("scope", (len(scope.sectors), *scope.sectors))


def _step(step: StepNumbers) -> Iterator[str]:
    yield _line(
        "step",
        (
            len(step.deciders),
            len(step.voters),
            step.need_level,
            step.within_hours,
            step.need_sectors,
            step.sustained_hours,
            step.decide_from_hours,
            step.not_before_hours,
            step.deadline_hours,
            *step.deploy,
            step.stop,
            step.expand,
            step.collapse,
            step.incidents,
            step.provoke_probability,
            *step.keys,
        ),
    )
    for decider in step.deciders:
        how = (decider.counted_by, decider.quorum, decider.members, int(decider.is_group))
        yield _line("decider", how)
    yield from map(_voter, step.voters)


def _voter(voter: VoterNumbers) -> str:
    return _line(
        "voter",
        (
            voter.decider,
            voter.weight,
            voter.share,
            voter.yes_probability,
            *voter.decision,
            *voter.parliament,
            *voter.keys,
        ),
    )


def _line(word: str, values: Iterable[float]) -> str:
    written = (value.hex() if isinstance(value, float) else str(value) for value in values)
    return " ".join((word, *written))


def read_rows(path: Path, numbers: Parameters) -> tuple[list[Row], list[Row]]:
    """Return the rows of outcomes and of crises that `reference.c` wrote, as an engine's rows."""
    values = array("d")
    values.frombytes(path.read_bytes())
    outcomes, outcome_width, crises, _ = (int(count) for count in values[:4])
    outcomes_end = 4 + outcomes * outcome_width
    words = _crisis_words(numbers)
    return (
        _rows(values[4:outcomes_end], outcomes, outcome_columns(numbers), [OUTCOMES]),
        _rows(values[outcomes_end:], crises, crisis_columns(numbers), words),
    )


def _crisis_words(numbers: Parameters) -> list[Sequence[str]]:
    """Return, for each column of the crises that holds a word, its words."""
    words: list[Sequence[str]] = [[scope.name for scope in numbers.scopes], OPENED_BY]
    for step in numbers.steps:
        words += [STATUSES, [decider.name for decider in step.deciders]]
    return words


def _rows(
    values: Sequence[float], count: int, columns: Sequence[Column], words: Iterable[Sequence[str]]
) -> list[Row]:
    remaining = iter(words)
    kinds = [(column.kind, next(remaining) if column.kind == WORD else ()) for column in columns]
    width = len(columns)
    if len(values) != count * width:
        raise ValueError(f"{len(values)} values are not {count} rows of {width}")
    return [
        tuple(
            _value(value, *kind)
            for value, kind in zip(values[start : start + width], kinds, strict=True)
        )
        for start in range(0, count * width, width)
    ]


def _value(value: float, kind: str, words: Sequence[str]) -> float | str | None:
    if math.isnan(value):
        return None
    if kind == WORD:
        return words[int(value)]
    return int(value) if kind == COUNT else value
