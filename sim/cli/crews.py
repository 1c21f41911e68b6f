"""The options that say who plays the runs: threads here, processes, or other machines."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import WrongInputError, engine_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.study.playing.chunks import Crew

Workers = Annotated[
    int | None, typer.Option(min=1, help="Threads, or processes for simpy; default: all.")
]
Dask = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Let the workers of this Dask scheduler play."),
]
Shared = Annotated[
    bool, typer.Option("--shared", help="Dask's workers write to the folder, which they share.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on if the folder holds the beginning of the same.")
]


@contextmanager
def crew(engine: str, workers: int | None, dask: str | None, *, shared: bool) -> Iterator[Crew]:
    """Give whoever plays."""
    from sim.study.playing.batches import checked_workers
    from sim.study.playing.chunks import Crew

    name = engine_named(engine)
    if dask is None:
        if shared:
            raise WrongInputError("--shared: is for the workers of --dask ADDRESS")
        yield Crew(name, checked_workers(workers))
        return
    from sim.study.cluster import crew_from

    with crew_from(name, workers, dask) as found:
        yield found
