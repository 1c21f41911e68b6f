"""The command `sim`: it reads arguments, calls what does the work, and prints; it decides nothing.

Heavy modules are imported by the command that needs them, so that help is there at once.
"""

import typer

from sim.cli.comparing import compare_command
from sim.cli.files import new_command, sources_command, validate_command
from sim.cli.leaving import leave
from sim.cli.rare import rare_command
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
# In the order in which help names them.
app.command("run")(run_command)
app.command("trace")(trace_command)
app.command("compare")(compare_command)
app.command("sweep")(sweep_command)
app.command("study")(study_command)
app.command("sensitivity")(sensitivity_command)
app.command("discover")(discover_command)
app.command("rare")(rare_command)
app.command("resume")(resume_command)
app.command("validate")(validate_command)
app.command("sources")(sources_command)
app.command("new")(new_command)


def main() -> None:
    """Run the command, and leave with the exit code that says how it went."""
    leave(app)
