"""Sobol's indices of a stochastic model: which part of an outcome's variance is whose.

The first-order index S1 of a parameter is the part of the variance that knowing it would take
away, the total index ST the part that would be left if all others were known (Sobol 2001,
Mathematics and Computers in Simulation 55, 271-280). Both are those of the mean outcome over luck.
The sample and the estimators are SALib's (Saltelli et al. 2010, Computer Physics Communications
181, 259-270); what the noise of replication adds to them is taken out as
`sim.study.points.noise` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.study.points.designs import at_shares, check_power_of_two
from sim.study.points.noise import (
    Floats,
    Luck,
    NothingToExplainError,
    Ranking,
    Resampling,
    checked_values,
    divided,
    half_width,
    only,
    ranking,
    resampling,
    too_noisy,
    with_interval,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from sim.study.points.designs import Points
    from sim.study.points.varied import Varied

# An index whose interval is narrower than this is known well enough (Sarrazin, Pianosi and Wagener
# 2016, Environmental Modelling & Software 79, 135-152, take 0.05; half of that is each side's).
_WIDE: Final = 0.1
_MOST_LOST: Final = 0.025


@dataclass(frozen=True)
class SobolDesign:
    """The points at which a model is to be played for Sobol's indices."""

    varieds: tuple[Varied, ...]
    bases: int
    """How many base samples; each is 2 points, and one more for each path."""
    points: Points
    """Of each base sample the point A, A with one path of B for each path, and B."""


@dataclass(frozen=True)
class SobolIndices:
    """Sobol's indices of an outcome, with what they rest on."""

    table: pd.DataFrame
    """A row a path in the order of the design: path, S1, S1_low, S1_high, ST, ST_low, ST_high (the
    noise of replication taken out), rank, rank_low, rank_high (by ST), S1_of_means, ST_of_means
    (SALib's, with the noise)."""
    luck: Luck
    """How the variance divides between parameters and luck."""
    enough: bool
    """Whether the sample was enough to rely on the ranking."""
    words: str
    """Why, and what to raise if it was not."""


def sobol_design(varieds: Sequence[Varied], bases: int, seed: int) -> SobolDesign:
    """Return the points for Sobol's indices: `bases`, a power of two, times (paths + 2)."""
    from SALib.sample import sobol  # noqa: PLC0415 - slow to load

    check_power_of_two("bases", bases)
    shares = sobol.sample(problem_of(varieds), bases, calc_second_order=False, seed=seed)
    return SobolDesign(tuple(varieds), bases, at_shares(varieds, shares))


def problem_of(varieds: Sequence[Varied]) -> dict[str, Any]:
    """Return what varies as SALib is told it: shares of ranges, 0 to 1."""
    names = [varied.path for varied in varieds]
    if not names:
        message = "design: nothing varies, must be at least one path"
        raise ValueError(message)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def sobol_indices(design: SobolDesign, values: npt.ArrayLike, *, seed: int = 1) -> SobolIndices:
    """Return Sobol's indices of the mean outcome, the noise of replication told apart.

    values: shape (points, replications), in the order of the design's points; a replication is one
    run, or the mean over one block of runs, the same block at every point. The seed is that of the
    resampling from which the intervals are.

    Raises `NothingToExplainError` when the outcome does not differ between the points, or not by
    more than the noise, and `ValueError` when an outcome is unknown somewhere.
    """
    array = checked_values(values, design.points)
    by_base = array.reshape(design.bases, -1, array.shape[1])
    luck = divided(np.concatenate([by_base[:, 0], by_base[:, -1]]))
    cut = _cut(array, len(design.varieds))
    drawn = resampling(design.bases, array.shape[1], seed)
    found = _indices(cut, Resampling(*(np.ones_like(one[:1]) for one in drawn)), luck)
    resampled = _indices(cut, drawn, luck)
    ranks = ranking(found.total[0], resampled.total, _WIDE)
    table = _table(design, array, found, resampled, ranks)
    words = _lacking(design, cut, drawn, luck, ranks) or [too_noisy(luck)] * luck.is_noisy
    return SobolIndices(table, luck, not words, "; ".join(words) or _enough(table, luck))


class _Cut(NamedTuple):
    """The outcomes of a design by kind of point, each column less its mean over all points."""

    first: Floats
    """Shape (bases, columns): the points A."""
    mixed: Floats
    """Shape (paths, bases, columns): the points A with one path of B."""
    second: Floats
    """Shape (bases, columns): the points B."""


class _Indices(NamedTuple):
    """Indices in each resample, shape (resamples, paths)."""

    first_order: Floats
    total: Floats


def _cut(array: Floats, paths: int) -> _Cut:
    """Return the outcomes by kind of point; what is common to a column is in no index."""
    centred = (array - array.mean(axis=0)).reshape(-1, paths + 2, array.shape[1])
    return _Cut(centred[:, 0], np.moveaxis(centred[:, 1:-1], 1, 0), centred[:, -1])


def _indices(cut: _Cut, drawn: Resampling, luck: Luck) -> _Indices:
    """Return the indices in each resample, by products of different columns only."""
    variance = _variance(cut, drawn)
    is_known = variance > 0
    if is_known.mean() < 1 - _MOST_LOST:
        message = (
            "values: do not differ between the points by more than the noise of replication "
            f"({luck.noise_share:.0%} of the variance): there is nothing to explain before there "
            "are more replications"
        )
        raise NothingToExplainError(message)
    pairs = [_numerators(cut.first, mixed, cut.second, drawn) for mixed in cut.mixed]
    first_order, total = (np.stack(one, axis=1) for one in zip(*pairs, strict=True))
    known = variance[is_known, None]
    return _Indices(first_order[is_known] / known, total[is_known] / known)


def _numerators(
    first: Floats, mixed: Floats, second: Floats, drawn: Resampling
) -> tuple[Floats, Floats]:
    """Return the variances that a path explains alone, and with others, shape (resamples,).

    Saltelli et al. 2010, table 2: (b) for the first order, (f) for the total, after Jansen 1999.
    """
    step = mixed - first
    return _product(second, step, drawn), 0.5 * _product(step, step, drawn)


def _variance(cut: _Cut, drawn: Resampling) -> Floats:
    """Return the variance of the mean outcome over the points A and B, shape (resamples,)."""
    square = _product(cut.first, cut.first, drawn) + _product(cut.second, cut.second, drawn)
    middle = drawn.bases @ (cut.first + cut.second) / (2 * len(cut.first))
    of_middle = (drawn.columns * middle).sum(axis=1) ** 2
    of_middle -= (drawn.columns**2 * middle**2).sum(axis=1)
    found: Floats = square / 2 - of_middle / _pairs(drawn)
    return found


def _product(one: Floats, other: Floats, drawn: Resampling) -> Floats:
    """Return the mean product of outcomes in two different columns, shape (resamples,).

    one, other: shape (bases, columns).
    """
    columns = drawn.columns.T
    product = (one @ columns) * (other @ columns) - (one * other) @ columns**2
    found: Floats = (product * drawn.bases.T).sum(axis=0) / len(one) / _pairs(drawn)
    return found


def _pairs(drawn: Resampling) -> Floats:
    """Return how many pairs of different columns there are, shape (resamples,)."""
    found: Floats = drawn.columns.sum(axis=1) ** 2 - (drawn.columns**2).sum(axis=1)
    return found


def _table(
    design: SobolDesign, array: Floats, found: _Indices, resampled: _Indices, ranks: Ranking
) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - slow to load
    from SALib.analyze import sobol  # noqa: PLC0415 - as above

    naive = sobol.analyze(
        problem_of(design.varieds),
        array.mean(axis=1),
        calc_second_order=False,
        seed=1,
        num_resamples=2,
    )
    columns: dict[str, object] = {"path": [varied.path for varied in design.varieds]}
    for name, value, spread in zip(("S1", "ST"), found, resampled, strict=True):
        columns |= with_interval(name, value[0], spread)
    columns |= ranks.columns()
    columns |= {"S1_of_means": naive["S1"], "ST_of_means": naive["ST"]}
    return pd.DataFrame(columns)


def _lacking(
    design: SobolDesign, cut: _Cut, drawn: Resampling, luck: Luck, ranks: Ranking
) -> list[str]:
    """Return which ranks are not settled, and of what there were too few; empty: they all are."""
    if not ranks.unsettled:
        return []
    spreads = {
        which: float(half_width(_indices(cut, only(which, drawn), luck).total).max())
        for which in ("bases", "columns")
    }
    raised = f"base samples from {design.bases:,} to {4 * design.bases:,}"
    if spreads["columns"] > spreads["bases"]:
        raised = "replications fourfold"
    return [f"{ranks.unsettled_words(design.varieds)}: raise the {raised}"]


def _enough(table: pd.DataFrame, luck: Luck) -> str:
    widest = float((table["ST_high"] - table["ST_low"]).max())
    return (
        f"enough: the ranks are settled, or where they are not the indices are alike; the widest "
        f"interval of ST has {widest:.2f}; {luck.noise_share:.1%} of the variance over the points "
        "is noise of replication, and is taken out"
    )
