"""Figures can be read in grey and by the colour-blind: what looks alike has another mark.

Colour-blindness is that of Machado, Oliveira and Fernandes (2009, table 1, severity 1), on linear
sRGB; lightness and distances are those of CIE L*a*b* (1976). A distance of 10 is seen at a glance.
"""

from itertools import combinations, pairwise

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D

import sim
from sim.show.comparisons.differences import look
from sim.show.runs.bottlenecks import _LOOKS as PARTS
from sim.show.style import level_colours, step_colour, step_marker

SEEN_AS = {
    "everybody": np.eye(3),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
CLEARLY = 10


def lab(colour, seen_as):
    """Return L*, a* and b* of a colour as somebody sees it."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SEEN_AS[seen_as] @ linear, 0, 1)
    ratio = (TO_XYZ @ seen) / TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one, other, seen_as):
    """Return how far apart two colours look."""
    return float(np.linalg.norm(lab(one, seen_as) - lab(other, seen_as)))


def mark(handle):
    """Return the colour of an entry of a legend, and all that is not colour about it."""
    if isinstance(handle, Line2D):
        shape = (str(handle.get_marker()), handle.get_linestyle(), handle.get_linewidth())
        is_hollow = to_hex(handle.get_markerfacecolor()) == "#ffffff"
        return to_hex(handle.get_color()), ("line", *shape, is_hollow)
    face, edge = to_hex(handle.get_facecolor()), to_hex(handle.get_edgecolor())
    is_outlined = handle.get_linewidth() > 0 and edge != face
    return face, ("patch", handle.get_hatch() or "", is_outlined)


@pytest.fixture(scope="module")
def found(small_plan, small_results):
    """Axes of every figure that explains its colours in a legend, or at the ends of lines."""
    mpl.use("agg")
    plans = {f"plan {k}": small_plan.with_(("attack.per_year", float(k))) for k in range(5)}
    compared = sim.compare(plans, 10, 1, workers=1, progress=False)
    ranges = {"crisis.quiet_hours": (6, 24), "violations.incidents_per_day": (0, 20)}
    sensitive = sim.sensitivity(
        small_plan, ranges, "crises", samples=8, replications=20, workers=1, progress=False
    )
    drawn = [*sim.figures.pictures(small_results), *sim.figures.pictures(compared)]
    drawn += sim.figures.pictures(sensitive)
    axes = {one.name: one.axes for one in drawn}
    axes["timing of plans"] = sim.figures.small_multiples(compared, what="timing")
    axes["ladder"] = sim.figures.ladder(small_plan)
    return axes


LEGENDS = ["timeline", "differences", "tornado", "indices", "effects", "timing of plans", "ladder"]


@pytest.mark.parametrize("seen_as", SEEN_AS)
@pytest.mark.parametrize("name", [*LEGENDS, "delays"])
def test_no_two_entries_of_a_legend_are_mistaken_for_each_other(found, name, seen_as):
    """They differ in marker, line or hatch, or clearly in what the eye makes of their colours."""
    handles = [one for one in found[name].get_legend().legend_handles if one.get_visible()]
    marks = [mark(one) for one in handles]
    alike = [
        (one, other)
        for one, other in combinations(marks, 2)
        if one[1] == other[1] and distance(one[0], other[0], seen_as) < CLEARLY
    ]

    assert len(marks) > 1
    assert alike == []


@pytest.mark.parametrize("name", ["timing", "incidence", "delays"])
def test_every_curve_has_a_marker_of_its_own(found, name):
    """Whatever becomes of its colour."""
    curves = [one for one in found[name].lines if len(one.get_xdata()) > 5]
    markers = [one.get_marker() for one in curves if one.get_marker() != "None"]

    assert len(markers) > 1
    assert len(set(markers)) == len(markers)


@pytest.mark.parametrize("seen_as", SEEN_AS)
@pytest.mark.parametrize("levels", range(2, 7))
def test_the_higher_the_level_the_darker(levels, seen_as):
    """By so much that neighbours are told apart."""
    lightness = [lab(one, seen_as)[0] for one in level_colours(levels)[1:]]

    assert all(paler - darker > CLEARLY for paler, darker in pairwise(lightness))


@pytest.mark.parametrize("seen_as", SEEN_AS)
def test_a_heat_map_only_gets_lighter(seen_as):
    """From its lowest to its highest value."""
    ramp = mpl.colormaps["cividis"]
    lightness = [lab(ramp(share), seen_as)[0] for share in np.linspace(0, 1, 21)]

    assert all(brighter > darker for darker, brighter in pairwise(lightness))


@pytest.mark.parametrize("seen_as", SEEN_AS)
def test_the_parts_of_a_delay_are_told_apart(seen_as):
    """By lightness or by hatch."""
    alike = [
        (one, other)
        for one, other in combinations(PARTS, 2)
        if one[1] == other[1] and distance(one[0], other[0], seen_as) < CLEARLY
    ]

    assert alike == []


def test_six_steps_and_twelve_plans_have_looks_of_their_own():
    """Steps by their marker alone; plans by marker and colour."""
    assert len({step_marker(index) for index in range(6)}) == 6
    assert len({step_colour(index) for index in range(6)}) == 6
    assert len({look(index) for index in range(12)}) == 12
