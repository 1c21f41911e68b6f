"""Waiting: what comes of it is given, a Ctrl-C is heard, and whoever looks may end it."""

from concurrent.futures import Future
from threading import Timer

import pytest
from interrupting import ctrl_c

from sim.study.playing.waiting import result_of


def later(act):
    """Do something in a moment."""
    timer = Timer(0.5, act)
    timer.start()


def test_what_comes_later_is_given():
    """After some looks."""
    future, looks = Future(), []
    later(lambda: future.set_result("played"))

    assert result_of(future, lambda: looks.append(1)) == "played"
    assert looks


@pytest.mark.parametrize("error", [TimeoutError("of the disk"), OSError("disk full")])
def test_what_goes_wrong_later_is_raised(error):
    """Also if it looks like an end of the waiting."""
    future = Future()
    later(lambda: future.set_exception(error))
    with pytest.raises(type(error), match="disk"):
        result_of(future)


def test_ctrl_c_is_heard_whichever_thread_gets_it():
    """Whoever waits is not woken by it, and hears it all the same."""
    with ctrl_c(after_seconds=0.1) as seconds, pytest.raises(KeyboardInterrupt):
        result_of(Future())

    assert seconds() < 30


def test_who_looks_may_end_the_waiting():
    """What is raised there comes out."""

    def nobody_is_left():
        raise LookupError("nobody is left")

    with pytest.raises(LookupError, match="nobody is left"):
        result_of(Future(), nobody_is_left)
