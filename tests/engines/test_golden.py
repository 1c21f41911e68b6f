"""Rows that were published once are the rows of today, here and on any other machine."""

import json
import os
import subprocess
import sys

import golden
import numba
import pytest

EXPECTED = json.loads(golden.STORED.read_text(encoding="utf-8"))


def printed(**environment):
    """Return the hashes as another Python finds them."""
    done = subprocess.run(
        [sys.executable, golden.__file__],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("scenario", golden.SCENARIOS)
def test_the_rows_are_those_that_were_stored(scenario):
    """Change `golden.json` only with a change that means to give other rows, and say so."""
    assert golden.rows_hash(scenario, golden.SCENARIOS[scenario]) == EXPECTED[scenario]


def test_the_simpy_engine_gives_the_stored_rows():
    """The golden rows are the model's, not one engine's."""
    runs = golden.SCENARIOS["tests/small_world.toml"]

    assert (
        golden.rows_hash("tests/small_world.toml", runs, "simpy")
        == (EXPECTED["tests/small_world.toml"])
    )


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="says something about compiled code")
def test_another_processors_code_gives_the_stored_rows(generic_processor):
    """Compiled for a generic processor, without wide vectors and fused multiply-add."""
    assert printed(**generic_processor) == EXPECTED
