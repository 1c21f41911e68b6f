"""What the pages show can be typed in: every block is run in its order, and prints what is said."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from sim.cli import app

ROOT = Path(__file__).parents[1]
# Everything that people read here, on the site or where the code lies.
PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("docs/*/*.md"))
    if not page.relative_to(ROOT).parts[0].startswith((".", "build", "results"))
)
FENCED = re.compile(r"^(`{3,})([^\n]*)\n(.*?)^\1 *$", re.DOTALL | re.MULTILINE)
SHOWN = re.compile(
    r"^```(python|sh)\n(?P<typed>.*?)^```$"
    r"|^<!-- printed above -->\n```text\n(?P<printed>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
# Of these `python` and `sh` are run; `py` is Python for a cluster, and `bash` a file for its queue.
WORDS = {"", "bash", "py", "python", "sh", "text", "toml"}
# A command as it stands in a block, or in backticks, with what follows it.
COMMAND = re.compile(r"(?:^|[ `/])sim ([a-z]+)\b((?:\\\n|[^\n`])*)", re.MULTILINE)

# One process for a page: what a block of Python has defined is there in the next one.
RUNNER = """
import contextlib, io, json, os, subprocess, sys
defined = {"__name__": "__main__"}
printed = []
for kind, text in json.load(sys.stdin):
    print("----", text, sep="\\n", file=sys.stderr, flush=True)
    out = io.StringIO()
    if kind == "python":
        with contextlib.redirect_stdout(out):
            exec(compile(text, "block", "exec"), defined)
        printed.append(out.getvalue())
    else:
        line = ["bash", "-euo", "pipefail", "-c", text]
        printed.append(subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True).stdout)
print(json.dumps(printed))
"""


def _name(page):
    return page.relative_to(ROOT).as_posix()


def _text(page):
    return page.read_text(encoding="utf-8")


def _shown(page):
    """Return what a page shows to type in, as (kind, text), and what follows it is said to print.

    The latter: the number of the block and the text.
    """
    typed, said = [], []
    for block in SHOWN.finditer(_text(page)):
        if block["typed"] is None:
            said.append((len(typed) - 1, block["printed"]))
        else:
            typed.append((block[1], block["typed"]))
    return typed, said


RUN = [page for page in PAGES if _shown(page)[0]]


@pytest.fixture
def folder(tmp_path):
    """An empty folder with the project's scenarios, studies and evidence, as after a clone."""
    for name in ("scenarios", "studies", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def _played(typed, folder, loaded_sim):
    folders = [str(loaded_sim.folder), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", RUNNER],
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "agg", "PATH": os.pathsep.join(folders)},
        input=json.dumps(typed),
        capture_output=True,
        text=True,
        check=False,
    )


def _not_printed(said, printed):
    """Return the lines that are not there in this order; a line `…` stands for any."""
    lines = iter([line.rstrip() for line in printed.splitlines()])
    wanted = [line.rstrip() for line in said.splitlines() if line.strip() not in ("", "…")]
    return [line for line in wanted if line not in lines]


@pytest.mark.parametrize("page", RUN, ids=_name)
def test_every_block_of_a_page_runs_and_prints_what_is_shown(page, folder, loaded_sim):
    """As somebody would type them in who follows it from top to bottom."""
    typed, said = _shown(page)
    done = _played(typed, folder, loaded_sim)
    assert done.returncode == 0, done.stderr[-4000:]
    printed = json.loads(done.stdout.splitlines()[-1])

    assert [_not_printed(text, printed[number]) for number, text in said] == [[] for _ in said]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_block_says_what_it_is(page):
    """So that none is left out of the above because a word is missing or misspelt."""
    words = {word for _, word, _ in FENCED.findall(_text(page))}

    assert {word for word in words if not word.startswith("{")} <= WORDS


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_said_is_there(page):
    """With its options, also where it is only mentioned."""
    commands = typer.main.get_command(app).commands
    options = {
        name: {option for given in command.params for option in given.opts} | {"--help"}
        for name, command in commands.items()
    }
    said = COMMAND.findall(_text(page))
    wrong = [name for name, _ in said if name not in options]
    wrong += [
        f"{name} {option}"
        for name, rest in said
        for option in re.findall(r"(?<=\s)--[a-z-]+", rest)
        if option not in options.get(name, ())
    ]

    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_scenario_and_study_shown_is_toml(page):
    """A piece of a file can be read by itself."""
    blocks = [text for _, word, text in FENCED.findall(_text(page)) if word == "toml"]

    assert all(isinstance(tomllib.loads(text), dict) for text in blocks)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_target_of_make_is_there(page):
    """A page that says `make docs` says something that can be done."""
    said = re.findall(r"(?:^|`)make ([a-z]+)\b", _text(page), re.MULTILINE)
    targets = re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE)

    assert set(said) <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_to_a_file_leads_somewhere(page):
    """Where the code lies; the site has a test of its own."""
    prose = FENCED.sub("", _text(page))
    links = [link for link in re.findall(r"\]\(([^()\s#]+)", prose) if ":" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_citation_names_this_version():
    """As reference managers read it; the fields are those that the format asks for."""
    said = yaml.safe_load(_text(ROOT / "CITATION.cff"))
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]

    assert {"cff-version", "message", "title", "authors"} <= set(said)
    assert (said["version"], said["license"]) == (project["version"], project["license"])
    assert project["version"] in _text(ROOT / "docs" / "cite.md")
