"""What is kept of runs whose rows are not: the tally of blocks from the first one on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.results.tally import Tally


class Summed(NamedTuple):
    """The tally of the first runs of a batch."""

    runs: int
    """How many they are: whole blocks."""
    tally: Tally | None
    rest: Tally | None = None
    """That of the last block, if it is short."""

    def whole(self) -> Tally | None:
        """Return the tally of all of them."""
        return self.tally if self.rest is None else merged(self.tally, self.rest)


def merged(tally: Tally | None, other: Tally) -> Tally:
    """Return the tally of the runs of both, of which the other's come later."""
    return other if tally is None else tally.merged(other)
