"""Stop, expand and collapse clocks at constant rates are a Markov chain, with or without a step.

The chain of one sector: quiet, three levels, collapsed. Its rates a day stand below; with a step
in force from a fixed hour the chain is piecewise constant, and matrix exponentials solve it. Every
test's false-alarm rate is 1e-9.
"""

from functools import cache

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.linalg import expm
from worlds import (
    FALSE_ALARM_RATE,
    LONGEST_DAYS,
    SIGMAS,
    UNSEEN,
    crises,
    exponential,
    outcomes,
    sigmas_off,
    world,
)

INCIDENTS = 1.0
SHARES = (0.6, 0.3, 0.1)
SPELL_HOURS = (10.0, 16.0, 30.0)
EXPAND = (1.2, 0.6, 0.0)
COLLAPSE = (0.0, 0.3, 0.8)
NAMES = ("low", "middle", "high")
QUIET, COLLAPSED = 0, 4
STATES = 5
DAYS = 5.0
RUNS = 4000
IN_FORCE_HOURS = 18.0
EFFECT = {"stop": 2.5, "expand": 0.3, "collapse": 0.4, "incidents": 0.5}
AT_ONCE = {"stop": 1.0, "expand": 1.0, "collapse": 1.0, "incidents": 1.0}
LEVELS = pytest.mark.parametrize("level", [1, 2, 3], ids=NAMES)


def chain(effect=AT_ONCE, until_level=None):
    """Return the generator of the chain, rates per hour; shape (STATES, STATES).

    With `until_level`, the chain stops for good where that level is reached.
    """
    rates = np.zeros((STATES, STATES))
    for state in range(4):
        for level in range(state + 1, 4):
            rates[state, level] += effect["incidents"] * INCIDENTS * SHARES[level - 1] / 24.0
        if state > 0:
            rates[state, QUIET] += effect["stop"] / SPELL_HOURS[state - 1]
            rates[state, COLLAPSED] += effect["collapse"] * COLLAPSE[state - 1] / 24.0
            if state < 3:
                rates[state, state + 1] += effect["expand"] * EXPAND[state - 1] / 24.0
    if until_level is not None:
        rates[until_level:COLLAPSED] = 0.0
    return rates - np.diag(rates.sum(axis=1))


def occupancy(rates, hours):
    """Return the mean hours in each state by each first state; shape (STATES, STATES)."""
    zero = np.zeros((STATES, STATES))
    both = np.block([[rates, np.eye(STATES)], [zero, zero]])
    return expm(both * hours)[:STATES, STATES:]


def escalating(days, steps):
    """Return the world whose chain this is; every violation opens a crisis that never closes."""
    levels = {
        name: {"spell": exponential(hours), "expand_per_day": expand, "collapse_per_day": collapse}
        for name, hours, expand, collapse in zip(NAMES, SPELL_HOURS, EXPAND, COLLAPSE, strict=True)
    }
    if not steps:
        levels = {name: level | {"detection": UNSEEN} for name, level in levels.items()}
    shares = dict(zip(NAMES, SHARES, strict=True))
    return world(
        run={"horizon_days": days},
        violations={"incidents_per_day": INCIDENTS, "level_shares": shares},
        levels=levels,
        crisis={"quiet_hours": 1e6},
        steps=steps,
    )


@cache
def without_step():
    """Return the outcomes of runs without a plan."""
    return outcomes(escalating(DAYS, {}), RUNS)


@cache
def with_step():
    """Return the outcomes of runs in which a step comes into force 18 hours after the first one."""
    step = {"not_before_hours": IN_FORCE_HOURS, "effect": EFFECT}
    return outcomes(escalating(DAYS, {"response": step}), RUNS)


@cache
def to_the_end():
    """Return the outcomes of runs that go on until the ceasefire has collapsed."""
    return outcomes(escalating(LONGEST_DAYS, {}), 3000)


def from_quiet(rates, hours):
    """Return the chances of the states after some hours, starting quiet; shape (STATES,)."""
    return expm(rates * hours)[QUIET]


def after_first_violation(of_chains):
    """Return the mean of something over the hour of the first violation and over its level.

    `of_chains(hours)` gives it for each level of the first violation and for the hours that are
    left then; shape (3,).
    """
    rate, horizon = INCIDENTS / 24.0, 24.0 * DAYS

    def weighed(first):
        return rate * np.exp(-rate * first) * np.dot(SHARES, of_chains(horizon - first))

    return integrate.quad(weighed, 0.0, horizon, epsabs=1e-8)[0]


def test_the_ceasefire_collapses_as_often_as_the_chain_does():
    """The chance of absorption by the horizon (binomial test)."""
    expected = from_quiet(chain(), 24.0 * DAYS)[COLLAPSED]
    collapsed = int((without_step().outcome == "collapsed").sum())

    assert stats.binomtest(collapsed, RUNS, expected).pvalue > FALSE_ALARM_RATE


def test_the_ceasefire_collapses_when_the_chain_does():
    """The hours of the collapses by the horizon (Kolmogorov-Smirnov)."""
    hours = np.arange(0.0, 24.0 * DAYS + 1.0, 1.0)
    hourly = expm(chain())
    chances = [np.linalg.matrix_power(hourly, int(hour))[QUIET, COLLAPSED] for hour in hours]
    ends = without_step().query("outcome == 'collapsed'").end_hours

    def law(ending):
        return np.interp(ending, hours, np.array(chances) / chances[-1])

    assert stats.kstest(ends, law).pvalue > FALSE_ALARM_RATE


@LEVELS
def test_hours_at_a_level_are_those_of_the_chain(level):
    """The mean time in each state up to the horizon."""
    expected = occupancy(chain(), 24.0 * DAYS)[QUIET, level]

    assert sigmas_off(without_step()[f"hours_{NAMES[level - 1]}"], expected) < SIGMAS


@LEVELS
def test_fighting_gets_as_high_as_the_chain_does(level):
    """The chance that a level is ever reached by the horizon (binomial test)."""
    expected = from_quiet(chain(until_level=level), 24.0 * DAYS)[level:COLLAPSED].sum()
    reached = int((without_step().highest_level >= level).sum())

    assert stats.binomtest(reached, RUNS, expected).pvalue > FALSE_ALARM_RATE


def test_every_run_ends_when_the_collapse_is_certain():
    """Watched for two centuries, the ceasefire always collapses."""
    assert set(to_the_end().outcome) == {"collapsed"}


def test_the_time_to_collapse_is_that_of_the_fundamental_matrix():
    """The mean time to absorption."""
    fundamental = np.linalg.inv(-chain()[:COLLAPSED, :COLLAPSED])

    assert sigmas_off(to_the_end().end_hours, fundamental[QUIET].sum()) < SIGMAS


@LEVELS
def test_hours_at_a_level_until_the_collapse_are_those_of_the_fundamental_matrix(level):
    """The mean time in each state before absorption."""
    fundamental = np.linalg.inv(-chain()[:COLLAPSED, :COLLAPSED])

    hours = to_the_end()[f"hours_{NAMES[level - 1]}"]
    assert sigmas_off(hours, fundamental[QUIET, level]) < SIGMAS


def test_a_step_that_comes_into_force_at_hour_18_changes_the_chain_from_then_on():
    """The chance of a collapse by the horizon, from two matrix exponentials (binomial test)."""

    def collapses(hours):
        before = expm(chain() * min(hours, IN_FORCE_HOURS))
        after = expm(chain(EFFECT) * max(hours - IN_FORCE_HOURS, 0.0))
        return (before @ after)[1:COLLAPSED, COLLAPSED]

    collapsed = int((with_step().outcome == "collapsed").sum())
    expected = after_first_violation(collapses)

    assert stats.binomtest(collapsed, RUNS, expected).pvalue > FALSE_ALARM_RATE


@LEVELS
def test_a_step_at_hour_18_changes_the_hours_at_a_level_as_it_does_the_chains(level):
    """The mean time in each state, before and after the step."""

    def hours_at_level(hours):
        first = min(hours, IN_FORCE_HOURS)
        second = max(hours - IN_FORCE_HOURS, 0.0)
        later = expm(chain() * first) @ occupancy(chain(EFFECT), second)
        return (occupancy(chain(), first) + later)[1:COLLAPSED, level]

    expected = after_first_violation(hours_at_level)

    assert sigmas_off(with_step()[f"hours_{NAMES[level - 1]}"], expected) < SIGMAS


@LEVELS
def test_a_step_at_hour_18_changes_how_high_the_fighting_gets_as_it_does_the_chains(level):
    """The chance that a level is ever reached by the horizon (binomial test)."""

    def reaches(hours):
        before = expm(chain(until_level=level) * min(hours, IN_FORCE_HOURS))
        after = expm(chain(EFFECT, until_level=level) * max(hours - IN_FORCE_HOURS, 0.0))
        return (before @ after)[1:COLLAPSED, level:COLLAPSED].sum(axis=1)

    reached = int((with_step().highest_level >= level).sum())
    expected = after_first_violation(reaches)

    assert stats.binomtest(reached, RUNS, expected).pvalue > FALSE_ALARM_RATE


def test_the_step_was_in_force_where_the_answers_above_need_it():
    """It came into force at hour 18 of the clock exactly, in every crisis that lived so long."""
    step = {"not_before_hours": IN_FORCE_HOURS, "effect": EFFECT}
    found = crises(escalating(DAYS, {"response": step}), 200)
    shown = (found.response_in_force_hours - found.clock_hours).dropna()

    assert len(shown) > 50
    assert set(shown) == {IN_FORCE_HOURS}
