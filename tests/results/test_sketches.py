"""Sketches of distributions: near enough in rank, exact at the ends, and without chance.

The distributions are of fixed seeds, so that nothing here can fail by chance.
"""

import math

import numpy as np
import pytest

from sim.results.sketches import Sketch

BLOCKS, RUNS = 12, 20_000
RANKS = (0.05, 0.25, 0.5, 0.75, 0.95)
GENERATOR = np.random.default_rng(1)
VALUES = {
    "normal": GENERATOR.normal(size=(BLOCKS, RUNS)),
    "heavy tail": GENERATOR.pareto(1.1, size=(BLOCKS, RUNS)),
    "mostly zero": GENERATOR.exponential(size=(BLOCKS, RUNS))
    * (GENERATOR.random((BLOCKS, RUNS)) < 0.3),
    "two humps": GENERATOR.normal(size=(BLOCKS, RUNS))
    + 1000 * (GENERATOR.random((BLOCKS, RUNS)) < 0.4),
    "drifting": np.sort(GENERATOR.random(BLOCKS * RUNS)).reshape(BLOCKS, RUNS),
    "few counts": GENERATOR.poisson(3, (BLOCKS, RUNS)).astype(float),
    "many counts": GENERATOR.poisson(3000, (BLOCKS, RUNS)).astype(float),
}


def merged(blocks, **options):
    """Return the sketch of blocks of values, merged one after the other."""
    first, *others = (Sketch.of(one, **options) for one in blocks)
    for other in others:
        first = first.merged(other)
    return first


@pytest.mark.parametrize("name", VALUES)
def test_a_quantile_is_within_two_in_a_thousand_of_its_rank(name):
    """The share of values at most as great as it, with and without ties, encloses the rank."""
    sketch = merged(VALUES[name], is_of_counts="counts" in name)
    values = np.sort(VALUES[name], axis=None)
    found = [sketch.quantile(rank) for rank in RANKS]
    below = np.searchsorted(values, found, side="left") / len(values)
    at_most = np.searchsorted(values, found, side="right") / len(values)

    assert (below - RANKS).max() <= 0.002
    assert (RANKS - at_most).max() <= 0.002


@pytest.mark.parametrize("name", VALUES)
def test_the_least_and_the_greatest_value_are_exact(name):
    """However many blocks there are."""
    sketch = merged(VALUES[name])

    assert sketch.quantile(0.0) == VALUES[name].min()
    assert sketch.quantile(1.0) == VALUES[name].max()


def test_the_same_values_give_the_same_bytes():
    """There is no chance in a sketch."""
    assert merged(VALUES["normal"]) == merged(VALUES["normal"])


@pytest.mark.parametrize("runs", [1, 3, 5, 99])
def test_quantiles_of_few_values_are_values(runs):
    """The least value that so large a share are at most."""
    values = np.arange(runs) ** 2.0
    expected = np.quantile(values, RANKS, method="inverted_cdf")

    assert [Sketch.of(values).quantile(rank) for rank in RANKS] == pytest.approx(list(expected))


def test_values_that_are_not_known_are_left_out():
    """NaN is a run without a value."""
    sketch = Sketch.of(np.array([math.nan, 4.0, math.nan]))

    assert (sketch.n, sketch.quantile(0.5)) == (1, 4.0)


def test_no_values_have_no_quantile():
    """Also after nothing was merged with nothing."""
    nothing = Sketch.of(np.full(3, math.nan))

    assert math.isnan(nothing.merged(nothing).quantile(0.5))


def test_quantiles_of_counts_are_counts():
    """Nobody has seen 3.4 crises."""
    sketch = merged(VALUES["many counts"], is_of_counts=True)

    assert all(sketch.quantile(rank).is_integer() for rank in RANKS)


def test_a_sketch_comes_back_from_its_text():
    """And quantiles with it, to the last bit."""
    sketch = merged(VALUES["normal"])

    assert Sketch.from_texts(sketch.as_texts()) == sketch
