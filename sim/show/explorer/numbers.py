"""The numbers beside the pictures: each quantity under both plans, and the difference, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.results.numbers import change, told
from sim.results.paired_tally import PairedTally
from sim.results.quantities import quantities
from sim.scenario.sources import grades_in_words
from sim.show.style import plain
from sim.study.comparing.comparison import Comparison
from sim.study.comparing.main_outcomes import main_names

if TYPE_CHECKING:
    from sim.results.estimates import Estimate
    from sim.results.quantities import Quantity
    from sim.results.results import Results
    from sim.scenario.scenario import Scenario

_OF_STEPS: Final = ("on_time", "delay_hours")


class Pair(NamedTuple):
    """Two plans that were played on the same luck, so many runs of each."""

    first: Results
    other: Results
    labels: tuple[str, str]
    pairs: PairedTally

    @classmethod
    def of(cls, first: Results, other: Results, labels: tuple[str, str]) -> Pair:
        """Return two results with the tally of their differences."""
        tables = next(first.tables()), next(other.tables())
        played = (first.scenario, tables[0]), (other.scenario, tables[1])
        return cls(first, other, labels, PairedTally.of(*played))

    @property
    def scenarios(self) -> tuple[Scenario, Scenario]:
        """Both plans."""
        return self.first.scenario, self.other.scenario

    def answer(self) -> str:
        """Return under which plan the ceasefire holds more often, by how much, and how sure."""
        found = Comparison(self.labels, (self.first, self.other), pairs=(self.pairs,))
        return found.answer()


def shown_quantities(pair: Pair) -> list[tuple[str, Quantity | None, Quantity | None]]:
    """Return the quantities that are shown, as each plan has them, in the order of the summary."""
    ours, theirs = ({one.name: one for one in quantities(plan)} for plan in pair.scenarios)
    names = [*main_names(pair.scenarios)]
    steps = dict.fromkeys(step for plan in pair.scenarios for step in plan.steps)
    names += [f"{step}.{what}" for step in steps for what in _OF_STEPS]
    return [(name, ours.get(name), theirs.get(name)) for name in names if name in {*ours, *theirs}]


def number_rows(pair: Pair) -> list[dict[str, Any]]:
    """Return the lines of the table: what it is, under A, under B, and the difference."""
    return [_row(pair, *one) for one in shown_quantities(pair)]


def _row(pair: Pair, name: str, ours: Quantity | None, theirs: Quantity | None) -> dict[str, Any]:
    known = theirs or ours
    if known is None:
        return {}
    meaning = known.meaning
    if ours and theirs and ours.meaning != theirs.meaning:
        meaning = f"{ours.meaning} (A); {theirs.meaning} (B)"
    if name == "fighting_hours_per_day":
        meaning = "fighting anywhere, a day that the ceasefire lasts"
    of = (
        estimate_text(results.tally.estimate(name), known.unit) if quantity else "no such step"
        for results, quantity in ((pair.first, ours), (pair.other, theirs))
    )
    found = pair.pairs.difference(name).difference if ours and theirs else None
    return {
        "name": name,
        "meaning": plain(meaning),
        "unit": "" if known.unit.startswith("share") else known.unit,
        "plans": list(of),
        "difference": difference_text(found, known.unit) if found else "",
        "is_told": bool(found and (found.low > 0 or found.high < 0)),
    }


def estimate_text(found: Estimate, unit: str) -> str:
    r"""Return an estimate and its interval, shares in percent.

    >>> from sim.results.estimates import Estimate
    >>> estimate_text(Estimate(0.0821, 0.076, 0.087, "Wilson", 10_000), "share of runs")
    '8.2\xa0% (7.6 to 8.7)'
    """
    return "never" if math.isnan(found.value) else told(found, unit).in_words()


def difference_text(found: Estimate, unit: str) -> str:
    """Return a difference with its sign and its interval, of shares in percentage points.

    >>> from sim.results.estimates import Estimate
    >>> difference_text(Estimate(0.0031, 0.001, 0.005, "", 10_000), "share of runs")
    '+0.31 points (+0.10 to +0.50)'
    """
    return "" if math.isnan(found.value) else change(found[:3], unit).in_words()


def grade_lines(pair: Pair) -> list[str]:
    """Return what the values of each plan rest on; one line where both rest on the same."""
    words = [grades_in_words(one) for one in pair.scenarios]
    if words[0] == words[1]:
        return words[:1]
    return [f"{name}: {one}" for name, one in zip("AB", words, strict=True)]
