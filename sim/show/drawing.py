"""How a figure is laid out, and becomes what a file holds, without being drawn in vain."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from matplotlib.backend_bases import get_registered_canvas_class
from matplotlib.layout_engine import PlaceHolderLayoutEngine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def lay_out(axes: Axes) -> None:
    """Lay a figure out once and for all, so that it is the same however often it is written."""
    figure = axes.get_figure(root=True)
    engine = None if figure is None else figure.get_layout_engine()
    if figure is not None and engine is not None:
        # What stands beside the axes moves with them: the second time it has its room.
        engine.execute(figure)
        engine.execute(figure)
        figure.set_layout_engine("none")


def content_of(figure: Figure, suffix: str, dpi: float, metadata: Mapping[str, Any]) -> bytes:
    """Return what a file of this figure holds: ".png", ".svg" or ".pdf"."""
    content = BytesIO()
    kind = suffix.removeprefix(".")
    if isinstance(figure.get_layout_engine(), PlaceHolderLayoutEngine):
        _draw_once(figure, content, kind, dpi, metadata)
    else:
        figure.savefig(content, format=kind, dpi=dpi, metadata=metadata)
    return content.getvalue()


def _draw_once(
    figure: Figure, content: BytesIO, kind: str, dpi: float, metadata: Mapping[str, Any]
) -> None:
    """Draw a figure that is laid out; `savefig` would draw it twice, at first to lay it out."""
    canvas, own_dpi = figure.canvas, figure.dpi
    try:
        figure.set_dpi(dpi)
        drawn = get_registered_canvas_class(kind)(figure)
        getattr(drawn, f"print_{kind}")(content, metadata=metadata)
    finally:
        figure.set_canvas(canvas)
        figure.set_dpi(own_dpi)
