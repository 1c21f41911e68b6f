"""The document: prose that people write, and blocks between marks that are written here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comparison.details import details
from comparison.plans import ROOT
from comparison.sentences import sentences
from comparison.tables import tables
from docs.blocks import with_blocks as filled

if TYPE_CHECKING:
    from comparison.playing import Found

DOCUMENT: Final = ROOT / "docs" / "plans.md"
PICTURE: Final = "plans.png"


def blocks_of(found: Found) -> dict[str, str]:
    """Return what stands between the marks, by their names."""
    figure = f"![Every plan less observing only, in two worlds]({PICTURE})"
    return {**sentences(found), **tables(found), **details(found), "figure": figure}


def with_blocks(text: str, found: Found) -> str:
    """Return the document with all its blocks filled."""
    return filled(text, blocks_of(found))
