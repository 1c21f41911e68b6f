"""The commands that give the same numbers again, each checked to mean what was played."""

from __future__ import annotations

import shlex
from itertools import product
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from sim.results.results import Results
from sim.scenario.problems import shown
from sim.study.comparing.compared_folder import Plans
from sim.study.comparing.comparison import Comparison
from sim.study.comparing.plan_labels import names_for_files
from sim.study.points.asked_points import parsed
from sim.study.points.studies import StudyResults
from sim.study.points.sweep import Sweep
from sim.study.values.sensitivity import Sensitivity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import PurePath

    from sim.results.batch import Batch
    from sim.show.pictures import Found
    from sim.study.points.varied import Varied

_AGAIN: Final = "again"
_SAME: Final = "same"
_OUT: Final = ("--out", _AGAIN)


def typed_commands(found: Found) -> list[str]:
    """Return what to type to play the same again; nothing where the folder does not tell.

    That is so for points that were spread over ranges: only the points are kept.
    """
    match found:
        case Results():
            return [_run(found.batch, scenario_files(found)[0])]
        case Comparison():
            return _compare(found)
        case Sweep():
            return _sweep(found)
        case Sensitivity():
            return _sensitivity(found)
        case StudyResults():
            return [_line("sim", "study", f"{folder_name(found)}/study.toml", *_OUT)]


def exact_commands(found: Found) -> list[str]:
    """Return what to type to get the whole folder again, byte for byte."""
    name = folder_name(found)
    if name is None:
        return []
    return [
        f"mkdir {_SAME}",
        _line("cp", f"{name}/manifest.json", f"{_SAME}/"),
        f"sim resume {_SAME}",
    ]


def folder_name(found: Found) -> str | None:
    """Return what the folder is called, wherever it is; None where it is in none that stays."""
    return None if found.folder is None else found.folder.resolve().name


def scenario_files(found: Found) -> list[str]:
    """Return where the file of each scenario is, or what to call it where there is no folder."""
    name = folder_name(found)
    places: Sequence[PurePath]
    match found:
        case Comparison() if name is not None:
            places = Plans.of(found).folders
        case StudyResults():
            places = [PurePosixPath("plans", one) for one in names_for_files(found.study.labels)]
        case Comparison():
            return [f"{one}.toml" for one in names_for_files(found.labels)]
        case _:
            return ["scenario.toml" if name is None else f"{name}/scenario.toml"]
    return [f"{name}/{place.as_posix()}/scenario.toml" for place in places]


def _line(*words: object) -> str:
    return shlex.join(map(str, words))


def _runs(batch: Batch) -> tuple[object, ...]:
    return ("--replications", batch.replications, "--seed", batch.seed)


def _run(batch: Batch, file: str, out: str = _AGAIN) -> str:
    """Return the command of a batch of runs; a precision that was asked for has had its effect."""
    kept = [*(["--crises"] if batch.crises else []), *([] if batch.rows else ["--sums"])]
    return _line("sim", "run", file, *_runs(batch), *kept, "--out", out)


def _compare(found: Comparison) -> list[str]:
    files = scenario_files(found)
    batches = [one.batch for one in found.results]
    if len({(one.seed, one.replications) for one in batches}) > 1:
        own = names_for_files(found.labels)
        return [
            _run(batch, file, f"{_AGAIN}-{name}")
            for batch, file, name in zip(batches, files, own, strict=True)
        ]
    names = ["--outcomes", ",".join(found.outcomes)] if found.outcomes else []
    kept = ["--crises"] if batches[0].crises else []
    return [_line("sim", "compare", *files, *_runs(batches[0]), *names, *kept, *_OUT)]


def _sweep(found: Sweep) -> list[str]:
    varied = _grid(found)
    if varied is None:
        return []
    options = [word for text in varied for word in ("--vary", text)]
    if found.outcomes:
        options += ["--outcomes", ",".join(found.outcomes)]
    file = scenario_files(found)[0]
    return [_line("sim", "sweep", file, *options, *_runs(found.batch), *_OUT)]


def _grid(found: Sweep) -> list[str] | None:
    """Return what varies as it can be typed, if the points are all combinations of that."""
    cases = [[value for _, value in case] for case in found.batch.cases]
    columns = [_once(column) for column in zip(*cases, strict=True)]
    texts = [_typed(path, values) for path, values in zip(found.paths, columns, strict=True)]
    is_grid = found.design == "grid" and [list(one) for one in product(*columns)] == cases
    told = [text for text in texts if text is not None]
    return told if is_grid and len(told) == len(texts) else None


def _once(values: Sequence[Any]) -> list[Any]:
    """Return values without repetitions; tables and lists among them."""
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _typed(path: str, values: Sequence[Any]) -> str | None:
    """Return values as they can be typed after a path; None if something else would be read."""
    text = f"{path}={','.join(map(shown, values))}"
    try:
        read = list(parsed(text).values)
    except ValueError:
        return None
    return text if _are_alike(read, values) else None


def _are_alike(read: Sequence[Any], values: Sequence[Any]) -> bool:
    """Return whether values are the same, whole numbers and others told apart."""
    return list(map(repr, read)) == list(map(repr, values))


def _sensitivity(found: Sensitivity) -> list[str]:
    about = found.batch.about
    ranges = [] if found.are_of_the_evidence else list(_ranges(found.ranges))
    if None in ranges:
        return []
    options = [word for text in ranges for word in ("--range", text)]
    options += ["--outcome", about["outcome"], "--method", about["method"]]
    options += ["--samples", about["samples"]]
    file = scenario_files(found)[0]
    return [_line("sim", "sensitivity", file, *options, *_runs(found.batch), *_OUT)]


def _ranges(varieds: Sequence[Varied]) -> Iterator[str | None]:
    for one in varieds:
        is_range = one.low is not None and one.high is not None
        yield f"{one.path}={one.low}:{one.high}" if is_range else _typed(one.path, one.values)
