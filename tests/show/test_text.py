"""What the commands print."""

import io
from dataclasses import replace

from rich.console import Console

import sim
from sim.show.text import story, summary_tables


def printed(results):
    """Return what `sim run` would print, in a pipe."""
    page = io.StringIO()
    console = Console(file=page, width=110)
    for part in summary_tables(results):
        console.print(part)
    return page.getvalue()


def test_the_printed_summary_says_that_it_is_no_forecast(small_results):
    """And what its values rest on."""
    page = printed(small_results)

    assert "not a forecast" in page
    assert "values that the runs depend on: 1 reported" in page


def test_every_line_of_the_summary_is_printed_whole(small_results):
    """No meaning is cut off at the width of a pipe."""
    page = printed(small_results)

    assert all(meaning in page for meaning in small_results.summary()["meaning"])


def test_a_title_with_brackets_is_printed_as_it_is(small_plan, small_results):
    """It is not read as the printer's markup."""
    titled = small_plan.with_(("title", "A [bold]plan[/bold]"))
    results = replace(small_results, scenario=titled)

    assert "A [bold]plan[/bold]" in printed(results)


def test_a_story_gives_the_day_and_the_time_of_day(small_plan):
    """Hour 25.5 is on day 2, at 01:30."""
    told = sim.trace(small_plan, run=0).head(1).assign(time_hours=25.5)
    [_, line] = story(told)

    assert line.split()[:3] == ["25.50", "2,", "01:30"]
