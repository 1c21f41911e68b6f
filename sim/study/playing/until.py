"""Enough runs: what is asked for, when one looks, and whether it is reached.

A target such as "collapsed ± 0.002" goes on until the interval is that narrow. The interval must be
one of `sim.results.sequences`, which hold at all looks together, so that stopping at the first
narrow one does not spoil it.
"""

import math
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from sim.results.estimates import LEVEL, Estimate
from sim.scenario.counts import counted

FIRST_LOOK_RUNS: Final = 1_000
BLOCK_RUNS: Final = 100_000
"""From where 5 % more are a block, one looks after whole blocks."""

_HUNDRED: Final = 100

_TARGET: Final = re.compile(
    r"(?P<quantity>[^\s±+]+) \s* (?:±|\+/-|\+-) \s* (?P<number>[0-9.]+(?:e[+-]?[0-9]+)?)"
    r" \s* (?P<unit>points|%\s*of\s+it|)",
    re.VERBOSE | re.IGNORECASE,
)
_ALLOWED: Final = (
    "a quantity, ± (or +- or +/-), and a number above 0: 'collapsed ± 0.002', in the quantity's "
    "own unit; 'collapsed ± 0.2 points', in hundredths, for shares; 'collapsed ± 5 % of it', "
    "relative to the estimate"
)


class Target(NamedTuple):
    """How narrow the interval of a quantity is to be."""

    quantity: str
    half_width: float
    """In the quantity's own unit, or, if `relative`, as a part of the estimate."""
    relative: bool
    points: bool = False
    """Whether it was said in points, which only a share has; `half_width` is of 1 all the same."""


def parsed_target(text: str) -> Target:
    """Return the target that a text such as "collapsed ± 0.002" asks for.

    A percent sign alone would be read by some as points and by others as a part of the estimate, so
    it is refused.

    >>> parsed_target("collapsed ± 0.2 points")
    Target(quantity='collapsed', half_width=0.002, relative=False, points=True)
    """
    found = _TARGET.fullmatch(text.strip())
    number = _number(found["number"]) if found else math.nan
    if not (found and 0 < number < math.inf):
        raise ValueError(f"--until: is {text!r}, must be {_ALLOWED}")
    unit = found["unit"].lower()
    half_width = number / 100 if unit else number
    return Target(found["quantity"], half_width, unit.startswith("%"), unit == "points")


def _number(text: str) -> float:
    """Return the number, or NaN where there are several decimal points, or only that."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def looks(most_runs: int) -> Iterator[int]:
    """Yield the numbers of runs at which one looks: 1,000, about 5 % more each time, and the last.

    They are whole hundreds, and whole blocks of 100,000 from two million on. They are the same on
    every machine, and with a greater `most_runs` only the last one differs: so the scenario and
    the seed alone decide where it stops.

    >>> list(looks(1_250))
    [1000, 1100, 1200, 1250]
    """
    runs = FIRST_LOOK_RUNS
    while runs < most_runs:
        yield runs
        runs = _next_look(runs)
    if most_runs > 0:
        yield most_runs


def _next_look(runs: int) -> int:
    """Return the next whole number of hundreds, or blocks, that is at least 5 % more."""
    in_blocks = runs * 21 >= 20 * 20 * BLOCK_RUNS
    whole = BLOCK_RUNS if in_blocks else _HUNDRED
    return -(-runs * 21 // (20 * whole)) * whole


def is_enough(target: Target, estimate: Estimate) -> bool:
    """Return whether neither bound is further from the estimate than asked for.

    Without an interval it is never enough, and a part of an estimate of 0 is not reached either.

    >>> is_enough(parsed_target("held ± 0.05"), Estimate(0.5, 0.46, 0.54, "", 2_000))
    True
    """
    allowed = target.half_width * (abs(estimate.value) if target.relative else 1.0)
    return half_width(estimate) <= allowed


def half_width(estimate: Estimate) -> float:
    """Return the distance of the bound that is further from the estimate; NaN without an interval.

    >>> half_width(Estimate(0.25, 0.125, 0.5, "", 10))
    0.25
    """
    above, below = estimate.high - estimate.value, estimate.value - estimate.low
    return math.nan if math.isnan(above + below) else max(above, below)


def words(target: Target, estimate: Estimate, runs: int) -> str:
    """Return a sentence that says what was found, the rule, and after how many runs.

    >>> found = Estimate(0.5, 0.46, 0.54, "a sequence", 2_000)
    >>> print(words(parsed_target("held ± 0.01"), found, 2_000))
    held is 0.5 (95 % interval 0.46 to 0.54) after 2,000 runs, and ± 0.01 was asked for: \
not enough yet, by an interval that holds however often one looked (a sequence).
    """
    half, played = half_width(estimate), counted(runs, "run")
    if math.isnan(half):
        return (
            f"{target.quantity} has no interval after {played}, and {_said(target)} was asked "
            "for: not enough yet."
        )
    value, low, high = (_digits(number, half) for number in estimate[:3])
    verdict = "enough" if is_enough(target, estimate) else "not enough yet"
    return (
        f"{target.quantity} is {value} ({LEVEL * 100:g} % interval {low} to {high}) after "
        f"{played}, and {_said(target)} was asked for: {verdict}, by an interval that holds "
        f"however often one looked ({estimate.method})."
    )


def _said(target: Target) -> str:
    """Return the target's width as it was said."""
    if target.relative:
        return f"± {target.half_width * 100:g} % of it"
    return f"± {target.half_width * 100:g} points" if target.points else f"± {target.half_width:g}"


def _digits(number: float, half: float) -> str:
    """Return a number with as many digits as show two of the interval's half width."""
    decimals = 1 - math.floor(math.log10(half)) if half > 0 else 12
    return f"{round(number, decimals):.12g}"
