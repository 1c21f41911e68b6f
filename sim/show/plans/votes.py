"""How often a vote stands at yes by each hour: reckoned from its members, nothing is played."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import ndtr, ndtri

from sim.model.votes import vote_stands
from sim.model.words import BY_MEMBERS, BY_WEIGHT, UNDECIDED, YES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.results.estimates import Floats
    from sim.scenario.numbers import DeciderNumbers, VoterNumbers

_FARTHEST_SDS: Final = 8.0
"""What the answers have in common is reckoned up to so many standard deviations from its mean."""
_WIDEST_SDS: Final = 0.25
_MOST_VALUES: Final = 1001
"""How many values may stand for what the answers have in common; and at once."""
_AT_ONCE: Final = 16
_PLACES: Final = 9
_LEAST: Final = 1e-12
"""A chance that is not zero is never taken for zero."""
_SAME: Final = 12
"""Sums of shares of the weight that agree in so many places are the same."""
_MOST_SUMS: Final = 512
"""How many sums of the weight are told apart; beyond that, neighbours are taken together."""


def vote(decider: DeciderNumbers, voters: Sequence[tuple[VoterNumbers, Floats]]) -> Floats:
    """Return how often a vote stands at yes by each hour.

    `voters`: each with how often its answer counts by then if it is a yes.
    """
    weights, shares = _inclinations(decider, np.array([one.yes_probability for one, _ in voters]))
    found = np.zeros_like(voters[0][1])
    for start in range(0, len(weights), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        heard = [
            (one, by * shares[some, index, np.newaxis]) for index, (one, by) in enumerate(voters)
        ]
        found += weights[some] @ _vote_given(decider, heard)
    return found


def _inclinations(decider: DeciderNumbers, probabilities: Floats) -> tuple[Floats, Floats]:
    """Return the values of what the voters have in common, by how likely each is.

    For each of them there is a row: how often each voter says yes, given that value.
    """
    correlation = decider.correlation
    if correlation <= 0:
        return np.ones(1), probabilities[np.newaxis]
    if correlation >= 1:
        # All decide by the same draw: between two probabilities, the same voters say yes.
        ends = np.unique([0.0, *probabilities, 1.0])
        return np.diff(ends), np.where(probabilities >= ends[1:, np.newaxis], 1.0, 0.0)
    common, own_sd = _common(correlation), math.sqrt(1 - correlation)
    scores = ndtri(probabilities) + math.sqrt(correlation) * common[:, np.newaxis]
    shares = np.maximum(ndtr(scores / own_sd).round(_PLACES), _LEAST * (probabilities > 0))
    likely = np.exp(-common * common / 2)
    rows, which = np.unique(shares, axis=0, return_inverse=True)
    return np.asarray(np.bincount(which.ravel(), likely / likely.sum()), float), rows


def _common(correlation: float) -> Floats:
    """Return evenly spaced values, as close as a voter's mind changes with what is common.

    On a smooth function, sums of evenly spaced values are as good as the integral.
    """
    apart = min(_WIDEST_SDS, math.sqrt((1 - correlation) / correlation) / 2)
    many = min(2 * math.ceil(_FARTHEST_SDS / apart) + 1, _MOST_VALUES)
    return np.linspace(-_FARTHEST_SDS, _FARTHEST_SDS, many)


def _vote_given(decider: DeciderNumbers, voters: Sequence[tuple[VoterNumbers, Floats]]) -> Floats:
    """Return the same where the voters do not depend on each other.

    All who have a veto must say yes, and count; of the others there must be enough.
    """
    surely, start, heard = np.ones_like(voters[0][1]), 0.0, []
    for one, by in voters:
        part = 1.0 if decider.counted_by == BY_MEMBERS else one.share
        if decider.vetoers and one.vetoes:
            surely, start = surely * by, start + part
        else:
            heard.append((part, by))
    # Once the heaviest have answered, fewer sums are undecided.
    return _reached(decider, start, surely, sorted(heard, key=lambda one: -one[0]))


def _reached(
    decider: DeciderNumbers, start: float, surely: Floats, heard: Sequence[tuple[float, Floats]]
) -> Floats:
    """Return how often those who have said yes by each hour are enough, with those who surely do.

    Of the sums that are reached, each with its share, only the undecided ones are gone on with.
    """
    if _stands(decider, start, 0.0) == YES:
        return surely
    found, undecided, spent = np.zeros_like(surely), {start: surely}, start
    for part, by in heard:
        spent += part
        after: dict[float, Floats] = {}
        for total, share in _one_more(undecided, part, by):
            stands = _stands(decider, total, spent - total)
            if stands == YES:
                found += share
            elif stands == UNDECIDED:
                after[total] = after[total] + share if total in after else share
        undecided = after if len(after) <= _MOST_SUMS else _taken_together(after)
    return found


def _one_more(sums: dict[float, Floats], part: float, by: Floats) -> Iterator[tuple[float, Floats]]:
    """Yield the sums, each with its share, once one more voter has said yes or not."""
    for total, share in sums.items():
        moved = share * by
        yield round(total + part, _SAME), moved
        yield total, share - moved


def _taken_together(sums: dict[float, Floats]) -> dict[float, Floats]:
    """Return sums on a grid, each with the shares of all those to which it is the nearest."""
    found: dict[float, Floats] = {}
    for total, share in sums.items():
        near = round(total * _MOST_SUMS) / _MOST_SUMS
        found[near] = found[near] + share if near in found else share
    return found


def _stands(decider: DeciderNumbers, yes: float, no: float) -> int:
    """Return how the vote stands by the model's own rule, with so many heads or shares of yes."""
    if decider.counted_by == BY_WEIGHT:
        return vote_stands(BY_WEIGHT, decider.quorum, 0, 0, 0, yes, no)
    heads = decider.members, round(yes), round(no)
    return vote_stands(BY_MEMBERS, decider.quorum, *heads, 0.0, 0.0)
