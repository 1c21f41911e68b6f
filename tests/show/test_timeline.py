"""Timelines: what a run's events look like, and that what is drawn is what was."""

from functools import cache
from pathlib import Path

import pytest
from matplotlib.text import Text

import sim
from sim.engines.story import EVENTS
from sim.show.timelines import spans
from sim.show.timelines.marks import TURNS

FULL_WORLD = Path(__file__).parents[1] / "full_world.toml"
RUNS = 10
SIGNS = {
    "outage_begins": "monitors are out",
    "false_alarm": "false alarm",
    "debunked": "false alarm debunked",
    "spell_breaks_off": "broken off by doctrine",
    "spell_resumes": "resumed by doctrine",
    "attack_prepared": "build-up before an attack",
    "step_ends": "its time is over",
    "step_refused": "refused",
    "step_stood_down": "stood down",
}


@cache
def full_plan():
    """Return the world in which every mechanism is on."""
    return sim.load(FULL_WORLD)


@cache
def full_trace(run):
    """Return one of its runs, event by event."""
    return sim.trace(full_plan(), run, engine="compiled")


def drawn(trace, plan, **window):
    """Return the axes of a timeline."""
    return sim.figures.timeline(trace, plan, 0, 7, **window)


def legend_of(axes):
    """Return the words of a timeline's legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


def written_on(axes):
    """Return all that is written on the figure."""
    return {text.get_text() for text in axes.figure.findobj(Text)}


@pytest.mark.parametrize("run", range(RUNS))
def test_the_legend_explains_what_the_run_has_and_nothing_else(run):
    """A sign for each kind of event that happened, none for the others."""
    happened = set(full_trace(run).event)
    explained = set(legend_of(drawn(full_trace(run), full_plan(), from_hours=0)))

    assert explained & set(SIGNS.values()) == {
        words for event, words in SIGNS.items() if event in happened
    }


def test_the_legend_of_a_plain_world_has_no_signs_of_what_it_has_not(small_plan):
    """No outage, no false alarm, no doctrine."""
    explained = legend_of(drawn(sim.trace(small_plan, 3), small_plan, from_hours=0))

    assert not {"monitors are out", "false alarm", "broken off by doctrine"} & set(explained)
    assert "Monitoring" not in explained


@pytest.mark.parametrize("run", range(RUNS))
def test_the_fighting_that_is_drawn_is_the_fighting_of_the_row(run):
    """Broken off, resumed or not: the hours at each level are those of the outcomes."""
    results = sim.run(full_plan(), RUNS, workers=1, progress=False)
    spells = spans.spells(spans.events(full_trace(run)))
    for level in full_plan().levels:
        hours = sum(one.end - one.start for one in spells if one.what == level)

        assert hours == pytest.approx(results.outcomes[f"hours_{level}"][run])


@pytest.mark.parametrize("run", range(RUNS))
def test_every_debunking_ends_one_false_alarm(run):
    """As many alarms have an end as were debunked, and each ends after it came."""
    counts = full_trace(run).event.value_counts()
    alarms = spans.false_alarms(spans.events(full_trace(run)))

    assert len(alarms) == counts["false_alarm"]
    assert sum(alarm.end < float("inf") for alarm in alarms) == counts["debunked"]
    assert all(alarm.start <= alarm.end for alarm in alarms)


@pytest.mark.parametrize("run", range(RUNS))
def test_an_outage_is_drawn_from_its_beginning_to_its_end(run):
    """One after the other, the last one perhaps until the run ends."""
    trace = full_trace(run)
    outages = spans.outages(spans.events(trace))
    ends = trace.time_hours[trace.event == "outage_ends"].tolist()

    assert [one.start for one in outages] == trace.time_hours[
        trace.event == "outage_begins"
    ].tolist()
    assert [one.end for one in outages][: len(ends)] == ends


@pytest.mark.parametrize("run", range(RUNS))
def test_a_build_up_lasts_as_long_as_the_scenario_says_or_to_the_end(run):
    """Three days, unless the run is over before."""
    story = spans.events(full_trace(run))
    hours = 24 * full_plan().attack.precursor.days
    for one in spans.build_ups(story):
        assert one.end == pytest.approx(min(one.start + hours, spans.end_hours(story)))


def test_a_step_whose_time_is_over_is_in_force_no_more():
    """Its bar ends there, lasts_hours after it began."""
    for run in range(RUNS):
        story = spans.events(full_trace(run))
        over = {(mark.where, mark.hours) for mark in spans.marks(story) if mark.what == spans.ENDED}
        bars = [one for one in spans.phases(story) if one.what == spans.IN_FORCE]
        ended = {(one.where, one.end): one.end - one.start for one in bars}

        assert over <= ended.keys()
        for place in over:
            assert ended[place] == pytest.approx(full_plan().steps[place[0]].lasts_hours)


@pytest.mark.parametrize("run", range(RUNS))
def test_what_concerns_the_line_or_an_actor_is_named(run):
    """Beside a line at its hour: recommitment, guarantee expires, usa withdraws."""
    trace = full_trace(run)
    axes = drawn(trace, full_plan(), from_hours=0)
    turns = trace[trace.event.isin(TURNS)]
    lines = {float(line.get_xdata()[0]) for line in axes.lines if len(line.get_xdata()) == 2}

    assert {
        TURNS[event].words.format(where)
        for event, where in zip(turns.event, turns["where"], strict=True)
    } <= written_on(axes)
    assert set(turns.time_hours) <= lines


def test_what_was_before_the_window_and_still_is_stands_below():
    """Who withdrew and did not come back; not who came back."""
    trace = full_trace(4)
    reviews = trace[trace.event.isin({"actor_withdraws", "actor_rejoins"})]
    for event, hours in zip(reviews.event, reviews.time_hours, strict=True):
        axes = drawn(trace, full_plan(), from_hours=hours + 1)
        withdrawn = f"usa withdraws (day {hours // 24 + 1:.0f})"

        assert (withdrawn in _below(axes)) == (event == "actor_withdraws")
    assert set(reviews.event) == {"actor_withdraws", "actor_rejoins"}
    assert "Before what is shown" not in _below(drawn(trace, full_plan(), from_hours=0))


def _below(axes):
    return " ".join(axes.figure.get_supxlabel().split())


def test_years_are_counted_in_years(small_plan):
    """Nobody reads day 5,475."""
    long = small_plan.with_(
        ("run.horizon_days", 3650), ("attack.per_year", 0), ("violations.incidents_per_day", 0.01)
    )
    axes = drawn(sim.trace(long, 0, engine="compiled"), long, from_hours=0)

    assert axes.get_xlabel().startswith("Years")
    assert [text.get_text() for text in axes.get_xticklabels()][:3] == ["0", "1", "2"]


def test_every_turn_is_an_event_of_the_story():
    """No sign waits for something that no engine notes."""
    assert set(TURNS) <= set(EVENTS)
