"""Batches in threads: the same rows however they are cut, and a stop that is heard at once."""

import threading
import time

import numpy as np
import pyarrow as pa
import pytest
from interrupting import ctrl_c
from worlds import constant, rich_world, same, world

import sim
from sim.engines.compiled_engine import Player, simulate
from sim.engines.rows import Cells, Rows, outcome_columns
from sim.results.batch import Batch
from sim.results.frames import table_of
from sim.results.spans import Span
from sim.scenario.parameters import parameters
from sim.study.playing.chunks import Crew, played

RUNS = 300


@pytest.fixture(scope="module")
def plan():
    """A rich world, short enough for many runs."""
    return rich_world("sector", days=5.0)


@pytest.fixture(scope="module")
def numbers(plan):
    """Its numbers."""
    return parameters(plan)


@pytest.fixture(scope="module")
def rows(numbers):
    """Its rows, played at one go."""
    return simulate(numbers, 1, range(RUNS))


def joined(parts):
    """Return the rows of several chunks as those of one."""
    return Rows(
        *(
            Cells(*(np.concatenate(cells, axis=1) for cells in zip(*table, strict=True)))
            for table in zip(*parts, strict=True)
        )
    )


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_the_number_of_threads_changes_no_bit(plan, numbers, rows, workers):
    """Chunks come in the order of runs, whoever is ready first."""
    done = played(Batch(plan, 1, RUNS), [Span(0, 0, RUNS)], Crew("compiled", workers))
    chunks = [one.held for one in done]
    whole = pa.concat_tables([held.outcomes for held in chunks])

    assert [run for held in chunks for run in range(*held.spans[0][1:])] == list(range(RUNS))
    assert whole.equals(table_of(outcome_columns(numbers), rows.outcomes))


@pytest.mark.parametrize("size", [1, 7, 100, 299])
def test_the_size_of_a_chunk_changes_no_bit(numbers, rows, size):
    """Also where a player's memory was used before, by more runs or by fewer."""
    player = Player(numbers, np.zeros(1, np.bool_))
    starts = [*range(0, RUNS, size)]
    player.play(1, range(1000, 1050))
    parts = [player.play(1, range(start, min(start + size, RUNS))) for start in starts]

    assert same(joined(parts), rows)


def test_rows_are_not_overwritten_by_the_next_ones(numbers, rows):
    """What a player gave away stays as it was."""
    player = Player(numbers, np.zeros(1, np.bool_))
    first = player.play(1, range(RUNS))
    player.play(2, range(RUNS))

    assert same(first, rows)


def test_a_run_that_would_take_an_hour_hears_ctrl_c():
    """One run of thousands of millions of incidents breaks off at its next event."""
    endless = world(
        run={"horizon_days": 73_000.0, "most_violations": 1_000_000_000},
        violations={"incidents_per_day": 100_000.0},
        levels={"fighting": {"spell": constant(0.0)}},
    )
    with ctrl_c(after_seconds=1.0) as seconds, pytest.raises(KeyboardInterrupt):
        sim.run(endless, replications=2, workers=2, progress=False)

    assert seconds() < 30
    assert not any(thread.name.startswith("ThreadPool") for thread in threading.enumerate())


def test_a_player_that_was_stopped_starts_no_run(numbers):
    """The stop is for all who share it."""
    stop = np.ones(1, np.bool_)
    began = time.monotonic()
    Player(numbers, stop).play(1, range(100_000))

    assert time.monotonic() - began < 30
