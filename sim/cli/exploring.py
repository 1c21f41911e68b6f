"""The command that serves the explorer as a page on this machine."""

import webbrowser
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from sim.cli.options import ScenarioFile, WrongInputError


def explore_command(
    scenario: ScenarioFile,
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER]", help="The plan that is B at first.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; default: a free one.")] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
) -> None:
    """Move the values of a plan on a page in the browser, and see what that changes."""
    from sim.study.exploring.asked_plans import bases_of, with_other
    from sim.study.playing.batches import available_workers

    bases, place = with_other(bases_of(scenario), other)
    try:
        from sim.show.explorer.server import Server
    except ModuleNotFoundError as error:
        from sim.show.explorer.notebook import NEEDED

        raise WrongInputError(
            f"explore: {error.name} is not installed, must be: {NEEDED}"
        ) from None

    def say(address: str) -> None:
        print(f"explorer: {address}  (Ctrl-C ends it)", flush=True)
        if not no_browser:
            # A browser in the terminal returns when it is closed, and asks for the page meanwhile.
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    Server(bases, place, available_workers()).serve(port, say)
