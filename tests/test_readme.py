"""What the README and the first page show of the main job is what it gives.

`python tests/test_readme.py` writes them and the picture anew, after a change of the results.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
FIRST_PAGE = ROOT / "docs" / "getting_started.md"
PICTURE = ROOT / "docs" / "three_step_outcomes.png"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
RUNS = re.search(r"^RUNS \?= (\d+)$", MAKEFILE, re.MULTILINE)[1]
TABLE = re.compile(
    r"(<!-- make run -->\n```text\n)(.*?)(\n```\n<!-- end of make run -->)", re.DOTALL
)
LINES = re.compile(
    r"(<!-- lines of make run -->\n```text\n)(.*?)(\n```\n<!-- end of lines -->)", re.DOTALL
)
NUMBERS = re.compile(r"  +[\d[].*")


def _main_job(folder):
    """Return what the main job prints: the table, without the id and the paths of this one run."""
    line = [sys.executable, "-m", "sim", "run", str(ROOT / "scenarios/three_step.toml")]
    line += ["--replications", RUNS, "--crises", "--out", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    table = done.stdout[: done.stdout.index("\nresults:")]
    lines = (text.rstrip() for text in table.splitlines())
    return re.sub(r", run id \w+", "", "\n".join(lines)).strip()


def test_the_table_of_the_first_page_is_the_commands(tmp_path):
    """Every digit of it."""
    assert _shown(FIRST_PAGE, TABLE) == _main_job(tmp_path / "out")


def test_the_lines_in_the_readme_are_those_of_the_first_page():
    """Each stands there as it is printed."""
    table = _shown(FIRST_PAGE, TABLE).splitlines()

    assert [line for line in _shown(README, LINES).splitlines() if line not in table] == []


def _shown(page, block):
    return block.search(page.read_text(encoding="utf-8"))[2]


def test_the_picture_in_the_readme_is_of_the_main_job():
    """Its metadata say how many runs, and that it is no forecast."""
    said = " ".join(str(text) for text in Image.open(PICTURE).text.values())

    assert f"{int(RUNS):,} runs" in said
    assert "not a forecast" in said


def _write_anew():
    folder = ROOT / "results" / "for-the-readme"
    shutil.rmtree(folder, ignore_errors=True)
    table = _main_job(folder)
    _replace(FIRST_PAGE, TABLE, lambda _: table)
    _replace(README, LINES, lambda shown: _lines_as_now(shown, table))
    shutil.copy(folder / "figures" / "outcomes.png", PICTURE)


def _replace(page, block, content):
    text = page.read_text(encoding="utf-8")
    page.write_text(block.sub(lambda at: at[1] + content(at[2]) + at[3], text), encoding="utf-8")


def _lines_as_now(shown, table):
    """Return the lines shown with the numbers that they have in the table now."""
    now = {NUMBERS.sub("", line): line for line in table.splitlines()}
    return "\n".join(now.get(NUMBERS.sub("", line), line) for line in shown.splitlines())


if __name__ == "__main__":
    _write_anew()
