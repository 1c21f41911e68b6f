"""Compiled rules: one signature each, the same bits as plain Python, and never a stale cache."""

import hashlib
import importlib
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from numba.core.registry import CPUDispatcher
from worlds import TINY, outcomes, rich_tables, rich_world

import sim
import sim.model
from sim.model.compiled import cache_folder

PACKAGE = Path(sim.__file__).parent
COMPILES = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="says something about compiled rules"
)

# What another Python is asked to print: a hash of all rows of a world, read from its input.
HASH_ROWS = """
import hashlib, json, sys
from sim.engines.simpy_engine import simulate
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters

rows = simulate(parameters(checked(Layer(json.load(sys.stdin), {}))), 1, range(3))
print(hashlib.sha256(repr(rows).encode()).hexdigest())
"""


# The same for a few answers of rules, which is faster.
ANSWERS = """
from sim.model.chance import chance
from sim.model.clocks import delay_hours
from sim.model.hours import rank
from sim.model.votes import vote_stands

draws = [chance(1, 2, 3, 4, ordinal) for ordinal in range(50)]
print([delay_hours(family, 12.0, 0.8, 14.0, draw) for draw in draws for family in range(7)])
print(rank(1, 2, 3), [vote_stands(0, 2.0, 3, 1, no, 0.0, 0.0) for no in range(3)])
"""


def rules():
    """Return every compiled rule of the model by its name."""
    modules = [
        importlib.import_module(f"sim.model.{found.name}")
        for found in pkgutil.iter_modules(sim.model.__path__)
    ]
    return {
        f"{module.__name__}.{name}": rule
        for module in modules
        for name, rule in vars(module).items()
        if isinstance(rule, CPUDispatcher)
    }


def printed(code, standard_input="", package=PACKAGE, **environment):
    """Return what another Python prints, which must not write a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=standard_input,
        env={**os.environ, **environment},
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.strip()


def hash_of_rows(**environment):
    """Return the hash of the rich world's rows, as another Python computes them."""
    return printed(HASH_ROWS, json.dumps(rich_tables()), **environment)


@pytest.fixture(scope="module")
def expected():
    """Return the hash of the rich world's rows as they are computed here."""
    from sim.engines.simpy_engine import simulate
    from sim.scenario.parameters import parameters

    rows = simulate(parameters(rich_world()), 1, range(3))
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.fixture(scope="module")
def expected_answers():
    """Return a few answers of rules as another Python gives them with the cache in use."""
    return printed(ANSWERS)


@pytest.fixture
def cache(tmp_path):
    """Return a copy of the cache folder that this Python has filled, for a test to spoil."""
    shutil.copytree(cache_folder(), tmp_path / "cache" / cache_folder().name)
    return tmp_path / "cache"


def files_of(cache, rule, kind):
    """Return the files of a rule's compiled code: its index (nbi) or the code itself (nbc)."""
    found = sorted(cache.rglob(f"*{rule}-*.{kind}"))
    assert found
    return found


@COMPILES
def test_there_are_compiled_rules():
    """The rules are compiled, all the modules' of them."""
    assert len(rules()) > 30


@COMPILES
def test_every_rule_is_compiled_for_one_signature():
    """After runs with everything in them, no rule was compiled a second time."""
    outcomes(rich_world("sector"), runs=3)

    assert {name: len(rule.signatures) for name, rule in rules().items() if name} == dict.fromkeys(
        rules(), 1
    )


@COMPILES
@pytest.mark.parametrize("name", ["fires_at_hours", "delay_hours", "vote_stands", "on_tick"])
def test_an_int_for_a_float_brings_no_second_compilation(name):
    """Handed ints only, a rule answers as for floats, from the same compiled code."""
    rule = next(rule for full, rule in rules().items() if full.endswith(f".{name}"))
    kinds = rule.nopython_signatures[0].args
    answers = [rule(*([1] * len(kinds))), rule(*(1.0 if k == numba.float64 else 1 for k in kinds))]

    assert answers[0] == answers[1]
    assert len(rule.signatures) == 1


@COMPILES
def test_plain_python_gives_the_same_rows(expected):
    """With Numba switched off, every row of a rich world is the same to the last bit."""
    assert hash_of_rows(NUMBA_DISABLE_JIT="1") == expected


@COMPILES
def test_another_processors_code_gives_the_same_rows(expected, tmp_path):
    """Compiled for a generic processor, without fused multiply-add, the rows are the same."""
    cache = str(tmp_path)

    assert hash_of_rows(NUMBA_CPU_NAME="generic", CEASEFIRE_SIM_CACHE=cache) == expected


def test_a_filled_cache_gives_the_same_answers(expected_answers, cache):
    """What is read back from a cache is what was compiled."""
    assert printed(ANSWERS, CEASEFIRE_SIM_CACHE=str(cache)) == expected_answers


@COMPILES
@pytest.mark.parametrize("spoilt", ["empty", "torn", "rubbish"])
def test_a_damaged_cache_gives_the_same_answers(expected_answers, cache, spoilt):
    """Rules whose files are empty, cut in half or no code are compiled afresh, without a word."""
    indices = files_of(cache, "rank", "nbi") + files_of(cache, "delay_hours", "nbi")
    codes = files_of(cache, "chance", "nbc") + files_of(cache, "vote_stands", "nbc")
    for file in indices + codes:
        whole = file.read_bytes()
        damaged = {"empty": b"", "torn": whole[: len(whole) // 2], "rubbish": b"\x00no" * 99}
        file.write_bytes(damaged[spoilt])

    assert printed(ANSWERS, CEASEFIRE_SIM_CACHE=str(cache)) == expected_answers


@COMPILES
def test_a_read_only_cache_gives_the_same_answers(expected_answers, cache):
    """What is missing in a cache that cannot be written to is compiled and not kept."""
    for kind in ("nbi", "nbc"):
        for file in files_of(cache, "delay_hours", kind):
            file.unlink()
    folders = [cache, *(one for one in cache.rglob("*") if one.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    found = printed(ANSWERS, CEASEFIRE_SIM_CACHE=str(cache))
    for folder in folders:
        folder.chmod(0o700)

    assert found == expected_answers


@COMPILES
@pytest.mark.parametrize("place", ["{file}", "/proc/nowhere"])
def test_where_no_cache_can_be_rules_are_compiled_without(tmp_path, place):
    """A file, and a place where even root cannot write: the same answers."""
    (tmp_path / "file").write_text("not a folder")
    folder = place.format(file=tmp_path / "file")
    code = "from sim.model.hours import on_tick, rank; print(on_tick(24.0), rank(1, 0, 5))"

    assert printed(code, CEASEFIRE_SIM_CACHE=folder) == f"24.0 {(1 << 58) + 5}"


CALLER = """
from sim.model.compiled import compiled
from sim.model.hours import on_tick

@compiled
def twice(hours: float) -> float:
    return 2.0 * on_tick(hours)
"""


@pytest.fixture
def small_package(tmp_path):
    """Return a copy of the package with one rule, and another one in another file that calls it."""
    package = tmp_path / "sim"
    (package / "model").mkdir(parents=True)
    for name in ("__init__.py", "model/__init__.py", "model/compiled.py", "model/hours.py"):
        shutil.copy(PACKAGE / name, package / name)
    (package / "model/caller.py").write_text(CALLER, encoding="utf-8")
    return package


def change_on_tick(package):
    """Let the rule that is called return 7 whatever it is asked."""
    source = package / "model/hours.py"
    text = source.read_text(encoding="utf-8")
    changed = re.sub(r"return math\.floor\(.*\) / TICKS_PER_HOUR", "return 7.0", text)
    assert changed != text
    source.write_text(changed, encoding="utf-8")


def test_a_changed_rule_is_never_served_from_the_old_cache(small_package, tmp_path):
    """A rule that calls a changed one in another file gives the new answer at once."""
    code = "from sim.model.caller import twice; print(twice(24.0))"
    cache = {"CEASEFIRE_SIM_CACHE": str(tmp_path / "cache")}
    before = printed(code, package=small_package, **cache)
    change_on_tick(small_package)
    after = printed(code, package=small_package, **cache)

    assert (before, after) == ("48.0", "14.0")


def test_the_cache_folder_is_named_after_the_sources(small_package):
    """Other sources, another fingerprint."""
    code = "from sim.model.compiled import code_fingerprint; print(code_fingerprint('model'))"
    before = printed(code, package=small_package)
    change_on_tick(small_package)

    assert printed(code, package=small_package) != before


def test_the_cache_folder_is_only_the_users():
    """Nobody else can put compiled code into it."""
    assert cache_folder().stat().st_mode & 0o077 == 0


def test_a_tiny_world_is_valid():
    """The tables that tests lay others on are a scenario by themselves."""
    assert set(TINY) == {"run", "violations", "levels"}
