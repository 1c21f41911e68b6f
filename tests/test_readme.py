"""What the README shows is what its commands give.

`python tests/test_readme.py` writes the table and the picture anew, after a change of the results.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "three_step_outcomes.png"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
RUNS = re.search(r"^RUNS \?= (\d+)$", MAKEFILE, re.MULTILINE)[1]
BLOCK = re.compile(r"(<!-- make run -->\n)(.*?)(<!-- end of make run -->)", re.DOTALL)


def _main_job(folder):
    """Return what the main job prints: the table, without the id and the paths of this one run."""
    line = [sys.executable, "-m", "sim", "run", str(ROOT / "scenarios/three_step.toml")]
    line += ["--replications", RUNS, "--crises", "--out", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    table = done.stdout[: done.stdout.index("\nresults:")]
    lines = (text.rstrip() for text in table.splitlines())
    return re.sub(r", run id \w+", "", "\n".join(lines)).strip()


def test_the_table_in_the_readme_is_the_commands(tmp_path):
    """Every digit of it."""
    shown = BLOCK.search(README.read_text(encoding="utf-8"))[2]

    assert shown == f"```text\n{_main_job(tmp_path / 'out')}\n```\n"


def test_the_picture_in_the_readme_is_of_the_main_job():
    """Its metadata say how many runs, and that it is no forecast."""
    said = " ".join(str(text) for text in Image.open(PICTURE).text.values())

    assert f"{int(RUNS):,} runs" in said
    assert "not a forecast" in said


def test_the_python_in_the_readme_runs():
    """As a newcomer would type it, from the project's folder."""
    text = README.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"MPLBACKEND": "agg", "HOME": str(Path.home())},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def _write_anew():
    folder = ROOT / "results" / "for-the-readme"
    shutil.rmtree(folder, ignore_errors=True)
    block = f"```text\n{_main_job(folder)}\n```\n"
    text = BLOCK.sub(lambda found: found[1] + block + found[3], README.read_text(encoding="utf-8"))
    README.write_text(text, encoding="utf-8")
    PICTURE.parent.mkdir(exist_ok=True)
    shutil.copy(folder / "figures" / "outcomes.png", PICTURE)


if __name__ == "__main__":
    _write_anew()
