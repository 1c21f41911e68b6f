"""What the explorer's pictures are drawn on: as wide as the page says, and nothing to be laid out.

Their places are fixed, since finding the best ones takes longer than drawing. One inch is 96 of the
browser's pixels, so type is as large as it is on the page around it.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.show.style import BLUE, INK, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Final = (INK, BLUE)
"""Of plan A and plan B."""
SIZE: Final = 9.5
"""Of type, in points: 12.7 pixels."""
PIXELS_AN_INCH: Final = 96

Box: TypeAlias = tuple[float, float, float, float]
"""Margins in inches: left, right, below and above; or where axes stand in a figure."""


class View(NamedTuple):
    """How wide a picture is to be, and how fine."""

    pixels: float
    ratio: float
    what: str = "collapsed"
    """What the picture of "by when" is about."""

    @property
    def inches(self) -> float:
        """How wide it is."""
        return self.pixels / PIXELS_AN_INCH

    def at(self, box: Box, height: float) -> Box:
        """Return where axes stand, from margins in inches: left, right, below and above."""
        left, right, below, above = box
        wide, high = self.inches - left - right, height - below - above
        return left / self.inches, below / height, wide / self.inches, high / height


class Picture(NamedTuple):
    """A picture as a file, with the words for those who do not see it."""

    name: str
    title: str
    alt: str
    png: bytes
    size: tuple[int, int]
    """In the browser's pixels: width and height."""


class Drawn(NamedTuple):
    """A figure, and what it shows in words."""

    figure: Figure
    alt: str


def saved(name: str, title: str, drawn: Drawn, view: View) -> Picture:
    """Return a figure as a picture."""
    content = BytesIO()
    # It travels no further than this machine: less work over fewer bytes.
    quick = {"compress_level": 1}
    # `savefig` would draw it twice, at first to lay it out.
    drawn.figure.set_dpi(PIXELS_AN_INCH * view.ratio)
    FigureCanvasAgg(drawn.figure).print_png(content, pil_kwargs=quick)  # type: ignore[no-untyped-call]  # matplotlib's
    size = (drawn.figure.get_size_inches() * PIXELS_AN_INCH).round().astype(int)
    return Picture(name, title, plain(drawn.alt), content.getvalue(), (int(size[0]), int(size[1])))


def axes_on_paper(view: View, height: float, box: Box) -> tuple[Figure, Axes]:
    """Return a figure so many inches high, with axes between margins."""
    figure = Figure(figsize=(view.inches, height))
    axes = figure.add_axes(view.at(box, height))
    axes.tick_params(labelsize=SIZE)
    # Ticks are most of the work.
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    return figure, axes
