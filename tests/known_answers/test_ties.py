"""What happens at exactly hour 24 and hour 72, and in which order things of the same hour happen.

Incidents come at odd hours, and so seldom that no crisis has a second one. All that follows from
them is constant, so every crisis of a run is another clock at which the same tie is tried. Nothing
here is allowed to be off by a bit.
"""

import pytest
from worlds import (
    LONGEST_DAYS,
    TICK_HOURS,
    constant,
    crises,
    exponential,
    hours_of,
    noted,
    of,
    outcomes,
    seen,
    world,
)

A_LITTLE = 1e-6
SELDOM = 3e-4
LEVEL = "fighting"


def tied(
    spell_hours=0.0,
    decision_hours=0.0,
    deploy_hours=0.0,
    quiet_hours=200.0,
    attribution=0.0,
    **step,
):
    """Return a world of many crises, one after the other, and a plan of one step."""
    level = {"spell": constant(spell_hours), "attribution": seen(hours=attribution)}
    response = {"deciders": ["actor"], "deploy": constant(deploy_hours), **step}
    return world(
        run={"horizon_days": LONGEST_DAYS},
        violations={"incidents_per_day": SELDOM},
        levels={LEVEL: level},
        crisis={"quiet_hours": quiet_hours},
        steps={"response": response},
        actors={"actor": {"decision": constant(decision_hours)}},
    )


def ends(scenario):
    """Return the statuses in the crises that closed, and what the clock showed when in force."""
    found = crises(scenario).dropna(subset="closed_hours")
    assert len(found) > 10
    shown = found.response_in_force_hours - found.clock_hours
    return set(found.response_status), set(shown.dropna())


def promises(scenario):
    """Return whether promises were kept and whether some were broken."""
    row = outcomes(scenario).iloc[0]
    return bool(row.promises_kept), bool(row.promises_broken)


def test_6_hours_to_decide_and_18_to_deploy_are_24():
    """By hour 24, that hour included, at whatever odd hour the clock began."""
    scenario = tied(decision_hours=6.0, deploy_hours=18.0, deadline_hours=24.0)

    assert ends(scenario) == ({"on_time"}, {24.0})


def test_tenths_of_hours_add_up_too():
    """2.4 and 21.6 hours are rounded to ticks, and make 24 to the tick."""
    scenario = tied(decision_hours=2.4, deploy_hours=21.6, deadline_hours=24.0)

    assert ends(scenario) == ({"on_time"}, {24.0})


@pytest.mark.parametrize("more_hours", [TICK_HOURS, A_LITTLE])
def test_a_tick_after_the_24th_hour_is_late(more_hours):
    """24.000001 hours are too many, and 24 hours and a tick are as well."""
    scenario = tied(decision_hours=6.0, deploy_hours=18.0 + more_hours, deadline_hours=24.0)

    assert ends(scenario)[0] == {"late"}


def test_in_force_at_the_deadline_the_promise_is_kept():
    """The step comes into force before its promise is judged at the same hour."""
    scenario = tied(decision_hours=6.0, deploy_hours=18.0, deadline_hours=24.0)

    assert promises(scenario) == (True, False)


@pytest.mark.parametrize("more_hours", [TICK_HOURS, A_LITTLE])
def test_in_force_a_tick_later_the_promise_is_broken(more_hours):
    """And it stays broken."""
    scenario = tied(decision_hours=6.0, deploy_hours=18.0 + more_hours, deadline_hours=24.0)

    assert promises(scenario) == (False, True)


def test_not_before_hour_72_means_at_hour_72():
    """What was ready long before comes into force when the clock shows 72, not a bit later."""
    assert ends(tied(decision_hours=6.0, not_before_hours=72.0)) == ({"on_time"}, {72.0})


def test_not_before_72_and_by_72_is_on_time():
    """A step whose only allowed hour is its deadline keeps its promise."""
    scenario = tied(decision_hours=6.0, not_before_hours=72.0, deadline_hours=72.0)

    assert ends(scenario) == ({"on_time"}, {72.0})
    assert promises(scenario) == (True, False)


def test_the_clock_of_a_late_opening_still_counts_from_the_violation():
    """Attributed after 20.5 hours and decided in 3.5: hour 24 of the clock."""
    scenario = tied(attribution=20.5, decision_hours=3.5, deadline_hours=24.0)

    assert ends(scenario) == ({"on_time"}, {24.0})


def test_opened_at_the_hour_of_the_deadline_a_step_can_still_keep_it():
    """Attribution takes the 24 hours, and a step without delays comes into force at that hour."""
    scenario = tied(attribution=24.0, deadline_hours=24.0)

    assert ends(scenario) == ({"on_time"}, {24.0})
    assert promises(scenario) == (True, False)


def test_a_deadline_that_passed_before_the_opening_is_a_broken_promise():
    """Attributed after 30 hours, the promise of hour 24 is judged when the crisis opens."""
    scenario = tied(attribution=30.0, deadline_hours=24.0)
    notes = noted(scenario)

    assert ends(scenario) == ({"late"}, {30.0})
    assert set(hours_of(notes, "promise_broken")) == set(hours_of(notes, "crisis_opens"))


def test_a_promise_that_falls_due_as_the_crisis_closes_is_judged():
    """At hour 24 of quiet the deadline comes first; nobody has decided, so it is broken."""
    scenario = tied(quiet_hours=24.0, decision_hours=100.0, deadline_hours=24.0)
    notes = noted(scenario)

    assert ends(scenario) == ({"stood_down"}, set())
    assert len(hours_of(notes, "crisis_closes")) == len(hours_of(notes, "promise_broken"))


def test_a_promise_that_would_fall_due_after_the_close_is_none():
    """A tick later, the crisis is over and nothing was promised any more."""
    scenario = tied(quiet_hours=24.0, decision_hours=100.0, deadline_hours=24.0 + TICK_HOURS)

    assert promises(scenario) == (False, False)


def test_a_step_that_is_ready_as_the_crisis_closes_comes_into_force_first():
    """Ready at hour 24 and quiet for 24 hours: the response is in force, then it is over."""
    scenario = tied(quiet_hours=24.0, decision_hours=6.0, deploy_hours=18.0)
    found = crises(scenario).dropna(subset="closed_hours")

    assert ends(scenario) == ({"on_time"}, {24.0})
    assert set(found.closed_hours - found.response_in_force_hours) == {0.0}


def test_a_step_that_is_ready_a_tick_after_the_close_stands_down():
    """The crisis is over by then."""
    scenario = tied(quiet_hours=24.0, decision_hours=6.0, deploy_hours=18.0 + TICK_HOURS)

    assert ends(scenario) == ({"stood_down"}, set())


@pytest.mark.parametrize(("spell_hours", "in_force"), [(24.0, {24.0}), (24.0 - A_LITTLE, set())])
def test_fighting_that_stops_at_this_hour_still_counts_as_now(spell_hours, in_force):
    """Fighting from hour 0 to 24 is a need at hour 24, but not one that ended just before."""
    needs = {"level": LEVEL}
    scenario = tied(spell_hours, quiet_hours=13.0, needs=needs, not_before_hours=24.0)

    assert ends(scenario)[1] == in_force


@pytest.mark.parametrize(("hour", "in_force"), [(24.0, {24.0}), (24.0 + A_LITTLE, set())])
def test_fighting_within_the_last_12_hours_counts_the_twelfth(hour, in_force):
    """Fighting until hour 12 is a need until hour 24, that hour included."""
    needs = {"level": LEVEL, "within_hours": 12.0}
    scenario = tied(12.0, quiet_hours=13.0, needs=needs, not_before_hours=hour)

    assert ends(scenario)[1] == in_force


@pytest.mark.parametrize(("spell_hours", "in_force"), [(24.0, {24.0}), (24.0 - A_LITTLE, set())])
def test_fighting_that_has_to_go_on_for_24_hours_does_with_the_24th(spell_hours, in_force):
    """A spell of exactly a day is sustained for a day, and one just short of it is not."""
    scenario = tied(spell_hours, needs={"level": LEVEL, "sustained_hours": 24.0})

    assert ends(scenario)[1] == in_force


def test_the_step_is_called_at_the_hour_that_the_plan_says():
    """Deciders start at hour 24 of the clock exactly, and take six."""
    notes = noted(tied(decide_from_hours=24.0, decision_hours=6.0))

    assert {note.first for note in of(notes, "step_called")} == {24.0}
    assert {note.first for note in of(notes, "step_in_force")} == {30.0}


def test_an_answer_at_the_hour_of_the_close_is_heard():
    """Asked for 24 hours, as long as the quiet lasts: a refusal, not a standing down."""
    scenario = tied(quiet_hours=24.0, decision_hours=24.0).with_(
        ("actors.actor.yes_probability", 0.0)
    )

    assert ends(scenario)[0] == {"refused"}


def rising_at_once(window_hours):
    """Return a world where each incident rises at once, and the rise is attributed a day later."""
    levels = {
        "low": {"spell": constant(1.0), "expand_per_day": 1e300},
        "high": {"spell": constant(1.0), "attribution": seen(hours=24.0)},
    }
    return world(
        run={"horizon_days": LONGEST_DAYS},
        violations={"incidents_per_day": SELDOM},
        levels=levels,
        crisis={"threshold_incidents": 2, "window_hours": window_hours},
    )


def test_the_window_counts_its_last_hour():
    """Two attributions 24 hours apart are two within 24 hours."""
    found = crises(rising_at_once(24.0))

    assert len(found) > 10
    assert set(found.opened_hours - found.clock_hours) == {24.0}


def test_a_window_just_shorter_does_not():
    """They are not two within 23.999999 hours."""
    assert len(crises(rising_at_once(24.0 - A_LITTLE))) == 0


def test_a_violation_that_began_at_the_hour_of_the_close_counts_again():
    """Without any quiet a crisis closes as it opens; a rise of that hour, seen later, is new."""
    scenario = rising_at_once(24.0).with_(
        ("crisis.threshold_incidents", 1),
        ("crisis.quiet_hours", 0.0),
        ("levels.high.spell.hours", 0.0),
    )
    found = crises(scenario)

    assert (found.opened_hours - found.clock_hours).tolist() == [0.0, 24.0] * (len(found) // 2)


def test_fighting_that_ends_goes_ahead_of_what_makes_it_worse():
    """With spells that last no time, even an immediate expansion or collapse comes too late."""
    levels = {
        "low": {"spell": constant(0.0), "expand_per_day": 1e300, "collapse_per_day": 1e300},
        "high": {"spell": constant(0.0)},
    }
    row = outcomes(world(levels=levels, violations={"incidents_per_day": 5.0})).iloc[0]

    assert (row.outcome, row.highest_level, row.fighting_hours) == ("held", 1, 0.0)


def test_fighting_expands_before_the_ceasefire_collapses_over_it():
    """With both at once, the spell is at the next level, which has no collapse of its own."""
    levels = {
        "low": {"spell": constant(9.0), "expand_per_day": 1e300, "collapse_per_day": 1e300},
        "high": {"spell": constant(9.0)},
    }
    row = outcomes(world(levels=levels, violations={"incidents_per_day": 5.0})).iloc[0]

    assert (row.outcome, row.highest_level, row.hours_low) == ("held", 2, 0.0)


def test_what_is_attributed_at_once_opens_a_crisis_at_the_hour_of_the_incident():
    """Incident, detection, attribution, opening, call, decision and force can share an hour."""
    notes = noted(tied())
    names = ("incident", "detected", "attributed", "crisis_opens", "step_called", "step_in_force")

    assert len({float(hours_of(notes, name)[0]) for name in names}) == 1


def test_steps_of_the_same_hour_come_in_the_order_of_the_plan():
    """Three steps without delays are called and in force in the order of the file."""
    names = ["one", "two", "three"]
    scenario = world(steps={name: {} for name in names})
    notes = noted(scenario)

    assert [note.place for note in of(notes, "step_in_force")][:3] == [0, 1, 2]


def test_both_sectors_of_an_attack_are_fighting_when_the_plan_looks():
    """A step that needs two sectors is called at the hour of an attack on two."""
    scenario = world(
        run={"horizon_days": 1000.0},
        line={"sectors": {"a": 0.5, "b": 0.5}},
        violations={"incidents_per_day": 0.0},
        attack={"per_year": 10.0, "sectors": 2},
        levels={LEVEL: {"spell": exponential(30.0)}},
        crisis={"quiet_hours": 1.0},
        steps={"response": {"needs": {"level": LEVEL, "sectors": 2}}},
    )

    assert {note.first for note in of(noted(scenario), "step_in_force")} == {0.0}
