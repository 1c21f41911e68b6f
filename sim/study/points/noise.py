"""The noise of replication, told apart from what differs between the points of a study.

A replication k is a column: the outcome at every point with the luck of replication k, or the mean
over block k of the runs. Columns are independent of each other; within a column the points may
share their luck. Whatever is a quadratic form Q of the outcomes of all points (a variance, a
numerator of a Sobol index) would, taken at the points' means, also count the noise of these means,
and by how much depends on how alike the luck of the points is. Products of two different columns
hold none of it: the mean of Q(y_k, y_l) over all pairs k != l is a U-statistic (Hoeffding 1948,
Annals of Mathematical Statistics 19, 293-325), unbiased for Q of the true means, whether points
share their luck or not. With y_k = mean + e_k it is

    Q(mean) - sum of Q(e_k) over k / (R (R - 1)),

the second term being the noise in the first one.

Intervals are from resampling the base samples and the columns at the same time (Owen 2007, The
pigeonhole bootstrap, Annals of Applied Statistics 1, 386-411), which is on the careful side; a
column drawn twice is never multiplied with itself, which keeps the noise out there as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.points.designs import Points
    from sim.study.points.varied import Varied

Floats = npt.NDArray[np.float64]
FEWEST_REPLICATIONS: Final = 8
RESAMPLES: Final = 500
_MIDDLE: Final = (0.025, 0.975)
_MOST_NOISE: Final = 0.10
_MOST_NAMED: Final = 3
# Outcomes are differences of numbers that are rounded in the 16th digit.
_NOTHING: Final = 1e-20


class NothingToExplainError(ValueError):
    """The outcome does not differ between the points, or not by more than the noise."""


class Resampling(NamedTuple):
    """How often each base sample and each column is drawn in each resample."""

    bases: Floats
    """Shape (resamples, base samples); each row adds up to the number of base samples."""
    columns: Floats
    """Shape (resamples, columns), likewise."""


def resampling(bases: int, columns: int, seed: int) -> Resampling:
    """Return how often each is drawn, with replacement and independently, from a seed."""
    return Resampling(_drawn(bases, seed), _drawn(columns, seed + 1))


def only(which: str, drawn: Resampling) -> Resampling:
    """Return a resampling that draws anew only the "bases", or only the "columns"."""
    kept = {name: np.ones_like(one) for name, one in drawn._asdict().items() if name != which}
    return drawn._replace(**kept)


def _drawn(of: int, seed: int) -> Floats:
    from scipy import stats  # noqa: PLC0415 - slow to load

    shares = np.full(of, 1 / of)
    counts = stats.multinomial(of, shares).rvs(RESAMPLES, random_state=seed % 2**32)
    return counts.astype(np.float64)


def without_noise(of_mean: Floats, of_columns: Floats) -> Floats:
    """Return what a quadratic form is, without the noise of the means.

    of_mean: the form of the columns' mean, any shape; of_columns: that of each column's difference
    from the mean, with an axis (columns,) more at the end.
    """
    columns = of_columns.shape[-1]
    found: Floats = of_mean - of_columns.sum(axis=-1) / (columns * (columns - 1))
    return found


def checked_values(values: npt.ArrayLike, points: Points) -> Floats:
    """Return outcomes as an array of shape (points, columns), or say what is wrong with them."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or len(array) != len(points):  # noqa: PLR2004 - points and replications
        message = (
            f"values: have the shape {array.shape}, must be ({len(points)} points, replications)"
        )
        raise ValueError(message)
    if array.shape[1] < FEWEST_REPLICATIONS:
        message = (
            f"values: have {array.shape[1]} replications, must be at least {FEWEST_REPLICATIONS} "
            "for their noise to be told apart"
        )
        raise ValueError(message)
    _check_known(array, points)
    if np.ptp(array.mean(axis=1)) ** 2 <= _NOTHING * np.square(array).mean():
        message = "values: are the same at every point: there is nothing to explain"
        raise NothingToExplainError(message)
    return array


def _check_known(array: Floats, points: Points) -> None:
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if not len(bad):
        return
    where = "; ".join(
        f"point {index + 1} ({', '.join(f'{path} = {value}' for path, value in changes)})"
        for index, changes in ((int(one), points.changes(int(one))) for one in bad[:_MOST_NAMED])
    )
    more = ", ..." if len(bad) > _MOST_NAMED else ""
    message = (
        f"values: are not known in all replications at {len(bad)} of {len(array)} points, the "
        f"first being {where}{more}: a mean over what never happened there does not exist. Ask "
        "for an outcome that every run has, narrow the ranges, or put more runs into a replication"
    )
    raise ValueError(message)


@dataclass(frozen=True)
class Luck:
    """How the variance of single replications divides: parameters, luck, and both together."""

    parameters: float
    """Variance of the true mean over the points."""
    luck: float
    """Variance of what luck does alike at all points; 0 in truth where they do not share it."""
    together: float
    """Variance of what luck does differently from point to point: the source of noise."""
    noise_share: float
    """Which part of the variance over points of the estimated means is noise, 0 to 1."""

    @property
    def is_noisy(self) -> bool:
        """Whether a tenth or more of what differs between the points is noise."""
        return self.noise_share >= _MOST_NOISE


def divided(array: Floats) -> Luck:
    """Return how the variance divides, by the mean squares of a two-way table without repeats.

    array: shape (points, columns). Scheffe 1959, The Analysis of Variance, section 4.8 (both
    factors random).
    """
    points, columns = array.shape
    left = array - array.mean(axis=1, keepdims=True)
    means = array.mean(axis=1)
    together = float(left.var(axis=0, ddof=1).sum() / (columns - 1))
    naive = float(means.var(ddof=1))
    luck = float(array.mean(axis=0).var(ddof=1)) - together / points
    noise = together / columns
    return Luck(naive - noise, max(luck, 0.0), together, min(noise / naive, 1.0))


def too_noisy(luck: Luck) -> str:
    """Return in words that there is too much noise, and how many replications would do.

    The noise of a mean falls with the number of replications.
    """
    said = f"{luck.noise_share:.0%} of the variance over the points is noise of replication"
    if luck.parameters <= 0:
        return f"{said}: raise the replications tenfold"
    times = luck.noise_share / (1 - luck.noise_share) * (1 / _MOST_NOISE - 1)
    return (
        f"{said}, at most {_MOST_NOISE:.0%} would be well: raise the replications "
        f"{max(times, 1.1):.2g} times"
    )


def half_width(resampled: Floats) -> Floats:
    """Return half the width of the middle 95 % of resamples, shape (resamples, ...) -> (...).

    It is what 1.96 standard deviations are where these are not blown up by a few resamples.
    """
    low, high = np.quantile(resampled, _MIDDLE, axis=0)
    half: Floats = (high - low) / 2
    return half


def with_interval(name: str, values: Floats, resampled: Floats) -> dict[str, Floats]:
    """Return columns of a table: a value a path, and its 95 % interval.

    values: shape (paths,); resampled: shape (resamples, paths).
    """
    half = half_width(resampled)
    return {name: values, f"{name}_low": values - half, f"{name}_high": values + half}


class Ranking(NamedTuple):
    """Which parameter matters more than which, and how sure that is."""

    ranks: Floats
    """Shape (paths,): 1 is the one that matters most."""
    low: Floats
    high: Floats
    unsettled: tuple[tuple[int, int], ...]
    """Neighbours in rank that cannot be told apart, though it would make a difference."""

    def columns(self) -> dict[str, npt.NDArray[np.int64]]:
        """Return the columns of a table: rank, and its 95 % interval."""
        columns = {"rank": self.ranks, "rank_low": self.low, "rank_high": self.high}
        return {name: one.astype(np.int64) for name, one in columns.items()}

    def unsettled_words(self, varieds: Sequence[Varied]) -> str:
        """Return which ranks are not settled, in words."""
        pairs = [
            f"{varieds[one].path} and {varieds[other].path}"
            for one, other in self.unsettled[:_MOST_NAMED]
        ]
        more = ", and others" if len(self.unsettled) > _MOST_NAMED else ""
        return f"which of {'; '.join(pairs)}{more} matters more is not settled"


def ranking(measures: Floats, resampled: Floats, wide: float) -> Ranking:
    """Return the ranks of measures, with 95 % intervals, and where they are not settled.

    measures: shape (paths,); resampled: shape (resamples, paths). Two whose intervals are narrower
    than `wide` may stay in either order: they are known well enough to be called alike.
    """
    low, high = np.quantile(_ranks(resampled), _MIDDLE, axis=0, method="nearest")
    order = np.argsort(-measures, kind="stable")
    half = half_width(resampled)
    unsettled = []
    for one, other in pairwise(order.tolist()):
        gap = float(half_width(resampled[:, one] - resampled[:, other]))
        told_apart = float(measures[one] - measures[other]) > gap
        if not told_apart and 2 * max(half[one], half[other]) > wide:
            unsettled.append((one, other))
    return Ranking(_ranks(measures[None])[0], low, high, tuple(unsettled))


def _ranks(measures: Floats) -> Floats:
    order = np.argsort(-measures, axis=1, kind="stable")
    return (np.argsort(order, axis=1) + 1).astype(np.float64)
