"""One picture that stands alone: what was drawn, its caption, and what its files say inside."""

from __future__ import annotations

import hashlib
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.results.manifest import DISCLAIMER
from sim.show.drawing import content_of, lay_out
from sim.show.style import house_style, plain, save

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.show.style import Sheet

SUFFIXES: Final = (".png", ".svg")
"""What is written of each picture, unless somebody asks for something else."""
_ENDS: Final = (".", "?", "!", ".)")
_NO_METADATA: Final = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_COMMENT: Final = re.compile(r"\s*<!--.*?-->", re.DOTALL)
# What refers to something within a drawing, and what is referred to.
_IDS: Final = re.compile(r'(?<= id=")(?=[^"])|(?<=href="#)|(?<=url\(#)')


class Picture(NamedTuple):
    """A figure drawn without a screen, with all that it takes to use it somewhere else."""

    name: str
    """The name of its files, without their endings."""
    axes: Axes
    caption: str
    """One paragraph of plain text: what is seen, how to read it, and what it rests on."""
    provenance: Mapping[str, str]
    """What stands inside its files."""

    def title(self) -> str:
        """Return what stands above the axes, on one line."""
        return plain(self.axes.get_title(loc="left"))

    def save(self, folder: str | PathLike[str], suffixes: Sequence[str] = SUFFIXES) -> list[Path]:
        """Write the picture into a folder, in each format, and return the files.

        The same picture gives the same bytes.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{self.name}{suffix}" for suffix in suffixes]
        return [save(self.axes, file, self.provenance) for file in files]

    def svg(self) -> str:
        """Return the picture as an `<svg>` element to put into an HTML page.

        It is as wide as there is room. Its ids and its style are its own, so that many pictures can
        stand in one page. The same picture gives the same text.
        """
        figure = self._figure()
        with house_style():
            drawn = content_of(figure, ".svg", figure.dpi, _NO_METADATA)
        return _inlined(drawn.decode(), self.title())

    def _figure(self) -> Figure:
        figure = self.axes.get_figure(root=True)
        if figure is None:
            message = f"{self.name}: its axes were taken off their figure"
            raise ValueError(message)
        return figure


def _inlined(drawing: str, title: str) -> str:
    """Return the element of a drawing, which refers to nothing but itself."""
    own = f"p{hashlib.sha256(drawing.encode()).hexdigest()[:12]}"
    element = _IDS.sub(f"{own}-", _COMMENT.sub("", drawing[drawing.index("<svg") :]).strip())
    head, body = element.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    found = box.group() if box else ""
    # The style of a drawing is meant for all that is in it, and for nothing else in the page.
    body = body.replace('<style type="text/css">*{', f'<style type="text/css">#{own} *{{', 1)
    return (
        f'<svg id="{own}" xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" {found} role="img" '
        f'aria-label="{escape(title)}">{body}'
    )


def picture(
    name: str,
    draw: Callable[[Axes], Axes],
    sheet: Sheet,
    shows: str,
    provenance: Mapping[str, str],
) -> Picture:
    """Return the picture of what is drawn on a sheet; `shows` says in a sentence what is seen."""
    with house_style():
        axes = draw(sheet.off_screen())
        lay_out(axes)
    return Picture(name, axes, caption(axes.get_title(loc="left"), shows, sheet), provenance)


def caption(title: str, shows: str, sheet: Sheet) -> str:
    """Return what a picture shows and what stands around it, as one paragraph.

    The last line of the sheet's footer says what the picture rests on, between bars.
    """
    *notes, told = sheet.footer
    about = () if sheet.scenario in told else (sheet.scenario,)
    told = told.replace(f"{sheet.scenario} | ", f"{sheet.scenario}: ", 1)
    rests_on = told.replace(DISCLAIMER, DISCLAIMER.capitalize()).split(" | ")
    parts = (title, *about, shows, *notes, *rests_on)
    return " ".join(_sentence(one) for one in map(plain, parts) if one)


def _sentence(text: str) -> str:
    """Return a text with a full stop.

    >>> _sentence("How soon?"), _sentence("10 runs")
    ('How soon?', '10 runs.')
    """
    return text if text.endswith(_ENDS) else f"{text}."
