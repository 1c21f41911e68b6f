"""The manifest of a results folder: what it is the result of, and whether it is complete.

It is written first, so that whoever was interrupted can go on; and again last, with the sha256 of
every file, so that a folder whose manifest has these is whole.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from sim.results.batch import DISCLAIMER, Batch
from sim.results.folder import DamagedError, write_file
from sim.results.progress import watched
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.problems import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sim.scenario.scenario import Scenario

__all__ = ["DISCLAIMER"]

MANIFEST: Final = "manifest.json"
_MOST_SHOWN: Final = 20
# What may be otherwise in a batch that goes on: it is extended, or only called otherwise.
_MAY_DIFFER: Final = frozenset(
    {"run_id", "replications", "until", "files", "note", "complete", "seal"}
)
# Whatever a file can hold that a program did not write.
_WRONG: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class ChangedError(ValueError):
    """A folder is of another batch than the one that is asked for."""


def run_id(scenario: Scenario, seed: int, replications: int) -> str:
    """Return 16 hexadecimal digits that name a result by what determines it."""
    return Batch(scenario, seed, replications).run_id


def write_manifest(folder: Path, batch: Batch, files: Mapping[str, str] | None = None) -> None:
    """Write the manifest; with the sha256 of every file once the folder is complete."""
    told = {**batch.manifest(), "complete": files is not None, "files": dict(files or {})}
    write_file(folder / MANIFEST, as_json({**told, "seal": seal_of(told)}))


def seal_of(told: Mapping[str, Any]) -> str:
    """Return the sha256 of what a manifest tells, by which damage to itself is seen."""
    return hashlib.sha256(as_json({**told, "seal": None})).hexdigest()


def as_json(document: object) -> bytes:
    """Return a document as it stands in a file."""
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def kind_of(folder: Path) -> str:
    """Return what is in a results folder: a run, a sweep, a sensitivity, a study, a comparison.

    Raises what `read_manifest` does.
    """
    return str(plain_manifest(folder).get("kind", "run"))


def plain_manifest(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest as it stands, whatever it is about."""
    path = folder / MANIFEST
    if not path.is_file():
        message = f"{folder}: is no results folder, it has no {MANIFEST}"
        raise FileNotFoundError(message)
    try:
        return dict(json.loads(path.read_bytes()))
    except _WRONG as error:
        message = f"{path}: cannot be read ({type(error).__name__}: {error})"
        raise DamagedError(message) from None


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest; raise `FileNotFoundError` or `DamagedError`."""
    path = folder / MANIFEST
    told = plain_manifest(folder)
    try:
        batch = batch_of(path, told)
        _check_form(told, batch)
    except _WRONG as error:
        message = f"{path}: cannot be read ({type(error).__name__}: {error})"
        raise DamagedError(message) from None
    if told["seal"] != seal_of(told):
        message = f"{path}: is not what was written"
        raise DamagedError(message)
    if told.get("code") == batch.decides_each_row()["code"] and told["run_id"] != batch.run_id:
        message = f"{path}: was changed: its run id does not follow from what it says"
        raise DamagedError(message)
    return dict(told)


def _check_form(told: Mapping[str, Any], batch: Batch) -> None:
    """Raise `ValueError` where a manifest has another form than one that was written."""
    run, files = batch.scenario.run, dict(told["files"])
    is_right = {
        "seed": told["seed"] == run.seed,
        "replications": told["replications"] == run.replications,
        "complete": isinstance(told["complete"], bool),
        "until": isinstance(told["until"], str | None),
        "run_id": isinstance(told["run_id"], str) and isinstance(told["batch_id"], str),
        "seal": isinstance(told["seal"], str),
        "files": isinstance(told["files"], dict)
        and all(_is_below(name) and isinstance(files[name], str) for name in files),
    }
    wrong = [name for name, right in is_right.items() if not right]
    if wrong:
        message = f"wrong: {', '.join(wrong)}"
        raise ValueError(message)


def _is_below(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def batch_of(path: Path, told: Mapping[str, Any]) -> Batch:
    """Return the batch that a manifest tells of, checked like any scenario."""
    cases = told.get("cases", [[]])
    return Batch(
        scenario=checked(Layer(dict(told["scenario"]), {(): Origin(str(path))})),
        seed=int(told["seed"]),
        replications=int(told["replications"]),
        cases=tuple(tuple((str(name), value) for name, value in case) for case in cases),
        crises=bool(told["crises"]),
        rows=bool(told["rows"]),
        until=told["until"],
        about=dict(told["about"]),
    )


def check_same(folder: Path, told: Mapping[str, Any], batch: Batch) -> None:
    """Raise `ChangedError`, with every difference, unless a folder is of this batch.

    The number of runs may be higher than it was.
    """
    asked = json.loads(as_json(batch.manifest()))
    differences = differences_between(_decisive(told), _decisive(asked))
    if int(told["replications"]) > batch.replications:
        differences.append(f"replications: is {told['replications']:,} there, fewer are asked for")
    refuse(folder, differences)


def refuse(folder: Path, differences: list[str]) -> None:
    """Raise `ChangedError` with these differences, if there are any."""
    if differences:
        shown = differences[:_MOST_SHOWN]
        if len(differences) > len(shown):
            shown.append(f"and {len(differences) - len(shown)} more")
        lines = "\n  ".join(shown)
        message = f"{folder}: is of something else, and is left as it is\n  {lines}"
        raise ChangedError(message)


def _decisive(told: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in told.items() if key not in _MAY_DIFFER}
    found["scenario"] = {**found["scenario"], "run": {**found["scenario"]["run"]}}
    found["scenario"]["run"].pop("replications", None)
    found.pop("batch_id", None)
    return found


def differences_between(there: Any, asked: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return what differs between what a folder says and what is asked for, a line each."""
    return list(_differences(there, asked))


def _differences(there: Any, asked: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield each value that differs, as in `path: is 72 there, 24 now`."""
    if isinstance(there, dict) and isinstance(asked, dict):
        for key in [*there, *(one for one in asked if one not in there)]:
            below = f"{path}.{key}" if path else str(key)
            yield from _differences(there.get(key, "nothing"), asked.get(key, "nothing"), below)
    elif there != asked and path == "code":
        yield "code: the rules or the engines of this version of ceasefire-sim are others"
    elif there != asked:
        yield f"{path}: is {_short(there)} there, {_short(asked)} now"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False) if value != "nothing" else "nothing"
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - fits on a line


def sha256_of(path: Path) -> str:
    """Return a file's sha256, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of a results folder that the results themselves are."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_listed(path.relative_to(folder))
    ]
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in watched(files, "taking fingerprints", "file")
    }


def _is_listed(path: Path) -> bool:
    """Return whether a file is one of the results: no lock, no picture, not the manifest."""
    return path.name != MANIFEST and path.name[0] != "." and path.parts[0] != "figures"


def damaged_files(folder: Path, told: Mapping[str, Any]) -> list[str]:
    """Return the names of files that are not there, or not as the manifest says."""
    return [
        name
        for name, digest in watched(told["files"].items(), "checking the files", "file")
        if not (folder / name).is_file() or sha256_of(folder / name) != digest
    ]
