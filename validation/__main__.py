"""Hold the worlds against what was observed, and write what was found into the document.

python -m validation                    all of it, into docs/
python -m validation --quick            few runs, into the terminal
python -m validation --quick --out DIR  the same, with the document and the picture in DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text

from sim.results.folder import write_file
from sim.show.texts.runs import console
from validation.document import compared, with_blocks
from validation.figure import draw
from validation.observed import ROOT
from validation.worlds import QUICK, THOROUGH, worlds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation.document import Row
    from validation.worlds import Effort, World

DOCUMENT: Final = ROOT / "docs" / "validation.md"


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="validation", description="Hold worlds against data.")
    parser.add_argument("--quick", action="store_true", help="few runs")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go")
    asked = parser.parse_args()
    screen = console()
    effort = QUICK if asked.quick else THOROUGH
    played = worlds(effort, lambda text: screen.print(Text(text)))
    rows = compared(played)
    for row in rows:
        verdicts = "; ".join(f"{world}: {row.verdict(world)}" for world in row.found)
        screen.print(Text(f"{row.pattern.name}: {verdicts}"))
    folder = asked.out or (None if asked.quick else DOCUMENT.parent)
    if folder is not None:
        for file in written(rows, played, effort, folder):
            screen.print(Text(f"written: {file}"))


def written(
    rows: list[Row], played: Sequence[World], effort: Effort, folder: Path
) -> tuple[Path, Path]:
    """Write the picture and the document to a folder, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = draw(rows, folder / "validation.png")
    document = folder / DOCUMENT.name
    text = DOCUMENT.read_text(encoding="utf-8")
    write_file(document, with_blocks(text, rows, played, effort, picture.name).encode())
    return picture, document


if __name__ == "__main__":
    main()
