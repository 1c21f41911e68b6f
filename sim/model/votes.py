"""Rules of deciding: when a vote falls, and how."""

import math
from typing import Final

from sim.model.arithmetic import natural_log, normal_hazard
from sim.model.chance import normal_of
from sim.model.compiled import compiled
from sim.model.violations import happens
from sim.model.words import BY_WEIGHT, NO, UNDECIDED, YES

# Shares such as 0.1 + 0.2 miss 0.3 by rounding; a quorum is reached within this much.
_ROUNDING: Final = 1e-9


@compiled
def vote_stands(
    counted_by: int,
    quorum: float,
    members: int,
    yes: int,
    no: int,
    yes_share: float,
    no_share: float,
) -> int:
    """Return how a vote stands: a yes once the quorum has said so, a no once it cannot be reached.

    `quorum` is a number of members, or a share of the weight; `yes_share` and `no_share` are
    shares of the weight. Once all have answered, what is not a yes is a no. A plan's list of
    deciders is itself a vote in which all must say yes.

    >>> [vote_stands(0, 2.0, 3, 1, no, 0.0, 0.0) for no in (1, 2)] == [UNDECIDED, NO]
    True
    """
    if counted_by == BY_WEIGHT:
        reached = yes_share > 0.0 and yes_share + _ROUNDING >= quorum
        lost = 1.0 - no_share + _ROUNDING < quorum
    else:
        reached = yes >= quorum
        lost = members - no < quorum
    if reached:
        return YES
    return NO if lost or (members > 0 and yes + no >= members) else UNDECIDED


@compiled
def vote_with_vetoes(stands: int, vetoers: int, yes: int, no: int) -> int:
    """Return how a vote stands when some members have a veto, of whom so many said yes and no.

    A no of one of them is a no; a yes needs a yes of them all.

    >>> vote_with_vetoes(YES, 2, 1, 0) == UNDECIDED, vote_with_vetoes(YES, 2, 1, 1) == NO
    (True, True)
    """
    if no > 0 or stands == NO:
        return NO
    return stands if yes == vetoers else UNDECIDED


@compiled
def says_yes(chance: float, common_chance: float, correlation: float, probability: float) -> bool:
    """Return whether a member says yes, given its draw and what the group has in common.

    One-factor Gaussian copula (Vasicek 1987, "Probability of loss on loan portfolio"): of the
    variance of what lies behind the answers, a share `correlation` is common to all.

    >>> says_yes(0.4, 0.9, 0.0, 0.5), says_yes(0.4, 0.9, 1.0, 0.5)
    (True, False)
    """
    if correlation <= 0.0:
        return happens(chance, probability)
    if correlation >= 1.0:
        return happens(common_chance, probability)
    common = math.sqrt(correlation) * normal_of(common_chance)
    inclination = common + math.sqrt(1.0 - correlation) * normal_of(chance)
    return normal_hazard(inclination) >= -natural_log(probability)


@compiled
def share_of_weight(yes_weight: float, total_weight: float) -> float:
    """Return the share of the pledged weight that said yes; all of it where nothing is pledged.

    Both are sums over the members in their order, so that all of them together are exactly 1.

    >>> share_of_weight(3.0, 4.0), share_of_weight(0.0, 0.0)
    (0.75, 1.0)
    """
    return yes_weight / total_weight if total_weight > 0.0 else 1.0


@compiled
def effect_of_share(multiplier: float, yes_share: float) -> float:
    """Return a step's multiplier when only part of the pledged weight stands behind it.

    >>> effect_of_share(3.0, 0.5), effect_of_share(0.5, 1.0), effect_of_share(1.0, 0.3)
    (2.0, 0.5, 1.0)
    """
    return 1.0 + (multiplier - 1.0) * yes_share
