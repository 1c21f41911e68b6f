"""The commands that play a scenario, or several, at many points, and say what matters there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.crews import Dask, Resume, Shared, Workers, crew
from sim.cli.finishing import (
    asked,
    finish,
    folder_for,
    folder_of,
    names_in,
    print_lines,
    records,
    say_where,
)
from sim.cli.options import (
    AsJson,
    EngineName,
    ScenarioFile,
    Seed,
    Sets,
    check_new,
    loaded,
    print_json,
    write_new,
)
from sim.cli.runs import say_what_went_wrong

if TYPE_CHECKING:
    from sim.study.points.studies import StudyResults
    from sim.study.points.sweep import Sweep
    from sim.study.values.sensitivity import Sensitivity

Replications = Annotated[
    int | None, typer.Option(min=1, help="How many runs of each point; default: the file's.")
]
Out = Annotated[
    Path | None, typer.Option(help="The folder for the results; with --resume one begun before.")
]
Outcomes = Annotated[
    str | None,
    typer.Option(metavar="A,B,...", help="Quantities to estimate, as the summary names them."),
]


def sweep_command(
    scenario: ScenarioFile,
    vary: Annotated[
        list[str],
        typer.Option(
            metavar="PATH=VALUES",
            help="What varies: start:stop:count, or a,b,c; low:high for other designs than a grid. "
            "May be given several times.",
        ),
    ],
    design: Annotated[
        str, typer.Option(help="grid: all combinations; sobol or lhs: spread evenly.")
    ] = "grid",
    points: Annotated[
        int | None, typer.Option(min=1, help="How many points sobol or lhs have.")
    ] = None,
    sets: Sets = None,
    replications: Replications = None,
    seed: Seed = None,
    outcomes: Outcomes = None,
    engine: EngineName = "compiled",
    out: Out = None,
    resume: Resume = False,
    workers: Workers = None,
    dask: Dask = None,
    shared: Shared = False,
    as_json: AsJson = False,
) -> None:
    """Play a scenario at many points on the same luck; print a table and write a folder."""
    from sim.study.playing.batches import play_batch
    from sim.study.points.asked_points import sweep_batch, vary_of
    from sim.study.points.sweep import SWEEPS

    plan = loaded(scenario, sets, {"run.replications": replications, "run.seed": seed})
    with asked():
        names = names_in(outcomes)
        varieds = vary_of(plan, vary)
        batch = sweep_batch(plan, varieds, design=design, points=points, outcomes=names)
    folder = folder_for(out, f"{scenario.stem}-sweep-{batch.run_id[:8]}", resume=resume)
    with crew(engine, workers, dask, shared=shared) as players:
        found = play_batch(batch, players, SWEEPS, out=folder, resume=resume, shared=shared)
    _show_sweep(found, as_json=as_json)


def _show_sweep(found: Sweep, *, as_json: bool) -> None:
    from sim.show.studies.studied import sweep_pictures, why_no_figures
    from sim.show.texts.studies import sweep_lines

    if found.caution():
        print(f"sim: {found.caution()}", file=sys.stderr)
    if not as_json:
        print_lines(sweep_lines(found))
    told = {"paths": list(found.paths), "table": records(found.table)}
    folder = folder_of(found.folder)
    finish(sweep_pictures(found), folder, told, as_json=as_json)
    if not as_json and why_no_figures(found.paths):
        print(why_no_figures(found.paths))
    say_what_went_wrong(found.results)


def sensitivity_command(
    scenario: ScenarioFile,
    ranges: Annotated[
        list[str] | None,
        typer.Option(
            "--range",
            metavar="PATH=LOW:HIGH",
            help="A value and its range; may be given several times. Default: the evidence's.",
        ),
    ] = None,
    outcome: Annotated[
        str, typer.Option(help="The quantity to explain, as the summary names it.")
    ] = "collapsed",
    method: Annotated[str, typer.Option(help="sobol, morris or both.")] = "both",
    samples: Annotated[
        int, typer.Option(min=1, help="Base samples of Sobol's indices, a power of two.")
    ] = 64,
    replications: Annotated[int, typer.Option(min=1, help="How many runs of each point.")] = 100,
    sets: Sets = None,
    seed: Seed = None,
    engine: EngineName = "compiled",
    out: Out = None,
    resume: Resume = False,
    workers: Workers = None,
    dask: Dask = None,
    shared: Shared = False,
    as_json: AsJson = False,
) -> None:
    """Say which uncertain values decide an outcome, and which cannot be told from noise."""
    from sim.study.playing.batches import play_batch
    from sim.study.values.sensitivity import SENSITIVITIES
    from sim.study.values.sensitivity_plan import sensitivity_batch

    plan = loaded(scenario, sets, {"run.replications": replications, "run.seed": seed})
    with asked():
        batch = sensitivity_batch(plan, ranges, outcome, method, samples, replications, seed)
    folder = folder_for(out, f"{scenario.stem}-sensitivity-{batch.run_id[:8]}", resume=resume)
    with crew(engine, workers, dask, shared=shared) as players:
        found = play_batch(batch, players, SENSITIVITIES, out=folder, resume=resume, shared=shared)
    _show_sensitivity(found, as_json=as_json)


def _show_sensitivity(found: Sensitivity, *, as_json: bool) -> None:
    from sim.show.studies.studied import sensitivity_pictures
    from sim.show.texts.studies import sensitivity_lines

    if not as_json:
        print_lines(sensitivity_lines(found))
    tables = {"tornado": found.tornado}
    tables |= {"indices": found.indices.table} if found.indices else {}
    tables |= {"effects": found.effects.table} if found.effects else {}
    told = {"answer": found.words, "enough": found.enough, "statements": found.statements()}
    told |= {name: records(table) for name, table in tables.items()}
    folder = folder_of(found.folder)
    finish(sensitivity_pictures(found), folder, told, as_json=as_json)
    say_what_went_wrong(found.results)


def discover_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a sweep.")],
    outcome: Annotated[
        str, typer.Option(help="The quantity by which a point fails.")
    ] = "collapsed",
    above: Annotated[
        float | None, typer.Option(help="A point fails above this; default: the mean.")
    ] = None,
    below: Annotated[float | None, typer.Option(help="Or below this.")] = None,
    box: Annotated[int, typer.Option(min=1, help="Which box becomes a scenario.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Write the scenario in the middle of the box to a new file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say under which conditions a plan fails, from the points of a sweep."""
    from sim.study.points.sweep import open_sweep
    from sim.study.values.discovery import discover

    check_new(out)
    with asked():
        found = discover(open_sweep(folder), outcome, above, below=below)
        plan = found.scenario(box - 1) if out is not None and len(found) else None
    if as_json:
        print_json({"words": found.words, "boxes": [dict(one.middle()) for one in found]})
    else:
        print(found.words)
    if out is None:
        return
    if plan is not None:
        write_new(out, plan.to_toml())
    if not as_json:
        print(f"written:  {out}" if plan else f"{out} is not written: there is no box")


def study_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A study file (TOML).")],
    replications: Replications = None,
    seed: Seed = None,
    engine: EngineName = "compiled",
    out: Out = None,
    resume: Resume = False,
    workers: Workers = None,
    dask: Dask = None,
    shared: Shared = False,
    as_json: AsJson = False,
) -> None:
    """Play the study of a file: several scenarios, at many points, all on the same luck."""
    from sim.study.points.studies import play_study
    from sim.study.points.study_file import load_study
    from sim.study.points.study_folder import study_id

    study = load_study(file, replications, seed)
    folder = folder_for(out, f"{file.stem}-study-{study_id(study)[:8]}", resume=resume)
    with crew(engine, workers, dask, shared=shared) as players:
        found = play_study(study, folder, crew=players, resume=resume, shared=shared, say=say_where)
    _show_study(found, as_json=as_json)


def _show_study(found: StudyResults, *, as_json: bool) -> None:
    from sim.show.studies.studied import study_pictures, why_no_figures
    from sim.show.texts.studies import study_lines
    from sim.study.points.sweep import shown_outcomes

    study = found.study
    if not as_json:
        shown = shown_outcomes(study.outcomes, study.batches[0].scenario, found.table)
        print_lines(study_lines(found, shown))
    told = {name: records(getattr(found, name)) for name in ("table", "differences")}
    finish(study_pictures(found), found.folder, told, as_json=as_json)
    if not as_json and why_no_figures(study.paths):
        print(why_no_figures(study.paths))
    for one in found.results:
        say_what_went_wrong(one)


def show_resumed(kind: str, found: Any, *, as_json: bool) -> None:  # noqa: ANN401 - of its kind
    """Print what was gone on with, and draw its figures, as the command does that began it."""
    if kind == "sweep":
        _show_sweep(found, as_json=as_json)
    elif kind == "sensitivity":
        _show_sensitivity(found, as_json=as_json)
    else:
        _show_study(found, as_json=as_json)
