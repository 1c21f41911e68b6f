"""Rows say what the trace of the same run says, in worlds of all kinds."""

from functools import cache
from itertools import pairwise

import pytest
from made_up_mechanisms import some_worlds
from worlds import noted, rich_tables

from sim.engines.rows import crisis_columns, outcome_columns
from sim.engines.simpy_engine import notes as notes_of
from sim.engines.simpy_engine import simulate
from sim.engines.story import event
from sim.results.frames import table_of
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters

WORLDS = 80
IN_EVERY_WORLD = pytest.mark.parametrize("number", range(WORLDS))


class Played:
    """Some runs of a world: rows as dictionaries, and the events of each run."""

    def __init__(self, tables, runs=3):
        """Play them."""
        self.numbers = parameters(checked(Layer(tables, {})))
        rows = simulate(self.numbers, 7, range(runs))
        self.outcomes = table_of(outcome_columns(self.numbers), rows.outcomes).to_pylist()
        self.crises = table_of(crisis_columns(self.numbers), rows.crises).to_pylist()
        self.notes = [notes_of(self.numbers, 7, run) for run in range(runs)]

    def pairs(self):
        """Return each run's row with its events."""
        return list(zip(self.outcomes, self.notes, strict=True))

    def step_places(self, index):
        """Return the places of a step's events, one for each scope."""
        steps = len(self.numbers.steps)
        return {scope * steps + index for scope in range(len(self.numbers.scopes))}


@cache
def played(number):
    """Return some runs of one of the made-up worlds."""
    return Played(some_worlds(WORLDS)[number])


def count(notes, name):
    """Return how many events have a name."""
    return sum(note.event == event(name) for note in notes)


def of(notes, name, places=None):
    """Return the events with a name, at some places if these are given."""
    return [n for n in notes if n.event == event(name) and (places is None or n.place in places)]


def levels_over_time(notes):
    """Yield each sector's level with the hours it lasted, and whether any sector fought."""
    level, now = {}, 0.0
    for note in notes:
        yield dict(level), note.hours - now
        now = note.hours
        if note.event in {event("spell_starts"), event("spell_rises")}:
            level[note.place] = int(note.first)
        elif note.event in {event("spell_stops"), event("spell_breaks_off")}:
            level.pop(note.place)


@IN_EVERY_WORLD
def test_counts_in_a_row_are_counts_of_events(number):
    """Incidents, false alarms, attacks, crises, promises kept and broken."""
    names = {
        "incidents": "incident",
        "false_alarms": "false_alarm",
        "attacks": "attack",
        "crises": "crisis_opens",
        "promises_kept": "promise_kept",
        "promises_broken": "promise_broken",
    }

    assert all(
        row[column] == count(notes, name)
        for row, notes in played(number).pairs()
        for column, name in names.items()
    )


@IN_EVERY_WORLD
def test_a_row_ends_as_its_trace_does(number):
    """At that hour, collapsed, held or cut off, with the end as the last event."""
    numbers = played(number).numbers
    for row, notes in played(number).pairs():
        collapsed = count(notes, "ceasefire_collapses")
        counted = ("incident", "attack", "false_alarm", "spell_resumes")
        cut_off = sum(count(notes, name) for name in counted) == numbers.most_violations
        ended = "collapsed" if collapsed else "runaway" if cut_off else "held"

        assert (notes[-1].event, notes[-1].hours) == (event("run_ends"), row["end_hours"])
        assert row["outcome"] == ended
        assert ended != "held" or row["end_hours"] == numbers.horizon_hours


@IN_EVERY_WORLD
def test_first_hours_in_a_row_are_those_of_first_events(number):
    """The first incident, the first crisis, and each step's first coming into force."""
    world = played(number)
    for row, notes in world.pairs():
        due = {
            "first_incident_hours": of(notes, "incident"),
            "first_crisis_hours": of(notes, "crisis_opens"),
        }
        for index, step in enumerate(world.numbers.steps):
            places = world.step_places(index)
            due[f"{step.name}_first_hours"] = of(notes, "step_in_force", places)

        assert {column: row[column] for column in due} == {
            column: found[0].hours if found else None for column, found in due.items()
        }


@IN_EVERY_WORLD
def test_hours_of_fighting_are_those_between_the_events(number):
    """Sector-hours by level, hours of any fighting, and the highest level that there was."""
    world = played(number)
    for row, notes in world.pairs():
        spans = list(levels_over_time(notes))
        levels = range(1, len(world.numbers.levels))
        by_level = [
            sum(hours * list(level.values()).count(at) for level, hours in spans) for at in levels
        ]
        found = [row[f"hours_{world.numbers.levels[at].name}"] for at in levels]

        assert found == pytest.approx(by_level, abs=1e-6)
        assert row["fighting_hours"] == pytest.approx(
            sum(hours for level, hours in spans if level), abs=1e-6
        )


@IN_EVERY_WORLD
def test_the_highest_level_is_that_of_the_trace(number):
    """Of all spells that started or rose, in any sector."""
    assert all(
        row["highest_level"]
        == max([n.first for n in of(notes, "spell_starts") + of(notes, "spell_rises")], default=0)
        for row, notes in played(number).pairs()
    )


@IN_EVERY_WORLD
def test_a_spell_stops_only_where_one_started(number):
    """In each sector starts and stops alternate, and rises lie between them."""
    start, rise, stop = (event(f"spell_{what}") for what in ("starts", "rises", "stops"))
    words = {start: start, rise: rise, stop: stop, event("spell_breaks_off"): stop}
    for _, notes in played(number).pairs():
        for place in range(3):
            mine = [words[n.event] for n in notes if n.place == place and n.event in words]
            level_kept = [one for one in mine if one != rise]

            assert level_kept[::2] == [start] * len(level_kept[::2])
            assert level_kept[1::2] == [stop] * len(level_kept[1::2])
            assert not any(after == rise and before == stop for before, after in pairwise(mine))


@IN_EVERY_WORLD
def test_a_steps_counts_are_counts_of_its_events(number):
    """Called, refused and stood down as events, and on time or late as in force."""
    world = played(number)
    for row, notes in world.pairs():
        for index, step in enumerate(world.numbers.steps):
            places = world.step_places(index)
            found = {
                "called": len(of(notes, "step_called", places)),
                "refused": len(of(notes, "step_refused", places)),
                "stood_down": len(of(notes, "step_stood_down", places)),
                "on_time": sum(n.second == 1 for n in of(notes, "step_in_force", places)),
                "late": sum(n.second == 0 for n in of(notes, "step_in_force", places)),
            }

            assert found == {name: row[f"{step.name}_{name}"] for name in found}


@IN_EVERY_WORLD
def test_a_steps_counts_are_those_of_its_crises(number):
    """Each status of the crises table as often as the outcomes table says."""
    world = played(number)
    for row in world.outcomes:
        for step in world.numbers.steps:
            crises = [c for c in world.crises if c["run"] == row["run"]]
            statuses = [c[f"{step.name}_status"] for c in crises]
            in_force = [c for c in crises if c[f"{step.name}_in_force_hours"] is not None]
            ended = ("on_time", "late", "refused", "stood_down")

            assert len(statuses) - statuses.count("not_called") == row[f"{step.name}_called"]
            assert all(statuses.count(one) == row[f"{step.name}_{one}"] for one in ended)
            assert row[f"{step.name}_wrongful"] == sum(c["wrongly_opened"] for c in in_force)


@IN_EVERY_WORLD
def test_a_steps_mean_delay_is_that_of_its_crises(number):
    """From the clock to in force, over the crises in which it came into force."""
    world = played(number)
    for row in world.outcomes:
        for step in world.numbers.steps:
            delays = [
                c[f"{step.name}_in_force_hours"] - c["clock_hours"]
                for c in world.crises
                if c["run"] == row["run"] and c[f"{step.name}_in_force_hours"] is not None
            ]
            due = sum(delays) / len(delays) if delays else None

            assert row[f"{step.name}_delay_hours"] == due


@IN_EVERY_WORLD
def test_a_crisis_row_is_its_story(number):
    """Its scope, its opening, its clock and its close are those of its events."""
    world = played(number)
    for run, notes in enumerate(world.notes):
        closes = {note.first: note.hours for note in of(notes, "crisis_closes")}
        due = [
            (opens.first, world.numbers.scopes[opens.place].name, opens.hours, clock.first,
             closes.get(opens.first))
            for opens, clock in zip(
                of(notes, "crisis_opens"), of(notes, "clock_starts"), strict=True)
        ]  # fmt: skip
        keys = ("crisis", "scope", "opened_hours", "clock_hours", "closed_hours")

        assert [tuple(c[key] for key in keys) for c in world.crises if c["run"] == run] == due


@IN_EVERY_WORLD
def test_the_parts_of_every_delay_add_up(number):
    """Exactly, whatever the delays are: from the clock's start until in force."""
    world = played(number)
    for crisis in world.crises:
        for step in world.numbers.steps:
            in_force, waiting, decision, deploy = (
                crisis[f"{step.name}_{part}_hours"]
                for part in ("in_force", "waiting", "decision", "deploy")
            )
            if in_force is not None:
                until_opened = crisis["detection_hours"] + crisis["attribution_hours"]

                assert until_opened == crisis["opened_hours"] - crisis["clock_hours"]
                assert in_force - crisis["clock_hours"] == (
                    until_opened + waiting + decision + deploy
                )


@IN_EVERY_WORLD
def test_a_step_is_never_in_force_before_the_plan_allows(number):
    """Not before its hour of the clock, its call, or the answer; late means after the deadline."""
    world = played(number)
    for crisis in world.crises:
        for step in world.numbers.steps:
            in_force, status = (
                crisis[f"{step.name}_{what}"] for what in ("in_force_hours", "status")
            )
            if in_force is not None:
                shown = in_force - crisis["clock_hours"]

                assert shown >= step.not_before_hours
                assert shown >= step.decide_from_hours
                assert in_force >= crisis["opened_hours"]
                assert status == ("on_time" if shown <= step.deadline_hours else "late")


@IN_EVERY_WORLD
def test_tracing_changes_nothing(number):
    """A run that is written down has the row of one that is not, event for event reproducible."""
    again = Played(some_worlds(WORLDS)[number])

    assert played(number).outcomes == again.outcomes
    assert played(number).crises == again.crises
    assert played(number).notes == again.notes


@pytest.mark.parametrize("scope", ["line", "sector"])
def test_every_column_has_the_kind_it_says(scope):
    """Counts are whole, hours are floats or missing, words are words or missing."""
    world = Played(rich_tables(scope), runs=10)
    kinds = {"count": int, "hours": (float, type(None)), "share": (float, type(None)),
             "word": (str, type(None))}  # fmt: skip
    of_outcomes = {c.name: kinds[c.kind] for c in outcome_columns(world.numbers)}
    of_crises = {c.name: kinds[c.kind] for c in crisis_columns(world.numbers)}

    assert all(isinstance(v, of_outcomes[k]) for row in world.outcomes for k, v in row.items())
    assert all(isinstance(v, of_crises[k]) for row in world.crises for k, v in row.items())


def test_rows_come_in_the_order_of_runs():
    """Also where the runs do not start at 0."""
    numbers = parameters(checked(Layer(rich_tables(days=3.0), {})))
    rows = simulate(numbers, 7, range(5, 9))

    assert rows.outcomes.counts[0].tolist() == [5, 6, 7, 8]


def test_the_made_up_worlds_are_not_all_quiet():
    """The rich world, at least, has everything in it that the tests above count."""
    world = Played(rich_tables(days=60.0), runs=10)
    found = {note.event for notes in world.notes for note in notes}

    assert {event(name) for name in ("attack", "crisis_closes", "step_in_force")} <= found
    assert len(noted(checked(Layer(rich_tables(), {})))) > 100
