"""What a plan depends on: commitments under review, conditions, a guarantee that expires.

Every statistical test's false-alarm rate is 1e-9.
"""

import numpy as np
import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    TICK_HOURS,
    constant,
    crises,
    full_tables,
    hours_of,
    many_crises,
    many_outcomes,
    noted,
    of,
    rich_tables,
    rich_world,
    trace,
    world,
)

from sim.model.hours import on_tick
from sim.scenario.layers import Layer
from sim.scenario.loading import checked

SCOPES = pytest.mark.parametrize("scope", ["line", "sector"])
RUNS = 20_000
YEAR_HOURS = 8760.0
AVAILABLE, WITHDRAW, REJOIN = 0.9, 0.3, 0.2
REVIEW_HOURS = 100.0


def asking(hours, commitment=None, days=50.0, **tables):
    """Return a world with a crisis at some hours, at each of which an actor is asked."""
    actor = {} if commitment is None else {"commitment": commitment}
    return world(
        **{
            "run": {"horizon_days": days},
            "violations": {"process": "replay", "recorded": {"hours": list(hours)}},
            "levels": {"fighting": {"spell": constant(0.0)}},
            "crisis": {"quiet_hours": 0.0},
            "steps": {"response": {"deciders": ["actor"]}},
            "actors": {"actor": actor},
        }
        | tables
    )


def reviewed(available=AVAILABLE, withdraw=WITHDRAW, rejoin=REJOIN):
    """Return a commitment that is reviewed every 100 hours."""
    return {
        "available": available,
        "review_years": REVIEW_HOURS / YEAR_HOURS,
        "withdraw": withdraw,
        "rejoin": rejoin,
    }


def availability(reviews):
    """Return the chance that the actor is there after so many reviews: a chain of two states."""
    settled = REJOIN / (WITHDRAW + REJOIN)
    return settled + (AVAILABLE - settled) * (1.0 - WITHDRAW - REJOIN) ** reviews


@pytest.mark.parametrize("reviews", [0, 1, 2, 5, 11])
def test_an_actor_is_there_as_often_as_the_chain_says(reviews):
    """After so many reviews; one that is not there says no (binomial test)."""
    row = many_outcomes(asking([REVIEW_HOURS * (reviews + 0.5)], reviewed()), RUNS)
    yes = int(row.response_on_time.sum())

    assert (row.response_on_time + row.response_refused == 1).all()
    assert stats.binomtest(yes, RUNS, availability(reviews)).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize("apart", [0, 1, 4])
def test_who_is_there_stays_there_as_often_as_the_chain_says(apart):
    """Both at the second review and so many later (binomial test)."""
    hours = [REVIEW_HOURS * 2.5, REVIEW_HOURS * (2.75 + apart)]
    both = int((many_outcomes(asking(hours, reviewed()), RUNS).response_on_time == 2).sum())
    settled = REJOIN / (WITHDRAW + REJOIN)
    stays = settled + (1.0 - settled) * (1.0 - WITHDRAW - REJOIN) ** apart

    assert stats.binomtest(both, RUNS, availability(2) * stays).pvalue > FALSE_ALARM_RATE


def test_a_review_comes_just_so_often_and_ahead_of_what_is_asked():
    """Who withdraws and rejoins for sure does so by turns, at each review's hour."""
    period = on_tick(REVIEW_HOURS)
    hours = [period - TICK_HOURS, period, 2.0 * period - TICK_HOURS, 2.0 * period]
    scenario = asking(hours, reviewed(1.0, 1.0, 1.0), days=20.0)
    statuses = crises(scenario).response_status.tolist()
    notes = noted(scenario)

    assert statuses == ["on_time", "refused", "refused", "on_time"]
    assert hours_of(notes, "actor_withdraws").tolist() == [period, 3.0 * period]
    assert hours_of(notes, "actor_rejoins").tolist() == [2.0 * period, 4.0 * period]


def test_without_reviews_an_actor_is_there_or_not_for_good():
    """All crises of a run have one answer (binomial test of the share)."""
    found = many_outcomes(asking(range(10, 1000, 10), {"available": 0.35}), 5000)
    there = found.response_on_time > 0

    assert set(found.response_on_time) == {0, 99}
    assert stats.binomtest(int(there.sum()), 5000, 0.35).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize("probability", [0.0, 0.25, 1.0])
def test_a_condition_holds_as_often_as_it_says(probability):
    """In a run or not at all: all crises alike (binomial test)."""
    steps = {"response": {"requires": ["deal"]}}
    conditions = {"deal": {"probability": probability}}
    scenario = asking(range(10, 100), steps=steps, conditions=conditions)
    called = many_outcomes(scenario, 5000).response_called

    assert set(called) <= {0, 90}
    assert stats.binomtest(int((called > 0).sum()), 5000, probability).pvalue > FALSE_ALARM_RATE


def test_two_conditions_are_independent_and_both_required():
    """0.6 times 0.5 (binomial test)."""
    steps = {"response": {"requires": ["deal", "vote"]}}
    conditions = {"deal": {"probability": 0.6}, "vote": {"probability": 0.5}}
    called = many_outcomes(asking([10.0], steps=steps, conditions=conditions), RUNS)

    found = int(called.response_called.sum())
    assert stats.binomtest(found, RUNS, 0.3).pvalue > FALSE_ALARM_RATE


def events(scenario, run, without=()):
    """Return the events of a run but for those of some steps and conditions."""
    found = trace(scenario, run)
    step = found["where"].str.split("/").str[-1]
    columns = ["time_hours", "event", "where", "detail"]
    return list(found[~step.isin(without)][columns].itertuples(index=False, name=None))


@SCOPES
@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_a_condition_that_is_certain_is_a_plan_with_or_without_the_step(scope, probability):
    """Event for event, run for run, with all other mechanisms on."""
    tables = full_tables(scope)
    requiring = {**tables["steps"]["coalition"], "requires": ["peace"]}
    conditions = {**tables["conditions"], "peace": {"probability": probability}}
    plan = {**tables["steps"], "coalition": requiring}
    other = {name: step for name, step in plan.items() if name != "coalition"}
    if probability:
        other = {**plan, "coalition": {**requiring, "requires": []}}
    found, expected = (
        checked(Layer({**tables, "steps": steps, "conditions": conditions}, {}))
        for steps in (plan, other)
    )
    without = ["peace"] if probability else ["coalition", "peace"]
    for run in range(3):
        assert events(found, run, without) == events(expected, run, without)


EXPIRES_YEARS = 0.5 * 30.0 / 365.0
EXPIRES_HOURS = 360.0


@SCOPES
def test_until_a_guarantee_expires_nothing_is_different(scope):
    """Every event before that hour, run for run."""
    expiring = rich_world(scope, guarantee={"expires_years": EXPIRES_YEARS})
    for run in range(5):
        found, expected = (
            [note for note in noted(scenario, run) if note.hours < EXPIRES_HOURS]
            for scenario in (expiring, rich_world(scope))
        )
        assert found == expected


@SCOPES
@pytest.mark.parametrize("steps", [["warning"], ["coalition", "warning"], None])
def test_from_then_on_no_step_of_it_is_called_or_comes_into_force(scope, steps):
    """Nor is any armed one; others go on."""
    guarantee = {"expires_years": EXPIRES_YEARS} | ({} if steps is None else {"steps": steps})
    scenario = rich_world(scope, guarantee=guarantee)
    names = list(rich_tables()["steps"])
    covered = {names.index(name) for name in steps or names}
    after = {
        note.place % len(names)
        for run in range(20)
        for name in ("step_called", "step_in_force")
        for note in of(noted(scenario, run), name)
        if note.hours >= EXPIRES_HOURS
    }

    assert not after & covered
    assert bool(after) == (steps is not None)


@pytest.mark.parametrize(
    ("hour", "called"), [(EXPIRES_HOURS - TICK_HOURS, 1), (EXPIRES_HOURS, 0), (400.0, 0)]
)
def test_the_hour_of_its_expiry_is_the_first_without_it(hour, called):
    """A crisis a tick before still calls the step."""
    row = many_outcomes(asking([hour], guarantee={"expires_years": EXPIRES_YEARS}), 1).iloc[0]

    assert row.response_called == called


def test_what_is_in_force_stays_and_what_is_deploying_stays_armed():
    """Two steps decided in time: the one that is in force by then keeps its effect."""
    steps = {"early": {"deploy": constant(5.0)}, "late": {"deploy": constant(50.0)}}
    scenario = asking(
        [350.0],
        steps=steps,
        crisis={"quiet_hours": 200.0},
        guarantee={"expires_years": EXPIRES_YEARS},
    )
    row = crises(scenario).iloc[0]

    assert (row.early_status, row.early_in_force_hours) == ("on_time", 355.0)
    assert (row.late_status, np.isnan(row.late_in_force_hours)) == ("stood_down", True)
    assert hours_of(noted(scenario), "step_armed").tolist() == [400.0]


def test_a_deadline_after_the_expiry_is_no_promise():
    """Nobody is bound any more: neither kept nor broken."""
    steps = {"response": {"deploy": constant(50.0), "deadline_hours": 24.0}}
    guarantee = {"expires_years": EXPIRES_YEARS}
    crisis = {"quiet_hours": 200.0}
    rows = [
        many_outcomes(asking([hour], steps=steps, guarantee=guarantee, crisis=crisis), 1).iloc[0]
        for hour in (300.0, EXPIRES_HOURS - 24.0)
    ]

    assert [(row.promises_kept, row.promises_broken) for row in rows] == [(0, 1), (0, 0)]


def test_a_better_kept_commitment_never_means_fewer_answers():
    """On the same luck, who is there at 50 % is there at 80 % as well."""
    low, high = (
        many_crises(asking(range(10, 100, 10), {"available": share}), 500).response_status
        for share in (0.5, 0.8)
    )

    assert ((low == "on_time") <= (high == "on_time")).all()
