"""The document: prose that people write, and blocks between marks that are written here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engines import ONE_THREAD, SIMPY, TWO_THREADS, C
from grids import grids, in_document, number

# A script's own folder is on the path, and not the one above it, which has the documents.
sys.path.append(str(Path(__file__).parents[1]))
from docs.blocks import with_blocks as filled

if TYPE_CHECKING:
    from engines import Checked, Timed
    from measured import Measured


def with_blocks(text: str, found: Measured, figure: str) -> str:
    """Return the document with what was measured in its blocks; `figure` is the picture's name."""
    blocks = {name: in_document(grid) for name, grid in grids(found).items()}
    blocks["how"] = _how(found)
    blocks["checked"] = _checked(found.checked)
    blocks["reached"] = _reached(found.engines)
    blocks["figure"] = f"![What was measured, in six panels]({figure})"
    return filled(text, blocks)


def _reached(timed: list[Timed]) -> str:
    """Return the three ratios that matter most: by round, and from turns that nobody disturbed."""
    by_name = {one.name: one for one in timed}
    pairs = [
        (ONE_THREAD, SIMPY, "times the SimPy engine"),
        (ONE_THREAD, C, "of the C program"),
        (TWO_THREADS, ONE_THREAD, "times one thread"),
    ]
    lines = []
    for mine, its, words in pairs:
        if its in by_name:
            median, least, most = map(number, by_name[mine].speed(by_name[its]))
            best = number(by_name[mine].best_speed(by_name[its]))
            lines.append(
                f"- The {mine}: **{median}** {words} by round ({least}–{most}), "
                f"**{best}** by the best turn of each."
            )
    return "\n".join(lines)


def _how(found: Measured) -> str:
    effort = found.effort
    return (
        f"Engines: {effort.engines.rounds} rounds, a turn of about "
        f"{effort.engines.turn_seconds:g} s for each in every round.\n"
        f"Growth: {effort.growth.rounds} rounds, turns of about "
        f"{effort.growth.turn_seconds:g} s, at least one run."
    )


def _checked(checked: Checked) -> str:
    return (
        f"Before anything was timed, all {checked.engines} were seen to give the same rows, bit "
        f"for bit, on {checked.runs:,} runs with {checked.crises:,} crises and "
        f"{checked.events:,} events: a third each of the reference scenario, of the same with a "
        "ladder for each sector, and of the same with so many attacks that runs are cut off."
    )
