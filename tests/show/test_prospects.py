"""When steps can be in force, as it is reckoned, is when they are as it is played."""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

import sim
from sim.show.plans.prospects import can_open, opening, prospects, range_of, where_it_rises

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
ALL_OF_THE_WEIGHT = 'rule = "quorum"\nquorum_weight = 1.0'
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


def weighing(plan, *weights):
    """Return the plan with the members' weights."""
    return plan.with_(
        *(
            (f"groups.willing.members.{name}.weight", weight)
            for name, weight in zip("abc", weights, strict=True)
        )
    )


def with_chances(plan, *chances):
    """Return the plan with how often each member says yes."""
    return plan.with_(
        *(
            (f"groups.willing.members.{name}.yes_probability", chance)
            for name, chance in zip("abc", chances, strict=True)
        )
    )


def as_many(plan, members):
    """Return the plan with so many members, of whom no two weigh the same."""
    names = {
        f"m{index}": {
            "weight": 1 + index * math.sqrt(2),
            "yes_probability": 0.7,
            "decision_median_hours": 10 + index,
            "decision_log_sd": 0.7,
        }
        for index in range(members)
    }
    return plan.with_(("groups.willing.members", names))


def apart_at_most():
    """Return by how much a reckoned and a played distribution may differ.

    The bound of Dvoretzky, Kiefer, Wolfowitz and Massart, which is exceeded once in 1e9 times, and
    two of the 128 points besides.
    """
    return math.sqrt(math.log(2 / 1e-9) / (2 * RUNS)) + 2 / 128


def apart(prospect, hours):
    """Return by how much a step's two distributions differ at most."""
    return max(
        abs(prospect.by(one) - (hours <= one).mean()) for one in [*np.arange(0.25, 400, 0.5), 1e6]
    )


@pytest.mark.parametrize("changes", [*VOTES.values(), *CLOCKS.values()], ids=[*VOTES, *CLOCKS])
def test_what_is_reckoned_is_what_is_played(tmp_path, changes):
    """Nowhere do the two distributions differ by more than chance and 128 points allow."""
    plan = plan_of(tmp_path, **changes)
    (prospect,) = prospects(plan).values()

    assert apart(prospect, played(plan)) <= apart_at_most()


@pytest.mark.parametrize("weights", [(1, 1, 1), (1000, 0.1, 0.1)], ids=["alike", "hardly any"])
def test_all_of_the_weight_is_every_member(tmp_path, weights):
    """However little of it one has: all three must say yes, and that is what is played."""
    plan = weighing(plan_of(tmp_path, group=ALL_OF_THE_WEIGHT), *weights)
    prospect = prospects(plan)["answer"]

    assert prospect.yes == pytest.approx(0.7 * 0.5 * 0.9, abs=1e-9)
    assert apart(prospect, played(plan)) <= apart_at_most()


@pytest.mark.parametrize("quorum", [0.3, 0.65, 1.0])
def test_a_group_of_many_is_reckoned_as_it_is_played(tmp_path, quorum):
    """Though neither all of its sums of weights nor all of its hours can be gone through."""
    rule = f'rule = "quorum"\nquorum_weight = {quorum}\ncorrelation = 0.4'
    plan = as_many(plan_of(tmp_path, group=rule), 27)

    assert apart(prospects(plan)["answer"], played(plan)) <= apart_at_most()


def test_few_hours_tell_when_the_yeses_come():
    """Of many thousand, and yet to the very hour where a part of them falls on one."""
    every, reckoned = np.arange(10_000) / 10, []

    def yes_by(hours):
        reckoned.extend(hours)
        return 0.3 * (hours >= 123.4) + 0.6 * (1 - np.exp(-hours / 20))

    hours, found = where_it_rises(every, yes_by)
    rises = np.diff(found, prepend=0)

    assert len(reckoned) == len(hours) < 600
    assert hours[rises > 0.01].tolist() == [123.4]
    assert found[-1] == pytest.approx(0.9)


def test_members_who_are_all_alike_say_the_same(tmp_path):
    """All say yes as often as the one who says it least, however seldom that is."""
    plan = plan_of(tmp_path, group='rule = "unanimity"\ncorrelation = 1.0')
    rare = with_chances(plan, 0.01, 0.5, 0.9)
    prospect = prospects(rare)["answer"]

    assert prospect.yes == pytest.approx(0.01, abs=1e-12)
    assert apart(prospect, played(rare)) <= apart_at_most()


@pytest.mark.parametrize("correlation", [0.1, 0.9, 0.99, 0.999])
def test_members_who_are_nearly_alike_say_yes_as_the_normal_distribution_has_it(
    tmp_path, correlation
):
    """Two of whom each says yes once in a hundred times; the third one always does."""
    plan = plan_of(tmp_path, group=f'rule = "unanimity"\ncorrelation = {correlation}')
    rare = with_chances(plan, 0.01, 0.01, 1.0)
    both = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])

    assert prospects(rare)["answer"].yes == pytest.approx(
        both.cdf(norm.ppf([0.01, 0.01])), rel=1e-3
    )


def test_what_may_happen_is_never_called_impossible(tmp_path):
    """Neither a chance of one in a million nor members who are nearly alike."""
    plan = plan_of(tmp_path, group='rule = "unanimity"\ncorrelation = 0.9999')

    assert 0 < prospects(with_chances(plan, 1e-6, 0.5, 0.9))["answer"].yes < 2e-6


@pytest.mark.parametrize("sense", ["detection", "attribution"])
def test_what_nobody_sees_or_charges_opens_nothing(tmp_path, sense):
    """So no step is ever in force; nor is one when that is played."""
    blind = plan_of(tmp_path).with_((f"levels.fire.{sense}.probability", 0.0))

    assert can_open(plan_of(tmp_path))
    assert not can_open(blind)
    assert prospects(blind)["answer"].yes == 0
    assert sim.run(blind, 20, 1, workers=1, progress=False).crises.empty


@pytest.mark.parametrize(
    "change",
    [
        {"false_alarms_per_day": 1.0, "debunked_after": {"family": "constant", "hours": 5}},
        {"misattribution": 0.5},
    ],
    ids=["false alarms", "a charge for what the defender did"],
)
def test_a_crisis_may_open_on_false_grounds(tmp_path, change):
    """Then what nobody charges does not keep it from opening."""
    wronged = plan_of(tmp_path).with_(
        ("levels.fire.attribution.probability", 0.0),
        ("monitoring", change),
        ("violations.defender_share", 0.5),
    )

    assert can_open(wronged)
    assert not sim.run(wronged, 20, 1, workers=1, progress=False).crises.empty


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
