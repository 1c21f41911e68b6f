"""Morris' elementary effects of a stochastic model: which parameters matter at all.

An elementary effect is what an outcome changes by when one parameter changes and all others stay,
per whole range of the parameter (Morris 1991, Technometrics 33, 161-174). Its mean over places is
mu, that of its size mu_star (Campolongo, Cariboni and Saltelli 2007, Environmental Modelling &
Software 22, 1509-1518), its standard deviation sigma: how much it depends on where the others
are. Outcomes of two points with the same luck are subtracted run by run, so what luck does alike
at both is in no effect; the noise that is left is told apart as `sim.study.points.noise` says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.study.points.designs import at_shares
from sim.study.points.noise import (
    Floats,
    Luck,
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
    without_noise,
)
from sim.study.values.indices import problem_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from sim.study.points.designs import Points
    from sim.study.points.varied import Varied

_LEVELS: Final = 4
_FEWEST: Final = 4
# Two effects whose intervals are narrower than this part of the largest may stay in either order.
_WIDE: Final = 0.1


@dataclass(frozen=True, eq=False)
class MorrisDesign:
    """The points at which a model is to be played for Morris' effects."""

    varieds: tuple[Varied, ...]
    trajectories: int
    levels: int
    points: Points
    """Of each trajectory a first point, and one more for each path, which changes there."""
    shares: Floats
    """Shape (points, paths): where in its range each value is, 0 to 1."""


@dataclass(frozen=True)
class MorrisEffects:
    """Morris' measures of an outcome, in its unit per whole range, with what they rest on."""

    table: pd.DataFrame
    """A row a path in the order of the design: path, mu, mu_low, mu_high, mu_star, mu_star_low,
    mu_star_high, sigma (the noise taken out), noise_sd (of an effect), noise_mu_star (what mu_star
    would be if there were nothing but noise), rank, rank_low, rank_high (by mu_star),
    sigma_of_means (SALib's, with the noise)."""
    luck: Luck
    """How the variance divides between parameters and luck."""
    enough: bool
    """Whether the sample was enough to rely on the ranking."""
    words: str
    """Why, and what to raise if it was not."""


def morris_design(
    varieds: Sequence[Varied], trajectories: int, seed: int, *, levels: int = _LEVELS
) -> MorrisDesign:
    """Return the points for Morris' effects: trajectories times (paths + 1).

    levels: an even number, at how many places of its range each parameter may stand.
    """
    from SALib.sample import morris  # noqa: PLC0415 - slow to load

    _check_design(varieds, trajectories, levels)
    shares = morris.sample(problem_of(varieds), trajectories, num_levels=levels, seed=seed)
    shares.setflags(write=False)
    return MorrisDesign(tuple(varieds), trajectories, levels, at_shares(varieds, shares), shares)


def _check_design(varieds: Sequence[Varied], trajectories: int, levels: int) -> None:
    if trajectories < _FEWEST:
        message = f"trajectories: is {trajectories}, must be {_FEWEST} or more"
        raise ValueError(message)
    if levels < 2 or levels % 2:  # noqa: PLR2004 - an even number
        message = f"levels: is {levels}, must be an even number, 2 or more"
        raise ValueError(message)
    for varied in varieds:
        if len(varied.values) > levels:
            message = (
                f"{varied.path}: has {len(varied.values)} values, must have at most as many as "
                f"there are levels, {levels}"
            )
            raise ValueError(message)


def morris_effects(design: MorrisDesign, values: npt.ArrayLike, *, seed: int = 1) -> MorrisEffects:
    """Return Morris' measures of the mean outcome, the noise of replication told apart.

    values: shape (points, replications), as `sobol_indices` takes them. mu_star counts the size of
    an effect, and that of noise as well: compare it with noise_mu_star.

    Raises `NothingToExplainError` when the outcome is the same at every point, and `ValueError`
    when it is unknown somewhere.
    """
    array = checked_values(values, design.points)
    effects = _effects(design, array)
    luck = divided(array)
    drawn = resampling(design.trajectories, array.shape[1], seed)
    mean_effects = effects.mean(axis=2)
    sizes = np.abs(mean_effects).mean(axis=1)
    resampled = _resampled(effects, drawn, size=True)
    ranks = ranking(sizes, resampled, _WIDE * float(sizes.max()))
    table = _table(design, array, effects, drawn, ranks)
    words = _lacking(design, effects, drawn, ranks)
    words += [too_noisy(luck)] * luck.is_noisy
    return MorrisEffects(table, luck, not words, "; ".join(words) or _enough(luck))


def _effects(design: MorrisDesign, array: Floats) -> Floats:
    """Return the elementary effects, shape (paths, trajectories, columns)."""
    paths = len(design.varieds)
    shape = (design.trajectories, paths + 1, -1)
    steps = np.diff(design.shares.reshape(shape), axis=1)
    changes = np.diff(array.reshape(shape), axis=1)
    moved = np.argmax(np.abs(steps), axis=2)
    rows = np.arange(design.trajectories)[:, None]
    by_path = np.empty((paths, design.trajectories, array.shape[1]))
    step = np.take_along_axis(steps, moved[:, :, None], axis=2)
    by_path[moved, rows] = changes / step
    return by_path


def _resampled(effects: Floats, drawn: Resampling, *, size: bool) -> Floats:
    """Return mu, or the mean size, in each resample, shape (resamples, paths)."""
    columns = effects.shape[2]
    found = []
    for of_path in effects:
        means = of_path @ drawn.columns.T / columns
        means = np.abs(means) if size else means
        found.append((means * drawn.bases.T).mean(axis=0))
    return np.stack(found, axis=1)


def _noise_sd(effects: Floats) -> Floats:
    """Return the standard deviation of the noise of each effect, shape (paths, trajectories)."""
    found: Floats = effects.std(axis=2, ddof=1) / math.sqrt(effects.shape[2])
    return found


def _sigma(effects: Floats) -> Floats:
    """Return the standard deviation of the effects over places without noise, shape (paths,)."""
    means = effects.mean(axis=2)
    left = effects - means[:, :, None]
    variance = without_noise(means.var(axis=1, ddof=1), left.var(axis=1, ddof=1))
    found: Floats = np.sqrt(np.maximum(variance, 0))
    return found


def _table(
    design: MorrisDesign, array: Floats, effects: Floats, drawn: Resampling, ranks: Ranking
) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - slow to load
    from SALib.analyze import morris  # noqa: PLC0415 - as above

    naive = morris.analyze(
        problem_of(design.varieds),
        design.shares,
        array.mean(axis=1),
        num_resamples=2,
        num_levels=design.levels,
        seed=1,
    )
    noise = _noise_sd(effects)
    columns: dict[str, object] = {"path": [varied.path for varied in design.varieds]}
    mu, mu_star = (np.asarray(naive[name], dtype=np.float64) for name in ("mu", "mu_star"))
    columns |= with_interval("mu", mu, _resampled(effects, drawn, size=False))
    of_sizes = with_interval("mu_star", mu_star, _resampled(effects, drawn, size=True))
    columns |= of_sizes | {"mu_star_low": np.maximum(of_sizes["mu_star_low"], 0)}
    columns |= {"sigma": _sigma(effects), "noise_sd": np.sqrt((noise**2).mean(axis=1))}
    # The mean size of a normal value around nothing.
    columns |= {"noise_mu_star": math.sqrt(2 / math.pi) * noise.mean(axis=1)}
    columns |= ranks.columns()
    return pd.DataFrame(columns).assign(sigma_of_means=np.asarray(naive["sigma"], np.float64))


def _lacking(design: MorrisDesign, effects: Floats, drawn: Resampling, ranks: Ranking) -> list[str]:
    """Return which ranks are not settled, and of what there were too few; empty: they all are."""
    if not ranks.unsettled:
        return []
    spreads = {
        which: float(half_width(_resampled(effects, only(which, drawn), size=True)).max())
        for which in ("bases", "columns")
    }
    raised = f"trajectories from {design.trajectories:,} to {4 * design.trajectories:,}"
    if spreads["columns"] > spreads["bases"]:
        raised = "replications fourfold"
    return [f"{ranks.unsettled_words(design.varieds)}: raise the {raised}"]


def _enough(luck: Luck) -> str:
    return (
        "enough: the ranks are settled, or where they are not the effects are alike; "
        f"{luck.noise_share:.1%} of the variance over the points is noise of replication"
    )
