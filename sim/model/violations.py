"""Rules of the ground truth and of what is seen of it: incidents, spells, attacks, detection."""

from sim.model.compiled import compiled
from sim.model.hours import NEVER


@compiled
def happens(chance: float, probability: float) -> bool:
    """Return whether a draw says yes to something with this probability.

    A draw is above 0 and at most 1, so probability 0 is never and probability 1 is always.

    >>> happens(1.0, 1.0), happens(2.0**-53, 0.0)
    (True, False)
    """
    return chance <= probability


@compiled
def is_at_most_this_level(chance: float, shares_up_to_level: float) -> bool:
    """Return whether an incident's draw falls among the levels up to this one.

    The incident is of the lowest level for which this holds.

    >>> is_at_most_this_level(0.7, 0.7)
    True
    """
    return chance <= shares_up_to_level


@compiled
def level_after_incident(level: int, incident_level: int) -> int:
    """Return a sector's level of fighting after an incident: a spell rises, it never falls.

    >>> level_after_incident(0, 2), level_after_incident(3, 1)
    (2, 3)
    """
    return max(level, incident_level)


@compiled
def level_after_expansion(level: int, last_level: int) -> int:
    """Return the level one above, where there is one; a quiet sector stays quiet.

    >>> level_after_expansion(2, 4), level_after_expansion(4, 4), level_after_expansion(0, 4)
    (3, 4, 0)
    """
    return min(level + 1, last_level) if level > 0 else 0


@compiled
def place_in_attack(threshold: float, sector_share: float) -> float:
    """Return a sector's place in an attack's order; the attack takes those with the lowest.

    An exponential race with the shares as rates is a draw by shares without replacement
    (Efraimidis and Spirakis 2006, Information Processing Letters 97, 181-185).

    >>> place_in_attack(1.0, 0.5)
    2.0
    """
    return threshold / sector_share if sector_share > 0.0 else NEVER


@compiled
def detection_probability(probability: float, sensors_are_out: bool, factor: float) -> float:  # noqa: FBT001 - a fact
    """Return how likely a violation is to be detected, given the sensors' state at its onset.

    >>> detection_probability(0.5, False, 0.25), detection_probability(0.5, True, 0.25)
    (0.5, 0.125)
    """
    return probability * factor if sensors_are_out else probability


@compiled
def charge_probability(probability: float, by_defender: bool, misattribution: float) -> float:  # noqa: FBT001 - a fact
    """Return how likely a detected violation is to be charged to the aggressor.

    For the defender's own it is the probability of a misattribution.

    >>> charge_probability(0.9, False, 0.1), charge_probability(0.9, True, 0.1)
    (0.9, 0.1)
    """
    return misattribution if by_defender else probability


@compiled
def is_there_after_review(
    is_there: bool,  # noqa: FBT001 - a fact, not a switch of behaviour
    chance: float,
    withdraw: float,
    rejoin: float,
) -> bool:
    """Return whether an actor stands by its commitment after it was reviewed.

    >>> is_there_after_review(True, 0.1, 0.2, 0.3), is_there_after_review(False, 0.1, 0.2, 0.3)
    (False, True)
    """
    return not happens(chance, withdraw) if is_there else happens(chance, rejoin)


@compiled
def is_in_share(chance: float, shares_up_to: float) -> bool:
    """Return whether a draw falls among the sectors up to one, whose shares are added up.

    >>> is_in_share(0.3, 0.3), is_in_share(0.5, 0.3)
    (True, False)
    """
    return chance <= shares_up_to


@compiled
def is_runaway(violations: int, most_violations: int) -> bool:
    """Return whether a run has had as many violations and alarms as it may have, and is cut off.

    Rates that feed on themselves can grow without bound; no run may last for ever.

    >>> is_runaway(999, 1000), is_runaway(1000, 1000)
    (False, True)
    """
    return violations >= most_violations
