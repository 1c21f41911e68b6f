"""Counts in what studies say of themselves."""

import re

import pytest

import sim
from sim.show.comparisons.compared import provenance
from sim.show.texts.runs import summary_tables
from sim.show.texts.studies import sweep_lines


@pytest.fixture(scope="module")
def told_of_one(small_plan):
    """What is said of one run of one day, of two plans, and of a sweep of one point."""
    day = small_plan.with_(("run.horizon_days", 1))
    results = sim.run(day, 1, progress=False)
    comparison = sim.compare([day, day.with_(("attack.per_year", 1))], 1, progress=False)
    sweep = sim.sweep(day, {"attack.per_year": [1]}, replications=1, progress=False)
    said = [repr(one) for one in (day, results, comparison, sweep)]
    said += [one._repr_html_() for one in (day, results, comparison, sweep)]
    said += [str(line) for line in (*summary_tables(results), *sweep_lines(sweep))]
    return "\n".join([*said, *provenance(comparison).values()])


def test_one_of_something_is_not_several(told_of_one):
    """One run is a run, wherever it is said how many there are."""
    of_one = set(re.findall(r"\b1 (?:run|day|point|plan|step|sector)s?\b", told_of_one))

    assert {"1 run", "1 day", "1 point"} <= of_one
    assert not [one for one in of_one if one.endswith("s")]
