"""Where a report may be written: into a new file, or over an older report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

GENERATOR: Final = '<meta name="generator" content="ceasefire-sim'
"""What every report has near its beginning, and no other file."""
_BEGINNING_BYTES: Final = 1000


def check_report_file(file: Path, *, replace: bool) -> None:
    """Raise `FileExistsError` where a report would be written over something else."""
    if not file.exists():
        return
    if not replace:
        message = f"{file}: is there already, must be a new file, or a report to be replaced"
        raise FileExistsError(message)
    if not _is_report(file):
        message = f"{file}: is no report, so it is not replaced"
        raise FileExistsError(message)


def _is_report(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return GENERATOR.encode() in opened.read(_BEGINNING_BYTES)
