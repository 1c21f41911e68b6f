"""The statistics that are taken of what was observed and of what the model gives alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Below this many counts a day the logarithm of a count is mostly chance.
_FEW: Final = 20.0
# From this share of heavy weapons on, one would think that an attack is near.
_ALARMING: Final = 2 / 3


class Periods(NamedTuple):
    """Reporting periods of monitors, in their order; every array of shape (periods,)."""

    last_day: Ints
    """The day that ends the period; day 0 is the first of the ceasefire."""
    days: Ints
    total: Floats
    """Recorded violations of the whole line; NaN where not all is known."""
    heavy: Floats
    """Those by heavy weapons among them; NaN where they are not known."""
    half: Floats
    """Those in one half of the line; NaN where they are not known."""

    def within(self, first_day: int, last_day: int) -> Periods:
        """Return the periods that end on one of these days."""
        chosen = (self.last_day >= first_day) & (self.last_day <= last_day)
        return self._where(chosen)

    def single_days(self) -> Periods:
        """Return the periods of one day each whose total is known."""
        chosen = (self.days == 1) & ~np.isnan(self.total)
        return self._where(chosen)

    def _where(self, chosen: npt.NDArray[np.bool_]) -> Periods:
        return self._replace(**{name: column[chosen] for name, column in self._asdict().items()})


def variance_to_mean(counts: Floats) -> float:
    """Return the index of dispersion: 1 for independent events, more where they come in bursts."""
    mean = counts.mean() if len(counts) > 1 else 0.0
    return float(counts.var(ddof=1) / mean) if mean > 0 else math.nan


def size_k(counts: Floats) -> float:
    """Return a negative binomial's size by moments: small where good and bad days differ much.

    Infinite where the counts vary no more than independent events would.
    """
    if len(counts) < 2:  # noqa: PLR2004 - one count has no variance
        return math.nan
    mean, variance = counts.mean(), counts.var(ddof=1)
    return float(mean**2 / (variance - mean)) if variance > mean else math.inf


class Persistence(NamedTuple):
    """A first-order autoregression of the logarithm of daily counts."""

    slope: float
    residual_sd: float
    pairs: int


def persistence(periods: Periods) -> Persistence:
    """Return how a day's log count follows the day's before, over pairs of days with enough."""
    single = periods.single_days()
    enough = single.total > _FEW
    follows = (np.diff(single.last_day) == 1) & enough[1:] & enough[:-1]
    before, after = single.total[:-1][follows], single.total[1:][follows]
    if len(before) < 3 or np.ptp(before) == 0:  # noqa: PLR2004 - a line needs three points
        return Persistence(math.nan, math.nan, len(before))
    line = stats.linregress(np.log(before), np.log(after))
    residuals = np.log(after) - line.intercept - line.slope * np.log(before)
    sd = math.sqrt(float((residuals**2).sum()) / (len(before) - 2))
    return Persistence(float(line.slope), sd, len(before))


def per_day(periods: Periods) -> float:
    """Return the mean count a day."""
    known = ~np.isnan(periods.total)
    days = periods.days[known].sum()
    return float(periods.total[known].sum() / days) if days else math.nan


def heavy_shares(periods: Periods) -> Floats:
    """Return the share of heavy weapons in each period where both are known and not zero."""
    known = ~np.isnan(periods.heavy) & (periods.total > 0)
    return periods.heavy[known] / periods.total[known]


def middle(values: Floats) -> float:
    """Return the median, or NaN where there is nothing."""
    return float(np.median(values)) if len(values) else math.nan


def misfires(shares: Floats) -> float:
    """Return how often the share of heavy weapons is as high as before an attack."""
    return float((shares >= _ALARMING).mean()) if len(shares) else math.nan


def wandering(periods: Periods) -> float:
    """Return how much one half's share of the line varies from day to day: its standard deviation.

    Over single days with enough counts; 0 where the hot areas never move.
    """
    single = periods.single_days()
    enough = (single.total > _FEW) & ~np.isnan(single.half)
    shares = single.half[enough] / single.total[enough]
    return float(shares.std(ddof=1)) if len(shares) > 1 else math.nan


def growth_in_four_weeks(weeks: Sequence[float], counts: Sequence[float] | Floats) -> float:
    """Return by how much weekly counts are multiplied in four weeks, by a fit to their logarithm.

    >>> round(growth_in_four_weeks([0, 4, 8], [100, 200, 400]), 9)
    2.0
    """
    if min(counts) <= 0:
        return math.nan
    line = stats.linregress(np.asarray(weeks, float), np.log(np.asarray(counts, float)))
    return math.exp(4 * float(line.slope))


def ratio(above: float, below: float) -> float:
    """Return a ratio, or NaN where there is nothing to divide by.

    >>> ratio(1.0, 4.0), ratio(1.0, 0.0)
    (0.25, nan)
    """
    return above / below if below > 0 else math.nan


class Estimate(NamedTuple):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def meets(self, low: float, high: float) -> bool:
        """Return whether the interval and a range have something in common."""
        return self.low <= high and low <= self.high


def over_runs(values: Sequence[float]) -> Estimate:
    """Return the median run, and the interval that holds 95 % of the runs."""
    known = np.array([value for value in values if not math.isnan(value)])
    if len(known) == 0:
        return Estimate(math.nan, math.nan, math.nan)
    # Runs, not points between them: some may be infinite.
    quantiles = np.quantile(known, (0.5, 0.025, 0.975), method="inverted_cdf")
    return Estimate(*(float(one) for one in quantiles))


def of_rare_events(events: int, chances: int) -> Estimate:
    """Return events per chance, with the exact interval of a Poisson count."""
    low = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = stats.chi2.ppf(0.975, 2 * events + 2) / 2
    return Estimate(events / chances, float(low) / chances, float(high) / chances)


def of_median(values: Floats) -> Estimate:
    """Return the median of a sample, with the interval between two of its values."""
    ordered, count = np.sort(values), len(values)
    if count == 0:
        return Estimate(math.nan, math.nan, math.nan)
    low = int(stats.binom.ppf(0.025, count, 0.5))
    high = min(count - 1, int(stats.binom.ppf(0.975, count, 0.5)))
    return Estimate(
        float(np.median(ordered)), float(ordered[max(low - 1, 0)]), float(ordered[high])
    )
