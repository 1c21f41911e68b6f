"""Votes in many crises: how they fall, and when, against binomial tails and order statistics.

All groups decide at once on steps of their own, in crises that last 150 hours from their opening,
since low fighting does not keep them open. Every test's false-alarm rate is 1e-9.
"""

import itertools
from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    LONGEST_DAYS,
    constant,
    crises,
    exponential,
    noted,
    of,
    world,
)

CRISIS_HOURS = 150.0
MEDIAN_HOURS, LOG_SD = 4.0, 0.6
DELAY = stats.lognorm(LOG_SD, scale=MEDIAN_HOURS)
WEIGHTS = (5.0, 3.0, 1.0, 1.0)
WEIGHED_YES = (0.6, 0.5, 0.8, 0.3)
ACTOR_YES, ACTOR_MEAN_HOURS = 0.7, 6.0
NEEDED_SHARE = 0.55


def member(yes, weight=1.0):
    """Return a member that takes a log-normal time to say what it says."""
    return {
        "weight": weight,
        "yes_probability": yes,
        "decision_median_hours": MEDIAN_HOURS,
        "decision_log_sd": LOG_SD,
    }


def members(count, yes):
    """Return members who are all alike, and independent."""
    return {f"member_{index}": member(yes) for index in range(count)}


GROUPS = {
    "quorum": {"rule": "quorum", "quorum": 3, "members": members(5, 0.6)},
    "unanimity": {"rule": "unanimity", "members": members(3, 0.85)},
    "weights": {
        "rule": "quorum",
        "quorum_weight": NEEDED_SHARE,
        "members": {
            f"member_{index}": member(yes, weight)
            for index, (yes, weight) in enumerate(zip(WEIGHED_YES, WEIGHTS, strict=True))
        },
    },
    "willing": {"rule": "quorum", "quorum": 2, "members": members(3, 0.8)},
}


def deciding(**tables):
    """Return a world of crises that all last equally long, and come one after the other."""
    return world(
        **{
            "run": {"horizon_days": LONGEST_DAYS},
            "violations": {"incidents_per_day": 0.2},
            "levels": {"low": {"spell": constant(0.0)}, "high": {"spell": constant(0.0)}},
            "crisis": {"quiet_hours": CRISIS_HOURS, "quiet_level": "high"},
        }
        | tables
    )


def everybody():
    """Return the world in which all the groups decide."""
    steps = {name: {"deciders": [name]} for name in ("quorum", "unanimity", "weights")}
    return deciding(
        steps={**steps, "both": {"deciders": ["willing", "decider"]}},
        groups=GROUPS,
        actors={
            "decider": {"decision": exponential(ACTOR_MEAN_HOURS), "yes_probability": ACTOR_YES}
        },
    )


@cache
def decided():
    """Return the crises, each with the decisions on all steps; that of the end is left out."""
    return crises(everybody()).dropna(subset="closed_hours")


@cache
def told():
    """Return every event of that run."""
    return noted(everybody())


def refusal_hours(step):
    """Return how long after the call each refusal of a step came; shape (refusals,), hours."""
    index, notes = list(everybody().steps).index(step), told()
    calls = {n.hours - n.first: n.hours for n in of(notes, "step_called") if n.place == index}
    refusals = [n for n in of(notes, "step_refused") if n.place == index]
    return np.array([n.hours - calls[n.hours - n.first] for n in refusals])


def at_least(needed, members, yes):
    """Return the chance of at least so many yes votes."""
    return stats.binom.sf(needed - 1, members, yes)


def chance_of_weights():
    """Return the chance that the weights reach the share, over all 16 ways to answer."""
    total = 0.0
    for answers in itertools.product((False, True), repeat=len(WEIGHTS)):
        chances = [p if one else 1 - p for p, one in zip(WEIGHED_YES, answers, strict=True)]
        if sum(itertools.compress(WEIGHTS, answers)) >= NEEDED_SHARE * sum(WEIGHTS):
            total += np.prod(chances)
    return total


EXPECTED = {
    "quorum": at_least(3, 5, 0.6),
    "unanimity": 0.85**3,
    "weights": chance_of_weights(),
    "both": ACTOR_YES * at_least(2, 3, 0.8),
}


def yes_by(hours):
    """Return, by step, the distribution of a yes at some hours after the call, if it is one."""
    by_then = DELAY.cdf(hours)
    actor = stats.expon(scale=ACTOR_MEAN_HOURS).cdf(hours)
    return {
        "quorum": at_least(3, 5, 0.6 * by_then) / EXPECTED["quorum"],
        "unanimity": by_then**3,
        "both": actor * at_least(2, 3, 0.8 * by_then) / at_least(2, 3, 0.8),
    }


@pytest.mark.parametrize("step", EXPECTED)
def test_a_vote_is_a_yes_as_often_as_theory_says(step):
    """Binomial tail, power, enumeration of all answers, product (binomial test)."""
    status = decided()[f"{step}_status"]
    yes = int((status == "on_time").sum())

    assert set(status) == {"on_time", "refused"}
    assert stats.binomtest(yes, len(status), EXPECTED[step]).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize("step", ["quorum", "unanimity", "both"])
def test_a_yes_takes_as_long_as_the_one_that_settles_it(step):
    """An order statistic, of those who say yes; of several deciders the slowest (K-S)."""
    hours = decided()[f"{step}_decision_hours"].dropna()

    assert stats.kstest(hours, lambda x: yes_by(x)[step]).pvalue > FALSE_ALARM_RATE


def test_a_refusal_comes_with_the_no_that_settles_it():
    """The third no of five: the quorum is out of reach then, whatever the others say (K-S)."""
    no = at_least(3, 5, 0.4)

    def by(hours):
        return at_least(3, 5, 0.4 * DELAY.cdf(hours)) / no

    assert stats.kstest(refusal_hours("quorum"), by).pvalue > FALSE_ALARM_RATE


def test_unanimity_is_refused_with_the_first_no():
    """The minimum over those who say no (Kolmogorov-Smirnov)."""
    no = 1.0 - 0.85**3

    def by(hours):
        return (1.0 - (1.0 - 0.15 * DELAY.cdf(hours)) ** 3) / no

    assert stats.kstest(refusal_hours("unanimity"), by).pvalue > FALSE_ALARM_RATE


def test_steps_are_decided_independently():
    """Whether one step is decided says nothing about another (chi-square of a 2 by 2 table)."""
    statuses = decided()[["quorum_status", "unanimity_status"]]
    table = statuses.value_counts().unstack()

    assert stats.chi2_contingency(table).pvalue > FALSE_ALARM_RATE


def test_one_crisis_says_nothing_about_the_next():
    """Each vote is drawn anew (chi-square of a 2 by 2 table of consecutive crises)."""
    yes = (decided().quorum_status == "on_time").to_numpy()
    table = np.histogram2d(yes[:-1:2], yes[1::2], bins=2)[0]

    assert stats.chi2_contingency(table).pvalue > FALSE_ALARM_RATE


def test_the_last_decider_is_the_one_that_made_the_decision():
    """The actor is last as often as it is slower than the group's quorum (binomial test)."""
    last = decided().dropna(subset="both_decision_hours").both_last_decider
    grid = np.linspace(0.0, 150.0, 20_001)
    actor = stats.expon(scale=ACTOR_MEAN_HOURS).cdf(grid)
    group = at_least(2, 3, 0.8 * DELAY.cdf(grid)) / at_least(2, 3, 0.8)
    slower = np.sum((group[1:] + group[:-1]) / 2 * np.diff(actor))
    found = int((last == "decider").sum())

    assert stats.binomtest(found, len(last), slower).pvalue > FALSE_ALARM_RATE


def timed(delays, **group):
    """Return a world of one step, which a group decides whose members take just so long."""
    asked = {
        f"member_{index}": {"decision_median_hours": hours, "yes_probability": float(yes)}
        for index, (hours, yes) in enumerate(delays)
    }
    return deciding(
        run={"horizon_days": 100.0},
        steps={"response": {"deciders": ["allies"]}},
        groups={"allies": {"members": asked, **group}},
    )


YES_AT_ONCE_3_5_8 = ((3.0, True), (5.0, True), (8.0, True))


@pytest.mark.parametrize(
    ("delays", "group", "hours"),
    [
        (YES_AT_ONCE_3_5_8, {"rule": "quorum", "quorum": 1}, 3.0),
        (YES_AT_ONCE_3_5_8, {"rule": "quorum", "quorum": 2}, 5.0),
        (YES_AT_ONCE_3_5_8, {"rule": "unanimity"}, 8.0),
        (YES_AT_ONCE_3_5_8, {"rule": "quorum", "quorum_weight": 0.34}, 5.0),
        (((3.0, False), (5.0, True), (8.0, True)), {"rule": "quorum", "quorum": 2}, 8.0),
    ],
)
def test_a_vote_takes_as_long_as_it_needs_to_the_tick(delays, group, hours):
    """With constant delays the decision is exactly the delay of the member that settles it."""
    found = crises(timed(delays, **group)).dropna(subset="closed_hours")

    assert len(found) > 2
    assert set(found.response_decision_hours) == {hours}


def test_a_parliament_comes_on_top_of_its_government():
    """Six hours and then eighteen more are a day."""
    scenario = timed(((6.0, True),), rule="unanimity").with_(
        ("groups.allies.members.member_0.parliament_median_hours", 18.0)
    )

    assert set(crises(scenario).response_decision_hours.dropna()) == {24.0}


def test_the_deciders_of_a_step_are_asked_all_at_once():
    """A group of five hours and an actor of seven take seven, and the actor is the last one."""
    scenario = timed(((5.0, True),), rule="unanimity").with_(
        ("actors", {"slow": {"decision": constant(7.0)}}),
        ("steps.response.deciders", ["slow", "allies"]),
    )
    found = crises(scenario).dropna(subset="closed_hours")

    assert set(zip(found.response_decision_hours, found.response_last_decider, strict=True)) == {
        (7.0, "slow")
    }


def test_a_no_of_one_decider_refuses_at_once():
    """Nobody waits for the slower group when the actor has said no after an hour."""
    scenario = timed(((5.0, True),), rule="unanimity").with_(
        ("actors", {"fast": {"decision": constant(1.0), "yes_probability": 0.0}}),
        ("steps.response.deciders", ["fast", "allies"]),
    )
    notes = noted(scenario)
    shown = {note.first for note in of(notes, "step_refused")}

    assert shown == {1.0}
    assert set(crises(scenario).response_status) == {"refused"}


def test_without_deciders_a_step_is_decided_at_once():
    """It takes no time, and nobody was last."""
    scenario = deciding(run={"horizon_days": 100.0}, steps={"response": {}})
    found = crises(scenario)

    assert set(found.response_decision_hours) == {0.0}
    assert found.response_last_decider.isna().all()
