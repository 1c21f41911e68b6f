"""The command that compares plans on the same luck, or tells why one run ends otherwise."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.crews import Dask, Resume, Shared, Workers, crew
from sim.cli.options import (
    FAILED,
    AsJson,
    EngineName,
    Seed,
    Sets,
    Until,
    WrongInputError,
    check_new,
    check_out,
    engine_named,
    loaded,
    print_json,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.comparing.compared_folder import Plans
    from sim.study.comparing.comparison import Comparison
    from sim.study.comparing.explain import Parting

_LONGEST_NAME = 60


def compare_command(
    scenarios: Annotated[
        list[Path], typer.Argument(metavar="A B ...", help="Scenario files; A is the first plan.")
    ],
    replications: Annotated[
        int | None, typer.Option(min=1, help="How many runs of each plan; default: A's.")
    ] = None,
    seed: Seed = None,
    sets: Sets = None,
    until: Until = None,
    outcomes: Annotated[
        str | None, typer.Option(metavar="NAMES", help="Compare these only: held,crises")
    ] = None,
    explain: Annotated[
        int | None,
        typer.Option(min=0, max=2**40 - 1, metavar="K", help="Tell where run K parts ways."),
    ] = None,
    figure: Annotated[Path | None, typer.Option(help="With --explain: draw it.")] = None,
    out: Annotated[Path | None, typer.Option(help="A new folder for the comparison.")] = None,
    resume: Resume = False,
    engine: EngineName = "compiled",
    workers: Workers = None,
    dask: Dask = None,
    shared: Shared = False,
    crises: Annotated[bool, typer.Option("--crises", help="Also write a row a crisis.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare plans on the same luck; print who is better by how much, and write a folder."""
    from dataclasses import replace

    from sim.results.folder import free_folder
    from sim.study.comparing.compare import compare_plans

    names = None if outcomes is None else [one.strip() for one in outcomes.split(",")]
    plans = _plans(scenarios, sets, replications, seed, names, until)
    if explain is not None:
        _explain(plans, explain, figure, engine, as_json=as_json)
        return
    if figure is not None:
        raise WrongInputError("--figure: is for --explain K; other figures are in the folder")
    plans = replace(plans, batches=tuple(replace(one, crises=crises) for one in plans.batches))
    name = _name(plans)
    folder = out or (Path("results", name) if resume else free_folder(Path("results"), name))
    check_out(folder, resume=resume)
    with crew(engine, workers, dask, shared=shared) as players:
        found = compare_plans(plans, players, out=folder, resume=resume, shared=shared)
    show_comparison(found, as_json=as_json)


def _plans(
    files: list[Path],
    sets: list[str] | None,
    replications: int | None,
    seed: int | None,
    outcomes: list[str] | None,
    until: str | None,
) -> Plans:
    """Return what is to be compared; plans are called by their files' names."""
    from sim.scenario.problems import ScenarioError
    from sim.study.comparing.compare import plans_of

    asked = {"run.replications": replications, "run.seed": seed}
    scenarios = [loaded(file, sets, asked) for file in files]
    try:
        return plans_of(scenarios, replications, seed, _labels(files), outcomes, until)
    except ScenarioError:
        raise
    except ValueError as error:
        raise WrongInputError(str(error)) from None


def _labels(files: list[Path]) -> list[str]:
    """Return what plans are called: their files' names, with the folder where names are the same.

    A file that is given twice is numbered.
    """
    stems = [file.stem for file in files]
    longer = [f"{file.parent.name}/{file.stem}" for file in files]
    found = [
        stem if stems.count(stem) == 1 else name for stem, name in zip(stems, longer, strict=True)
    ]
    return [
        name if found.count(name) == 1 else f"{stem} ({place})"
        for place, (name, stem) in enumerate(zip(found, stems, strict=True), start=1)
    ]


def _name(plans: Plans) -> str:
    """Return the name of the folder where nobody says which."""
    names = "-".join(one.name for one in plans.folders)
    if len(names) > _LONGEST_NAME:
        names = f"{len(plans.labels)}-plans"
    return f"compare-{names}-{plans.comparison_id[:8]}"


def show_comparison(found: Comparison, *, as_json: bool) -> None:
    """Draw what a comparison says into its folder, and print it."""
    from sim.results.progress import stage
    from sim.show.pictures import save_all

    folder = found.folder or Path()
    with stage("drawing the pictures"):
        pictures = save_all(found, folder / "figures")
    if as_json:
        _print_json(found, folder, pictures)
    else:
        _print(found)
        print(f"results:  {folder}")
        for picture in (one for one in pictures if one.suffix == ".png"):
            print(f"picture:  {picture}")
    if any(one.failed for one in found.results):
        raise typer.Exit(FAILED)


def _print(found: Comparison) -> None:
    from sim.show.texts.comparisons import comparison_tables
    from sim.show.texts.runs import console

    screen = console()
    for part in comparison_tables(found):
        screen.print(part)
        screen.print()
    sys.stdout.flush()


def _print_json(found: Comparison, folder: Path, pictures: list[Path]) -> None:
    print_json(
        {
            "folder": str(folder),
            "figures": [str(one) for one in pictures],
            "labels": list(found.labels),
            "answer": found.answer(),
            "precision": found.precision(),
            "differences": _records(found.differences()),
            "moves": _records(found.moves()),
        }
    )


def _records(table: pd.DataFrame) -> object:
    return json.loads(table.to_json(orient="records", double_precision=15))


def _explain(plans: Plans, run: int, figure: Path | None, engine: str, *, as_json: bool) -> None:
    """Print where a run parts ways under the first plan and each other one, or draw it."""
    from sim.show.timelines.divergence import parting_lines
    from sim.study.comparing.explain import explain

    if figure is not None:
        _check_figure(figure, len(plans.labels))
    scenarios = [one.scenario for one in plans.batches]
    seed, name = plans.batches[0].seed, engine_named(engine)
    found = explain(scenarios, run, seed, labels=plans.labels, engine=name)
    if figure is not None:
        _draw(found[0], figure)
    elif as_json:
        print_json([_told(one) for one in found])
    else:
        print("\n\n".join("\n".join(parting_lines(one)) for one in found))


def _told(found: Parting) -> dict[str, object]:
    """Return a parting for scripts: in words, and all events from it on."""
    return {
        "run": found.run,
        "seed": found.seed,
        "first": found.first.label,
        "other": found.other.label,
        "words": str(found),
        "events": _records(found.table(before=3, after=10**6)),
    }


def _check_figure(figure: Path, plans: int) -> None:
    from sim.show.style import FORMATS

    check_new(figure)
    if figure.suffix not in FORMATS:
        allowed = ", ".join(FORMATS)
        ending = figure.suffix or "nothing"
        raise WrongInputError(f"--figure {figure}: ends in {ending}, must be one of {allowed}")
    if plans > 2:  # noqa: PLR2004 - a figure is of two
        raise WrongInputError(f"--figure: shows two plans, {plans} are given")


def _draw(found: Parting, figure: Path) -> None:
    from sim.show.style import save
    from sim.show.timelines.divergence import parting_picture

    picture = parting_picture(found)
    save(picture.axes, figure, picture.provenance)
    print(f"written:  {figure}")
