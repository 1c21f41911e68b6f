"""A comparison: several plans on the same luck, what the others change against the first."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.model.words import OUTCOMES
from sim.results.estimates import LEVEL, share
from sim.results.manifest import DISCLAIMER
from sim.results.numbers import NONE, alone, places_of, signed
from sim.results.tables_in_html import texts_html
from sim.scenario.sources import grades_in_words
from sim.study.comparing.better_plan import answer, doubts, intervals_in_words, pairing_in_words
from sim.study.comparing.contrast import Contrast, check_comparable
from sim.study.comparing.explain import explain
from sim.study.comparing.plan_labels import checked_labels, plan_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike
    from pathlib import Path

    import pandas as pd

    from sim.results.paired_tally import PairedTally
    from sim.results.quantities import Quantity
    from sim.results.results import Results
    from sim.scenario.scenario import Scenario
    from sim.study.comparing.contrast import Difference
    from sim.study.comparing.explain import Parting

Ending = Literal["held", "collapsed", "runaway"]

_COLUMNS: Final = (
    *("plan", "quantity", "question", "meaning", "unit", "first", "other", "difference"),
    *("low", "high", "simultaneous_low", "simultaneous_high", "method", "n", "paired"),
    *("variance_reduction", "runs_that_differ"),
)
_IN_NOTEBOOKS: Final = ["plan", "meaning", "unit", "first", "other", "difference", "low", "high"]
_MOVES: Final = ("plan", "from", "to", "runs", "share", "low", "high")


@dataclass(frozen=True)
class Comparison:
    """Results of several plans, held against those of the first one."""

    labels: tuple[str, ...]
    results: tuple[Results, ...] = field(repr=False)
    outcomes: tuple[str, ...] | None = None
    """The quantities that are compared; all that plans have in common, where none are named."""
    until: str | None = None
    """How precisely the differences were to be known, if that decided how many runs there are."""
    folder: Path | None = None
    """Where it is, if it is in a folder that stays."""
    pairs: tuple[PairedTally | None, ...] = field(default=(), repr=False, compare=False)
    """What the differences of each other plan need, where it is known already."""

    @classmethod
    def of(
        cls,
        *results: Results,
        labels: Sequence[str] | None = None,
        outcomes: Sequence[str] | None = None,
    ) -> Comparison:
        """Return the comparison of results that are there, each against the first.

        Where seeds or numbers of runs differ, they are not paired, and that is said.
        """
        if len(results) < 2:  # noqa: PLR2004 - it takes two
            message = f"results: are {len(results)}, must be two or more"
            raise ValueError(message)
        check_comparable(results)
        scenarios = [one.scenario for one in results]
        named = plan_labels(scenarios) if labels is None else checked_labels(labels, len(results))
        names = None if outcomes is None else checked_outcomes(scenarios, outcomes)
        return cls(named, results, names)

    @cached_property
    def contrasts(self) -> dict[str, Contrast]:
        """What each other plan changes against the first, by its label."""
        first, *others = self.results
        known = self.pairs or (None,) * len(others)
        return {
            label: Contrast(first, other, self.outcomes, pairs)
            for label, other, pairs in zip(self.labels[1:], others, known, strict=True)
        }

    @property
    def is_paired(self) -> bool:
        """Whether run k had the same luck under each plan."""
        return all(one.is_paired for one in self.contrasts.values())

    def differences(self, level: float = LEVEL) -> pd.DataFrame:
        """Return what each other plan changes against the first: one row a plan and quantity.

        `low` and `high` bound the interval of the level of each difference by itself; the
        simultaneous ones hold together for all plans of a quantity (Bonferroni). `paired` says
        whether run k had the same luck under both plans; `variance_reduction` by how many times
        more runs separate luck would need, and `runs_that_differ` in how many runs the quantity,
        or the upper number of its fraction, is not the same under both.
        """
        import pandas as pd  # noqa: PLC0415 - takes half a second

        together = 1 - (1 - level) / len(self.contrasts)
        rows = [
            (label, *self._row(contrast, quantity, level, together))
            for label, contrast in self.contrasts.items()
            for quantity in self._compared(contrast)
        ]
        found = pd.DataFrame(rows, columns=list(_COLUMNS))
        return found.astype({"runs_that_differ": "Int64"})

    def _compared(self, contrast: Contrast) -> Iterator[Quantity]:
        for one in contrast.quantities:
            if one.name != "runaway" or any(results.runaways for results in self.results):
                yield one

    def _row(
        self, contrast: Contrast, quantity: Quantity, level: float, together: float
    ) -> Iterator[object]:
        found = contrast.difference(quantity, level)
        wider: Difference = contrast.difference(quantity, together)
        value, low, high, method, n = found.difference
        yield from (quantity.name, quantity.question, quantity.meaning, quantity.unit)
        yield from (found.first, found.other, value, low, high)
        yield from (wider.difference.low, wider.difference.high, method, n)
        yield "paired" if contrast.is_paired else "not paired"
        yield from (found.variance_reduction, found.runs_that_differ)

    def moves(self, level: float = LEVEL) -> pd.DataFrame:
        """Return how many runs end in one way under the first plan and in another under a plan.

        One row for each two endings of each plan, with the share of all runs and its interval.
        Plans that are not paired with the first have none.
        """
        import pandas as pd  # noqa: PLC0415 - takes half a second

        rows = []
        for label, contrast in self.contrasts.items():
            if not contrast.is_paired:
                continue
            for before, counts in contrast.endings.moves().items():
                for after, runs in counts.items():
                    found = share(runs, contrast.endings.runs, level)
                    rows.append((label, before, after, runs, *found[:3]))
        return pd.DataFrame(rows, columns=list(_MOVES))

    def answer(self) -> str:
        """Return under which plan the ceasefire holds more often, by how much, and how sure.

        Where runs were cut off, it says that it is not to be relied on.
        """
        said = answer(self.labels, self.results)
        return " ".join((said, *doubts(self.labels, self.results)))

    def precision(self) -> list[str]:
        """Return how precisely each difference is known, where that decided the runs."""
        if self.until is None:
            return []
        from sim.study.comparing.telling_apart import precision_in_words  # noqa: PLC0415 - few need it

        return precision_in_words(self)

    def explain(self, run: int) -> tuple[Parting, ...]:
        """Return where a run parts ways under the first plan and under each other one."""
        if len({one.seed for one in self.results}) > 1:
            message = "seed: is not the same under all plans, so no run is the same run"
            raise ValueError(message)
        return explain(self.scenarios, run, self.results[0].seed, labels=self.labels)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The plans."""
        return tuple(one.scenario for one in self.results)

    def which_runs(
        self,
        from_: Ending = "held",
        to: Ending = "collapsed",
        plan: str | None = None,
        most: int = 10,
    ) -> list[int]:
        """Return the first runs that end in one way under the first plan, in another under a plan.

        The plan is the second one, unless its label is given. `explain` tells why.
        """
        label = self.labels[1] if plan is None else plan
        if label not in self.contrasts:
            known = ", ".join(self.contrasts)
            message = f"plan: is {label!r}, must be one of {known}"
            raise ValueError(message)
        contrast = self.contrasts[label]
        if not contrast.is_paired:
            message = f"plan: {label!r} is not paired with {self.labels[0]!r}: no run is in both"
            raise ValueError(message)
        for ending in (from_, to):
            if ending not in OUTCOMES:
                message = f"from_, to: is {ending!r}, must be one of {', '.join(OUTCOMES)}"
                raise ValueError(message)
        return list(islice(contrast.runs(from_, to), most))

    def save(self, folder: str | PathLike[str]) -> Path:
        """Write the comparison to a folder that holds nothing yet, and return its path."""
        from sim.study.comparing.compared_folder import saved  # noqa: PLC0415 - which knows comparisons

        return saved(self, folder)

    def about(self) -> str:
        """Return in one line what was compared, on how many runs and on which luck."""
        seeds = dict.fromkeys(one.seed for one in self.results)
        told = f"seed {', '.join(map(str, seeds))}"
        return f"{' | '.join(self.labels)}: {pairing_in_words(self.results)}, {told}"

    def __repr__(self) -> str:
        return f"<Comparison of {len(self.labels)} plans: {self.about()}>"

    def _repr_html_(self) -> str:
        from sim.study.comparing.main_outcomes import main_outcomes  # noqa: PLC0415 - only in notebooks

        rows = (_in_a_notebook(one) for one in main_outcomes(self).to_dict("records"))
        first = f"{self.labels[0]}: {grades_in_words(self.scenarios[0])}"
        said = (self.answer(), f"{self.about()} | {DISCLAIMER} | {first}")
        lines = "".join(f"<p>{escape(line)}</p>" for line in said)
        below = f"<p>{escape(intervals_in_words(len(self.labels)))}</p>"
        return f"{lines}{texts_html(rows, _IN_NOTEBOOKS)}{below}"


def _in_a_notebook(row: dict[Any, Any]) -> dict[str, str]:
    """Return what a notebook has room for, with the interval that holds together for all plans."""
    bounds = [float(row[f"simultaneous_{end}"]) for end in ("low", "high")]
    half = (bounds[1] - bounds[0]) / 2
    low, high = (NONE if math.isnan(one) else signed(one, half) for one in bounds)
    told = {name: str(row[name]) for name in ("plan", "meaning", "unit")}
    told |= {name: _beside(float(row[name]), half) for name in ("first", "other")}
    difference = signed(float(row["difference"]), 0.0 if math.isnan(half) else half)
    return {**told, "difference": difference, "low": low, "high": high}


def _beside(value: float, half: float) -> str:
    """Return an estimate with as many places as the difference has."""
    return f"{value:,.{places_of(half)}f}" if half > 0 else alone(value)


def checked_outcomes(scenarios: Sequence[Scenario], names: Sequence[str]) -> tuple[str, ...]:
    """Return names of quantities; raise `ValueError` for one that no other plan shares."""
    from sim.results.paired_tally import quantities_of_both  # noqa: PLC0415 - as the others
    from sim.scenario.problems import did_you_mean, shown  # noqa: PLC0415 - as the others

    first, *others = scenarios
    known = {ours.name for other in others for ours, _ in quantities_of_both(first, other)}
    if not names:
        message = "outcomes: are none, must be one or more"
        raise ValueError(message)
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            message = f"outcomes: is {shown(name)}, must be one that plans have in common{hint}"
            raise ValueError(message)
    return tuple(dict.fromkeys(names))
