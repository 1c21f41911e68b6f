"""How every figure looks, and how it is saved: the same bytes for the same results."""

from __future__ import annotations

import textwrap
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import matplotlib as mpl
from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from sim.results.folder import write_file
from sim.show.drawing import content_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    from matplotlib.axes import Axes

FORMATS: Final = (".png", ".svg", ".pdf")
"""What a figure can be saved as, by the end of the file's name."""
SMALL: Final = 9.5
INK: Final = "#222222"
GREY: Final = "#595959"
PALE: Final = "#d9d9d9"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"

# Okabe and Ito's colours, which the colour-blind can tell apart; without their yellow, which is
# hard to see on white, and without vermilion, which means collapse.
_STEPS: Final = (BLUE, "#E69F00", "#009E73", "#CC79A7", "#56B4E9", INK)
MARKERS: Final = ("o", "s", "^", "D", "v", "P")

_WIDTH_INCHES: Final = 10.0
_DPI: Final = 160
_HOUSE: Final = {
    "font.size": 11,
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "grid.color": "#e8e8e8",
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "text.color": INK,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
    # Drawn letters look the same where the font is missing; the salt makes the ids repeatable.
    "svg.fonttype": "path",
    "svg.hashsalt": "ceasefire-sim",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the style of the house, whatever the user's own is; afterwards theirs is back."""
    shows_at_once = mpl.is_interactive()
    try:
        with style.context(["default", _HOUSE]):
            try:
                yield
            finally:
                shows_at_once = mpl.is_interactive()
    finally:
        # A notebook finds its backend with the first figure, and shows each by this setting: to
        # put it back with the style would leave that figure the only one that is seen.
        mpl.interactive(shows_at_once)


def step_colour(index: int) -> str:
    """Return a step's colour; from the seventh step on they come again."""
    return _STEPS[index % len(_STEPS)]


def step_marker(index: int) -> str:
    """Return a step's marker, so that it is not known by its colour alone."""
    return MARKERS[index % len(MARKERS)]


def level_colours(levels: int) -> list[str]:
    """Return a colour for each level of fighting, from pale to dark; index 0 is quiet.

    >>> level_colours(1)
    ['#d9d9d9', '#00224e']
    """
    ramp = mpl.colormaps["cividis"]
    steps = max(levels - 1, 1)
    shades = [0.9 * (levels - 1 - index) / steps for index in range(levels)]
    return [PALE, *(mpl.colors.to_hex(ramp(shade)) for shade in shades)]


def plain(text: str) -> str:
    r"""Return a user's text as one line of characters that can be printed.

    >>> plain("Plan\n A\x00")
    'Plan A'
    """
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def wrapped(text: str, inches: float, points: float) -> str:
    """Return a text in lines that are no longer than this at this size of type.

    >>> wrapped("as much as fits", inches=1, points=10).splitlines()
    ['as much as', 'fits']
    """
    font, characters = FontProperties(size=points), len(text) + 1
    while True:
        lines = textwrap.wrap(text, characters)
        widest = max((_width_inches(line, font) for line in lines), default=0.0)
        if widest <= inches or characters <= 1:
            return "\n".join(lines)
        characters = min(characters - 1, int(characters * inches / widest) + 1)


def _width_inches(line: str, font: FontProperties) -> float:
    return float(text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]) / 72


class Sheet(NamedTuple):
    """What a figure that stands alone has around its axes."""

    scenario: str
    """The scenario's title, which stands above."""
    footer: tuple[str, ...]
    """What stands below: how to read the figure, and where it comes from."""
    height_inches: float
    width_inches: float = _WIDTH_INCHES

    def on_screen(self) -> Axes:
        """Return axes that a notebook shows, and a script with `matplotlib.pyplot.show()`."""
        # Only here: pyplot keeps every figure and may look for a screen.
        from matplotlib import pyplot as plt  # noqa: PLC0415

        return self._axes(plt.figure(figsize=self._size(), layout="constrained"))

    def off_screen(self) -> Axes:
        """Return axes on a figure that needs no screen and is forgotten when nobody holds it."""
        return self._axes(Figure(figsize=self._size(), dpi=_DPI, layout="constrained"))

    def _size(self) -> tuple[float, float]:
        return self.width_inches, self.height_inches

    def _axes(self, figure: Figure) -> Axes:
        inches = self.width_inches - 0.3
        above = wrapped(plain(self.scenario), inches, points=11)
        below = "\n".join(wrapped(plain(line), inches, points=SMALL) for line in self.footer)
        figure.suptitle(above, x=0.012, ha="left", fontsize=11, color=GREY, parse_math=False)
        figure.supxlabel(
            below, x=0.012, ha="left", fontsize=SMALL, color=GREY, parse_math=False, linespacing=1.4
        )
        return figure.add_subplot()


def save(axes: Axes, path: str | PathLike[str], provenance: Mapping[str, str]) -> Path:
    """Write the figure as its name ends (.png, .svg or .pdf), with its provenance inside.

    The same figure gives the same bytes: no dates, no ids made by chance.
    """
    path = Path(path)
    figure = axes.get_figure(root=True)
    if path.suffix not in FORMATS or figure is None:
        message = f"{path}: ends in {path.suffix or 'nothing'}, must be one of {', '.join(FORMATS)}"
        raise ValueError(message)
    told = {"Title": axes.get_title(loc="left").replace("\n", " "), **provenance}
    told = {key: plain(value) for key, value in told.items()}
    with house_style():
        content = content_of(figure, path.suffix, _DPI, _metadata(path.suffix, told))
    write_file(path, content)
    return path


def _metadata(suffix: str, told: dict[str, str]) -> dict[str, str | list[str] | None]:
    """Return what is told in the fields that the format has: PNG takes any, the others do not."""
    if suffix == ".png":
        return {**told}
    title, description = told["Title"], told.get("Description", "")
    words = [f"{key}: {value}" for key, value in told.items() if key != "Description"]
    if suffix == ".pdf":
        joined = "; ".join(words)
        return {"Title": title, "Subject": description, "Keywords": joined, "CreationDate": None}
    return {"Title": title, "Description": description, "Keywords": words, "Date": None}
