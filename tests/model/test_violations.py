"""Rules of incidents, spells and attacks."""

import itertools
from collections import Counter

import pytest
from scipy import stats
from worlds import FALSE_ALARM_RATE

from sim.model.chance import ATTACK_SECTOR, threshold
from sim.model.violations import (
    charge_probability,
    detection_probability,
    happens,
    is_at_most_this_level,
    is_in_share,
    is_runaway,
    is_there_after_review,
    level_after_expansion,
    level_after_incident,
    place_in_attack,
)

SHARES = (0.5, 0.3, 0.15, 0.05)
ATTACKS = 20_000
SMALLEST_DRAW = 2.0**-53


def test_what_is_certain_happens():
    """Probability 1 is a yes whatever is drawn, the largest draw included."""
    assert happens(1.0, 1.0)


def test_what_is_impossible_does_not_happen():
    """Probability 0 is a no whatever is drawn, the smallest draw included."""
    assert not happens(SMALLEST_DRAW, 0.0)


@pytest.mark.parametrize("probability", [SMALLEST_DRAW, 0.25, 0.5, 1.0 - 2.0**-53])
def test_a_draw_of_just_the_probability_is_a_yes(probability):
    """As many draws are at most p as p says, since a draw is above 0 and at most 1."""
    assert happens(probability, probability)
    assert not happens(probability + 2.0**-53, probability)


def test_the_lowest_level_that_reaches_the_draw_is_drawn():
    """A draw at the share of the levels up to one is still of that one, above it is not."""
    assert [is_at_most_this_level(draw, 0.7) for draw in (0.1, 0.7, 0.7 + 2.0**-53)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("level", range(5))
@pytest.mark.parametrize("incident", range(1, 5))
def test_an_incident_never_lowers_the_fighting(level, incident):
    """After an incident the level is the higher of the two."""
    assert level_after_incident(level, incident) == max(level, incident)


@pytest.mark.parametrize("last_level", range(1, 6))
def test_one_expansion_climbs_one_level_and_no_further_than_the_last(last_level):
    """Quiet stays quiet, the last level stays the last, and each other goes up by one."""
    after = [level_after_expansion(level, last_level) for level in range(last_level + 1)]

    assert after == [0, *range(2, last_level + 1), last_level]


def orders_drawn():
    """Return how often each order of the first two sectors comes up in many attacks."""
    drawn = Counter()
    for attack in range(ATTACKS):
        places = [
            place_in_attack(threshold(5, 0, ATTACK_SECTOR, sector, attack), share)
            for sector, share in enumerate(SHARES)
        ]
        first, second, *_ = sorted(range(len(SHARES)), key=places.__getitem__)
        drawn[first, second] += 1
    return drawn


def test_an_attack_draws_sectors_by_their_shares_without_putting_them_back():
    """First i then j has probability p_i p_j / (1 - p_i) (chi-square, false-alarm rate 1e-9)."""
    drawn = orders_drawn()
    pairs = list(itertools.permutations(range(len(SHARES)), 2))
    expected = [ATTACKS * SHARES[i] * SHARES[j] / (1 - SHARES[i]) for i, j in pairs]

    assert stats.chisquare([drawn[pair] for pair in pairs], expected).pvalue > FALSE_ALARM_RATE


def test_a_sector_without_a_share_is_attacked_last():
    """Its place is infinitely far back."""
    assert place_in_attack(5.0, 0.0) == float("inf")


@pytest.mark.parametrize(
    ("sensors_are_out", "factor", "probability"),
    [(False, 0.0, 0.8), (True, 0.0, 0.0), (True, 0.5, 0.4), (True, 1.0, 0.8)],
)
def test_an_outage_scales_detection(sensors_are_out, factor, probability):
    """Only while the sensors are out."""
    assert detection_probability(0.8, sensors_are_out, factor) == probability


@pytest.mark.parametrize(("by_defender", "probability"), [(False, 0.9), (True, 0.1)])
def test_the_defenders_are_charged_by_error_only(by_defender, probability):
    """With the probability of a misattribution instead of the level's."""
    assert charge_probability(0.9, by_defender, 0.1) == probability


@pytest.mark.parametrize("chance", [SMALLEST_DRAW, 0.2, 0.3, 0.7, 1.0])
def test_a_review_keeps_or_changes_a_commitment(chance):
    """Who is there goes with the chance to withdraw, who is not comes with that to rejoin."""
    assert is_there_after_review(True, chance, 0.2, 0.7) == (chance > 0.2)  # noqa: FBT003
    assert is_there_after_review(False, chance, 0.2, 0.7) == (chance <= 0.7)  # noqa: FBT003


@pytest.mark.parametrize("is_there", [True, False])
def test_a_review_without_chances_changes_nothing(is_there):
    """Nor does one after which all that can happen is what is the case already."""
    assert is_there_after_review(is_there, SMALLEST_DRAW, 0.0, 0.0) == is_there
    assert is_there_after_review(is_there, 1.0, 1.0, 1.0) != is_there


def test_a_sector_is_drawn_by_the_shares_up_to_it():
    """A draw of just the sum still belongs to the sector, a little more to the next one."""
    assert [is_in_share(chance, 0.3) for chance in (0.1, 0.3, 0.3 + 2.0**-53)] == [
        True,
        True,
        False,
    ]


def test_a_run_is_cut_off_at_its_most_violations():
    """Not one earlier, and beyond it all the more."""
    assert [is_runaway(count, 1000) for count in (0, 999, 1000, 1001)] == [False, False, True, True]
