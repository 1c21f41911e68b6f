"""Members whose no is the group's no, and members who do not act without a backer.

Every statistical test's false-alarm rate is 1e-9.
"""

import itertools

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    LONGEST_DAYS,
    constant,
    crises,
    exponential,
    full_tables,
    hours_of,
    many_crises,
    noted,
    of,
    outcomes,
    rich_tables,
    rich_world,
    trace,
    world,
)

from sim.scenario.layers import Layer
from sim.scenario.loading import checked

RUNS = range(3)
SCOPES = pytest.mark.parametrize("scope", ["line", "sector"])


def voting(group, days=LONGEST_DAYS, **tables):
    """Return a world of crises of 100 hours, in which a group decides on a step."""
    return world(
        **{
            "run": {"horizon_days": days},
            "violations": {"incidents_per_day": 0.2},
            "levels": {"low": {"spell": constant(0.0)}, "high": {"spell": constant(0.0)}},
            "crisis": {"quiet_hours": 100.0, "quiet_level": "high"},
            "steps": {"response": {"deciders": ["council"]}},
            "groups": {"council": group},
        }
        | tables
    )


def council(members, **rule):
    """Return a group: (hours, chance of yes, whether it vetoes) for each member."""
    return {
        "rule": "veto",
        **rule,
        "members": {
            f"member_{index}": {
                "decision_median_hours": hours,
                "yes_probability": float(yes),
                "vetoes": vetoes,
            }
            for index, (hours, yes, vetoes) in enumerate(members)
        },
    }


def events(scenario, run, without=()):
    """Return the events of a run but for those of a step."""
    found = trace(scenario, run)
    step = found["where"].str.split("/").str[-1]
    columns = ["time_hours", "event", "where", "detail"]
    return list(found[~step.isin(without)][columns].itertuples(index=False, name=None))


def with_a_blocked_step(scope):
    """Return the full world with a step that a veto always blocks, and the one without it."""
    tables = full_tables(scope)
    blocked = {
        "needs": {"level": "shelling", "within_hours": 12.0},
        "deciders": ["usa", "blocked"],
        "deploy": exponential(5.0),
        "effect": {"stop": 5.0, "expand": 0.1, "collapse": 0.1, "incidents": 0.1},
        "provoke_probability": 1.0,
    }
    tables["groups"]["blocked"] = council([(1.0, 1, False), (9.0, 0, True), (4.0, 0.5, True)])
    steps = list(tables["steps"].items())
    steps.insert(1, ("blocked", blocked))
    without = checked(Layer(tables, {}))
    return checked(Layer(tables | {"steps": dict(steps)}, {})), without


@SCOPES
def test_a_veto_that_always_says_no_is_the_plan_without_that_step(scope):
    """Event for event, run for run, whatever else is on: known answer 5."""
    blocked, without = with_a_blocked_step(scope)
    for run in RUNS:
        assert events(blocked, run, ["blocked"]) == events(without, run)


@SCOPES
def test_a_veto_leaves_its_mark_in_the_columns_of_its_step_only(scope):
    """All other columns of outcomes and crises are equal."""
    blocked, without = with_a_blocked_step(scope)
    for table in (outcomes, crises):
        found, expected = table(blocked, 10), table(without, 10)
        mine = [name for name in found.columns if name.startswith("blocked_")]

        assert len(mine) > 4
        assert found.drop(columns=mine).equals(expected)
    statuses = set(crises(blocked, 10).blocked_status)
    assert "refused" in statuses
    assert not statuses & {"on_time", "late"}


CHANCES = (0.9, 0.8, 0.6, 0.5)
VETOES = (True, False, True, False)


@pytest.mark.parametrize("quorum", [None, 2, 3, 4])
def test_vetoes_and_a_quorum_must_both_be_met(quorum):
    """The chance by enumeration of all answers (binomial test)."""
    members = [(1.0, chance, veto) for chance, veto in zip(CHANCES, VETOES, strict=True)]
    rule = {} if quorum is None else {"quorum": quorum}
    status = many_crises(voting(council(members, **rule)), 2).dropna(subset="closed_hours")
    expected = 0.0
    for said in itertools.product((False, True), repeat=4):
        chance = np.prod([p if yes else 1.0 - p for p, yes in zip(CHANCES, said, strict=True)])
        if all(itertools.compress(said, VETOES)) and sum(said) >= (quorum or 0):
            expected += chance
    yes = int((status.response_status == "on_time").sum())

    assert set(status.response_status) == {"on_time", "refused"}
    assert stats.binomtest(yes, len(status), expected).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize(
    ("members", "rule", "hours", "status"),
    [
        ([(3, 1, True), (9, 1, False)], {}, 3.0, "on_time"),
        ([(3, 1, True), (9, 0, False)], {}, 3.0, "on_time"),
        ([(3, 1, True), (5, 1, True), (9, 1, False)], {}, 5.0, "on_time"),
        ([(3, 0, True), (5, 1, True), (9, 1, False)], {}, 3.0, "refused"),
        ([(7, 1, True), (5, 1, False), (9, 1, False)], {"quorum": 1}, 7.0, "on_time"),
        ([(3, 1, True), (5, 1, False), (9, 1, False)], {"quorum": 3}, 9.0, "on_time"),
        ([(3, 1, True), (5, 0, False), (9, 1, False)], {"quorum": 3}, 5.0, "refused"),
        ([(7, 0, True), (3, 1, False), (5, 1, False)], {"quorum": 2}, 7.0, "refused"),
        ([(7, 1, True), (3, 1, False), (5, 1, False)], {"quorum_weight": 0.6}, 7.0, "on_time"),
    ],
)
def test_the_vote_falls_with_the_answer_that_settles_it(members, rule, hours, status):
    """Not before the last that vetoes said yes; with its no at once (to the tick)."""
    notes = noted(voting(council([(float(h), *rest) for h, *rest in members], **rule), 400.0))
    called = hours_of(notes, "step_called")
    ended = hours_of(notes, "step_decided" if status == "on_time" else "step_refused")

    assert len(ended) > 5
    assert set(ended - called[: len(ended)]) == {hours}


def test_a_veto_of_all_is_unanimity():
    """Event for event, where every member has one."""
    members = [(hours, 0.8, True) for hours in (3.0, 5.0, 8.0)]
    vetoed = council(members)
    unanimous = council([(*one[:2], False) for one in members]) | {"rule": "unanimity"}

    assert noted(voting(vetoed, 3000.0)) == noted(voting(unanimous, 3000.0))


def backed(yes, deciders=("council",), commitment=None, quorum=1):
    """Return a world of a group of which two members need an actor's yes; all are willing.

    It takes long to deploy, so that every answer is heard, also that after the decision.
    """
    members = {
        "free": {"decision_median_hours": 1.0},
        "quick": {"decision_median_hours": 2.0, "needs_backer": True},
        "slow": {"decision_median_hours": 9.0, "needs_backer": True},
    }
    group = {"rule": "quorum", "quorum": quorum, "backer": "backer", "members": members}
    actor = {"decision": constant(4.0), "yes_probability": yes}
    if commitment is not None:
        actor["commitment"] = commitment
    steps = {"response": {"deciders": list(deciders), "deploy": constant(50.0)}}
    return voting(group, 2000.0, actors={"backer": actor}, steps=steps)


def said(notes, name):
    """Return who said so, how long after the call, and whether for want of its backer."""
    called = hours_of(notes, "step_called")
    return {
        (int(note.first), note.hours - called[called <= note.hours].max(), note.second)
        for note in of(notes, name)
    }


def test_without_a_backer_just_those_who_need_it_say_no():
    """After the later of their own time and the backer's, for want of the backer."""
    notes = noted(backed(0.0))

    assert said(notes, "member_yes") == {(0, 1.0, 0.0)}
    assert said(notes, "member_no") == {(1, 4.0, 1.0), (2, 9.0, 1.0)}


def test_with_a_backer_they_answer_as_they_would():
    """But no earlier than the backer itself."""
    notes = noted(backed(1.0))

    assert said(notes, "member_yes") == {(0, 1.0, 0.0), (1, 4.0, 0.0), (2, 9.0, 0.0)}
    assert said(notes, "member_no") == set()


def test_a_backer_that_is_not_there_backs_nobody():
    """It has made no commitment: as one that says no."""
    absent, unwilling = backed(1.0, commitment={"available": 0.0}), backed(0.0)

    assert said(noted(absent), "member_no") == said(noted(unwilling), "member_no")


def test_a_backers_answer_stands_even_if_it_withdraws_before_a_member_has_answered():
    """The slow member, at hour 9, goes by what the backer said at hour 4, as the quick one does."""
    hours = 0.001 * 365 * 24
    flickering = {"available": 1.0, "review_years": 0.001, "withdraw": 1.0, "rejoin": 1.0}
    notes = noted(backed(1.0, commitment=flickering))
    heard = [n for n in notes if n in (*of([n], "member_yes"), *of([n], "member_no"))]
    quick, slow = ([n for n in heard if n.first == member] for member in (1, 2))
    answers = [(one.event, other.event) for one, other in zip(quick, slow, strict=False)]
    is_there = [int(n.hours / hours) % 2 == 0 for n in quick]

    assert len(set(answers)) == 2
    assert all(one == other for one, other in answers)
    assert [n in of([n], "member_yes") for n in quick] == is_there


def test_an_actor_says_the_same_as_decider_and_as_backer():
    """The quick member, which waits for it, answers at its hour and as it does, in each crisis."""
    notes = noted(backed(0.6, deciders=("council", "backer")))
    yes, no = ({n.hours for n in of(notes, name)} for name in ("member_yes", "member_no"))
    decided = {(note.hours, note.first): "yes" for note in of(notes, "decider_yes")}
    refused = {(note.hours, note.first): "no" for note in of(notes, "decider_no")}
    actors = {hour: answer for (hour, who), answer in (decided | refused).items() if who == 1}

    assert len(actors) > 100
    assert set(actors.values()) == {"yes", "no"}
    assert all(hour in (yes if answer == "yes" else no) for hour, answer in actors.items())


def test_a_backer_decides_the_same_whether_it_is_asked_itself_or_not():
    """The group's members answer alike, hour for hour, with the actor among the deciders."""

    def answers(deciders):
        notes = noted(backed(0.6, deciders=deciders))
        return {(note.hours, note.first, note.event) for note in of(notes, "member_yes")}

    assert answers(("council",)) == answers(("council", "backer"))


def test_members_all_backed_by_one_say_yes_as_often_as_it_does():
    """A quorum of all three, all sure: as often as the backer (binomial test)."""
    status = many_crises(backed(0.6, quorum=3), 20).dropna(subset="closed_hours").response_status
    yes = int((status == "on_time").sum())

    assert stats.binomtest(yes, len(status), 0.6).pvalue > FALSE_ALARM_RATE


@SCOPES
def test_a_backer_that_says_yes_at_once_changes_nothing(scope):
    """Event for event, run for run."""
    groups, actors = (rich_tables(scope)[name] for name in ("groups", "actors"))
    actors["sure"] = {}
    groups["willing"]["backer"] = "sure"
    for member in groups["willing"]["members"].values():
        member["needs_backer"] = True
    for run in RUNS:
        with_backer = rich_world(scope, groups=groups, actors=actors)
        assert noted(with_backer, run) == noted(rich_world(scope), run)
