"""Progress: a bar for who watches, lines for a log, nothing for a program."""

import re
import sys
import time

import pytest

from sim.study.progress import lasting, shown


@pytest.fixture
def _quickly_passing_time(monkeypatch):
    """Let the clock that progress is shown by run a hundred times as fast."""
    clock = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: 100 * clock())


def _watch(runs, asked, expects=None):
    """Let runs be done one after the other, ten of a hundred at a time."""
    with shown(runs, asked) as watched:
        for _ in range(10):
            time.sleep(0.03)
            watched.done(runs // 10, runs // 100, runs // 10)
            if expects:
                watched.expects(*expects)


@pytest.mark.usefixtures("_quickly_passing_time")
def test_a_log_gets_lines_that_can_be_read_by_themselves(capsys):
    """Each with how many are done, how fast, how long still, and the estimate with its interval."""
    _watch(1000, asked=None)
    lines = capsys.readouterr().err.splitlines()
    line = re.compile(
        r"sim: \d+ of 1,000 runs, \d+ a second, \d+ s left, collapsed 10\.0 % ± \d+\.\d+"
    )

    assert lines
    assert all(line.fullmatch(one) for one in lines)


@pytest.mark.usefixtures("_quickly_passing_time")
def test_a_log_is_not_flooded(capsys):
    """Lines come less and less often."""
    _watch(1000, asked=None)

    assert len(capsys.readouterr().err.splitlines()) < 5


def test_what_is_over_soon_says_nothing_in_a_log(capsys):
    """A run of a second needs no progress."""
    _watch(1000, asked=None)

    assert capsys.readouterr().err == ""


def test_who_asks_for_a_bar_gets_one(capsys):
    """With the rate and the estimate."""
    _watch(1000, asked=True)
    said = capsys.readouterr().err

    assert "run/s" in said
    assert "collapsed 10.0 %" in said


def test_a_terminal_gets_a_bar(capsys, monkeypatch):
    """Without asking."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _watch(1000, asked=None)

    assert "run/s" in capsys.readouterr().err


def test_who_asks_for_none_gets_none(capsys):
    """Not a byte."""
    _watch(1000, asked=False)

    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("_quickly_passing_time")
def test_a_total_that_becomes_known_on_the_way_is_shown(capsys):
    """As when a precision is asked for."""
    _watch(1000, asked=None, expects=(2500, "known to ± 0.02, ± 0.01 is wanted"))
    last = capsys.readouterr().err.splitlines()[-1]

    assert "of 2,500 runs" in last
    assert last.endswith("known to ± 0.02, ± 0.01 is wanted")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3600, "1 h 0 min")]
)
def test_a_time_left_is_in_words(seconds, words):
    """Seconds, then minutes, then hours."""
    assert lasting(seconds) == words
