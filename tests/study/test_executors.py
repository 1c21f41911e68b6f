"""Executors: whoever plays, the folder is the same, and who loses them is told so in a line."""

import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import loky
import pytest

import sim
from sim.results.batch import Batch
from sim.results.place import Place
from sim.results.spans import RUNS_PER_BLOCK, Span
from sim.scenario.parameters import parameters
from sim.study.playing.batches import EnvironmentFailedError
from sim.study.playing.chunks import Crew
from sim.study.playing.tasks import Task, play
from sim.study.resuming import resume
from sim.study.run import run_batch

RUNS = 110_000


def tree(folder):
    """Return the hash of every file, by its path."""
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def plan(small_plan):
    """A day, which takes about a hundredth of a thousandth of a second."""
    return small_plan.with_(("run.horizon_days", 1))


@pytest.fixture(scope="module")
def expected(plan, tmp_path_factory):
    """The folder that one thread makes."""
    folder = tmp_path_factory.mktemp("one") / "thread"
    sim.run(plan, RUNS, workers=1, out=folder, progress=False)
    return tree(folder)


@pytest.fixture(scope="module")
def processes():
    """Two processes that share nothing with this one."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


@pytest.mark.parametrize("shared", [False, True])
def test_processes_give_the_bytes_of_one_thread(plan, expected, processes, tmp_path, shared):
    """Whether rows come back or are written by them."""
    folder = tmp_path / "found"
    sim.run(plan, RUNS, executor=processes, workers=2, out=folder, shared=shared, progress=False)

    assert tree(folder) == expected


@pytest.mark.parametrize("shared", [False, True])
def test_threads_of_somebody_give_the_bytes_of_one_thread(plan, expected, tmp_path, shared):
    """An executor of threads is one like any other, and stays its owner's."""
    folder = tmp_path / "found"
    with ThreadPoolExecutor(3) as executor:
        sim.run(plan, RUNS, executor=executor, workers=3, out=folder, shared=shared, progress=False)
        still = executor.submit(int, "3").result()

    assert tree(folder) == expected
    assert still == 3


def test_sums_by_processes_are_those_of_the_rows(plan, expected, processes, tmp_path):
    """The summary is the same file, though no rows are kept of the second block."""
    sim.run(
        plan,
        RUNS,
        executor=processes,
        workers=2,
        rows=False,
        out=tmp_path / "sums",
        progress=False,
    )
    found = tree(tmp_path / "sums")

    assert found["summary.csv"] == expected["summary.csv"]
    assert found["quantiles.csv"] == expected["quantiles.csv"]


class Twice(Executor):
    """Somebody who believes that a task was lost, and has it played again, later."""

    def __init__(self, executor):
        """Let others do it."""
        self._executor = executor

    def submit(self, task, /, *arguments):
        """Hand in a task, and hand it in again."""
        first = self._executor.submit(task, *arguments)
        self._executor.submit(task, *arguments)
        return first


def test_tasks_that_are_played_twice_change_nothing(plan, expected, tmp_path):
    """Those that come too late, when the whole is done, leave nothing behind either."""
    folder = tmp_path / "found"
    with ThreadPoolExecutor(2) as executor:
        sim.run(
            plan,
            RUNS,
            executor=Twice(executor),
            workers=2,
            out=folder,
            shared=True,
            progress=False,
        )

    assert tree(folder) == expected


@contextmanager
def _killing_when_there_is_something(pids, folder):
    """Kill a process once the folder holds rows."""
    over = threading.Event()

    def kill():
        while not any((folder / ".pieces").glob("outcomes/*.parquet")):
            if over.wait(0.005):
                return
        os.kill(next(iter(pids())), signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join(60)


def test_a_process_that_is_killed_is_told_in_a_line_and_what_is_there_is_kept(
    plan, expected, tmp_path
):
    """The pool is broken then; threads go on with the folder."""
    folder = tmp_path / "found"
    executor = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    with (
        executor,
        pytest.raises(EnvironmentFailedError, match="a worker process died") as caught,
        _killing_when_there_is_something(lambda: executor._processes, folder),  # noqa: SLF001
    ):
        sim.run(plan, RUNS, executor=executor, workers=2, out=folder, shared=True, progress=False)
    resume(folder, progress=False)

    assert "\n" not in str(caught.value)
    assert caught.value.__notes__ == [f"what is there is kept: sim resume {folder} goes on"]
    assert tree(folder) == expected


def test_a_process_of_loky_that_is_killed_is_told_in_the_same_way(plan, expected, tmp_path):
    """It is what plays where the readable engine is asked for."""
    folder = tmp_path / "found"
    executor = loky.ProcessPoolExecutor(2)
    with (
        pytest.raises(EnvironmentFailedError, match="a worker process died"),
        _killing_when_there_is_something(lambda: executor._processes, folder),  # noqa: SLF001
    ):
        sim.run(plan, RUNS, executor=executor, workers=2, out=folder, shared=True, progress=False)
    executor.shutdown(kill_workers=True)
    resume(folder, progress=False)

    assert tree(folder) == expected


def _task(plan, span, **more):
    return Task(parameters(plan), plan.run.seed, span, "compiled", **more)


def test_a_long_task_has_the_rows_of_several_short_ones(plan):
    """It is played in slices that take little memory, which cannot be seen."""
    whole = play(_task(plan, Span(0, 0, 25_000)))
    parts = [play(_task(plan, Span(0, at, at + 5_000))) for at in range(0, 25_000, 5_000)]
    rows = [part.held.outcomes.slice(0) for part in parts]

    assert whole.held.outcomes.to_pylist()[-5_000:] == rows[-1].to_pylist()
    assert whole.held.crises.num_rows == sum(part.held.crises.num_rows for part in parts)
    assert whole.endings == tuple(map(sum, zip(*(part.endings for part in parts), strict=True)))


def test_crises_that_nobody_keeps_do_not_travel(plan):
    """They are most of the bytes."""
    found = play(_task(plan, Span(0, 0, 100), crises=False))

    assert found.held.crises is None
    assert found.held.outcomes.num_rows == 100


def test_a_block_that_is_summed_where_it_is_played_has_the_tally_of_its_rows(plan):
    """And none of its rows."""
    span = Span(0, RUNS_PER_BLOCK, 2 * RUNS_PER_BLOCK)
    found = play(_task(plan, span, crises=False, scenario=plan)).held
    results = sim.run(plan, 2 * RUNS_PER_BLOCK, progress=False)
    (_, second) = results.tables()

    assert found.tally == type(found.tally).of(plan, second)
    assert found.outcomes.num_rows == 0


def test_a_folder_that_others_do_not_see_is_named(plan, tmp_path):
    """Nothing is written on a machine where nobody would look for it."""
    place = Place(tmp_path / "elsewhere", Batch(plan, 1, 10).batch_id, "crises")
    with pytest.raises(FileNotFoundError, match="elsewhere: is not there for those who play"):
        play(_task(plan, Span(0, 0, 10), place=place))

    assert not Path(place.folder).exists()


def test_who_can_write_nowhere_else_is_not_asked_to(plan, tmp_path):
    """Rows that others write are those of a folder: without one they come back."""
    with ThreadPoolExecutor(1) as executor:
        crew = Crew("compiled", 1, executor)
        found = run_batch(Batch(plan, 1, 50), crew, shared=True, progress=False)

    assert len(found.outcomes) == 50
    assert not list(tmp_path.iterdir())
