"""Scenario files as the tests write them, and what is said of them."""

import pytest

from sim.scenario.loading import load
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
