"""Whoever plays the runs, in whatever chunks and order: the same bytes in the folder."""

import multiprocessing
import random
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from reliability.attack import AtOnce, tree

import sim

RUNS = 400


class Late(Future):
    """Something to do, which is done when somebody asks for what came of it."""

    def __init__(self, play_all, work):
        """Remember what is to be done, and who does it."""
        super().__init__()
        self._play_all = play_all
        self.work = work

    def result(self, timeout=None):
        """Return what came of it."""
        if not self.done():
            self._play_all()
        return super().result(timeout)


class Shuffled(Executor):
    """Does what it has been given in an order of its own."""

    def __init__(self, seed):
        """Have nothing to do yet."""
        self._chance = random.Random(seed)
        self._waiting = []

    def submit(self, fn, /, *args):
        """Return what will be done."""
        self._waiting.append(Late(self._play_all, lambda: fn(*args)))
        return self._waiting[-1]

    def _play_all(self):
        waiting, self._waiting = self._waiting, []
        for future in self._in_order(waiting):
            if not future.cancelled():
                future.set_result(future.work())

    def _in_order(self, waiting):
        return self._chance.sample(waiting, len(waiting))


class Backwards(Shuffled):
    """Does the last first."""

    def _in_order(self, waiting):
        return reversed(waiting)


class OneByOne(AtOnce):
    """Seems to be so slow that each chunk holds few runs."""

    def submit(self, fn, /, *args):
        """Return what is done, as if it had taken days."""
        future = super().submit(fn, *args)
        slow = Future()
        slow.set_result(future.result()._replace(seconds=1e6))
        return slow


@pytest.fixture(scope="module")
def played(brief, tmp_path_factory):
    """Play into a new folder, and return its tree."""

    def play(**options):
        folder = tmp_path_factory.mktemp("spread") / "results"
        sim.run(brief, RUNS, 1, out=folder, progress=False, **{"crises": True, **options})
        return tree(folder)

    return play


@pytest.fixture(scope="module")
def expected(played):
    """What one thread writes."""
    return played(workers=1)


@pytest.mark.parametrize("workers", [2, 3])
def test_threads(played, expected, workers):
    """However many."""
    assert played(workers=workers) == expected


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_of_the_other_engine(played, expected, workers):
    """In this process, or in others."""
    assert played(engine="simpy", workers=workers) == expected


@pytest.mark.parametrize("shared", [False, True])
def test_an_executor_of_threads(played, expected, shared):
    """Whether they write to the folder themselves or not."""
    with ThreadPoolExecutor(2) as executor:
        assert played(executor=executor, workers=2, shared=shared) == expected


def test_an_executor_of_spawned_processes(played, expected):
    """They know nothing but what they are handed; they write, or they do not."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        for shared in (False, True):
            assert played(executor=executor, workers=1, shared=shared) == expected


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("executor", [Backwards(0), Shuffled(1), Shuffled(2), OneByOne(), AtOnce()])
def test_any_order_and_any_chunks(played, expected, executor, shared):
    """What is done late, first, or in chunks of one run."""
    assert played(executor=executor, workers=4, shared=shared) == expected


def test_one_run_more_each_time(brief, expected, tmp_path):
    """The folder is extended, in steps of any size."""
    for runs in (1, 2, 3, 40, 41, 399, RUNS):
        sim.run(brief, runs, 1, out=tmp_path, crises=True, resume=True, progress=False)

    assert tree(tmp_path) == expected


def test_what_was_played_in_memory_is_saved_as_the_same(brief, expected, tmp_path):
    """Whether the folder was there from the beginning cannot be seen."""
    results = sim.run(brief, RUNS, 1, crises=True, progress=False)
    results.save(tmp_path / "saved", crises=True)

    assert tree(tmp_path / "saved") == expected


def test_a_summary_does_not_need_the_rows(whole):
    """With several blocks: the tables that follow are the same files."""
    names = ("summary.csv", "quantiles.csv", "summary.json")

    assert [whole["sums"][name] for name in names] == [whole["rows"][name] for name in names]
