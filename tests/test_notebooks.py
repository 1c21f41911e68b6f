"""The course runs from its first cell to its last, draws what it says, and says what is so.

`python tests/test_notebooks.py` takes out of the notebooks what Jupyter has put in.
"""

import ast
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
COURSE = ROOT / "notebooks"
NOTEBOOKS = sorted(COURSE.glob("*.ipynb"))
NEEDED = ("notebooks", "scenarios", "seeds")
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
MEANT_TO_FAIL = {"tags": ["raises-exception"]}
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
LOOPS_AND_FUNCTIONS = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)

# What the prose says of results, and the expression that must hold when the notebook has run.
CLAIMS = {
    "1_one_ceasefire": {
        "thousands of events in a year": "len(whole) - len(story) > 2000",
        "Twice something more happens": 'list(story["event"]).count("crisis_opens") == 2',
        "took more than a day": (
            'story[story["event"] == "clock_starts"]["detail"].iloc[0].endswith("25.78 h")'
        ),
        "`promise_broken` follows in the same hour": (
            'story[story["event"] == "promise_broken"]["time_hours"].iloc[0]'
            ' == story[story["event"] == "attributed"]["time_hours"].iloc[0]'
        ),
        "its forces were still under way when it closed": (
            'list(story[story["event"] == "step_stood_down"]["where"]) == ["coalition"]'
        ),
        "an attack on two sectors at once": (
            'list(story[story["event"] == "attack"]["detail"]) == ["attack 1, on 2 sectors"]'
        ),
        "it is in force at about hour 95": (
            'votes[votes["event"] == "step_in_force"]["detail"].str.contains("hour 94.92").all()'
        ),
        "collapses about thirty hours later, with all three steps in force": (
            'abs(story["time_hours"].iloc[-1] - votes["time_hours"].iloc[-1] - 30) < 1'
        ),
        "its fifth yes decides": (
            'list(votes["event"]).index("decider_yes")'
            ' == 1 + list(votes["event"][: list(votes["event"]).index("decider_yes")])'
            '.count("member_yes") == 6'
        ),
        "in about nine of ten runs of this plan the ceasefire holds": (
            '0.88 < sim.run(plan, 1000).tally.estimate("held").value < 0.94'
        ),
    },
    "2_ten_thousand_ceasefires": {
        "About nine in ten hold": '0.90 < results.tally.estimate("held").low',
        "Most of the coalition's calls come to nothing": (
            'results.tally.estimate("coalition.stood_down").low > 0.5'
        ),
        "A warning waits for attribution": (
            'results.delays().query("step == \'warning\'").set_index("part")["longest_share"]'
            '.idxmax() == "attribution"'
        ),
        "A military response waits for decisions, and then for ships and trains": (
            'set(results.delays().query("step == \'military\'").nlargest(2, "hours")["part"])'
            ' == {"decision", "deployment"}'
        ),
        "A first crisis is a matter of weeks": (
            'results.outcomes["first_crisis_hours"].median() < 6 * 168'
        ),
        "it lies where hardly any run is": (
            'results.outcomes["hours_expanded"].between(30, 50).mean() < 0.02'
        ),
        "to two percentage points to either side": (
            '0.02 >= max(enough.summary()["high"][1] - enough.summary()["estimate"][1],'
            ' enough.summary()["estimate"][1] - enough.summary()["low"][1])'
        ),
        "That most are assumed": 'values["grade"].eq("assumption").mean() > 0.5',
    },
    "3_what_if": {
        "rescues some and ruins none": (
            'found.which_runs("collapsed", "held") and not found.which_runs("held", "collapsed")'
        ),
        "The ceasefire collapses months after the first difference": (
            'found.results[0].outcomes["end_hours"][rescued]'
            " - found.explain(rescued)[0].fighting_hours > 60 * 24"
        ),
        "the shorter clock does nothing for them, faster attribution keeps many more": (
            '(ways.differences().query("quantity == \'promises_kept\'")["difference"].round(1)'
            " == [0.0, 0.3]).all()"
        ),
        "these runs cannot tell": (
            '(ways.differences().query("quantity == \'held\'").eval("low <= 0 <= high")).all()'
        ),
    },
    "4_which_numbers_matter": {
        "Seventy-odd values behind the three-step plan are assumed": (
            "70 < found.results.sources().query(\"counts and grade == 'assumption'\").shape[0] < 80"
        ),
        "The line falls": 'one.outcome("promises_kept")["estimate"].is_monotonic_decreasing',
        "fewer than half are met under the quickest government": (
            'two.outcome("promises_kept").query("`levels.assault.attribution.delay.median_hours`'
            ' == 24")["estimate"].max() < 0.5'
        ),
    },
    "5_where_the_plan_breaks": {
        "Blitz costs ceasefires": (
            "found.differences().query(\"plan == 'blitz' and quantity == 'held'\")"
            '["simultaneous_high"].item() < 0'
        ),
        "Probing more than doubles the fighting": (
            'found.results[2].tally.estimate("fighting_hours").low'
            ' > 2 * found.results[0].tally.estimate("fighting_hours").high'
        ),
        "hardly opens a crisis more": (
            "abs(found.differences().query(\"plan == 'probing' and quantity == 'crises'\")"
            '["difference"].item()) < 0.5'
        ),
        "Salami keeps the third step from coming": (
            'found.results[1].tally.estimate("military.in_force").high < 0.01'
        ),
        "each closes before the military step is there": (
            'not ((story["event"] == "step_in_force") & (story["where"] == "military")).any()'
        ),
        "whoever breaks off at hour 84 still meets it rarely, and at hour 168 often": (
            'patience.outcome("military.in_force")["estimate"].iloc[6] < 0.1'
            ' and patience.outcome("military.in_force")["estimate"].iloc[-1] > 0.15'
        ),
        "nearly as many at hour 60 as at hour 168": (
            'patience.outcome("hours_expanded")["estimate"].iloc[4]'
            ' > 0.9 * patience.outcome("hours_expanded")["estimate"].iloc[-1]'
        ),
        "a few limits, within which the plan fails nearly always": (
            'len(failing) == 1 and "fails at 85% of the points" in failing.words'
        ),
        "Under its conditions most deadlines are missed": (
            'sim.run(bad_world, 1000).tally.estimate("promises_kept").high < 0.5'
        ),
    },
    "6_your_own_plan": {
        "still a good part of them comes late": (
            'results.tally.estimate("observers.late").low > 0.25'
        ),
        "Far fewer deadlines are met": (
            'found.differences().set_index("quantity")["high"]["promises_kept"] < -0.3'
        ),
        "there is a little more of the worst, and a few more ceasefires collapse": (
            'found.differences().set_index("quantity")["low"]["hours_expanded"] > 0'
            ' and found.differences().set_index("quantity")["high"]["held"] < 0'
        ),
    },
    "7_your_own_data": {
        "incidents that come evenly make more crises": (
            'thresholds.outcome("crises").query("`crisis.threshold_incidents` == 5")'
            '.set_index("violations.process").eval("estimate")["poisson"] > '
            'thresholds.outcome("crises").query("`crisis.threshold_incidents` == 5")'
            '.set_index("violations.process").eval("high")["replay"]'
        ),
        "With one of twenty or thirty only the terrible days reach it, and the record": (
            'thresholds.outcome("crises").query("20 <= `crisis.threshold_incidents` <= 30")'
            '.groupby("violations.process")["low"].min()["replay"] > '
            'thresholds.outcome("crises").query("20 <= `crisis.threshold_incidents` <= 30")'
            '.groupby("violations.process")["high"].max()["poisson"]'
        ),
        "From about 40 on it makes no difference": (
            'thresholds.outcome("crises").query("`crisis.threshold_incidents` >= 40")'
            '["estimate"].between(0.9, 1.3).all()'
        ),
    },
}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    """Each notebook of the course."""
    return request.param


@pytest.fixture
def notebook(path):
    """What is in it."""
    return nbformat.read(path, as_version=4)


def code(notebook):
    """Return the cells that are run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    """Return all that is said, on one line."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return " ".join(" ".join(cells).split())


def is_python(cell):
    """Return whether a cell is Python, and not a file to be written."""
    return not cell.source.startswith("%%")


def draws(cell):
    """Return whether a cell draws a picture."""
    return is_python(cell) and ("sim.figures." in cell.source or ".plot." in cell.source)


def pictures(cell):
    """Return the pictures below a cell."""
    return [one for one in cell.outputs if "image/png" in one.get("data", {})]


def files_in(folder):
    """Return the files below a folder."""
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def test_a_notebook_runs_and_what_its_prose_says_of_the_results_is_so(path, notebook, tmp_path):
    """Cell after cell, with a picture below each that draws; it writes nowhere but into mine."""
    for name in NEEDED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("mine"))
    before = files_in(tmp_path)
    notebook.cells += [nbformat.v4.new_code_cell(f"assert ({one})") for one in claims(path)]
    NotebookClient(
        notebook,
        timeout=500,
        startup_timeout=200,
        resources={"metadata": {"path": str(tmp_path / "notebooks")}},
    ).execute()
    drawn = [len(pictures(cell)) for cell in code(notebook) if draws(cell)]
    written = {str(one.parent) for one in files_in(tmp_path) - before}

    assert drawn == [1] * len(drawn) != []
    assert written <= {"notebooks/mine"}


def claims(path):
    """Return the expressions that must hold when a notebook has run."""
    return CLAIMS[path.stem].values()


def test_each_claim_that_is_checked_is_made(path, notebook):
    """So that a sentence that is changed is checked anew."""
    said = prose(notebook)

    assert [claim for claim in CLAIMS[path.stem] if claim not in said] == []


def test_a_mistake_in_a_file_is_shown_without_the_inside_of_the_program(tmp_path):
    """A notebook shows what is wrong with a scenario, and no stack of calls."""
    (tmp_path / "wrong.toml").write_text("titel = 1\n", encoding="utf-8")
    cell = nbformat.v4.new_code_cell('import sim\nsim.load("wrong.toml")')
    shown = nbformat.v4.new_notebook(cells=[cell])
    client = NotebookClient(
        shown, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    [error] = cell.outputs

    assert error["traceback"][0] == "ScenarioError:"
    assert all(line.startswith("wrong.toml:") for line in error["traceback"][1:])


def test_a_notebook_is_stored_as_it_was_written(notebook):
    """Without outputs, counts, or what else Jupyter puts in; so opening one runs and shows none."""
    cells = code(notebook)

    assert notebook.metadata == KERNEL
    assert [cell.metadata for cell in cells if cell.metadata not in ({}, MEANT_TO_FAIL)] == []
    assert [cell.source for cell in cells if cell.outputs or cell.execution_count] == []


def test_a_cell_holds_one_idea(notebook):
    """A few lines without functions or loops, and at most one picture."""
    python = [cell.source for cell in code(notebook) if is_python(cell)]
    nodes = [node for source in python for node in ast.walk(ast.parse(source))]

    assert [source for source in python if len(source.splitlines()) > 12] == []
    assert [source for source in python if source.count("sim.figures.") > 1] == []
    assert [node for node in nodes if isinstance(node, LOOPS_AND_FUNCTIONS)] == []


def test_a_notebook_says_what_it_is(notebook):
    """A title, that it is no forecast, what it does not say, what to try, and where to go on."""
    said = prose(notebook)

    assert re.search(r"\b(not a|no) forecast", notebook.cells[0].source)
    assert "What this does not say" in said or "What the numbers rest on" in said
    assert "**Try this**" in said
    assert "Next: [" in said or "The whole course: [" in said


def test_what_the_prose_links_to_is_there(path, notebook):
    """The next notebook, the pages of the project, and the scenarios that are named."""
    said = prose(notebook)
    written = re.findall(r"mine/(\w+\.toml)", " ".join(cell.source for cell in code(notebook)))
    named = set(re.findall(r"\b\w+\.toml", said)) - {*written, "my_plan.toml"}

    assert [link for link in LINK.findall(said) if not (path.parent / link).exists()] == []
    assert [name for name in named if not (ROOT / "scenarios" / name).exists()] == []


def test_the_index_has_every_notebook_in_order():
    """By its file's name, numbered from one."""
    listed = re.findall(r"\((\d_\w+\.ipynb)\)", (COURSE / "README.md").read_text(encoding="utf-8"))

    assert listed == [path.name for path in NOTEBOOKS]
    assert [name[0] for name in listed] == list("1234567")


def _strip():
    """Take out of the notebooks what Jupyter has put in."""
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata = KERNEL
        for cell in notebook.cells:
            cell.metadata = MEANT_TO_FAIL if MEANT_TO_FAIL.items() <= cell.metadata.items() else {}
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, path)


if __name__ == "__main__":
    _strip()
