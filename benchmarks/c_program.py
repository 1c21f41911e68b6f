"""The program `reference.c`: compiled into a folder, called as an engine is."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Final, NamedTuple

from numbers_file import read_rows, write_numbers
from worlds_to_play import HERE, SEED

if TYPE_CHECKING:
    from pathlib import Path

    from sim.engines.rows import Rows
    from sim.scenario.numbers import Parameters

SOURCE: Final = HERE / "reference.c"
# The header of the program says why these and no others.
FLAGS: Final = (
    "-O3",
    "-march=native",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-std=c11",
)


class Played(NamedTuple):
    """What the program says of its runs."""

    rows: Rows
    events: int


class CProgram(NamedTuple):
    """The compiled program, and the folder for its files."""

    folder: Path

    def play(self, numbers: Parameters, runs: range) -> Played:
        """Return the rows of some runs: start the program, hand it the numbers, read its rows."""
        numbers_file, rows_file = self.folder / "numbers", self.folder / "rows"
        write_numbers(numbers, numbers_file)
        done = subprocess.run(
            [
                str(self.folder / "reference"),
                str(numbers_file),
                str(SEED),
                str(runs.start),
                str(len(runs)),
                str(rows_file),
            ],
            check=True,
            stdout=subprocess.PIPE,
        )
        return Played(read_rows(rows_file, numbers), int(json.loads(done.stdout)["events"]))


def compiled_into(folder: Path) -> CProgram | None:
    """Return the program, compiled into a folder; nothing where there is no gcc."""
    if shutil.which("gcc") is None:
        return None
    target = str(folder / "reference")
    subprocess.run(["gcc", *FLAGS, "-o", target, str(SOURCE), "-lm"], check=True)
    return CProgram(folder)
