"""Draws: the known answers of Philox, uniform, and never the same key for two questions."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import FALSE_ALARM_RATE, full_world, rich_world

from sim.engines.simpy_engine.line import Line
from sim.model import chance as keyed
from sim.model.chance import (
    ANSWER,
    ANSWER_DELAY,
    COMMITMENT,
    COMMON_FACTOR,
    INCIDENT_WAIT,
    PURPOSES,
    SIDE,
    STOP,
    chance,
    count_of_violation,
    level_of_violation,
    normal_of,
    ordinal_of_violation,
    origin_of_violation,
    philox,
    threshold,
)
from sim.scenario.parameters import parameters

DRAWS = 100_000
# Questions that are asked again, by whoever wants to know the same: whose an incident is, what a
# group has in common, what a backer says and when, and what a review to come will bring.
ASKED_AGAIN = {SIDE, COMMON_FACTOR, COMMITMENT}
ASKED_OF_BACKERS = {ANSWER, ANSWER_DELAY}
FOUR_ORIGINS = range(4)
LARGEST_KEY = (2**63 - 1, 2**40 - 1, 255, 2**32 - 1, 2**48 - 1)


@pytest.mark.parametrize(
    ("counter_and_key", "answer"),
    [
        ("00000000 00000000 00000000 00000000 00000000 00000000",
         "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff",
         "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0",
         "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)  # fmt: skip
def test_philox_gives_the_known_answers(counter_and_key, answer):
    """The vectors that Random123 publishes for philox4x32 with ten rounds come out."""
    words = philox(*(int(word, 16) for word in counter_and_key.split()))

    assert " ".join(f"{word:08x}" for word in words) == answer


@cache
def draws():
    """Return many draws with consecutive ordinals; shape (DRAWS,)."""
    return np.array([chance(1, 3, STOP, 7, ordinal) for ordinal in range(DRAWS)])


def test_draws_are_uniform():
    """In 1,000 equal bins, draws fill each alike (false-alarm rate 1e-9)."""
    counts = np.histogram(draws(), bins=1000, range=(0.0, 1.0))[0]

    assert stats.chisquare(counts).pvalue > FALSE_ALARM_RATE


def test_draws_of_neighbouring_keys_are_independent():
    """Whoever's draw it is, the next ordinal's falls anywhere (false-alarm rate 1e-9)."""
    drawn = draws()
    pairs = np.histogram2d(drawn[::2], drawn[1::2], bins=20, range=[[0, 1], [0, 1]])[0]

    assert stats.chisquare(pairs.ravel()).pvalue > FALSE_ALARM_RATE


def test_the_last_bits_of_a_draw_are_fair():
    """Each of the 53 bits is set in half of the draws (false-alarm rate 1e-9 for all)."""
    whole = (draws() * 2.0**53).astype(np.uint64) - np.uint64(1)
    p_values = [
        stats.binomtest(int(np.sum((whole >> np.uint64(bit)) & np.uint64(1))), DRAWS).pvalue
        for bit in range(53)
    ]

    assert min(p_values) > FALSE_ALARM_RATE / 53


def test_no_draw_is_zero_or_more_than_one():
    """A draw is above 0, so that its logarithm is finite, and at most 1."""
    drawn = draws()

    assert 0.0 < drawn.min() <= drawn.max() <= 1.0


def test_the_largest_key_has_a_draw():
    """The largest seed, run, purpose, entity and ordinal that are allowed fit into the key."""
    assert 0.0 < chance(*LARGEST_KEY) <= 1.0


@pytest.mark.parametrize("part", range(5), ids=["seed", "run", "purpose", "entity", "ordinal"])
def test_every_bit_of_a_key_matters(part):
    """Keys that differ in a single bit, whichever it is, have different draws."""
    bits = LARGEST_KEY[part].bit_length()
    keys = [
        tuple(place ^ (1 << bit) if index == part else place for index, place in enumerate(start))
        for start in [(5, 4, 3, 2, 1)]
        for bit in range(bits)
    ]

    assert len({chance(*key) for key in [*keys, (5, 4, 3, 2, 1)]}) == bits + 1


def test_seeds_and_runs_do_not_repeat_each_other():
    """The first draws of 100 runs under each of 100 seeds are all different."""
    first = {chance(seed, run, STOP, 0, 0) for seed in range(100) for run in range(100)}

    assert len(first) == 10_000


def test_runs_are_independent():
    """The same draw in 100,000 runs is uniform (false-alarm rate 1e-9)."""
    drawn = [chance(1, run, INCIDENT_WAIT, 99, 0) for run in range(DRAWS)]

    assert stats.kstest(drawn, "uniform").pvalue > FALSE_ALARM_RATE


def test_a_threshold_is_the_draw_as_a_unit_exponential():
    """A threshold is minus the logarithm of the draw with its key."""
    thresholds = [threshold(1, 2, STOP, 3, ordinal) for ordinal in range(1000)]
    expected = -np.log([chance(1, 2, STOP, 3, ordinal) for ordinal in range(1000)])

    assert np.allclose(thresholds, expected, rtol=1e-15, atol=0.0)


def purpose_numbers():
    """Return the numbers that the module gives to purposes."""
    return [
        value
        for name, value in vars(keyed).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int)
    ]


def test_no_two_purposes_share_a_number():
    """Each purpose has a number of its own, which fits into the key."""
    numbers = purpose_numbers()

    assert len(set(numbers)) == len(numbers)
    assert all(0 < number < 256 for number in numbers)


def test_every_purpose_is_explained():
    """The published list says for every number what it is for."""
    assert sorted(PURPOSES) == sorted(purpose_numbers())


def test_violations_of_a_sector_have_ordinals_of_their_own():
    """Origin, level and count together make the ordinal, within its 48 bits."""
    counts = (0, 1, 2, 2**32 - 1)
    ordinals = [
        ordinal_of_violation(origin, level, count)
        for origin in FOUR_ORIGINS
        for level in range(101)
        for count in counts
    ]

    assert len(set(ordinals)) == 4 * 101 * len(counts)
    assert max(ordinals) < 2**48


def test_an_ordinal_can_be_taken_apart():
    """Into the origin, the level and the count that it was made of."""
    made_of = [
        (origin, level, count)
        for origin in FOUR_ORIGINS
        for level in (0, 1, 100)
        for count in (0, 1, 2**32 - 1)
    ]
    found = [
        (origin_of_violation(one), level_of_violation(one), count_of_violation(one))
        for one in (ordinal_of_violation(*parts) for parts in made_of)
    ]

    assert found == made_of


def test_a_normal_score_is_that_of_the_draw_above_it():
    """The upper quantile of the normal distribution (scipy); of the draw 1 it is far below."""
    drawn = np.linspace(1e-4, 1.0 - 1e-4, 2001)
    found = [normal_of(one) for one in drawn]

    assert np.allclose(found, stats.norm.isf(drawn), rtol=1e-12, atol=1e-12)
    assert normal_of(1.0) < -8.0


class KeepingKeys(Line):
    """A run that keeps the key of everything it draws."""

    def __init__(self, numbers, seed, run):
        """Start with no key."""
        self.keys = []
        super().__init__(numbers, seed, run)

    def chance(self, purpose, entity, ordinal):
        """Draw, and keep the key."""
        self.keys.append((purpose, entity, ordinal))
        return super().chance(purpose, entity, ordinal)

    def threshold(self, purpose, entity, ordinal):
        """Draw, and keep the key."""
        self.keys.append((purpose, entity, ordinal))
        return super().threshold(purpose, entity, ordinal)


def keys_of_runs(numbers, runs):
    """Return the keys that each run draws with, as a list for each run."""
    played = [KeepingKeys(numbers, 1, run) for run in range(runs)]
    for line in played:
        line.play()
    return [line.keys for line in played]


def backer_keys(numbers):
    """Return the keys of those who are asked as backers, perhaps by several members."""
    return {key for step in numbers.steps for backer in step.backers for key in backer.keys}


def is_asked_once(key, backers):
    """Return whether only one asks with this key."""
    purpose, entity, _ = key
    asked_of_a_backer = purpose in ASKED_OF_BACKERS and entity in backers
    return purpose not in ASKED_AGAIN and not asked_of_a_backer


@pytest.mark.parametrize("scope", ["line", "sector"])
@pytest.mark.parametrize(("made", "runs"), [(rich_world, 100), (full_world, 30)])
def test_no_run_draws_twice_with_the_same_key(made, runs, scope):
    """In many runs of a world with everything in it, every question has a key of its own."""
    numbers = parameters(made(scope))
    backers = backer_keys(numbers)
    repeated = [
        Counter(key for key in keys if is_asked_once(key, backers)).most_common(1)[0]
        for keys in keys_of_runs(numbers, runs)
    ]

    assert max(count for _, count in repeated) == 1


def test_a_full_run_draws_for_every_purpose():
    """The test above looks at draws for all purposes; attacks and provocations among them."""
    numbers = parameters(full_world(days=40.0))
    purposes = {purpose for keys in keys_of_runs(numbers, 20) for purpose, _, _ in keys}

    assert purposes == set(PURPOSES)


@pytest.mark.parametrize("scope", ["line", "sector"])
def test_names_of_a_world_have_keys_of_their_own(scope):
    """Sectors among each other, and steps and voters by opening sector, never share a key.

    But for a backer that decides too: it is one actor with one answer.
    """
    numbers = parameters(full_world(scope))
    of_sectors = [sector.key for sector in numbers.sectors]
    of_steps = [key for step in numbers.steps for key in step.keys]
    of_voters = [key for step in numbers.steps for voter in step.voters for key in voter.keys]

    assert len(set(of_sectors)) == len(of_sectors)
    assert len({*of_steps, *of_voters}) == len(of_steps) + len(of_voters)
    of_groups = [key for step in numbers.steps for decider in step.deciders for key in decider.keys]
    assert len(set(of_groups)) == len(of_groups)
    for name in ("conditions", "commitments"):
        keys = [one.key for one in getattr(numbers, name)]
        assert len(set(keys)) == len(keys)


def test_a_backer_that_decides_too_has_the_keys_of_its_vote():
    """And one that does not has keys of its own, by opening sector."""
    numbers = parameters(full_world())
    steps = {step.name: step for step in numbers.steps}
    asked = next(voter for voter in steps["military"].voters if voter.name == "usa")
    of_voters = {key for step in numbers.steps for voter in step.voters for key in voter.keys}

    assert steps["military"].backers[0].keys == asked.keys
    assert not of_voters & set(steps["coalition"].backers[0].keys)
