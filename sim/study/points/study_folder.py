"""The folder of a study: a results folder for each plan, and what was played.

What stands in it:

- manifest.json: what is played, and whether all is there; written first, and again last
- study.toml: the study with every default; its scenarios are those in the folder
- table.csv: the estimates: plan, perhaps case and paths, quantity, interval
- differences.csv: by how much the other plans differ from the first at the same point
- plans/<label>/: the results of each scenario, as `sim run` or `sim sweep` writes them
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.results.batch import DISCLAIMER
from sim.results.folder import DamagedError, write_file
from sim.results.manifest import (
    MANIFEST,
    as_json,
    batch_of,
    check_same,
    damaged_files,
    differences_between,
    plain_manifest,
    refuse,
    seal_of,
)
from sim.study.comparing.plan_labels import names_for_files
from sim.study.points.study_file import KIND, Study

if TYPE_CHECKING:
    from os import PathLike


FORMAT: Final = 1


TEXTS: Final = ("study.toml", "table.csv", "differences.csv")


def study_id(study: Study) -> str:
    """Return 16 hexadecimal digits that name what is played."""
    told = json.dumps([study.labels, [one.run_id for one in study.batches], study.outcomes])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def places(study: Study) -> list[Path]:
    """Return where the results of each plan are, below the folder of the study."""
    return [Path("plans", name) for name in names_for_files(study.labels)]


def _manifest(study: Study) -> dict[str, Any]:
    return {
        "kind": KIND,
        "format": FORMAT,
        "note": DISCLAIMER,
        "study_id": study_id(study),
        "title": study.title,
        "outcomes": None if study.outcomes is None else list(study.outcomes),
        "study": dict(study.told),
        "plans": [
            {"label": label, "folder": place.as_posix(), "batch": batch.manifest()}
            for label, place, batch in zip(study.labels, places(study), study.batches, strict=True)
        ],
    }


def write_study_manifest(folder: Path, study: Study, files: dict[str, str] | None) -> None:
    """Write the manifest; with the sha256 of every file once the folder is complete."""
    told = {**_manifest(study), "complete": files is not None, "files": files or {}}
    write_file(folder / MANIFEST, as_json({**told, "seal": seal_of(told)}))


def study_toml(study: Study) -> str:
    """Return the study as a file that plays the scenarios in the folder again."""
    import tomli_w  # noqa: PLC0415 - only needed here

    files = {
        label: (place / "scenario.toml").as_posix()
        for label, place in zip(study.labels, places(study), strict=True)
    }
    told = {"format": FORMAT, "title": study.title, "scenarios": files, **study.told}
    if study.outcomes is not None:
        told["outcomes"] = list(study.outcomes)
    ordered = sorted(told.items(), key=lambda one: isinstance(one[1], dict))
    return tomli_w.dumps(dict(ordered))


def read_study(folder: str | PathLike[str]) -> tuple[Study, dict[str, Any]]:
    """Return what a folder is a study of, and its manifest.

    Raises `FileNotFoundError` or `DamagedError` where it is none.
    """
    path = Path(folder)
    told = plain_manifest(path)
    try:
        study = _study_of(path, told)
        _check_form(told)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        message = f"{path / MANIFEST}: cannot be read ({type(error).__name__}: {error})"
        raise DamagedError(message) from None
    return study, told


def _study_of(path: Path, told: dict[str, Any]) -> Study:
    outcomes = None if told["outcomes"] is None else tuple(map(str, told["outcomes"]))
    labels = tuple(str(one["label"]) for one in told["plans"])
    batches = tuple(batch_of(path / MANIFEST, one["batch"]) for one in told["plans"])
    return Study(str(told["title"]), labels, batches, outcomes, dict(told["study"]))


def _check_form(told: dict[str, Any]) -> None:
    """Raise `ValueError` if a manifest is not what was written."""
    if (told["kind"], told["format"]) != (KIND, FORMAT) or told["seal"] != seal_of(told):
        message = "is not the manifest of a study as it was written"
        raise ValueError(message)


def check_same_study(folder: Path, study: Study) -> None:
    """Raise `ChangedError`, with the differences, unless a folder is of this study."""
    there, told = read_study(folder)
    asked = _manifest(study)
    names = [one["label"] for one in told["plans"]], list(study.labels)
    differences = differences_between({"plans": names[0]}, {"plans": names[1]})
    differences += differences_between(
        {"outcomes": told["outcomes"]}, {"outcomes": asked["outcomes"]}
    )
    refuse(folder, differences)
    for place, batch, one in zip(places(there), study.batches, told["plans"], strict=True):
        check_same(folder / place, one["batch"], batch)


def is_whole(folder: Path, study: Study) -> bool:
    """Return whether all that is asked for is there and undamaged."""
    _, told = read_study(folder)
    is_same = told["study_id"] == study_id(study) and told["title"] == study.title
    return bool(told["complete"]) and is_same and not damaged_of(folder, told)


def damaged_of(folder: Path, told: dict[str, Any]) -> list[str]:
    """Return the names of files that are not there, or not as the manifests say."""
    damaged = damaged_files(folder, told)
    for one in told["plans"]:
        place = folder / one["folder"]
        if f"{one['folder']}/{MANIFEST}" not in damaged:
            names = damaged_files(place, plain_manifest(place))
            damaged += [f"{one['folder']}/{name}" for name in names]
    return damaged
