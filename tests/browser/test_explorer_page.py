"""The explorer as somebody uses it, in a real browser."""

import json
import re
import shlex

import pytest
from browser.looking import control, numbers, type_into, wait_for

import sim

FORCE = "steps.force.not_before_hours"


def test_it_opens_with_pictures_numbers_and_what_they_rest_on(page):
    """Whoever opens it sees both plans, with intervals, and that it is no forecast."""
    for name in ("outcomes", "differences", "by_when", "delays"):
        image = page.locator(f".sim-{name} img")
        assert image.evaluate("one => one.complete && one.naturalWidth > 300"), name
        assert len(image.get_attribute("alt")) > 20
    text = page.inner_text(".sim-explorer")
    for words in (
        "300 of 300 runs of each plan",
        "95 % intervals",
        "seed 7",
        "paired",
        "conditional on assumptions, not a forecast",
        "values that the runs depend on:",
    ):
        assert words in text


def test_a_slider_that_is_moved_with_the_keys_changes_picture_and_numbers(page):
    """What it changes is plan B; plan A stays as it is."""
    before, image = numbers(page), page.locator(".sim-outcomes img")
    source = image.get_attribute("src")
    slider = control(page, "violations.incidents_per_day", "range")
    slider.focus()
    page.keyboard.press("End")
    wait_for(page, "done")
    after = numbers(page)

    assert image.get_attribute("src") != source
    assert after["held"][0] == before["held"][0]
    assert after["crises"][1] != before["crises"][1]
    assert "violations.incidents_per_day" in page.inner_text(".sim-chooser.sim-B")


def test_who_moves_fast_sees_the_last_value_and_nothing_queues(context, page):
    """Only some values are asked for, and none is answered after a newer one."""
    sent, got = [], []
    fresh = context.new_page()
    fresh.on("websocket", lambda line: _listen(line, sent, got))
    fresh.goto(page.url)
    fresh.wait_for_selector(".sim-control")
    slider = control(fresh, FORCE, "range")
    slider.focus()
    for _ in range(60):
        fresh.keyboard.press("ArrowRight")
    wait_for(fresh, "done")
    fresh.get_by_label("Runs of each plan").fill("200")
    fresh.keyboard.press("Tab")
    wait_for(fresh, "done")
    wished = [one for one in sent if one["kind"] == "wish"]
    shown = [one["number"] for one in got if one["kind"] in {"numbers", "picture"}]

    assert wished[-1]["plans"][1]["typed"][FORCE] == control(fresh, FORCE, "text").input_value()
    assert shown == sorted(shown)
    assert shown[-1] == wished[-1]["number"]
    assert len(wished) < 60
    fresh.close()


_DRAG = """() => {
  const slider = document.querySelector("input[type=range]");
  let pictures = 0;
  const count = () => {
    if ((pictures += 1) === 3) document.body.dataset.moved = "";
  };
  document.querySelector(".sim-outcomes img").addEventListener("load", count);
  let place = 0;
  window.drag = setInterval(() => {
    slider.value = (place += 1) % Number(slider.max);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, 20);
}"""


def test_pictures_move_while_a_slider_is_dragged(page):
    """They are of a moment ago, and in grey until the last value's are there."""
    page.evaluate(_DRAG)
    # The page lets no text be run as a program, so that an attribute is waited for.
    page.wait_for_selector("body[data-moved]", state="attached")
    is_grey = page.evaluate("document.querySelector('.sim-explorer').matches('.sim-old')")
    page.evaluate("clearInterval(window.drag)")
    wait_for(page, "done")
    page.wait_for_selector(".sim-explorer:not(.sim-old)")

    assert is_grey


def _listen(line, sent, got):
    line.on("framesent", lambda text: sent.append(json.loads(text)))
    line.on("framereceived", lambda text: isinstance(text, str) and got.append(json.loads(text)))


def test_the_saved_scenario_gives_the_numbers_on_the_screen(page, tmp_path):
    """Run by itself, with the runs and the luck that it has."""
    from sim.show.explorer.numbers import estimate_text

    type_into(page, FORCE, "30")
    wait_for(page, "done")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save plan B as scenario").click()
    file = tmp_path / "mine.toml"
    download.value.save_as(file)
    results = sim.run(sim.load(file), workers=1, progress=False)

    assert download.value.suggested_filename == "plan_b.toml"
    units = {one.name: one.unit for one in _quantities(results)}
    for name, (_, shown, _) in numbers(page).items():
        assert shown == estimate_text(results.tally.estimate(name), units[name])


def _quantities(results):
    from sim.results.quantities import quantities

    return quantities(results.scenario)


def test_what_is_copied_gives_the_numbers_on_the_screen(page, folder, monkeypatch):
    """As Python, and as a command."""
    from sim.show.explorer.numbers import estimate_text

    monkeypatch.chdir(folder)
    type_into(page, FORCE, "30")
    wait_for(page, "done")
    held = numbers(page)["held"]
    defined = {}
    exec(_copied(page, "Python"), defined)  # noqa: S102 - it is our own
    found = [one.tally.estimate("held") for one in defined["comparison"].results]

    assert [estimate_text(one, "share of runs") for one in found] == held[:2]


def test_the_command_that_is_copied_says_what_is_on_the_screen(page):
    """The values that were changed, the runs and the seed."""
    type_into(page, FORCE, "30")
    wait_for(page, "done")
    run, compare = (shlex.split(line) for line in _copied(page, "command").splitlines())

    assert run[:5] == ["sim", "run", "small_world.toml", "--set", f"{FORCE}=30"]
    assert run[5:9] == compare[4:] == ["--replications", "300", "--seed", "7"]


def _copied(page, what):
    page.get_by_role("button", name=f"Copy as {what}").click()
    area = page.locator(f"textarea[data-what={what.lower()}]")
    area.wait_for()
    return area.input_value()


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        (FORCE, "soon", 'is "soon", must be a number, 0 or more'),
        ("groups.allies.quorum", "9", "is 9, must be at most 3, the members of the group"),
        ("steps.force.deploy.low_hours", "20", "in falling order, must be rising"),
    ],
)
def test_a_bad_value_is_told_where_it_was_typed(page, path, text, says):
    """The last good picture stays, marked as old; a good value brings a new one."""
    source = page.locator(".sim-outcomes img").get_attribute("src")
    type_into(page, path, text)
    wait_for(page, "wrong")

    assert says in page.locator(f'[data-path="{path}"] .sim-error').inner_text()
    assert page.locator(".sim-outcomes img").get_attribute("src") == source
    assert "sim-old" in page.locator(".sim-explorer").get_attribute("class")
    type_into(page, path, "1")
    wait_for(page, "done")
    assert page.locator(f'[data-path="{path}"] .sim-error').inner_text() == ""
    assert "sim-old" not in page.locator(".sim-explorer").get_attribute("class")


def test_a_bad_number_of_runs_is_told_there(page):
    """So is a bad seed."""
    page.get_by_label("Seed").fill("-1")
    page.keyboard.press("Tab")
    wait_for(page, "wrong")

    assert "must be a whole number, 0 to" in page.locator("[id$=seed-error]").inner_text()


def test_the_keyboard_reaches_everything_in_its_order(page):
    """From the plans to the sliders, and each thing that has the focus has a name."""
    page.locator(".sim-chooser select").first.focus()
    names = []
    for _ in range(14):
        names.append(page.evaluate("(document.activeElement.labels ?? [])[0]?.textContent ?? ''"))
        page.keyboard.press("Tab")

    wanted = ["Plan A", "Plan B", "Runs of each plan", "Seed", "plan B", "decide from (hours)"]
    assert [one for one in names if one in wanted] == wanted


def test_every_control_says_its_unit_its_grade_and_its_source(page):
    """A slider without them would be a toy."""
    row = page.locator('[data-path="steps.warning.deadline_hours"]')
    row.locator("summary").click()
    said = row.inner_text()

    assert "deadline (hours)" in said
    assert "reported: F05: " in said
    assert "In force by then" in said
    grades = page.locator(".sim-control .sim-grade").all_text_contents()
    assert set(grades) <= {"reported", "literature", "assumption"}


def test_a_changed_value_is_an_assumption_until_it_is_put_back(page):
    """The source vouched for another value."""
    path = "steps.warning.deadline_hours"
    grade = page.locator(f'[data-path="{path}"] .sim-grade')
    type_into(page, path, "12")
    changed = grade.inner_text()
    type_into(page, path, "6")

    assert (changed, grade.inner_text()) == ("assumption", "reported")


def test_a_value_is_put_back(page):
    """So that one need not remember what the file says."""
    before = numbers(page)
    type_into(page, FORCE, "30")
    wait_for(page, "done")
    page.get_by_role("button", name="put back 12").click()
    wait_for(page, "done")

    assert numbers(page) == before
    assert control(page, FORCE, "text").input_value() == "12"


def test_the_sliders_can_change_both_plans(page):
    """Then the two are the same, which is said, and every run ends the same."""
    page.get_by_label("both").check()
    type_into(page, "violations.incidents_per_day", "6")
    wait_for(page, "done")

    ours, theirs, _ = numbers(page)["crises"]
    assert ours == theirs
    assert page.inner_text(".sim-answer").startswith("Both plans are the same so far")
    assert "every run ends the same" in page.inner_text(".sim-answer")


def test_both_plans_get_what_is_typed_where_one_of_them_has_it_already(page):
    """Plan A keeps no other value than the slider shows, and where they differ, both are said."""
    path = "crisis.quiet_hours"
    page.get_by_label("plan A", exact=True).check()
    type_into(page, path, "24")
    wait_for(page, "done")
    page.get_by_label("both").check()
    row = page.locator(f'[data-path="{path}"]')
    apart = row.locator(".sim-apart:not([hidden])").inner_text()
    for text in ("36", "12"):
        type_into(page, path, text)
        wait_for(page, "done")

    assert apart == "A: 24, B: 12"
    assert not row.locator(".sim-apart").is_visible()
    assert "every run ends the same" in page.inner_text(".sim-answer")
    assert _copied(page, "command").startswith(
        "sim compare small_world.toml small_world.toml --rep"
    )


def test_two_files_with_other_values_both_get_what_is_typed(page):
    """Going back to the value of one file is a change of the other one."""
    path = "crisis.quiet_hours"
    page.get_by_label("Plan A", exact=True).select_option("hasty")
    page.get_by_label("both").check()
    row = page.locator(f'[data-path="{path}"]')
    assert row.locator(".sim-apart:not([hidden])").inner_text() == "A: 6, B: 12"
    for text in ("36", "12"):
        type_into(page, path, text)
        wait_for(page, "done")

    assert "crisis.quiet_hours = 12" in page.inner_text(".sim-chooser.sim-A .sim-title")
    assert not row.locator(".sim-apart").is_visible()


def test_the_horizon_is_that_of_both_plans(page):
    """It stands beside the runs and the seed, is plan A's at first, and is told if it cannot be."""
    field = page.get_by_label("Horizon (days)")
    before, at_first = numbers(page)["crises"], field.input_value()
    field.fill("0")
    field.press("Tab")
    wait_for(page, "wrong")
    error = page.locator(".sim-field .sim-error:not(:empty)").inner_text()
    field.fill("5")
    field.press("Tab")
    wait_for(page, "done")
    ours, theirs, _ = numbers(page)["crises"]

    assert at_first == "20"
    assert "must be" in error
    assert ours == theirs != before[0]
    assert "--set run.horizon_days=5" in _copied(page, "command")


def test_another_plan_can_be_chosen(page):
    """Its controls are its own: a plan without steps has none of theirs."""
    page.get_by_label("Plan B", exact=True).select_option("nobody")
    wait_for(page, "done")
    page.locator('[data-path="steps.force.not_before_hours"]').wait_for(state="detached")

    assert numbers(page)["force.on_time"][1] == "no such step"
    assert "Nobody answers" in page.inner_text(".sim-chooser.sim-B")


def test_one_run_is_told_and_the_next_one_that_parts_is_found(page):
    """The picture of the run says which one it is, and under which plan."""
    type_into(page, "levels.expanded.collapse_per_day", "3")
    wait_for(page, "done")
    page.get_by_text("One run, event by event").click()
    page.wait_for_selector(".sim-run img[data-number]")
    page.get_by_role("button", name="Next run in which the plans part").click()
    page.wait_for_selector(".sim-run figcaption:not(:has-text('Run 0 '))")
    caption = page.inner_text(".sim-run figcaption")
    run = int(re.search(r"\d+", caption).group())

    assert caption == f"Run {run} under plan B"
    assert run > 0


def test_it_is_readable_on_a_phone(page):
    """Nothing sticks out at 360 pixels, and no letter is smaller than 12."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_selector(".sim-outcomes img[width='336']")
    widths = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.sim-explorer *')]
           .filter((one) => one.innerText)
           .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    )

    assert widths[0] <= widths[1]
    assert smallest >= 12


def test_sliders_stay_in_reach_on_a_phone(page):
    """They come before the pictures, and stay above them while these move below."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_selector(".sim-outcomes img[width='366']")
    places = [page.locator(one).bounding_box()["y"] for one in (".sim-controls", ".sim-pictures")]
    page.locator(".sim-differences").scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, 300)")
    slider = page.locator(".sim-control input[type=range]").first.bounding_box()

    assert places[0] < places[1]
    assert 0 < slider["y"] < 844 / 2


def test_going_back_to_known_values_is_instant(page):
    """What was played once is not played again: its first answer is of all runs."""
    type_into(page, FORCE, "30")
    wait_for(page, "done")
    got = page.evaluate_handle(
        """() => {
          const said = [];
          const progress = document.querySelector('.sim-progress');
          const note = () => said.push(progress.textContent);
          new MutationObserver(note).observe(progress, { childList: true });
          return said;
        }"""
    )
    page.get_by_role("button", name="Put all back").click()
    wait_for(page, "done")

    assert set(got.json_value()) == {"300 of 300 runs of each plan"}
