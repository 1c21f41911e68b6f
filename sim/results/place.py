"""Where the rows of a batch are kept: parts, pieces of what is not whole yet, and sums."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.results.folder import DamagedError, write_file
from sim.results.held import Held, rows_of
from sim.results.parts import part_name
from sim.results.pieces import Failure, write_rows
from sim.results.sums import Summed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sim.results.spans import Block


SUMS: Final = "tally.json"


class Place(NamedTuple):
    """A folder for the rows of a batch."""

    folder: Path
    batch_id: str
    crises: str
    """The name of the table of crises: whether all of them are to be there."""
    stays: bool = True
    """Whether the folder is there when the program is not, so that pieces are worth writing."""

    @property
    def pieces(self) -> Path:
        """Where the pieces are, as long as something is missing."""
        return self.folder / ".pieces"

    def written(self, held: Held, folders: tuple[Path, Path], name: str) -> Held:
        """Write rows, the crises first: without the outcomes nothing counts."""
        crises, written = held.crises, []
        for folder, rows in zip(folders, (crises, held.outcomes), strict=True):
            if rows is not None:
                folder.mkdir(parents=True, exist_ok=True)
                written.append(
                    write_rows(
                        folder / name, rows_of(rows), self.batch_id, held.spans, held.failures
                    )
                )
        return held._replace(outcomes=written[-1], crises=None if crises is None else written[0])

    def write_part(self, block: Block, held: Held) -> Held:
        """Write what a block is."""
        folders = self.folder / self.crises, self.folder / "outcomes"
        return self.written(held, folders, part_name(block.first))

    def write_piece(self, held: Held) -> Held:
        """Write what there is of a block."""
        first, last = held.spans[0], held.spans[-1]
        name = f"{first.case}-{first.start}-{last.case}-{last.stop}.parquet"
        return self.written(held, (self.pieces / "crises", self.pieces / "outcomes"), name)

    def write_sums(self, summed: Summed, failures: Sequence[Failure]) -> None:
        """Write what a summary needs of runs whose rows are not kept."""
        told = {
            "batch_id": self.batch_id,
            "runs": summed.runs,
            "failures": [list(one) for one in failures],
            "tally": summed.tally and summed.tally.to_json(),
            "rest": summed.rest and summed.rest.to_json(),
        }
        write_file(self.folder / SUMS, _sealed(told))

    def tidy_up(self) -> None:
        """Remove the pieces, once nothing is missing: also those that somebody wrote too late."""
        shutil.rmtree(self.pieces, ignore_errors=True)


def crises_name(all_of_them: bool) -> str:  # noqa: FBT001 - a fact about a batch
    """Return what the table of crises is called in a folder: whether all are there can be seen."""
    return "crises" if all_of_them else "first_crises"


def _sealed(told: Mapping[str, object]) -> bytes:
    """Return JSON with a hash of itself, by which damage is seen."""
    text = json.dumps(told, ensure_ascii=False)
    seal = hashlib.sha256(text.encode()).hexdigest()
    return f"{seal}\n{text}\n".encode()


def unsealed(path: Path) -> dict[str, Any]:
    """Return what was sealed in a file; raise `DamagedError` if it is not that any more."""
    seal, _, text = path.read_bytes().partition(b"\n")
    if hashlib.sha256(text.rstrip(b"\n")).hexdigest().encode() != seal:
        message = f"{path}: is not what was written"
        raise DamagedError(message)
    told: dict[str, Any] = json.loads(text)
    return told


def sums_in(path: Path, batch_id: str) -> tuple[Summed, tuple[Failure, ...]]:
    """Return the sums in a file, and which runs failed; raise `DamagedError` if it is wrong."""
    from sim.results.tally import Tally  # noqa: PLC0415 - takes time, and few need it

    told = unsealed(path)
    if told["batch_id"] != batch_id:
        message = f"{path}: is of another batch ({told['batch_id']}, not {batch_id})"
        raise DamagedError(message)
    tally, rest = (Tally.from_json(told[key]) if told[key] else None for key in ("tally", "rest"))
    failures = tuple(Failure(*one) for one in told["failures"])
    return Summed(int(told["runs"]), tally, rest), failures
