"""The commands that play runs: many of them into a results folder, or one told in full."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.crews import Dask, Resume, Shared, Workers, crew
from sim.cli.options import (
    FAILED,
    MOST_RUNS,
    AsJson,
    EngineName,
    ScenarioFile,
    Seed,
    Sets,
    Until,
    WrongInputError,
    check_new,
    check_out,
    checked_until,
    engine_named,
    loaded,
    print_json,
    write_new,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.results.results import Results
    from sim.scenario.scenario import Scenario


def run_command(
    scenario: ScenarioFile,
    replications: Annotated[int | None, typer.Option(min=1, help="How many runs.")] = None,
    seed: Seed = None,
    sets: Sets = None,
    engine: EngineName = "compiled",
    out: Annotated[Path | None, typer.Option(help="A new folder for the results.")] = None,
    resume: Resume = False,
    until: Until = None,
    workers: Workers = None,
    dask: Dask = None,
    shared: Shared = False,
    crises: Annotated[bool, typer.Option("--crises", help="Also write a row a crisis.")] = False,
    sums: Annotated[
        bool, typer.Option("--sums", help="Beyond 100,000 runs keep sums instead of rows.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario many times; print the summary and write a results folder."""
    from dataclasses import replace

    from sim.results.folder import free_folder
    from sim.study.run import batch_for, run_batch

    plan = loaded(scenario, sets, {"run.replications": replications, "run.seed": seed})
    most = replications if until is None or replications is not None else MOST_RUNS
    batch = replace(batch_for(plan, most, None, checked_until(plan, until)), crises=crises)
    batch = replace(batch, rows=not sums)
    folder = out or free_folder(Path("results"), f"{scenario.stem}-{batch.run_id[:8]}")
    check_out(folder, resume=resume)
    with crew(engine, workers, dask, shared=shared) as players:
        results = run_batch(batch, players, out=folder, resume=resume, shared=shared)
    show_results(results, as_json=as_json)


def show_results(results: Results, *, as_json: bool) -> None:
    """Draw what results say into their folder, and print the summary."""
    folder = results.folder or Path()
    pictures = _save_figures(results, folder / "figures")
    if as_json:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        print_json({"folder": str(folder), "figures": [str(one) for one in pictures], **summary})
    else:
        _print_summary(results)
        print(f"results:  {folder}")
        for picture in (one for one in pictures if one.suffix == ".png"):
            print(f"picture:  {picture}")
    say_what_went_wrong(results)


def say_what_went_wrong(results: Results) -> None:
    """Leave with the code for failed runs if there are any; what failed was said already."""
    if results.failed:
        raise typer.Exit(FAILED)


def _save_figures(results: Results, folder: Path) -> list[Path]:
    from sim.results.progress import stage
    from sim.show.pictures import save_all

    with stage("drawing the pictures"):
        return save_all(results, folder)


def _print_summary(results: Results) -> None:
    from rich.text import Text

    from sim.show.texts.runs import console, summary_tables

    screen = console()
    for part in summary_tables(results):
        screen.print(part)
        screen.print()
    if results.batch.until is not None:
        from sim.study.playing.stopping import precision_in_words

        screen.print(Text(f"{precision_in_words(results)}\n"))
    sys.stdout.flush()


def _check_formats(figure: Path | None, animation: Path | None) -> None:
    if figure is not None:
        from sim.show.style import FORMATS

        _check_ending("--figure", figure, FORMATS)
    if animation is not None:
        from sim.show.timelines.animation import ANIMATED

        _check_ending("--animation", animation, (ANIMATED,))


def _check_ending(option: str, file: Path, allowed: Sequence[str]) -> None:
    if file.suffix not in allowed:
        ending = file.suffix or "nothing"
        must = f"one of {', '.join(allowed)}" if len(allowed) > 1 else allowed[0]
        raise WrongInputError(f"{option} {file}: ends in {ending}, must be {must}")


def _draw_run(plan: Scenario, run: int, figure: Path | None, animation: Path | None) -> None:
    """Draw the timeline of a run, still or moving; brief or not, it is of all its events."""
    from sim.study.run import trace

    if figure is not None:
        from sim.show.timelines.timeline import save_timeline

        save_timeline(trace(plan, run), plan, run, figure)
    if animation is not None:
        from sim.show.timelines.animation import animate

        animate(trace(plan, run), plan, run, animation)


def trace_command(
    scenario: ScenarioFile,
    run: Annotated[
        int, typer.Option(min=0, max=2**40 - 1, help="Which run: the row of the same number.")
    ] = 0,
    seed: Seed = None,
    sets: Sets = None,
    engine: EngineName = "simpy",
    brief: Annotated[
        bool, typer.Option("--brief", help="Leave out fighting below the crisis's quiet_level.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the events to this new CSV file.")] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw the timeline to this new file.")] = None,
    animation: Annotated[
        Path | None, typer.Option(help="Draw it hour by hour to this new file (.gif).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell one run, event by event."""
    from sim.show.texts.runs import story
    from sim.study.run import trace

    for file in (out, figure, animation):
        check_new(file)
    _check_formats(figure, animation)
    plan = loaded(scenario, sets, {"run.seed": seed})
    told = trace(plan, run, brief=brief, engine=engine_named(engine))
    if out is not None:
        write_new(out, told.to_csv(index=False))
    _draw_run(plan, run, figure, animation)
    if as_json:
        print_json(json.loads(told.to_json(orient="records", double_precision=15)))
    elif out is None and figure is None and animation is None:
        for line in story(told):
            print(line)
    else:
        for file in (out, figure, animation):
            if file is not None:
                print(f"written:  {file}")
