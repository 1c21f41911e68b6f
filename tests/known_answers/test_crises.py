"""When crises open and close, and from when their clocks count, against a plain account of it.

The account reads the attributed violations and the closes of a trace and says, with nothing but
the words of the plan, where crises must have opened.
"""

import pytest
from worlds import (
    constant,
    crises,
    exponential,
    hours_of,
    noted,
    of,
    outcomes,
    rich_tables,
    rich_world,
    seen,
    trace,
    world,
)

from sim.engines.story import event

SCOPES = pytest.mark.parametrize("scope", ["line", "sector"])


def openings_due(notes, scenario, sectors):
    """Return when crises must open in a scope, and from when their clocks must count.

    Reads only attributions (onset and level) and closes; counts by hand.
    """
    names = list(scenario.levels)
    crisis = scenario.crisis
    threshold = (
        names.index(crisis.threshold_level) + 1 if crisis.threshold_level else len(names) + 1
    )
    needed = crisis.threshold_incidents or (10**9 if crisis.threshold_level else 1)
    due, counted, is_open, closed = [], [], False, 0.0
    for note in notes:
        if note.event == event("crisis_closes"):
            is_open, closed = False, note.hours
        elif note.event == event("attributed") and note.place in sectors:
            level, onset = note.first, note.second
            if is_open or onset < closed:
                continue
            counted.append((note.hours, onset))
            recent = [one for one in counted if one[0] >= note.hours - crisis.window_hours]
            if level >= threshold:
                due.append((note.hours, onset))
            elif len(recent) >= needed:
                due.append((note.hours, min(onset for _, onset in recent)))
            else:
                continue
            counted, is_open = [], True
    return due


def of_scope(notes, scope):
    """Return the notes without the closes of other scopes."""
    return [n for n in notes if n.event != event("crisis_closes") or n.place == scope]


def opened(notes, scope):
    """Return when crises opened in a scope, and from when their clocks counted."""
    return [(n.hours, n.first) for n in of(notes, "clock_starts") if n.place == scope]


@SCOPES
@pytest.mark.parametrize(
    "crisis",
    [
        {"threshold_incidents": 6, "threshold_level": "assault", "quiet_level": "shelling"},
        {"threshold_incidents": 3, "window_hours": 6.0, "quiet_level": "assault"},
        {"threshold_level": "shelling", "quiet_hours": 6.0, "quiet_level": "shelling"},
        {"quiet_hours": 5.0},
        {"threshold_incidents": 5, "window_hours": 48.0, "quiet_hours": 0.0},
    ],
)
def test_crises_open_where_the_plan_says(scope, crisis):
    """By level or by count, at that hour, with that clock, in every scope, run for run."""
    scenario = rich_world(scope, crisis={"scope": scope, **crisis})
    runs = [noted(scenario, run) for run in range(5)]
    scopes = [(0, 1, 2)] if scope == "line" else [(0,), (1,), (2,)]
    found = [opened(notes, index) for notes in runs for index in range(len(scopes))]
    due = [
        openings_due(of_scope(notes, index), scenario, sectors)
        for notes in runs
        for index, sectors in enumerate(scopes)
    ]

    assert sum(map(len, found)) > 5
    assert found == due


def quiet_since(notes, scenario, sectors, opening, closing):
    """Return from when a scope was quiet at a close: its last fighting, or the opening."""
    quiet_level = list(scenario.levels).index(scenario.crisis.quiet_level) + 1
    stops = [
        n.hours
        for n in of(notes, "spell_stops")
        if n.place in sectors and n.first >= quiet_level and n.hours <= closing
    ]
    return max([opening, *stops])


@SCOPES
def test_crises_close_after_the_quiet_that_the_plan_asks_for(scope):
    """24 hours after the last fighting at the quiet level or above, or after the opening."""
    scenario = rich_world(scope)
    for run in range(10):
        notes = noted(scenario, run)
        closes = of(notes, "crisis_closes")
        openings = {n.first: n.hours for n in of(notes, "crisis_opens")}
        due = [
            24.0 + quiet_since(
                notes,
                scenario,
                (0, 1, 2) if scope == "line" else (close.place,),
                openings[close.first],
                close.hours,
            )
            for close in closes
        ]  # fmt: skip

        assert [close.hours for close in closes] == due


def test_a_late_attribution_does_not_open_the_last_crisis_again():
    """Violations from before the close, attributed a hundred hours later, are not a new crisis."""
    scenario = world(
        run={"horizon_days": 2000.0},
        violations={"incidents_per_day": 0.5},
        levels={"fighting": {"spell": constant(0.0), "attribution": seen(hours=100.0)}},
        crisis={"quiet_hours": 30.0},
    )
    found = crises(scenario).dropna(subset="closed_hours")
    clocks, closes = found.clock_hours.to_numpy(), found.closed_hours.to_numpy()

    assert len(found) > 100
    assert (clocks[1:] >= closes[:-1]).all()


def test_lower_fighting_does_not_hold_a_crisis_open():
    """On a line that is hardly ever silent, a crisis over an assault of 5 hours lasts 5 and 24."""
    scenario = world(
        run={"horizon_days": 10_000.0},
        violations={"incidents_per_day": 1.0},
        attack={"per_year": 1.0},
        levels={
            "shelling": {"spell": exponential(200.0), "detection": seen(0.0)},
            "assault": {"spell": constant(5.0)},
        },
        crisis={"quiet_hours": 24.0, "quiet_level": "assault"},
    )
    found = crises(scenario)

    assert len(found) > 10
    assert (found.closed_hours - found.opened_hours).median() == 29.0


def test_any_fighting_holds_a_crisis_open_by_default():
    """Without a quiet level, a line that never falls silent has one crisis that never ends."""
    scenario = world(
        run={"horizon_days": 300.0},
        violations={"incidents_per_day": 10.0},
        levels={"shelling": {"spell": exponential(6.0)}, "assault": {"spell": constant(5.0)}},
        crisis={"quiet_hours": 24.0},
    )
    found = crises(scenario)

    assert (len(found), found.closed_hours.isna().all()) == (1, True)


def test_without_a_threshold_every_attributed_violation_opens_a_crisis():
    """The first crisis opens at the first incident, where nothing delays its attribution."""
    row = outcomes(world()).iloc[0]

    assert row.first_crisis_hours == row.first_incident_hours


def test_with_a_level_alone_no_count_opens_a_crisis():
    """A thousand incidents below the level are not enough."""
    scenario = world(
        violations={"incidents_per_day": 100.0},
        levels={"low": {"spell": constant(1.0)}, "high": {"spell": constant(1.0)}},
        crisis={"threshold_level": "high"},
    )

    assert outcomes(scenario, 3).crises.sum() == 0


@pytest.mark.parametrize("threshold", [1, 2, 3, 7])
def test_a_crisis_opens_with_the_violation_that_makes_the_count_full(threshold):
    """And with none before it: the n-th incident of the run, within a window without end."""
    scenario = world(crisis={"threshold_incidents": threshold, "window_hours": 1e6})
    notes = noted(scenario, 2)

    assert of(notes, "crisis_opens")[0].hours == hours_of(notes, "incident")[threshold - 1]
    assert of(notes, "clock_starts")[0].first == hours_of(notes, "incident")[0]


def test_the_count_is_of_the_earliest_onset_and_not_of_the_earliest_attribution():
    """A violation that began first and was attributed last starts the clock."""
    scenario = world(
        run={"horizon_days": 200.0},
        violations={"incidents_per_day": 0.1, "level_shares": {"slow": 1.0}},
        levels={
            "slow": {
                "spell": constant(1e6),
                "expand_per_day": 24.0,
                "attribution": seen(hours=20.0),
            },
            "quick": {"spell": constant(1e6)},
        },
        crisis={"threshold_incidents": 2, "window_hours": 48.0},
    )
    notes = noted(scenario)
    start = of(notes, "clock_starts")[0]

    assert (start.first, start.second) == (hours_of(notes, "incident")[0], 20.0)


def test_a_crisis_is_opened_by_an_incident():
    """What opened it says so in its row."""
    assert set(crises(rich_world(), 5).opened_by) == {"incident"}


@SCOPES
def test_a_crisis_knows_the_hardest_fighting_of_its_time(scope):
    """In its scope, from the opening to the close, the violations that opened it included."""
    scenario = rich_world(scope)
    columns = ["crisis", "highest_level"]
    for run in range(8):
        found = crises(scenario, run + 1).query("run == @run")[columns]
        due = highest_levels(noted(scenario, run), scenario, scope)

        assert list(found.itertuples(index=False, name=None)) == due


def highest_levels(notes, scenario, scope):
    """Return the number and the highest level of each crisis, by going through the events."""
    threshold = list(scenario.levels).index(scenario.crisis.threshold_level) + 1
    level, highest, current, seen, closed = {}, {}, {}, {0: [], 1: [], 2: []}, {}
    rising = {event("spell_starts"), event("spell_rises")}
    for note in notes:
        place = 0 if scope == "line" else note.place
        if note.event in rising or note.event == event("spell_stops"):
            level[note.place] = note.first if note.event in rising else 0
        elif note.event == event("attributed"):
            if place not in current and note.second >= closed.get(place, 0):
                seen[place].append(note.first)
        elif note.event == event("crisis_opens"):
            current[note.place] = note.first
            counted = int(-note.second) if note.second < 0 else 1
            highest[note.first] = max(seen[note.place][-counted:])
            assert note.second < threshold or note.second == seen[note.place][-1]
            seen[note.place].clear()
        elif note.event == event("crisis_closes"):
            del current[note.place]
            closed[note.place] = note.hours
        for scope_index, number in current.items():
            inside = level.values() if scope == "line" else [level.get(scope_index, 0)]
            highest[number] = max([highest[number], *inside])
    return sorted(highest.items())


@SCOPES
def test_crises_are_numbered_as_they_open(scope):
    """1, 2, 3 and so on in each run, in the order of their opening hours."""
    for _, found in crises(rich_world(scope), 10).groupby("run"):
        assert found.crisis.tolist() == list(range(1, len(found) + 1))
        assert found.opened_hours.is_monotonic_increasing


def test_each_sector_has_a_crisis_of_its_own():
    """With a ladder for each sector, two can be open at a time, and never two in one sector."""
    found = crises(rich_world("sector", days=60.0), 20)
    by_scope = [table for _, table in found.groupby(["run", "scope"])]
    within = [(t.opened_hours[1:].to_numpy() >= t.closed_hours[:-1]).all() for t in by_scope]
    by_run = [table for _, table in found.groupby("run")]
    across = [(t.opened_hours[1:].to_numpy() < t.closed_hours[:-1]).any() for t in by_run]

    assert set(found.scope) == {"north", "centre", "south"}
    assert all(within)
    assert any(across)


def test_the_line_has_one_crisis_at_a_time():
    """With one ladder, a crisis opens only when the last one is over."""
    found = [table for _, table in crises(rich_world(days=60.0), 20).groupby("run")]

    assert all((t.opened_hours[1:].to_numpy() >= t.closed_hours[:-1]).all() for t in found)


def test_a_sectors_crisis_is_about_its_own_violations():
    """Its clock starts at an incident, a rise or an attack in that sector, never elsewhere."""
    scenario = rich_world("sector", days=60.0)
    onsets = set()
    for run in range(4):
        told = trace(scenario, run)
        begun = told[told.event.isin(["incident", "spell_rises", "spell_starts"])]
        onsets |= {(run, *found) for found in zip(begun["where"], begun.time_hours, strict=True)}
    found = crises(scenario, 4)
    clocks = set(zip(found.run, found.scope, found.clock_hours, strict=True))

    assert len(clocks) > 2
    assert clocks <= onsets


def test_the_tables_of_the_rich_world_have_a_threshold():
    """The account above counts on it."""
    assert rich_tables()["crisis"]["threshold_level"] == "assault"
