"""A mechanism that is on and says nothing, and a step without effect, change no other event.

All equalities are exact: hour for hour to the last bit, on both engines.
"""

from functools import cache

import numpy as np
import pytest
from worlds import (
    constant,
    crises,
    exponential,
    full_tables,
    full_world,
    many_outcomes,
    noted,
    outcomes,
    rich_tables,
    rich_world,
)

from sim.engines import compiled_engine, simpy_engine
from sim.engines.story import EVENTS
from sim.scenario.layers import Layer
from sim.scenario.loading import checked

RUNS = range(3)
SCOPES = pytest.mark.parametrize("scope", ["line", "sector"])
ENGINES = pytest.mark.parametrize("engine", [simpy_engine, compiled_engine])
FULL_STEPS = len(full_tables()["steps"])


def each(tables, **more):
    """Return tables, each with the same more in it."""
    return {name: {**table, **more} for name, table in tables.items()}


def violations(**more):
    """Return the rich world's incidents with something that modifies them."""
    return {"violations": rich_tables()["violations"] | more}


def steps(**more):
    """Return the rich world's steps, each with something more."""
    return {"steps": each(rich_tables()["steps"], **more)}


def willing(**more):
    """Return the rich world's group with something more."""
    group = rich_tables()["groups"]["willing"]
    return {"groups": {"willing": group | more}}


def backed():
    """Return the rich world's group and an actor that backs all its members at once."""
    members = each(rich_tables()["groups"]["willing"]["members"], needs_backer=True)
    return willing(backer="sure", members=members) | {
        "actors": rich_tables()["actors"] | {"sure": {}}
    }


def committed(**commitment):
    """Return the rich world's actors, all of whom have made a commitment."""
    return {"actors": each(rich_tables()["actors"], commitment=commitment)}


ATTACK = rich_tables()["attack"]
NOT_A_BIT = {"branching_ratio": 0.0, "decay_hours": 20.0}
NEUTRAL = {
    "an excitation of nothing": violations(process="hawkes", excitation=NOT_A_BIT),
    "an erosion capped at 1": violations(erosion={"doubling_days": 3.0, "cap": 1.0}),
    "a slow erosion": violations(erosion={"doubling_days": 1e300}),
    "days that are alike": violations(day_to_day={"phi": 0.6, "sd": 0.0}),
    "nights like days": violations(night_to_day=1.0),
    "a recommitment to nothing": violations(recommitments=[{"day": 12.5, "factor": 1.0}]),
    "a recommitment after the end": violations(recommitments=[{"day": 31.0, "factor": 0.0}]),
    "a side that does nothing": violations(defender_share=0.0),
    "no build-up": {"attack": ATTACK | {"precursor": {"days": 0.0, "rate": 9.0}}},
    "a doctrine that nobody follows": {"doctrine": {"share": 0.0, "break_off_hours": 1.0}},
    "a doctrine of long fighting": {"doctrine": {"break_off_hours": 1e6}},
    "no false alarms": {"monitoring": {"false_alarms_per_day": 0.0}},
    "errors about nothing": {"monitoring": {"misattribution": 1.0}},
    "no outages": {"monitoring": {"outages": {"share": 0.0, "mean_hours": 5.0}}},
    "outages that hide nothing": {
        "monitoring": {"outages": {"share": 0.5, "mean_hours": 5.0, "detection": 1.0}}
    },
    "steps that last": steps(lasts_hours=1e6),
    "conditions that hold": steps(requires=["deal"]) | {"conditions": {"deal": {"probability": 1}}},
    "conditions of no step": {"conditions": {"deal": {"probability": 0.5}}},
    "commitments that are kept": committed(available=1.0, review_years=0.001, rejoin=1.0),
    "a guarantee without end": {"guarantee": {"expires_years": 1e6}},
    "members on their own": willing(correlation=0.0),
    "a backer for everybody": backed(),
    "belief in nothing": {"credibility": {"kept": 4.0, "broken": 4.0, "forget_days": 5.0}},
}
OF_ITSELF = (
    "recommitment",
    "outage_begins",
    "outage_ends",
    "condition_holds",
    "condition_fails",
    "guarantee_expires",
)


def others(notes):
    """Return the events but for those of which the mechanisms here have words of their own."""
    return [note for note in notes if EVENTS[note.event] not in OF_ITSELF]


@cache
def plain(scope):
    """Return the events of the rich world's first runs."""
    return [noted(rich_world(scope), run) for run in RUNS]


@SCOPES
@ENGINES
@pytest.mark.parametrize("mechanism", NEUTRAL)
def test_a_mechanism_at_its_neutral_value_changes_no_event(mechanism, engine, scope):
    """Event for event, run for run."""
    scenario = rich_world(scope, **NEUTRAL[mechanism])

    assert [others(noted(scenario, run, engine=engine)) for run in RUNS] == plain(scope)


def all_neutral(scope):
    """Return the rich world with all the mechanisms at once, each at a neutral value."""
    tables = rich_tables(scope)
    tables["violations"] |= {
        "process": "hawkes",
        "excitation": NOT_A_BIT,
        "erosion": {"doubling_days": 3.0, "cap": 1.0},
        "day_to_day": {"phi": 0.6, "sd": 0.0},
        "recommitments": [{"day": 12.5, "factor": 1.0}],
    }
    tables["steps"] = each(tables["steps"], requires=["deal"], lasts_hours=1e6)
    for name in ("no build-up", "a doctrine of long fighting", "outages that hide nothing"):
        tables |= NEUTRAL[name]
    for name in ("belief in nothing", "a backer for everybody", "a guarantee without end"):
        tables |= NEUTRAL[name]
    return checked(Layer(tables | {"conditions": {"deal": {"probability": 1.0}}}, {}))


@SCOPES
@ENGINES
def test_all_of_them_together_change_no_event(engine, scope):
    """Whatever two of them do to each other, it is nothing."""
    scenario = all_neutral(scope)

    assert [others(noted(scenario, run, engine=engine)) for run in RUNS] == plain(scope)


def test_all_of_them_together_change_no_column():
    """But for credibility, which is now counted."""
    found, expected = (many_outcomes(one, 200) for one in (all_neutral("line"), rich_world()))
    same = [name for name in expected.columns if name != "credibility_end"]

    assert found[same].equals(expected[same])


WITHOUT_EFFECT = {
    "at once": {},
    "at hour 72": {"not_before_hours": 72.0},
    "after a vote": {"deciders": ["willing", "council"], "deploy": exponential(9.0)},
    "for a while": {"lasts_hours": 3.0, "needs": {"level": "shelling", "within_hours": 6.0}},
    "on conditions": {"requires": ["deal"], "deploy": constant(5.0)},
}


def with_step(scope, process, place, step):
    """Return the world with every mechanism on and one more step at a place among the others."""
    tables = full_tables(scope, process=process)
    plan = list(tables["steps"].items())
    plan.insert(place, ("more", step))
    return checked(Layer({**tables, "steps": dict(plan)}, {}))


def without(notes, place):
    """Return the events without those of the step at a place, numbered as if it were not there."""
    of_steps = {EVENTS.index(name) for name in EVENTS if name.startswith(("step_", "promise_"))}
    of_steps |= {EVENTS.index(name) for name in EVENTS if name.startswith(("member_", "decider_"))}
    kept = []
    for note in notes:
        if note.event in of_steps:
            scope, step = divmod(note.place, FULL_STEPS + 1)
            if step == place:
                continue
            at = scope * FULL_STEPS + step - (step > place)
            kept.append(note._replace(place=at))
        else:
            kept.append(note)
    return kept


@cache
def full(scope, process):
    """Return the events of the first runs of the world with every mechanism on."""
    scenario = checked(Layer(full_tables(scope, process=process), {}))
    return [noted(scenario, run) for run in RUNS]


@SCOPES
@pytest.mark.parametrize("process", ["hawkes", "replay"])
@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("when", WITHOUT_EFFECT)
def test_a_step_without_effect_changes_no_other_event(when, place, process, scope):
    """With every mechanism on, whenever it comes: known answer 6."""
    scenario = with_step(scope, process, place, WITHOUT_EFFECT[when])

    assert [without(noted(scenario, run), place) for run in RUNS] == full(scope, process)


def test_the_step_without_effect_was_there():
    """In the worlds of the test above it is called, decided and comes into force."""
    found = crises(with_step("line", "hawkes", 0, WITHOUT_EFFECT["after a vote"]), 10)

    assert {"on_time", "refused"} <= set(found.more_status)


def test_a_deadline_makes_a_promise_of_it_which_credibility_remembers():
    """So a step without effect but with a deadline does change what follows: a counterexample.

    It stands here because the plan's promises are part of its effect.
    """
    promising = with_step("line", "hawkes", 0, {"deadline_hours": 24.0})
    runs = [without(noted(promising, run), 0) for run in RUNS]

    assert runs != full("line", "hawkes")
    ends = [outcomes(one, 3).credibility_end for one in (promising, full_world())]
    assert not np.array_equal(*ends)
