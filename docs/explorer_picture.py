# ruff: noqa: INP001 - a script beside the page that it takes the picture for
"""The picture on the explorer's page: `python docs/explorer_picture.py`; needs chromium.

The reported plan, and beside it one in which the coalition may act at once and deploys in hours.
"""

from __future__ import annotations

import io
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

_HERE: Final = Path(__file__).parent
_PLAN: Final = _HERE.parent / "scenarios" / "three_step.toml"
_RUNS: Final = 2_000
_TYPED: Final = {
    "steps.coalition.not_before_hours": "0",
    "steps.coalition.deploy.median_hours": "2",
}
_FIELD: Final = '[data-path="{}"] input[type=text]'
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_SIZE: Final = (1280, 960)


def main() -> None:
    """Open the explorer, move its sliders, and take the picture in as few colours as it needs."""
    with _served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_ARGUMENTS)
        )
        page = browser.new_page(viewport={"width": _SIZE[0], "height": _SIZE[1]})
        page.goto(address)
        _move(page)
        taken = page.screenshot()
        browser.close()
    with Image.open(io.BytesIO(taken)) as picture:
        colours = picture.convert("RGB").quantize(256)
    colours.save(_HERE / "explorer.png", optimize=True)


@contextmanager
def _served() -> Iterator[str]:
    """Give the address at which the explorer is served meanwhile."""
    line = [sys.executable, "-m", "sim", "explore", str(_PLAN), "--no-browser"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as served:  # noqa: S603 - our own
        said = served.stdout.readline() if served.stdout else ""
        try:
            yield re.findall(r"http\S+", said)[0]
        finally:
            served.send_signal(signal.SIGINT)


def _move(page: Page) -> None:
    """Type the number of runs and the values, and wait until all of it is played and drawn."""
    fields = {page.get_by_label("Runs of each plan"): str(_RUNS)}
    fields |= {page.locator(_FIELD.format(path)): value for path, value in _TYPED.items()}
    for field, value in fields.items():
        field.fill(value)
        field.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_selector(f".sim-explorer[data-state=done][data-runs='{_RUNS}']")


if __name__ == "__main__":
    main()
