"""Many machines: workers of a Dask scheduler, killed and lost, and the same bytes as one thread's.

R7: a worker killed while it writes, a task played twice, a lost scheduler. The clusters are real:
processes of their own that share nothing with this one but a folder.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

import dask
import pytest
from distributed import Client, LocalCluster, futures_of

import sim
from sim.results.batch import Batch
from sim.study.alike import differences
from sim.study.cluster import ClusterError, NoWorkersWarning, connected, crew_from
from sim.study.resuming import resume
from sim.study.run import run_batch

RUNS = 130_000
# What is waited for comes within moments; whatever does not come is not waited for any longer.
SECONDS = 60
# Where a machine has much to do, killed workers may take minutes to be back.
BUSY = pytest.mark.filterwarnings("ignore::sim.study.cluster.NoWorkersWarning")


def tree(folder):
    """Return the hash of every file, by its path."""
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def plan(small_plan):
    """Days that take about a twentieth of a thousandth of a second each."""
    return small_plan.with_(("run.horizon_days", 4))


@pytest.fixture(scope="module")
def batch(plan):
    """Two blocks of runs, the second one short."""
    return Batch(plan, plan.run.seed, RUNS)


@pytest.fixture(scope="module")
def expected(batch, tmp_path_factory):
    """The folder that one thread makes of the batch."""
    folder = tmp_path_factory.mktemp("one") / "thread"
    sim.run(batch.scenario, RUNS, workers=1, out=folder, progress=False)
    return tree(folder)


@pytest.fixture(scope="module")
def cluster():
    """Two workers, each a process with two threads and somebody who starts it again.

    However long that takes: who does not come back within 15 seconds is left out otherwise, and
    that is all of them on a machine that others use too. Nor is a task given up that several of
    them had when they were killed: one that waits long loses as many workers as are killed.
    """
    patient = {
        "distributed.deploy.lost-worker-timeout": "600s",
        "distributed.scheduler.allowed-failures": 100,
    }
    with (
        dask.config.set(patient),
        LocalCluster(
            n_workers=2, threads_per_worker=2, processes=True, dashboard_address=":0"
        ) as found,
    ):
        yield found


@pytest.mark.parametrize("shared", [False, True])
def test_the_workers_of_a_cluster_give_the_bytes_of_one_thread(
    cluster, batch, expected, tmp_path, monkeypatch, shared
):
    """Whether rows come back or are written by the workers, also to a path from here."""
    monkeypatch.chdir(tmp_path)
    with crew_from("compiled", None, cluster.scheduler_address) as crew:
        run_batch(batch, crew, out="found", shared=shared, progress=False)

    assert tree(tmp_path / "found") == expected


@pytest.mark.parametrize("shared", [False, True])
def test_blocks_that_are_played_as_a_whole_give_the_bytes_of_one_thread(
    cluster, plan, tmp_path, shared
):
    """With one worker said to be there, a tally or a part comes of a task; sums are of all runs."""
    batch = Batch(plan.with_(("run.horizon_days", 0.5)), 3, 420_000, rows=shared)
    run_batch(batch, crew=_threads(), out=tmp_path / "expected", progress=False)
    with crew_from("compiled", 1, cluster.scheduler_address) as crew:
        run_batch(batch, crew, out=tmp_path / "found", shared=shared, progress=False)

    assert tree(tmp_path / "found") == tree(tmp_path / "expected")


def _threads():
    with crew_from("compiled", 2, None) as crew:
        return crew


def test_sums_of_a_cluster_are_those_of_the_rows(cluster, batch, expected, tmp_path):
    """The summary is the same file, though no rows are kept of the second block."""
    with crew_from("compiled", None, cluster.scheduler_address) as crew:
        run_batch(replace(batch, rows=False), crew, out=tmp_path / "sums", progress=False)
    found = tree(tmp_path / "sums")

    assert {name: found[name] for name in ("summary.csv", "quantiles.csv")} == {
        name: expected[name] for name in ("summary.csv", "quantiles.csv")
    }
    assert "outcomes/part-0000000100000.parquet" in set(expected) - set(found)


@contextmanager
def killing(cluster, moments):
    """Kill all workers at some moments, and give the list of how many there were each time.

    Only workers that are at work: who starts them again gives up on one that dies before.
    """
    over, killed = threading.Event(), []

    def come(condition):
        while not over.is_set() and not condition():
            time.sleep(0.0005)
        return not over.is_set()

    def kill():
        for moment in moments:
            if come(lambda: len(_at_work(cluster)) == len(cluster.workers)) and come(moment):
                pids = _at_work(cluster)
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)
                killed.append(len(pids))
                come(lambda pids=pids: not pids & _at_work(cluster))

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join(SECONDS)


def _at_work(cluster):
    """Return the process numbers of the workers that the scheduler knows."""
    known = cluster.scheduler.workers
    nannies = list(cluster.workers.values())
    return {nanny.pid for nanny in nannies if nanny.worker_address in known} - {None}


@BUSY
def test_workers_killed_while_they_write_leave_the_bytes_of_one_thread(
    cluster, batch, expected, tmp_path
):
    """A file of theirs is half written when they die; others play the runs again."""
    folder = tmp_path / "found"
    begun = set()

    def is_writing():
        known = len(begun)
        begun.update((folder / ".pieces").glob("*/.*.tmp"))
        return len(begun) > known

    with (
        crew_from("compiled", None, cluster.scheduler_address) as crew,
        killing(cluster, [is_writing] * 2) as killed,
    ):
        run_batch(batch, crew, out=folder, shared=True, progress=False)

    assert killed
    assert tree(folder) == expected


@BUSY
def test_workers_killed_at_any_moment_leave_the_bytes_of_one_thread(
    cluster, batch, expected, tmp_path
):
    """Three times within the batch, at moments that a fixed seed chooses."""
    chosen = random.Random(5)
    began = time.monotonic()
    after_seconds = sorted(chosen.uniform(0.3, 4.0) for _ in range(3))
    moments = [lambda at=at: time.monotonic() - began > at for at in after_seconds]
    with (
        crew_from("compiled", None, cluster.scheduler_address) as crew,
        killing(cluster, moments) as killed,
    ):
        run_batch(batch, crew, out=tmp_path / "found", shared=True, progress=False)

    assert killed
    assert tree(tmp_path / "found") == expected


def test_a_task_that_kills_workers_is_given_up_in_a_line(batch, expected, tmp_path):
    """Where no loss is forgiven, the first one ends the batch; what is there is kept."""
    folder = tmp_path / "found"
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as mortal,
    ):
        moments = [lambda: any((folder / ".pieces").glob("outcomes/*.parquet"))]
        with (
            pytest.raises(ClusterError, match="was given up") as caught,
            connected(mortal.scheduler_address) as executor,
            killing(mortal, moments),
        ):
            sim.run(batch.scenario, RUNS, executor=executor, out=folder, shared=True)
    resume(folder, progress=False)

    assert "\n" not in str(caught.value)
    assert caught.value.__notes__ == [f"what is there is kept: sim resume {folder} goes on"]
    assert tree(folder) == expected


@contextmanager
def started(*arguments):
    """Start a program, and end it in the end."""
    program = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield program
    finally:
        program.kill()
        program.wait(SECONDS)


def _come_to(file, scheduler):
    """Wait until a scheduler has written where it is, or has ended."""
    while not (file.exists() and file.stat().st_size) and scheduler.poll() is None:
        time.sleep(0.05)


def test_a_lost_scheduler_is_told_in_a_line_and_what_is_there_is_kept(batch, expected, tmp_path):
    """The scheduler is killed while it is needed; threads go on with the folder."""
    file, folder = tmp_path / "scheduler.json", tmp_path / "found"
    scheduler = ("distributed.cli.dask_scheduler", "--port=0", "--no-dashboard")
    worker = ("distributed.cli.dask_worker", "--nthreads=2", "--no-dashboard", "--no-nanny")
    with started(*scheduler, f"--scheduler-file={file}") as program:
        _come_to(file, program)
        with (
            started(*worker, f"--scheduler-file={file}"),
            pytest.raises(ClusterError) as caught,
            crew_from("compiled", None, str(file)) as crew,
            _meanwhile(folder, program.kill),
        ):
            run_batch(batch, crew, out=folder, shared=True, progress=False)
    resume(folder, progress=False)

    assert "\n" not in str(caught.value)
    assert json.loads(file.read_text())["address"] in str(caught.value)
    assert caught.value.__notes__ == [f"what is there is kept: sim resume {folder} goes on"]
    assert tree(folder) == expected


@contextmanager
def _meanwhile(folder, act):
    """Do something when the first piece is there."""
    over = threading.Event()

    def wait_and_act():
        while not any((folder / ".pieces").glob("outcomes/*.parquet")):
            if over.wait(0.01):
                return
        act()

    actor = threading.Thread(target=wait_and_act, daemon=True)
    actor.start()
    try:
        yield
    finally:
        over.set()
        actor.join(SECONDS)


def test_workers_that_do_not_come_back_are_waited_for_so_long(
    batch, expected, tmp_path, monkeypatch
):
    """It is said that there are none, and then in a line that this has lasted too long."""
    # Counted often, so that on a busy machine too a count falls between the two.
    monkeypatch.setattr("sim.study.cluster._SECONDS_OF_A_COUNT", 0.5)
    folder = tmp_path / "found"
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as deserted,
        pytest.warns(NoWorkersWarning, match="no workers for .* s; waits for new ones, at most"),
        pytest.raises(ClusterError, match=r"has had no workers for \d+ s") as caught,
        connected(deserted.scheduler_address, patience_hours=12 / 3600) as executor,
        _meanwhile(folder, lambda: deserted.scale(0)),
    ):
        sim.run(batch.scenario, RUNS, executor=executor, out=folder, shared=True, progress=False)
    resume(folder, progress=False)

    assert caught.value.__notes__ == [f"what is there is kept: sim resume {folder} goes on"]
    assert tree(folder) == expected


def test_a_scheduler_that_is_frozen_is_not_waited_for_without_an_end(tmp_path):
    """It says nothing, so there are no workers; a signal stops it without ending it."""
    file = tmp_path / "scheduler.json"
    scheduler = ("distributed.cli.dask_scheduler", "--port=0", "--no-dashboard")
    worker = ("distributed.cli.dask_worker", "--nthreads=1", "--no-dashboard", "--no-nanny")
    with started(*scheduler, f"--scheduler-file={file}") as program:
        _come_to(file, program)
        with (
            started(*worker, f"--scheduler-file={file}"),
            pytest.raises(ClusterError, match="has had no workers for"),
            connected(str(file), patience_hours=1e-9) as executor,
            _frozen(program),
        ):
            _look_for(executor, SECONDS)


def _look_for(executor, seconds):
    """Look now and then, as long as that."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        executor.look()
        time.sleep(0.5)


@contextmanager
def _frozen(program):
    """Let a program do nothing meanwhile."""
    program.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        program.send_signal(signal.SIGCONT)


@BUSY
def test_workers_that_come_back_go_on(batch, expected, tmp_path):
    """Once the last one has gone, another one comes and plays what is left."""
    folder = tmp_path / "found"
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as changing:

        def replace_all():
            began = time.monotonic()
            changing.scale(0)
            while changing.scheduler.workers and time.monotonic() - began < SECONDS:
                time.sleep(0.01)
            gone.append(not changing.scheduler.workers)
            changing.scale(1)

        gone = []
        with connected(changing.scheduler_address) as executor, _meanwhile(folder, replace_all):
            sim.run(
                batch.scenario, RUNS, executor=executor, out=folder, shared=True, progress=False
            )

    assert gone == [True]
    assert tree(folder) == expected


def test_a_result_that_is_here_stays_one_when_its_worker_is_lost(cluster, monkeypatch):
    """The news of the loss may come between a result and who waits for it."""
    gather = Client._gather  # noqa: SLF001 - what gathers for others of its methods too

    async def gather_and_lose(client, futures, **how):
        found = await gather(client, futures, **how)
        for future in futures_of(futures):
            client.futures[future.key].lose()
        return found

    monkeypatch.setattr(Client, "_gather", gather_and_lose)
    with connected(cluster.scheduler_address) as executor:
        answers = [executor.submit(pow, 2, 10), executor.submit(divmod, 1, 0)]

        assert answers[0].result(SECONDS) == 1024
        assert isinstance(answers[1].exception(SECONDS), ZeroDivisionError)


def test_what_is_called_off_is_not_played(cluster):
    """Neither what waits nor its answer, and others are answered all the same."""
    with connected(cluster.scheduler_address) as executor:
        first = [executor.submit(time.sleep, 1) for _ in range(4)]
        waiting = [executor.submit(time.sleep, 600) for _ in range(8)]

        assert all(answer.cancel() for answer in waiting)
        assert executor.submit(pow, 2, 10).result(SECONDS) == 1024
        assert [answer.result(SECONDS) for answer in first] == [None] * 4


def test_a_scheduler_that_is_not_there_is_told_within_seconds():
    """The error names the address."""
    began = time.monotonic()
    with (
        pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers there"),
        crew_from("compiled", None, "tcp://127.0.0.1:9"),
    ):
        pass

    assert time.monotonic() - began < 20


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1", "no.such.host.invalid:8786"])
def test_an_address_that_is_none_is_told_in_a_line(address):
    """Whatever is wrong with it."""
    with (
        pytest.raises(ClusterError, match=f"^{address}: .*") as caught,
        crew_from("compiled", None, address),
    ):
        pass

    assert "\n" not in str(caught.value)


def test_a_worker_with_other_tools_is_refused_in_words():
    """What is there and what is here are named."""
    told = differences({"numpy": "2.1.0", "Python": "3.11"}, {"numpy": "2.2.0", "Python": "3.12"})

    assert (
        told == "numpy 2.1.0 (here 2.2.0), Python 3.11 (here 3.12): results would not be the same"
    )


def test_who_has_no_dask_is_told_what_to_install(monkeypatch):
    """It comes with an extra, which most do not need."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ClusterError, match=r'pip install "ceasefire-sim\[cluster\]"'),
        connected("tcp://127.0.0.1:9"),
    ):
        pass
