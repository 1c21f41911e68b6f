"""The incidents of a replay come from a CSV table, and every cell of it has a place."""

import time

import pytest

from sim.scenario.loading import load
from sim.scenario.parameters import parameters

REPLAY = """\
[violations]
process = "replay"
file = "series.csv"
[line]
sectors = { north = 0.5, south = 0.5 }
[levels.fire]
spell = { family = "constant", hours = 1 }
[levels.war]
spell = { family = "constant", hours = 1 }
"""
ONE_SECTOR = REPLAY.replace("{ north = 0.5, south = 0.5 }", "{ north = 1 }")
MISTAKES = {
    "an unknown column, and the nearest known one": (
        "time_hours,sectr\n1,north\n",
        '1:12: sectr: is not a known column (did you mean "sector"?)',
    ),
    "a column that stands twice": ("date,note,note\n", "1:11: note: is a column already"),
    "two names of one column": (
        "date,sector,zone\n",
        "1:13: zone: is a column already, under its other name",
    ),
    "no time": (
        "sector\nnorth\n",
        "1:1: says no time, must have one of time_hours, hours, time_utc, date",
    ),
    "two times": (
        "date,time_utc,sector\n",
        "1:1: has the columns date, time_utc, must have one of time_hours, hours, time_utc, date",
    ),
    "an empty file": ("", "1:1: says no time, must have one of time_hours, hours, time_utc, date"),
    "semicolons": ("date;sector\n", "1:1: must have commas between its columns, not ;"),
    "quotes that never close": (
        'date,sector\n"2026-02-03,north\n',
        "2:1: is not CSV: unexpected end of data",
    ),
    "bytes that are no text": (b"date\n\xff\n", "2:1: is not UTF-8 text"),
    "a row that is too long": (
        "time_hours,sector\n1,north,2\n",
        "2:1: has 3 fields, must have 2 as the header has",
    ),
    "hours that are no number": (
        "sector,time_hours\nnorth,x\n",
        '2:7: time_hours: is "x", must be a number of hours',
    ),
    "hours before the start": (
        "sector,time_hours\nnorth,-1\n",
        "2:7: violations.recorded.hours.0: is -1.0, must be a number, 0 to 1,752,000",
    ),
    "hours that are not a number": (
        "sector,time_hours\nnorth,nan\n",
        "2:7: violations.recorded.hours.0: is nan, must be a number, 0 to 1,752,000",
    ),
    "a date that is none": (
        "sector,date\nnorth,2026-02-30\n",
        '2:7: date: is "2026-02-30", must be a date such as 2026-02-03',
    ),
    "a date for a time": (
        "sector,time_utc\nnorth,2026-02-03\n",
        '2:7: time_utc: is "2026-02-03", must be a time such as 2026-02-03T18:30:00Z',
    ),
    "a time before all time": (
        "sector,time_utc\nnorth,0001-01-01T00:00:00+02:00\n",
        (
            '2:7: time_utc: is "0001-01-01T00:00:00+02:00", '
            "must be a time such as 2026-02-03T18:30:00Z"
        ),
    ),
    "a count that is none": (
        "time_hours,sector,count\n1,north,2.5\n",
        '2:9: count: is "2.5", must be a whole number, 0 to 20,000',
    ),
    "a count below zero": (
        "time_hours,sector,count\n1,north,-1\n",
        '2:9: count: is "-1", must be a whole number, 0 to 20,000',
    ),
    "a count of thousands of digits": (
        f"time_hours,sector,count\n1,north,{'9' * 5000}\n",
        f'2:9: count: is "{"9" * 56}..., must be a whole number, 0 to 20,000',
    ),
    "an unknown sector": (
        "time_hours,sector\n1,north\n2,noth\n3,noth\n",
        (
            '3:3: violations.recorded.sectors.1: is "noth", must be a sector of this scenario '
            '(did you mean "north"?)'
        ),
    ),
    "a sector left out of one row": (
        "time_hours,sector\n1,north\n2,\n",
        (
            '3:3: violations.recorded.sectors.1: is "", must be a sector of this scenario '
            "(known here: north, south)"
        ),
    ),
    "a sector left out of all rows": (
        "time_hours\n1\n",
        (
            "1:1: violations.recorded: says no sectors, "
            "must say one for each incident on a line of several"
        ),
    ),
    "an unknown level": (
        "time_hours,sector,severity\n1,north,shelling\n",
        (
            '2:9: violations.recorded.levels.0: is "shelling", must be a level of this scenario '
            "(known here: fire, war)"
        ),
    ),
    "an unknown side": (
        "time_hours,sector,by\n1,north,me\n",
        '2:9: violations.recorded.by.0: is "me", must be one of "aggressor", "defender", ""',
    ),
    "more incidents than are read": (
        "date,sector,count\n2026-02-03,north,19999\n2026-02-04,north,2\n",
        "3:1: is beyond the 20,000 incidents in 50,000 rows that are read",
    ),
    "more rows than are read": (
        "time_hours,sector,count\n" + "1,north,0\n" * 50_001,
        "50002:1: is beyond the 20,000 incidents in 50,000 rows that are read",
    ),
}


@pytest.fixture
def hours_in(written):
    """Load a table of incidents of a line of one sector and return their hours."""

    def read(table, plan=ONE_SECTOR):
        path = written({"plan.toml": plan, "series.csv": table})
        numbers = parameters(load(path))
        return [one.hours for one in numbers.sectors[0].recorded]

    return read


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_table_is_named_with_its_cell(said_of, mistake):
    """The file is the table's, the line and the column those of the cell; nothing else is said."""
    table, said = MISTAKES[mistake]

    assert said_of({"plan.toml": REPLAY, "series.csv": table}) == [f"series.csv:{said}"]


def test_an_incident_has_its_sector_level_and_side(loaded):
    """What is not recorded is told from what is, and each sector's incidents are by hour."""
    table = "time_hours,zone,severity,by,note,source,verified\n"
    table += "2.5,north,war,defender,x,y,1\n0.5,north,,,,,\n1,south,fire,aggressor,,,\n"
    north, south = parameters(loaded({"plan.toml": REPLAY, "series.csv": table})).sectors

    assert north.recorded == ((0.5, 0, -1), (2.5, 2, 1))
    assert south.recorded == ((1, 1, 0),)


def test_no_incidents_come_besides(loaded):
    """The rate says nothing in a replay, and may be left out."""
    rate = ONE_SECTOR.replace("[line]", "incidents_per_day = 5\n[line]")
    for plan in (ONE_SECTOR, rate):
        numbers = parameters(loaded({"plan.toml": plan, "series.csv": "time_hours\n1\n"}))

        assert numbers.sectors[0].incident_mean_hours == float("inf")


def test_on_a_line_of_one_sector_it_needs_no_name(hours_in):
    """There is no doubt where an incident was."""
    assert hours_in("time_hours\n3\n1\n") == [1, 3]
    assert hours_in("time_hours,sector\n3,\n1,north\n") == [1, 3]


def test_incidents_of_a_date_are_spread_over_it(hours_in):
    """The i-th of n is at (i + 0.5)/n of the 24 hours."""
    assert hours_in("date,count\n2026-02-03,3\n2026-02-05,1\n") == [4, 12, 20, 60]


def test_rows_of_a_date_that_are_alike_are_spread_together(hours_in):
    """A row for each incident means the same as a count."""
    rows = "date,level\n2026-02-03,fire\n2026-02-03,war\n2026-02-03,fire\n"

    assert hours_in(rows) == [6, 12, 18]


def test_a_day_without_incidents_counts(hours_in):
    """It may be the first one."""
    assert hours_in("date,count\n2026-02-03,0\n2026-02-04,1\n") == [36]


def test_hour_0_is_the_midnight_of_the_earliest_row(hours_in):
    """Of its day in universal time, wherever the row stands; an offset is taken off."""
    table = "time_utc\n2026-02-04T06:30:00Z\n2026-02-03 18:00\n2026-02-04T01:30:00+02:00\n"

    assert hours_in(table) == [18, 23.5, 30.5]


@pytest.mark.parametrize("starts", ["2026-02-01", '"2026-02-01"'])
def test_a_scenario_may_say_the_date_of_hour_0(hours_in, starts):
    """As TOML's own date or as a text."""
    plan = ONE_SECTOR.replace("file =", f"starts = {starts}\nfile =")

    assert hours_in("date\n2026-02-03\n", plan) == [60]


def test_incidents_before_hour_0_are_a_mistake(said_of):
    """They would be left out in silence."""
    plan = ONE_SECTOR.replace("file =", "starts = 2026-02-04\nfile =")
    said = said_of({"plan.toml": plan, "series.csv": "date\n2026-02-03\n"})

    assert said[0] == 'series.csv:2:1: is "2026-02-03", must not be before violations.starts'


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ("starts = 3\nfile =", "3:10: violations.starts: is 3, must be a date such as 2026-02-03"),
        (
            "starts = 2026-02-03\n# file =",
            "3:10: violations.starts: must have file in this file, whose hour 0 it says",
        ),
        (
            "recorded = { hours = [] }\nfile =",
            "3:12: violations.recorded: stands beside violations.file",
        ),
    ],
    ids=["no date", "no file", "two records"],
)
def test_what_goes_with_a_file_is_checked(said_of, instead, said):
    """Its place is in the scenario."""
    plan = ONE_SECTOR.replace("file =", instead)

    assert (
        said_of({"plan.toml": plan, "series.csv": "date\n2026-02-03\n"})[0] == f"plan.toml:{said}"
    )


def test_all_mistakes_of_a_table_are_said_at_once(said_of):
    """In the order of their places."""
    table = "time_hours,sector\nx,north\n1,x\n1\n"
    said = said_of({"plan.toml": REPLAY, "series.csv": table})

    assert [line.split(" ")[0] for line in said] == [
        "series.csv:2:1:",
        "series.csv:3:3:",
        "series.csv:4:1:",
    ]


def test_another_file_replaces_the_record(loaded):
    """Nothing of the one below stays, not even a column that the new one lacks."""
    files = {
        "plan.toml": 'extends = "base.toml"\n[violations]\nfile = "other.csv"',
        "base.toml": ONE_SECTOR,
        "series.csv": "time_hours,by\n1,defender\n2,defender\n",
        "other.csv": "time_hours\n7\n",
    }
    recorded = loaded(files).violations.recorded

    assert (recorded.hours, recorded.by) == ((7,), ())


def test_the_source_of_a_file_is_that_of_its_incidents(loaded):
    """The scenario keeps the incidents and not the file, and so it does with the source."""
    plan = f'{ONE_SECTOR}[sources]\n"violations.file" = "L21"\n'
    sources = loaded({"plan.toml": plan, "series.csv": "time_hours\n1\n"}).sources

    assert sources == {"violations.recorded": "L21"}


def test_a_file_of_another_folder_is_read_with_a_change(written):
    """It lies beside the scenario."""
    path = written({"plan.toml": ONE_SECTOR, "series.csv": "time_hours\n1\n", "b.csv": "date\n"})

    assert load(path, [("violations.file", "b.csv")]).violations.recorded.hours == ()


@pytest.mark.parametrize("key", ["file", "starts"])
def test_a_loaded_scenario_reads_no_file(small_plan, key):
    """It has no folder any more."""
    with pytest.raises(ValueError, match=f"violations.{key}: cannot be read here, must be record"):
        small_plan.with_((f"violations.{key}", "2026-02-03"))


def test_the_longest_record_is_written_and_read_again(loaded, written):
    """Though it is longer than any other scenario may be; and it takes no time."""
    level, sector = "l" * 40, "s" * 40
    plan = ONE_SECTOR.replace("fire", level).replace("north", sector)
    table = f"date,count,sector,level,by\n2026-02-03,20000,{sector},{level},aggressor\n"
    began = time.perf_counter()
    recorded = loaded({"plan.toml": plan, "series.csv": table})
    again = load(written(recorded.to_toml()))

    assert again == recorded
    assert time.perf_counter() - began < 20
