"""The explorer in a notebook: the same page, in a cell."""

import json
import os
import socket
import subprocess
import sys

import pytest
from browser.looking import numbers, type_into

FORCE = "steps.force.not_before_hours"


_CELL = """
import sim
from IPython.display import display

explorer = sim.explore(sim.load("small_world.toml"))
display(explorer)
explorer
"""


def _notebook(folder):
    """Write a notebook of one cell, which shows an explorer twice."""
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "explorer",
        "metadata": {},
        "outputs": [],
        "source": _CELL,
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    text = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "explorer.ipynb").write_text(json.dumps(text), encoding="utf-8")


@pytest.fixture(scope="module")
def notebook(folder):
    """Where a notebook that shows the explorer is served."""
    _notebook(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "voila", "explorer.ipynb", "--no-browser", f"--port={port}"]
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        [*line, "--Voila.ip=127.0.0.1"], cwd=folder, stderr=subprocess.DEVNULL, env=quiet
    ) as served:
        yield f"http://127.0.0.1:{port}/"
        served.terminate()


def _opened(context, address):
    """Return the page once it is served."""
    from playwright.sync_api import Error

    page = context.new_page()
    for _ in range(200):
        try:
            page.goto(address)
        except Error:
            page.wait_for_timeout(200)
        else:
            return page
    message = f"{address} is not served"
    raise TimeoutError(message)


def test_the_widget_plays_and_answers_as_the_page_does(context, notebook):
    """A value that is typed changes the numbers of plan B, and a bad one is told.

    Another cell that shows it goes on for itself.
    """
    page = _opened(context, notebook)
    page.wait_for_function("document.querySelectorAll('.sim-explorer').length === 2")
    first, second = (page.locator(".sim-explorer").nth(place) for place in (0, 1))
    for one in (first, second):
        runs = one.get_by_label("Runs of each plan")
        runs.fill("100")
        runs.press("Tab")
    _wait_for(page, "done", "done")
    before = numbers(first)
    type_into(first, FORCE, "soon")
    _wait_for(page, "wrong", "done")
    assert 'is "soon"' in first.locator(f'[data-path="{FORCE}"] .sim-error').inner_text()
    type_into(first, FORCE, "40")
    _wait_for(page, "done", "done")

    assert numbers(first)["force.on_time"][0] == before["force.on_time"][0]
    assert numbers(first)["force.on_time"][1] != before["force.on_time"][1]
    assert numbers(second) == before
    assert first.locator(".sim-delays img").evaluate("one => one.naturalWidth > 200")


def _wait_for(page, *states):
    """Wait until this is how each explorer on a page is, with all its sliders."""
    page.wait_for_function(
        """(states) => [...document.querySelectorAll(".sim-explorer")].every((one, place) =>
            one.dataset.state === states[place] && one.querySelector(".sim-control"))""",
        arg=list(states),
    )
