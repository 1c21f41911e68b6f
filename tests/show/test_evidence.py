"""What `sim sources` prints."""

import pytest

from sim.show.evidence import sources_page


@pytest.fixture
def page(small_plan):
    """The page of the small world, as lines, at a width."""
    return lambda width=100, plan=small_plan: [line.plain for line in sources_page(plan, width)]


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_line_is_wider_than_the_screen(page, width):
    """Nor than 100 columns."""
    assert max(map(len, page(width))) <= min(width, 100)


def test_each_table_has_a_heading(page):
    """Each level, step, actor and group is a table of its own."""
    lines = page()

    assert {"violations", "levels.assault", "crisis", "steps.warning", "groups.allies"} <= set(
        lines
    )


def test_a_value_stands_in_its_line_with_grade_and_source(page):
    """As the ledger has it, and below what the source says."""
    lines = page()
    place = next(number for number, line in enumerate(lines) if line.endswith("F05"))

    assert lines[place].split() == ["deadline_hours", "6", "hours", "reported", "F05"]
    assert lines[place + 1].strip().startswith("Step 1: within 24 hours")


def test_what_was_told_is_not_told_again(page, small_plan):
    """A line says where it stands."""
    source = dict.fromkeys(["steps.warning.deadline_hours", "crisis.quiet_hours"], "F05")
    lines = page(plan=small_plan.with_(("sources", source)))

    assert sum("Step 1: within 24 hours" in line for line in lines) == 1
    assert "      as for crisis.quiet_hours" in lines


def test_a_value_without_a_source_says_so(page):
    """In the place of the source."""
    assert any(line.endswith("assumption  no source given") for line in page())


def test_a_default_says_so(page):
    """The file may as well have said nothing."""
    assert any(line.endswith("assumption  default") for line in page())


def test_a_title_with_brackets_is_shown_as_it_is(page, small_plan):
    """It is not read as the printer's markup."""
    assert page(plan=small_plan.with_(("title", "A [bold]plan[/bold]")))[0] == "A [bold]plan[/bold]"
