"""Tables in parts: the same rows from memory and from files, and little memory for many runs."""

import subprocess
import sys
from dataclasses import replace

import psutil
import pytest
from worlds import constant, world

import sim
from sim.results.parts import TooLargeError
from sim.results.spans import RUNS_PER_BLOCK

RUNS = 2 * RUNS_PER_BLOCK + 500


@pytest.fixture(scope="module")
def brief():
    """A world whose runs take a few microseconds."""
    return world(
        run={"horizon_days": 1.0},
        violations={"incidents_per_day": 2.0},
        levels={"fighting": {"spell": constant(1.0)}},
        crisis={"threshold_incidents": 2},
        steps={"warning": {"deadline_hours": 6.0}},
    )


@pytest.fixture(scope="module")
def many(brief, tmp_path_factory):
    """More runs than two parts hold."""
    return sim.run(
        brief, RUNS, 1, crises=True, scratch=tmp_path_factory.mktemp("scratch"), progress=False
    )


def test_runs_beyond_a_part_are_kept_in_files(many):
    """Three parts, of which the last is short."""
    assert [table.num_rows for table in many.tables()] == [RUNS_PER_BLOCK, RUNS_PER_BLOCK, 500]
    assert all(part.exists() for part in many.outcome_parts.parts)


def test_the_rows_of_all_parts_are_those_of_single_runs(brief, many):
    """Each part begins where the one before ended."""
    few = sim.run(brief, 1000, 1, progress=False).outcomes

    assert many.outcomes["run"].tolist() == list(range(RUNS))
    assert many.outcomes[:1000].equals(few)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_files_are_the_same_however_many_threads(brief, many, workers, tmp_path):
    """Byte for byte."""
    again = sim.run(brief, RUNS, 1, workers=workers, crises=True, scratch=tmp_path, progress=False)
    pairs = zip(
        [*many.outcome_parts.parts, *many.crisis_parts.parts],
        [*again.outcome_parts.parts, *again.crisis_parts.parts],
        strict=True,
    )

    assert all(one.read_bytes() == other.read_bytes() for one, other in pairs)


def test_a_column_is_that_of_the_whole_table(many):
    """Read from the files by itself."""
    assert many.column("incidents").equals(many.outcomes["incidents"])
    assert many.column("outcome").astype(str).equals(many.outcomes["outcome"].astype(str))


def test_all_crises_are_kept_when_they_are_asked_for(many):
    """As many as the runs say."""
    assert len(many.crises) == many.outcomes["crises"].sum()


def test_otherwise_those_of_the_first_part_are(brief, many, tmp_path):
    """The crises of 100,000 runs are enough for a picture."""
    some = sim.run(brief, RUNS, 1, scratch=tmp_path, progress=False)

    assert some.crises.equals(many.crises[many.crises["run"] < RUNS_PER_BLOCK])
    assert some.crises_runs == RUNS_PER_BLOCK


def test_crises_that_were_not_kept_cannot_be_saved(brief, tmp_path):
    """The error says how many there are and what to do."""
    some = sim.run(brief, RUNS, 1, scratch=tmp_path / "scratch", progress=False)
    with pytest.raises(ValueError, match=r"first 100,000 of 200,500 .* crises=True"):
        some.save(tmp_path / "out", crises=True)

    assert not (tmp_path / "out").exists()


def test_what_is_saved_is_what_is_there(many, tmp_path):
    """The parts' files come into the folder as they are."""
    folder = many.save(tmp_path / "out", crises=True)
    saved = sorted(folder.glob("outcomes/*.parquet"))

    assert [file.read_bytes() for file in saved] == [
        file.read_bytes() for file in many.outcome_parts.parts
    ]


def test_the_scratch_folder_goes_with_the_results(brief, tmp_path):
    """Nothing is left behind, not even the folder that was made for it."""
    scratch = tmp_path / "scratch"
    some = sim.run(brief, RUNS_PER_BLOCK + 1, 1, scratch=scratch, progress=False)
    there = list(scratch.iterdir())
    del some

    assert len(there) == 1
    assert not scratch.exists()


def test_a_table_that_does_not_fit_says_what_to_do(many):
    """A hundred thousand copies of the same parts are more than any memory holds."""
    parts = many.outcome_parts
    copies = 2 + psutil.virtual_memory().total // (RUNS * len(parts.schema) * 20)
    parts_of_many = type(parts)(parts.name, parts.schema, parts.parts * copies)
    huge = replace(many, outcome_parts=parts_of_many)
    with pytest.raises(TooLargeError, match=r'rows need about .* GB.*results\.column\("end_hours"'):
        _ = huge.outcomes


PEAK = """
import resource, sys
import sim
from sim.scenario.layers import Layer
from sim.scenario.loading import checked

plan = checked(Layer({
    "run": {"horizon_days": 1.0}, "violations": {"incidents_per_day": 0.1},
    "levels": {"fighting": {"spell": {"family": "constant", "hours": 1.0}}}}, {}))
results = sim.run(plan, int(sys.argv[1]), 1, progress=False, scratch=sys.argv[2])
results.summary()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_ten_times_the_runs_need_hardly_more_memory(tmp_path):
    """From 200,000 to 2,000,000 runs: at most what a few columns of them take."""
    peaks = [
        int(subprocess.check_output([sys.executable, "-c", PEAK, str(runs), str(tmp_path)]))
        for runs in (200_000, 2_000_000)
    ]

    assert peaks[1] - peaks[0] < 200_000  # kilobytes; all columns would be twice that
