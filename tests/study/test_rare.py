"""Rare events: plain shares where nothing is split, the same numbers however many work, said.

Statistical tests have a false-alarm rate of 1e-9.
"""

import math
import threading

import numpy as np
import pytest
from interrupting import ctrl_c
from worlds import SIGMAS, UNSEEN, constant, exponential, rich_world, world

from sim.engines.compiled_engine import simulate
from sim.engines.rows import OUTCOME
from sim.model.words import COLLAPSED
from sim.results.estimates import share
from sim.scenario.parameters import parameters
from sim.study.rare_events.rare import rare

ROOTS = 500


@pytest.fixture(scope="module")
def rich():
    """A world with three steps, short enough for many runs."""
    return rich_world(days=20.0)


@pytest.fixture(scope="module")
def excited():
    """The same with incidents that set each other off."""
    return rich_world(days=10.0).with_(
        ("violations.process", "hawkes"),
        ("violations.excitation", {"branching_ratio": 0.4, "decay_hours": 6.0}),
        ("attack.per_year", 0.0),
    )


def impossible():
    """Return a world in which fighting can rise, but in a million years."""
    return world(
        violations={
            "incidents_per_day": 1.0,
            "level_shares": {"low": 1.0, "high": 0.0, "top": 0.0},
        },
        levels={
            "low": {"spell": exponential(1.0), "expand_per_day": 1.0, "detection": UNSEEN},
            "high": {"spell": exponential(1.0), "expand_per_day": 1e-9, "detection": UNSEEN},
            "top": {"spell": constant(1.0)},
        },
    )


def told(found):
    """Return all that was found but the time that it took."""
    return found._replace(seconds=0.0)


def test_without_splits_it_is_the_share_of_runs(rich):
    """With its interval, of the very runs that are played without splitting."""
    rows = simulate(parameters(rich), 1, range(ROOTS))
    collapsed = int((rows.outcomes.counts[OUTCOME] == COLLAPSED).sum())
    found = rare(rich, roots=ROOTS, splits=[], seed=1, progress=False)

    assert found.probability == share(collapsed, ROOTS)
    assert found.plain_runs == pytest.approx(ROOTS)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_number_of_workers_changes_nothing(rich, workers):
    """Not a bit of it, the pilot's choices included."""
    one = rare(rich, relative_error=0.3, seed=4, workers=3, progress=False)
    other = rare(rich, relative_error=0.3, seed=4, workers=workers, progress=False)

    assert told(one) == told(other)


def test_the_seed_is_the_scenarios_if_none_is_given(rich):
    """And another one gives another estimate."""
    splits = {"assault": 3, "expanded": 4}
    found = rare(rich, splits=splits, roots=ROOTS, progress=False)
    same = rare(rich, splits=splits, roots=ROOTS, seed=rich.run.seed, progress=False)
    other = rare(rich, splits=splits, roots=ROOTS, seed=rich.run.seed + 1, progress=False)

    assert found.splits == {"harassing": 1, "shelling": 1, **splits}
    assert told(found) == told(same)
    assert found.probability.value != other.probability.value


def test_an_event_that_is_common_needs_no_splitting(rich):
    """Nothing is split, and the interval is as narrow as was asked for."""
    found = rare(rich, "reached_assault", progress=False)

    assert set(found.splits.values()) == {1}
    assert found.probability.value > 0.5
    assert found.relative_half_width < 0.1


def test_a_plan_with_excited_incidents_fails_as_often_as_plain_runs_say(excited):
    """Three steps, and a pilot that chooses."""
    runs = 20_000
    rows = simulate(parameters(excited), 8, range(runs))
    plain = float(np.mean(rows.outcomes.counts[OUTCOME] == COLLAPSED))
    found = rare(excited, relative_error=0.1, seed=3, progress=False)
    error = (found.probability.high - found.probability.low) / 3.92

    assert max(found.splits.values()) > 1
    assert 0.001 < plain < 0.05
    assert abs(found.probability.value - plain) < SIGMAS * math.hypot(
        error, math.sqrt(plain / runs)
    )


def test_the_interval_is_about_as_narrow_as_was_asked_for(excited):
    """The pilot judges how many runs that takes."""
    found = rare(excited, relative_error=0.2, seed=6, progress=False)

    assert 0.1 < found.relative_half_width < 0.25


def test_an_event_that_never_comes_has_an_upper_bound():
    """That of runs that are not split, since each run has one among its branches."""
    found = rare(impossible(), "reached_top", most_runs=20_000, progress=False)

    assert found.probability[:2] == (0.0, 0.0)
    assert found.probability.high == pytest.approx(-math.log(0.025) / found.roots)
    assert "never in" in str(found)
    assert "high," in str(found)


def test_not_more_is_played_than_was_allowed(rich):
    """Even if the interval is wider then."""
    found = rare(rich, relative_error=0.001, most_runs=5000, progress=False)

    assert (found.work + found.pilot_work) / found.events_in_a_run < 7000
    assert found.relative_half_width > 0.001


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"event": "peace"}, 'event: is "peace", must be one of "collapsed", "reached_harassing"'),
        ({"roots": 0}, "roots: is 0, must be from 1"),
        ({"most_runs": 0}, "most_runs: is 0, must be from 1"),
        ({"relative_error": 0.0}, "relative_error: is 0.0, must be above 0"),
        ({"splits": [2, 0]}, r"splits: is \[2, 0\], must be at most 4 whole numbers"),
        ({"splits": [2] * 5}, "must be at most 4 whole numbers"),
        ({"splits": {"war": 2}}, 'splits: "war" is no level, must be one of harassing'),
    ],
)
def test_what_cannot_be_asked_is_said(rich, asked, said):
    """With the value, and what is allowed."""
    with pytest.raises(ValueError, match=said):
        rare(rich, **asked)


def test_a_collapse_that_cannot_happen_is_said():
    """Rather than looked for."""
    with pytest.raises(ValueError, match="no level has a collapse_per_day above 0"):
        rare(impossible())


def test_it_hears_ctrl_c():
    """Runs of thousands of millions of incidents break off at their next event."""
    endless = world(
        run={"horizon_days": 73_000.0, "most_violations": 1_000_000_000},
        violations={"incidents_per_day": 100_000.0},
        levels={"fighting": {"spell": constant(0.0), "collapse_per_day": 1e-9}},
    )
    with ctrl_c(after_seconds=1.0) as seconds, pytest.raises(KeyboardInterrupt):
        rare(endless, workers=2, progress=False)

    assert seconds() < 30
    assert not any(thread.name.startswith("ThreadPool") for thread in threading.enumerate())
