"""The command that estimates the chance of a rare event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.crews import Workers  # noqa: TC001 - read by typer
from sim.cli.options import (
    AsJson,
    ScenarioFile,
    Seed,
    Sets,
    WrongInputError,
    loaded,
    print_json,
)

if TYPE_CHECKING:
    from sim.study.rare_events.rare import RareEvent


def rare_command(
    scenario: ScenarioFile,
    event: Annotated[
        str, typer.Option(help="collapsed, or reached_ and the name of a level.")
    ] = "collapsed",
    relative_error: Annotated[
        float, typer.Option(help="Half of the interval's width, as a share of the chance.")
    ] = 0.1,
    roots: Annotated[int | None, typer.Option(min=1, help="How many runs to begin.")] = None,
    most_runs: Annotated[
        int, typer.Option(min=1, help="Give up after the work of so many plain runs.")
    ] = 1_000_000,
    seed: Seed = None,
    sets: Sets = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Estimate the chance of a rare event, by splitting runs where fighting rises."""
    from sim.study.rare_events.rare import rare

    plan = loaded(scenario, sets, {"run.seed": seed})
    try:
        found = rare(
            plan,
            event,
            roots=roots,
            relative_error=relative_error,
            workers=workers,
            most_runs=most_runs,
        )
    except ValueError as error:
        raise WrongInputError(str(error)) from None
    if as_json:
        print_json(_as_document(found))
    else:
        _print(found, plan.title)


def _as_document(found: RareEvent) -> dict[str, object]:
    from sim.results.manifest import DISCLAIMER

    document = found._asdict()
    document["probability"] = found.probability._asdict()
    document["stages"] = [stage._asdict() for stage in found.stages]
    return {"note": DISCLAIMER, **document}


def _print(found: RareEvent, title: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from sim.show.texts.runs import console

    screen = console()
    screen.print(Text(title, style="bold"))
    screen.print(Text(f"{found}\n"))
    table = Table(box=None, padding=(0, 1))
    table.add_column("rises to")
    for heading in ("times a run", "of each stay below", "split into", "branches"):
        table.add_column(heading, justify="right")
    for stage in found.stages:
        share = f"{stage.share:.3g}" if stage.share <= 1 else ""
        numbers = f"{stage.times:.3g}", share, str(stage.split)
        table.add_row(Text(stage.level), *numbers, f"{stage.branches:,}")
    screen.print(table)
    screen.print(
        Text("\nIllustrative: conditional on assumptions, not a forecast.", style="italic")
    )
