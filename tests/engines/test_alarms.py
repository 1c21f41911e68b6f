"""Clocks that wait for an hour which may change."""

import math

import pytest

from sim.engines.simpy_engine.alarms import AlarmClock, HazardClock
from sim.engines.simpy_engine.environment import Environment
from sim.model.words import EXPONENTIAL
from sim.scenario.numbers import Timing

TEN_HOURS = Timing(EXPONENTIAL, 10.0, 0.0, 0.0)


@pytest.fixture
def env():
    """Time up to hour 100."""
    return Environment(100.0)


def _listen(env, clock, heard):
    def waits():
        while True:
            yield clock.rings
            heard.append(env.now)

    env.process(waits())


def _at(env, hours, action):
    def waits():
        yield env.timeout(hours)
        action()

    env.process(waits())


@pytest.mark.parametrize(
    ("settings", "rings"),
    [
        ([5.0], [5.0]),
        ([5.0, 3.0], [3.0]),
        ([5.0, 8.0], [8.0]),
        ([5.0, math.inf], []),
        ([101.0], []),
    ],
)
def test_an_alarm_clock_rings_at_the_hour_that_was_set_last(env, settings, rings):
    """Setting it again moves the hour; infinity and what lies beyond the horizon never come."""
    heard = []
    clock = AlarmClock(env, 2)
    _listen(env, clock, heard)
    for hour in settings:
        clock.set(hour)
    env.run(until=100)

    assert heard == rings


def test_a_hazard_clock_that_has_rung_stays_silent_when_its_multiplier_changes(env):
    """What has fired is over: a later step cannot make it fire again."""
    heard = []
    clock = HazardClock(env, 2)
    _listen(env, clock, heard)
    clock.start(TEN_HOURS, threshold=1.0)
    _at(env, 20, lambda: clock.rescale(3.0))
    env.run(until=100)

    assert heard == [10.0]


@pytest.mark.parametrize(
    ("multiplier", "rings"), [(1.0, [10.0]), (2.0, [7.0]), (0.5, [16.0]), (0.0, [])]
)
def test_a_multiplier_rescales_what_is_left_of_a_threshold(env, multiplier, rings):
    """After 4 of 10 hours, the other 6 pass at the multiplier's rate."""
    heard = []
    clock = HazardClock(env, 2)
    _listen(env, clock, heard)
    clock.start(TEN_HOURS, threshold=1.0)
    _at(env, 4, lambda: clock.rescale(multiplier))
    env.run(until=100)

    assert heard == rings


def test_a_threshold_is_used_up_at_the_rate_of_each_multiplier_in_turn(env):
    """Four hours alone, one at twice the rate, then alone again: 4 + 2 + 4 by hour 9."""
    heard = []
    clock = HazardClock(env, 2)
    _listen(env, clock, heard)
    clock.start(TEN_HOURS, threshold=1.0)
    _at(env, 4, lambda: clock.rescale(2.0))
    _at(env, 5, lambda: clock.rescale(1.0))
    env.run(until=100)

    assert heard == [9.0]


def test_simultaneous_alarms_ring_by_rank(env):
    """Whoever was set first, the lower rank goes first."""
    heard = []
    for rank in (9, 4, 7):
        clock = AlarmClock(env, rank)
        clock.set(5.0)

        def waits(clock=clock, rank=rank):
            yield clock.rings
            heard.append(rank)

        env.process(waits())
    env.run(until=100)

    assert heard == [4, 7, 9]
