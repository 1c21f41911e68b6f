"""What the pages about studies show can be typed in: every block is run, in its order."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("compare", "sweeps", "rare", "precision", "folders", "scale", "cluster")
BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# One process for a page: what a block of Python has defined is there in the next one.
RUNNER = """
import json, subprocess, sys
defined = {"__name__": "__main__"}
for kind, text in json.load(sys.stdin):
    print("----", text, sep="\\n", flush=True)
    if kind == "python":
        exec(compile(text, "block", "exec"), defined)
    else:
        subprocess.run(["bash", "-euo", "pipefail", "-c", text], check=True)
"""


def _blocks(page):
    return BLOCK.findall((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path):
    """An empty folder with the project's scenarios and studies, as after a clone."""
    for name in ("scenarios", "studies"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_runs(page, folder):
    """As somebody would type them in who follows it from top to bottom."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", RUNNER],
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "agg", "PATH": path},
        input=json.dumps(_blocks(page)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_something_to_type_in(page):
    """A page without an example explains nothing."""
    assert _blocks(page)
