"""Members come from a CSV table, and every cell of it has a place."""

import pytest

from sim.scenario.tables import Member

GROUP = '[groups.all]\nrule = "unanimity"\nmembers_file = "members.csv"\n'
HEADER = "name,weight,yes_probability\n"
MISTAKES = {
    "a cell that is no number": (
        f"{HEADER}france,five,1\n",
        '2:8: groups.all.members.france.weight: is "five", must be a number',
    ),
    "a decimal comma in quotes": (
        f'{HEADER}france,"0,5",1\n',
        '2:8: groups.all.members.france.weight: is "0,5", must be a number',
    ),
    "a number out of range": (
        f"{HEADER}france,5,1\ngermany,4,1.5\n",
        "3:11: groups.all.members.germany.yes_probability: is 1.5, must be a number, 0 to 1",
    ),
    "no number": (
        f"{HEADER}france,nan,1\n",
        ("2:8: groups.all.members.france.weight: is nan, must be a number, 0 to 1,000,000,000,000"),
    ),
    "infinity": (
        f"{HEADER}france,1e999,1\n",
        ("2:8: groups.all.members.france.weight: is inf, must be a number, 0 to 1,000,000,000,000"),
    ),
    "a cell behind quotes": (
        f'{HEADER}"Bosnia, and H",5,x\n',
        '2:19: groups.all.members.Bosnia, and H.yes_probability: is "x", must be a number',
    ),
    "a cell behind a line break in quotes": (
        'name,weight\n"two\nlines",x\n',
        '3:8: groups.all.members.two\\nlines.weight: is "x", must be a number',
    ),
    "a cell below empty lines": (
        f"{HEADER}\n,,\n \nfrance,x,1\n",
        '5:8: groups.all.members.france.weight: is "x", must be a number',
    ),
    "a row that is too short": (
        f"{HEADER}france,5\n",
        "2:1: groups.all.members: has 2 fields, must have 3 as the header has",
    ),
    "a row that is too long": (
        f"{HEADER}france,0,5,1\n",
        "2:1: groups.all.members: has 4 fields, must have 3 as the header has",
    ),
    "a row without a name": (
        f"{HEADER} ,5,1\n",
        '2:1: groups.all.members.: is "", must be a name that no other row has',
    ),
    "a name that stands twice": (
        f"{HEADER}france,5,1\nfrance,5,1\n",
        '3:1: groups.all.members.france: is "france", must be a name that no other row has',
    ),
    "a name with a dot": (
        f"{HEADER}st. lucia,5,1\n",
        (
            '2:1: groups.all.members.st. lucia: is "st. lucia", must be a name without dots, '
            "quotes and control characters, at most 60 characters"
        ),
    ),
    "an unknown column, and the nearest known one": (
        "name,wieght\nfrance,5\n",
        '1:6: wieght: is not a known column (did you mean "weight"?)',
    ),
    "a column that stands twice": (
        "name,weight,weight\nfrance,5,5\n",
        "1:13: weight: is a column already",
    ),
    "no column of names": ("weight\n5\n", "1:1: name: is missing, must be a column"),
    "an empty table": ("", "1:1: name: is missing, must be a column"),
    "semicolons between the columns": (
        "name;weight\nfrance;5\n",
        "1:1: must have commas between its columns, not ;",
    ),
    "quotes that never close": (
        f'{HEADER}"france,5,1\n',
        "2:1: is not CSV: unexpected end of data",
    ),
    "bytes that are no text": (b"name\nfr\xffnce\n", "2:3: is not UTF-8 text"),
    "a member who needs a backer that the group lacks": (
        "name,needs_backer\nfrance,true\n",
        "2:8: groups.all.members.france.needs_backer: must have a backer of the group",
    ),
    "a member who vetoes where all must agree": (
        "name,vetoes\nfrance,1\n",
        "2:8: groups.all.members.france.vetoes: goes with the rule veto only",
    ),
    "a switch that is neither on nor off": (
        "name,vetoes\nfrance,2\n",
        '2:8: groups.all.members.france.vetoes: is "2", must be true or false',
    ),
}


@pytest.fixture
def members_in(loaded, smallest):
    """Load a table of members."""
    files = {"plan.toml": smallest + GROUP}
    return lambda table: loaded({**files, "members.csv": table}).groups["all"].members


@pytest.fixture
def said_of_members(said_of, smallest):
    """Load a table of members and listen."""
    return lambda table: said_of({"plan.toml": smallest + GROUP, "members.csv": table})


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_table_is_named_with_its_cell(said_of_members, mistake):
    """The file is the table's, the line and the column those of the cell."""
    table, said = MISTAKES[mistake]

    assert f"members.csv:{said}" in said_of_members(table)


def test_all_mistakes_of_a_table_are_said_at_once(said_of_members):
    """So are those of the scenario beside it."""
    places = [line.split(" ")[0] for line in said_of_members(f"{HEADER}a,x,1\nb,1\nc,1,y\n")]

    assert places == ["members.csv:2:3:", "members.csv:3:1:", "members.csv:4:5:"]


def test_a_table_without_rows_leaves_a_group_without_members(said_of_members):
    """A header alone names nobody."""
    assert said_of_members(HEADER) == [
        (
            "plan.toml:7:1: groups.all: has no members, "
            "must have at least one, in members or in a members_file"
        )
    ]


def test_mistakes_in_a_table_hide_no_mistake_of_the_scenario(said_of, smallest):
    """And nobody complains that the group has no members, whose table could not be read."""
    plan = f"{smallest}{GROUP}[run]\nseed = -1\n"
    said = said_of({"plan.toml": plan, "members.csv": "nam\nx\n"})

    assert [line.split(" ")[0] for line in said] == [
        "members.csv:1:1:",
        "members.csv:1:1:",
        "plan.toml:11:8:",
    ]


def test_an_empty_cell_leaves_the_value_out(members_in):
    """It then is what the model says when nothing is said."""
    assert members_in("name,weight,decision_median_hours\nfrance,,\n") == {"france": Member()}


def test_blanks_around_a_cell_do_not_count(members_in):
    """People line their columns up."""
    assert members_in("name , weight\n france , 5 \n") == {"france": Member(weight=5.0)}


@pytest.mark.parametrize("says_no", ["", "false", "False", "no", "0"])
def test_a_switch_that_is_off_is_accepted(members_in, says_no):
    """It is the same as an empty cell."""
    table = f"name,needs_backer,vetoes\nfrance,{says_no},{says_no}\n"

    assert members_in(table) == {"france": Member()}


@pytest.mark.parametrize("says_yes", ["true", "TRUE", "yes", "1"])
def test_a_switch_that_is_on_is_a_truth(loaded, smallest, says_yes):
    """However it is written."""
    group = GROUP.replace("unanimity", "veto") + 'backer = "usa"\n[actors.usa]\n'
    table = f"name,needs_backer,vetoes\nfrance,{says_yes},{says_yes}\ngermany,,\n"
    members = loaded({"plan.toml": smallest + group, "members.csv": table}).groups["all"].members

    assert members == {"france": Member(needs_backer=True, vetoes=True), "germany": Member()}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_a_table_may_come_from_any_system(members_in, end):
    """Line ends and a byte order mark make no difference."""
    table = "\ufeffname,weight\nfrance,5\nnorge på tvers,2".replace("\n", end)

    assert list(members_in(table)) == ["france", "norge på tvers"]


def test_a_name_with_a_line_separator_is_one_name(members_in):
    """Only what ends a line in an editor ends a row."""
    assert list(members_in("name\none\u2028two\n")) == ["one\u2028two"]


def test_the_members_keep_the_order_of_the_rows(members_in):
    """A table reads as it was written."""
    assert list(members_in("name\nc\na\nb\n")) == ["c", "a", "b"]


def test_there_are_at_most_a_thousand_members(said_of_members):
    """More would be no coalition, and would take long."""
    [said] = said_of_members("name\n" + "".join(f"m{index}\n" for index in range(1001)))

    assert said.startswith("members.csv:1:1: groups.all.members: is {")
    assert said.endswith("must be a table, with at most 1,000 entries")


def test_members_that_are_no_table_are_no_excuse_for_a_members_file(said_of, smallest):
    """The value that is wrong is named, and not replaced in silence."""
    said = said_of({"plan.toml": f"{smallest}{GROUP}members = 3\n", "members.csv": "name\na\n"})

    assert said == [
        "plan.toml:10:11: groups.all.members: is 3, must be a table, with at most 1,000 entries"
    ]


def test_a_mistake_beside_a_table_is_told_where_it_is(said_of, smallest):
    """What the scenario says of a member counts more than the table, and so does its place."""
    plan = f"{smallest}{GROUP}members = {{ france = {{ weight = -1 }} }}\n"
    said = said_of({"plan.toml": plan, "members.csv": f"{HEADER}france,-2,1\n"})

    assert [line.split(" ")[0] for line in said] == ["plan.toml:10:33:"]


def test_the_source_of_a_table_is_that_of_its_members(loaded, smallest):
    """The scenario keeps the members and not the file, and so it does with the source."""
    sources = '[sources]\n"groups.all.members_file" = "A119"\n'
    plan = loaded({"plan.toml": smallest + GROUP + sources, "members.csv": "name\nfrance\n"})

    assert plan.sources == {"groups.all.members": "A119"}
