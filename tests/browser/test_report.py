"""A report in a real browser: nothing in it does anything, and it reads well everywhere."""

import pytest
from show.report_pages import HOSTILE

import sim

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def file(small_plan, tmp_path_factory):
    """The report of a comparison whose titles and labels want to be more than that."""
    plan = small_plan.with_(("title", HOSTILE))
    never = plan.with_(("attack.per_year", 0.0))
    labels = [f"{HOSTILE[:37]} one", '"><svg onload="window.broken = 1">']
    found = sim.compare([plan, never], 20, labels=labels, workers=1, progress=False)
    return sim.report(found, tmp_path_factory.mktemp("report") / "report.html")


def opened(context, file):
    """Return the report on screen, and a list of whatever goes wrong or is asked for."""
    page, said = context.new_page(), []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda one: said.append(str(one)))
    page.on("dialog", lambda one: said.append(one.message))
    page.on("request", lambda one: said.append(one.url))
    page.goto(file.as_uri())
    return page, said


def test_a_hostile_report_is_inert(context, file):
    """Nothing runs, nothing is asked for but the page itself, and the title is there to read."""
    page, said = opened(context, file)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    assert page.evaluate("window.broken") is None
    assert said == [file.as_uri()]
    assert "<script>window.broken = 1</script>" in page.locator("h1").inner_text()


def test_the_browser_would_stop_what_got_in(context, file):
    """The page's own policy is in force: not even a script that is put into it runs."""
    page, said = opened(context, file)
    page.evaluate(
        "() => { const one = document.createElement('script');"
        " one.textContent = 'window.broken = 2'; document.body.append(one); }"
    )

    assert page.evaluate("window.broken") is None
    assert any("Content Security Policy" in one for one in said)


def test_it_reads_without_scripts(browser, file):
    """What is folded opens by itself, with the keyboard too."""
    with browser.new_context(java_script_enabled=False) as context:
        page, _ = opened(context, file)
        words = page.get_by_text("One possible history of the ceasefire")
        before = words.is_visible()
        page.get_by_text("What the words on this page mean").focus()
        page.keyboard.press("Enter")

        assert not before
        assert words.is_visible()


def test_a_phone_never_scrolls_the_page_sideways(browser, file):
    """Wide tables and figures scroll by themselves, and can be reached with the keyboard."""
    with browser.new_context(viewport=PHONE) as context:
        page, _ = opened(context, file)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wide = page.locator(".wide").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.tabIndex)"
        )

        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert wide
        assert set(wide) == {0}


def test_paper_has_what_is_folded_but_not_what_only_programs_read(context, file):
    """The assumptions of each plan and the words are printed; files and links are not."""
    page, _ = opened(context, file)
    page.emulate_media(media="print")

    assert page.get_by_text("One possible history of the ceasefire").is_visible()
    assert page.locator("#assumptions details table").is_visible()
    assert not page.locator("nav").is_visible()
    assert not page.locator("details.screen").first.is_visible()


def test_nothing_is_cut_off_on_paper(browser, file):
    """On A4 no table or drawing is wider than the page."""
    with browser.new_context(viewport={"width": 688, "height": 1000}) as context:
        page, _ = opened(context, file)
        page.emulate_media(media="print")
        widths = page.locator("table, svg, pre").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().right)"
        )

        assert max(widths) <= 688
