"""One run hour by hour, as a moving picture: its timeline, unveiled from left to right."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont

from sim.results.folder import write_file
from sim.show.style import house_style
from sim.show.timelines.timeline import timeline_picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.scenario.scenario import Scenario

    Pixels = NDArray[np.uint8]

ANIMATED: Final = ".gif"
_DPI: Final = 90
_FRAMES: Final = 120
_FRAME_MILLISECONDS: Final = 100
_FIRST_MILLISECONDS: Final = 1000
_LAST_MILLISECONDS: Final = 5000
_COLOURS: Final = 128
_CLOCK_POINTS: Final = 11
_NOW: Final = (213, 94, 0)
_INK: Final = (34, 34, 34)


class _Stage(NamedTuple):
    """What all frames are made of, drawn once."""

    empty: Pixels
    """The figure before anything has happened; of shape (height, width, 3), as the next."""
    whole: Pixels
    columns: tuple[int, int]
    """Where the axes begin and end, in pixels from the left; rows are from the top."""
    rows: tuple[int, int]
    hours: tuple[float, float]


def animate(
    trace: pd.DataFrame,
    scenario: Scenario,
    run: int,
    path: str | PathLike[str],
    *,
    seed: int | None = None,
    from_hours: float | None = None,
    until_hours: float | None = None,
) -> Path:
    """Write a run as a moving picture (.gif), and return its path.

    It shows what the timeline of the run does, hour by hour: the gravest crisis, or the part that
    is asked for. The last frame stays for five seconds. The same run gives the same bytes.
    """
    path = Path(path)
    if path.suffix != ANIMATED:
        message = f"{path}: ends in {path.suffix or 'nothing'}, must be {ANIMATED}"
        raise ValueError(message)
    found = timeline_picture(
        trace, scenario, run, seed=seed, from_hours=from_hours, until_hours=until_hours
    )
    clock = clock_of(found.axes)
    frames = [Image.fromarray(one) for one in _frames(_stage(found.axes), clock)]
    write_file(path, _encoded(frames, found.provenance["Description"]))
    return path


def clock_of(axes: Axes) -> float | None:
    """Return the hour at which the clock above a timeline shows 0, if there is one."""
    if not axes.child_axes:
        return None
    return float(axes.get_xlim()[0] - axes.child_axes[0].get_xlim()[0])


def _stage(axes: Axes) -> _Stage:
    """Draw the figure with and without what happens."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("axes: were taken off their figure")
    figure.set_dpi(_DPI)
    whole = _pixels(figure)
    for artist in (*axes.lines, *axes.patches, *axes.collections, *axes.texts):
        artist.set_visible(False)
    empty = _pixels(figure)
    height, box = whole.shape[0], axes.get_window_extent()
    return _Stage(
        empty,
        whole,
        (round(box.x0), round(box.x1)),
        (height - round(box.y1), height - round(box.y0)),
        axes.get_xlim(),
    )


def _pixels(figure: Figure) -> Pixels:
    content = BytesIO()
    with house_style():
        figure.savefig(content, format="png", dpi=_DPI)
    return np.asarray(Image.open(content).convert("RGB"))


def _frames(stage: _Stage, clock: float | None) -> Iterator[Pixels]:
    """Yield the figure at each moment: what has happened by then, and what the clock shows."""
    (left, right), (start, end) = stage.columns, stage.hours
    for share in np.linspace(0.0, 1.0, _FRAMES):
        now = left + round(share * (right - left))
        shown = stage.whole.copy()
        rows = slice(*stage.rows)
        shown[rows, now:right] = stage.empty[rows, now:right]
        if share < 1:
            shown[rows, now : now + 2] = _NOW
        yield _with_clock(shown, start + share * (end - start), clock, stage.rows[1])


def _with_clock(shown: Pixels, hours: float, clock: float | None, bottom: int) -> Pixels:
    """Write the time to the right of the hours below the axes."""
    image = Image.fromarray(shown)
    font = ImageFont.truetype(findfont("DejaVu Sans:bold"), _CLOCK_POINTS * _DPI // 72)
    words = f"day {hours / 24:.1f}"
    if clock is not None and hours >= clock:
        words = f"{words}\nhour {hours - clock:.0f} of the crisis"
    place = (shown.shape[1] - 12, bottom + 4)
    ImageDraw.Draw(image).text(place, words, fill=_INK, font=font, anchor="ra", align="right")
    return np.asarray(image)


def _encoded(frames: Sequence[Image.Image], told: str) -> bytes:
    """Return the frames as a GIF, all in the colours of the last one."""
    palette = frames[-1].quantize(_COLOURS)
    shown = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in frames]
    between = [_FRAME_MILLISECONDS] * (len(shown) - 2)
    content = BytesIO()
    shown[0].save(
        content,
        format="GIF",
        save_all=True,
        append_images=shown[1:],
        duration=[_FIRST_MILLISECONDS, *between, _LAST_MILLISECONDS],
        loop=0,
        comment=told.encode(),
    )
    return content.getvalue()
