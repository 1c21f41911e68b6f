"""A stronger response on the same luck: where it can only help, and where it need not.

With one level and a single incident, fighting is one clock under a proportional hazard: a higher
factor, or an earlier hour, ends it no later, run for run. With a second incident that is no longer
so. Fighting that stops early leaves the sector quiet when the next incident comes, which then
starts a spell of its own, with luck of its own; under the weaker response it would only have been
counted in the spell that was still going on. In the mean the stronger response wins; run for run
it cannot.
"""

import itertools
from functools import cache

import numpy as np
import pytest
from worlds import (
    LONGEST_DAYS,
    constant,
    exponential,
    loglogistic,
    lognormal,
    many_outcomes,
    seen,
    weibull,
    world,
)

RUNS = 2000
SPELLS = {
    "exponential": exponential(40.0),
    "weibull": weibull(40.0, 1.6),
    "lognormal": lognormal(30.0, 0.9),
    "loglogistic": loglogistic(30.0, 2.0),
}
FAMILIES = pytest.mark.parametrize("family", SPELLS)
FACTORS = (1.0, 1.5, 3.0, 10.0)
HOURS = (60.0, 24.0, 6.0, 0.0)


@cache
def fought(spell, factor=3.0, hour=12.0, incidents=(5.0,), attribution=0.0):
    """Return the hours of fighting of many runs under a step in force from an hour of the clock."""
    level = {"spell": SPELLS[spell], "attribution": seen(hours=attribution)}
    step = {"not_before_hours": hour, "effect": {"stop": factor}}
    scenario = world(
        run={"horizon_days": LONGEST_DAYS},
        violations={"process": "replay", "recorded": {"hours": list(incidents)}},
        levels={"fighting": level},
        crisis={"quiet_hours": 24.0},
        steps={"response": step},
    )
    return many_outcomes(scenario, RUNS).fighting_hours.to_numpy()


def never_rises(rows):
    """Return whether the hours of fighting fall or stay from row to row, in every run."""
    return all((later <= earlier).all() for earlier, later in itertools.pairwise(rows))


@FAMILIES
def test_a_higher_factor_never_lengthens_the_fighting(family):
    """One level, one incident, every run."""
    rows = [fought(family, factor) for factor in FACTORS]

    assert never_rises(rows)
    assert (rows[-1] < rows[0]).mean() > 0.3


@FAMILIES
def test_an_earlier_response_never_lengthens_the_fighting(family):
    """One level, one incident, every run; by a factor that is above 1."""
    rows = [fought(family, hour=hour) for hour in HOURS]

    assert never_rises(rows)
    assert (rows[-1] < rows[0]).mean() > 0.3


@FAMILIES
def test_an_earlier_attribution_never_lengthens_the_fighting(family):
    """The response to what is seen sooner comes sooner."""
    rows = [fought(family, hour=0.0, attribution=hours) for hours in (48.0, 12.0, 0.0)]

    assert never_rises(rows)
    assert (rows[-1] < rows[0]).mean() > 0.3


@FAMILIES
def test_a_factor_below_1_never_shortens_it(family):
    """What keeps fighting going does so in every run."""
    rows = [fought(family, factor) for factor in (0.25, 0.5, 1.0)]

    assert never_rises(rows)


@FAMILIES
def test_incidents_too_far_apart_to_meet_are_as_one(family):
    """Each spell by itself: the sum of what never rises never rises."""
    far_apart = tuple(1e5 * number for number in range(6))
    rows = [fought(family, factor, incidents=far_apart) for factor in FACTORS]

    assert never_rises(rows)


@FAMILIES
def test_with_a_second_incident_a_stronger_response_may_lengthen_the_fighting(family):
    """The counterexample: the second one starts a fresh spell where the first had stopped.

    In such a run the weaker response has one spell, which swallows the second incident; the
    stronger one has two. In the mean there is still less fighting.
    """
    weaker, stronger = (fought(family, factor, incidents=(5.0, 45.0)) for factor in (1.0, 3.0))

    assert (stronger > weaker).any()
    assert (stronger < weaker).any()
    assert stronger.mean() < weaker.mean()


def test_where_a_run_is_longer_it_is_by_the_second_spell():
    """Weaker: one spell, from the first incident on. Stronger: two, the second of its own luck."""
    first, second = 5.0, 45.0
    weaker, stronger = (
        fought("weibull", factor, incidents=(first, second)) for factor in (1.0, 3.0)
    )
    alone = fought("weibull", 3.0, incidents=(first,))
    longer = stronger > weaker

    assert (weaker[longer] >= second - first).all()
    assert (alone[longer] < second - first).all()


def test_constant_spells_leave_nothing_to_a_response():
    """Fighting that lasts an hour by the clock has no hazard that a factor could raise."""
    level = {"spell": constant(30.0)}
    step = {"effect": {"stop": 10.0}}
    rows = [
        many_outcomes(
            world(levels={"fighting": level}, steps=steps, violations={"incidents_per_day": 0.5}),
            200,
        ).fighting_hours
        for steps in ({}, {"response": step})
    ]

    assert np.array_equal(*rows)
