"""Measure in a browser how soon the explorer answers to a slider, and how soon with all its runs.

python benchmarks/explorer.py            into docs/explorer.md; needs chromium
python benchmarks/explorer.py --quick    a look, into the terminal

What counts is what somebody sees: from the slider's event to the picture that the browser has
loaded, by the browser's own clock.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from machine import machine
from timing import seconds_of
from worlds_to_play import REFERENCE

import sim
from sim.results.folder import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

_DOCUMENT: Final = Path(__file__).parent.parent / "docs" / "explorer.md"
_BEGIN: Final = "<!-- benchmarks/explorer.py -->"
_END: Final = "<!-- end of benchmarks/explorer.py -->"
_RUNS: Final = 20_000
_WAIT_MILLISECONDS: Final = 300_000
_PATH: Final = "steps.coalition.not_before_hours"
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
# Every event of the slider, and every picture of its last value, with the runs that it is of.
_WATCH: Final = """
window.seen = [];
const note = (what) => {
  const root = document.querySelector(".sim-explorer");
  seen.push([what, performance.now(), Number(root?.dataset.runs ?? 0)]);
};
document.addEventListener("input", () => {
  note("input");
  document.documentElement.dataset.seen = "";
}, true);
document.addEventListener("load", (event) => {
  if (!event.target.closest?.(".sim-explorer:not(.sim-old) .sim-figure")) return;
  note("picture");
  document.documentElement.dataset.seen = "picture";
}, true);
"""

_FORGET: Final = "window.seen = []; document.documentElement.dataset.seen = ''"
_FIVE_SECONDS: Final = 5
_LOOK_MILLISECONDS: Final = 1500
"""How long somebody looks before the slider is moved again."""


class Moved(NamedTuple):
    """What followed a move of the slider, in seconds."""

    first: float
    """Until the first picture."""
    of_all: float | None
    """Until the first picture of all runs, if that was waited for."""
    whole: float | None
    """Until the last picture of all runs, likewise."""
    runs_in_five: int
    """How many runs of each plan the pictures were of after 5 s."""


def main() -> None:
    """Measure, and print what was found; write it into the document too."""
    parser = argparse.ArgumentParser(description="Measure the explorer in a browser.")
    parser.add_argument("--quick", action="store_true", help="a look, which is not written")
    quick = parser.parse_args().quick
    with _page() as page:
        opened = _opened(page)
        times = 5 if quick else 15
        moves = [_moved(page, look=_LOOK_MILLISECONDS) for _ in range(times)]
        at_once = [_moved(page) for _ in range(times)]
        wholes = [_moved(page, whole=True) for _ in range(2 if quick else 7)]
        known = _gone_back(page)
    plan = sim.load(REFERENCE).with_((_PATH, 61))
    sim.run(plan, 1, progress=False)
    alone = seconds_of(lambda: sim.run(plan, _RUNS, progress=False))
    told = _told(opened, (moves, at_once, wholes), known, alone)
    print(told)
    if not quick:
        before, rest = _DOCUMENT.read_text(encoding="utf-8").split(_BEGIN)
        text = f"{before}{_BEGIN}\n```text\n{told}```\n{_END}{rest.split(_END)[1]}"
        write_file(_DOCUMENT, text.encode())


@contextmanager
def _page() -> Iterator[Page]:
    """Give the explorer of the reference scenario, opened in a browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only what is measured needs it

    line = [sys.executable, "-m", "sim", "explore", str(REFERENCE), "--no-browser"]
    served = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    said = served.stdout.readline() if served.stdout else ""
    address = re.findall(r"http\S+", said)[0]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(_ARGUMENTS)
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(_WAIT_MILLISECONDS)
            page.add_init_script(_WATCH)
            page.goto(address)
            yield page
            browser.close()
    finally:
        served.send_signal(signal.SIGINT)
        served.wait()


def _opened(page: Page) -> float:
    """Return the seconds until the first picture after opening; then wait for all runs."""
    page.wait_for_selector(".sim-outcomes img[data-number]")
    first = next(at for what, at, _ in _seen(page) if what == "picture")
    page.wait_for_selector(".sim-explorer[data-state=done]")
    return first / 1000


def _seen(page: Page) -> list[tuple[str, float, int]]:
    found: list[Any] = page.evaluate("window.seen")
    return [(str(what), float(at), int(runs)) for what, at, runs in found]


def _moved(page: Page, *, whole: bool = False, look: float = 0) -> Moved:
    """Move the slider by one place, to a value that was not played before, and see what follows."""
    page.wait_for_timeout(look)
    page.evaluate(_FORGET)
    page.locator(f'[data-path="{_PATH}"] input[type=range]').press("ArrowRight")
    page.wait_for_selector("html[data-seen=picture]", state="attached")
    if whole:
        page.wait_for_selector(".sim-explorer[data-state=done]")
    seen = _seen(page)
    begin = next(at for what, at, _ in seen if what == "input")
    # One that was on its way when the slider was moved is of the value before.
    pictures = [
        ((at - begin) / 1000, runs) for what, at, runs in seen if what == "picture" and at > begin
    ]
    in_five = max((runs for seconds, runs in pictures if seconds <= _FIVE_SECONDS), default=0)
    of_all = min((seconds for seconds, runs in pictures if runs == _RUNS), default=None)
    return Moved(pictures[0][0], of_all, pictures[-1][0] if whole else None, in_five)


def _gone_back(page: Page) -> float:
    """Return the seconds until all pictures of values that are known, of all runs."""
    page.evaluate(_FORGET)
    page.locator(f'[data-path="{_PATH}"] input[type=range]').press("ArrowLeft")
    page.wait_for_selector(".sim-explorer[data-state=done]")
    seen = _seen(page)
    return (seen[-1][1] - seen[0][1]) / 1000


def _told(opened: float, moved: tuple[list[Moved], ...], known: float, alone: float) -> str:
    """Return what was measured as lines of text."""
    moves, at_once, wholes = moved
    rows = {
        "opened, until the first picture": [opened],
        "slider moved, until the first picture": [one.first for one in moves],
        "moved again at once, while others are drawn": [one.first for one in at_once],
        f"slider moved, until the first picture of {_RUNS:,} runs of each": [
            one.of_all or math.nan for one in wholes
        ],
        "slider moved, until all four pictures of them": [one.whole or math.nan for one in wholes],
        "back at values that were there before, all pictures": [known],
        f"for comparison: sim.run of {_RUNS:,} runs, nothing drawn": [alone],
    }
    lines = [f"{'seconds':<62}{'median':>8}{'longest':>9}{'times':>7}"]
    lines += [
        f"{what:<62}{median(seconds):8.2f}{max(seconds):9.2f}{len(seconds):7}"
        for what, seconds in rows.items()
    ]
    in_five = ", ".join(f"{one.runs_in_five:,}" for one in wholes)
    lines += [
        f"runs of each plan that are shown 5 s after the slider was moved: {in_five}",
        f"programs that wanted a processor meanwhile, on average: {os.getloadavg()[1]:.1f}",
        *(f"{name}: {value}" for name, value in machine()[:4]),
    ]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main()
