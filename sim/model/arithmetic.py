"""Logarithm, exponential and normal distribution with the same last bit on every machine.

The C library's `log` and `exp` differ between processors and versions, and one different bit can
turn a run around. Everything here is made of + - * /, comparisons, floor and square roots, which
IEEE 754 rounds in one way only, and of looking at a float's bits. Nothing may be compiled with
fast-math, which would reorder the sums. Nothing divides by zero, which plain Python refuses.
"""

import math
from typing import Final

import numpy as np

from sim.model.compiled import compiled

# ln 2 in two parts: the first has 42 bits, so that its product with an exponent is exact.
_LN2_HIGH: Final = 0.6931471805598903
_LN2_LOW: Final = 5.497923018708371e-14
_ONE_OVER_LN2: Final = 1.4426950408889634
_LOG_ROOT_TWO_PI: Final = 0.9189385332046728
_ROOT_TWO_PI: Final = 2.5066282746310007
_TWO_PI: Final = math.tau
_LN2: Final = 0.6931471805599453
_ROOT_LN2: Final = 0.8325546111576978

_HAZARD_BEYOND: Final = 700.0
# From here on the hazard is z**2 / 2 to the last bit or nearly so.
_SCORE_OF_A_PARABOLA: Final = 1e9
_HAZARD_OF_A_PARABOLA: Final = 1e18

_SMALLEST_NORMAL: Final = 2.2250738585072014e-308
_BITS_OF_ONE: Final = 0x3FF0000000000000
_BITS_OF_ROOT_HALF: Final = 0x3FE6A09E667F3BCD


@compiled
def _power_of_two(exponent: int) -> float:
    """Return 2 to an exponent from -1022 to 1023, put together from its bits."""
    return float(np.int64(_BITS_OF_ONE + (exponent << 52)).view(np.float64))


@compiled
def natural_log(x: float) -> float:
    """Return the natural logarithm, within one unit in the last place; minus infinity at 0.

    x is m * 2**k, m between the roots of 1/2 and 2. With f = m - 1 and s = f / (2 + f), log m is
    2 atanh(s) = f - s * (f - r), r being the rest of the series (Abramowitz and Stegun 1964,
    4.1.27): beside the exact f, the rounding of s weighs little.

    >>> natural_log(1.0), natural_log(0.0)
    (0.0, -inf)
    """
    if not 0.0 < x < math.inf:
        return x if x > 0.0 else (-math.inf if x == 0.0 else math.nan)
    scale = 0.0
    if x < _SMALLEST_NORMAL:
        x, scale = x * 18014398509481984.0, 54.0
    bits = int(np.float64(x).view(np.int64))
    exponent = (bits - _BITS_OF_ROOT_HALF) >> 52
    f = float(np.int64(bits - (exponent << 52)).view(np.float64)) - 1.0
    k = float(exponent) - scale
    s = f / (2.0 + f)
    z, w = s * s, (s * s) * (s * s)
    even = 2.0 / 3.0 + w * (2.0 / 7.0 + w * (2.0 / 11.0 + w * (2.0 / 15.0 + w * (2.0 / 19.0))))
    odd = 2.0 / 5.0 + w * (2.0 / 9.0 + w * (2.0 / 13.0 + w * (2.0 / 17.0 + w * (2.0 / 21.0))))
    r = z * (even + z * odd)
    return k * _LN2_HIGH + (f - (s * (f - r) - k * _LN2_LOW))


@compiled
def _small_exponential(high: float, low: float) -> float:
    """Return exp(high - low) - 1 for a difference of at most ln(2) / 2: Taylor's series."""
    x = high - low
    z = x * x
    even = 1.0 / 3628800.0 + z * (1.0 / 479001600.0)
    even = 1.0 / 24.0 + z * (1.0 / 720.0 + z * (1.0 / 40320.0 + z * even))
    odd = 1.0 / 39916800.0 + z * (1.0 / 6227020800.0)
    odd = 1.0 / 120.0 + z * (1.0 / 5040.0 + z * (1.0 / 362880.0 + z * odd))
    rest = z * (0.5 + (x * (1.0 / 6.0) + z * (even + x * odd)))
    return high + (rest - low)


@compiled
def exponential(x: float) -> float:
    """Return e to the power x, within a unit in the last place; infinity if it is too large.

    x is k ln 2 + r, and the result 2**k exp(r) (Cody and Waite 1980, chapter 6). Multiplying by
    two halves of 2**k lets the result run into infinity, subnormal numbers and zero by itself.

    >>> exponential(0.0), exponential(-1000.0), exponential(1000.0)
    (1.0, 0.0, inf)
    """
    if not -746.0 < x < 710.0:
        return math.inf if x > 0.0 else (0.0 if x < 0.0 else math.nan)
    exponent = math.floor(x * _ONE_OVER_LN2 + 0.5)
    k = float(exponent)
    fraction = 1.0 + _small_exponential(x - k * _LN2_HIGH, k * _LN2_LOW)
    half = exponent >> 1
    return fraction * _power_of_two(half) * _power_of_two(exponent - half)


@compiled
def log_one_plus(x: float) -> float:
    """Return log(1 + x) without losing a small x.

    What rounding 1 + x loses is given back to first order, a variant of Kahan's remedy (Goldberg
    1991, "What every computer scientist should know about floating-point arithmetic", theorem 4).

    >>> log_one_plus(1e-20), log_one_plus(-1.0)
    (1e-20, -inf)
    """
    u = 1.0 + x
    if not 0.0 < u < math.inf:
        return natural_log(u)
    return natural_log(u) + (x - (u - 1.0)) / u


@compiled
def exponential_minus_one(x: float) -> float:
    """Return exp(x) - 1 without losing a small x; the parts are those of `exponential`.

    >>> exponential_minus_one(1e-20), exponential_minus_one(-1000.0)
    (1e-20, -1.0)
    """
    if not -40.0 < x < 40.0:
        return exponential(x) - 1.0
    return _exponential_minus_one_near_0(x)


@compiled
def _exponential_minus_one_near_0(x: float) -> float:
    """Return exp(x) - 1 for an x between -40 and 40."""
    exponent = math.floor(x * _ONE_OVER_LN2 + 0.5)
    k = float(exponent)
    scale = _power_of_two(exponent)
    return scale * _small_exponential(x - k * _LN2_HIGH, k * _LN2_LOW) + (scale - 1.0)


@compiled
def power(x: float, y: float) -> float:
    """Return x to the power y for an x of 0 or more; an exponent of 1 leaves x alone.

    The error is up to 1 + 2 |y log x| units in the last place: exp magnifies its argument's.

    >>> power(1.1, 1.0), power(0.0, 2.0), power(0.0, -1.0), power(0.0, 0.0)
    (1.1, 0.0, inf, 1.0)
    """
    if y == 1.0:
        return x
    if y == 0.0 or x == 1.0:
        return 1.0
    return exponential(y * natural_log(x))


@compiled
def _mills_ratio(z: float) -> float:
    """Return the normal upper tail over the normal density, for z from 0 to 1e9.

    This is the rational function of degree 10 over 11 that equals the ratio at the 22 Chebyshev
    nodes of (z - 4) / (z + 4) between -1 and 1: nowhere wrong by more than 1e-16
    before rounding.
    """
    above = 3930.323590091473 + z * (422.47729594743475 + z * (29.18712338281613 + z))
    above = 442852.36404014286 + z * (124144.7612225787 + z * (25793.233161042903 + z * above))
    above = 2124982.652489747 + z * (1156736.2462255775 + z * above)
    above = 1451444.4311114256 + z * (2499061.9855821915 + z * above)
    below = 3959.510713476024 + z * (423.47729594742714 + z * (29.187123382816143 + z))
    below = 467810.6419772239 + z * (128016.71057984451 + z * (26213.710456788765 + z * below))
    below = 2520398.854135845 + z * (1273312.2515818102 + z * below)
    below = 2917981.1981237344 + z * (3444660.4458678523 + z * below)
    return above / (1158085.1024471046 + z * below)


@compiled
def _normal_tail(z: float) -> float:
    """Return the chance of more than z, from 0 to 40, under the standard normal distribution.

    exp(-z**2 / 2) feels every bit of z**2, also those that a float has no room for (Dekker 1971).
    """
    split = 134217729.0 * z
    high = split - (split - z)
    low = z - high
    square = z * z
    rest = ((high * high - square) + 2.0 * high * low) + low * low
    density = exponential(-0.5 * square) * (1.0 - 0.5 * rest)
    return density * _mills_ratio(z) / _ROOT_TWO_PI


@compiled
def normal_hazard(z: float) -> float:
    """Return minus the log of the chance of more than z under the standard normal distribution.

    >>> normal_hazard(-math.inf), round(normal_hazard(0.0), 12), normal_hazard(math.inf)
    (0.0, 0.69314718056, inf)
    """
    if not -40.0 < z < _SCORE_OF_A_PARABOLA:
        return 0.5 * z * z if z > 0.0 else (0.0 if z < 0.0 else math.nan)
    if z < 0.0:
        return 0.0 - log_one_plus(-_normal_tail(-z))
    return 0.5 * z * z + (_LOG_ROOT_TWO_PI - natural_log(_mills_ratio(z)))


@compiled
def _score_of_a_tail(r: float) -> float:
    """Return z for a chance of exp(-r**2) above it, r from sqrt(ln 2), where z is 0, to 28.

    With u = r - sqrt(ln 2), this is u times the rational function of degree 11 over 11 that equals
    z / u at the 23 Chebyshev nodes of u / (u + 4): nowhere wrong by more than 3e-16
    before rounding.
    """
    above = 13512.260187634603 + r * (257.58116777795294 + r * 1.4142158463079555)
    above = 14701064.779857907 + r * (2844384.4904144313 + r * (286159.2540939363 + r * above))
    above = 76653695.02338554 + r * (77047771.91950357 + r * (43390851.41484696 + r * above))
    above = 225967.55678167514 + r * (6048566.863779574 + r * (35686320.27949971 + r * above))
    below = 9406.645280842082 + r * (181.3062637450635 + r)
    below = 9100561.090139037 + r * (1865040.7748381337 + r * (194911.98560670292 + r * below))
    below = 35254954.39825692 + r * (40735946.30248428 + r * (25001129.310119234 + r * below))
    below = 47900.98547682322 + r * (1782421.2496872458 + r * (13473231.867203774 + r * below))
    return (r - _ROOT_LN2) * above / below


@compiled
def _score_beyond(hazard: float) -> float:
    """Return z for a hazard above 700, where z**2 is near twice the hazard.

    With 1 / z - 1 / z**3 for the Mills ratio, z comes out right to seven digits; a Newton step,
    whose slope is one over that ratio, doubles them.
    """
    if hazard > _HAZARD_OF_A_PARABOLA:
        return 2.0 * math.sqrt(0.5 * hazard)
    square = 2.0 * hazard - natural_log(2.0 * _TWO_PI * hazard)
    z = math.sqrt(2.0 * hazard - natural_log(_TWO_PI * square) - 2.0 / square)
    mills_ratio = _mills_ratio(z)
    excess = 0.5 * z * z + (_LOG_ROOT_TWO_PI - natural_log(mills_ratio)) - hazard
    return z - excess * mills_ratio


@compiled
def normal_score(hazard: float) -> float:
    """Return the z whose `normal_hazard` this is: the normal quantile, from the log of a chance.

    z is a smooth function of the root of minus the log of the smaller tail (the variable of
    Wichura 1988, "The percentage points of the normal distribution", Applied Statistics 37,
    477-484). Near 0 z is right to 1e-15, elsewhere to 2e-15 of itself.

    >>> normal_score(0.0), round(normal_score(-natural_log(0.025)), 6), normal_score(math.inf)
    (-inf, 1.959964, inf)
    """
    if not hazard > 0.0:
        return -math.inf if hazard == 0.0 else math.nan
    if hazard > _HAZARD_BEYOND:
        return _score_beyond(hazard)
    smaller = hazard if hazard >= _LN2 else hazard_of_smaller_tail(hazard)
    return score_of_smaller_tail(hazard, smaller)


@compiled
def hazard_of_smaller_tail(hazard: float) -> float:
    """Return minus the log of the smaller tail, for a hazard above 0 and at most 700.

    Here and in `score_of_smaller_tail` both tails are computed, so that a loop need not branch.

    >>> hazard_of_smaller_tail(2.0), round(hazard_of_smaller_tail(-natural_log(0.75)), 12)
    (2.0, 1.38629436112)
    """
    return hazard_of_tail(hazard, lower_tail(hazard))


@compiled
def lower_tail(hazard: float) -> float:
    """Return the chance of less, for a hazard up to ln 2; beyond it is one half.

    >>> round(lower_tail(-natural_log(0.75)), 12), round(lower_tail(2.0), 12)
    (0.25, 0.5)
    """
    below = min(_LN2, hazard)
    return -_exponential_minus_one_near_0(-below)


@compiled
def hazard_of_tail(hazard: float, lower: float) -> float:
    """Return minus the log of the smaller tail, given the lower one.

    >>> hazard_of_tail(2.0, 0.5) == hazard_of_smaller_tail(2.0)
    True
    """
    return hazard if hazard >= _LN2 else -natural_log(lower)


@compiled
def score_of_smaller_tail(hazard: float, smaller: float) -> float:
    """Return the normal score of a hazard, given that of the smaller tail.

    >>> score_of_smaller_tail(2.0, 2.0) == normal_score(2.0)
    True
    """
    score = _score_of_a_tail(math.sqrt(smaller))
    return score if hazard >= _LN2 else -score
