"""Where a scenario's values come from, and how far each can be trusted."""

import re
from collections import Counter
from typing import Final

from sim.scenario.scenario import Scenario

REPORTED: Final = "reported"
LITERATURE: Final = "literature"
ASSUMPTION: Final = "assumption"
GRADES: Final = (REPORTED, LITERATURE, ASSUMPTION)


def grade(source: str) -> str:
    """Return the grade of a source: an id of the ledger, or a grade with words of one's own.

    Ids begin with F (a reported fact), L (literature or observed data) or A (an assumption).

    >>> grade("F05"), grade("literature: Fortna 2004"), grade("my guess")
    ('reported', 'literature', 'assumption')
    """
    by_id = re.fullmatch(r"([FLA])\d+", source)
    if by_id:
        return {"F": REPORTED, "L": LITERATURE, "A": ASSUMPTION}[by_id[1]]
    first = source.partition(":")[0].strip().lower()
    return first if first in GRADES else ASSUMPTION


def grade_counts(scenario: Scenario) -> dict[str, int]:
    """Return how many of the scenario's sources are of each grade.

    What has no source is an assumption as well, and is not counted.
    """
    counts = Counter(grade(source) for source in scenario.sources.values())
    return {name: counts[name] for name in GRADES}


def grades_in_words(scenario: Scenario) -> str:
    """Return in a sentence what the scenario's values rest on."""
    counts = grade_counts(scenario)
    return (
        f"sourced values: {counts[REPORTED]} reported, {counts[LITERATURE]} from the literature, "
        f"{counts[ASSUMPTION]} assumptions; all others are assumptions too"
    )
