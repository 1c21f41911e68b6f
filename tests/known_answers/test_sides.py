"""Incidents of both sides: whose they are, and what is charged to the aggressor.

Each attributed incident is a crisis of its own here, so that a run's crises say which were
attributed, and which of them wrongly. Every statistical test's false-alarm rate is 1e-9.
"""

import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    constant,
    crises,
    exponential,
    hours_of,
    many_crises,
    many_outcomes,
    noted,
    of,
    outcomes,
    poisson_p_value,
    seen,
    world,
)

PER_DAY, DAYS, ATTRIBUTED, DETECTED = 10.0, 5000.0, 0.6, 0.8


def two_sided(defender=0.3, misattribution=0.0, days=DAYS, detected=DETECTED, **tables):
    """Return a world with incidents of both sides."""
    level = {
        "spell": constant(0.0),
        "detection": seen(detected),
        "attribution": {"probability": ATTRIBUTED, "delay": constant(0.0)},
    }
    return world(
        **{
            "run": {"horizon_days": days},
            "violations": {"incidents_per_day": PER_DAY, "defender_share": defender},
            "monitoring": {"misattribution": misattribution},
            "levels": {"fighting": level},
            "crisis": {"quiet_hours": 0.0},
        }
        | tables
    )


CASES = pytest.mark.parametrize(
    ("defender", "misattribution"), [(0.0, 0.5), (0.3, 0.0), (0.3, 0.2), (0.7, 1.0), (1.0, 0.4)]
)


@CASES
def test_so_many_violations_are_charged_to_the_aggressor(defender, misattribution):
    """Its own with the level's probability, the defender's with that of an error (Poisson)."""
    row = many_outcomes(two_sided(defender, misattribution), 1).iloc[0]
    chance = DETECTED * ((1.0 - defender) * ATTRIBUTED + defender * misattribution)

    assert poisson_p_value(row.crises, PER_DAY * DAYS * chance) > FALSE_ALARM_RATE / 2


@CASES
def test_so_many_of_the_attributed_are_the_defenders(defender, misattribution):
    """The share d m / (d m + (1 - d) a) of the crises are wrongly opened (binomial test)."""
    found = many_crises(two_sided(defender, misattribution), 1).wrongly_opened
    wrong = defender * misattribution
    expected = wrong / (wrong + (1.0 - defender) * ATTRIBUTED)

    assert stats.binomtest(int(found.sum()), len(found), expected).pvalue > FALSE_ALARM_RATE


def test_without_misattribution_the_defenders_are_never_attributed():
    """Detected they are, but nobody charges the aggressor with them."""
    notes = noted(two_sided(1.0, days=200.0))

    assert len(of(notes, "detected")) > 1000
    assert of(notes, "attributed") == []


def test_without_misattribution_no_crisis_is_wrong():
    """Whatever is attributed is the aggressor's."""
    assert not crises(two_sided(0.5, days=300.0)).wrongly_opened.any()


def test_a_misattribution_takes_as_long_as_an_attribution():
    """From the detection on, the level's delay."""
    level = {"spell": constant(0.0), "attribution": seen(hours=7.0)}
    scenario = two_sided(1.0, 1.0, 100.0, levels={"fighting": level})
    attributed = of(noted(scenario), "attributed")

    assert len(attributed) > 500
    assert {note.hours - note.second for note in attributed} == {7.0}


def test_an_attack_is_always_the_aggressors():
    """Even where all incidents are the defender's."""
    scenario = two_sided(1.0, detected=1.0, days=3000.0, attack={"per_year": 50.0})
    found = crises(scenario)

    assert len(found) > 100
    assert not found.wrongly_opened.any()


def test_fighting_by_the_defender_stays_the_defenders_as_it_expands():
    """A rise gets a new trial, of the same side: none of them is attributed."""
    levels = {
        "low": {"spell": exponential(5.0), "expand_per_day": 5.0},
        "high": {"spell": exponential(5.0)},
    }
    notes = noted(two_sided(1.0, days=100.0, levels=levels))

    assert len(of(notes, "spell_rises")) > 20
    assert of(notes, "attributed") == []


def test_the_sides_change_no_incident_and_no_fighting():
    """Without a plan, whosever they are: incidents, spells and detections are the same."""

    def told(defender):
        notes = noted(two_sided(defender, 0.3, 100.0))
        return [of(notes, name) for name in ("incident", "spell_starts", "spell_stops", "detected")]

    assert told(0.0) == told(0.3) == told(1.0)


def test_more_of_the_defenders_incidents_never_mean_more_attributions():
    """On the same luck, what is attributed at a share of 60 % is attributed at 20 % as well."""
    few, many = (
        set(hours_of(noted(two_sided(defender, days=200.0)), "attributed"))
        for defender in (0.6, 0.2)
    )

    assert len(few) > 100
    assert few < many


def test_a_misattribution_as_likely_as_an_attribution_makes_no_difference():
    """Then it does not matter whose an incident is: every attribution is the same."""
    one_side, both = (noted(two_sided(defender, ATTRIBUTED, 200.0)) for defender in (0.0, 0.5))

    assert both == one_side


def test_a_response_to_a_misattributed_incident_is_counted_as_wrongful():
    """A step that is always in force is wrongful in just those crises."""
    scenario = two_sided(0.5, 0.5, 300.0, steps={"response": {}})
    found, row = crises(scenario), outcomes(scenario).iloc[0]

    assert set(found.opened_by) == {"incident"}
    assert row.response_wrongful == found.wrongly_opened.sum() > 100
    assert row.response_on_time == len(found)
