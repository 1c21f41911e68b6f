"""What `sim sources` prints."""

from itertools import pairwise

import pytest

import sim
from sim.show.texts.evidence import sources_page
from sim.study.comparing.changes import changes


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


def test_what_was_changed_says_what_it_was(small_plan):
    """Also where it had no source before, and where it is a part of the value that is shown."""
    made = {"run.horizon_days": 10, "steps.force.deploy.mode_hours": 5, "crisis.quiet_hours": 6}
    plan = small_plan.with_(*made.items())
    lines = [line.plain for line in sources_page(plan, 100, changes(small_plan, plan))]
    marked = {
        line.split()[0]: below.strip()
        for line, below in pairwise(lines)
        if "changed" in line and "assumption" in line
    }

    assert marked == {
        "horizon_days": "changed by --set; it was 20",
        "quiet_hours": "changed by --set; it was 12",
        "deploy": "changed by --set; it was 4",
    }


def test_what_another_file_changed_is_marked(tmp_path, small_world):
    """A file that says otherwise than the one below it, and gives no source."""
    (tmp_path / "base.toml").write_bytes(small_world.read_bytes())
    text = 'format = 1\nextends = "base.toml"\nsteps.warning.deadline_hours = 8\n'
    (tmp_path / "mine.toml").write_text(text)
    lines = [line.plain for line in sources_page(sim.load(tmp_path / "mine.toml"), 100)]
    place = next(number for number, line in enumerate(lines) if line.endswith("changed"))

    assert lines[place].split() == ["deadline_hours", "8", "hours", "assumption", "changed"]
    assert lines[place + 1].strip() == "changed in mine.toml, which names no source"


def test_a_title_with_brackets_is_shown_as_it_is(page, small_plan):
    """It is not read as the printer's markup."""
    assert page(plan=small_plan.with_(("title", "A [bold]plan[/bold]")))[0] == "A [bold]plan[/bold]"
