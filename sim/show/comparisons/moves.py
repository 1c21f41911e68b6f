"""The figure of moves: which runs end otherwise under a plan, and how many do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.model.words import OUTCOMES
from sim.results.estimates import Estimate, share
from sim.scenario.counts import counted
from sim.show.labels import share_text, write_beside
from sim.show.style import BLUE, GREY, INK, SMALL, VERMILION, Sheet, house_style, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

_HELD, _COLLAPSED, _ = OUTCOMES
_ENDS: Final = dict(zip(OUTCOMES, ("holds", "collapses", "runs away"), strict=True))
_BOTH: Final = dict(zip(OUTCOMES, ("hold", "collapse", "run away"), strict=True))
_INCHES: Final = 11.0
# So that no line of the grid goes through words.
_ON_WHITE: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}


@house_style()
def moves(
    table: pd.DataFrame,
    axes: Axes | None = None,
    *,
    first: str,
    title: str | None = None,
    about: str = "",
    footer: Sequence[str] = (),
) -> Axes:
    """Draw which runs end otherwise under a plan than under the first one, and say how many do not.

    The table's columns are plan, before, after (how a run ends under the first plan, and under this
    one: held, collapsed or runaway) and runs, a row for each pair of endings of each plan. To the
    right are the runs that hold only under the plan, to the left those that hold only under the
    first one.
    """
    axes = moves_sheet(table, about=about, footer=footer).on_screen() if axes is None else axes
    place, places, names = 0.0, [], []
    for plan, found in _flows(table).items():
        _head_plan(axes, place, plan, found)
        for index, flow in enumerate(_movers(found)):
            _draw_flow(axes, place + index + 1, flow)
            places.append(place + index + 1)
            names.append(f"{_ENDS[flow.before]} \N{RIGHTWARDS ARROW} {_ENDS[flow.after]}")
        place = places[-1] + 1.4
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(place - 0.7, -0.5)
    _scale_flows(axes)
    axes.set_xlabel(
        f"\N{LEFTWARDS ARROW} holds only under {first}    (% of runs)    "
        "holds only under the plan \N{RIGHTWARDS ARROW}",
        parse_math=False,
    )
    words = title or f"Which runs end otherwise than under {first}?"
    axes.set_title(wrapped(words, inches=9.5, points=14), parse_math=False)
    axes.grid(visible=True, axis="x")
    return axes


def moves_sheet(table: pd.DataFrame, *, about: str = "", footer: Sequence[str] = ()) -> Sheet:
    """Return what stands around the figure of moves."""
    rows = sum(len(_movers(found)) + 1.4 for found in _flows(table).values())
    note = (
        "Each run is looked at under both plans, on the same luck; bars: those that end otherwise. "
        "Black lines and brackets: 95 % intervals (Wilson)."
    )
    return Sheet(about, (note, *footer), min(2.4 + 0.36 * rows, 60), _INCHES)


class _Flow(NamedTuple):
    """Runs that end in one way under the first plan, and in one way under another."""

    before: str
    after: str
    runs: int
    of: int

    def share(self) -> Estimate:
        """Return which share of all runs they are, with Wilson's interval."""
        return share(self.runs, self.of)

    def side(self) -> int:
        """Return 1 where only the plan holds, -1 where only the first does, else 0."""
        return (self.after == _HELD) - (self.before == _HELD)


def _flows(table: pd.DataFrame) -> dict[str, list[_Flow]]:
    totals = table.groupby("plan", sort=False)["runs"].sum()
    found: dict[str, list[_Flow]] = {}
    for row in table.to_dict("records"):
        plan, of = str(row["plan"]), int(totals[row["plan"]])
        flow = _Flow(str(row["before"]), str(row["after"]), int(row["runs"]), of)
        found.setdefault(plan, []).append(flow)
    return found


def _movers(flows: Sequence[_Flow]) -> list[_Flow]:
    """Return those that move, the better first; the two plain ones also where there are none."""
    pairs = {(flow.before, flow.after): flow for flow in flows}
    for pair in ((_COLLAPSED, _HELD), (_HELD, _COLLAPSED)):
        pairs.setdefault(pair, _Flow(*pair, 0, flows[0].of))
    moved = [
        flow
        for (before, after), flow in pairs.items()
        if before != after and (flow.runs or {before, after} == {_HELD, _COLLAPSED})
    ]
    return sorted(moved, key=lambda flow: (-flow.side(), -flow.runs))


def _head_plan(axes: Axes, place: float, plan: str, flows: Sequence[_Flow]) -> None:
    """Write above a plan's bars what it is, how many runs end the same way, and the balance."""
    same = [
        f"{share_text(flow.share())} {_BOTH[flow.after]} under both"
        for flow in flows
        if flow.before == flow.after and flow.runs
    ]
    net = sum(flow.side() * flow.runs for flow in flows)
    balance = f"on balance {abs(net):,} {'fewer' if net < 0 else 'more'} of {flows[0].of:,} hold"
    look: dict[str, Any] = {
        "transform": axes.get_yaxis_transform(),
        "va": "center",
        "bbox": _ON_WHITE,
        "parse_math": False,
    }
    axes.text(0, place, plan, weight="bold", **look)
    axes.text(0, place + 0.42, "; ".join(same), fontsize=SMALL, color=GREY, **look)
    write_beside(axes, place, balance)


def _draw_flow(axes: Axes, place: float, flow: _Flow) -> None:
    share = flow.share()
    sign = -1 if flow.side() < 0 else 1
    value, low, high = (100 * sign * one for one in share[:3])
    colour = {1: BLUE, -1: VERMILION, 0: GREY}[flow.side()]
    axes.barh(place, value, height=0.6, color=colour, edgecolor=INK, linewidth=0.6)
    axes.plot([low, high], [place] * 2, color="black", linewidth=1.8, marker="|", zorder=4)
    write_beside(axes, place, f"{counted(flow.runs, 'run')}: {share_text(share)}")


def _scale_flows(axes: Axes) -> None:
    """Show zero, both directions, and shares without a sign."""
    low, high = axes.get_xlim()
    widest = max(-low, high)
    axes.set_xlim(min(low, -0.12 * widest), max(high, 0.12 * widest))
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
