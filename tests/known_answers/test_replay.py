"""A replay: incidents come at their recorded hours, and what follows from them is the model's."""

import pytest
from scipy import stats
from worlds import (
    FALSE_ALARM_RATE,
    UNSEEN,
    constant,
    crises,
    exponential,
    full_tables,
    full_world,
    many_crises,
    noted,
    of,
    world,
)

from sim.model.hours import on_tick
from sim.scenario.layers import Layer
from sim.scenario.loading import checked

HOURS = (0.0, 1.1, 1.1, 30.0, 47.3, 24.5, 240.0)
SECTORS = ("a", "b", "a", "a", "b", "a", "a")
LEVELS = ("high", "low", "low", "middle", "high", "low", "middle")
SIDES = ("aggressor", "defender", "aggressor", "defender", "aggressor", "aggressor", "defender")
NAMES = ("low", "middle", "high")


def replaying(recorded, levels=None, **tables):
    """Return a world of two sectors in which a record is replayed."""
    plain = {name: {"spell": constant(0.0), "detection": UNSEEN} for name in NAMES}
    shares = dict(zip(NAMES, (0.5, 0.3, 0.2), strict=True))
    return world(
        **{
            "line": {"sectors": {"a": 0.5, "b": 0.5}},
            "violations": {"process": "replay", "recorded": recorded, "level_shares": shares},
            "levels": levels or plain,
        }
        | tables
    )


def incidents(notes):
    """Return the hours, sectors and levels of the incidents."""
    return [(note.hours, note.place, int(note.first)) for note in of(notes, "incident")]


def test_incidents_come_at_their_recorded_hours():
    """In their sectors and at their levels, in the order of their hours, the last hour too."""
    record = {"hours": HOURS, "sectors": SECTORS, "levels": LEVELS}
    expected = sorted(
        (on_tick(hours), "ab".index(sector), NAMES.index(level) + 1)
        for hours, sector, level in zip(HOURS, SECTORS, LEVELS, strict=True)
    )

    assert incidents(noted(replaying(record))) == expected


def test_every_run_has_the_same_incidents():
    """Whatever is drawn in a run, nothing of a full record is."""
    record = {"hours": HOURS, "sectors": SECTORS, "levels": LEVELS, "by": SIDES}
    runs = [incidents(noted(replaying(record), run)) for run in range(5)]

    assert runs == [runs[0]] * 5


def test_levels_that_are_not_on_record_are_drawn_by_their_shares():
    """Of 2000 incidents, half are at the lowest level and so on (chi-square, rate 1e-9)."""
    hours = [0.1 * number for number in range(2000)]
    notes = noted(replaying({"hours": hours, "sectors": ["a"] * 2000}))
    found = [sum(level == one for *_, level in incidents(notes)) for one in (1, 2, 3)]

    assert stats.chisquare(found, [1000.0, 600.0, 400.0]).pvalue > FALSE_ALARM_RATE


def test_a_level_that_is_on_record_leaves_the_draws_of_the_others_alone():
    """Each incident's level belongs to its number in its sector."""
    hours = [float(number) for number in range(100)]
    bare = {"hours": hours, "sectors": ["a"] * 100}
    some = bare | {"levels": ["high" if number % 3 == 0 else "" for number in range(100)]}
    drawn, mixed = (incidents(noted(replaying(record))) for record in (bare, some))

    assert [level for *_, level in mixed] == [
        3 if number % 3 == 0 else drawn[number][2] for number in range(100)
    ]


def opening(by, **violations):
    """Return a world in which each attributed incident is a crisis of its own."""
    levels = {name: {"spell": constant(0.0)} for name in NAMES}
    count = len(by)
    record = {"hours": [float(number) for number in range(count)], "by": by}
    record["sectors"] = ["a"] * count
    scenario = replaying(record, levels, crisis={"threshold_incidents": 1, "quiet_hours": 0.0})
    return scenario.with_(
        *((f"violations.{key}", value) for key, value in violations.items()),
        ("monitoring.misattribution", 1.0),
    )


def test_the_sides_are_those_on_record():
    """With all charged to the aggressor, just the defender's incidents open wrong crises."""
    by = ["defender" if number % 4 == 1 else "aggressor" for number in range(100)]
    found = crises(opening(by, defender_share=0.5))

    assert found.wrongly_opened.tolist() == [side == "defender" for side in by]


def test_sides_that_are_not_on_record_are_drawn():
    """With the defender's share, in all runs together (binomial test, rate 1e-9)."""
    found = many_crises(opening([""] * 100, defender_share=0.3), 100)

    assert len(found) == 10_000
    assert stats.binomtest(int(found.wrongly_opened.sum()), 10_000, 0.3).pvalue > FALSE_ALARM_RATE


@pytest.mark.parametrize("scope", ["line", "sector"])
def test_nothing_on_the_rate_changes_a_record(scope):
    """Steps, credibility and a precursor: whatever is in the plan, the incidents are the same."""
    without = full_tables(scope, process="replay")
    for step in without["steps"].values():
        step["effect"].pop("incidents", None)
    del without["credibility"], without["attack"]["precursor"]
    plain = checked(Layer(without, {}))
    silencing = full_world(scope, process="replay").with_(
        *(
            (f"steps.{name}.effect.incidents", factor)
            for name, factor in (("warning", 0.0), ("coalition", 5.0), ("military", 0.0))
        ),
        ("credibility.incidents", 50.0),
        ("attack.precursor.rate", 9.0),
    )

    def hours(scenario, run):
        return [(hours, place) for hours, place, _ in incidents(noted(scenario, run))]

    for run in range(3):
        assert len(hours(plain, run)) > 200
        assert hours(silencing, run) == hours(plain, run)


def test_what_follows_from_a_record_is_drawn():
    """Spells, detections and votes differ from run to run."""
    scenario = full_world(process="replay")

    assert len({len(noted(scenario, run)) for run in range(5)}) == 5


def test_more_incidents_at_the_end_of_a_record_change_nothing_before():
    """A longer record begins like a shorter one (every event but the end of the run)."""
    levels = {name: {"spell": exponential(5.0)} for name in NAMES}
    record = {"hours": list(HOURS[:4]), "sectors": list(SECTORS[:4])}
    more = {"hours": [*HOURS[:4], 100.0, 110.0], "sectors": [*SECTORS[:4], "a", "b"]}
    short, long = (noted(replaying(one, levels)) for one in (record, more))

    assert [note for note in long if note.hours < 100.0] == [
        note for note in short if note.hours < 100.0
    ]
