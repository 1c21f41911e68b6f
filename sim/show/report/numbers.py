"""Numbers as the report writes them: with no more digits than their intervals are worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.show.numbers import alone, rounded, signed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.results.estimates import Estimate

__all__ = [
    "NONE",
    "PERCENT",
    "Told",
    "alone",
    "change",
    "of_bounds",
    "of_row",
    "three",
    "told",
    "unit_words",
]

NONE: Final = "none"
PERCENT: Final = "\N{NO-BREAK SPACE}%"
_SHARE: Final = "share"


class Told(NamedTuple):
    """A number in words: the value, and the ends of its interval where it has one."""

    value: str
    low: str
    high: str
    unit: str
    """What follows the value directly: a percent sign, or nothing."""

    def in_cells(self) -> tuple[str, str]:
        """Return the value and its interval, as two cells of a table."""
        return f"{self.value}{self.unit}", f"{self.low} to {self.high}" if self.low else NONE

    def in_words(self) -> str:
        """Return the value with its interval, as in a sentence."""
        bounds = f" ({self.low} to {self.high})" if self.low else ""
        return f"{self.value}{self.unit}{bounds}"


def told(estimate: Estimate, unit: str) -> Told:
    r"""Return an estimate in words, a share in percent.

    >>> from sim.results.estimates import Estimate
    >>> told(Estimate(0.07, 0.0462, 0.1046, "Wilson", 300), "share of runs").in_words()
    '7.0\xa0% (4.6 to 10.5)'
    """
    return of_bounds(estimate[:3], unit)


def of_bounds(numbers: Sequence[float], unit: str) -> Told:
    """Return a value, given with both ends of its interval, in words; a share in percent.

    >>> of_bounds((1438.8, 1412.7, 1464.9), "hours").in_cells()
    ('1,439', '1,413 to 1,465')
    >>> of_bounds((math.nan, math.nan, math.nan), "hours").in_words()
    'none'
    """
    is_share = unit.startswith(_SHARE)
    value, low, high = (100.0 * one if is_share else one for one in numbers)
    percent = PERCENT if is_share else ""
    if math.isnan(value):
        return Told(NONE, "", "", "")
    if math.isnan(low) or math.isnan(high):
        return Told(alone(value), "", "", percent)
    half = (high - low) / 2
    return Told(rounded(value, half), rounded(low, half), rounded(high, half), percent)


def three(row: Mapping[Any, Any], *names: str) -> tuple[float, float, float]:
    """Return a value and both ends of its interval, which a row has under these names."""
    value, low, high = (float(row[name]) for name in names)
    return value, low, high


def of_row(row: Mapping[Any, Any]) -> Told:
    """Return what a row of a tidy table says: its estimate, low, high and unit."""
    return of_bounds(three(row, "estimate", "low", "high"), str(row["unit"]))


def change(numbers: Sequence[float], unit: str) -> Told:
    """Return a difference, given with both ends of its interval, in words and with signs.

    Shares differ by percentage points.

    >>> change((0.031, 0.01, 0.052), "share of runs").in_words()
    '+3.1 points (+1.0 to +5.2)'
    """
    is_share = unit.startswith(_SHARE)
    value, low, high = (100.0 * one if is_share else one for one in numbers)
    points = " points" if is_share else ""
    if math.isnan(value):
        return Told(NONE, "", "", "")
    if math.isnan(low) or math.isnan(high):
        return Told(signed(value, 0.0), "", "", points)
    half = (high - low) / 2
    return Told(signed(value, half), signed(low, half), signed(high, half), points)


def unit_words(unit: str, n: int) -> str:
    """Return what an estimate is counted in, or of how many it is a share.

    >>> unit_words("share of runs", 10_000), unit_words("hours", 3)
    ('of 10,000 runs', 'hours')
    """
    return f"of {n:,} {unit.rsplit(maxsplit=1)[-1]}" if unit.startswith(_SHARE) else unit
