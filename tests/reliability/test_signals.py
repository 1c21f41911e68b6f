"""Ctrl-C, SIGTERM and `kill -9` to the command, at any moment: stopped soon, and gone on with."""

import random
import signal
import subprocess
import sys
import time

import pytest
from reliability.attack import AtOnce, tree

import sim
from sim.results.manifest import read_manifest
from sim.study.resuming import resume

RUNS = 40_000
# Two seconds are promised; on a machine that others use too it may take longer.
SOON_SECONDS = 10.0


def _begun(folder, *arguments):
    """Start the command, and return it once it plays."""
    before = (folder / "manifest.json").stat().st_mtime_ns if folder.exists() else 0
    line = [sys.executable, "-m", "sim", *map(str, arguments)]
    program = subprocess.Popen(
        line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=folder.parent
    )
    while program.poll() is None:
        path = folder / "manifest.json"
        if path.exists() and path.stat().st_mtime_ns != before:
            break
        time.sleep(0.01)
    return program


def _hit(program, *signals, moments):
    """Send signals at random moments; return the exit code, the last line, and the seconds."""
    time.sleep(moments.uniform(0.0, 0.6))
    began = time.monotonic()
    try:
        for number in signals:
            program.send_signal(number)
            time.sleep(moments.uniform(0.0, 0.1))
        _, said = program.communicate(timeout=120)
    finally:
        program.kill()
    seconds = time.monotonic() - began
    return program.returncode, (said.splitlines() or [""])[-1], seconds


HITS = [
    ((signal.SIGINT,), 130, "sim: interrupted"),
    ((signal.SIGTERM,), 143, "sim: terminated"),
    ((signal.SIGKILL,), -signal.SIGKILL, ""),
    ((signal.SIGINT, signal.SIGINT), 130, "sim: interrupted"),
    ((signal.SIGTERM, signal.SIGINT, signal.SIGTERM), None, "sim: "),
]


@pytest.fixture(scope="module")
def undisturbed(small_plan, tmp_path_factory):
    """The tree that there must be in the end."""
    folder = tmp_path_factory.mktemp("undisturbed") / "results"
    sim.run(small_plan, RUNS, out=folder, progress=False)
    return tree(folder)


def test_stopped_again_and_again(small_world, undisturbed, tmp_path, record_property):
    """One batch is hit five times and gone on with each time: the same tree as one left alone."""
    folder, moments = tmp_path / "results", random.Random(19)
    begin = ("run", small_world, "--replications", RUNS, "--out", folder)
    found = []
    for number, (signals, _, _) in enumerate(HITS):
        program = _begun(folder, *(begin if number == 0 else ("resume", folder)))
        found.append(_hit(program, *signals, moments=moments))
        read_manifest(folder)
    record_property("seconds", [seconds for _, _, seconds in found])
    print("seconds until it stopped:", [round(seconds, 2) for _, _, seconds in found])
    resume(folder, progress=False)

    for (code, said, seconds), (_, expected_code, expected) in zip(found, HITS, strict=True):
        assert code in ({130, 143} if expected_code is None else {expected_code}), said
        assert said.startswith(expected)
        assert seconds < SOON_SECONDS
    assert f"sim resume {folder}" in found[0][1]
    assert tree(folder) == undisturbed


class Interrupted(AtOnce):
    """Plays a few chunks, and then somebody presses Ctrl-C."""

    def __init__(self, chunks):
        """So many."""
        self._left = chunks

    def submit(self, fn, /, *args):
        """Return what is done, or break off."""
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return super().submit(fn, *args)


@pytest.mark.parametrize("chunks", [5, 6, 7])
def test_what_was_played_before_ctrl_c_is_kept(brief, tmp_path, chunks):
    """As a piece, with which it goes on; what is raised says how."""
    whole, folder = tmp_path / "whole", tmp_path / "folder"
    sim.run(brief, 400, 1, out=whole, progress=False)
    with pytest.raises(KeyboardInterrupt) as caught:
        sim.run(brief, 400, 1, executor=Interrupted(chunks), workers=1, out=folder, progress=False)
    pieces = list(folder.glob(".pieces/outcomes/*.parquet"))
    resume(folder, progress=False)

    assert len(pieces) == 1
    assert f"sim resume {folder}" in caught.value.__notes__[0]
    assert tree(folder) == tree(whole)
