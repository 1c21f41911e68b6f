"""Figures: each takes what was found and perhaps axes, and returns the axes it drew on.

Without axes a figure stands alone: it says below how to read it and what it rests on, and a
notebook shows it. With axes it is one panel of a figure of yours. `pictures` yields all that there
are of results, or of a comparison or study, with captions; `save_all` writes them to a folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.comparisons.compared import differences, incidence, moves, small_multiples
from sim.show.picture import Picture
from sim.show.pictures import pictures, provenance, save_all
from sim.show.plans.ladder import ladder, save_ladder
from sim.show.runs.curves import timing
from sim.show.runs.delays import delays
from sim.show.runs.endings import outcomes
from sim.show.runs.fighting import fighting
from sim.show.studies.of_studies import effects, heat_map, indices, lines, tornado
from sim.show.style import save
from sim.show.timelines.animation import animate
from sim.show.timelines.divergence import parting
from sim.show.timelines.timeline import save_timeline, timeline

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from sim.study.comparing.comparison import Comparison

__all__ = [
    "Picture",
    "animate",
    "delays",
    "differences",
    "effects",
    "fighting",
    "heat_map",
    "incidence",
    "indices",
    "ladder",
    "lines",
    "moves",
    "outcomes",
    "parting",
    "pictures",
    "provenance",
    "save",
    "save_all",
    "save_comparison",
    "save_ladder",
    "save_timeline",
    "small_multiples",
    "timeline",
    "timing",
    "tornado",
]


def save_comparison(comparison: Comparison, folder: str | PathLike[str]) -> list[Path]:
    """Write the figures of a comparison into a folder, as `save_all` does, and return the files."""
    return save_all(comparison, folder)
