"""Members whose answers have something in common: Vasicek's mixture, by numerical integration.

A member says yes where sqrt(rho) F + sqrt(1 - rho) e has an upper tail of at most p, with F common
to the group. Every statistical test's false-alarm rate is 1e-9.
"""

from functools import cache

import numpy as np
import pytest
from scipy import integrate, stats
from worlds import (
    FALSE_ALARM_RATE,
    LONGEST_DAYS,
    constant,
    crises,
    lognormal,
    many_crises,
    many_noted,
    noted,
    of,
    rich_tables,
    rich_world,
    world,
)

MEMBERS, YES = 5, 0.6
CORRELATIONS = (0.0, 0.3, 0.8, 1.0)
QUORUMS = range(1, MEMBERS + 1)


def voting(groups, days=LONGEST_DAYS, **tables):
    """Return a world of crises of 100 hours in which each group decides on a step of its own."""
    return world(
        **{
            "run": {"horizon_days": days},
            "violations": {"incidents_per_day": 0.2},
            "levels": {"low": {"spell": constant(0.0)}, "high": {"spell": constant(0.0)}},
            "crisis": {"quiet_hours": 100.0, "quiet_level": "high"},
            "steps": {name: {"deciders": [name]} for name in groups},
            "groups": groups,
        }
        | tables
    )


def group(correlation, quorum, chances=(YES,) * MEMBERS):
    """Return a group whose members answer at once."""
    members = {f"member_{i}": {"yes_probability": p} for i, p in enumerate(chances)}
    rule = {"rule": "quorum", "quorum": quorum, "correlation": correlation}
    return {**rule, "members": members}


def conditional(correlation, common, chance):
    """Return the chance of a member's yes given the common factor."""
    score = stats.norm.isf(chance)
    return stats.norm.cdf((np.sqrt(correlation) * common - score) / np.sqrt(1.0 - correlation))


def at_least(quorum, correlation, chance=YES):
    """Return the chance of at least so many yes votes: a binomial tail, mixed over the factor."""
    if correlation == 1.0:
        return chance

    def weighed(common):
        yes = conditional(correlation, common, chance)
        return stats.norm.pdf(common) * stats.binom.sf(quorum - 1, MEMBERS, yes)

    return integrate.quad(weighed, -9.0, 9.0, epsabs=1e-12)[0]


@cache
def decided(correlation):
    """Return many crises in which groups decide by every quorum."""
    groups = {f"quorum_{quorum}": group(correlation, quorum) for quorum in QUORUMS}
    return many_crises(voting(groups), 2).dropna(subset="closed_hours")


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize("quorum", QUORUMS)
def test_a_quorum_is_reached_as_often_as_the_mixture_says(correlation, quorum):
    """For k of n and a correlation (binomial test)."""
    status = decided(correlation)[f"quorum_{quorum}_status"]
    yes = int((status == "on_time").sum())
    expected = at_least(quorum, correlation)

    assert len(status) > 5000
    assert stats.binomtest(yes, len(status), expected).pvalue > FALSE_ALARM_RATE


def test_the_mixture_without_correlation_is_the_binomial_tail():
    """The integral of this file agrees with the closed form there."""
    found = [at_least(quorum, 0.0) for quorum in QUORUMS]

    assert np.allclose(found, stats.binom.sf(np.array(QUORUMS) - 1, MEMBERS, YES), atol=1e-9)


@pytest.mark.parametrize("correlation", [0.3, 0.8])
def test_two_unlike_members_agree_as_the_bivariate_normal_says(correlation):
    """Both yes: the probability of a quadrant, with correlation rho (binomial test)."""
    groups = {"both": group(correlation, 2, (0.7, 0.2))}
    status = many_crises(voting(groups), 2).both_status
    law = stats.multivariate_normal(cov=[[1.0, correlation], [correlation, 1.0]])
    expected = law.cdf(stats.norm.ppf([0.7, 0.2]))
    yes = int((status == "on_time").sum())

    assert stats.binomtest(yes, len(status), expected).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_each_member_says_yes_as_often_as_alone(correlation):
    """Whatever the answers have in common, the margins stay (binomial test, for each)."""
    chances = (0.9, 0.5, 0.1)
    notes = heard(correlation, chances)
    yes, no = of(notes, "member_yes"), of(notes, "member_no")
    for index, chance in enumerate(chances):
        said = sum(note.first == index for note in yes)
        of_all = said + sum(note.first == index for note in no)

        assert of_all > 2000
        assert stats.binomtest(said, of_all, chance).pvalue > FALSE_ALARM_RATE / 3


def heard(correlation, chances, days=LONGEST_DAYS, **member):
    """Return the events where every answer is heard: one yes is enough, and deployment is slow."""
    one = group(correlation, 1, chances)
    for name in one["members"]:
        one["members"][name] |= member
    steps = {"group": {"deciders": ["group"], "deploy": constant(90.0)}}
    return many_noted(voting({"group": one}, days, steps=steps))


def answers(notes):
    """Return the answers of each crisis, by member, where all answer at its hour."""
    said = {}
    for name in ("member_yes", "member_no"):
        for note in of(notes, name):
            said.setdefault(note.hours, {})[note.first] = name
    return list(said.values())


def test_at_a_correlation_of_1_all_who_are_alike_say_the_same():
    """In every crisis, and both answers occur."""
    found = answers(heard(1.0, (YES,) * MEMBERS, 10_000.0))

    assert {len(set(said.values())) for said in found} == {1}
    assert {next(iter(said.values())) for said in found} == {"member_yes", "member_no"}


def test_at_a_correlation_of_1_the_willing_follow_each_other():
    """Who is less likely to say yes never does so without those who are more likely."""
    found = answers(heard(1.0, (0.9, 0.5, 0.2)))
    orders = {tuple(said[index] == "member_yes" for index in range(3)) for said in found}

    assert orders == {
        (True, True, True),
        (True, True, False),
        (True, False, False),
        (False, False, False),
    }


@pytest.mark.parametrize("scope", ["line", "sector"])
def test_at_a_correlation_of_0_nothing_is_new(scope):
    """Every event is that of the scenario that says nothing of it, run for run."""
    groups = rich_tables(scope)["groups"]
    said = {"willing": groups["willing"] | {"correlation": 0.0}}
    for run in range(3):
        assert noted(rich_world(scope, groups=said), run) == noted(rich_world(scope), run)


def test_correlation_moves_answers_and_not_their_times():
    """The delays of the members are what they were."""
    delay = {"decision_median_hours": 5.0, "decision_log_sd": 0.5}
    loose, close = (heard(rho, (YES,) * 3, 400.0, **delay) for rho in (0.0, 0.7))

    def times(notes):
        said = [*of(notes, "member_yes"), *of(notes, "member_no")]
        return sorted((note.hours, note.first) for note in said)

    assert times(loose) == times(close)
    assert of(loose, "member_yes") != of(close, "member_yes")


def test_two_steps_with_one_group_have_factors_of_their_own():
    """Each step's vote has its own common factor (chi-square of a 2 by 2 table)."""
    groups = {"allies": group(0.9, 3)}
    steps = {name: {"deciders": ["allies"]} for name in ("one", "other")}
    found = many_crises(voting(groups, steps=steps), 2)
    table = found[["one_status", "other_status"]].value_counts().unstack()

    assert stats.chi2_contingency(table).pvalue > FALSE_ALARM_RATE


def test_an_actors_answer_has_nothing_in_common_with_a_group():
    """Beside a group of one mind, an actor decides for itself (chi-square of a 2 by 2 table)."""
    scenario = voting(
        {"allies": group(1.0, 3)},
        steps={"allies": {"deciders": ["allies"]}, "alone": {"deciders": ["actor"]}},
        actors={"actor": {"yes_probability": 0.5, "decision": lognormal(3.0, 0.5)}},
    )
    found = many_crises(scenario, 2).dropna(subset="closed_hours")
    table = found[["allies_status", "alone_status"]].value_counts().unstack()

    assert stats.chi2_contingency(table).pvalue > FALSE_ALARM_RATE


def test_higher_correlation_makes_unanimity_likelier():
    """Among five at 60 %, from 8 % of the crises to 60 %."""
    shares = [
        (crises(voting({"all": group(rho, MEMBERS)}, 8000.0)).all_status == "on_time").mean()
        for rho in CORRELATIONS
    ]

    assert shares == sorted(shares)
