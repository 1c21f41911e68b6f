"""Figures of a sweep and of a sensitivity analysis, as they are found: what a notebook draws.

The figures of `sweeps` draw tables. These take the table from what was found, and what has to
stand around it: the scenario, how many runs, and what the values rest on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.show.studies import sweeps
from sim.show.studies.studied import foremost

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.points.sweep import Sweep
    from sim.study.values.effects import MorrisEffects
    from sim.study.values.indices import SobolIndices
    from sim.study.values.sensitivity import Sensitivity

__all__ = ["effects", "heat_map", "indices", "lines", "tornado"]


def lines(
    sweep: Sweep,
    outcome: str | None = None,
    axes: Axes | None = None,
    *,
    x: str | None = None,
    by: str | None = None,
) -> Axes:
    """Draw an outcome of a sweep against one of the values that vary, with its 95 % band.

    Without a name it is the first outcome of the sweep, and without a path the first value that
    varies. There is a line for each value of `by`, which is the second path where there are two.
    """
    x = sweep.paths[0] if x is None else x
    others = [path for path in sweep.paths if path != x]
    by = others[0] if by is None and len(others) == 1 else by
    return sweeps.lines(sweep.table, _outcome(sweep, outcome), x, by, axes, **_around(sweep))


def heat_map(
    sweep: Sweep,
    outcome: str | None = None,
    axes: Axes | None = None,
    *,
    x: str | None = None,
    y: str | None = None,
) -> Axes:
    """Draw an outcome of a sweep against two of the values that vary, as colours.

    Without a name it is the first outcome of the sweep, and without paths the first two values.
    Raises `ValueError` where a single value varies.
    """
    x = sweep.paths[0] if x is None else x
    others = [path for path in sweep.paths if path != x]
    if y is None and not others:
        message = f"y: is left out, and only {x} varies: lines shows a single value"
        raise ValueError(message)
    y = others[0] if y is None else y
    return sweeps.heat_map(sweep.table, _outcome(sweep, outcome), x, y, axes, **_around(sweep))


def _outcome(sweep: Sweep, name: str | None) -> str:
    return sweep.shown[0] if name is None else name


def _around(sweep: Sweep) -> dict[str, Any]:
    return {"about": sweep.scenario.title, "footer": (sweep.provenance(),)}


def tornado(found: Sensitivity, axes: Axes | None = None) -> Axes:
    """Draw what one value at a time does to the outcome, at both ends of its range.

    Of many values it shows those that matter most, as `indices` and `effects` do.
    """
    sizes = found.tornado[["low_difference", "high_difference"]].abs().max(axis=1)
    table, told = foremost(found, found.tornado, sizes)
    return sweeps.tornado(table, axes, what=found.outcome.name, **told)


def indices(found: Sensitivity, axes: Axes | None = None) -> Axes:
    """Draw Sobol's indices: which share of the outcome's variance each value accounts for.

    Raises `ValueError`, which says why, where there are none.
    """
    known: SobolIndices | None = found.indices
    if known is None:
        raise _missing("Sobol", found)
    table, told = foremost(found, known.table, known.table["ST"])
    noise = known.luck.noise_share
    return sweeps.indices(table, axes, noise=noise, what=found.outcome.name, **told)


def effects(found: Sensitivity, axes: Axes | None = None) -> Axes:
    """Draw Morris' effects: by how much each value moves the outcome, and how much that varies.

    Raises `ValueError`, which says why, where there are none.
    """
    known: MorrisEffects | None = found.effects
    if known is None:
        raise _missing("Morris", found)
    table = known.table.assign(unit=found.outcome.unit)
    noise = float(table["noise_mu_star"].max())
    table, told = foremost(found, table, table["mu_star"])
    return sweeps.effects(table, axes, noise=noise, what=found.outcome.name, **told)


def _missing(method: str, found: Sensitivity) -> ValueError:
    why = found.statements().get(method, 'it was not asked for: the method must be it, or "both"')
    return ValueError(f"{method}: there is nothing to draw, {why}")
