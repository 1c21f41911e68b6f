"""A run as people read it: every kind of event, in order, in plain words."""

from functools import cache

import pytest
from worlds import constant, full_world, rich_world, seen, trace, world

from sim.engines import compiled_engine
from sim.engines.story import COLUMNS, EVENTS

NAMED_IN_THE_FORMAT = {
    "incident",
    "detected",
    "attributed",
    "spell_rises",
    "spell_stops",
    "crisis_opens",
    "clock_starts",
    "step_called",
    "member_yes",
    "step_in_force",
}
SCOPES = pytest.mark.parametrize("scope", ["line", "sector"])


@cache
def traces(scope="line"):
    """Return some runs of a world with every mechanism, and of one without the rare ones."""
    worlds = full_world(scope, days=60.0), rich_world(scope, days=60.0)
    return [trace(one, run, engine=compiled_engine) for one in worlds for run in range(25)]


def test_the_names_of_the_format_are_names_of_events():
    """What scripts look for is there."""
    assert set(EVENTS) >= NAMED_IN_THE_FORMAT


def test_no_two_events_have_the_same_name():
    """A name means one thing."""
    assert len(set(EVENTS)) == len(EVENTS)


def test_every_event_happens_somewhere():
    """There is no word that no run ever uses."""
    assert {name for told in traces() for name in told.event} == set(EVENTS)


@SCOPES
def test_a_trace_reads_in_the_order_of_time(scope):
    """Hours never fall, and the order counts the events from 0."""
    for told in traces(scope):
        assert told.time_hours.is_monotonic_increasing
        assert told.order.tolist() == list(range(len(told)))


def test_a_trace_has_the_columns_of_the_format():
    """In their order."""
    assert list(traces()[0].columns) == list(COLUMNS)


@SCOPES
def test_events_happen_where_the_scenario_has_a_place(scope):
    """In a sector, on the line, at a step of a ladder, or with a condition or an actor."""
    scenario = full_world(scope)
    sectors = list(scenario.line.sectors)
    places = {"line", *sectors, *scenario.conditions, *scenario.actors}
    for step in scenario.steps:
        places |= {step} if scope == "line" else {f"{sector}/{step}" for sector in sectors}

    assert {place for told in traces(scope) for place in told["where"]} <= places


@SCOPES
def test_details_are_words_and_numbers(scope):
    """No event is without one, and none says that something is not a number or missing."""
    details = {detail for told in traces(scope) for detail in told.detail}

    assert all(details)
    assert not any(word in detail for detail in details for word in ("nan", "inf ", "None"))


def test_a_run_ends_once_and_last():
    """Every trace's last event is its only end."""
    for told in traces():
        assert (told.event == "run_ends").to_numpy().nonzero()[0].tolist() == [len(told) - 1]


def told_briefly():
    """Return the first crisis of a world in which everything is constant, from its own hour 0."""
    scenario = world(
        run={"horizon_days": 10_000.0},
        violations={"incidents_per_day": 0.002},
        levels={
            "shelling": {
                "spell": constant(5.0),
                "detection": seen(hours=1.0),
                "attribution": seen(hours=2.0),
            }
        },
        crisis={"quiet_hours": 24.0},
        steps={
            "warning": {"deadline_hours": 7.0, "deciders": ["allies", "ukraine"]},
            "force": {"needs": {"level": "shelling"}, "not_before_hours": 6.0},
            "talks": {"deadline_hours": 2.0, "deciders": ["nobody"]},
            "sanctions": {"deciders": ["slow"]},
        },
        actors={
            "ukraine": {"decision": constant(4.0)},
            "nobody": {"yes_probability": 0.0},
            "slow": {"decision": constant(99.0)},
        },
        groups={
            "allies": {
                "rule": "quorum",
                "quorum": 1,
                "members": {
                    "France": {"decision_median_hours": 2.0},
                    "Latvia": {"decision_median_hours": 1.0, "yes_probability": 0.0},
                },
            }
        },
    )
    told = trace(scenario)
    start = told.time_hours[0]
    told = told[told.time_hours <= start + 29.0]
    told = told.assign(hour=(told.time_hours - start), start=f"{start:.2f}")
    return [
        (hour, name, where, detail.replace(begun, "0.00"))
        for hour, name, where, detail, begun in zip(
            told.hour, told.event, told["where"], told.detail, told.start, strict=True
        )
    ]


def test_a_crisis_reads_as_a_story():
    """Every event of one crisis, with the hour it must have and in the words it must have."""
    assert told_briefly() == [
        (0.0, "incident", "line", "shelling, number 1 here"),
        (0.0, "spell_starts", "line", "shelling"),
        (1.0, "detected", "line", "shelling that began at hour 0.00"),
        (3.0, "attributed", "line", "shelling that began at hour 0.00"),
        (3.0, "crisis_opens", "line", "crisis 1, over 1 violations within 24 h"),
        (3.0, "clock_starts", "line", "from hour 0.00: it shows 3.00 h"),
        (3.0, "step_called", "warning", "hour 3.00 of the clock"),
        (3.0, "step_called", "force", "hour 3.00 of the clock"),
        (3.0, "step_decided", "force", "ready from hour 6.00 of the clock"),
        (3.0, "step_called", "talks", "hour 3.00 of the clock"),
        (3.0, "step_called", "sanctions", "hour 3.00 of the clock"),
        (3.0, "decider_no", "talks", "nobody, at hour 3.00 of the clock"),
        (3.0, "step_refused", "talks", "hour 3.00 of the clock"),
        (3.0, "promise_broken", "talks", "due by hour 2 of the clock"),
        (4.0, "member_no", "warning", "Latvia, of allies"),
        (5.0, "spell_stops", "line", "shelling, after 5.00 h of fighting"),
        (5.0, "member_yes", "warning", "France, of allies"),
        (5.0, "decider_yes", "warning", "allies, at hour 5.00 of the clock"),
        (6.0, "step_armed", "force", "hour 6.00 of the clock: ready, not needed now"),
        (7.0, "decider_yes", "warning", "ukraine, at hour 7.00 of the clock"),
        (7.0, "step_decided", "warning", "ready from hour 7.00 of the clock"),
        (7.0, "step_in_force", "warning", "hour 7.00 of the clock, on time"),
        (7.0, "promise_kept", "warning", "due by hour 7 of the clock"),
        (29.0, "step_stood_down", "force", "hour 29.00 of the clock"),
        (29.0, "step_stood_down", "sanctions", "hour 29.00 of the clock"),
        (29.0, "crisis_closes", "line", "crisis 1, highest shelling"),
    ]
