"""Numbers as text: rounded to what the width of their intervals is worth, and with their signs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.results.estimates import Estimate

NONE: Final = "none"
PERCENT: Final = "\N{NO-BREAK SPACE}%"

_MOST_PLACES: Final = 4
_SMALLEST: Final = 1e-12
# A half-width of less than so many units deserves another digit.
_WORTH: Final = 3
_DIGITS: Final = 3
_SHARE: Final = "share"


def alone(value: float) -> str:
    """Return about three significant digits of a number without an interval.

    >>> alone(1434.29), alone(0.0321), alone(0)
    ('1,434', '0.0321', '0')
    """
    size = abs(value)
    if size < _SMALLEST:
        return "0"
    places = min(max(0, 2 - math.floor(math.log10(size))), _MOST_PLACES)
    return f"{value:,.{places}f}"


def rounded(value: float, half: float) -> str:
    """Return a number with as many places as the half-width of its interval deserves.

    Three digits do, unless the value and the ends of its interval would look the same.

    >>> rounded(9.9417, 0.0095), rounded(140.4, 2.3), rounded(8.04, 1.1)
    ('9.94', '140', '8.0')
    """
    if not half > _SMALLEST:
        return alone(value)
    worth, width = -math.floor(math.log10(half / _WORTH)), -math.floor(math.log10(2 * half))
    digits = _DIGITS - 1 - math.floor(math.log10(max(abs(value), _SMALLEST)))
    places = min(worth, max(digits, width))
    # So that what is rounded to zero has no sign.
    return f"{round(value, max(places, 0)) + 0.0:,.{max(places, 0)}f}"


def signed(value: float, half_width: float) -> str:
    """Return a number with its sign, to two digits of the half-width of its interval.

    >>> signed(0.104, 0.031), signed(1234.5, 67.0), signed(0.0, 0.0)
    ('+0.104', '+1,234', '0')
    """
    if half_width == 0:
        sign = "+" if value > 0 else "-" if value < 0 else ""
        return with_minus(f"{sign}{alone(abs(value))}")
    places = places_of(half_width)
    # So that what is rounded to zero is not below it.
    return with_minus(f"{round(value, places) + 0.0:+,.{places}f}")


def with_minus(number: str) -> str:
    r"""Return a number whose sign is a minus, as wide as a plus, instead of a hyphen.

    >>> ascii(with_minus("-0.014"))
    "'\\u22120.014'"
    """
    return number.replace("-", "\N{MINUS SIGN}")


def places_of(half_width: float) -> int:
    """Return how many decimals two digits of the half-width of an interval take.

    >>> places_of(0.031), places_of(67.0)
    (3, 0)
    """
    return max(0, 1 - math.floor(math.log10(abs(half_width))))


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
