"""Killed at any moment and gone on with, the same folder in the end, byte for byte.

Of the calls some are hit, evenly spread; with SIM_EXHAUSTIVE=1 in the environment all of them.
"""

import random
import signal

import pytest
from reliability.attack import KINDS, RUNS, copied, some_of, tree


def _spoilt(victim, whole, kind, folder, **hit):
    """Return what a kill leads to, if it is not the tree that there must be."""
    killed = victim.play(kind, folder, **hit)
    resumed = victim.play(kind, folder)
    is_well = (killed.ended, resumed.ended) == (-signal.SIGKILL, 0) and not resumed.warned
    if is_well and tree(folder) == whole[kind]:
        return []
    return [(hit, killed, resumed._replace(calls=()), sorted(tree(folder)))]


@pytest.mark.parametrize("kind", KINDS)
def test_killed_before_a_call_of_the_file_system(victim, alone, whole, kind, tmp_path):
    """Whichever open, write, fsync, replace, mkdir or unlink it is."""
    calls = alone[kind][1].calls
    spoilt = [
        one
        for at in some_of(len(calls), 8)
        for one in _spoilt(victim, whole, kind, tmp_path / str(at), at=at)
    ]

    assert spoilt == []


@pytest.mark.parametrize("kind", ["rows", "shared sums"])
def test_killed_in_the_middle_of_a_write(victim, alone, whole, kind, tmp_path):
    """Half of what a file should hold is on the disk."""
    writes = [at for at, call in enumerate(alone[kind][1].calls) if call[0] == "write"]
    spoilt = [
        one
        for number in some_of(len(writes), 3)
        for one in _spoilt(
            victim, whole, kind, tmp_path / str(number), at=writes[number], how="torn"
        )
    ]

    assert spoilt == []


@pytest.mark.parametrize("kind", ["shared", "shared sums", "cases"])
def test_killed_again_while_it_goes_on(victim, alone, whole, kind, tmp_path):
    """What was begun and killed is gone on with, and that is killed."""
    calls = alone[kind][1].calls
    begun = tmp_path / "begun"
    victim.play(kind, begun, at=len(calls) * 6 // 10)
    going_on = victim.play(kind, copied(begun, tmp_path / "going_on")).calls
    spoilt = [
        one
        for at in some_of(len(going_on), 4)
        for one in _spoilt(victim, whole, kind, copied(begun, tmp_path / str(at)), at=at)
    ]

    assert spoilt == []


@pytest.mark.parametrize("kind", KINDS)
def test_killed_while_it_is_extended(victim, shorter, whole, kind, tmp_path):
    """The rows of 150 runs are there, 250 are asked for: the same as 250 at once."""
    longer = victim.play(kind, copied(shorter / kind, tmp_path / "longer"))
    spoilt = [
        one
        for at in some_of(len(longer.calls), 4)
        for one in _spoilt(victim, whole, kind, copied(shorter / kind, tmp_path / str(at)), at=at)
    ]

    assert tree(tmp_path / "longer") == whole[kind]
    assert spoilt == []


def test_killed_at_random_moments_again_and_again(victim, whole, tmp_path):
    """Five kills of one batch, each at another moment."""
    moments = random.Random(5)
    for _ in range(5):
        victim.play("shared", tmp_path / "one", seconds=moments.uniform(0.005, 0.15))
    ended = victim.play("shared", tmp_path / "one").ended

    assert ended == 0
    assert tree(tmp_path / "one") == whole["shared"]


def test_runs_that_are_there_are_not_played_again(victim, shorter, tmp_path):
    """Extending plays the rest only: parts that are full stay the very same files."""
    folder = copied(shorter / "rows", tmp_path / "rows")
    part = folder / "outcomes" / "part-0000000000000.parquet"
    before = part.stat().st_ino
    victim.play("rows", folder, runs=RUNS)

    assert part.stat().st_ino == before


@pytest.mark.parametrize(("one", "other"), [("rows", "shared"), ("sums", "shared sums")])
def test_who_writes_the_rows_cannot_be_seen(whole, one, other):
    """Neither whether pieces came between, nor who played."""
    assert whole[one] == whole[other]
