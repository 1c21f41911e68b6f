"""When steps can be in force, as it is reckoned, is when they are as it is played."""

import math

import numpy as np
import pytest

import sim
from sim.show.prospects import opening, prospects, range_of

RUNS = 3000
# One fight that lasts: what the reckoning takes for granted.
WORLD = """
format = 1
title = "One fight that lasts"
[run]
horizon_days = 100
[violations]
process = "replay"
recorded = {{ hours = [1.0] }}
[levels.fire]
spell = {{ family = "constant", hours = 100000 }}
detection = {{ delay = {{ family = "exponential", mean_hours = 3 }} }}
attribution = {{ delay = {{ family = "lognormal", median_hours = 12, log_sd = 0.7 }} }}
[crisis]
clock = "{clock}"
threshold_level = "fire"
[actors.usa]
decision = {{ family = "lognormal", median_hours = 20, log_sd = 0.8 }}
yes_probability = 0.6
[actors.ally]
decision = {{ family = "uniform", low_hours = 2, high_hours = 30 }}
yes_probability = 0.8
commitment = {{ available = 0.7 }}
[groups.willing]
{group}
[groups.willing.members.a]
weight = 3
yes_probability = 0.7
decision_median_hours = 10
decision_log_sd = 0.7
{a}
[groups.willing.members.b]
weight = 2
yes_probability = 0.5
decision_median_hours = 20
parliament_median_hours = 40
parliament_log_sd = 0.5
{b}
[groups.willing.members.c]
weight = 1
yes_probability = 0.9
decision_median_hours = 30
decision_log_sd = 0.7
[steps.answer]
needs = {{ level = "fire", sustained_hours = {sustained} }}
decide_from_hours = {from_hours}
not_before_hours = {before}
deadline_hours = 72
deciders = {deciders}
deploy = {{ family = "triangular", low_hours = 2, mode_hours = 5, high_hours = 20 }}
"""
VOTES = {
    "an actor": {"deciders": '["usa"]'},
    "nobody": {"deciders": "[]"},
    "an ally who may be gone": {"deciders": '["usa", "ally"]'},
    "two of three": {},
    "all of three": {"group": 'rule = "unanimity"'},
    "by weight": {"group": 'rule = "quorum"\nquorum_weight = 0.5'},
    "with a veto": {"group": 'rule = "veto"\nquorum = 2', "b": "vetoes = true"},
    "alike": {"group": 'rule = "quorum"\nquorum = 2\ncorrelation = 0.6'},
    "backed": {
        "group": 'rule = "quorum"\nquorum = 2\nbacker = "usa"',
        "a": "needs_backer = true",
        "b": "needs_backer = true",
    },
    "backed by one who decides too": {
        "group": 'rule = "quorum"\nquorum = 2\nbacker = "usa"',
        "a": "needs_backer = true",
        "deciders": '["usa", "willing"]',
    },
}
CLOCKS = {
    "from the detection": {"clock": "detection", "from_hours": 20},
    "from the attribution": {"clock": "attribution", "before": 60},
    "sustained": {"clock": "detection", "sustained": 30},
}


def plan_of(folder, **changes):
    """Return the world with one step."""
    words = {
        "clock": "violation",
        "group": 'rule = "quorum"\nquorum = 2',
        "a": "",
        "b": "",
        "sustained": 0,
        "from_hours": 0,
        "before": 0,
        "deciders": '["willing"]',
    }
    path = folder / "plan.toml"
    path.write_text(WORLD.format(**(words | changes)), encoding="utf-8")
    return sim.load(path)


def played(plan):
    """Return how the step's delays from the clock's start come out; infinite: never in force."""
    results = sim.run(plan, RUNS, 1, workers=1, progress=False)
    hours = (results.crises["answer_in_force_hours"] - results.crises["clock_hours"]).to_numpy()
    return np.where(np.isnan(hours), math.inf, hours)


@pytest.mark.parametrize("changes", [*VOTES.values(), *CLOCKS.values()], ids=[*VOTES, *CLOCKS])
def test_what_is_reckoned_is_what_is_played(tmp_path, changes):
    """Nowhere do the two distributions differ by more than chance and 128 points allow.

    The bound of Dvoretzky, Kiefer, Wolfowitz and Massart, which is exceeded once in 1e9 times, and
    two points besides.
    """
    plan = plan_of(tmp_path, **changes)
    (prospect,), hours = prospects(plan).values(), played(plan)
    bound = math.sqrt(math.log(2 / 1e-9) / (2 * RUNS)) + 2 / 128
    apart = [abs(prospect.by(one) - (hours <= one).mean()) for one in np.arange(0.25, 400, 0.5)]

    assert max(apart) <= bound
    assert prospect.yes == pytest.approx(np.isfinite(hours).mean(), abs=bound)


def test_who_always_vetoes_makes_it_impossible(tmp_path):
    """A chance of zero is exactly that."""
    never = plan_of(tmp_path, group='rule = "veto"', a="vetoes = true").with_(
        ("groups.willing.members.a.yes_probability", 0.0)
    )

    assert prospects(never)["answer"].yes == 0


def test_a_condition_that_may_not_hold_counts(tmp_path):
    """It must hold, whatever is decided."""
    plan = plan_of(tmp_path, deciders='["usa"]')
    bound = plan.with_(
        ("conditions.deal", {"probability": 0.25}), ("steps.answer.requires", ["deal"])
    )

    assert prospects(bound)["answer"].yes == pytest.approx(0.25 * 0.6)


def test_the_opening_is_detection_and_attribution(tmp_path):
    """As far as the clock counts them; from the attribution on, it is at hour 0."""
    median = {
        clock: range_of(opening(plan_of(tmp_path, clock=clock))).median
        for clock in ("violation", "detection", "attribution")
    }

    assert median["attribution"] == 0
    assert median["detection"] == pytest.approx(12, rel=0.02)
    assert 14 < median["violation"] < 16


def test_delays_that_never_vary_are_exact(tmp_path):
    """Six hours and eighteen are twenty-four, and that is in time."""
    plan = plan_of(tmp_path, deciders='["usa"]', clock="attribution").with_(
        ("actors.usa.decision", {"family": "constant", "hours": 6}),
        ("actors.usa.yes_probability", 1.0),
        ("steps.answer.deploy", {"family": "constant", "hours": 18}),
        ("steps.answer.deadline_hours", 24),
    )
    prospect = prospects(plan)["answer"]

    assert (range_of(prospect.in_force).median, prospect.by(24)) == (24, 1)
