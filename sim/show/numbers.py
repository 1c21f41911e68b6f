"""Numbers as text: rounded to what the width of their intervals is worth, and with their signs."""

from __future__ import annotations

import math
from typing import Final

_MOST_PLACES: Final = 4
_SMALLEST: Final = 1e-12
# A half-width of less than so many units deserves another digit.
_WORTH: Final = 3
_DIGITS: Final = 3


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
        return f"{value:+,.3g}" if value else "0"
    places = max(0, 1 - math.floor(math.log10(abs(half_width))))
    return f"{value:+,.{places}f}".replace("-", "\N{MINUS SIGN}")
