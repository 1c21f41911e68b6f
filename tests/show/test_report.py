"""The report says what was found, and nothing that is in it can do anything."""

from dataclasses import replace

import pytest
from show.report_pages import HOSTILE, read_page

import sim
from sim.scenario.sources import sourced_values
from sim.show.report.writing import html, report

KINDS = ("run", "comparison", "sweep", "sensitivity", "study")
STUDY = """
format = 1
title = "Two plans"
scenarios = { first = "small_world.toml", second = "small_world.toml" }
replications = 6
[vary]
"crisis.quiet_hours" = [6, 24]
"""


@pytest.fixture(scope="module")
def hostile_plan(small_plan):
    """The small world with a title that wants to be more than a title."""
    return small_plan.with_(("title", HOSTILE))


@pytest.fixture(scope="module")
def found(small_world, hostile_plan, tmp_path_factory):
    """One of each kind, all of them small; the study is of two plans at two points."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "small_world.toml").write_bytes(small_world.read_bytes())
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    quick = {"workers": 1, "progress": False}
    never = hostile_plan.with_(("attack.per_year", 0.0), ("title", "No attacks"))
    labels = [HOSTILE[:40], "no attacks"]
    return {
        "run": sim.run(hostile_plan, 20, **quick),
        "comparison": sim.compare([hostile_plan, never], 20, labels=labels, **quick),
        "sweep": sim.sweep(hostile_plan, {"crisis.quiet_hours": [6, 24]}, replications=8, **quick),
        "sensitivity": sim.sensitivity(
            hostile_plan, {"attack.per_year": (0.5, 6)}, samples=4, replications=8, **quick
        ),
        "study": sim.play_study(folder / "study.toml", folder / "study", **quick),
    }


@pytest.fixture(scope="module")
def texts(found):
    """The report of each kind."""
    return {kind: html(one) for kind, one in found.items()}


@pytest.fixture(scope="module")
def pages(texts):
    """The same, read."""
    return {kind: read_page(text) for kind, text in texts.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_the_answer_first_and_then_all_parts(pages, kind):
    """In the order in which somebody would ask for them."""
    names = [one.attributes["id"] for one in pages[kind].all("section")]

    assert names == ["answer", "figures", "numbers", "plan", "assumptions", "again", "words"]
    assert len(pages[kind].by_id("answer").text()) > 100


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_that_it_is_no_forecast(pages, kind):
    """Above everything, in each caption and at the end, with the values by their grades."""
    page = pages[kind]
    said = [page.all("header")[0], page.all("footer")[0], *page.all("figcaption")]

    assert all("onditional on assumptions, not a forecast" in one.text() for one in said)
    assert all("assumption" in one.text() for one in said)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_loaded_and_nothing_runs(pages, kind):
    """No script, no frame, no address of anything: whoever has the file has it all."""
    elements = pages[kind].elements()
    links = [one.attributes.get(name) for one in elements for name in ("href", "xlink:href", "src")]
    outside = [one for one in links if one and not one.startswith(("#", "data:image/png;base64,"))]

    assert outside == []
    assert not {one.name for one in elements} & {"script", "iframe", "object", "embed", "link"}
    assert not [name for one in elements for name in one.attributes if name.startswith("on")]
    assert "url(http" not in "".join(style.text() for style in pages[kind].all("style"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_forbids_itself_to_load_anything(pages, kind):
    """Also where somebody finds a way to write into it."""
    policies = [
        one.attributes["content"]
        for one in pages[kind].all("meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    ]

    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


@pytest.mark.parametrize("kind", ["run", "comparison", "sweep", "sensitivity"])
def test_a_hostile_title_is_a_title(texts, pages, kind):
    """Its characters are shown, and those that turn writing around or print nothing are not."""
    words = " ".join(pages[kind].all("body")[0].text().split())

    assert "<script>window.broken = 1</script>" in words
    assert not set(texts[kind]) & {"\u202e", "\x00"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_has_a_name_and_a_caption(pages, kind):
    """For whoever does not see it."""
    figures = pages[kind].all("figure")
    drawings = [one.all("svg")[0].attributes for one in figures]

    assert figures
    assert all(one["role"] == "img" and one["aria-label"] for one in drawings)
    assert all(len(one.all("figcaption")[0].text()) > 50 for one in figures)


@pytest.mark.parametrize("kind", KINDS)
def test_no_id_is_there_twice_and_each_link_leads_somewhere(pages, kind):
    """Drawings have many ids, and stand in one page."""
    elements = pages[kind].elements()
    ids = [one.attributes["id"] for one in elements if "id" in one.attributes]
    links = [
        one.attributes[name]
        for one in elements
        for name in ("href", "xlink:href")
        if name in one.attributes
    ]

    assert len(ids) == len(set(ids))
    assert {one.removeprefix("#") for one in links if one.startswith("#")} <= set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_is_one(pages, kind):
    """A caption, heads that say of what they are, and a cell in each column."""
    for table in pages[kind].all("table"):
        heads = table.all("thead")[0].all("th")
        rows = table.rows()

        assert table.all("caption")[0].text()
        assert all(one.attributes["scope"] in {"col", "row", "rowgroup"} for one in table.all("th"))
        assert {len(row) for row in rows} == {len(heads)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_small_enough_to_send(texts, kind):
    """Less than three million bytes."""
    assert len(texts[kind].encode()) < 3_000_000


def test_every_value_that_the_runs_depend_on_is_there_with_its_grade(pages, hostile_plan):
    """The assumed ones first; none is left out."""
    (table,) = pages["run"].by_id("assumptions").all("table")
    shown = [(row[0], row[2]) for row in table.rows()[1:]]
    values = [one for one in sourced_values(hostile_plan) if one.counts]
    grades = ["assumption", "literature", "reported"]

    assert sorted(shown) == sorted((one.path, one.grade) for one in values)
    assert [one[1] for one in shown] == sorted((one[1] for one in shown), key=grades.index)


def test_another_plan_shows_what_it_has_otherwise(pages):
    """And only that."""
    _, other = pages["comparison"].by_id("assumptions").all("table")

    assert [(row[0], row[1]) for row in other.rows()[1:]] == [("attack.per_year", "0 per year")]


def test_every_estimate_of_the_summary_is_in_the_tables(found, pages):
    """With the words of the summary."""
    tables = pages["run"].by_id("numbers").all("table")
    named = {row[0] for table in tables for row in table.rows()}

    assert set(found["run"].summary()["meaning"]) <= named


def test_the_answer_of_a_run_has_its_share_and_each_step(found, pages):
    """With the interval."""
    held = found["run"].tally.estimate("held")
    words = pages["run"].by_id("answer").text().replace("\xa0", " ")
    shown = " ".join(f"{100 * one:.0f}" for one in held[:3])

    assert f"In {shown.split()[0]} % ({shown.split()[1]} to {shown.split()[2]}) of 20 runs" in words
    assert all(f"The step {name} is called" in words for name in found["run"].scenario.steps)


def test_the_answer_of_a_comparison_is_its_own(found, pages):
    """Word by word."""
    answer = pages["comparison"].by_id("answer").all("p")[0].text()

    assert answer == " ".join(found["comparison"].answer().replace("\u202e", " ").split())


def test_a_sweep_names_the_points_where_an_outcome_is_extreme(found, pages):
    """As its table has them."""
    rows = found["sweep"].outcome("crises").sort_values("estimate")
    least, most = (f"{value:g}" for value in rows["crisis.quiet_hours"])
    (told,) = (one.text() for one in pages["sweep"].all("li") if "Crises" in one.text())

    assert told.index(f"crisis.quiet_hours is {least};") < told.index(f"is {most}. ")


def test_what_does_nothing_is_the_same_at_every_point(small_plan):
    """No point is called the best where all are alike."""
    sweep = sim.sweep(
        small_plan,
        {"steps.force.provoke_probability": [0.1, 0.1000001]},
        replications=3,
        workers=1,
        progress=False,
    )
    told = [one.text() for one in read_page(html(sweep)).by_id("answer").all("li")]

    assert all("the same at every point" in one for one in told)


def test_points_that_are_lowest_together_are_counted(small_plan):
    """The one that is named is not the only one."""
    never = small_plan.with_(("run.horizon_days", 5))
    # Nobody attacks in five days at rates like these.
    rates = {"attack.per_year": [0.0, 1e-9, 1e-8, 300.0]}
    sweep = sim.sweep(never, rates, replications=20, workers=1, progress=False)
    told = [one.text() for one in read_page(html(sweep)).by_id("answer").all("li")]

    assert any("attack.per_year is 0 and at 2 other points; highest" in one for one in told)


def test_a_sweep_of_one_point_says_what_happens_there(small_plan):
    """There is nothing to compare it with, but its estimates are known."""
    ranges = {"crisis.quiet_hours": [12]}
    sweep = sim.sweep(small_plan, ranges, replications=5, workers=1, progress=False)
    told = [one.text() for one in read_page(html(sweep)).by_id("answer").all("li")]

    assert any(one.startswith("Crises (per run): ") for one in told)
    assert all(one.endswith("where crisis.quiet_hours is 12.") for one in told)


def test_a_comparison_with_runs_that_were_cut_off_says_so_at_once(small_plan):
    """In the answer itself; and where they are cut off is a value in which the plans differ."""
    cut = small_plan.with_(("run.most_violations", 2))
    with pytest.warns(sim.study.run.RunawayWarning):
        found = sim.compare({"a": cut, "b": small_plan}, 20, workers=1, progress=False)
    page = read_page(html(found))

    assert "Not to be relied on: under a, " in page.by_id("answer").all("p")[0].text()
    assert (
        "b: 1 change of a: run.most_violations is 1,000,000 instead of 2"
        in page.by_id("answer").text()
    )
    assert "run.most_violations" in page.by_id("assumptions").text()


def test_where_nothing_varies_no_ranking_is_spoken_of(small_plan):
    """There is none that more of a sample would make reliable."""
    never = small_plan.with_(("attack.per_year", 0.0), ("run.horizon_days", 1))
    ranges = {"crisis.quiet_hours": (12, 48)}
    found = sim.sensitivity(
        never, ranges, "collapsed", samples=4, replications=8, workers=1, progress=False
    )
    words = read_page(html(found)).by_id("answer").text()

    assert "Nothing can be said about what decides collapsed, since its estimates are" in words
    assert "ranking" not in words


def test_a_plan_without_steps_says_that_nobody_answers(small_world, tmp_path):
    """And draws no ladder."""
    world = small_world.read_text(encoding="utf-8").split("[steps.warning]")[0]
    (tmp_path / "alone.toml").write_text(world, encoding="utf-8")
    alone = sim.load(tmp_path / "alone.toml")
    page = read_page(html(sim.run(alone, 5, workers=1, progress=False)))

    assert "nobody answers" in page.by_id("answer").text()
    assert page.by_id("plan").all("figure") == []


def test_the_same_results_give_the_same_bytes(found, tmp_path):
    """Wherever their folder is, if only it is called the same."""
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        found["run"].save(tmp_path / place / "mine")
    files = [
        report(tmp_path / place / "mine", tmp_path / f"{place}.html") for place in ("here", "there")
    ]

    assert files[0].read_bytes() == files[1].read_bytes()
    assert str(tmp_path) not in files[0].read_text(encoding="utf-8")


def test_a_file_that_is_there_is_never_written_over(found, tmp_path):
    """Unless it is a report, and that is asked for."""
    letter, old = tmp_path / "letter.html", tmp_path / "old.html"
    letter.write_text("Dear", encoding="utf-8")
    report(found["sweep"], old)
    for file, may in ((letter, False), (letter, True), (old, False)):
        with pytest.raises(FileExistsError):
            report(found["run"], file, replace=may)
    report(found["run"], old, replace=True)

    assert letter.read_text(encoding="utf-8") == "Dear"
    assert old.read_text(encoding="utf-8") == html(found["run"])


def test_runs_of_other_rules_are_said_to_be_that(found):
    """And no run of theirs is told by the rules of today."""
    batch = replace(found["run"].batch, code="0" * 64)
    ours, theirs = (
        read_page(html(one)) for one in (found["run"], replace(found["run"], batch=batch))
    )

    assert "played by other rules" in theirs.by_id("again").text()
    assert "played by other rules" not in ours.by_id("again").text()
    assert len(theirs.all("figure")) == len(ours.all("figure")) - 1


def test_runs_that_failed_are_told(found):
    """How many, and of one why."""
    from sim.results.pieces import Failure

    failed = (Failure(0, 3, "ArithmeticError", "lost <b>count</b>"),)
    page = read_page(html(replace(found["run"], failed=failed)))

    assert "1 run could not be played to the end" in page.by_id("answer").text()
    assert ["0", "3", "ArithmeticError: lost <b>count</b>"] in page.by_id("answer").all("table")[
        0
    ].rows()
