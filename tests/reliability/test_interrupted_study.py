"""Twelve plans, killed on the way and gone on with: the measurement of this, in small."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_study_of_twelve_plans_that_was_killed_is_the_one_left_alone():
    """Byte for byte, in what is printed and in the exit code."""
    script = ROOT / "benchmarks" / "interrupted.py"
    line = [sys.executable, script, "--runs", "20", "--kills", "2"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT, timeout=400)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "all the same" in done.stdout
