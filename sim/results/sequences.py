"""Intervals that hold at every look: confidence sequences, for runs that go on until it is enough.

A plain 95 % interval is right for one number of runs, fixed beforehand. Who looks after every
thousand runs and stops when it pleases will sooner or later stop while it is wrong. The intervals
here hold at all numbers of runs together: with 95 % chance the truth is in every one of them, so
it is in the one at which somebody stopped, for whatever reason.

That has a price: they are 1.6 to 2 times as wide as the plain interval for the same runs, from
10,000 runs to 1e9, if a few hundred runs tell something. Those of shares, and of differences
between shares of the same runs, hold exactly; those of means of what has no bound hold once there
are many runs, and are narrowest near the number of runs that they are tuned for.

All of them bet against a value: whoever bets against the truth has, at any time, a chance of at
most 1 in 20 to have ever made 20 out of 1 (Ville 1939, Étude critique de la notion de collectif,
p. 100). What is left are the values against which nobody has made so much.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.results.estimates import LEVEL, NOTHING, Estimate, Floats

TUNED_FOR: Final = 10_000
"""Runs at which a mean's interval is narrowest compared with the plain one, unless one says.

It must not be chosen by looking at the runs. A hundred times as many widen it by a fifth.
"""

FEWEST_TELLING_RUNS: Final = 100
"""As many runs must tell something before a mean without a bound gets an interval."""

SHARE_METHOD: Final = "beta-binomial sequence"
DIFFERENCE_METHOD: Final = "betting sequence"
MEAN_METHOD: Final = "asymptotic sequence"

# How many runs the beta densities weigh: each suits about eight times as many runs. So no number of
# runs finds the interval much wider than any other; 10,000 get half of what there is to bet.
_PRIOR_RUNS: Final = np.array([1e3, 3e4, 9e5, 2.7e7])
_LOG_SHARES_OF_PRIORS: Final = np.log([0.5, 0.25, 0.125, 0.125])

# Bets from all that one has down to a millionth, which suits differences of 1e-5 in 1e11 runs.
# Mostly bets of about 5 % are placed, right for a few hundred runs that differ; the others get less
# by Cauchy's density, which falls so slowly that all numbers of runs are served.
_BETS: Final = np.exp(-np.arange(0.0, 14.0, 0.25))
_SHARES_OF_BETS: Final = 1 / (1 + ((np.log(_BETS) + 3) / 2) ** 2)
_LOG_SHARES_OF_BETS: Final = np.log(_SHARES_OF_BETS / _SHARES_OF_BETS.sum())

# Halvings of an interval of length 1 or 2: the bound of 0 in 1e11 runs has ten digits.
_HALVINGS: Final = 70
_TINY: Final = 1e-300


def share_sequence(yes: int, runs: int, *, level: float = LEVEL) -> Estimate:
    """Return the share of runs for which something holds, with an interval for every look.

    >>> found = share_sequence(80, 1_000)
    >>> round(found.low, 3), round(found.high, 3)
    (0.051, 0.12)
    """
    if runs == 0:
        return NOTHING
    low, high = share_bounds(np.array(float(yes)), np.array(float(runs)), level=level)
    return Estimate(yes / runs, float(low), float(high), SHARE_METHOD, runs)


def share_bounds(yes: Floats, runs: Floats, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the low and the high bound of shares, for every look.

    yes, runs: shape (looks,), or any that fit together, counts; at least one run each.
    """

    def is_excluded(share: Floats) -> npt.NDArray[np.bool_]:
        return evidence_against_share(share, yes, runs) > -math.log(1 - level)

    found = yes / runs
    return (
        _edge(is_excluded, inside=found, outside=np.zeros_like(found)),
        _edge(is_excluded, inside=found, outside=np.ones_like(found)),
    )


def evidence_against_share(share: Floats, yes: Floats, runs: Floats) -> Floats:
    """Return the logarithm of what was made out of 1 by betting against a share.

    share: 0 to 1; yes, runs: counts; all of shapes that fit together. The bets are a mixture over
    other shares by a beta density (Robbins 1970, Ann. Math. Stat. 41, 1397-1409), here around the
    share that is bet against (Howard, Ramdas, McAuliffe and Sekhon 2021, Ann. Stat. 49, 1055-1080):

        B(yes + w p, no + w q) / B(w p, w q) / (p^yes q^no),   q = 1 - p,

    and a mixture of those over several weights w. Each is log-convex in p, and so is their sum:
    what is not excluded is an interval.
    """
    p, q = np.maximum(share, _TINY)[..., np.newaxis], np.maximum(1 - share, _TINY)[..., np.newaxis]
    yes, no = yes[..., np.newaxis], (runs - yes)[..., np.newaxis]
    total = yes + no + _PRIOR_RUNS
    # The beta functions' leading terms are taken out, since they would swallow all digits.
    moved = (yes * q - no * p) / total
    x, y = yes + _PRIOR_RUNS * p, no + _PRIOR_RUNS * q
    won = (x - 0.5) * np.log1p(moved / p) + (y - 0.5) * np.log1p(-moved / q)
    won += _log_beta_beyond_stirling(x, y) - 0.5 * np.log(total)
    won -= _log_beta_beyond_stirling(_PRIOR_RUNS * p, _PRIOR_RUNS * q) - 0.5 * np.log(_PRIOR_RUNS)
    return np.asarray(special.logsumexp(won + _LOG_SHARES_OF_PRIORS, axis=-1))


def share_difference_sequence(more: int, less: int, runs: int, *, level: float = LEVEL) -> Estimate:
    """Return the difference between two shares of the same runs, with an interval for every look.

    more: runs for which it holds here and not there; less: there and not here.

    >>> found = share_difference_sequence(300, 100, 10_000)
    >>> round(found.low, 3), round(found.high, 3)
    (0.013, 0.027)
    """
    if runs == 0:
        return NOTHING
    counts = np.array(float(more)), np.array(float(less)), np.array(float(runs))
    low, high = share_difference_bounds(*counts, level=level)
    return Estimate((more - less) / runs, float(low), float(high), DIFFERENCE_METHOD, runs)


def share_difference_bounds(
    more: Floats, less: Floats, runs: Floats, *, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Return the low and the high bound of differences between shares of the same runs.

    more, less, runs: shape (looks,), or any that fit together, counts; at least one run each.
    Either bound is a sequence of its own, wrong with half the chance.
    """
    enough = -math.log((1 - level) / 2)

    def low_bound(more: Floats, less: Floats) -> Floats:
        found = (more - less) / runs
        return _edge(
            lambda difference: evidence_above_difference(difference, more, less, runs) > enough,
            inside=found,
            outside=np.full_like(found, -1.0),
        )

    return low_bound(more, less), -low_bound(less, more)


def evidence_above_difference(
    difference: Floats, more: Floats, less: Floats, runs: Floats
) -> Floats:
    """Return the logarithm of what was made out of 1 by betting that the difference is greater.

    difference: -1 to 1; more, less, runs: counts; all of shapes that fit together. A run differs by
    1, 0 or -1, and on each a fixed part of what one has is bet (Waudby-Smith and Ramdas 2024,
    JRSS B 86, 1-27). That needs no guess how many runs differ, as the likelihood of the
    three counts would, and so makes narrower intervals than a Dirichlet mixture with the profile
    likelihood, by a third at 10,000 runs. What is made falls with the difference that is bet
    against, so what is excluded lies below the bound.
    """
    against = np.maximum(difference, np.nextafter(-1, 0))[..., np.newaxis]
    stakes = _BETS / (1 + against)
    won = special.xlog1py(more[..., np.newaxis], stakes * (1 - against))
    won += special.xlog1py(less[..., np.newaxis], -_BETS)
    won += special.xlog1py((runs - more - less)[..., np.newaxis], -stakes * against)
    return np.asarray(special.logsumexp(won + _LOG_SHARES_OF_BETS, axis=-1))


def mean_sequence(
    runs: int,
    mean: float,
    variance: float,
    *,
    tuned_for: int = TUNED_FOR,
    telling_runs: int | None = None,
    within: tuple[float, float] = (-math.inf, math.inf),
    level: float = LEVEL,
) -> Estimate:
    """Return the mean of a value over runs, with an interval for every look once there are many.

    variance: of a single run's value, divided by runs - 1. For a ratio of sums, or a difference of
    ratios, it is that of a run's linearised part, (part - ratio * whole) / mean whole. What is
    known to lie `within` bounds has an interval within them.

    The chance is 95 % only in the limit of a late first look (Waudby-Smith, Arbour, Sinha, Kennedy
    and Ramdas 2024, Ann. Stat. 52, 2613-2640), so there is no interval before 100
    runs tell something. A run that is at a bound, since nothing happened in it, does not; nor does
    one that does not differ, and as a difference has no bound, `telling_runs` must count the rest.

    >>> found = mean_sequence(10_000, mean=2.0, variance=4.0)
    >>> round(found.low, 2), round(found.high, 2)
    (1.94, 2.06)
    """
    if runs == 0:
        return NOTHING
    off_bounds = min(_fewest_off(bound, runs, mean, variance) for bound in within)
    telling = off_bounds if telling_runs is None else telling_runs
    if telling < FEWEST_TELLING_RUNS or not variance > 0:
        return Estimate(mean, math.nan, math.nan, "none", runs)
    prior = _prior_runs(tuned_for, level)
    squared = 2 * (1 + prior / runs) * (0.5 * math.log1p(runs / prior) - math.log(1 - level))
    half = math.sqrt(variance / runs * squared)
    low, high = max(within[0], mean - half), min(within[1], mean + half)
    return Estimate(mean, low, high, MEAN_METHOD, runs)


def _fewest_off(bound: float, runs: int, mean: float, variance: float) -> float:
    """Return how many runs at least are not at a bound, by Cauchy and Schwarz's inequality."""
    if math.isinf(bound) or not variance > 0:
        return runs
    return runs / (1 + variance / (mean - bound) ** 2) if mean != bound else 0


def _prior_runs(tuned_for: int, level: float) -> float:
    """Return how many runs the prior weighs whose interval is narrowest at that many runs.

    It is 1 / rho^2 of Waudby-Smith et al. (2024, on the choice of rho).
    """
    twice = -2 * math.log(1 - level)
    return tuned_for / (twice + math.log1p(twice))


def _edge(
    is_excluded: Callable[[Floats], npt.NDArray[np.bool_]], *, inside: Floats, outside: Floats
) -> Floats:
    """Return where the excluded begins, by halving; where nothing is excluded, what is outside.

    inside, outside: shape (looks,). Of the last two values it is the one further out, so that
    rounding never narrows an interval.
    """
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        excluded = is_excluded(middle)
        outside, inside = np.where(excluded, middle, outside), np.where(excluded, inside, middle)
    return outside


def _log_beta_beyond_stirling(x: Floats, y: Floats) -> Floats:
    return _beyond_stirling(x) + _beyond_stirling(y) - _beyond_stirling(x + y)


def _beyond_stirling(x: Floats) -> Floats:
    """Return by how much the logarithm of the gamma function is above Stirling's leading terms.

    x: above 0. The series (Abramowitz and Stegun 1964, 6.1.41) has an error below 1e-12 from 10 on.
    """
    small, large = np.minimum(x, 10.0), np.maximum(x, 10.0)
    exact = special.gammaln(small) - (small - 0.5) * np.log(small) + small
    exact -= 0.5 * math.log(2 * math.pi)
    inverse = 1 / large**2
    series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / large
    return np.asarray(np.where(x < 10.0, exact, series))  # noqa: PLR2004 - the series' first x
