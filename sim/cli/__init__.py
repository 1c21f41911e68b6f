"""The command `sim`: it reads arguments, calls what does the work, and prints; it decides nothing.

Heavy modules are imported by the command that needs them, so that help is there at once.
"""

from importlib.metadata import version
from typing import Annotated

import typer

from sim.cli.comparing import compare_command
from sim.cli.exploring import explore_command
from sim.cli.files import new_command, sources_command, validate_command
from sim.cli.leaving import leave
from sim.cli.rare import rare_command
from sim.cli.reporting import report_command
from sim.cli.resuming import resume_command
from sim.cli.runs import run_command, trace_command
from sim.cli.sweeping import discover_command, sensitivity_command, study_command, sweep_command

app = typer.Typer(
    name="sim",
    help="Play ceasefire violations and response plans through, many times on keyed luck.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _say_version(asked: bool) -> None:  # noqa: FBT001 - what typer hands over
    if asked:
        print(f"ceasefire-sim {version('ceasefire-sim')}")
        raise typer.Exit


@app.callback()
def _options(
    is_asked: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_say_version, help="Say which version this is."
        ),
    ] = False,
) -> None:
    """Play ceasefire violations and response plans through, many times on keyed luck."""


# In the order in which help names them.
app.command("run")(run_command)
app.command("trace")(trace_command)
app.command("compare")(compare_command)
app.command("sweep")(sweep_command)
app.command("study")(study_command)
app.command("sensitivity")(sensitivity_command)
app.command("discover")(discover_command)
app.command("rare")(rare_command)
app.command("explore")(explore_command)
app.command("report")(report_command)
app.command("resume")(resume_command)
app.command("validate")(validate_command)
app.command("sources")(sources_command)
app.command("new")(new_command)


def main() -> None:
    """Run the command, and leave with the exit code that says how it went."""
    leave(app)
