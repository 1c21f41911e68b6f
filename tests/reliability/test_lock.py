"""One program at a time in a folder; the system lets go of the lock of one that is dead."""

import re
import subprocess
import sys
from contextlib import contextmanager

import pytest

import sim
from sim.results.locking import LockedError, locked
from sim.study.resuming import resume

HOLDER = """
import os, sys, time
from pathlib import Path
from sim.results.locking import locked

with locked(Path(sys.argv[1])):
    if sys.argv[2:] and os.fork() == 0:
        print("in", flush=True)
        time.sleep(60)
    print("in", flush=True)
    time.sleep(60)
"""


@contextmanager
def _somebody_in(folder, *more):
    """Let another program be in a folder for a while."""
    line = [sys.executable, "-c", HOLDER, str(folder), *more]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        for _ in (1, *more):
            holder.stdout.readline()
        try:
            yield holder
        finally:
            holder.kill()


def test_a_second_program_is_refused(finished):
    """It names the folder, touches nothing, and may come when the first one has been killed."""
    with _somebody_in(finished) as holder:
        for ask in (resume, lambda folder: resume(folder, 40)):
            with pytest.raises(LockedError, match=f"{re.escape(str(finished))}: another program"):
                ask(finished)
        holder.kill()
        holder.wait(60)
        more = resume(finished, 40, progress=False)

    assert more.replications == 40


def test_a_second_thread_is_refused(small_plan, finished):
    """A lock is also between those who are in one program."""
    with locked(finished), pytest.raises(LockedError, match="another program is at work"):
        sim.run(small_plan, 40, out=finished, crises=True, resume=True, progress=False)


def test_a_child_of_a_dead_program_does_not_hold_its_lock(finished):
    """Workers that were forked live a while longer than who was killed."""
    with _somebody_in(finished, "with a child") as holder:
        holder.kill()
        holder.wait(60)
        assert resume(finished, progress=False).replications == 30


def test_the_lock_is_let_go_of_after_an_error(small_plan, finished):
    """Whoever was refused for something else does not keep others out."""
    with pytest.raises(ValueError, match="is of something else"):
        sim.run(small_plan, 30, 99, out=finished, crises=True, resume=True, progress=False)

    assert resume(finished, progress=False).replications == 30
