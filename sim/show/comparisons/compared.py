"""Figures of a comparison: each takes it and perhaps axes, and returns the axes it drew on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.results.manifest import DISCLAIMER
from sim.scenario.counts import counted
from sim.scenario.sources import grades_in_words
from sim.show.comparisons import comparison as of_tables
from sim.show.comparisons.multiples import MOST_PLANS, draw_multiples, multiples_sheet
from sim.show.picture import Picture, picture
from sim.show.style import house_style
from sim.study.comparing.better_plan import intervals_in_words
from sim.study.comparing.compared_folder import Plans
from sim.study.comparing.main_outcomes import main_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from matplotlib.axes import Axes

    from sim.show.comparisons.comparison import Curve
    from sim.show.style import Sheet
    from sim.study.comparing.comparison import Comparison

_FEW_PLANS: Final = 3
_PLANS: Final = "A panel for each plan, all on the same scales"
_HAPPENED: Final = {"collapsed": "it has collapsed", "crisis": "there has been a crisis"}


@house_style()
def differences(comparison: Comparison, axes: Axes | None = None) -> Axes:
    """Draw what the other plans change against the first, with 95 % intervals.

    Those outcomes that were asked for, or those that tell which plan is better.
    """
    axes = _differences_sheet(comparison).on_screen() if axes is None else axes
    return of_tables.differences(_differing(comparison), axes, first=comparison.labels[0])


def _differences_sheet(comparison: Comparison) -> Sheet:
    return of_tables.differences_sheet(
        _differing(comparison),
        about=comparison.answer(),
        footer=_footer(comparison),
        simultaneous=intervals_in_words(len(comparison.labels)),
    )


def _differing(comparison: Comparison) -> pd.DataFrame:
    """Return the table that is drawn, with the intervals that hold together for all plans."""
    found = main_outcomes(comparison)
    order = {name: place for place, name in enumerate(dict.fromkeys(found["quantity"]))}
    found = found.sort_values("quantity", key=lambda one: one.map(order), kind="stable")
    return found.assign(
        low=found["simultaneous_low"],
        high=found["simultaneous_high"],
        paired=found["paired"] == "paired",
    )


@house_style()
def incidence(comparison: Comparison, axes: Axes | None = None, *, what: str = "collapsed") -> Axes:
    """Draw the share of runs in which something has happened by each day, a curve for each plan.

    What: `collapsed`, `crisis`, or that a step has been in force, as in `military.in_force`.
    """
    axes = _incidence_sheet(comparison, what).on_screen() if axes is None else axes
    step = what.removesuffix(".in_force")
    words = _HAPPENED.get(what, f"the step {step} has been in force")
    return of_tables.incidence(_curves(comparison, what), axes, what=words)


def _incidence_sheet(comparison: Comparison, what: str = "collapsed") -> Sheet:
    curves, footer = _curves(comparison, what), _footer(comparison)
    return of_tables.incidence_sheet(curves, about=comparison.answer(), footer=footer)


def _curves(comparison: Comparison, what: str) -> list[Curve]:
    """Return a curve for each plan under which it can happen."""
    tallies = dict(zip(comparison.labels, (one.tally for one in comparison.results), strict=True))
    found = [
        (label, *tally.incidence(what))
        for label, tally in tallies.items()
        if what in tally.happened
    ]
    if not found:
        known = ", ".join(dict.fromkeys(name for one in tallies.values() for name in one.happened))
        message = f"what: is {what!r}, must be one of {known}"
        raise ValueError(message)
    return found


@house_style()
def moves(comparison: Comparison, axes: Axes | None = None) -> Axes:
    """Draw how many runs end otherwise under each plan than under the first: those that are paired.

    Raises `ValueError` where no plan is paired with the first.
    """
    axes = _moves_sheet(comparison).on_screen() if axes is None else axes
    return of_tables.moves(_moving(comparison), axes, first=comparison.labels[0])


def _moves_sheet(comparison: Comparison) -> Sheet:
    about, footer = comparison.answer(), _footer(comparison)
    return of_tables.moves_sheet(_moving(comparison), about=about, footer=footer)


def _moving(comparison: Comparison) -> pd.DataFrame:
    found = comparison.moves()
    if found.empty:
        message = "comparison: no plan is paired with the first, so no run moves from end to end"
        raise ValueError(message)
    return found.rename(columns={"from": "before", "to": "after"})


def _footer(comparison: Comparison) -> tuple[str, ...]:
    first = comparison.scenarios[0]
    sources = f"{comparison.labels[0]}: {grades_in_words(first)}"
    return (f"{_told(comparison)} | {DISCLAIMER} | {sources}",)


def _told(comparison: Comparison) -> str:
    runs = sorted({one.replications for one in comparison.results})
    seeds = sorted({one.seed for one in comparison.results})
    counts = ", ".join(f"{one:,}" for one in runs[:-1]) + ", " * (len(runs) > 1)
    found = f"{counts}{counted(runs[-1], 'run')} of each plan, seed {', '.join(map(str, seeds))}"
    return f"{found}, comparison id {Plans.of(comparison).comparison_id}"


def provenance(comparison: Comparison) -> dict[str, str]:
    """Return what the numbers are and where they come from, for the inside of a picture's file."""
    return {
        "Description": f"{comparison.answer()} {_told(comparison)} | {DISCLAIMER}",
        "Scenario": " | ".join(comparison.labels),
        "Runs": ", ".join(str(one.replications) for one in comparison.results),
        "Seed": ", ".join(str(one.seed) for one in comparison.results),
        "Run id": ", ".join(one.run_id for one in comparison.results),
        "Comparison id": Plans.of(comparison).comparison_id,
        "Disclaimer": DISCLAIMER,
    }


_FIGURES: Final[
    dict[str, tuple[Callable[[Comparison, Axes], Axes], Callable[[Comparison], Sheet], str]]
] = {
    "differences": (
        differences,
        _differences_sheet,
        "Each point is what another plan changes against the first, a panel for each unit",
    ),
    "incidence": (
        incidence,
        _incidence_sheet,
        "A curve for each plan, over the days since the ceasefire began",
    ),
    "moves": (
        moves,
        _moves_sheet,
        "To the right: runs that hold only under the plan; to the left: only under the first one",
    ),
}


@house_style()
def small_multiples(
    comparison: Comparison, axes: Axes | None = None, *, what: str = "outcomes"
) -> Axes:
    """Draw the same figure of each plan in a grid, on the same scales; up to 16 plans.

    What: `outcomes`, how the runs end and how high the fighting goes; `timing`, what has happened
    by each day; `fighting`, the mean hours at each level.
    """
    if axes is None:
        axes = multiples_sheet(comparison, what, _footer(comparison)).on_screen()
    return draw_multiples(comparison, axes, what)


def comparison_pictures(comparison: Comparison) -> Iterator[Picture]:
    """Yield the pictures of a comparison: of more than three plans also a small one of each.

    Without pairs nothing moves.
    """
    told = provenance(comparison)
    for name, (figure, sheet, shows) in _FIGURES.items():
        if name == "moves" and comparison.moves().empty:
            continue
        draw = partial(figure, comparison)
        yield picture(name, draw, sheet(comparison), shows, told)
    if _FEW_PLANS < len(comparison.labels) <= MOST_PLANS:
        yield multiples_picture(comparison)


def multiples_picture(comparison: Comparison, what: str = "outcomes") -> Picture:
    """Return the same small figure of each plan, as one picture that stands alone."""
    sheet = multiples_sheet(comparison, what, _footer(comparison))
    draw = partial(draw_multiples, comparison, what=what)
    name = "plans" if what == "outcomes" else f"plans_{what}"
    return picture(name, draw, sheet, _PLANS, provenance(comparison))
