"""Votes fall as soon as they can, and never the other way."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.model.votes import (
    effect_of_share,
    says_yes,
    share_of_weight,
    vote_stands,
    vote_with_vetoes,
)
from sim.model.words import BY_MEMBERS, BY_WEIGHT, NO, UNDECIDED, YES

SHARES = (0.4, 0.3, 0.2, 0.1)


def by_members(quorum, answers, members):
    """Return how a vote of heads stands after these answers."""
    yes = sum(answers)
    return vote_stands(BY_MEMBERS, float(quorum), members, yes, len(answers) - yes, 0.0, 0.0)


def by_weight(quorum, answers):
    """Return how a vote of shares stands after these answers, the first members' first."""
    yes_share = sum(share for share, says_yes in zip(SHARES, answers, strict=False) if says_yes)
    no_share = sum(share for share, says_yes in zip(SHARES, answers, strict=False) if not says_yes)
    yes = sum(answers)
    return vote_stands(BY_WEIGHT, quorum, len(SHARES), yes, len(answers) - yes, yes_share, no_share)


def truth(reached, reachable):
    """Return how a vote stands by what is reached and what still can be."""
    return YES if reached else UNDECIDED if reachable else NO


@pytest.mark.parametrize("members", range(1, 6))
def test_a_vote_of_heads_falls_with_the_answer_that_settles_it(members):
    """After any answers to any quorum: yes once reached, no once out of reach, else undecided."""
    cases = [
        (by_members(quorum, answers, members), truth(yes >= quorum, yes + left >= quorum))
        for quorum in range(1, members + 1)
        for asked in range(members + 1)
        for answers in itertools.product((False, True), repeat=asked)
        for yes, left in [(sum(answers), members - asked)]
    ]

    assert all(stands == expected for stands, expected in cases)


@pytest.mark.parametrize("tenths", range(1, 11))
def test_a_vote_of_weights_falls_with_the_answer_that_settles_it(tenths):
    """In whole tenths there is no rounding: shares that just reach a quorum reach it."""
    whole = [round(10 * share) for share in SHARES]
    cases = [
        (by_weight(tenths / 10, answers), truth(yes >= tenths, yes + left >= tenths))
        for asked in range(len(whole) + 1)
        for answers in itertools.product((False, True), repeat=asked)
        for yes in [sum(itertools.compress(whole, answers))]
        for left in [sum(whole[asked:])]
    ]

    assert all(stands == expected for stands, expected in cases)


def test_unanimity_is_a_quorum_of_all():
    """One no among many is enough, and a yes needs everyone."""
    assert [by_members(5, answers, 5) for answers in ((False,), (True,) * 4, (True,) * 5)] == [
        NO,
        UNDECIDED,
        YES,
    ]


def test_nobody_to_ask_is_a_yes():
    """A step without deciders is decided at once."""
    assert by_members(0, (), 0) == YES


@pytest.mark.parametrize("quorum_weight", [1e-3, 1e-9, 1e-10, 1e-300])
def test_a_no_alone_is_never_a_yes(quorum_weight):
    """However small the share of the weight that is asked for, nobody's yes does not give it."""
    assert vote_stands(BY_WEIGHT, quorum_weight, 2, 0, 1, 0.0, 0.5) != YES


@given(st.floats(0.0, 1.0))
def test_a_neutral_effect_stays_neutral(yes_share):
    """A multiplier of 1 is exactly 1, whoever stands behind it."""
    assert effect_of_share(1.0, yes_share) == 1.0


@given(st.floats(0.0, 1e6))
def test_nobody_behind_a_step_is_no_effect(multiplier):
    """At a share of 0 the multiplier is exactly 1."""
    assert effect_of_share(multiplier, 0.0) == 1.0


@pytest.mark.parametrize(
    ("multiplier", "yes_share", "effect"),
    [(3.0, 0.5, 2.0), (0.5, 0.5, 0.75), (0.0, 1.0, 0.0), (5.0, 0.25, 2.0), (0.25, 1.0, 0.25)],
)
def test_an_effect_scales_with_the_share_behind_it(multiplier, yes_share, effect):
    """The multiplier is 1 + (m - 1) times the share of the pledged weight that said yes."""
    assert effect_of_share(multiplier, yes_share) == effect


def with_vetoes(vetoes, answers, quorum):
    """Return how a vote with vetoes stands after these answers, the first members' first."""
    yes = sum(answers)
    stands = vote_stands(BY_MEMBERS, float(quorum), len(vetoes), yes, len(answers) - yes, 0.0, 0.0)
    said = [answer for answer, veto in zip(answers, vetoes, strict=False) if veto]
    return vote_with_vetoes(stands, sum(vetoes), sum(said), len(said) - sum(said))


@pytest.mark.parametrize("vetoes", [(True,), (True, False), (True, True, False), (True,) * 3])
def test_a_veto_and_a_quorum_settle_a_vote_together(vetoes):
    """No with a veto's no or a lost quorum; yes with all vetoers' yes and the quorum's."""
    for quorum in range(len(vetoes) + 1):
        for asked in range(1, len(vetoes) + 1):
            for answers in itertools.product((False, True), repeat=asked):
                said = [one for one, veto in zip(answers, vetoes, strict=False) if veto]
                left = len(vetoes) - asked
                yes = sum(said) == sum(vetoes) and sum(answers) >= quorum
                no = not all(said) or sum(answers) + left < quorum

                assert with_vetoes(vetoes, answers, quorum) == (
                    NO if no else YES if yes else UNDECIDED
                )


CHANCES = st.floats(2.0**-53, 1.0)
PROBABILITIES = st.floats(0.0, 1.0)


@given(CHANCES, CHANCES, PROBABILITIES)
@settings(deadline=None)
def test_without_correlation_a_members_own_draw_decides(chance, common, probability):
    """And with all of it the common one, at the bounds too."""
    assert says_yes(chance, common, 0.0, probability) == (chance <= probability)
    assert says_yes(chance, common, 1.0, probability) == (common <= probability)


@given(CHANCES, CHANCES, st.floats(0.0, 1.0))
@settings(deadline=None)
def test_what_is_certain_is_so_in_company(chance, common, correlation):
    """Probability 1 is a yes and probability 0 a no, whatever the others are up to."""
    assert says_yes(chance, common, correlation, 1.0)
    assert not says_yes(chance, common, correlation, 0.0)


@given(CHANCES, CHANCES, st.floats(0.0, 1.0), PROBABILITIES, PROBABILITIES)
@settings(deadline=None)
def test_who_is_likelier_to_say_yes_says_it_on_the_same_luck(chance, common, rho, one, other):
    """A yes at a probability is a yes at any higher one."""
    low, high = sorted((one, other))

    assert says_yes(chance, common, rho, low) <= says_yes(chance, common, rho, high)


@pytest.mark.parametrize("correlation", [0.1, 0.5, 0.9])
def test_a_yes_is_a_quadrant_of_two_normal_scores(correlation):
    """Where sqrt(rho) F + sqrt(1 - rho) e has an upper tail of at most p (scipy)."""
    draws = np.linspace(0.01, 0.99, 50)
    found = [[says_yes(own, common, correlation, 0.4) for own in draws] for common in draws]
    scores = stats.norm.isf(draws)
    inclination = (
        np.sqrt(correlation) * scores[:, None] + np.sqrt(1.0 - correlation) * scores[None, :]
    )

    assert np.array_equal(found, stats.norm.sf(inclination) <= 0.4)


@pytest.mark.parametrize(
    ("yes", "total", "share"), [(3.0, 4.0, 0.75), (0.0, 4.0, 0.0), (4.0, 4.0, 1.0), (0.0, 0.0, 1.0)]
)
def test_the_share_behind_a_step_is_of_all_that_was_pledged(yes, total, share):
    """All of it where nothing was."""
    assert share_of_weight(yes, total) == share
