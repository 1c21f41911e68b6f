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
def is_runaway(violations: int, most_violations: int) -> bool:
    """Return whether a run has had as many incidents and attacks as it may have, and is cut off.

    Rates that feed on themselves can grow without bound; no run may last for ever.

    >>> is_runaway(999, 1000), is_runaway(1000, 1000)
    (False, True)
    """
    return violations >= most_violations
