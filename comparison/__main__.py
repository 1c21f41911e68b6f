"""Lay all plans side by side, and write what was found into the document.

python -m comparison                    all of it, into docs/
python -m comparison --quick            few runs, into the terminal
python -m comparison --quick --out DIR  the same, with the document and the picture in DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from comparison.document import DOCUMENT, PICTURE, blocks_of, with_blocks
from comparison.figure import draw
from comparison.playing import QUICK, THOROUGH, play_all
from sim.results.folder import write_file
from sim.show.texts.runs import console

if TYPE_CHECKING:
    from comparison.playing import Found


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="comparison", description="Lay plans side by side.")
    parser.add_argument("--quick", action="store_true", help="few runs")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go")
    asked = parser.parse_args()
    screen = console()
    effort = QUICK if asked.quick else THOROUGH
    found = play_all(effort, lambda text: screen.print(Text(text)))
    screen.print(Text(blocks_of(found)["answer"]))
    folder = asked.out or (None if asked.quick else DOCUMENT.parent)
    if folder is not None:
        for file in written(found, folder):
            screen.print(Text(f"written: {file}"))


def written(found: Found, folder: Path) -> list[Path]:
    """Write the picture and the document to a folder, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = draw(found, folder / PICTURE)
    vector = draw(found, folder / PICTURE.replace(".png", ".svg"))
    document = folder / DOCUMENT.name
    text = with_blocks(DOCUMENT.read_text(encoding="utf-8"), found)
    write_file(document, text.encode())
    return [picture, vector, document]


if __name__ == "__main__":
    main()
