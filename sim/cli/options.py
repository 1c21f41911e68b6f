"""What several commands share: their options, and how these are read and refused."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.scenario.problems import Problem
    from sim.scenario.scenario import Scenario
    from sim.study.run import Engine

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario file (TOML).")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be given several times."),
]
Seed = Annotated[int | None, typer.Option(min=0, help="The seed; default: the scenario's.")]
EngineName = Annotated[
    str, typer.Option("--engine", help="compiled, or simpy: the same rows, readable and slow.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


Until = Annotated[
    str | None,
    typer.Option(metavar="PRECISION", help='As many runs as that takes: "collapsed ± 0.002".'),
]
DONE, FAILED, WRONG_INPUT, ENVIRONMENT, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143
MOST_RUNS = 10_000_000


class WrongInputError(Exception):
    """Something that the user asked for cannot be."""


def loaded(file: Path, sets: list[str] | None, options: dict[str, int | None]) -> "Scenario":
    """Return the scenario with what the options change; they count as sets after the others."""
    from sim.scenario.loading import load, parsed_change
    from sim.scenario.problems import ScenarioError

    changes = [parsed_change(one) for one in sets or ()]
    given = {path: value for path, value in options.items() if value is not None}
    try:
        return load(file, [*changes, *given.items()])
    except ScenarioError as error:
        names = [*("--set" for _ in changes), *(f"--{path.removeprefix('run.')}" for path in given)]
        raise ScenarioError(_of_options(error.problems, names)) from None


def _of_options(problems: "Iterable[Problem]", names: list[str]) -> "Iterator[Problem]":
    """Yield problems, those with values that were set with the names of their options."""
    from sim.scenario.problems import Origin

    for one in problems:
        name = names[one.origin.line - 1] if one.origin.file == "--set" else "--set"
        yield one if name == "--set" else one._replace(origin=Origin(name))


def engine_named(name: str) -> "Engine":
    """Return the engine of that name, or say which ones there are."""
    from sim.study.run import engine_of

    try:
        return engine_of(name)
    except ValueError as error:
        raise WrongInputError(f"--{error}") from None


def check_out(folder: Path, *, resume: bool) -> None:
    """Refuse a folder that holds something, unless that is to be gone on with."""
    from sim.results.folder import is_free

    if not resume and not is_free(folder):
        hint = f"sim resume {folder} goes on with results, --resume with the same command's"
        raise WrongInputError(
            f"--out {folder}: holds something already, must be new or empty ({hint})"
        )


def checked_until(plan: "Scenario", until: str | None) -> str | None:
    """Return the precision that is asked for, once it is known to be one."""
    if until is not None:
        from sim.study.playing.stopping import target_of

        try:
            target_of(plan, until)
        except ValueError as error:
            raise WrongInputError(str(error)) from None
    return until


def check_new(file: Path | None) -> None:
    """Refuse to write over a file that is there."""
    if file is not None and file.exists():
        raise WrongInputError(f"{file}: is there already, must be a new file")


def write_new(file: Path, text: str) -> None:
    """Write a text into a file that must not be there yet."""
    with file.open("x", encoding="utf-8", newline="") as opened:
        opened.write(text)


def print_json(document: object) -> None:
    """Print a document as JSON, for scripts."""
    print(json.dumps(document, indent=1, ensure_ascii=False))
