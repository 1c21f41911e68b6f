"""The portable arithmetic is accurate, ordered, and the same to the last bit however it is run."""

import hashlib
import json
import math
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mpmath
import pytest

from sim.model import arithmetic
from sim.model.arithmetic import (
    exponential,
    exponential_minus_one,
    log_one_plus,
    natural_log,
    normal_hazard,
    normal_score,
    power,
)

mpmath.mp.prec = 200
Truth = Callable[[Any], Any]

# How many float exponents wide an argument is spread: 2**-1074 is the smallest float, 2**1023 the
# largest power of two. `ldexp` is exact everywhere; `10.0**x` is the C library's business.
SMALLEST, LARGEST = -1073, 1023


def spread(seed: int, count: int, low: int, high: int) -> list[float]:
    """Return random numbers of every size from 2**low to 2**high."""
    luck = random.Random(seed)
    return [math.ldexp(luck.uniform(0.5, 1.0), luck.randint(low + 1, high)) for _ in range(count)]


def uniform(seed: int, count: int, low: float, high: float) -> list[float]:
    """Return random numbers between two."""
    luck = random.Random(seed)
    return [luck.uniform(low, high) for _ in range(count)]


def mirrored(numbers: Sequence[float]) -> list[float]:
    """Return the numbers with every second one negative."""
    return [-number if place % 2 else number for place, number in enumerate(numbers)]


def worst_units(rule: Callable[[float], float], truth: Truth, numbers: Sequence[float]) -> float:
    """Return the largest error, in units in the last place of the true value."""
    errors = []
    for number in numbers:
        true = truth(mpmath.mpf(number))
        errors.append(float(abs(mpmath.mpf(rule(number)) - true) / math.ulp(float(true))))
    return max(errors)


def true_hazard(z: Any) -> Any:
    """Return minus the log of the normal upper tail, in 200 bits."""
    tail = mpmath.erfc(abs(z) / mpmath.sqrt(2)) / 2
    return -mpmath.log(tail) if z >= 0 else -mpmath.log1p(-tail)


def hazard_error(z: float) -> float:
    """Return the relative error of the hazard."""
    true = true_hazard(mpmath.mpf(z))
    return float(abs(normal_hazard(z) - true) / true)


def score_error(hazard: float) -> float:
    """Return the error of the score, of itself or, nearer to 0 than 1, absolute."""
    z = mpmath.mpf(normal_score(hazard))
    reached = true_hazard(z)
    density = mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)
    # The derivative of the hazard is the density over the tail.
    return float(abs(reached - hazard) * mpmath.exp(-reached) / density / max(abs(z), 1))


def test_the_log_is_within_one_unit_in_the_last_place() -> None:
    """The logarithm is right to one unit, for numbers of every size and close to 1."""
    near_one = [1.0 + number for number in mirrored(spread(2, 4000, -52, -1))]
    numbers = [*spread(1, 6000, SMALLEST, LARGEST), *uniform(3, 6000, 0.4, 2.5), *near_one]

    assert worst_units(natural_log, mpmath.log, numbers) < 1.0


def test_the_log_is_defined_at_the_edges() -> None:
    """Zero has minus infinity, infinity itself, and what has no logarithm is not a number."""
    assert [natural_log(x) for x in (0.0, -0.0, 1.0, math.inf)] == [
        -math.inf,
        -math.inf,
        0,
        math.inf,
    ]
    assert all(math.isnan(natural_log(x)) for x in (-1.0, -math.inf, math.nan))


def test_the_exponential_is_within_one_unit_in_the_last_place() -> None:
    """The exponential is right to one unit, subnormal results included."""
    numbers = [*uniform(1, 6000, -745.1, 709.78), *mirrored(spread(2, 6000, -60, 3))]

    assert worst_units(exponential, mpmath.exp, numbers) < 1.0


def test_the_exponential_is_defined_at_the_edges() -> None:
    """What is too large becomes infinity and what is too small zero, with no error."""
    assert [exponential(x) for x in (-math.inf, -1e300, -746.0, -0.0)] == [0.0, 0.0, 0.0, 1.0]
    assert [exponential(x) for x in (709.79, 710.0, 1e300, math.inf)] == [math.inf] * 4
    assert math.isnan(exponential(math.nan))


def test_small_arguments_are_not_lost_beside_one() -> None:
    """log(1 + x) and exp(x) - 1 are right to two units, however small x is."""
    small = mirrored(spread(1, 4000, -300, 0))
    logs = [*small, *uniform(2, 3000, -1.0, 3.0), *spread(3, 2000, 0, LARGEST)]
    exponents = [*small, *uniform(4, 4000, -3.0, 3.0), *uniform(5, 3000, -60.0, 700.0)]

    assert worst_units(log_one_plus, mpmath.log1p, logs) < 2.0
    assert worst_units(exponential_minus_one, mpmath.expm1, exponents) < 2.0


def test_one_plus_and_minus_one_are_defined_at_the_edges() -> None:
    """Their limits are the limits of the logarithm and of the exponential."""
    assert [log_one_plus(x) for x in (-1.0, 0.0, math.inf)] == [-math.inf, 0.0, math.inf]
    assert [exponential_minus_one(x) for x in (-math.inf, 0.0, math.inf)] == [-1.0, 0.0, math.inf]
    assert math.isnan(log_one_plus(-1.5))
    assert math.isnan(log_one_plus(math.nan))
    assert math.isnan(exponential_minus_one(math.nan))


def test_the_power_loses_no_more_than_its_docstring_says() -> None:
    """A power is right to 1 + 2 |y log x| units in the last place."""
    for x, y in zip(spread(1, 6000, -30, 30), uniform(2, 6000, -5.0, 5.0), strict=True):
        true = mpmath.power(mpmath.mpf(x), mpmath.mpf(y))
        units = float(abs(power(x, y) - true)) / math.ulp(float(true))

        assert units < 1.0 + 2.0 * abs(y * math.log(x))


def test_the_power_is_defined_at_the_edges() -> None:
    """Powers of zero, one and infinity are `math.pow`'s; an exponent of 1 changes nothing."""
    edges = [0.0, 0.5, 1.0, 2.0, math.inf]

    for x in edges:
        for y in (-math.inf, -2.0, 0.0, 2.0, math.inf):
            true = math.inf if x == 0.0 and y < 0.0 else math.pow(x, y)
            assert power(x, y) == pytest.approx(true, rel=1e-15)
    assert [power(x, 1.0) for x in edges] == edges
    assert math.isnan(power(-2.0, 2.0))


def test_the_normal_hazard_is_right_in_both_tails() -> None:
    """Minus the log of the normal tail has fourteen digits from z = -37 to a thousand million."""
    numbers = [*uniform(1, 3000, -37.0, 10.0), *mirrored(spread(2, 1000, -60, 0))]

    assert max(map(hazard_error, [*numbers, *spread(3, 1000, 3, 31)])) < 3e-15


def test_the_normal_hazard_fades_into_zero() -> None:
    """Beyond z = -37 the hazard is subnormal and right to a few of the smallest floats."""
    assert worst_units(normal_hazard, true_hazard, uniform(1, 500, -38.5, -37.8)) < 8.0
    assert [normal_hazard(z) for z in (-39.0, -41.0, -1e300, -math.inf)] == [0.0] * 4
    assert math.copysign(1.0, normal_hazard(-39.0)) == 1.0


def test_the_normal_hazard_is_defined_at_the_edges() -> None:
    """Half of the chance is above 0, infinity is never reached, and nothing is not a number."""
    assert normal_hazard(0.0) == pytest.approx(math.log(2.0), rel=1e-15)
    assert normal_hazard(1e6) == pytest.approx(5e11 + 14.734, rel=1e-14)
    assert [normal_hazard(z) for z in (1e200, math.inf)] == [math.inf, math.inf]
    assert math.isnan(normal_hazard(math.nan))


def test_the_normal_score_is_right_for_every_hazard() -> None:
    """The quantile has fourteen digits for hazards from the smallest float to 2**60."""
    numbers = [*spread(1, 2000, SMALLEST, -1), *uniform(2, 2000, 0.01, 8.0)]

    assert max(map(score_error, [*numbers, *spread(3, 1500, 3, 60)])) < 3e-15


def test_the_normal_score_is_defined_at_the_edges() -> None:
    """No hazard is minus infinity, all of it infinity, and less than none is not a number."""
    assert [normal_score(hazard) for hazard in (0.0, math.inf)] == [-math.inf, math.inf]
    assert normal_score(1e300) == pytest.approx(math.sqrt(2.0) * 1e150, rel=1e-15)
    assert abs(normal_score(math.log(2.0))) < 1e-15
    assert math.isnan(normal_score(-1.0))
    assert math.isnan(normal_score(math.nan))


def test_score_and_hazard_undo_each_other() -> None:
    """A score's hazard is the hazard it came from, as nearly as the score's last digit allows."""
    for hazard in [*spread(1, 3000, -1000, 40), *uniform(2, 3000, 0.1, 5.0)]:
        z = normal_score(hazard)
        digits_lost = 1.0 + z * z if z < 0.0 else 1.0

        assert normal_hazard(z) == pytest.approx(hazard, rel=1e-14 * digits_lost)
    for z in uniform(3, 3000, -37.0, 50.0):
        assert normal_score(normal_hazard(z)) == pytest.approx(z, rel=4e-15, abs=4e-15)


def test_exponential_and_log_undo_each_other() -> None:
    """A log's exponential is the number it came from, and so with the one added and taken away."""
    for number in spread(1, 3000, -20, 20):
        assert exponential(natural_log(number)) == pytest.approx(number, rel=1e-14)
        assert exponential_minus_one(log_one_plus(number)) == pytest.approx(number, rel=1e-14)


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        (natural_log, spread(1, 20000, SMALLEST, LARGEST)),
        (exponential, uniform(2, 20000, -746.0, 710.0)),
        (log_one_plus, uniform(3, 20000, -1.0, 5.0)),
        (exponential_minus_one, uniform(4, 20000, -45.0, 45.0)),
        (normal_hazard, uniform(5, 20000, -39.0, 60.0)),
        (normal_score, [*spread(6, 10000, SMALLEST, 70), *uniform(7, 10000, 690.0, 710.0)]),
    ],
)
def test_a_larger_argument_never_gives_a_smaller_result(
    rule: Callable[[float], float], numbers: list[float]
) -> None:
    """All of the functions rise, over what they are pieced together from as well."""
    results = [rule(number) for number in sorted(numbers)]

    assert results == sorted(results)


# Of the results for the arguments below. If it changes, published runs change.
FINGERPRINT = "9e1715e777cb6ff3ba116ee0c361ce8309a9a596b27086bb2f75f65748aa3f16"

ARGUMENTS: dict[str, list[list[float]]] = {
    "natural_log": [[0.0, 1.0, math.inf, *spread(1, 200, SMALLEST, 1023), *uniform(1, 200, 0, 4)]],
    "exponential": [[-800.0, 800.0, *uniform(2, 200, -746, 710), *uniform(3, 200, -5, 5)]],
    "log_one_plus": [[-1.0, *mirrored(spread(4, 200, -80, 0)), *uniform(5, 200, -1, 5), 1e300]],
    "exponential_minus_one": [[0.0, *mirrored(spread(6, 200, -80, 8)), *uniform(7, 200, -4, 4)]],
    "power": [spread(8, 400, -40, 40), mirrored(spread(9, 400, -8, 5))],
    "normal_hazard": [[-50.0, *mirrored(spread(10, 200, -60, 40)), *uniform(11, 200, -39, 9), 1e9]],
    "normal_score": [[0.0, *spread(12, 200, SMALLEST, 70), *uniform(13, 200, 0, 9), math.inf]],
}


def all_results() -> dict[str, list[str]]:
    """Return the results for the arguments above; the `repr` of a float tells all of its bits."""
    return {
        name: [repr(result) for result in map(getattr(arithmetic, name), *numbers)]
        for name, numbers in ARGUMENTS.items()
    }


def test_plain_python_and_compiled_code_give_the_same_bits() -> None:
    """A process in which Numba is switched the other way round gets the very same results."""
    other = "0" if os.environ.get("NUMBA_DISABLE_JIT", "0") == "1" else "1"
    asked = subprocess.run(
        [sys.executable, __file__],
        env={**os.environ, "NUMBA_DISABLE_JIT": other},
        capture_output=True,
        check=True,
        text=True,
        timeout=300,
    )
    compiled, results = json.loads(asked.stdout)

    assert compiled is (other == "0")
    assert results == all_results()


def test_the_bits_are_those_of_every_other_machine() -> None:
    """The results have the fingerprint that they had where this was written, on x86-64."""
    listed = json.dumps(all_results(), sort_keys=True)

    assert hashlib.sha256(listed.encode()).hexdigest() == FINGERPRINT


def test_nothing_depends_on_the_c_library() -> None:
    """Of the mathematics of Python and NumPy, only what IEEE 754 makes exact is used."""
    source = Path(arithmetic.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r"\b(?:math|np)\.(\w+)", source))

    assert used == {"inf", "nan", "tau", "floor", "sqrt", "float64", "int64"}
    assert "scipy" not in source


if __name__ == "__main__":
    print(json.dumps([hasattr(natural_log, "signatures"), all_results()]))
