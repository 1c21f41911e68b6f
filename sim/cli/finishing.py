"""What the commands share that play many points: where results go, and how they are shown."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.options import WrongInputError, check_out, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from rich.console import RenderableType

    from sim.show.picture import Picture


@contextmanager
def asked() -> Iterator[None]:
    """Take what is wrong with a request as such, and not as a failure of the program."""
    from sim.scenario.problems import ScenarioError

    try:
        yield
    except ScenarioError:
        raise
    except ValueError as error:
        raise WrongInputError(str(error)) from None


def names_in(outcomes: str | None) -> list[str] | None:
    """Return the names in a list with commas; None where there is none."""
    if outcomes is None:
        return None
    return [name for one in outcomes.split(",") if (name := one.strip())]


def folder_for(out: Path | None, name: str, *, resume: bool) -> Path:
    """Return the folder for the results: a new one, unless an old one is gone on with."""
    from sim.results.folder import free_folder

    if out is None and resume:
        raise WrongInputError("--resume: must have --out, the folder to go on with")
    if out is None:
        return free_folder(Path("results"), name)
    check_out(out, resume=resume)
    return out


def folder_of(folder: Path | None) -> Path:
    """Return the folder that results are in."""
    return Path() if folder is None else folder


def say_where(text: str) -> None:
    """Say on the side what is being done."""
    print(text, file=sys.stderr, flush=True)


def print_lines(lines: Iterable[RenderableType]) -> None:
    """Print what is told, with space between."""
    from sim.show.texts.runs import console

    screen = console()
    for line in lines:
        screen.print(line)
        screen.print()
    sys.stdout.flush()


def records(table: pd.DataFrame) -> Any:  # noqa: ANN401 - JSON
    """Return the rows of a table as JSON has them."""
    return json.loads(table.to_json(orient="records", double_precision=15))


def finish(drawn: Iterable[Picture], folder: Path, told: dict[str, Any], *, as_json: bool) -> None:
    """Draw the figures, and say where everything is."""
    from sim.results.progress import stage
    from sim.show.pictures import save_pictures

    with stage("drawing the pictures"):
        pictures = save_pictures(drawn, folder / "figures")
    if as_json:
        print_json({"folder": str(folder), "figures": [str(one) for one in pictures], **told})
        return
    print(f"results:  {folder}")
    for picture in (one for one in pictures if one.suffix == ".png"):
        print(f"picture:  {picture}")
