"""What becomes of a plan's steps: armed, in force, late, refused, stood down, open, provoking."""

import math

import pytest
from worlds import (
    constant,
    crises,
    exponential,
    hours_of,
    noted,
    of,
    outcomes,
    rich_world,
    trace,
    world,
)

from sim.engines.story import event

LOW, HIGH = "low", "high"


def planned(days=1000.0, crisis=None, levels=None, **step):
    """Return a world of seldom incidents and a plan of one step that an actor decides."""
    return world(
        run={"horizon_days": days},
        violations={"incidents_per_day": 0.2},
        levels=levels or {LOW: {"spell": constant(10.0)}, HIGH: {"spell": constant(10.0)}},
        crisis={"quiet_hours": 100.0} | (crisis or {}),
        steps={"response": {"deciders": ["actor"], **step}},
        actors={"actor": {"decision": constant(12.0)}},
    )


def statuses(scenario, runs=1):
    """Return what the step ended as in the crises that closed."""
    return set(crises(scenario, runs).dropna(subset="closed_hours").response_status)


def test_a_ready_step_stands_armed_until_the_fighting_is_back():
    """Decided at hour 12 over fighting that ended at hour 10, it waits for the next spell."""
    notes = noted(planned(needs={"level": LOW}))
    armed, starts = hours_of(notes, "step_armed"), hours_of(notes, "spell_starts")
    closes = hours_of(notes, "crisis_closes")
    due = []
    for hour in armed:
        following = [*starts[starts > hour], float("inf")][0]
        closing = [*closes[closes > hour], float("inf")][0]
        due += [following] if following < closing else []

    late = [note.hours for note in of(notes, "step_in_force") if note.first > 12.0]

    assert len(due) > 5
    assert late == due


def test_an_armed_step_stands_down_with_the_crisis():
    """Where the fighting does not come back before the close, and nowhere else."""
    found = crises(planned(needs={"level": LOW})).dropna(subset="closed_hours")
    in_force = found.response_in_force_hours.notna()

    assert set(found.response_status[in_force]) == {"on_time"}
    assert set(found.response_status[~in_force]) == {"stood_down"}


def test_a_step_that_is_armed_is_armed_at_the_hour_it_was_ready():
    """At hour 12 of the clock, when the actor has said yes."""
    notes = noted(planned(needs={"level": LOW}))

    assert {note.first for note in of(notes, "step_armed")} == {12.0}


def test_a_step_whose_need_is_never_met_is_not_called():
    """No high fighting, no call: it ends as not called, and counts nowhere."""
    scenario = planned(needs={"level": HIGH})

    assert statuses(scenario) == {"not_called"}
    assert outcomes(scenario).response_called.sum() == 0


def call_due(notes, within_hours, sustained_hours):
    """Return when a step must be called: fighting with short pauses has gone on long enough."""
    starts, stops = hours_of(notes, "spell_starts"), hours_of(notes, "spell_stops")
    since, until = starts[0], float("-inf")
    for start, stop in zip(starts, [*stops, float("inf")], strict=False):
        if start > until + within_hours:
            since = start
        until = stop
        if since + sustained_hours <= max(start, until + within_hours):
            return max(start, since + sustained_hours)
    return None


@pytest.mark.parametrize("sustained_hours", [10.0, 22.0, 30.0, 60.0])
def test_short_pauses_do_not_interrupt_what_has_to_go_on(sustained_hours):
    """Spells of 10 hours with pauses up to 12 between them are fighting that goes on."""
    needs = {"level": LOW, "within_hours": 12.0, "sustained_hours": sustained_hours}
    scenario = planned(days=60.0, crisis={"quiet_hours": 1e6}, needs=needs).with_(
        ("violations.incidents_per_day", 1.5)
    )
    runs = [noted(scenario, run) for run in range(30)]
    called = [next(iter(hours_of(notes, "step_called")), None) for notes in runs]

    assert called == [call_due(notes, 12.0, sustained_hours) for notes in runs]


def test_deciders_go_on_when_the_need_has_passed():
    """Called over fighting of 10 hours, the actor still answers at hour 12."""
    notes = noted(planned(needs={"level": LOW}))
    decided = {n.hours for n in of(notes, "step_decided")}

    assert decided
    assert {n.hours - 12.0 for n in of(notes, "step_decided")} <= set(
        hours_of(notes, "step_called")
    )


def test_a_step_stands_down_when_its_deciders_are_too_slow():
    """Quiet for 5 hours closes the crisis before the actor's 12 are over; nothing comes later."""
    scenario = planned(crisis={"quiet_hours": 1.0}, levels={LOW: {"spell": constant(5.0)}})
    notes = noted(scenario)

    assert statuses(scenario) == {"stood_down"}
    assert len(of(notes, "decider_yes")) == 0
    assert min(note.first for note in of(notes, "step_stood_down")) == 6.0


def test_a_step_stands_down_while_it_deploys():
    """Decided at hour 12, deployed at hour 50, but quiet from hour 10 to hour 40."""
    scenario = planned(crisis={"quiet_hours": 30.0}, deploy=constant(38.0), days=300.0)

    found = crises(scenario).dropna(subset="closed_hours")
    shortest = found[found.closed_hours - found.opened_hours == 40.0]
    assert set(shortest.response_status) == {"stood_down"}
    assert shortest.response_deploy_hours.isna().all()
    assert set(shortest.response_decision_hours) == {12.0}


def test_a_refused_step_stays_refused_for_the_crisis():
    """However long the crisis goes on, there is one refusal and nothing after it."""
    scenario = planned().with_(("actors.actor.yes_probability", 0.0))
    notes = noted(scenario)

    assert statuses(scenario) == {"refused"}
    assert len(of(notes, "step_called")) == len(of(notes, "step_refused"))
    assert len(of(notes, "step_in_force")) == len(of(notes, "step_armed")) == 0


def test_what_is_open_at_the_end_counts_as_called_only():
    """A run that ends during the decision: called once, and no other count."""
    first = outcomes(planned()).first_incident_hours[0]
    row = outcomes(planned(days=(first + 5.0) / 24.0)).iloc[0]
    counts = ("called", "on_time", "late", "refused", "stood_down", "wrongful")

    assert [row[f"response_{count}"] for count in counts] == [1, 0, 0, 0, 0, 0]


def test_a_crisis_that_is_open_at_the_end_has_no_close():
    """Its row has no closing hour, and the step's status is open."""
    first = outcomes(planned()).first_incident_hours[0]
    row = crises(planned(days=(first + 5.0) / 24.0)).iloc[0]

    assert row.response_status == "open"
    assert math.isnan(row.closed_hours)


def test_a_step_in_force_at_the_end_is_on_time_or_late_although_the_crisis_is_open():
    """It is known what it ended as."""
    first = outcomes(planned()).first_incident_hours[0]
    days = (first + 20.0) / 24.0
    found = [
        crises(planned(days=days, deadline_hours=deadline)).response_status[0]
        for deadline in (12.0, 11.0)
    ]

    assert found == ["on_time", "late"]


def test_in_force_until_the_crisis_closes():
    """A factor on incidents works from the step to the close, crisis after crisis."""
    scenario = planned(effect={"incidents": 0.0}, days=3000.0)
    notes = noted(scenario)
    in_force, closes = hours_of(notes, "step_in_force"), hours_of(notes, "crisis_closes")
    incidents = hours_of(notes, "incident")
    during = [
        int(((incidents > start) & (incidents < end)).sum())
        for start, end in zip(in_force, closes, strict=False)
    ]

    assert len(during) > 20
    assert set(during) == {0}


@pytest.mark.parametrize(
    ("decision", "promise"), [(23.0, "promise_kept"), (25.0, "promise_broken")]
)
def test_a_promise_is_judged_at_its_deadline(decision, promise):
    """At hour 24 of the clock, in every crisis, kept or broken, and only there."""
    scenario = planned(deadline_hours=24.0).with_(("actors.actor.decision.hours", decision))
    notes = noted(scenario)
    judged = of(notes, "promise_kept") + of(notes, "promise_broken")
    clocks = [note.first for note in of(notes, "clock_starts") if note.first + 24.0 <= 24_000.0]

    assert [note.hours - 24.0 for note in judged] == clocks
    assert {note.event for note in judged} == {event(promise)}


def test_nothing_was_promised_when_there_is_no_need_at_the_deadline():
    """Fighting of 10 hours is over at hour 24: the deadline passes without a word."""
    notes = noted(planned(days=60.0, needs={"level": HIGH}, deadline_hours=24.0))

    assert len(of(notes, "crisis_opens")) > 0
    assert len(of(notes, "promise_kept")) == len(of(notes, "promise_broken")) == 0


def test_without_a_deadline_nothing_is_promised_and_nothing_is_late():
    """Whenever it comes into force it is on time."""
    scenario = planned(not_before_hours=90.0)

    assert statuses(scenario) == {"on_time"}
    assert outcomes(scenario)[["promises_kept", "promises_broken"]].to_numpy().sum() == 0


def provoking(probability, levels, **attack):
    """Return a world whose step provokes, in two sectors, and whose fighting goes on for long."""
    return world(
        run={"horizon_days": 20.0},
        line={"sectors": {"a": 0.5, "b": 0.5}},
        violations={
            "incidents_per_day": 0.5,
            "level_shares": dict.fromkeys(list("klm")[: levels - 1], 1.0 / (levels - 1)),
        },
        levels={level: {"spell": constant(500.0)} for level in list("klm")[:levels]},
        crisis={"quiet_hours": 1e6},
        steps={"response": {"not_before_hours": 200.0, "provoke_probability": probability}},
        **attack,
    )


def levels_at(notes, hour):
    """Return the level of each sector just before something that happened at an hour."""
    rising = {event("spell_starts"), event("spell_rises")}
    level = {0: 0, 1: 0}
    for note in notes:
        if note.event == event("step_in_force") and note.hours == hour:
            break
        if note.event in rising:
            level[note.place] = int(note.first)
    return level


def test_a_step_that_provokes_raises_the_hardest_fighting_by_one_level():
    """At the hour it comes into force, in the sector with the highest level, in 20 runs."""
    found, due = [], []
    for run in range(20):
        notes = noted(provoking(1.0, 3), run)
        for provoked in of(notes, "step_provokes"):
            before = levels_at(notes, provoked.hours)
            hardest = max(before, key=before.get)
            due.append((provoked.hours, hardest, before[hardest] + 1))
        found += [
            (note.hours, note.place, int(note.first))
            for note in of(notes, "spell_rises")
            if note.second == 3
        ]

    assert len(due) > 10
    assert found == due


def test_a_provoked_rise_can_be_seen():
    """What the fighting becomes is detected and attributed like any violation."""
    notes = noted(provoking(1.0, 3), 1)
    rise = next(note for note in of(notes, "spell_rises") if note.second == 3)
    seen = {(n.place, n.first, n.second) for n in of(notes, "attributed")}

    assert (rise.place, rise.first, rise.hours) in seen


def test_with_probability_zero_nothing_is_provoked():
    """Though the step is in force."""
    notes = noted(provoking(0.0, 3), 1)

    assert len(of(notes, "step_in_force")) == 1
    assert len(of(notes, "step_provokes")) == 0


def test_above_the_last_level_nothing_can_be_provoked():
    """An expanded attack everywhere stays what it is."""
    attacked = {"per_year": 500.0, "sectors": 2}
    notes = noted(provoking(1.0, 2, attack=attacked), 1)

    assert set(levels_at(notes, of(notes, "step_in_force")[0].hours).values()) == {2}
    assert len(of(notes, "step_provokes")) == 0


def test_a_quiet_line_cannot_be_provoked():
    """A step that comes into force after the fighting raises nothing."""
    momentary = {LOW: {"spell": constant(0.0)}, HIGH: {"spell": constant(0.0)}}
    notes = noted(planned(levels=momentary, provoke_probability=1.0))

    assert len(of(notes, "step_in_force")) > 20
    assert len(of(notes, "step_provokes")) == 0


def test_each_step_is_called_and_ends_once_in_a_crisis_at_most():
    """Called, decided, refused, armed, in force: none of it comes twice."""
    told = trace(rich_world(days=60.0), 2)
    crisis = told.event.eq("crisis_opens").cumsum().rename("crisis")
    once = told[told.event.str.startswith("step_")]
    counts = once.groupby([crisis, "where", "event"]).size()

    assert len(counts) > 10
    assert counts.max() == 1


def test_a_collapse_ends_the_run():
    """At that hour, as its last event but the end, and the row says so."""
    levels = {LOW: {"spell": exponential(50.0), "collapse_per_day": 0.5}}
    told = trace(planned(levels=levels), 3)
    row = outcomes(planned(levels=levels), 4).iloc[3]

    assert told.event.tolist()[-2:] == ["ceasefire_collapses", "run_ends"]
    assert told.detail.tolist()[-1] == "the ceasefire collapsed"
    assert (row.outcome, row.end_hours) == ("collapsed", told.time_hours.iloc[-1])


def test_a_ceasefire_that_holds_ends_at_the_horizon():
    """At that hour exactly, and the row says that it held."""
    row = outcomes(planned(days=77.0)).iloc[0]

    assert (row.outcome, row.end_hours) == ("held", 77.0 * 24.0)
