"""Tables in notebooks have short numbers and whole cells; the frames behind them are exact."""

import re

import pandas as pd

import sim
from sim.results.tables_in_html import numbers_html

LONG = "a plan that somebody has called by a name of more than fifty characters, commas and all"


def cells(html):
    """Return what stands in the cells of a table."""
    return re.findall(r"<td>(.*?)</td>", html)


def test_no_cell_is_cut_off():
    """However long the name of a plan is."""
    table = pd.DataFrame({"plan": [LONG], "estimate": [0.5], "low": [0.25], "high": [0.75]})

    assert cells(numbers_html(table))[0] == LONG


def test_an_estimate_has_the_digits_that_its_interval_is_worth():
    """So have its bounds; a value that was set is as it was set, and what is not known is none."""
    table = pd.DataFrame(
        {
            "crisis.quiet_hours": [12.0, 1234.5],
            "estimate": [0.918312, 3483.4217],
            "low": [0.912713, 3458.1],
            "high": [0.923512, float("nan")],
            "n": [10_000, 3],
        }
    )

    assert cells(numbers_html(table)) == [
        *("12", "0.918", "0.913", "0.924", "10,000"),
        *("1,234.5", "3,483", "3,458", "none", "3"),
    ]


def test_rows_that_are_left_out_are_counted():
    """After the first forty."""
    table = pd.DataFrame({"x": [1.0] * 41, "estimate": 0.5, "low": 0.4, "high": 0.6})
    html = numbers_html(table)

    assert html.count("<tr") == 41
    assert html.endswith("<p>and 1 more row, in the table itself</p>")


def test_the_tables_themselves_are_exact(small_plan, small_results):
    """What is shown is rounded, what is computed with is not."""
    before = small_results.summary()
    sweep = sim.sweep(small_plan, {"crisis.quiet_hours": [12]}, replications=7, progress=False)
    known = sweep.table["estimate"].tolist()
    shown = [one for html in (small_results, sweep) for one in cells(html._repr_html_())]

    assert not [one for one in shown if re.search(r"\.\d{5}", one)]
    pd.testing.assert_frame_equal(small_results.summary(), before, check_exact=True)
    assert sweep.table["estimate"].tolist() == known
    assert any(len(f"{one}") > 7 for one in known)
