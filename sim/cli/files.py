"""The commands about scenario files: is it right, what does it rest on, and one to start from."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

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

if TYPE_CHECKING:
    from sim.scenario.problems import Problem


def validate_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
    as_json: AsJson = False,
) -> None:
    """Check scenario files; say everything that is wrong with them, or can hardly be meant."""
    found = [_checked(path) for path in files]
    if as_json:
        print_json([one.as_dict() for one in found])
    for one in found:
        if not one.problems and not as_json:
            print(f"{one.file}: ok")
        for line in (*one.problems, *(f"note: {note}" for note in one.notes)):
            print(line, file=sys.stderr)
    if any(one.problems for one in found):
        raise typer.Exit(WRONG_INPUT)


class _Checked(NamedTuple):
    """A scenario file, what is wrong with it, and what in it can hardly be meant."""

    file: Path
    problems: tuple["Problem", ...] = ()
    notes: tuple["Problem", ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return what was found, for machines that read it."""
        problems, notes = ([one.as_dict() for one in some] for some in (self.problems, self.notes))
        return {
            "file": str(self.file),
            "ok": not problems,
            "problems": problems,
            "notes": notes,
        }


def _checked(path: Path) -> _Checked:
    from sim.scenario.loading import load_with_notes
    from sim.scenario.problems import ScenarioError

    try:
        return _Checked(path, notes=load_with_notes(path)[1])
    except ScenarioError as error:
        return _Checked(path, problems=error.problems)


def sources_command(scenario: ScenarioFile, sets: Sets = None, as_json: AsJson = False) -> None:
    """Show every value of a scenario, its grade, and the source that it rests on."""
    from sim.scenario.sources import grade_counts, sourced_values
    from sim.study.comparing.changes import changes

    plan = loaded(scenario, sets, {})
    changed = changes(loaded(scenario, None, {}), plan) if sets else []
    if as_json:
        values = [value._asdict() for value in sourced_values(plan)]
        told = {"title": plan.title, "counts": grade_counts(plan), "values": values}
        print_json({**told, "changed": [one._asdict() for one in changed]})
        return
    from sim.show.texts.evidence import sources_page
    from sim.show.texts.runs import console

    screen = console()
    for line in sources_page(plan, screen.width, changed):
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
