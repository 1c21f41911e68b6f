"""Sensitivity of a stochastic model: the noise of replication is told apart, and taken out.

False alarms: where an estimate is held against its true value it must lie within three and an
eighth half-widths of its 95 % interval, 6.1 standard errors, which a normal one misses once in
1e9 times. All seeds are fixed.
"""

from itertools import product

import numpy as np
import pytest
from SALib.sample import sobol

from sim.study.points.noise import NothingToExplainError, divided, without_noise
from sim.study.points.varied import Varied, parsed_range, parsed_varied
from sim.study.values.effects import morris_design, morris_effects
from sim.study.values.indices import sobol_design, sobol_indices

FAR = 3.125
NAMES = ("a.one", "a.two", "a.three")
ISHIGAMI = tuple(Varied(name, low=-np.pi, high=np.pi) for name in NAMES)
# Ishigami and Homma 1990 with a = 7, b = 0.1; closed forms in Saltelli et al. 2008, p. 179.
ONE, TWO, BOTH = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 7**2 / 8, 0.01 * np.pi**8 * 8 / 225
VARIANCE = ONE + TWO + BOTH
FIRST = np.array([ONE, TWO, 0.0]) / VARIANCE
TOTAL = np.array([ONE + BOTH, TWO, BOTH]) / VARIANCE
UNITS = tuple(parsed_range(f"a.{name}=0:1") for name in ("big", "small", "left", "right", "none"))


def ishigami(design):
    """Return the function at the design's points, shape (points, 1)."""
    one, two, three = np.array(design.points.rows).T
    return (np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one))[:, None]


def noise(shape, sd, seed=5):
    """Return normal noise."""
    return sd * np.random.default_rng(seed).standard_normal(shape)


def effects_at(design):
    """Return a function with two plain effects, one that depends on another, and none."""
    big, small, left, right, _ = np.array(design.points.rows).T
    return (4 * big - 2 * small + 3 * left * right)[:, None]


def half(table, name):
    """Return half the width of the intervals."""
    return ((table[f"{name}_high"] - table[f"{name}_low"]) / 2).to_numpy()


@pytest.fixture(scope="module")
def large():
    """A design large enough for noise to show."""
    return sobol_design(ISHIGAMI, 4096, seed=3)


@pytest.fixture(scope="module")
def noisy(large):
    """The function with noise of variance 64, its own at each point, in 20 replications."""
    values = ishigami(large)
    return sobol_indices(large, values + noise((len(values), 20), 8.0))


@pytest.fixture
def design():
    """A small design."""
    return sobol_design(ISHIGAMI, 64, seed=3)


@pytest.fixture
def morris():
    """A small design for effects."""
    return morris_design(UNITS, 16, seed=3)


def test_the_known_indices_are_those_of_the_books():
    """0.314, 0.442, 0 and 0.558, 0.442, 0.244."""
    assert np.round([FIRST, TOTAL], 3).tolist() == [[0.314, 0.442, 0.0], [0.558, 0.442, 0.244]]


@pytest.mark.parametrize(("name", "true"), [("S1", FIRST), ("ST", TOTAL)])
def test_known_indices_are_found_in_noise(noisy, name, true):
    """Within 6.1 standard errors, though a fifth of what differs is noise."""
    assert noisy.luck.noise_share == pytest.approx(3.2 / (VARIANCE + 3.2), abs=0.03)
    assert (np.abs(noisy.table[name] - true) < FAR * half(noisy.table, name)).all()


def test_indices_of_means_are_wrong_by_the_noise(noisy):
    """Noise of its own at each point counts in every total index; SALib's are off by that much."""
    table, share = noisy.table, 3.2 / (VARIANCE + 3.2)
    biased = TOTAL * (1 - share) + share
    wide = FAR * half(table, "ST")

    assert (np.abs(table["ST_of_means"] - biased) < wide).all()
    assert table["ST_of_means"][2] - TOTAL[2] > wide[2]


def test_the_variance_divides_between_parameters_luck_and_both(noisy):
    """Of the function, of nothing that is alike at all points, and of the noise."""
    luck = noisy.luck

    assert luck.parameters == pytest.approx(VARIANCE, rel=0.1)
    assert luck.luck == pytest.approx(0, abs=0.05)
    assert luck.together == pytest.approx(64, rel=0.05)


def test_without_noise_the_indices_are_those_of_salib(large):
    """Then there is nothing to take out."""
    values = ishigami(large)
    table = sobol_indices(large, np.repeat(values, 8, axis=1)).table

    assert np.allclose(table["S1"], table["S1_of_means"], rtol=0, atol=1e-12)
    assert np.allclose(table["ST"], table["ST_of_means"], rtol=0, atol=1e-12)


def test_luck_that_is_alike_at_all_points_changes_no_index(design):
    """With the same luck everywhere it cancels, however much of it there is."""
    values = ishigami(design) + noise((1, 10), 0.1)
    shifted = sobol_indices(design, values + noise((1, 10), 1000.0, seed=6))
    plain = sobol_indices(design, values)

    assert shifted.luck.luck > 1e5
    assert np.allclose(
        shifted.table.iloc[:, 1:7].to_numpy(), plain.table.iloc[:, 1:7].to_numpy(), atol=1e-9
    )


@pytest.mark.parametrize("common", [False, True], ids=["luck of its own", "common luck"])
def test_a_square_without_noise_is_right_on_average(common):
    """The mean over all outcomes of coins, two points with two throws each, is exactly the truth.

    True means 1 and 4: the square of their difference is 9, that of the estimates more.
    """
    found, naive = [], []
    for coins in product((-1, 1), repeat=2 if common else 4):
        array = np.array([[1.0], [4.0]]) + np.array([[1], [2]]) * np.resize(coins, (2, 2))
        difference = array[1] - array[0]
        naive.append(difference.mean() ** 2)
        found.append(without_noise(naive[-1], (difference - difference.mean()) ** 2))

    assert np.mean(found) == pytest.approx(9, abs=1e-12)
    assert np.mean(naive) == pytest.approx(9 + (1 if common else 5) / 2, abs=1e-12)


def test_the_division_of_the_variance_is_right_on_average():
    """Over all outcomes of coins: a common one, and one that counts at the second point only."""
    found = []
    for common in product((-1, 1), repeat=2):
        for own in product((-1, 1), repeat=2):
            array = np.array([[0.0], [2.0]]) + np.array([common, common]) + [[0, 0], own]
            luck = divided(array)
            found.append((luck.parameters, luck.together))

    assert np.mean(found, axis=0) == pytest.approx([2.0, 0.5], abs=1e-12)


def test_the_sample_is_that_of_salib(design):
    """Scaled from shares to the ranges."""
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [[-np.pi, np.pi]] * 3}
    expected = sobol.sample(problem, 64, calc_second_order=False, seed=3)

    assert np.allclose(np.array(design.points.rows), expected, atol=1e-12)


@pytest.mark.parametrize(
    "make",
    [lambda seed: sobol_design(ISHIGAMI, 8, seed), lambda seed: morris_design(UNITS, 8, seed)],
)
def test_a_seed_decides_a_design(make):
    """The same points for the same seed, and others for another."""
    assert make(1).points == make(1).points
    assert make(1).points != make(2).points


def test_a_seed_decides_the_intervals(design):
    """They are from resampling."""
    values = ishigami(design) + noise((320, 10), 1.0)
    first, same, other = (sobol_indices(design, values, seed=seed).table for seed in (1, 1, 2))

    assert first.equals(same)
    assert not first.equals(other)


def test_bases_are_a_power_of_two():
    """As Sobol points are."""
    with pytest.raises(ValueError, match="bases: is 100, must be a power of two"):
        sobol_design(ISHIGAMI, 100, seed=1)


def test_ranks_that_are_settled_are_enough(noisy):
    """The order is that of the total indices, and the words say that it is enough."""
    assert noisy.table["rank"].tolist() == [1, 2, 3]
    assert noisy.table[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 2], [3, 3]]


def test_too_much_noise_is_not_enough(noisy):
    """Even where ranks are settled; the words say how many replications would do."""
    assert not noisy.enough
    assert noisy.words == (
        "19% of the variance over the points is noise of replication, at most 10% would be well: "
        "raise the replications 2.1 times"
    )


def test_little_noise_and_settled_ranks_are_enough(large):
    """And the words say how wide the intervals are."""
    found = sobol_indices(large, ishigami(large) + noise((4096 * 5, 8), 0.5))

    assert found.enough
    assert found.words.startswith("enough: the ranks are settled")


def test_too_few_points_are_not_enough():
    """Of which more are asked for where there is no noise."""
    design = sobol_design(ISHIGAMI, 16, seed=3)
    found = sobol_indices(design, np.repeat(ishigami(design), 8, axis=1))

    assert not found.enough
    assert "raise the base samples from 16 to 64" in found.words


def test_too_few_replications_are_not_enough(large):
    """Of which more are asked for where they are what makes the intervals wide."""
    values = ishigami(large)
    found = sobol_indices(large, values + noise((len(values), 8), 16.0))

    assert not found.enough
    assert "raise the replications" in found.words
    assert "raise the base samples" not in found.words


@pytest.mark.parametrize("of", ["sobol", "morris"])
def test_an_outcome_that_never_differs_has_no_indices(of, design, morris):
    """It is said, instead of dividing by nothing."""
    one, analyse = (design, sobol_indices) if of == "sobol" else (morris, morris_effects)

    with pytest.raises(NothingToExplainError, match="the same at every point"):
        analyse(one, np.full((len(one.points), 8), 0.1) + noise((1, 8), 1.0))


def test_an_outcome_that_is_all_noise_has_no_indices(design):
    """The words say what to raise."""
    with pytest.raises(NothingToExplainError, match="before there are more replications"):
        sobol_indices(design, noise((320, 8), 1.0))


@pytest.mark.parametrize("of", ["sobol", "morris"])
def test_an_unknown_outcome_is_said_with_its_point(of, design, morris):
    """A mean over what never happened does not exist."""
    one, analyse = (design, sobol_indices) if of == "sobol" else (morris, morris_effects)
    values = noise((len(one.points), 8), 1.0)
    values[6, 2] = np.nan

    with pytest.raises(ValueError, match=r"at 1 of \d+ points, the first being point 7 \(a\."):
        analyse(one, values)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((320,), "must be \\(320 points"),
        ((319, 8), "must be \\(320 points"),
        ((320, 7), "at least 8"),
    ],
)
def test_values_of_another_shape_are_refused(design, shape, words):
    """With the shape that is allowed."""
    with pytest.raises(ValueError, match=words):
        sobol_indices(design, np.zeros(shape))


def test_plain_effects_are_found_to_the_last_digit(morris):
    """A straight line has the same effect everywhere, under common luck whatever the luck."""
    values = effects_at(morris) + noise((1, 8), 100.0)
    table = morris_effects(morris, values).table

    assert np.allclose(table["mu"][[0, 1, 4]], [4, -2, 0], atol=1e-9)
    assert np.allclose(table["mu_star"][[0, 1, 4]], [4, 2, 0], atol=1e-9)
    assert np.allclose(table["sigma"][[0, 1, 4]], 0, atol=1e-6)
    assert (table["sigma"][[2, 3]] > 0.5).all()
    assert np.allclose(table["noise_sd"], 0, atol=1e-9)


def test_the_noise_of_an_effect_is_told_apart(morris):
    """An effect subtracts two points, on two thirds of the range: its noise is known.

    Within 6.1 standard errors of the variance of 16 effects with 20 replications each.
    """
    values = effects_at(morris) + noise((len(morris.points), 20), 3.0)
    table = morris_effects(morris, values).table
    known = 3 * np.sqrt(2 / 20) * 1.5

    assert np.allclose(table["noise_sd"] ** 2, known**2, rtol=6.1 * np.sqrt(2 / (16 * 19)))
    assert (table["sigma"] < table["sigma_of_means"]).all()
    assert table["mu_star"][4] < FAR * table["noise_mu_star"][4]


def test_effects_in_noise_are_within_their_intervals():
    """Within 6.1 standard errors of the truth."""
    design = morris_design(UNITS, 64, seed=3)
    table = morris_effects(design, effects_at(design) + noise((len(design.points), 20), 2.0)).table
    away = np.abs(table["mu"] - [4, -2, 1.5, 1.5, 0])

    assert (away < FAR * half(table, "mu")).all()
    assert table["rank"][[0, 4]].tolist() == [1, 5]


def test_words_are_levels():
    """Two words are each other's low and high end, and have an effect as a range has."""
    varieds = [parsed_varied("a.word=no,yes"), parsed_range("a.number=0:1")]
    design = morris_design(varieds, 8, seed=1)
    values = np.array([[3.0 * (word == "yes") + number] for word, number in design.points.rows])
    table = morris_effects(design, np.repeat(values, 8, axis=1)).table

    assert np.allclose(table["mu"], [3 * 1.5, 1], atol=1e-9)


@pytest.mark.parametrize(
    ("varied", "trajectories", "levels", "words"),
    [
        ("a.b=0:1", 3, 4, "trajectories: is 3, must be 4 or more"),
        ("a.b=0:1", 8, 5, "levels: is 5, must be an even number"),
        ("a.b=1,2,3,4,5", 8, 4, "has 5 values, must have at most as many as there are levels, 4"),
    ],
)
def test_a_design_that_cannot_be_is_refused(varied, trajectories, levels, words):
    """With what is allowed."""
    parsed = parsed_varied(varied) if "," in varied else parsed_range(varied)

    with pytest.raises(ValueError, match=words):
        morris_design([parsed], trajectories, seed=1, levels=levels)


@pytest.mark.parametrize("make", [sobol_design, morris_design])
def test_a_design_of_nothing_is_refused(make):
    """Something must vary."""
    with pytest.raises(ValueError, match="nothing varies"):
        make([], 8, seed=1)
