"""Two plans held against each other: run by run, where they had the same luck."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.results.paired_tally import PairedTally, paired_tally_of, quantities_of_both
from sim.results.progress import watched, watching
from sim.results.spans import RUNS_PER_BLOCK
from sim.results.unpaired import unpaired_difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa

    from sim.results.estimates import Estimate
    from sim.results.quantities import Quantity
    from sim.results.results import Results

_ENDINGS: Final = ("run", "outcome")


class Difference(NamedTuple):
    """A quantity under two plans, and by how much more of it there is under the other."""

    quantity: Quantity
    first: float
    other: float
    difference: Estimate
    variance_reduction: float
    """By how many times more runs separate luck would need; NaN where there is no telling."""
    runs_that_differ: int | None
    """In how many runs it is not the same under both; None where runs are not paired."""


class Contrast:
    """The runs of another plan against those of the first."""

    def __init__(
        self,
        first: Results,
        other: Results,
        names: Sequence[str] | None = None,
        pairs: PairedTally | None = None,
    ) -> None:
        """Hold two results against each other, in all quantities that both have, or in some.

        Their paired tally may be there already.
        """
        self.first = first
        self.other = other
        plans = first.scenario, other.scenario
        known = [ours for ours, _ in quantities_of_both(*plans)]
        self.quantities = [one for one in known if names is None or one.name in names]
        self._given = pairs

    @property
    def is_paired(self) -> bool:
        """Whether run k had the same luck under both, for each k."""
        ours, theirs = self.first, self.other
        return (ours.seed, ours.replications) == (theirs.seed, theirs.replications)

    @cached_property
    def pairs(self) -> PairedTally:
        """What the differences need of all pairs; block by block, so that little is in memory."""
        if self._given is not None:
            return self._given
        names = [one.name for one in self.quantities]
        return self._paired(zip(self.first.tables(), self.other.tables(), strict=True), names)

    def _paired(self, pairs: Iterable[tuple[pa.Table, pa.Table]], names: list[str]) -> PairedTally:
        plans = self.first.scenario, self.other.scenario
        parts = len(self.first.outcome_parts.parts)
        with watching(self.first.progress):
            return paired_tally_of(*plans, watched(pairs, "pairing the runs", "part", parts), names)

    def tally_of(self, name: str) -> PairedTally:
        """Return the paired tally of all pairs with, at least, a quantity that both plans have."""
        if any(one.name == name for one in self.quantities):
            return self.pairs
        return Contrast(self.first, self.other, [name]).tally_of(name)

    @cached_property
    def endings(self) -> PairedTally:
        """How many pairs ended in one way under the first and in another under the other plan."""
        return self._paired(self._ended(), ["held"])

    def _ended(self) -> Iterator[tuple[pa.Table, pa.Table]]:
        ours, theirs = (one.outcome_parts.tables(_ENDINGS) for one in (self.first, self.other))
        return zip(ours, theirs, strict=True)

    def held(self, level: float) -> Estimate:
        """Return by how much more often the ceasefire holds under the other plan."""
        if self.is_paired:
            return self.endings.difference("held", level).difference
        return self._apart("held", level)

    def all_end_the_same(self) -> bool:
        """Return whether each run ends in the same way under both plans."""
        moves = self.endings.moves()
        return all(runs == 0 for one in moves for other, runs in moves[one].items() if one != other)

    def difference(self, quantity: Quantity, level: float) -> Difference:
        """Return a quantity under both, and the difference with an interval of a level."""
        if not self.is_paired:
            value = self._apart(quantity.name, level)
            first = self._value(self.first, quantity.name)
            other = self._value(self.other, quantity.name)
            return Difference(quantity, first, other, value, math.nan, None)
        found = self.pairs.difference(quantity.name, level)
        moments = self.pairs.quantities[quantity.name].moments
        other, first = (
            ratio if sums[1] > 0 else math.nan
            for ratio, sums in zip(
                moments.ratios(), (moments.sums, moments.other_sums), strict=True
            )
        )
        differing = moments.more + moments.less
        return Difference(quantity, first, other, found.difference, found.narrower**2, differing)

    def _apart(self, name: str, level: float) -> Estimate:
        (kind, theirs), ours = self.other.tally.quantities[name], self.first.tally.quantities[name]
        return unpaired_difference(kind, theirs, ours.moments, level)

    def _value(self, results: Results, name: str) -> float:
        moments = results.tally.quantities[name].moments
        return moments.ratio if moments.whole > 0 else math.nan

    def runs(self, before: str, after: str) -> Iterator[int]:
        """Yield the runs that end in one way under the first plan and in another under the other.

        In their order.
        """
        import pyarrow.compute as pc  # noqa: PLC0415 - only here

        for ours, theirs in self._ended():
            moved = pc.and_(pc.equal(ours["outcome"], before), pc.equal(theirs["outcome"], after))
            yield from ours["run"].filter(moved).to_pylist()


def check_comparable(results: Sequence[Results]) -> None:
    """Raise `ValueError` where plans cannot be held against each other."""
    first, seeds = results[0], {one.seed for one in results}
    for one in results[1:]:
        if one.scenario.run.horizon_days != first.scenario.run.horizon_days:
            days = first.scenario.run.horizon_days, one.scenario.run.horizon_days
            message = (
                f"run.horizon_days: is {days[0]:g} under the first plan and {days[1]:g} under "
                "another, must be the same: who is watched for longer sees more"
            )
            raise ValueError(message)
    if len(seeds) < len(results):
        for one in results:
            _check_rows(one)


def _check_rows(one: Results) -> None:
    if not one.batch.rows and one.replications > RUNS_PER_BLOCK:
        message = (
            "rows: are not kept of all runs, must be: pairs of runs are compared, of which sums "
            "tell nothing"
        )
        raise ValueError(message)
