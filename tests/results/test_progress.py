"""Progress: a bar for who watches, lines for a log, nothing for a program."""

import importlib
import itertools
import os
import re
import select
import sys
import termios
import time
from contextlib import contextmanager, redirect_stderr, suppress

import pytest
import tqdm.std

from sim.results.progress import shown, stage, watched, watching
from sim.results.progress_bar import lasting

# A bar that does not come within a minute does not come at all.
_PATIENCE_SECONDS = 60


@pytest.fixture
def _slow_work(monkeypatch):
    """Let five seconds pass whenever somebody looks at the clock."""
    monkeypatch.setattr(time, "monotonic", itertools.count(0.0, 5.0).__next__)
    monkeypatch.setattr(tqdm.std, "time", itertools.count(0.0, 5.0).__next__)


@contextmanager
def _terminal():
    """Be in a terminal, and give what reads from it as soon as there is anything."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    with _into(ours, theirs) as read:
        yield read


@contextmanager
def _log():
    """Write where nobody watches, and give what reads from there."""
    with _into(*os.pipe()) as read:
        yield read


@contextmanager
def _into(ours, theirs):
    def read():
        there, _, _ = select.select([ours], [], [], _PATIENCE_SECONDS)
        assert there, "nothing is said"
        return os.read(ours, 100_000).decode()

    with os.fdopen(theirs, "w") as screen, redirect_stderr(screen):
        yield read
    os.close(ours)


def _play(runs, asked=None, expects=None):
    """Let runs be done, a tenth of them at a time."""
    with shown(runs, asked) as watching_us:
        for _ in range(10):
            watching_us.done(runs // 10, runs // 100, runs // 10)
            if expects:
                watching_us.expects(*expects)


@pytest.mark.usefixtures("_slow_work")
def test_a_log_gets_lines_that_can_be_read_by_themselves(capsys):
    """Each with how many are done, how fast, how long still, and the estimate with its interval."""
    _play(1000)
    lines = capsys.readouterr().err.splitlines()
    line = re.compile(
        r"sim: \d+ of 1,000 runs, [\d.]+ a second, [\dmin ]+ s left, collapsed 10\.0 % ± \d+\.\d+"
    )

    assert lines
    assert all(line.fullmatch(one) for one in lines)


@pytest.mark.usefixtures("_slow_work")
def test_a_program_that_has_loaded_a_notebooks_code_is_no_notebook(capsys):
    """It gets lines, and not the bar of a page that is not there."""
    assert importlib.import_module("ipykernel.kernelbase")
    _play(1000)

    assert capsys.readouterr().err.startswith("sim: ")


@pytest.mark.usefixtures("_slow_work")
def test_a_log_is_not_flooded(capsys):
    """Lines come less and less often."""
    list(watched(range(100), "checking the points", "point"))

    assert 5 < len(capsys.readouterr().err.splitlines()) < 15


@pytest.mark.usefixtures("_slow_work")
def test_a_line_says_what_is_being_done(capsys):
    """Where it is no playing of runs."""
    list(watched(range(10), "checking the points", "point"))
    first = capsys.readouterr().err.splitlines()[0]

    assert re.fullmatch(
        r"sim: checking the points: \d of 10 points, 0\.\d+ a second, [\dmin ]+ s left", first
    )


@pytest.mark.usefixtures("_slow_work")
def test_what_cannot_be_counted_says_in_a_log_how_long_it_has_taken():
    """So far, and in the end."""
    with _log() as read:
        with stage("looking for boxes"):
            so_far = read()
        in_the_end = read()

    assert re.fullmatch(r"sim: looking for boxes, \d+ s so far\n", so_far)
    assert re.fullmatch(r"sim: looking for boxes took \d+ s\n", in_the_end)


@pytest.mark.usefixtures("_slow_work")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_runs_go_on_where_nobody_reads_the_log_any_more():
    """As when what it was piped into has ended."""
    ours, theirs = os.pipe()
    os.close(ours)
    log = os.fdopen(theirs, "w")
    with redirect_stderr(log):
        done = sum(watched([1] * 100, "checking the points", "point"))
    with suppress(BrokenPipeError):
        log.close()

    assert done == 100


@pytest.mark.usefixtures("_slow_work")
def test_runs_go_on_where_the_log_was_closed(tmp_path):
    """A line that cannot be written is left out."""
    log = (tmp_path / "log").open("w")
    log.close()
    with redirect_stderr(log):
        assert sum(watched([1] * 100, "checking the points", "point")) == 100


def test_a_program_without_a_console_plays_all_the_same():
    """It has nothing that could be a terminal, asked for a bar or not."""
    with redirect_stderr(None):
        for asked in (None, True):
            _play(1000, asked)


def test_what_is_over_soon_says_nothing_in_a_log(capsys):
    """A run of less than a second needs no progress."""
    _play(1000)
    list(watched(range(10), "checking the points", "point"))

    assert capsys.readouterr().err == ""


def test_what_is_over_soon_does_not_flicker_in_a_terminal():
    """Not a byte of a bar."""
    with _terminal() as read:
        _play(1000)
        with stage("looking for boxes"):
            pass
        print("the first", file=sys.stderr, flush=True)

        assert read() == "the first\r\n"


@pytest.mark.usefixtures("_slow_work")
def test_a_terminal_gets_a_bar():
    """With the rate, the time left and the estimate with its interval."""
    with _terminal() as read:
        _play(1000)
        said = read()

    assert re.search(r"\d+/1000 \[\d\d:\d\d<\d\d:\d\d, .*run.*, collapsed 10\.0 % ± \d", said)


@pytest.mark.usefixtures("_slow_work")
def test_a_bar_says_what_is_being_done():
    """Where it is no playing of runs."""
    with _terminal() as read:
        list(watched(range(10), "checking the points", "point"))
        said = read()

    assert re.search(r"checking the points:  10%\|.*\| 1/10 \[.*point\]", said)


def test_what_cannot_be_counted_is_named_in_a_terminal():
    """Once it has taken a second; and it goes away when it is over."""
    with _terminal() as read:
        with stage("looking for boxes"):
            meanwhile = read()
        afterwards = read()

    assert meanwhile.strip() == "looking for boxes ... 00:01"
    assert afterwards.strip() == ""


def test_a_bar_is_there_before_the_first_runs_are():
    """Which may have to wait until the engine is compiled."""
    with _terminal() as read, shown(1000):
        assert "0/1000" in read()


@pytest.mark.usefixtures("_slow_work")
def test_who_asks_for_a_bar_gets_one(capsys):
    """Also where it goes to a file."""
    _play(1000, asked=True)

    assert "run]" in capsys.readouterr().err.replace("run/s", "run]")


@pytest.mark.usefixtures("_slow_work")
def test_who_asks_for_none_gets_none(capsys):
    """Not a byte, whatever is done meanwhile."""
    with watching(asked=False), watching(asked=None):
        _play(1000)
        list(watched(range(10), "checking the points", "point"))
        with stage("looking for boxes"):
            pass
    _play(1000, asked=False)

    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("_slow_work")
def test_what_was_asked_for_ends_with_what_it_was_asked_for(capsys):
    """Also where that fails."""
    with pytest.raises(ValueError, match="too many"), watching(asked=False):
        raise ValueError("too many")
    _play(1000)

    assert capsys.readouterr().err


@pytest.mark.usefixtures("_slow_work")
def test_a_total_that_becomes_known_on_the_way_is_shown(capsys):
    """As when a precision is asked for."""
    _play(1000, expects=(2500, "known to ± 0.02, ± 0.01 is wanted"))
    last = capsys.readouterr().err.splitlines()[-1]

    assert "of 2,500 runs" in last
    assert last.endswith("known to ± 0.02, ± 0.01 is wanted")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3600, "1 h 0 min")]
)
def test_a_time_left_is_in_words(seconds, words):
    """Seconds, then minutes, then hours."""
    assert lasting(seconds) == words
