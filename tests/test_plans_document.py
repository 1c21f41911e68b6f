"""All plans side by side: what is looked at in made-up rows, and what the document says."""

import doctest
import math
import re
import subprocess
import sys
from dataclasses import dataclass

import pandas as pd
import pytest

import sim
from comparison import measures, plans, sentences, writing
from comparison.document import DOCUMENT
from comparison.playing import LONG, SHORT
from comparison.tables import Verdict
from sim.results.estimates import Estimate
from sim.results.paired import Paired

# Each of these changes the world rather than the plan, or is watched for longer than a year.
OTHERS = {
    "base",
    *("blitz", "probing", "salami"),
    *("eroded_world", "frozen_conflict", "full_world"),
    *(SHORT.file, LONG.file),
}
FILES = {file.stem for file in plans.SCENARIOS.glob("*.toml")} - OTHERS
MARKS = re.compile(r"<!-- generated: (.*?) -->\n(.*?)<!-- end -->", re.DOTALL)


def document():
    """Return what the document says."""
    return DOCUMENT.read_text(encoding="utf-8")


def table_of(block):
    """Return a table of the document by its rows' and columns' names."""
    content = dict(MARKS.findall(document()))[block]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in content.splitlines()
        if line.startswith("|")
    ]
    return {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[2:]}


def first_number(cell):
    """Return the estimate in a cell."""
    return float(re.match(r"[*]*([-+]?[\d,.]+)", cell)[1].replace(",", ""))


def is_told_apart(cell):
    """Return whether a difference is bold."""
    return cell.startswith("**")


@dataclass(frozen=True)
class Rows:
    """Results as far as they are looked at."""

    scenario: object
    replications: int
    outcomes: pd.DataFrame
    crises: pd.DataFrame


def made_up_rows():
    """Return two runs of the three-step plan with a crisis each, and made-up hours."""
    real = sim.run(plans.scenario_of(plans.MAIN), 2, 1, progress=False)
    outcomes, crises = real.outcomes.iloc[:2].copy(), real.crises.iloc[:2].copy()
    crises["run"] = [0, 1]
    crises["clock_hours"] = [100.0, 200.0]
    crises["highest_level"] = [4, 4]
    crises["warning_in_force_hours"] = [110.0, 230.0]
    crises["coalition_in_force_hours"] = [172.0, 280.0]
    crises["military_in_force_hours"] = [math.nan, 250.0]
    outcomes["outcome"] = ["held", "collapsed"]
    outcomes["promises_kept"], outcomes["promises_broken"] = [2, 0], [1, 1]
    return Rows(real.scenario, 2, outcomes, crises)


def test_help_is_the_first_step_from_outside_in_an_expanded_attack():
    """72 hours after the clock's start in one crisis, and 50 in the other; a warning is no help."""
    found = measures.measured(made_up_rows())

    assert found.outside.sums.tolist() == [72.0, 50.0]
    assert found.first.sums.tolist() == [10.0, 30.0]
    assert found.helped_in_time.share().value == 1
    assert found.to_severe.mean().value == 61


def test_help_that_never_came_is_none():
    """And in a crisis below an expanded attack help is not asked for."""
    rows = made_up_rows()
    rows.crises["coalition_in_force_hours"] = [173.0, math.nan]
    rows.crises["military_in_force_hours"] = math.nan
    both = measures.measured(rows)
    rows.crises["highest_level"] = [4, 3]
    one = measures.measured(rows)

    assert (both.helped_in_time.share().value, both.helped.share().value) == (0, 0.5)
    assert (one.helped.share().value, one.helped.share().n) == (1, 1)


def test_promises_are_counted_over_runs():
    """Two kept of four."""
    found = measures.measured(made_up_rows())

    assert found.promises.share().value == 0.5
    assert found.held.tolist() == [True, False]


def test_a_meeting_is_no_response():
    """The duty to discuss has two steps that do something, and one of them is from outside."""
    duty = next(plan for plan in plans.PLANS if plan.file == "duty_to_discuss")
    scenario = plans.scenario_of(duty)

    assert measures.effective_steps(scenario) == ["warning", "coalition"]
    assert measures.outside_steps(scenario) == ["coalition"]
    assert measures.outside_steps(plans.scenario_of(plans.ALONE)) == []


def test_a_world_leaves_the_plan_alone():
    """The full world on another plan: its violations, and the plan's own steps."""
    plain, full = (plans.scenario_of(plans.US, world) for world in (plans.PLAIN, plans.FULL))
    named = sim.load(plans.SCENARIOS / "full_world.toml")

    assert full.violations == named.violations
    assert full.monitoring == named.monitoring
    assert full.steps == plain.steps


def test_what_a_plan_says_of_monitors_holds_in_every_world():
    """A formal finding is never wrong, in the full world neither."""
    formal = plans.scenario_of(plans.FORMAL, plans.FULL)

    assert formal.monitoring == plans.scenario_of(plans.FORMAL).monitoring
    assert formal.violations.defender_share > 0


def test_half_effects_are_square_roots():
    """Twice as much half as often is as much: two halves make the whole factor."""
    whole, half = (plans.scenario_of(plans.MAIN, world) for world in (plans.PLAIN, plans.HALF))

    for name, step in whole.steps.items():
        for kind, factor in step.effect.model_dump().items():
            assert getattr(half.steps[name].effect, kind) ** 2 == pytest.approx(factor)


def paired(low, high):
    """Return a made-up difference."""
    return Paired(Estimate((low + high) / 2, low, high, "", 1), 1.0)


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        ([(1, 2), (1, 3), (1, 2), (1, 2), (-1, 2)], "better in 4 of 5: robust"),
        ([(1, 2), (-1, 3), (1, 2), (1, 2), (-1, 2)], "better in 3 of 5"),
        ([(-2, -1)] * 5, "worse in 5 of 5: robust"),
        (
            [(1, 2), (1, 2), (1, 2), (1, 2), (-2, -1)],
            "better in 4, worse in 1: depends on the world",
        ),
        ([(-1, 2), (-2, 1)], "not told apart"),
    ],
)
def test_the_verdict_follows_from_the_signs(intervals, words):
    """An interval on both sides of zero has none."""
    differences = {str(index): paired(*one) for index, one in enumerate(intervals)}

    assert Verdict(plans.MAIN, differences).words() == words


@pytest.mark.parametrize("module", [measures, sentences, writing])
def test_the_examples_in_docstrings_hold(module):
    """Numbers and shares as people read them."""
    found = doctest.testmod(module)

    assert found.attempted > 0
    assert found.failed == 0


def test_a_difference_is_bold_where_it_is_told_apart():
    """And plain where its interval holds zero."""
    assert writing.points_cell(paired(0.01, 0.03)) == "**+2.00** (+1.00 to +3.00)"
    assert writing.points_cell(paired(-0.01, 0.03)) == "+1.00 (-1.00 to +3.00)"


def test_every_plan_and_reading_is_listed_once():
    """Each file that is neither a world nor an answer nor watched for fifty years."""
    listed = [plan.file for plan in (*plans.PLANS, *plans.READINGS)]

    assert len(listed) == len(set(listed))
    assert set(listed) == FILES


def test_the_document_names_every_plan():
    """With a link to its file, in the tables of plans and of readings."""
    for file in FILES:
        assert f"(../scenarios/{file}.toml)" in document()


def test_the_documents_blocks_are_filled():
    """`make plans` has written every one of them, and the picture."""
    found = MARKS.findall(document())

    assert len(found) == document().count("<!-- generated: ") == 22
    assert all(content for _, content in found)
    assert all(DOCUMENT.with_suffix(end).exists() for end in (".png", ".svg"))


def test_a_council_with_a_veto_is_ukraine_alone():
    """As the document says: the same figures in every column but the step's own."""
    holds, alone = (
        next(row for name, row in table_of("differences").items() if name == plan.label)
        for plan in (plans.COUNCIL, plans.ALONE)
    )

    assert {**holds, "plan": ""} == {**alone, "plan": ""}


def test_fast_attribution_is_the_main_plan_in_the_full_world():
    """Both have the same monitors there."""
    rows = table_of("full")
    fast = next(plan for plan in plans.PLANS if plan.file == "monitoring_fast")

    assert {**rows[fast.label], "plan": ""} == {**rows[plans.MAIN.label], "plan": ""}


def test_a_later_clock_keeps_more_promises_and_helps_nobody():
    """As the document says beneath the readings: the ceasefire does not hold more often for it."""
    rows = table_of("readings")
    kept = {name: first_number(row["promises kept"]) for name, row in rows.items()}

    for plan in plans.READINGS:
        if "clock" in plan.file:
            holds = rows[plan.link]["holds, points"]
            assert kept[plan.link] > kept[plans.MAIN.link]
            assert not is_told_apart(holds) or first_number(holds) < 0


def test_votes_decide_more_than_hours():
    """As the first paragraph says, and the text beneath the table: sooner alone is next to nothing.

    Asking no parliament helps, since it brings members in sooner.
    """
    rows = table_of("levers")
    holds = {name: row["holds, points"] for name, row in rows.items() if row["holds, points"]}
    votes = {lever.name for lever in plans.LEVERS if lever.is_of_votes}
    of_votes = {abs(first_number(cell)) for name, cell in holds.items() if name in votes}
    of_hours = {abs(first_number(cell)) for name, cell in holds.items() if name not in votes}

    assert min(of_votes) > max(of_hours)
    seen = "violations are seen and attributed at once"
    assert first_number(rows[seen]["warning on time"]) > 95
    assert not is_told_apart(holds[seen])
    assert not is_told_apart(holds["forces are there once decided"])
    assert is_told_apart(holds["no parliament is asked"])
    assert first_number(holds["no parliament is asked"]) > 0


def test_formal_attribution_does_harm_in_the_full_world():
    """Since none of its promises is kept."""
    row = table_of("full")[plans.FORMAL.label]
    difference = row["than observe only, points"]

    assert is_told_apart(difference)
    assert first_number(difference) < 0
    assert first_number(row["promises kept"]) == 0


def test_no_plan_loses_a_run_in_the_plain_world():
    """As the document says; and each but observing only has what Ukraine does by itself."""
    lost = {row["runs saved; lost"].split("; ")[1] for row in table_of("differences").values()}

    assert lost == {"0"}
    assert all("warning" in plans.scenario_of(plan).steps for plan in plans.PLANS[:-1])


def test_a_third_step_under_way_at_the_end_is_mostly_a_ceasefire_that_collapsed():
    """As the document says: nearly always. 97 in a hundred, of some 60 that are under way."""
    results = sim.run(plans.scenario_of(plans.MAIN), 2000, progress=False)
    crises, outcomes = results.crises, results.outcomes["outcome"].to_numpy()
    under_way = crises.loc[crises["military_status"] == "open", "run"].to_numpy()

    assert (outcomes[under_way] == "collapsed").mean() > 0.9


def test_the_quick_way_fills_a_document(tmp_path):
    """The whole command with few runs, into a folder of its own."""
    command = [sys.executable, "-m", "comparison", "--quick", "--out", str(tmp_path)]
    subprocess.run(command, check=True, cwd=plans.ROOT, capture_output=True, timeout=500)
    text = (tmp_path / DOCUMENT.name).read_text(encoding="utf-8")

    assert {name for name, _ in MARKS.findall(text)} == {
        name for name, _ in MARKS.findall(document())
    }
    assert all(content for _, content in MARKS.findall(text))
    assert all((tmp_path / name).exists() for name in ("plans.png", "plans.svg"))
