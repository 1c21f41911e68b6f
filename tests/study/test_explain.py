"""Where a run parts ways under two plans: the first event that differs, and how it is told."""

import math
from functools import cache
from pathlib import Path

import pytest

import sim
from sim.engines.story import EVENTS
from sim.study.comparing.explain import explain, labels_of, parting, when
from sim.study.comparing.happenings import (
    CAUSES,
    FIGHTING,
    PHRASES,
    Happening,
    Row,
    aligned,
    common,
    next_row,
)

SMALL_WORLD = Path(__file__).parents[1] / "small_world.toml"
RUNS = range(12)
TOLD = ["time_hours", "event", "where", "detail"]


@cache
def plan():
    """Return the small world's plan."""
    return sim.load(SMALL_WORLD)


@cache
def weaker():
    """Return the same plan with a warning that does nothing."""
    return plan().with_(("steps.warning.effect.incidents", 1.0), ("steps.warning.effect.stop", 1.0))


@cache
def later():
    """Return the same plan with a warning that is decided later, which is seen at once."""
    return plan().with_(("title", "A later plan"), ("steps.warning.decide_from_hours", 4))


@cache
def rarer():
    """Return the same plan with a warning that only an expanded attack calls for."""
    return plan().with_(("steps.warning.needs", {"level": "expanded"}))


@cache
def found(run):
    """Return where a run parts ways between the plan and the weaker one."""
    return parting(plan(), weaker(), run, labels=("A", "B"))


def rows_of(scenario, run):
    """Return a run's events as tuples."""
    return list(
        sim.trace(scenario, run, engine="compiled")[TOLD].itertuples(index=False, name=None)
    )


def event_at(hours, event, where="north", detail=""):
    """Return a happening."""
    return Happening(hours, event, where, detail)


@pytest.mark.parametrize("run", RUNS)
def test_all_before_the_parting_is_the_same_and_what_comes_next_is_not(run):
    """The common events are the longest beginning that both traces share."""
    shared = found(run).common_events
    ours, theirs = rows_of(plan(), run), rows_of(weaker(), run)

    assert ours[:shared] == theirs[:shared]
    assert ours[shared : shared + 1] != theirs[shared : shared + 1] or ours == theirs


@pytest.mark.parametrize("run", RUNS)
def test_the_fighting_first_differs_where_its_own_stories_part(run):
    """Filtered to incidents, spells, attacks and collapses, the traces part at that hour."""
    ours, theirs = (
        [row for row in rows_of(one, run) if row[1] in FIGHTING] for one in (plan(), weaker())
    )
    shared = next(
        (k for k, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]),
        min(len(ours), len(theirs)),
    )
    hours = [story[shared][0] for story in (ours, theirs) if len(story) > shared]

    assert found(run).fighting_hours == pytest.approx(min(hours, default=math.nan), nan_ok=True)


def test_the_fighting_never_differs_before_the_run_parts():
    """It is part of the run; and in some runs the two hours differ."""
    hours = [(found(run).hours, found(run).fighting_hours) for run in RUNS]
    known = [pair for pair in hours if not math.isnan(pair[1])]

    assert all(parted <= fought for parted, fought in known)
    assert known


@pytest.mark.parametrize("run", range(4))
def test_both_engines_part_a_run_at_the_same_event(run):
    """The compiled engine is only faster."""
    other = parting(plan(), later(), run, engine="simpy")
    fast = parting(plan(), later(), run, engine="compiled")

    assert (other.common_events, other.event, other.fighting, other.cause) == (
        fast.common_events,
        fast.event,
        fast.fighting,
        fast.cause,
    )


def test_a_run_never_parts_from_itself():
    """Under the same plan all is the same, and that is said."""
    same = parting(plan(), plan(), 3)

    assert same.event is None
    assert math.isnan(same.hours)
    assert same.common_events == len(rows_of(plan(), 3))
    assert "Run 3 never parts" in str(same)


def test_a_cause_is_of_one_plan_only_and_not_after_the_fighting_differs():
    """It lies between the parting and the first difference in the fighting."""
    parted = [parting(plan(), rarer(), run) for run in RUNS]
    caused = [one for one in parted if one.cause is not None]

    assert caused
    for one in caused:
        assert None in one.cause
        assert one.cause.event() in CAUSES
        assert one.hours <= one.cause.hours() <= one.fighting_hours


def test_a_step_that_only_one_plan_calls_parts_the_run_when_it_is_called():
    """Until then nobody can tell which plan it is."""
    parted = [parting(plan(), rarer(), run) for run in RUNS]
    events = {one.event.first.event for one in parted if one.event}

    assert events == {"step_called"}


@pytest.mark.parametrize("run", RUNS)
def test_the_table_holds_both_stories_in_their_order(run):
    """A side's cells, where they are not empty, are that side's trace around the parting."""
    table = found(run).table(before=2, after=20)
    shared = found(run).common_events
    for side, scenario in (("first", plan()), ("other", weaker())):
        cells = table[["time_hours", *(f"{one}_{side}" for one in TOLD[1:])]]
        told = [row for row in cells.itertuples(index=False, name=None) if row[1]]
        start = max(0, shared - 2)

        assert told == rows_of(scenario, run)[start : start + len(told)]


@pytest.mark.parametrize("run", RUNS)
def test_the_rows_of_the_table_are_in_the_order_of_time(run):
    """The hour never goes back, and there are as many rows as were asked for."""
    table = found(run).table(before=3, after=12)

    assert table.time_hours.is_monotonic_increasing
    assert len(table) <= 15


def test_what_both_plans_have_at_an_hour_is_in_one_row():
    """Even where one plan has something more at the same hour."""
    ours = [event_at(1.0, "crisis_opens"), event_at(1.0, "step_called"), event_at(2.0, "detected")]
    theirs = [event_at(1.0, "crisis_opens"), event_at(2.0, "detected")]

    assert list(aligned(ours, theirs)) == [
        Row(ours[0], theirs[0]),
        Row(ours[1], None),
        Row(ours[2], theirs[1]),
    ]


def test_what_happens_instead_at_the_same_hour_is_told_together():
    """A yes under one plan is a no under the other."""
    yes, no = event_at(1.0, "decider_yes"), event_at(1.0, "decider_no")

    assert next_row([yes], [no]) == Row(yes, no)


def test_what_happens_under_one_plan_first_stands_alone():
    """The other plan's next event, at a later hour, is no counterpart."""
    early, late = event_at(1.0, "incident"), event_at(2.0, "incident")

    assert next_row([early], [late]) == Row(early, None)
    assert next_row([late], [early]) == Row(None, early)


def test_the_same_event_with_other_details_is_a_difference_in_one_row():
    """It is named under both plans."""
    longer, shorter = (event_at(1.0, "spell_stops", detail=one) for one in ("5 h", "4 h"))

    assert common([longer], [shorter]) == 0
    assert next_row([longer], [shorter]) == Row(longer, shorter)


def test_a_story_that_goes_on_differs_from_one_that_has_ended():
    """What it goes on with stands alone."""
    begin, more = event_at(1.0, "incident"), event_at(2.0, "incident")

    assert next_row([more], []) == Row(more, None)
    assert common([begin, more], [begin]) == 1


def test_stories_without_a_difference_have_no_next_row():
    """There is nothing that differs."""
    assert next_row([], []) is None


def test_every_event_of_a_trace_has_a_phrase():
    """And nothing has one that never happens."""
    assert PHRASES.keys() == set(EVENTS)
    assert set(EVENTS) >= FIGHTING | CAUSES


def test_the_words_tell_the_parting_the_fighting_and_both_ends():
    """With the hours, the plans' names, and what happens under each."""
    one = next(found(run) for run in RUNS if found(run).fighting is not None)
    words = str(one)

    assert f"Until {when(one.hours)} run {one.run} is the same under both" in words
    assert f"({one.common_events:,} events)" in words
    assert f"The fighting first differs at {when(one.fighting_hours)}" in words
    assert one.first.end_in_words() in words
    assert one.other.end_in_words() in words


def test_the_end_is_told_as_the_outcomes_have_it():
    """A run that held did so to the last day, a collapse has its hour."""
    outcomes = sim.run(plan(), len(RUNS), workers=1, progress=False).outcomes
    ends = {run: found(run).first.end_in_words() for run in RUNS}
    told = {
        "held": lambda _: "the ceasefire holds for all 20 days",
        "collapsed": lambda hours: f"it collapses at {when(hours)}",
    }

    assert ends == {run: told[outcomes.outcome[run]](outcomes.end_hours[run]) for run in RUNS}
    assert set(outcomes.outcome) == {"held", "collapsed"}


def test_the_counts_are_those_of_the_outcomes():
    """Incidents, attacks and crises of the run."""
    outcomes = sim.run(plan(), len(RUNS), workers=1, progress=False).outcomes
    counts = [found(run).first.counts() for run in RUNS]

    assert [one["incidents"] for one in counts] == outcomes.incidents.tolist()
    assert [one["attacks"] for one in counts] == outcomes.attacks.tolist()
    assert [one["crises"] for one in counts] == outcomes.crises.tolist()


def test_each_other_plan_is_held_against_the_first():
    """Three plans make two partings."""
    both = explain((plan(), weaker(), later()), 0)

    assert [one.other.scenario for one in both] == [weaker(), later()]
    assert all(one.first.scenario == plan() for one in both)


def test_the_luck_is_that_of_the_first_plan_unless_a_seed_is_given():
    """A plan that has another seed in its file is played with the first one's."""
    other_seed = plan().with_(("run.seed", 8))

    assert parting(plan(), other_seed, 0).event is None
    assert parting(plan(), weaker(), 0, seed=8).seed == 8


def test_plans_of_the_same_title_are_numbered():
    """Others keep their titles."""
    assert labels_of((plan(), later(), weaker())) == (
        "A small world (1)",
        "A later plan",
        "A small world (3)",
    )


def test_one_plan_alone_cannot_part():
    """It takes two, and the message says so."""
    with pytest.raises(ValueError, match="scenarios: are 1, must be two or more"):
        explain((plan(),), 0)
