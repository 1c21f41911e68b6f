"""What is in a folder of an interrupted batch: what can be believed is used, the rest goes.

Only names that this package gives are looked at, and only under a lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.folder import DamagedError
from sim.results.held import Held, Tables
from sim.results.pieces import checked_rows
from sim.results.place import SUMS, Place, sums_in
from sim.results.spans import Block, Span, without

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sim.results.gathering import Gathering
    from sim.results.pieces import Written


def take_up(gathering: Gathering, place: Place, empty: Tables) -> list[str]:
    """Let a gathering go on with what is in a folder; return what was wrong with any of it.

    What is damaged is removed, so that it is computed again.
    """
    opening = _Opening(gathering, place, empty)
    opening.remove_halves()
    opening.take_sums()
    opening.take_parts()
    opening.take_pieces()
    return opening.complaints


class _Opening:
    """The taking up of one folder."""

    def __init__(self, gathering: Gathering, place: Place, empty: Tables) -> None:
        self._gathering = gathering
        self._place = place
        self._empty = empty
        self._blocks = {block.first: block for block in gathering.layout.blocks()}
        self.complaints: list[str] = []

    def _folders(self) -> list[Path]:
        place = self._place
        parts = [place.folder / name for name in ("outcomes", "crises", "first_crises")]
        return [place.folder, *parts, place.pieces / "outcomes", place.pieces / "crises"]

    def remove_halves(self) -> None:
        """Remove files that were being written when somebody was killed."""
        for folder in self._folders():
            for half in folder.glob(".*.tmp"):
                half.unlink(missing_ok=True)

    def _read(self, path: Path, table: str) -> Written | None:
        """Return a file's rows, or nothing: it is not there, or is damaged and now removed."""
        if not path.exists():
            return None
        try:
            return checked_rows(path, self._place.batch_id, getattr(self._empty, table).schema)
        except DamagedError as error:
            self._remove(path, str(error))
        return None

    def _remove(self, path: Path, complaint: str) -> None:
        self.complaints.append(f"{complaint}; it is removed and its runs are played again")
        path.unlink(missing_ok=True)

    def take_sums(self) -> None:
        """Take up the tally of blocks whose rows are not kept, but not that of a short last one."""
        path = self._place.folder / SUMS
        if not path.exists():
            return
        try:
            summed, failures = sums_in(path, self._place.batch_id)
        except DamagedError as error:
            self._remove(path, str(error))
        else:
            known = [one for one in failures if one.run < summed.runs]
            self._gathering.take_sums(summed._replace(rest=None), known)

    def take_parts(self) -> None:
        """Take up the parts; one that is no whole block any more, in a longer batch, is a piece."""
        place = self._place
        for path in sorted((place.folder / "outcomes").glob("part-*.parquet")):
            outcomes = self._read(path, "outcomes")
            crises = self._read(place.folder / place.crises / path.name, "crises")
            if outcomes is None:
                continue
            held = Held(outcomes.spans, outcomes, crises, outcomes.failures)
            block = self._blocks.get(int(path.stem.removeprefix("part-")))
            needed = block is not None and self._gathering.keeping.keeps_crises(block)
            is_whole = block is not None and block.spans == outcomes.spans
            if is_whole and block is not None and not (needed and crises is None):
                self._gathering.take_part(block, held)
            else:
                self._make_a_piece(held)

    def _make_a_piece(self, held: Held) -> None:
        """Keep the rows of a part that does not stand by itself any more, as a piece."""
        piece = self._place.write_piece(held)
        held.forget()
        if not self._is_of_use(piece):
            piece.forget()

    def take_pieces(self) -> None:
        """Take up the pieces of blocks that are not full."""
        for path in sorted((self._place.pieces / "outcomes").glob("*.parquet")):
            outcomes = self._read(path, "outcomes")
            crises = self._read(self._place.pieces / "crises" / path.name, "crises")
            if outcomes is None:
                continue
            held = Held(outcomes.spans, outcomes, crises, outcomes.failures)
            if self._is_of_use(held):
                self._gathering.held.append(held)
            else:
                held.forget()
        for path in (self._place.pieces / "crises").glob("*.parquet"):
            if not (self._place.pieces / "outcomes" / path.name).exists():
                path.unlink()

    def _is_of_use(self, held: Held) -> bool:
        """Return whether a piece has runs that are missing, and all that is needed of them."""
        blocks = {block for span in held.spans for block in self._blocks_of(span)}
        needs_crises = any(map(self._gathering.keeping.keeps_crises, blocks))
        if needs_crises and held.crises is None:
            return False
        missing = self._gathering.missing()
        return any(_overlap(span, one) for span in held.spans for one in missing)

    def _blocks_of(self, span: Span) -> Iterator[Block]:
        """Yield the blocks that a span lies in."""
        layout = self._gathering.layout
        if span.case >= layout.cases:
            return
        run = span.start
        while run < min(span.stop, layout.replications):
            block = layout.block_at(span.case, run)
            yield block
            run = block.spans[0].stop


def _overlap(one: Span, other: Span) -> bool:
    return bool(without([one], [other]) != [one])
