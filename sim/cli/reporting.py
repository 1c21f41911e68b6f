"""The command that writes a report of a results folder."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - read by typer
from typing import Annotated

import typer

from sim.cli.options import WrongInputError, print_json


def report_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that sim has written.")],
    out: Annotated[
        Path | None, typer.Option(help="The new file; default: DIR.html, beside the folder.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the report that is there already.")
    ] = False,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Write one page of HTML, complete in itself, that says what is in a results folder."""
    file = _file_for(folder, out)
    _check(file, folder, replace=force)
    from sim.show.report.writing import report

    report(folder, file, replace=force)
    if as_json:
        print_json({"report": str(file)})
    else:
        print(f"report:   {file}")
    if show:
        _open(file)


def _file_for(folder: Path, out: Path | None) -> Path:
    """Return where the report goes: beside the folder, which holds results and nothing else."""
    if not folder.is_dir():
        raise WrongInputError(f"{folder}: is no folder, must be one that sim has written")
    if out is not None:
        return out
    name = folder.resolve().name
    return (folder.parent if folder.name == name else folder.resolve().parent) / f"{name}.html"


def _check(file: Path, folder: Path, *, replace: bool) -> None:
    """Refuse a file that is there, and one that would change the folder it is about."""
    from sim.show.report.files import check_report_file

    if file.resolve().is_relative_to(folder.resolve()):
        raise WrongInputError(
            f"--out {file}: is in the folder of the results, must be outside, so that these stay "
            "as they were written"
        )
    try:
        check_report_file(file, replace=replace)
    except FileExistsError as error:
        raise WrongInputError(f"{error} (--force)" if not replace else str(error)) from None


def _open(file: Path) -> None:
    """Let the browser show it; where there is none, the path was printed."""
    import webbrowser

    webbrowser.open(file.resolve().as_uri())
