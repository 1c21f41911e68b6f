"""The files between Python and `reference.c`: a scenario's numbers in, the rows of its runs out.

The numbers are written as text, one line for each thing, a word ahead of its numbers; floats are
written as C reads them exactly, in hexadecimal. The rows come back as float64: two counts for each
table, rows and columns, and then the values of both tables row by row. What is missing is not a
number, and a word is its index among the words that its column can hold.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.engines.rows import NO_WORD, Cells, Column, Rows, crisis_columns, outcome_columns
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


def read_rows(path: Path, numbers: Parameters) -> Rows:
    """Return the rows of outcomes and of crises that `reference.c` wrote, as an engine's rows."""
    values = np.fromfile(path)
    outcomes, outcome_width, crises, crisis_width = (int(count) for count in values[:4])
    at = [4, 4 + outcomes * outcome_width]
    _, of_outcomes, of_crises = np.split(values, at)
    return Rows(
        _cells(outcome_columns(numbers), of_outcomes.reshape(outcomes, outcome_width)),
        _cells(crisis_columns(numbers), of_crises.reshape(crises, crisis_width)),
    )


def _cells(columns: Sequence[Column], values: npt.NDArray[np.float64]) -> Cells:
    """Return a table, shape (rows, columns), as an engine would leave it."""
    if values.shape[1] != len(columns):
        raise ValueError(f"{values.shape[1]} columns, must be {len(columns)}")
    whole = np.array([column.is_whole() for column in columns])
    counts = np.nan_to_num(values.T[whole], nan=NO_WORD).astype(np.int64)
    return Cells(counts, values.T[~whole].copy())
