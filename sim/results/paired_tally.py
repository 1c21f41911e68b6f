"""A tally of the same runs under two scenarios: what their difference on the same luck needs."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa

from sim.model.words import OUTCOMES
from sim.results.columns import columns_of
from sim.results.estimates import LEVEL
from sim.results.moments import Floats, PairMoments
from sim.results.paired import Paired, difference_of
from sim.results.quantities import Columns, Quantity, quantities
from sim.results.texts import check_alike, finite, named, or_infinite, read_document
from sim.scenario.scenario import Scenario

FORMAT: Final = 1

Played = tuple[Scenario, pa.Table]
"""A scenario and the outcomes of some of its runs."""
Counts = tuple[tuple[int, ...], ...]


class TalliedPair(NamedTuple):
    """A quantity's kind, and the sums of the other scenario (first) and the first one."""

    kind: str
    moments: PairMoments


@dataclass(frozen=True)
class PairedTally:
    """What the differences between two scenarios need of the runs that both have."""

    runs: int
    """How many runs it is of, without those that failed under either."""
    failed: int
    counts: Counts
    """How many runs ended in one way under the first and in another under the other scenario, both
    in the order of `OUTCOMES`."""
    quantities: dict[str, TalliedPair]
    """By the names of `sim.results.quantities`: those that both scenarios have."""

    @classmethod
    def of(cls, first: Played, other: Played, names: Sequence[str] | None = None) -> Self:
        """Return the paired tally of a block of runs under two scenarios, or of some quantities.

        Both tables hold the same runs in the same order. Without names, it is of all quantities
        that both scenarios have.
        """
        wanted = quantities_of_both(first[0], other[0], names)
        played, columns, others = _in_both(first[1], other[1])
        return cls(
            played,
            first[1].num_rows - played,
            _moves(columns("outcome"), others("outcome")),
            {
                ours.name: TalliedPair(
                    ours.kind, PairMoments.of(*theirs.sums(others), *ours.sums(columns))
                )
                for ours, theirs in wanted
            },
        )

    def merged(self, other: "PairedTally") -> "PairedTally":
        """Return the paired tally of the runs of both, of which these come first."""
        check_alike(self.quantities, other.quantities, "quantities")
        counts = np.add(self.counts, other.counts)
        return PairedTally(
            self.runs + other.runs,
            self.failed + other.failed,
            tuple(map(tuple, counts.tolist())),
            {
                name: TalliedPair(one.kind, one.moments.merged(other.quantities[name].moments))
                for name, one in self.quantities.items()
            },
        )

    def difference(self, name: str, level: float = LEVEL) -> Paired:
        """Return by how much more of a quantity there is under the other scenario than the first.

        Means over runs that only some runs have, such as the day of the collapse, are each
        scenario's own mean: which runs have it differs.
        """
        one = named(self.quantities, name, "quantity")
        return difference_of(one.kind, one.moments, level)

    def moves(self) -> dict[str, dict[str, int]]:
        """Return how many runs moved from where to where: `moves()["held"]["collapsed"]`.

        These held under the first scenario and collapsed under the other.
        """
        return {
            outcome: dict(zip(OUTCOMES, row, strict=True))
            for outcome, row in zip(OUTCOMES, self.counts, strict=True)
        }

    def to_json(self) -> str:
        """Return the tally as text, from which `from_json` makes the same to the last bit."""
        document = {
            "kind": "paired tally",
            "format": FORMAT,
            "runs": self.runs,
            "failed": self.failed,
            "counts": self.counts,
            "quantities": {
                name: [one.kind, *finite(one.moments)] for name, one in self.quantities.items()
            },
        }
        return json.dumps(document, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return a paired tally from its text; raise `ValueError` if it is none."""
        told = read_document(text, "paired tally", FORMAT)
        return cls(
            told["runs"],
            told["failed"],
            tuple(map(tuple, told["counts"])),
            {
                name: TalliedPair(kind, _pair_moments(numbers))
                for name, (kind, *numbers) in told["quantities"].items()
            },
        )


def paired_tally_of(
    first: Scenario,
    other: Scenario,
    tables: Iterable[tuple[pa.Table, pa.Table]],
    names: Sequence[str] | None = None,
) -> PairedTally:
    """Return the paired tally of blocks of runs, merged in the order in which they come."""
    found: PairedTally | None = None
    for ours, theirs in tables:
        one = PairedTally.of((first, ours), (other, theirs), names)
        found = one if found is None else found.merged(one)
    if found is None:
        raise ValueError("tables: there are none, must be one pair or more")
    return found


def quantities_of_both(
    first: Scenario, other: Scenario, names: Sequence[str] | None = None
) -> list[tuple[Quantity, Quantity]]:
    """Return the quantities that both scenarios have, as each of them has it.

    Raises `ValueError` for a name that not both have.
    """
    theirs = {one.name: one for one in quantities(other)}
    both = {one.name: (one, theirs[one.name]) for one in quantities(first) if one.name in theirs}
    if names is None:
        return list(both.values())
    return [named(both, name, "quantity") for name in names]


def _in_both(first: pa.Table, other: pa.Table) -> tuple[int, Columns, Columns]:
    """Return how many runs came to an end under both, and what gives their columns."""
    runs = (first.column("run"), other.column("run"))
    if not runs[0].equals(runs[1]):
        raise ValueError(
            f"runs: are {first.num_rows:,} and {other.num_rows:,} that are not the same, must be "
            "the same runs in the same order"
        )
    outcomes = first.column("outcome"), other.column("outcome")
    if any(one.null_count for one in outcomes):
        ended = outcomes[0].is_valid().to_numpy() & outcomes[1].is_valid().to_numpy()
        (kept,) = np.nonzero(ended)
        first, other = first.take(kept), other.take(kept)
    return first.num_rows, columns_of(first), columns_of(other)


def _moves(first: Floats, other: Floats) -> Counts:
    """Return how many runs ended in each of two ways, shape (outcomes, outcomes)."""
    kinds = len(OUTCOMES)
    found = np.bincount((first * kinds + other).astype(np.int64), minlength=kinds**2)
    return tuple(map(tuple, found.reshape(kinds, kinds).tolist()))


def _pair_moments(numbers: list[Any]) -> PairMoments:
    """Return moments from what `finite` made of them."""
    runs, sums, other_sums, more, less, low, high, squares = numbers
    return PairMoments(
        runs,
        tuple(sums),
        tuple(other_sums),
        more,
        less,
        or_infinite(low, math.inf),
        or_infinite(high, -math.inf),
        tuple(map(tuple, squares)),
    )
