"""What several tests share: a small world, its results, and the command as users run it."""

import os
import re
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest
from loaded_sim import LoadedSim

import sim

_PROGRESS = re.compile(r"sim: .*( a second, .* left.*|, .* so far| took [0-9 hmins]+)")
SMALL_WORLD = Path(__file__).with_name("small_world.toml")


@pytest.fixture(scope="session", autouse=True)
def _compiled():
    """Compile the engine before anything else, so that no test waits for it or sees it said."""
    sim.trace(sim.load(SMALL_WORLD), engine="compiled")


@pytest.fixture(scope="session")
def generic_processor(tmp_path_factory):
    """The environment of code for a processor without wide vectors and fused multiply-add.

    It takes a while to compile, so processes that share the tests share what one has compiled.
    """
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return {"NUMBA_CPU_NAME": "generic", "CEASEFIRE_SIM_CACHE": str(folder / "generic")}


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c():
    """Hear Ctrl-C, and let programs that are started hear it, though a script may ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def small_world():
    """The path of a scenario that runs in a moment and in which everything happens."""
    return SMALL_WORLD


@pytest.fixture(scope="session")
def small_plan():
    """The small world, loaded."""
    return sim.load(SMALL_WORLD)


@pytest.fixture(scope="session")
def small_results(small_plan):
    """Thirty runs of the small world."""
    return sim.run(small_plan, workers=1, progress=False)


@pytest.fixture(scope="session")
def loaded_sim():
    """The command `sim`, which need not be loaded again each time."""
    program = LoadedSim()
    yield program
    program.end()


@pytest.fixture(scope="session")
def type_in(loaded_sim):
    """Run `sim` in a folder with arguments, and return what it gave back.

    Without its lines of progress, which come after ten seconds, so only on a busy machine.
    """

    def run(folder, *arguments):
        line = [loaded_sim.command, *map(str, arguments)]
        done = subprocess.run(
            line, cwd=folder, capture_output=True, text=True, check=False, timeout=240
        )
        said = done.stderr.splitlines(keepends=True)
        done.stderr = "".join(one for one in said if not _PROGRESS.fullmatch(one.rstrip()))
        return done

    return run


@pytest.fixture
def command(type_in, tmp_path):
    """Run `sim` with arguments in an empty folder, and return what it gave back."""
    return partial(type_in, tmp_path)
