"""What is in a folder of an interrupted batch: what can be believed is used, the rest goes.

Only names that this package gives are looked at, and only under a lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.folder import DamagedError, remove_halves
from sim.results.held import Held, Tables
from sim.results.parts import PART
from sim.results.pieces import checked_rows
from sim.results.place import SUMS, Place, sums_in
from sim.results.progress import watched
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
    opening.clear()
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
        pieces = [place.pieces, place.pieces / "outcomes", place.pieces / "crises"]
        return [place.folder, *parts, *pieces]

    def clear(self) -> None:
        """Remove what was half written; raise `DamagedError` if a folder is somewhere else."""
        for folder in self._folders():
            if folder != self._place.folder and folder.is_symlink():
                message = f"{folder}: is a link, must be a folder"
                raise DamagedError(message)
            remove_halves(folder)

    def _read(self, path: Path, table: str) -> Written | None:
        """Return a file's rows, or nothing: it is not there, or is damaged and now removed."""
        if not path.exists():
            return None
        try:
            return checked_rows(path, self._place.batch_id, getattr(self._empty, table).schema)
        except DamagedError as error:
            self._remove(path, str(error))
        return None

    def _both(self, path: Path, crises_path: Path) -> Held | None:
        """Return the outcomes in a file, if there are any, with the crises of the same runs."""
        outcomes, crises = self._read(path, "outcomes"), self._read(crises_path, "crises")
        if outcomes is None:
            return None
        if crises is not None and crises.spans != outcomes.spans:
            self._remove(crises_path, f"{crises_path}: is of other runs than {path}")
            crises = None
        return Held(outcomes.spans, outcomes, crises, outcomes.failures)

    def _remove(self, path: Path, complaint: str) -> None:
        self.complaints.append(f"{complaint}; it is removed and its runs are played again")
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
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
        paths = sorted((place.folder / "outcomes").glob(PART))
        for path in watched(paths, "checking what is there", "part"):
            held = self._both(path, place.folder / place.crises / path.name)
            if held is None:
                continue
            block = self._blocks.get(int(path.stem.removeprefix("part-")))
            needed = block is not None and self._gathering.keeping.keeps_crises(block)
            is_whole = block is not None and block.spans == held.spans
            if is_whole and block is not None and not (needed and held.crises is None):
                self._gathering.take_part(block, held)
            else:
                self._make_a_piece(held)
        self._remove_lone_crises(place.folder / place.crises, place.folder / "outcomes", PART)

    def _make_a_piece(self, held: Held) -> None:
        """Keep the rows of a part that does not stand by itself any more, as a piece."""
        piece = self._place.write_piece(held)
        held.forget()
        if not self._is_of_use(piece):
            piece.forget()

    def take_pieces(self) -> None:
        """Take up the pieces of blocks that are not full."""
        paths = sorted((self._place.pieces / "outcomes").glob("*.parquet"))
        for path in watched(paths, "checking what is there", "piece"):
            held = self._both(path, self._place.pieces / "crises" / path.name)
            if held is None:
                continue
            if self._is_of_use(held):
                self._gathering.held.append(held)
            else:
                held.forget()
        pieces = self._place.pieces
        self._remove_lone_crises(pieces / "crises", pieces / "outcomes", "*.parquet")

    def _remove_lone_crises(self, crises: Path, outcomes: Path, names: str) -> None:
        """Remove crises of runs whose outcomes are not there: these are played again."""
        for path in crises.glob(names):
            if not (outcomes / path.name).exists():
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
