"""The folder of a comparison: a results folder for each plan, and what was compared.

    manifest.json       which plans, in their order, and whether all is there
    answer.txt          the answer in words
    differences.csv     what the other plans change against the first
    moves.csv           how many runs end otherwise than under the first
    pairs.json          the sums that the differences are made of
    plans/<label>/      the results of each plan, as `sim run` writes them

The manifest is written first, so that whoever was interrupted can go on, and again last.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.results.batch import DISCLAIMER
from sim.results.folder import DamagedError, new_folder, write_file
from sim.results.locking import locked
from sim.results.manifest import (
    MANIFEST,
    as_json,
    batch_of,
    check_same,
    damaged_files,
    differences_between,
    refuse,
    seal_of,
    sha256_of,
)
from sim.results.paired_tally import PairedTally
from sim.results.saving import opened
from sim.study.comparing.comparison import Comparison
from sim.study.comparing.plan_labels import names_for_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from sim.results.batch import Batch

KIND: Final = "comparison"
FORMAT: Final = 1
_DECISIVE: Final = ("labels", "outcomes", "until")
_PAIRS: Final = "pairs.json"
_TEXTS: Final = ("answer.txt", "differences.csv", "moves.csv", _PAIRS)


@dataclass(frozen=True)
class Plans:
    """What is compared: plans by their labels, each with the runs that are asked for."""

    labels: tuple[str, ...]
    batches: tuple[Batch, ...]
    outcomes: tuple[str, ...] | None = None
    until: str | None = None

    @classmethod
    def of(cls, comparison: Comparison) -> Plans:
        """Return those of a comparison that is done."""
        batches = tuple(one.batch for one in comparison.results)
        return cls(comparison.labels, batches, comparison.outcomes, comparison.until)

    @property
    def folders(self) -> list[Path]:
        """Where the results of each plan are, below the folder of the comparison."""
        return [Path("plans", name) for name in names_for_files(self.labels)]

    @property
    def comparison_id(self) -> str:
        """16 hexadecimal digits that name what is compared."""
        runs = [one.run_id for one in self.batches]
        told = json.dumps([self.labels, runs, self.outcomes, self.until])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def with_replications(self, replications: int) -> Plans:
        """Return the same plans with so many runs of each, however precise that is."""
        batches = tuple(one.with_replications(replications) for one in self.batches)
        return replace(self, batches=batches, until=None)

    def manifest(self) -> dict[str, Any]:
        """Return all that is to be known of it, of which every byte follows from what it is."""
        plans = [
            {"label": label, "folder": folder.as_posix(), "batch": batch.manifest()}
            for label, folder, batch in zip(self.labels, self.folders, self.batches, strict=True)
        ]
        return {
            "kind": KIND,
            "format": FORMAT,
            "note": DISCLAIMER,
            "comparison_id": self.comparison_id,
            "labels": list(self.labels),
            "outcomes": None if self.outcomes is None else list(self.outcomes),
            "until": self.until,
            "seed": _one_or_all([one.seed for one in self.batches]),
            "replications": _one_or_all([one.replications for one in self.batches]),
            "plans": plans,
        }


def _one_or_all(numbers: Sequence[int]) -> int | list[int]:
    return numbers[0] if len(set(numbers)) == 1 else list(numbers)


def write_begin(folder: Path, plans: Plans) -> None:
    """Say what the folder is going to be."""
    _write_manifest(folder, {**plans.manifest(), "complete": False, "files": {}})


def _write_manifest(folder: Path, told: dict[str, Any]) -> None:
    write_file(folder / MANIFEST, as_json({**told, "seal": seal_of(told)}))


def complete(comparison: Comparison, folder: Path) -> None:
    """Write what follows from the results; last the manifest, which says that all is there."""
    answer = "\n".join([comparison.answer(), *comparison.precision(), f"Note: {DISCLAIMER}."])
    differences = comparison.differences().to_csv(index=False)
    pairs = [
        one.pairs.to_json() if one.is_paired else None for one in comparison.contrasts.values()
    ]
    moves = comparison.moves().to_csv(index=False)
    texts = (f"{answer}\n", differences, moves, as_json(pairs).decode())
    for name, text in zip(_TEXTS, texts, strict=True):
        write_file(folder / name, text.encode())
    plans = Plans.of(comparison)
    files = {name: sha256_of(folder / name) for name in _files_of(plans)}
    _write_manifest(folder, {**plans.manifest(), "complete": True, "files": files})


def _files_of(plans: Plans) -> list[str]:
    """Return the files that a comparison has, below its folder; those of a plan by its manifest."""
    return [*_TEXTS, *((one / MANIFEST).as_posix() for one in plans.folders)]


def saved(comparison: Comparison, folder: str | PathLike[str]) -> Path:
    """Write a comparison to a new folder, and return its path."""
    path = new_folder(folder)
    with locked(path):
        plans = Plans.of(comparison)
        write_begin(path, plans)
        (path / "plans").mkdir()
        for below, results in zip(plans.folders, comparison.results, strict=True):
            results.save(path / below, crises=results.batch.crises)
        complete(comparison, path)
    return path


def read_plans(folder: Path) -> tuple[Plans, dict[str, Any]]:
    """Return what a folder is a comparison of, and its manifest.

    Raises `FileNotFoundError` or `DamagedError` where it is none.
    """
    path = folder / MANIFEST
    if not path.is_file():
        message = f"{folder}: is no folder of a comparison, it has no {MANIFEST}"
        raise FileNotFoundError(message)
    try:
        told = json.loads(path.read_bytes())
        plans = _plans_of(path, told)
        _check(told, plans)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        message = f"{path}: cannot be read ({type(error).__name__}: {error})"
        raise DamagedError(message) from None
    return plans, told


def _plans_of(path: Path, told: dict[str, Any]) -> Plans:
    batches = tuple(batch_of(path, one["batch"]) for one in told["plans"])
    outcomes = None if told["outcomes"] is None else tuple(map(str, told["outcomes"]))
    return Plans(tuple(map(str, told["labels"])), batches, outcomes, told["until"])


def _check(told: dict[str, Any], plans: Plans) -> None:
    """Raise `ValueError` if a manifest is not what was written."""
    if told["kind"] != KIND or told["format"] != FORMAT:
        message = f"is a {told['kind']} of format {told['format']}, must be a {KIND} of {FORMAT}"
        raise ValueError(message)
    files = _files_of(plans) if told["complete"] else []
    if told["seal"] != seal_of(told) or sorted(told["files"]) != sorted(files):
        message = "is not what was written"
        raise ValueError(message)


def check_same_plans(folder: Path, told: dict[str, Any], plans: Plans) -> None:
    """Raise `ChangedError`, with the differences, unless a folder is of these plans.

    The number of runs may be higher than it was, and then no precision need be asked for.
    """
    asked = plans.manifest()
    there = {key: told[key] for key in _DECISIVE}
    if plans.until is None:
        there["until"] = None
    refuse(folder, differences_between(there, {key: asked[key] for key in _DECISIVE}))
    for one, batch in zip(told["plans"], plans.batches, strict=True):
        check_same(folder / one["folder"], one["batch"], batch)


def is_whole(folder: Path, told: dict[str, Any], plans: Plans) -> bool:
    """Return whether all that is asked for is there, as the manifest says."""
    asked = plans.manifest()
    enough = told["replications"] == asked["replications"] or plans.until is not None
    return bool(
        told["complete"]
        and told["until"] == asked["until"]
        and enough
        and not damaged_files(folder, told)
        and all(_is_whole(folder / below) for below in plans.folders)
    )


def _is_whole(folder: Path) -> bool:
    told = json.loads((folder / MANIFEST).read_bytes())
    return bool(told["complete"]) and not damaged_files(folder, told)


def open_comparison(folder: str | PathLike[str]) -> Comparison:
    """Return the comparison in a folder, every file of which is as its manifests say.

    Raises `DamagedError` if one is not, or if the folder is not complete.
    """
    path = Path(folder)
    plans, told = read_plans(path)
    if not told["complete"]:
        message = f"{path}: is not complete, sim resume {path} goes on with it"
        raise DamagedError(message)
    damaged = damaged_files(path, told)
    if damaged:
        message = f"{path}: damaged or lost: {', '.join(damaged)}; sim resume {path} mends it"
        raise DamagedError(message)
    results = tuple(opened(path / below) for below in plans.folders)
    told = json.loads((path / _PAIRS).read_bytes())
    pairs = tuple(None if one is None else PairedTally.from_json(one) for one in told)
    return Comparison(plans.labels, results, plans.outcomes, plans.until, path, pairs)
