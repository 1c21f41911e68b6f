"""Extreme but allowed values: a named error at the door or a finite result, and never a hang."""

import copy
import signal
import sys
from contextlib import contextmanager

import numpy as np
import pytest
from worlds import constant, exponential, loglogistic, lognormal, rich_tables, same, weibull

from sim.engines import compiled_engine
from sim.engines.rows import NO_WORD
from sim.engines.simpy_engine import simulate
from sim.model.words import STATUS_REFUSED
from sim.scenario.layers import Layer, leaves
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters
from sim.scenario.problems import ScenarioError

LARGEST = sys.float_info.max
SMALLEST = 5e-324
HANGS_AFTER_SECONDS = 10
# Where the first step's status stands among the whole numbers of a crisis.
_STATUS = 6
EXTREMES = [0.0, SMALLEST, 1e-300, 1e-9, 1e9, 1e300, LARGEST]


@contextmanager
def never_hanging():
    """Raise an error where something goes on for ever."""

    def hangs(_number, _frame):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(HANGS_AFTER_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def rows(tables, runs=2):
    """Return the rows of a world, or the named error that refuses it."""
    try:
        scenario = checked(Layer(tables, {}))
    except ScenarioError as error:
        return error
    numbers = parameters(scenario)
    with never_hanging():
        found = simulate(numbers, 1, range(runs))
    assert same(found, compiled_engine.simulate(numbers, 1, range(runs)))
    return found


def is_defined(result):
    """Return whether a result is a named error or consists of finite, sensible numbers."""
    if isinstance(result, ScenarioError):
        return True
    whole = all((cells.counts >= NO_WORD).all() for cells in result)
    hours = np.concatenate([cells.hours.ravel() for cells in result])
    known = hours[~np.isnan(hours)]
    return whole and bool((np.isfinite(known) & (known >= 0)).all())


def with_value(path, value):
    """Return the rich world's tables with another value at a path."""
    tables = copy.deepcopy(rich_tables(days=2.0))
    tables["run"]["most_violations"] = 3000
    table = tables
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = value
    return tables


NUMBERS = [path for path, value in leaves(rich_tables()) if isinstance(value, float)]


@pytest.mark.parametrize("path", NUMBERS, ids=".".join)
def test_every_number_may_be_extreme(path):
    """Each value of the rich world from 0 to the largest float."""
    undefined = [one for one in EXTREMES if not is_defined(rows(with_value(path, one)))]

    assert undefined == []


COUNTS = [
    path
    for path, value in leaves(rich_tables())
    if isinstance(value, int) and not isinstance(value, bool)
]


@pytest.mark.parametrize("path", COUNTS, ids=".".join)
def test_every_count_may_be_extreme(path):
    """Each whole number of the rich world from 0 to more than 64 bits."""
    counts = [0, 1, 2**31 - 1, 2**31, 2**53 + 1, 2**63, 10**400]
    undefined = [one for one in counts if not is_defined(rows(with_value(path, one)))]

    assert undefined == []


SPELLS = [
    constant(SMALLEST),
    constant(LARGEST),
    exponential(SMALLEST),
    exponential(LARGEST),
    weibull(LARGEST, LARGEST),
    weibull(SMALLEST, SMALLEST),
    weibull(1.0, 1e-300),
    weibull(1.0, 1e300),
    lognormal(LARGEST, LARGEST),
    lognormal(SMALLEST, SMALLEST),
    lognormal(1.0, 1e300),
    lognormal(1.0, SMALLEST),
    loglogistic(LARGEST, LARGEST),
    loglogistic(SMALLEST, SMALLEST),
    loglogistic(1.0, SMALLEST),
    loglogistic(1.0, 1e300),
]
LARGEST_FACTOR = 1000.0
FACTORS = [
    (LARGEST_FACTOR,),
    (0.0,),
    (SMALLEST,),
    (LARGEST_FACTOR, LARGEST_FACTOR),
    (LARGEST_FACTOR, 0.0),
    (LARGEST_FACTOR,) * 100,
    (SMALLEST, SMALLEST, LARGEST_FACTOR),
]


def one_level(spell, factors):
    """Return the tables of a world of one level, with steps that come an hour after each other."""
    return {
        "run": {"horizon_days": 3.0},
        "violations": {"incidents_per_day": 10.0},
        "levels": {"fighting": {"spell": spell}},
        "crisis": {"quiet_hours": 3.0},
        "steps": {
            f"step_{index}": {"not_before_hours": 1.0 + index, "effect": {"stop": factor}}
            for index, factor in enumerate(factors)
        },
    }


@pytest.mark.parametrize("spell", SPELLS, ids=lambda spell: "-".join(map(str, spell.values())))
def test_extreme_spells_under_extreme_steps_are_defined(spell):
    """Every family at its ends, rescaled by what overflows, underflows and annihilates."""
    undefined = [one for one in FACTORS if not is_defined(rows(one_level(spell, one)))]

    assert undefined == []


@pytest.mark.parametrize("effect", ["stop", "expand", "collapse"])
def test_zero_times_the_largest_factors_is_zero(effect):
    """What one step of 100 holds back altogether does not happen, wherever it stands."""

    def together(*factors):
        tables = rich_tables(days=10.0)
        tables["crisis"] |= {"threshold_level": "harassing", "quiet_hours": 1e6}
        tables["steps"] = {
            f"step_{index}": {"effect": {effect: factor}} for index, factor in enumerate(factors)
        }
        outcomes = rows(tables).outcomes
        return outcomes.counts[:7, 0].tolist(), outcomes.hours[:8, 0].tolist()

    largest = [LARGEST_FACTOR] * 99

    assert together(*largest, 0.0) == together(0.0, *largest)


def voting(**group):
    """Return the tables of the rich world with another group to ask."""
    tables = rich_tables(days=10.0)
    tables["crisis"] |= {"threshold_level": "harassing"}
    tables["groups"]["willing"] = group
    tables["steps"]["warning"]["deciders"] = ["willing"]
    return tables


@pytest.mark.parametrize("weight", [LARGEST, 1e308, SMALLEST, 1e-300])
def test_weights_may_be_extreme(weight):
    """Also where their sum is more than a float can hold."""
    members = {name: {"weight": weight} for name in ("a", "b", "c")} | {"d": {"weight": 1.0}}
    group = {"rule": "quorum", "quorum_weight": 0.6, "members": members}

    assert is_defined(rows(voting(**group)))


@pytest.mark.parametrize("weight", [LARGEST, SMALLEST])
def test_two_groups_of_extreme_weight_are_a_defined_share(weight):
    """The share of all the weight that said yes is a number."""
    group = {"rule": "unanimity", "members": {"a": {"weight": weight}}}
    tables = voting(**group)
    tables["groups"]["others"] = group
    tables["steps"]["warning"]["deciders"] = ["willing", "others"]

    assert is_defined(rows(tables))


@pytest.mark.parametrize("quorum_weight", [SMALLEST, 1e-300, 1e-10, 1e-9])
def test_where_everybody_says_no_no_quorum_is_small_enough(quorum_weight):
    """However little weight is asked for, it takes some; or so small a share is refused."""
    members = {name: {"yes_probability": 0.0} for name in ("a", "b")}
    found = rows(voting(rule="quorum", quorum_weight=quorum_weight, members=members))
    refused = isinstance(found, ScenarioError)
    statuses = [] if refused else np.unique(found.crises.counts[_STATUS]).tolist()

    assert statuses in ([], [STATUS_REFUSED])


@pytest.mark.parametrize("days", [SMALLEST, 1e-300, 1e-12, 1e-9, 1.0 / 24.0, 73_000.0])
def test_a_run_may_be_of_any_length(days):
    """From no time at all to two hundred years of little."""
    tables = one_level(constant(1.0), ()) | {
        "run": {"horizon_days": days},
        "violations": {"incidents_per_day": 0.01},
    }

    assert is_defined(rows(tables))


@pytest.mark.parametrize(
    "path",
    [
        ("violations", "incidents_per_day"),
        ("attack", "per_year"),
        ("steps", "warning", "effect", "incidents"),
        ("steps", "military", "effect", "incidents"),
        ("levels", "shelling", "expand_per_day"),
        ("levels", "assault", "collapse_per_day"),
    ],
    ids=".".join,
)
@pytest.mark.parametrize("rate", [1e300, LARGEST])
def test_no_rate_makes_a_run_that_never_ends(path, rate):
    """What would be endless events in no time is refused by name, or ends."""
    tables = with_value(path, rate)
    tables["crisis"] |= {"threshold_level": "harassing"}

    assert is_defined(rows(tables))
