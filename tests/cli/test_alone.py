"""Each command as a program of its own, which has loaded nothing but what it loads itself."""

import subprocess
import sys

import pytest
import typer

import sim
from sim.cli import app

RUNS = ("--replications", "2", "--workers", "1")
VARY = ("--vary", "crisis.quiet_hours=6,24", "--outcomes", "crises")
STUDY = """
scenarios = ["plan.toml", "other.toml"]
replications = 2
outcomes = ["crises"]
"""
COMMANDS = {
    "run": ("plan.toml", *RUNS),
    "trace": ("plan.toml",),
    "compare": ("plan.toml", "other.toml", *RUNS, "--outcomes", "crises"),
    "sweep": ("plan.toml", *VARY, *RUNS),
    "study": ("study.toml",),
    "sensitivity": (
        *("plan.toml", "--range", "attack.per_year=0:9", "--outcome", "crises"),
        *("--samples", "2", "--method", "morris", "--replications", "8", "--workers", "1"),
    ),
    "discover": ("swept", "--outcome", "crises", "--above", "9"),
    "rare": ("plan.toml", "--event", "reached_assault", "--relative-error", "0.5"),
    "report": ("swept",),
    "resume": ("swept", "--replications", "3"),
    "validate": ("plan.toml",),
    "sources": ("plan.toml",),
    "new": ("new.toml",),
}


@pytest.fixture
def folder(small_world, small_plan, tmp_path):
    """Two plans, a study of them, and a sweep."""
    text = small_world.read_text(encoding="utf-8")
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    (tmp_path / "other.toml").write_text(text, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    vary = {"crisis.quiet_hours": [6, 12, 24], "attack.per_year": [1, 2, 3]}
    how = {"replications": 2, "workers": 1, "progress": False}
    sim.sweep(small_plan, vary, outcomes=["crises"], out=tmp_path / "swept", **how)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_loads_what_it_needs_by_itself(name, folder):
    """It is done, with exit code 0."""
    line = [sys.executable, "-m", "sim", name, *COMMANDS[name]]
    done = subprocess.run(
        line, cwd=folder, capture_output=True, text=True, check=False, timeout=240
    )

    assert (done.returncode, done.stdout == "") == (0, False), done.stderr


def test_every_command_is_started_alone():
    """The explorer's page is served by such a program in tests of its own."""
    assert {*COMMANDS, "explore"} == set(typer.main.get_command(app).commands)
