"""How often a vote stands at yes by each hour: reckoned from its members, nothing is played."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import ndtr, ndtri

from sim.model.words import BY_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.results.estimates import Floats
    from sim.scenario.numbers import DeciderNumbers, VoterNumbers

_FACTORS: Final = 33
"""How many equally likely values stand for what the members' answers have in common."""
_WEIGHTS: Final = 1000
"""Into how many parts a group's weight is divided where the weight is counted."""


def vote(decider: DeciderNumbers, voters: Sequence[tuple[VoterNumbers, Floats]]) -> Floats:
    """Return how often a vote stands at yes by each hour.

    `voters`: each with how often its answer counts by then if it is a yes.
    """
    found = [
        _vote_given(
            decider, [(one, by * share) for (one, by), share in zip(voters, shares, strict=True)]
        )
        for shares in _inclinations(decider, [one.yes_probability for one, _ in voters])
    ]
    return np.asarray(np.mean(found, axis=0))


def _inclinations(
    decider: DeciderNumbers, probabilities: Sequence[float]
) -> Iterator[Sequence[float]]:
    """Yield how often each voter says yes, given each of the values of what they share."""
    correlation = decider.correlation
    if correlation <= 0:
        yield probabilities
        return
    common = ndtri((np.arange(_FACTORS) + 0.5) / _FACTORS)
    own_sd = math.sqrt(max(1 - correlation, 1e-9))
    for one in common:
        scores = ndtri(np.asarray(probabilities)) + math.sqrt(correlation) * one
        yield ndtr(scores / own_sd).tolist()


def _vote_given(decider: DeciderNumbers, voters: Sequence[tuple[VoterNumbers, Floats]]) -> Floats:
    """Return the same where the voters do not depend on each other.

    All who have a veto must say yes, and count; of the others there must be enough.
    """
    by_head = decider.counted_by == BY_MEMBERS
    needed = round(decider.quorum * (1 if by_head else _WEIGHTS))
    surely, heard, parts = np.ones_like(voters[0][1]), [], []
    for one, by in voters:
        part = 1 if by_head else round(one.share * _WEIGHTS)
        if decider.vetoers and one.vetoes:
            surely, needed = surely * by, needed - part
        else:
            heard.append(by)
            parts.append(part)
    return surely * _reached(heard, parts, max(needed, 0), surely)


def _reached(heard: Sequence[Floats], parts: Sequence[int], needed: int, like: Floats) -> Floats:
    """Return how often those who have said yes by each hour make up what is needed."""
    reached = np.zeros((needed + 1, len(like)))
    reached[0] = 1.0
    for by, part in zip(heard, parts, strict=True):
        step = min(part, needed)
        moved = reached * by
        reached -= moved
        reached[step:] += moved[: needed + 1 - step]
        reached[-1] += moved[needed + 1 - step :].sum(axis=0)
    return np.asarray(reached[-1])
