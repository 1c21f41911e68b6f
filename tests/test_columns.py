"""The page of columns names every column that is written, and every quantity that is estimated."""

import re
from pathlib import Path

import pytest
from worlds import constant, world

import sim
from sim.results.quantities import quantities

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "columns.md"
SECTIONS = dict(
    re.findall(
        r"^## (\w+)[^\n]*\n(.*?)(?=^## |\Z)",
        PAGE.read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
)


def _named(section):
    """Return the names in the first column of a section's tables."""
    rows = re.findall(r"^\| (`[^|]*) \|", SECTIONS[section], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


@pytest.fixture(scope="module")
def plan():
    """A plan whose one level and one step are called as the page calls them."""
    level = {"spell": constant(1.0)}
    return world(levels={"LEVEL": level}, steps={"STEP": {"deadline_hours": 1.0}})


@pytest.fixture(scope="module")
def results(plan):
    """A few of its runs."""
    return sim.run(plan, replications=8, seed=1, progress=False)


@pytest.mark.parametrize(
    ("section", "table"),
    [
        ("Outcomes", lambda results: results.outcomes),
        ("Crises", lambda results: results.crises),
        ("Quantiles", lambda results: results.quantiles()),
        ("Delays", lambda results: results.delays()),
        ("Sources", lambda results: results.sources()),
        ("Failures", lambda results: results.failures),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_section_names_the_columns_of_its_table_and_no_other(section, table, results):
    """As they stand in the file and in Python."""
    assert _named(section) == set(table(results).columns)


def test_the_columns_of_a_trace_are_named_and_no_other(plan):
    """As they stand in the file and in Python."""
    assert _named("Trace") == set(sim.trace(plan, run=0).columns)


def test_the_columns_and_quantities_of_a_summary_are_named_and_no_other(plan, results):
    """Those of a plan with a deadline, all of them."""
    names = {one.name for one in quantities(plan)}

    assert _named("Summary") == set(results.summary().columns) | names


def test_the_columns_of_a_comparison_are_named_and_no_other(plan):
    """Of the differences and of the moves."""
    found = sim.compare({"one": plan, "PLAN": plan}, replications=4, progress=False)

    assert _named("Comparisons") == {*found.differences().columns, *found.moves().columns}


def test_the_columns_of_a_sweep_are_named(plan):
    """Those of the points, and of the table; a study has some more."""
    swept = sim.sweep(plan, {"run.horizon_days": [1, 2]}, replications=4, progress=False)
    columns = {*swept.cases.columns, *swept.table.columns, *swept.differences().columns}
    columns = {"PATH" if name == "run.horizon_days" else name for name in columns}

    assert columns <= _named("Sweeps")


def test_the_columns_of_a_sensitivity_analysis_are_named_and_no_other(plan):
    """Of the tornado, of Sobol's indices and of Morris' effects."""
    found = sim.sensitivity(
        plan,
        {"violations.incidents_per_day": (1, 20)},
        outcome="incidents",
        samples=8,
        replications=8,
        progress=False,
    )
    tables = (found.tornado, found.indices.table, found.effects.table)

    assert _named("Sensitivity") == {name for table in tables for name in table.columns}
