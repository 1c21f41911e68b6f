"""Measure the engines, and write what was found into the document.

python benchmarks/run.py                    all of it, into docs/
python benchmarks/run.py --quick            a look of about a minute, into the terminal
python benchmarks/run.py --quick --out DIR  the same, with the document and the picture in DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from document import with_blocks
from figure import draw
from grids import grids, on_screen
from measured import QUICK, THOROUGH, measured
from rich.text import Text

from sim.results.folder import write_file
from sim.show.texts.runs import console

if TYPE_CHECKING:
    from measured import Measured

_DOCUMENT: Final = Path(__file__).parent.parent / "docs" / "performance.md"


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure the engines.")
    parser.add_argument("--quick", action="store_true", help="take a minute, not several")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go")
    asked = parser.parse_args()
    screen = console()
    found = measured(QUICK if asked.quick else THOROUGH, lambda text: screen.print(Text(text)))
    for grid in grids(found).values():
        screen.print()
        screen.print(on_screen(grid))
    folder = asked.out or (None if asked.quick else _DOCUMENT.parent)
    if folder is not None:
        for file in _written(found, folder):
            screen.print(Text(f"written: {file}"))


def _written(found: Measured, folder: Path) -> tuple[Path, Path]:
    """Write the picture and the document to a folder, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = draw(found, folder / "performance.png")
    document = folder / _DOCUMENT.name
    text = with_blocks(_DOCUMENT.read_text(encoding="utf-8"), found, picture.name)
    write_file(document, text.encode())
    return picture, document


if __name__ == "__main__":
    main()
