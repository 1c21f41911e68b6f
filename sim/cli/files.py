"""The commands about scenario files: is it right, what does it rest on, and one to start from."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import (
    WRONG_INPUT,
    AsJson,
    ScenarioFile,
    Sets,
    check_new,
    loaded,
    print_json,
    write_new,
)


def validate_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
    as_json: AsJson = False,
) -> None:
    """Check scenario files; say everything that is wrong with them."""
    from sim.scenario.loading import load
    from sim.scenario.problems import Problem, ScenarioError

    found: dict[str, tuple[Problem, ...]] = {}
    for path in files:
        found[str(path)] = ()
        try:
            load(path)
        except ScenarioError as error:
            found[str(path)] = error.problems
    if as_json:
        print_json(
            [
                {"file": file, "ok": not problems, "problems": [one.as_dict() for one in problems]}
                for file, problems in found.items()
            ]
        )
    for file, problems in found.items():
        if not problems and not as_json:
            print(f"{file}: ok")
        for problem in problems:
            print(problem, file=sys.stderr)
    if any(found.values()):
        raise typer.Exit(WRONG_INPUT)


def sources_command(scenario: ScenarioFile, sets: Sets = None, as_json: AsJson = False) -> None:
    """Show every value of a scenario, its grade, and the source that it rests on."""
    from sim.scenario.sources import grade_counts, sourced_values

    plan = loaded(scenario, sets, {})
    if as_json:
        values = [value._asdict() for value in sourced_values(plan)]
        print_json({"title": plan.title, "counts": grade_counts(plan), "values": values})
        return
    from sim.show.evidence import sources_page
    from sim.show.text import console

    screen = console()
    for line in sources_page(plan, screen.width):
        screen.print(line, soft_wrap=True)
    sys.stdout.flush()


def new_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
) -> None:
    """Write a commented scenario to start from."""
    from importlib.resources import files

    check_new(file)
    write_new(file, files("sim.scenario").joinpath("new.toml").read_text(encoding="utf-8"))
    print(f"written:  {file}")
