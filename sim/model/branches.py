"""The luck of a run's branches: a run that is split goes on several times, each with its own luck.

A branch has a seed of its own, computed from the seed of what it branched off, the run and the
branch's number. So it depends on the seed, the run and the path of numbers alone, like every other
draw (`sim.model.chance`). The purposes below are none of the model's: no run that is played as a
whole draws for them, so a branch's seed is never one of its run's draws. Two seeds may be the same
by accident, with a chance of 2**-63 for each pair.
"""

from typing import Final

from sim.model.chance import philox
from sim.model.compiled import compiled

# What is drawn for branches; the model's purposes count up from 1.
BRANCH: Final = 255
RENEWAL: Final = 254
PILOT: Final = 253

_LOW: Final = 0xFFFFFFFF
_LOW_31: Final = 0x7FFFFFFF


@compiled
def seed_for(seed: int, run: int, purpose: int, number: int) -> int:
    """Return the seed, of 63 bits, of what has a number, from the seed of what it comes from.

    >>> seed_for(1, 17, BRANCH, 0) == seed_for(1, 17, BRANCH, 1)
    False
    """
    second = ((run >> 32) & 0xFF) | (purpose << 8)
    # Without compilation NumPy's integers may come in; their products overflow with a warning.
    words = int(run & _LOW), int(second), int(number & _LOW), int((number >> 32) & _LOW)
    high, low, _, _ = philox(*words, int(seed & _LOW), int((seed >> 32) & _LOW))
    return ((high & _LOW_31) << 32) | low
