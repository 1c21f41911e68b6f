"""The explorer as it is served, and a browser to look at it with."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from browser.looking import wait_for

WORLDS = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
# A machine may be busy with other tests.
PATIENCE_MILLISECONDS = 60_000


@pytest.fixture(scope="module")
def browser():
    """A browser; where there is none, tests are skipped, unless SIM_BROWSER=required is set."""
    if CHROMIUM is None and os.environ.get("SIM_BROWSER") != "required":
        pytest.skip("there is no chromium; SIM_BROWSER=required makes that a failure")
    assert CHROMIUM, "SIM_BROWSER=required, and there is no chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield found
        found.close()


def _without_steps(text):
    """Return a scenario without its plan."""
    kept = text.split("[steps.warning]")[0]
    return kept.replace("A small world", "Nobody answers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with three plans."""
    found = tmp_path_factory.mktemp("plans")
    text = (WORLDS / "small_world.toml").read_text(encoding="utf-8")
    (found / "small_world.toml").write_text(text, encoding="utf-8")
    (found / "nobody.toml").write_text(_without_steps(text), encoding="utf-8")
    hasty = text.replace("quiet_hours = 12", "quiet_hours = 6").replace("A small world", "Hasty")
    (found / "hasty.toml").write_text(hasty, encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def address(folder):
    """Where `sim explore` serves the small world."""
    line = [sys.executable, "-m", "sim", "explore", "small_world.toml", "--no-browser"]
    with subprocess.Popen(line, cwd=folder, stdout=subprocess.PIPE, text=True) as served:
        said = served.stdout.readline()
        yield re.search(r"http\S+", said).group()
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=30) == 130


@pytest.fixture
def context(browser):
    """A window of its own for each test."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as found:
        found.set_default_timeout(PATIENCE_MILLISECONDS)
        yield found


@pytest.fixture
def page(context, address):
    """The explorer, opened, with 300 runs of each plan; nothing may be said on the console."""
    found, said = context.new_page(), []
    found.on("console", lambda one: said.append(f"{one.type}: {one.text}"))
    found.on("pageerror", lambda one: said.append(str(one)))
    found.on("requestfailed", lambda one: said.append(f"{one.url} failed"))
    found.goto(address)
    runs = found.get_by_label("Runs of each plan")
    runs.fill("300")
    runs.press("Tab")
    wait_for(found, "done")
    found.wait_for_selector(".sim-control")
    yield found
    assert said == []
