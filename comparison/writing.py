"""Numbers and tables as people read them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.results.estimates import Estimate
    from sim.results.paired import Paired

NONE: Final = "none"
_HUNDRED, _TEN = 100, 10


def percent(share: float) -> str:
    """Return a share in percent, without the sign.

    >>> percent(0.0784), percent(1.0)
    ('7.8', '100.0')
    """
    return f"{100 * share:.1f}"


def number(value: float) -> str:
    """Return three digits or so.

    >>> number(3478.6), number(46.301), number(9.996), number(0.0152)
    ('3,479', '46.3', '10.0', '0.015')
    """
    size = abs(value)
    if round(size, 1) >= _HUNDRED:
        return f"{value:,.0f}"
    if round(size, 2) >= _TEN:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 1 / _TEN else f"{value:.2g}"


def signed(value: float) -> str:
    """Return a number with its sign; what is rounded to zero is zero.

    >>> signed(-8.812), signed(0.5), signed(-0.0)
    ('-8.81', '+0.50', '0')
    """
    return f"{'-' if value < 0 else '+' if value > 0 else ''}{number(abs(value))}"


def signed_points(share: float) -> str:
    """Return a difference of shares in points.

    A bound just below zero keeps its sign, since it tells on which side of zero it is.

    >>> signed_points(0.0262), signed_points(-0.000001)
    ('+2.62', '-0.00')
    """
    return f"{100 * share:+.2f}"


def share_cell(found: Estimate) -> str:
    """Return a share with its interval.

    >>> from sim.results.estimates import Estimate
    >>> share_cell(Estimate(0.92, 0.916, 0.924, "Wilson", 1))
    '92.0 % (91.6 to 92.4)'
    """
    return _with_interval(found, percent, " %")


def number_cell(found: Estimate) -> str:
    """Return a number with its interval.

    >>> from sim.results.estimates import Estimate
    >>> number_cell(Estimate(23.5, 23.4, 23.6, "t", 1))
    '23.5 (23.4 to 23.6)'
    """
    return _with_interval(found, number, "")


def points_cell(paired: Paired) -> str:
    """Return a difference of shares in points, bold where it is told apart from zero."""
    return _difference(paired, signed_points)


def difference_cell(paired: Paired) -> str:
    """Return a difference of numbers, bold where it is told apart from zero."""
    return _difference(paired, signed)


def narrower_cell(paired: Paired) -> str:
    """Return how much narrower the shared luck made an interval."""
    return f"{paired.narrower:.1f}" if math.isfinite(paired.narrower) else ""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is text, the others are numbers."""
    lines = [_line(header), _line(["---", *["---:"] * (len(header) - 1)])]
    return "\n".join([*lines, *map(_line, rows)])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _with_interval(found: Estimate, written: Callable[[float], str], unit: str) -> str:
    if math.isnan(found.value):
        return NONE
    if math.isnan(found.low):
        return f"{written(found.value)}{unit}"
    return f"{written(found.value)}{unit} ({written(found.low)} to {written(found.high)})"


def _difference(paired: Paired, written: Callable[[float], str]) -> str:
    found = paired.difference
    value = f"**{written(found.value)}**" if paired.sign() else written(found.value)
    if math.isnan(found.low):
        return value
    return f"{value} ({written(found.low)} to {written(found.high)})"
