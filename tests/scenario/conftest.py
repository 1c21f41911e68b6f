"""Scenario files as the tests write them, and what is said of them."""

import re
from pathlib import Path

import pytest

import sim
from sim.scenario.loading import load
from sim.scenario.parameters import parameters
from sim.scenario.problems import ScenarioError

SMALLEST = """\
[violations]
incidents_per_day = 1

[levels.fire]
spell = { family = "constant", hours = 1 }

"""


@pytest.fixture
def smallest():
    """The text of the smallest scenario: six lines, so that what a test adds begins on line 7."""
    return SMALLEST


@pytest.fixture
def with_everything():
    """The scenario that `sim new` writes, with what is commented out in it taken in."""
    new = Path(sim.__file__).parent / "scenario" / "new.toml"
    text = new.read_text(encoding="utf-8")
    blocks = re.findall(r"^# What else there can be.*\n((?:#.*\n)+)", text, re.MULTILINE)
    told = re.sub(r"^# ?|\(into .*", "", "".join(blocks), flags=re.MULTILINE)
    tables = told[told.index("[violations]") :]
    members = "[groups.allies.members]\nfirst.vetoes = true\nsecond.needs_backer = true\n"
    return {"plan.toml": f'extends = "new.toml"\n{tables}\n{members}', "new.toml": text}


@pytest.fixture
def written(tmp_path):
    """Write files (their content by name, or the text of a plan.toml) and return the first path."""

    def write(files):
        files = files if isinstance(files, dict) else {"plan.toml": files}
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return tmp_path / next(iter(files))

    return write


@pytest.fixture
def loaded(written):
    """Write files and load the first one."""
    return lambda files, changes=(): load(written(files), changes)


@pytest.fixture
def said_of(written, tmp_path):
    """Write files, load the first one, and return what is said of them, one line each."""

    def load_and_listen(files, changes=()):
        try:
            load(written(files), changes)
        except ScenarioError as error:
            return str(error).replace(f"{tmp_path}/", "").splitlines()
        return []

    return load_and_listen


@pytest.fixture
def numbers_of(loaded, smallest):
    """Return the numbers of a text that extends the smallest scenario."""
    return lambda text: parameters(
        loaded({"plan.toml": f'extends = "base.toml"\n{text}', "base.toml": smallest})
    )
