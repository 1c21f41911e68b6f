"""The command that goes on with what was interrupted, or extends it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - read by typer
from typing import Annotated

import typer

from sim.cli.comparing import show_comparison
from sim.cli.crews import Dask, Shared, Workers, crew
from sim.cli.options import AsJson, WrongInputError
from sim.cli.runs import show_results
from sim.cli.sweeping import show_resumed


def resume_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that was begun.")],
    replications: Annotated[
        int | None, typer.Option(min=1, help="Extend it to so many runs; what is there stays.")
    ] = None,
    workers: Workers = None,
    dask: Dask = None,
    shared: Shared = False,
    as_json: AsJson = False,
) -> None:
    """Go on with an interrupted batch, or extend it; whatever is there is not computed again."""
    from sim.results.manifest import kind_of
    from sim.results.results import Results
    from sim.study.comparing.comparison import Comparison
    from sim.study.resuming import resume_with

    if not folder.is_dir():
        raise WrongInputError(f"{folder}: is no folder, must be one that sim began to write")
    with crew("compiled", workers, dask, shared=shared) as players:
        found = resume_with(players, folder, replications, shared=shared)
    if isinstance(found, Results):
        show_results(found, as_json=as_json)
    elif isinstance(found, Comparison):
        show_comparison(found, as_json=as_json)
    else:
        show_resumed(kind_of(folder), found, as_json=as_json)
