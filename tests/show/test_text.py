"""What the commands print."""

import io
from dataclasses import replace

from rich.console import Console
from worlds import world

import sim
from sim.show.texts.runs import story, summary_tables


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


def test_where_the_time_goes_is_a_line_a_step(small_results):
    """The mean hours of the five parts, which was the longest, and whose yes came last."""
    page = printed(small_results)
    lines = page.split("Where does the time go?")[1].splitlines()
    found = small_results.delays()
    for step in ("warning", "force"):
        cells = next(line for line in lines if line.split()[:1] == [step]).split()
        rows = found[found["step"] == step]
        longest = rows["part"].iloc[rows["longest_share"].to_numpy().argmax()].split()[0]

        assert [float(cell) for cell in cells[1:6]] == [round(one, 2) for one in rows["hours"]]
        assert cells[6] == f"{longest},"
        assert cells[-1] == str(rows["n"].iloc[0])


def test_a_step_that_is_never_in_force_says_so(small_plan):
    """Instead of a longest part."""
    never = small_plan.with_(("actors.capital.yes_probability", 0))

    assert printed(sim.run(never, workers=1, progress=False)).count("never in force") == 2


def test_a_plan_without_steps_has_no_section_about_its_delays():
    """Nobody is called, so nothing takes time."""
    assert "Where does the time go?" not in printed(sim.run(world(), 2, 1, progress=False))


def test_a_title_with_brackets_is_printed_as_it_is(small_plan, small_results):
    """It is not read as the printer's markup."""
    titled = small_plan.with_(("title", "A [bold]plan[/bold]"))
    results = replace(small_results, batch=replace(small_results.batch, scenario=titled))

    assert "A [bold]plan[/bold]" in printed(results)


def test_the_details_of_a_story_stand_below_each_other(small_plan):
    """However long the name of a place is."""
    told = sim.trace(small_plan.with_(("crisis.scope", "sector")), run=3)
    head, *lines = story(told.assign(where="a place with a very long name"))
    place = head.index("detail")

    assert [line[place:] for line in lines] == told["detail"].tolist()
    assert {line[place - 2 : place] for line in lines} == {"  "}


def test_a_story_gives_the_day_and_the_time_of_day(small_plan):
    """Hour 25.5 is on day 2, at 01:30."""
    told = sim.trace(small_plan, run=0).head(1).assign(time_hours=25.5)
    [_, line] = story(told)

    assert line.split()[:3] == ["25.50", "2,", "01:30"]
