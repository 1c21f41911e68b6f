"""Where the rows of a batch are kept: parts, pieces of what is not whole yet, and sums."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.results.folder import DamagedError, give_file, write_file
from sim.results.parts import part_name
from sim.results.pieces import Failure, Written, write_rows
from sim.results.sums import Summed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from sim.results.held import Held
    from sim.results.spans import Block


SUMS: Final = "tally.json"
_TABLES: Final = ("crises", "outcomes")


class Place(NamedTuple):
    """A folder for the rows of a batch."""

    folder: Path
    batch_id: str
    crises: str
    """The name of the table of crises: whether all of them are to be there."""
    stays: bool = True
    """Whether the folder is there when the program is not, so that pieces are worth writing."""
    makes_folders: bool = True
    """Whether folders that are not there are made: not by others, who may come too late."""

    @property
    def pieces(self) -> Path:
        """Where the pieces are, as long as something is missing."""
        return self.folder / ".pieces"

    def somewhere(self) -> Place:
        """Return the place for others, who may work in another folder: they can write pieces."""
        for name in _TABLES:
            (self.pieces / name).mkdir(parents=True, exist_ok=True)
        return self._replace(folder=self.folder.absolute(), makes_folders=False)

    def written(self, held: Held, folders: tuple[Path, Path], name: str) -> Held:
        """Write rows, the crises first: without the outcomes nothing counts."""
        crises, written = held.crises, []
        for folder, rows in zip(folders, (crises, held.outcomes), strict=True):
            if rows is not None:
                if self.makes_folders:
                    folder.mkdir(parents=True, exist_ok=True)
                written.append(self._written(rows, folder / name, held))
        return held._replace(outcomes=written[-1], crises=None if crises is None else written[0])

    def _written(self, rows: pa.Table | Written, path: Path, held: Held) -> Written:
        if isinstance(rows, Written):
            give_file(rows.path, path)
            return rows._replace(path=path)
        return write_rows(path, rows, self.batch_id, held.spans, held.failures)

    def write_part(self, block: Block, held: Held) -> Held:
        """Write what a block is; the files of a piece that is all of it only get another name."""
        folders = self.folder / self.crises, self.folder / "outcomes"
        return self.written(held, folders, part_name(block.first))

    def write_piece(self, held: Held) -> Held:
        """Write what there is of a block."""
        first, last = held.spans[0], held.spans[-1]
        name = f"{first.case}-{first.start}-{last.case}-{last.stop}.parquet"
        crises, outcomes = (self.pieces / one for one in _TABLES)
        return self.written(held, (crises, outcomes), name)

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
        if self.pieces.exists():
            shutil.rmtree(self.pieces)


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
    if path.is_symlink() or not path.is_file():
        message = f"{path}: is no file"
        raise DamagedError(message)
    seal, _, text = path.read_bytes().partition(b"\n")
    if hashlib.sha256(text.rstrip(b"\n")).hexdigest().encode() != seal:
        message = f"{path}: is not what was written"
        raise DamagedError(message)
    told: dict[str, Any] = json.loads(text)
    return told


def sums_in(path: Path, batch_id: str) -> tuple[Summed, tuple[Failure, ...]]:
    """Return the sums in a file, and which runs failed; raise `DamagedError` if it is wrong."""
    try:
        told = unsealed(path)
        found = _sums(told)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever comes of a file that somebody made up
        message = f"{path}: cannot be read ({type(error).__name__})"
        raise DamagedError(message) from None
    if told["batch_id"] != batch_id:
        message = f"{path}: is of another batch ({told['batch_id']}, not {batch_id})"
        raise DamagedError(message)
    return found


def _sums(told: Mapping[str, Any]) -> tuple[Summed, tuple[Failure, ...]]:
    from sim.results.tally import Tally  # noqa: PLC0415 - takes time, and few need it

    tally, rest = (Tally.from_json(told[key]) if told[key] else None for key in ("tally", "rest"))
    failures = tuple(Failure(*one) for one in told["failures"])
    return Summed(int(told["runs"]), tally, rest), failures
