"""A disk that is full: exit code 3, one line that says so, no half file, and it can go on."""

import os
import resource
import subprocess
import sys
from functools import partial

import pytest
from reliability.attack import tree

import sim
from sim.study.resuming import resume

RUNS = 500


@pytest.fixture(scope="module")
def undisturbed(small_plan, tmp_path_factory):
    """The tree that there must be in the end."""
    folder = tmp_path_factory.mktemp("undisturbed") / "results"
    sim.run(small_plan, RUNS, out=folder, progress=False)
    return tree(folder)


def _command(*arguments, **options):
    line = [sys.executable, "-m", "sim", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=300, **options)


def _halves(folder):
    return [path.name for path in folder.rglob("*.tmp")]


def test_no_file_may_be_larger(small_world, undisturbed, tmp_path):
    """The system refuses to write more than 20,000 bytes into a file."""
    folder = tmp_path / "results"
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (20_000, 20_000))
    ended = _command("run", small_world, "--replications", RUNS, "--out", folder, preexec_fn=limit)
    halves = _halves(folder)
    resume(folder, progress=False)

    assert ended.returncode == 3
    assert "File too large" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert halves == []
    assert tree(folder) == undisturbed


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kilobytes."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may make a file system")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip(f"no file system can be made here: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def test_the_disk_is_full(small_world, undisturbed, small_disk):
    """Until somebody makes it larger."""
    folder = small_disk / "results"
    ended = _command("run", small_world, "--replications", RUNS, "--out", folder)
    halves = _halves(folder)
    again = _command("resume", folder)
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    resume(folder, progress=False)

    for one in (ended, again):
        assert one.returncode == 3
        assert "No space left on device" in one.stderr
        assert one.stderr.count("\n") == 1
    assert halves == []
    assert tree(folder) == undisturbed
