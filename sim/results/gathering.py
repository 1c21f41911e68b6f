"""A batch's rows, as they come, become the parts of its tables.

Blocks of runs fill up one after the other. A full one becomes a part, of which every byte follows
from what the rows are: not from who played them, when, or in how many pieces. In a folder that is
to be kept, what a block that takes long has so far is written too, as a piece, so that a program
that is killed loses seconds; when the block is full its pieces go.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.results.held import Held, Tables, put_together, rows_of
from sim.results.parts import Parts
from sim.results.pieces import Written
from sim.results.spans import RUNS_PER_BLOCK, Block, Layout, Span, without
from sim.results.sums import Summed, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from sim.results.pieces import Failure
    from sim.results.place import Place
    from sim.results.tally import Tally

# Who is killed loses at most so much of what was played, or one chunk.
_SECONDS: Final = 5.0


class Keeping(NamedTuple):
    """What is kept of a batch."""

    rows: bool = True
    """Whether the outcomes of all blocks are, or those of the first one and a tally of all."""
    crises: bool = False
    """Whether all crises are, or those of the first block."""
    tally: Callable[[pa.Table], Tally] | None = None
    """What makes a tally of a block's outcomes; needed where rows are not kept."""

    def keeps_rows(self, block: Block) -> bool:
        """Return whether the outcomes of a block are kept."""
        return self.rows or block.first == 0

    def keeps_crises(self, block: Block) -> bool:
        """Return whether the crises of a block are kept."""
        return (self.crises and self.rows) or block.first == 0


class Gathering:
    """The rows of a batch that are there so far."""

    def __init__(
        self, layout: Layout, empty: Tables, place: Place | None, keeping: Keeping
    ) -> None:
        """Begin with nothing."""
        self.layout = layout
        self._empty = empty
        self._place = place
        self.keeping = keeping
        self.parts: dict[Block, Held] = {}
        """Blocks that are full, and their rows."""
        self.summed = Summed(0, None)
        """Blocks that are full, from the first one on, whose rows need not be kept."""
        self._tallies: dict[Block, Tally] = {}
        self.held: list[Held] = []
        """What is there of others."""
        self.failures: set[Failure] = set()
        self._written_at = time.monotonic()
        self._coming = layout.blocks()
        self._block: Block | None = None
        self._left = 0

    def missing(self, replications: int | None = None) -> list[Span]:
        """Return the runs that are not there, in the order in which they are to be added.

        Of each case only the first so many, if told so.
        """
        there = [span for held in self.held for span in held.spans]
        wanted = [
            span._replace(stop=min(span.stop, replications or span.stop))
            for block in self.layout.blocks()
            if not self._is_full(block)
            for span in block.spans
        ]
        return without([span for span in wanted if span.runs > 0], there)

    def _is_full(self, block: Block) -> bool:
        if self.keeping.rows:
            return block in self.parts
        is_short_one = self.summed.rest is not None and block.first == self.summed.runs
        is_summed = is_short_one or block.first + block.runs <= self.summed.runs
        return is_summed and (block in self.parts or block.first > 0)

    def take_part(self, block: Block, held: Held) -> None:
        """Take a block's rows that are in the folder already."""
        self.parts[block] = held
        self.failures.update(held.failures)

    def take_sums(self, summed: Summed, failures: Sequence[Failure]) -> None:
        """Take the tally of the first blocks that is in the folder already."""
        self.summed = summed
        self.failures.update(failures)

    def add(self, held: Held) -> None:
        """Add rows of runs that were missing, in the order of `missing`."""
        block = self.layout.block_at(*held.spans[0][:2])
        if block != self._block:
            self._end_those_before(block)
            self._block, self._left = block, self._missing_in(block)
        if held.tally is not None:
            self.failures.update(held.failures)
            self._sum_up(block, held.tally)
            return
        self.held.append(held)
        self._left -= sum(span.runs for span in held.spans)
        if self._left == 0:
            self._end(block)
        elif time.monotonic() - self._written_at > _SECONDS:
            self.write_pieces()

    def _end_those_before(self, block: Block) -> None:
        """End the blocks that are full of pieces from the start: they are summed in their order."""
        for one in self._coming:
            if one == block:
                return
            if not self._is_full(one):
                self._end(one)

    def _missing_in(self, block: Block) -> int:
        there = [span for held in self.held for span in held.spans]
        return sum(span.runs for span in without(block.spans, there))

    def write_pieces(self) -> None:
        """Write what is only in memory, if the folder stays."""
        loose = [held for held in self.held if not held.is_written]
        if loose and self._place is not None and self._place.stays:
            spans = [span for held in loose for span in held.spans]
            piece = self._place.write_piece(put_together(spans, loose, self._empty))
            self.held = [*(held for held in self.held if held.is_written), piece]
        self._written_at = time.monotonic()

    def _end(self, block: Block) -> None:
        """Make a part of a block that is full, and forget its pieces."""
        full = self._in_one_piece(block) or put_together(block.spans, self.held, self._empty)
        self.failures.update(full.failures)
        if not self.keeping.keeps_crises(block):
            full = full._replace(crises=None)
        make = None if self.keeping.rows else self.keeping.tally
        if make is not None and block.first >= self.summed.runs:
            self._sum_up(block, make(rows_of(full.outcomes)))
        if self.keeping.keeps_rows(block):
            self.parts[block] = self._place.write_part(block, full) if self._place else full
        gone = [held for held in self.held if not without(held.spans, block.spans)]
        self.held = [held for held in self.held if held not in gone]
        for held in gone:
            held.forget()
        self._written_at = time.monotonic()

    def _in_one_piece(self, block: Block) -> Held | None:
        """Return the files of a piece that is the whole block: they are its part already."""
        for held in self.held:
            enough = held.crises is not None or not self.keeping.keeps_crises(block)
            if held.is_written and held.spans == block.spans and enough:
                return held
        return None

    def _sum_up(self, block: Block, tally: Tally) -> None:
        """Add what a summary needs of a block's outcomes.

        A last block that is short stays apart: in a longer batch it will be another one.
        """
        if block.runs == RUNS_PER_BLOCK:
            self.summed = Summed(block.first + block.runs, merged(self.summed.tally, tally))
        else:
            self.summed = self.summed._replace(rest=tally)
        if self._place is not None:
            self._place.write_sums(self.summed, tuple(sorted(self.failures)))

    def tally_so_far(
        self, name: str, replications: int, make: Callable[[pa.Table], Tally]
    ) -> Tally:
        """Return what the estimate of a quantity needs of the first runs of a batch of one case.

        All of them are there, and `make` makes it of rows. Where rows are not kept, those of the
        blocks that are summed up cannot be looked at again: then all of these are among them.
        """
        found: Tally | None = None
        if not self.keeping.rows and self.summed.tally is not None:
            found = self.summed.tally.only(name)
        summed = self.summed.runs if found is not None else 0
        for block in Layout(1, replications).blocks():
            if block.first < summed:
                continue
            tally = self._tallies.get(block)
            if tally is None:
                rows = put_together(block.spans, [*self.held, *self.parts.values()], self._empty)
                tally = make(rows_of(rows.outcomes))
            if self._is_full(block):
                self._tallies[block] = tally
            found = merged(found, tally)
        if found is None:
            message = f"runs: are {replications}, must be 1 or more"
            raise ValueError(message)
        return found

    def finish(self, replications: int) -> Gathered:
        """Return the parts, once all runs are there, and tidy up."""
        self.layout = self.layout._replace(replications=replications)
        blocks = list(self.layout.blocks())
        for block in blocks:
            if not self._is_full(block):
                self._end(block)
        for held in self.held:  # a piece of a batch that is extended may lie in several blocks
            held.forget()
        self.held = []
        if self._place is not None:
            self._place.tidy_up()
        kept = [self.parts[block] for block in blocks if block in self.parts]
        return Gathered(
            self._parts_of("outcomes", [held.outcomes for held in kept]),
            self._parts_of("crises", [held.crises for held in kept if held.crises is not None]),
            tuple(sorted(self.failures)),
            None if self.keeping.rows else self.summed,
        )

    def _parts_of(self, name: str, rows: Sequence[pa.Table | Written]) -> Parts:
        schema = getattr(self._empty, name).schema
        return Parts(name, schema, [one.path if isinstance(one, Written) else one for one in rows])


class Gathered(NamedTuple):
    """All that is there of a batch that is done."""

    outcomes: Parts
    crises: Parts
    failures: tuple[Failure, ...]
    summed: Summed | None
    """What a summary needs of all runs, where rows are not kept."""
