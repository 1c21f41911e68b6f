"""The cache of compiled code: quick, never stale, never trusted blindly, and never in the way."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import numba
import pytest
from filelock import FileLock
from worlds import rich_tables

import sim
from sim.model.code_cache import cache_folder

PACKAGE = Path(sim.__file__).parent
DAY_SECONDS = 24 * 3600
SECONDS = 300  # the real engine takes a minute to compile, four times that on a busy machine
pytestmark = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="says something about compiled code"
)

CALLER = """
from sim.model.compiled import compiled
from sim.model.hours import on_tick

@compiled
def twice(hours: float) -> float:
    return 2.0 * on_tick(hours)
"""

ENGINE = """
from collections.abc import MutableSequence
from typing import NamedTuple

import numpy as np

from sim.model.caller import twice
from sim.model.compiled import compiled, compiled_within
from sim.model.pointers import pointed_at


class World(NamedTuple):
    hours: MutableSequence[float]


@compiled_within
def double(world: World, place: int) -> None:
    world.hours[place] = twice(world.hours[place])


@compiled
def double_all(world: World, places: int) -> int:
    for place in range(places):
        double(world, place)
    return places


def doubled():
    world = World(np.array([24.0, 48.0]))
    double_all(pointed_at(world), 2)
    return world.hours.tolist()
"""

# What another Python is asked to print: the engine's answer, and a rule's.
ANSWERS = """
from sim.engines.small import doubled
from sim.model.caller import twice
print(doubled(), twice(24.0))
"""
EXPECTED = "[48.0, 96.0] 48.0"

# The same, and how much of it came from the cache.
LOADED = f"""{ANSWERS}
from sim.engines.small import double_all
print(*(sum(rule.stats.cache_hits.values()) for rule in (double_all, twice)))
"""

# What the real engine makes of a world, read from its input.
ROWS = """
import hashlib, json, sys
from sim.engines.compiled_engine import simulate
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters

rows = simulate(parameters(checked(Layer(json.load(sys.stdin), {}))), 1, range(3))
print(hashlib.sha256(b"".join(array.tobytes() for cells in rows for array in cells)).hexdigest())
"""

# What another Python is asked for that begins to compile the engine, says so, and stays there.
STUCK = f"""
import logging, time

class Stuck(logging.Handler):
    def emit(self, record):
        print("here", flush=True)
        time.sleep(600)

logging.getLogger("sim.model.compiled").addHandler(Stuck())
{ANSWERS}
"""
IMPATIENT = f"""
from sim.model import code_cache
code_cache.PATIENCE_SECONDS = 0.1
{ANSWERS}
"""
COMPILES, WAITS = "sim: compiling the engine", "sim: another program is compiling the engine"


def python(code, package, cache, standard_input=""):
    """Return what became of another Python that runs some code with a package and a cache."""
    return subprocess.run(
        [sys.executable, "-c", code],
        input=standard_input,
        env={**os.environ, "CEASEFIRE_SIM_CACHE": str(cache)},
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )


def printed(code, package, cache):
    """Return what another Python prints; no traceback and no warning may be among it."""
    done = python(code, package, cache)
    assert all(line.startswith("sim: compil") for line in done.stderr.splitlines())
    return done.stdout.strip()


def started(code, package, cache):
    """Return another Python that has been started, and can be talked to."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "CEASEFIRE_SIM_CACHE": str(cache)},
        cwd=package.parent,
        text=True,
    )


def of_many(number, code, package, cache, standard_input=""):
    """Return what several Pythons that start together print, and all that they say meanwhile."""
    together = [started(code, package, cache) for _ in range(number)]
    for process in together:
        process.stdin.write(standard_input)
        process.stdin.close()
        process.stdin = None
    found = [process.communicate(timeout=SECONDS) for process in together]
    return [out.strip() for out, _ in found], "".join(said for _, said in found)


def _package_in(folder):
    """Return a package with one of the rules, another one that calls it, and a small engine."""
    package = folder / "sim"
    (package / "model").mkdir(parents=True)
    (package / "engines").mkdir()
    modules = ["__init__", "model/__init__", "engines/__init__", "model/hours"]
    modules += ["model/compiled", "model/code_cache", "model/pointers", "model/records"]
    for name in modules:
        shutil.copy(PACKAGE / f"{name}.py", package / f"{name}.py")
    (package / "model/caller.py").write_text(CALLER, encoding="utf-8")
    (package / "engines/small.py").write_text(ENGINE, encoding="utf-8")
    return package


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Return a small package, which nobody changes."""
    return _package_in(tmp_path_factory.mktemp("package"))


@pytest.fixture
def own_package(tmp_path):
    """Return a small package that a test may change."""
    return _package_in(tmp_path)


@pytest.fixture
def cache(tmp_path):
    """Return a place for a cache, where there is none yet."""
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def _filled(package, tmp_path_factory):
    """Return a cache that has been filled, to be copied."""
    cache = tmp_path_factory.mktemp("filled") / "cache"
    assert printed(ANSWERS, package, cache) == EXPECTED
    return cache


@pytest.fixture
def filled(_filled, cache):
    """Return a cache that has been filled."""
    return shutil.copytree(_filled, cache)


def folder_in(cache):
    """Return the only folder of compiled code in a cache."""
    (folder,) = cache.glob("compiled-*")
    return folder


def change_on_tick(package):
    """Let the rule that is called return 7 whatever it is asked."""
    source = package / "model/hours.py"
    text = source.read_text(encoding="utf-8")
    changed = re.sub(r"return math\.floor\(.*\) / TICKS_PER_HOUR", "return 7.0", text)
    assert changed != text
    source.write_text(changed, encoding="utf-8")


def spoil(files, how):
    """Leave nothing in files, or half of it, or something else."""
    assert files
    for file in files:
        whole = file.read_bytes()
        damaged = {"empty": b"", "torn": whole[: len(whole) // 2], "rubbish": b"\x00no" * 99}
        file.write_bytes(damaged[how])


def test_what_is_in_the_cache_is_loaded(package, filled):
    """The second time, the engine and the rule come from the cache with the same answers."""
    assert printed(LOADED, package, filled) == f"{EXPECTED}\n1 1"


def test_an_engine_from_the_cache_needs_no_rule(package, filled):
    """What the engine calls is in its own code; nothing else is loaded."""
    code = "from sim.engines.small import doubled, twice; print(doubled(), len(twice.overloads))"

    assert printed(code, package, filled) == "[48.0, 96.0] 0"


def test_compiling_an_engine_is_announced(package, cache):
    """Who waits is told why, and for how long it took."""
    said = python(ANSWERS, package, cache).stderr

    assert re.fullmatch(
        r"sim: compiling the engine \(once\) \.\.\.\nsim: compiled the engine in \d+ s\n", said
    )


def test_nothing_is_said_when_the_engine_comes_from_the_cache(package, filled):
    """Who does not wait is told nothing."""
    assert python(ANSWERS, package, filled).stderr == ""


def test_an_engine_that_cannot_be_kept_says_why(package, tmp_path):
    """Who will wait the next time too is told what is wrong with the cache."""
    (tmp_path / "file").write_text("not a folder")
    said = python(ANSWERS, package, tmp_path / "file").stderr

    assert "; it cannot be kept: " in said
    assert str(tmp_path / "file") in said


def test_nothing_is_said_about_a_rule(package, cache):
    """A rule takes a moment."""
    assert python("from sim.model.caller import twice; twice(1.0)", package, cache).stderr == ""


def test_the_announcement_can_be_silenced(package, cache):
    """It is a message of Python's own logging, by the name of the module."""
    quiet = "import logging; logging.getLogger('sim.model.compiled').setLevel(logging.ERROR)\n"

    assert python(quiet + ANSWERS, package, cache).stderr == ""


@pytest.mark.parametrize("how", ["empty", "torn", "rubbish"])
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_damaged_cache_is_made_whole_again(package, filled, how, kind):
    """What is empty, cut in half or no code is compiled afresh, and is in the cache afterwards."""
    spoil(list(filled.rglob(f"*.{kind}")), how)
    found = [printed(LOADED, package, filled) for _ in range(2)]

    assert found == [f"{EXPECTED}\n0 0", f"{EXPECTED}\n1 1"]


def test_what_is_missing_in_a_cache_is_compiled(package, filled):
    """An index without its code is as good as none."""
    for file in filled.rglob("*.nbc"):
        file.unlink()
    found = [printed(LOADED, package, filled) for _ in range(2)]

    assert found == [f"{EXPECTED}\n0 0", f"{EXPECTED}\n1 1"]


@pytest.mark.parametrize("missing", ["*twice*", "*double_all*"])
def test_a_read_only_cache_gives_the_same_answers(package, filled, missing):
    """What is missing in a cache that cannot be written to is compiled, the rest is loaded."""
    for file in filled.rglob(missing):
        file.unlink()
    folders = [filled, *(one for one in filled.rglob("*") if one.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    found = printed(ANSWERS, package, filled)
    for folder in folders:
        folder.chmod(0o700)

    assert found == EXPECTED


@pytest.mark.parametrize("place", ["{file}", "/proc/nowhere"])
def test_where_no_cache_can_be_everything_is_compiled(package, tmp_path, place):
    """A file, and a place where even root cannot write: the same answers, nothing left behind."""
    (tmp_path / "file").write_text("not a folder")
    found = printed(ANSWERS, package, place.format(file=tmp_path / "file"))

    assert found == EXPECTED
    assert not list(tmp_path.rglob("*.nbc"))


def test_many_processes_compile_an_engine_once(package, cache):
    """Eight that start together all answer right, and the ninth finds everything in the cache."""
    found, said = of_many(8, ANSWERS, package, cache)

    assert found == [EXPECTED] * 8
    assert said.count(COMPILES) == 1
    assert printed(LOADED, package, cache) == f"{EXPECTED}\n1 1"


def test_the_engine_is_compiled_once(tmp_path):
    """The real one too, its code cut in half, by one of four that start together.

    All give the same rows as here.
    """
    world = json.dumps(rich_tables())
    copy = tmp_path / "cache" / cache_folder().name
    shutil.copytree(cache_folder(), copy)
    spoil(list(copy.rglob("*play_runs*.nbc")), "torn")
    found, said = of_many(4, ROWS, PACKAGE, copy.parent, world)

    assert found == [python(ROWS, PACKAGE, cache_folder().parent, world).stdout.strip()] * 4
    assert said.count(COMPILES) == 1


@pytest.mark.parametrize("how", ["empty", "torn", "rubbish"])
def test_many_processes_make_a_damaged_cache_whole_once(package, filled, how):
    """Who comes late does not throw away what another one has just compiled."""
    spoil(list(filled.rglob("*double_all*.nb?")), how)
    found, said = of_many(4, ANSWERS, package, filled)

    assert found == [EXPECTED] * 4
    assert said.count(COMPILES) == 1


@pytest.fixture
def stuck(package, cache):
    """Another Python that is compiling the engine, and will not come to an end."""
    process = started(STUCK, package, cache)
    assert process.stdout.readline() == "here\n"
    yield process
    process.kill()
    process.communicate(timeout=SECONDS)


def test_who_is_killed_while_compiling_is_not_waited_for(package, cache, stuck):
    """Another one, which says once that it waits, then compiles the engine itself."""
    process = started(ANSWERS, package, cache)
    waits = process.stderr.readline()
    stuck.kill()
    answers, said = process.communicate(timeout=SECONDS)

    assert waits.startswith(WAITS)
    assert (answers.strip(), said.count(COMPILES), WAITS in said) == (EXPECTED, 1, False)


def test_nobody_waits_for_ever(package, cache, stuck):
    """Whose patience ends compiles the engine although another one has not finished."""
    said = python(IMPATIENT, package, cache)

    assert said.stdout.strip() == EXPECTED
    assert [line.split(" ...")[0] for line in said.stderr.splitlines()[:2]] == [
        f"{WAITS}; waiting for it",
        f"{COMPILES} (once)",
    ]
    assert stuck.poll() is None


def test_nobody_waits_for_what_is_in_the_cache(package, filled):
    """What is there is loaded, whoever may be compiling."""
    with FileLock(folder_in(filled) / "double_all.lock"):
        found = python(LOADED, package, filled)

    assert (found.stdout.strip(), found.stderr) == (f"{EXPECTED}\n1 1", "")


def test_where_no_lock_can_be_the_engine_is_compiled(package, filled):
    """With something in the lock's place that cannot be locked, nobody waits, and it is kept."""
    for file in filled.rglob("*double_all*.nbc"):
        file.unlink()
    (folder_in(filled) / "double_all.lock").unlink()
    (folder_in(filled) / "double_all.lock").mkdir()
    found = [printed(LOADED, package, filled) for _ in range(2)]

    assert found == [f"{EXPECTED}\n0 1", f"{EXPECTED}\n1 1"]


def test_threads_wait_for_one_compilation(package, cache):
    """Threads that call an engine at once all answer right, and it is compiled once."""
    code = """
from concurrent.futures import ThreadPoolExecutor
from sim.engines.small import double_all, doubled
with ThreadPoolExecutor(8) as threads:
    found = [one.result() for one in [threads.submit(doubled) for _ in range(8)]]
print(found == [[48.0, 96.0]] * 8, sum(double_all.stats.cache_misses.values()))
"""
    assert printed(code, package, cache) == "True 1"


def test_a_changed_rule_is_never_served_from_the_old_cache(own_package, cache):
    """What calls a changed rule in another file gives the new answer at once."""
    before = printed(ANSWERS, own_package, cache)
    change_on_tick(own_package)

    assert (before, printed(ANSWERS, own_package, cache)) == (EXPECTED, "[14.0, 14.0] 14.0")


def test_the_cache_folder_is_named_after_the_sources(own_package, cache):
    """Other sources, another fingerprint."""
    code = "from sim.model.code_cache import code_fingerprint; print(code_fingerprint('model'))"
    before = printed(code, own_package, cache)
    change_on_tick(own_package)

    assert printed(code, own_package, cache) != before


def test_the_cache_folder_is_only_the_users():
    """Nobody else can read compiled code or put some there."""
    assert stat.S_IMODE(cache_folder().stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_that_others_can_write_to_is_not_trusted(package, filled, mode):
    """Nothing is loaded from it: somebody may have put code there."""
    folder_in(filled).chmod(mode)

    assert printed(LOADED, package, filled) == f"{EXPECTED}\n0 0"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives away")
def test_somebody_elses_folder_is_not_trusted(package, filled):
    """Nothing is loaded from it, whatever its mode."""
    os.chown(folder_in(filled), 12345, 12345)

    assert printed(LOADED, package, filled) == f"{EXPECTED}\n0 0"


def test_a_link_to_a_folder_is_not_trusted(package, filled, tmp_path):
    """Nothing is loaded from where a link leads."""
    folder = folder_in(filled)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")

    assert printed(LOADED, package, filled) == f"{EXPECTED}\n0 0"


def test_code_that_nobody_used_for_a_month_is_removed(package, cache):
    """A new folder takes the place of those of earlier sources, if they are old."""
    now = time.time()
    days = {"compiled-" + "0" * 16: 31, "compiled-" + "1" * 16: 29, "compiled-by-hand": 99}
    for name, age in days.items():
        (cache / name).mkdir(parents=True, mode=0o700)
        (cache / name / "code.nbc").touch()
        (cache / name / "engine.lock").touch()
        os.utime(cache / name, (now - age * DAY_SECONDS,) * 2)
    printed(ANSWERS, package, cache)

    left = {path.name for path in cache.iterdir()} & set(days)
    assert left == set(days) - {"compiled-" + "0" * 16}


def test_code_that_is_used_counts_as_used(package, filled):
    """A folder that is loaded from is young again."""
    folder = folder_in(filled)
    os.utime(folder, (0, 0))
    printed(ANSWERS, package, filled)

    assert folder.stat().st_mtime > time.time() - DAY_SECONDS
