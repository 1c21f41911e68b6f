"""Chance as a function: every draw has a key, and the key alone decides what is drawn.

A generator with a state gives a run's luck to whoever asks first. Here each draw is computed from
the seed, the run, what the draw is *for* and what it belongs to (Philox4x32-10; Salmon, Moraes,
Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"). So a plan that adds or removes
events leaves every other draw alone, run 17 can be replayed by itself, and the order of drawing,
the number of workers and the engine cannot matter.

The counter's 128 bits hold the key like this:

    32 bits  run, low         the run, 0 to 2**40 - 1
     8 bits  run, high
     8 bits  purpose          one of the list below
    16 bits  ordinal, high    which one of its kind: see `ordinal_of_violation`
    32 bits  entity           whom it concerns: a hash of names, distinct within a purpose
    32 bits  ordinal, low

and Philox's 64-bit key is the seed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sim.model.arithmetic import natural_log, normal_score
from sim.model.compiled import compiled

# What draws are for. A number is never used again for something else, since that would change
# the luck of published runs. Entity and ordinal are given in `PURPOSES`.
INCIDENT_WAIT: Final = 1
INCIDENT_LEVEL: Final = 2
STOP: Final = 3
EXPANSION: Final = 4
COLLAPSE: Final = 5
ATTACK_WAIT: Final = 6
ATTACK_SECTOR: Final = 7
DETECTION: Final = 8
DETECTION_DELAY: Final = 9
ATTRIBUTION: Final = 10
ATTRIBUTION_DELAY: Final = 11
ANSWER: Final = 12
ANSWER_DELAY: Final = 13
PARLIAMENT_DELAY: Final = 14
DEPLOYMENT_DELAY: Final = 15
PROVOCATION: Final = 16
DAY: Final = 17
SIDE: Final = 18
DOCTRINE: Final = 19
RESUMPTION: Final = 20
OUTAGE_AT_START: Final = 21
OUTAGE_WAIT: Final = 22
FALSE_ALARM_WAIT: Final = 23
FALSE_ALARM_SECTOR: Final = 24
FALSE_ALARM_LEVEL: Final = 25
DEBUNKING_DELAY: Final = 26
COMMON_FACTOR: Final = 27
CONDITION: Final = 28
COMMITMENT: Final = 29

PURPOSES: Final[Mapping[int, str]] = MappingProxyType(
    {
        INCIDENT_WAIT: "the threshold of the n-th incident in a sector (sector; n)",
        INCIDENT_LEVEL: "the level of the n-th incident in a sector (sector; n)",
        STOP: "the threshold at which a spell at a level stops (sector; violation)",
        EXPANSION: "the threshold at which it expands to the next level (sector; violation)",
        COLLAPSE: "the threshold at which the ceasefire collapses over it (sector; violation)",
        ATTACK_WAIT: "the threshold of the n-th decision to attack (the line; n)",
        ATTACK_SECTOR: "a sector's place in the n-th attack's order (sector; n)",
        DETECTION: "whether a violation is detected (sector; violation)",
        DETECTION_DELAY: "how long the detection takes (sector; violation)",
        ATTRIBUTION: "whether a detected violation is attributed (sector; violation)",
        ATTRIBUTION_DELAY: "how long the attribution takes (sector; violation)",
        ANSWER: "an actor's or member's yes or no (opening sector, step, voter; violation)",
        ANSWER_DELAY: "how long the answer takes (opening sector, step, voter; violation)",
        PARLIAMENT_DELAY: "a parliament's extra time (opening sector, step, voter; violation)",
        DEPLOYMENT_DELAY: "from the decision to effect (opening sector, step; violation)",
        PROVOCATION: "whether a step provokes (opening sector, step; violation)",
        DAY: "what a day adds to the day-to-day factor's logarithm (the line; day)",
        SIDE: "whose the n-th incident in a sector is (sector; n)",
        DOCTRINE: "whether fighting follows the doctrine (sector; violation)",
        RESUMPTION: "whether fighting that broke off is taken up again (sector; violation)",
        OUTAGE_AT_START: "whether the sensors are out at hour 0 (the line; 0)",
        OUTAGE_WAIT: "the threshold of the n-th change between working and out (the line; n)",
        FALSE_ALARM_WAIT: "the threshold of the n-th false alarm (the line; n)",
        FALSE_ALARM_SECTOR: "the sector of the n-th false alarm (the line; n)",
        FALSE_ALARM_LEVEL: "the level of the n-th false alarm (the line; n)",
        DEBUNKING_DELAY: "how long the n-th false alarm is believed (the line; n)",
        COMMON_FACTOR: "what a group has in common (opening sector, step, group; violation)",
        CONDITION: "whether a condition holds (condition; 0)",
        COMMITMENT: "whether an actor is there, at first and after a review (actor; review)",
    }
)

_LOWEST_NORMAL: Final = -9.0
_LOW: Final = 0xFFFFFFFF
_MULTIPLIER_0: Final = 0xD2511F53
_MULTIPLIER_1: Final = 0xCD9E8D57
_WEYL_0: Final = 0x9E3779B9
_WEYL_1: Final = 0xBB67AE85


@compiled
def philox(
    word_0: int, word_1: int, word_2: int, word_3: int, key_0: int, key_1: int
) -> tuple[int, int, int, int]:
    """Return the four 32-bit words that ten rounds of Philox4x32 make of a counter and a key.

    The products overflow 64 bits when compiled; the masks keep the bits that do not depend on it.

    >>> [f"{word:08x}" for word in philox(0, 0, 0, 0, 0, 0)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * word_0
        product_1 = _MULTIPLIER_1 * word_2
        word_0 = ((product_1 >> 32) & _LOW) ^ word_1 ^ key_0
        word_2 = ((product_0 >> 32) & _LOW) ^ word_3 ^ key_1
        word_1 = product_1 & _LOW
        word_3 = product_0 & _LOW
        key_0 = (key_0 + _WEYL_0) & _LOW
        key_1 = (key_1 + _WEYL_1) & _LOW
    return word_0, word_1, word_2, word_3


@compiled
def chance(seed: int, run: int, purpose: int, entity: int, ordinal: int) -> float:
    """Return the draw with this key: uniform, above 0 and at most 1.

    Zero is left out so that its logarithm is finite; 53 bits are used, as many as a float holds.

    >>> chance(1, 17, INCIDENT_WAIT, 0, 0) == chance(1, 17, INCIDENT_WAIT, 0, 0)
    True
    """
    second = ((run >> 32) & 0xFF) | ((purpose & 0xFF) << 8) | (((ordinal >> 32) & 0xFFFF) << 16)
    # Without compilation NumPy's integers may come in; their products overflow with a warning.
    words = int(run & _LOW), int(second), int(entity & _LOW), int(ordinal & _LOW)
    high, low, _, _ = philox(*words, int(seed & _LOW), int((seed >> 32) & _LOW))
    return ((high >> 5) * 67108864.0 + (low >> 6) + 1.0) * 2.0**-53


@compiled
def threshold(seed: int, run: int, purpose: int, entity: int, ordinal: int) -> float:
    """Return a unit-exponential threshold: the integrated hazard at which a clock fires."""
    return threshold_of(chance(seed, run, purpose, entity, ordinal))


@compiled
def threshold_of(chance: float) -> float:
    """Return the threshold that a draw gives.

    >>> threshold_of(1.0)
    0.0
    """
    return 0.0 - natural_log(chance)


@compiled
def normal_of(chance: float) -> float:
    """Return the standard normal value that a draw gives: high for a small draw.

    The largest draw, 1, would give minus infinity; it gives less than any other does.

    >>> round(normal_of(0.025), 6), normal_of(1.0)
    (1.959964, -9.0)
    """
    return max(_LOWEST_NORMAL, normal_score(threshold_of(chance)))


@compiled
def ordinal_of_violation(origin: int, level: int, count: int) -> int:
    """Return the ordinal of the draws that belong to a violation, distinct for each of a sector.

    A violation is an incident, a sector of an attack, a resumption of fighting that broke off, or a
    rise of any of them to a higher level; a false alarm has such an ordinal too.

    >>> ordinal_of_violation(origin=0, level=2, count=5) == (2 << 32) + 5
    True
    """
    return (origin << 40) | (level << 32) | count


@compiled
def origin_of_violation(ordinal: int) -> int:
    """Return where a violation comes from, from its ordinal.

    >>> origin_of_violation(ordinal_of_violation(origin=1, level=2, count=5))
    1
    """
    return ordinal >> 40


@compiled
def count_of_violation(ordinal: int) -> int:
    """Return which one of its origin a violation is, from its ordinal.

    >>> count_of_violation(ordinal_of_violation(origin=1, level=2, count=5))
    5
    """
    return ordinal & _LOW


@compiled
def level_of_violation(ordinal: int) -> int:
    """Return a violation's level from its ordinal.

    >>> level_of_violation(ordinal_of_violation(origin=1, level=2, count=5))
    2
    """
    return (ordinal >> 32) & 0xFF
