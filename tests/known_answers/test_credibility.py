"""Credibility by hand: a Beta mean after given promises, and its factors on what it multiplies."""

import numpy as np
import pytest
from worlds import (
    TICK_HOURS,
    UNSEEN,
    constant,
    exponential,
    full_tables,
    hours_at_rates,
    hours_of,
    many_outcomes,
    noted,
    of,
    outcomes,
    rich_world,
    thresholds_of_incidents,
    world,
)

from sim.model.chance import ATTACK_WAIT, threshold
from sim.scenario.layers import Layer
from sim.scenario.loading import checked

KEPT, BROKEN = 3.0, 2.0
AT_FIRST = KEPT / (KEPT + BROKEN)
DEADLINE = 10.0


def promising(hours=None, yes=0.5, days=60.0, per_day=1.0, credibility=None, **tables):
    """Return a world in which each crisis is a promise, kept or broken as an actor says.

    With hours, incidents come just then; else at a rate.
    """
    violations = {"incidents_per_day": per_day}
    if hours is not None:
        violations = {"process": "replay", "recorded": {"hours": list(hours)}}
    return world(
        **{
            "run": {"horizon_days": days},
            "violations": violations,
            "levels": {"fighting": {"spell": constant(0.0)}},
            "crisis": {"quiet_hours": DEADLINE + 2.0},
            "steps": {"response": {"deciders": ["actor"], "deadline_hours": DEADLINE}},
            "actors": {"actor": {"yes_probability": yes}},
            "credibility": {"kept": KEPT, "broken": BROKEN, **(credibility or {})},
        }
        | tables
    )


def promises(notes):
    """Return when promises fell due, in order, and whether each was kept."""
    told = [(n.hours, 1.0) for n in of(notes, "promise_kept")]
    told += [(n.hours, 0.0) for n in of(notes, "promise_broken")]
    hours, kept = np.array(sorted(told)).T
    return hours, kept


def belief(hour, due, kept, half_life=np.inf):
    """Return credibility at an hour, from the promises up to then."""
    weights = np.where(due <= hour, 0.5 ** ((hour - due) / half_life), 0.0)
    remembered = np.sum(weights * kept), np.sum(weights * (1.0 - kept))
    return (KEPT + remembered[0]) / (KEPT + BROKEN + sum(remembered))


EVERY_20_HOURS = [20.0 * number for number in range(20)]


@pytest.mark.parametrize(
    ("yes", "expected"), [(1.0, (KEPT + 20) / (KEPT + BROKEN + 20)), (0.0, KEPT / 25.0)]
)
def test_twenty_promises_kept_or_broken(yes, expected):
    """The mean of a Beta distribution of 3 + 20 and 2, or 3 and 2 + 20, exactly."""
    row = outcomes(promising(EVERY_20_HOURS, yes)).iloc[0]

    assert row.promises_kept + row.promises_broken == 20
    assert row.credibility_end == expected


def test_credibility_is_the_mean_whatever_the_promises_were():
    """In 500 runs of 20 promises, each kept with a half: counts alone decide, exactly."""
    rows = many_outcomes(promising(EVERY_20_HOURS), 500)
    kept, broken = rows.promises_kept, rows.promises_broken
    expected = (KEPT + kept) / (KEPT + BROKEN + kept + broken)

    assert rows.promises_kept.nunique() > 5
    assert (rows.credibility_end == expected).all()


def test_without_promises_it_stays_what_it_was():
    """No crisis, no deadline: the prior's mean."""
    assert outcomes(promising([])).credibility_end[0] == AT_FIRST


def test_without_credibility_there_is_none():
    """The column is empty in a scenario that says nothing of it."""
    assert outcomes(rich_world(days=2.0)).credibility_end.isna().all()


@pytest.mark.parametrize("forget_days", [0.5, 5.0, 1e6])
def test_promises_are_forgotten_by_halves(forget_days):
    """Each counts half as much after every half-life, up to the end of the run."""
    scenario = promising(EVERY_20_HOURS, credibility={"forget_days": forget_days})
    for run in range(5):
        due, kept = promises(noted(scenario, run))
        expected = belief(60.0 * 24.0, due, kept, 24.0 * forget_days)
        found = outcomes(scenario, 5).credibility_end[run]

        assert np.isclose(found, expected, rtol=1e-12, atol=0)


def test_a_promise_counts_for_half_after_a_half_life():
    """One broken promise at hour 10, five days before the end: 3 / (3 + 2 + 1/2)."""
    days = 5.0 + DEADLINE / 24.0
    scenario = promising([0.0], 0.0, days, credibility={"forget_days": 5.0})

    assert np.isclose(outcomes(scenario).credibility_end[0], 3.0 / 5.5, rtol=1e-15, atol=0)


def turns_and_factors(notes, hours, exponent, half_life=np.inf):
    """Return the turns of a run and exp(-k (c - c0)) in each piece between two of them."""
    due, kept = promises(notes)
    midnights = np.arange(24.0, hours, 24.0) if half_life < np.inf else []
    turns = np.unique([0.0, *due, *midnights, hours])
    factors = [
        np.exp(-exponent * (belief(turn, due, kept, half_life) - AT_FIRST)) for turn in turns[:-1]
    ]
    return turns, np.array(factors)


@pytest.mark.parametrize("yes", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("forget_days", [None, 3.0])
def test_incidents_come_at_the_rate_times_the_factor(yes, forget_days):
    """From each promise on, and with forgetting from each midnight on, hour by hour (to ticks)."""
    forgetting = {} if forget_days is None else {"forget_days": forget_days}
    scenario = promising(yes=yes, credibility={"incidents": 2.5, **forgetting})
    for run in range(5):
        notes = noted(scenario, run)
        half_life = np.inf if forget_days is None else 24.0 * forget_days
        turns, factors = turns_and_factors(notes, 1440.0, 2.5, half_life)
        found = hours_of(notes, "incident")
        thresholds = thresholds_of_incidents(scenario, len(found) + 1, run=run)
        expected = hours_at_rates(turns, factors / 24.0, thresholds)

        assert len(expected) == len(found) > 10
        assert np.allclose(found, expected, rtol=0, atol=1e-6)


def test_decisions_to_attack_come_at_the_hazard_times_the_factor():
    """Promises of steady crises, twice a week, in a world of constants (to ticks)."""
    scenario = promising(
        [12.0 + 84.0 * number for number in range(100)],
        days=360.0,
        credibility={"attack": 4.0},
        attack={"per_year": 40.0},
        levels={
            "low": {"spell": constant(0.0)},
            "high": {"spell": constant(0.0), "detection": UNSEEN},
        },
    )
    for run in range(5):
        notes = noted(scenario, run)
        turns, factors = turns_and_factors(notes, 8640.0, 4.0)
        found = hours_of(notes, "attack")
        thresholds = [threshold(1, run, ATTACK_WAIT, 0, count) for count in range(len(found) + 1)]
        expected = hours_at_rates(turns, 40.0 / 8760.0 * factors, np.array(thresholds))

        assert len(expected) == len(found) > 20
        assert np.allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("yes", [0.0, 1.0])
def test_fighting_expands_at_the_hazard_times_the_factor(yes):
    """After 20 promises of one kind, the wait without them is divided by it (to the tick)."""
    levels = {
        "low": {"spell": constant(1e6), "expand_per_day": 0.1, "detection": UNSEEN},
        "high": {"spell": constant(1e6)},
    }
    tables = {
        "levels": levels,
        "monitoring": {"false_alarms_per_day": 3.0, "debunked_after": constant(11.0)},
        "crisis": {"quiet_level": "high"},
    }
    record = [400.0]
    plain, believed = (
        [
            noted(promising(record, yes, 300.0, credibility={"expand": exponent}, **tables), run)
            for run in range(20)
        ]
        for exponent in (0.0, 1.5)
    )
    compared = 0
    for one, other in zip(plain, believed, strict=True):
        before, after = of(one, "spell_rises"), of(other, "spell_rises")
        if not before or not after:
            continue
        turns, factors = turns_and_factors(other, 7200.0, 1.5)
        used_up = np.diff(np.clip(turns, 400.0, after[0].hours)) @ factors
        compared += 1

        assert abs(used_up - (before[0].hours - 400.0)) < 1e-6
    assert compared > 5


@pytest.mark.parametrize("scope", ["line", "sector"])
def test_without_exponents_belief_changes_nothing(scope):
    """Event for event, with everything else on, run for run."""
    tables = full_tables(scope)
    idle = tables["credibility"] | {"incidents": 0.0, "attack": 0.0, "expand": 0.0}
    without = {name: table for name, table in tables.items() if name != "credibility"}
    believing = checked(Layer({**without, "credibility": idle}, {}))
    unbelieving = checked(Layer(without, {}))
    for run in range(3):
        assert noted(believing, run) == noted(unbelieving, run)


def test_broken_promises_never_make_incidents_rarer():
    """On the same luck: the n-th incident comes no later where all are broken than where kept."""
    kept, broken = (
        hours_of(noted(promising(yes=yes, credibility={"incidents": 2.0})), "incident")
        for yes in (1.0, 0.0)
    )

    assert len(broken) > len(kept)
    assert (broken[: len(kept)] <= kept).all()


def test_a_need_that_is_gone_is_no_promise():
    """A step for fighting that has stopped by its deadline changes no belief."""
    steps = {"response": {"deadline_hours": DEADLINE, "needs": {"level": "fighting"}}}
    levels = {"fighting": {"spell": exponential(1.0)}}
    scenario = promising(EVERY_20_HOURS[1:], steps=steps, levels=levels).with_(
        ("steps.response.deciders", ["actor"]), ("actors.actor.decision", constant(500.0))
    )
    row = outcomes(scenario).iloc[0]

    assert row.promises_kept + row.promises_broken < 3
    assert row.credibility_end == KEPT / (KEPT + BROKEN + row.promises_broken)


def test_the_end_of_a_run_is_an_hour_like_any_other():
    """What is forgotten by the horizon is forgotten in the column, also between two midnights."""
    scenario = promising([0.0], 0.0, 1.5, credibility={"forget_days": 0.25})
    left = 0.5 ** ((36.0 - DEADLINE) / 6.0)

    found = outcomes(scenario).credibility_end[0]
    assert abs(found - KEPT / (KEPT + BROKEN + left)) < TICK_HOURS
