"""Pictures as the page has them: what stands around their axes is in the caption instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sim.show.report.page import Figure
from sim.show.style import house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from sim.show.picture import Picture

_POINTS_AN_INCH: Final = 72
_MARGIN_POINTS: Final = 6
_OWN_ID: Final = re.compile(r'<svg id="(p[0-9a-f]+)"')
_BOX: Final = re.compile(r'(?<=viewBox=")[^"]*')


def figure(drawn: Picture, number: int = 0) -> Figure:
    """Return a picture without the lines above and below it, all of which its caption says.

    Two drawings that are the same have the same ids, unless they have other numbers.
    """
    around = drawn.axes.get_figure(root=True)
    for text in [] if around is None else around.texts:
        text.set_visible(False)
        text.set_in_layout(False)
    svg = drawn.svg()
    if around is not None:
        svg = _BOX.sub(_box(around), svg, count=1)
    return Figure(_numbered(svg, number), drawn.caption)


def _numbered(svg: str, number: int) -> str:
    """Return a drawing with a number in all of its ids, which begin with that of the whole."""
    found = _OWN_ID.match(svg)
    return svg.replace(found[1], f"{found[1]}n{number}") if found and number else svg


def _box(around: Drawing) -> str:
    """Return which part of a drawing there is something in, from edge to edge, as SVG has it."""
    with house_style():
        found = around.get_tightbbox()
    width, height = (float(one) * _POINTS_AN_INCH for one in around.get_size_inches())
    top = max(height - found.y1 * _POINTS_AN_INCH - _MARGIN_POINTS, 0.0)
    bottom = min(height - found.y0 * _POINTS_AN_INCH + _MARGIN_POINTS, height)
    return f"0 {top:.1f} {width:.1f} {bottom - top:.1f}"
