"""A results folder: what is in it beside the rows, and reading it back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sim.results.folder import DamagedError, give_file, new_folder, write_file
from sim.results.gathering import Keeping
from sim.results.locking import locked
from sim.results.manifest import (
    DISCLAIMER,
    MANIFEST,
    as_json,
    batch_of,
    damaged_files,
    files_of,
    read_manifest,
    write_manifest,
)
from sim.results.parts import PART, Parts, part_name
from sim.results.pieces import Failure, write_rows
from sim.results.place import SUMS, Place, crises_name, sums_in
from sim.results.progress import watched, watching
from sim.results.results import Results
from sim.scenario.sources import grade_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike
    from typing import Any

    import pyarrow as pa

    from sim.results.spans import Block


def saved(results: Results, folder: str | PathLike[str]) -> Path:
    """Write results to a new folder, and return its path."""
    path = new_folder(folder)
    with locked(path), watching(results.progress):
        write_manifest(path, results.batch)
        place = Place(path, results.batch.batch_id, crises_name(results.batch.crises))
        _save_parts(results, place)
        complete(results, path)
    return path


def _save_parts(results: Results, place: Place) -> None:
    blocks = list(results.batch.layout.blocks())
    for name, parts in (("outcomes", results.outcome_parts), (place.crises, results.crisis_parts)):
        (place.folder / name).mkdir()
        of_blocks = parts.parts if name != "first_crises" else parts.parts[:1]
        both = zip(blocks, of_blocks, strict=False)
        for block, part in watched(both, f"writing the {name}", "part", len(of_blocks)):
            file = place.folder / name / part_name(block.first)
            if isinstance(part, Path):
                give_file(part, file)
            else:
                failures = [one for one in results.failed if _is_in(one, block.spans)]
                write_rows(file, part, place.batch_id, block.spans, failures)
    if results.summed is not None:
        place.write_sums(results.summed, results.failed)


def _is_in(failure: Failure, spans: tuple[tuple[int, int, int], ...]) -> bool:
    return any(case == failure.case and start <= failure.run < stop for case, start, stop in spans)


def complete(results: Results, folder: Path) -> None:
    """Write all that follows from the rows; last the manifest, which says that all is there."""
    write_file(folder / "scenario.toml", results.scenario_as_run().to_toml().encode())
    tables = {
        "sources.csv": results.sources(),
        "summary.csv": results.summary(),
        "quantiles.csv": results.quantiles(),
        "delays.csv": results.delays(),
    }
    if results.failed:
        tables["failures.csv"] = results.failures
    for name, table in tables.items():
        write_file(folder / name, table.to_csv(index=False).encode())
    rounded = json.loads(tables["summary.csv"].to_json(orient="records", double_precision=15))
    document = {
        "run_id": results.run_id,
        "note": DISCLAIMER,
        "values_by_grade": grade_counts(results.scenario),
        "summary": rounded,
    }
    write_file(folder / "summary.json", as_json(document))
    write_manifest(folder, results.batch, files_of(folder))


def opened(folder: str | PathLike[str]) -> Results:
    """Return the results in a folder, every file of which is as the manifest says.

    Raises `DamagedError` if one is not, or if the folder is not complete: `sim resume` goes on
    with what is there and computes the rest.
    """
    path = Path(folder)
    told = read_manifest(path)
    if not told["complete"]:
        message = f"{path}: is not complete, sim resume {path} goes on with it"
        raise DamagedError(message)
    damaged = damaged_files(path, told)
    if damaged:
        names = ", ".join(damaged[:5]) + (" ..." if len(damaged) > 5 else "")  # noqa: PLR2004
        message = f"{path}: damaged or lost: {names}; sim resume {path} computes it again"
        raise DamagedError(message)
    batch = replace(batch_of(path, told), code=told["code"])
    keeping = Keeping(batch.rows, batch.crises)
    blocks = list(batch.layout.blocks())
    with_rows = [block for block in blocks if keeping.keeps_rows(block)]
    with_crises = [block for block in blocks if keeping.keeps_crises(block)]
    outcomes = _parts(path, told, "outcomes", with_rows)
    crises = _parts(path, told, crises_name(batch.crises), with_crises)
    summed = None if batch.rows else sums_in(path / SUMS, told["batch_id"])[0]
    return Results(batch, outcomes, crises, _failures(path), summed, path)


def _parts(folder: Path, told: Mapping[str, Any], name: str, blocks: Sequence[Block]) -> Parts:
    """Return exactly those parts that there must be; others beside them are not looked at."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only who reads needs it

    names = [f"{name}/{part_name(block.first)}" for block in blocks]
    listed = [one for one in told["files"] if PurePosixPath(one).match(f"{name}/{PART}")]
    if sorted(listed) != names:
        message = f"{folder}: its {MANIFEST} lists other parts of {name} than there must be"
        raise DamagedError(message)
    paths = [folder / one for one in names]
    schema: pa.Schema = pq.read_schema(paths[0]).remove_metadata()
    return Parts("outcomes" if name == "outcomes" else "crises", schema, paths)


def _failures(folder: Path) -> tuple[Failure, ...]:
    import csv  # noqa: PLC0415 - hardly ever needed

    file = folder / "failures.csv"
    if not file.exists():
        return ()
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple(
        Failure(int(one["case"]), int(one["run"]), one["kind"], one["message"]) for one in rows
    )
