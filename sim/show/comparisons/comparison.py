"""Figures of a comparison: what other plans change, against the first, on the same luck.

Each takes a plain table, and perhaps axes, and returns the axes it drew on. A figure that stands
alone on other axes than those of a screen is drawn on its sheet: `moves_sheet(...).off_screen()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.results.estimates import Estimate
from sim.show.comparisons.differences import differences, differences_sheet, look
from sim.show.comparisons.moves import moves, moves_sheet
from sim.show.labels import End, label_ends, share_text
from sim.show.runs.curves import draw_curve
from sim.show.style import INK, Sheet, house_style, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from sim.results.estimates import Floats

__all__ = [
    "differences",
    "differences_sheet",
    "incidence",
    "incidence_sheet",
    "moves",
    "moves_sheet",
]

_END_INCHES: Final = 2.6

Curve = tuple[str, "Floats", "Floats", "Floats", "Floats"]
"""A plan's label, and its days, share, low and high."""


@house_style()
def incidence(
    curves: Sequence[Curve],
    axes: Axes | None = None,
    *,
    what: str = "it has collapsed",
    title: str | None = None,
    about: str = "",
    footer: Sequence[str] = (),
) -> Axes:
    """Draw the share of runs in which something has happened by each day, a curve for each plan.

    The first plan comes first. A curve is the plan's label, days since the ceasefire began, share
    (0 to 1), low and high, each of shape (points,).
    """
    axes = incidence_sheet(curves, about=about, footer=footer).on_screen() if axes is None else axes
    ends, top = [], 0.0
    for index, (label, days, *bands) in enumerate(curves):
        # The others look as they do where they are compared with the first.
        colour, marker = look(index - 1) if index else (INK, "*")
        draw_curve(axes, days, [100 * one for one in bands], colour, marker)
        value, low, high = (float(one[-1]) for one in bands)
        last = Estimate(value, low, high, "", 0)
        words = f"{wrapped(label, _END_INCHES, 10)}\n{share_text(last)}"
        ends.append(End(100 * last.value, words, colour, marker))
        top = max(top, 100 * float(bands[2].max()))
    axes.set_xlim(0, max((float(curve[1][-1]) for curve in curves), default=1.0))
    axes.set_ylim(0, next(one for one in (1, 2, 5, 10, 15, 25, 50, 75, 101) if top < one))
    axes.set(xlabel="Days since the ceasefire began", ylabel="Share of runs (%)")
    words = title or f"Share of runs in which {what} by each day, under each plan"
    axes.set_title(wrapped(words, inches=9.5, points=14), parse_math=False)
    axes.grid(visible=True)
    label_ends(axes, ends, lowest=0.0)
    return axes


def incidence_sheet(
    curves: Sequence[Curve],
    *,
    about: str = "",
    footer: Sequence[str] = (),
) -> Sheet:
    """Return what stands around the figure of cumulative incidence."""
    note = (
        "Bands: 95 % intervals of each plan by itself, in brackets at the end. On the same luck, "
        "differences are surer than the bands look: see the figure of differences."
    )
    return Sheet(about, (note, *footer), min(max(5.5, 2.2 + 0.62 * len(curves)), 40), 11)
