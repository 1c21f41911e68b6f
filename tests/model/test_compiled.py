"""Compiled rules: one signature each, compiled when called, and the same bits as plain Python."""

import hashlib
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from numba.core.registry import CPUDispatcher
from worlds import TINY, rich_tables, rich_world

import sim
import sim.model
from sim.engines import compiled_engine, simpy_engine
from sim.model.compiled import compiled, compiled_within
from sim.model.hours import on_tick
from sim.scenario.parameters import parameters

PACKAGE = Path(sim.__file__).parent
ENGINES = {"compiled_engine": compiled_engine, "simpy_engine": simpy_engine}
COMPILES = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="says something about compiled rules"
)
# What is said when code is compiled, here or by another test's program.
COMPILING = ("sim: compil", "sim: another program is compiling the engine")

# What another Python is asked to print: a hash of all rows of a world, read from its input.
HASH_ROWS = """
import hashlib, json, sys
from sim.engines.{engine} import simulate
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters

rows = simulate(parameters(checked(Layer(json.load(sys.stdin), {{}}))), 1, range(3))
cells = b"".join(array.tobytes() for cells in rows for array in cells)
print(hashlib.sha256(cells).hexdigest())
"""

# What has compiled code of its own after an import.
COMPILED_AT_IMPORT = """
import sys
import sim.engines.compiled_engine.kernel, sim.engines.simpy_engine
from numba.core.registry import CPUDispatcher

found = [rule for module in list(sys.modules.values()) if module.__name__.startswith("sim.")
         for rule in vars(module).values() if isinstance(rule, CPUDispatcher)]
print(len(found) > 100, [rule for rule in found if rule.overloads])
"""


@compiled
def half(hours: float) -> float:
    """Return half of it."""
    return hours / 2


@compiled
def half_of_one() -> float:
    """Return what a rule makes of an int."""
    return half(1)


@compiled_within
def difference(hours: float, less: float) -> float:
    """Return a difference."""
    return hours - less


@compiled
def difference_by_name(hours: float) -> float:
    """Return what a call with names gives."""
    return difference(less=1.0, hours=hours)


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


def printed(code, standard_input="", **environment):
    """Return what another Python prints; no traceback and no warning may be among it."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=standard_input,
        env={**os.environ, **environment},
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert all(line.startswith(COMPILING) for line in done.stderr.splitlines())
    return done.stdout.strip()


def hash_of_rows(engine, **environment):
    """Return the hash of the rich world's rows, as another Python computes them."""
    return printed(HASH_ROWS.format(engine=engine), json.dumps(rich_tables()), **environment)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    """Each engine's name."""
    return request.param


@pytest.fixture(scope="module")
def expected(engine):
    """Return the hash of the rich world's rows as they are computed here."""
    rows = ENGINES[engine].simulate(parameters(rich_world()), 1, range(3))
    cells = b"".join(array.tobytes() for cells in rows for array in cells)
    return hashlib.sha256(cells).hexdigest()


@COMPILES
def test_there_are_compiled_rules():
    """The rules are compiled, all the modules' of them."""
    assert len(rules()) > 30


@COMPILES
def test_nothing_is_compiled_or_loaded_at_import():
    """After importing both engines no rule has code yet."""
    assert printed(COMPILED_AT_IMPORT) == "True []"


@COMPILES
def test_every_rule_is_compiled_for_one_signature():
    """After runs with everything in them, each rule that was called has the code it shall have."""
    simpy_engine.simulate(parameters(rich_world("sector")), 1, range(3))
    called = [rule for rule in rules().values() if rule.overloads]

    assert len(called) > 30
    assert all(rule.signatures == [rule.signature.args] for rule in called)


@COMPILES
@pytest.mark.parametrize("name", ["fires_at_hours", "delay_hours", "vote_stands", "on_tick"])
def test_an_int_for_a_float_brings_no_second_compilation(name):
    """Handed ints only, a rule answers as for floats, from the same compiled code."""
    rule = next(rule for full, rule in rules().items() if full.endswith(f".{name}"))
    kinds = rule.signature.args
    answers = [rule(*([1] * len(kinds))), rule(*(1.0 if k == numba.float64 else 1 for k in kinds))]

    assert answers[0] == answers[1]
    assert len(rule.signatures) == 1


def test_an_int_within_a_rule_is_converted_too():
    """A rule that calls another with an int brings no second compilation either."""
    assert (half_of_one(), half(1), half(1.0)) == (0.5, 0.5, 0.5)
    assert len(getattr(half, "signatures", [1])) == 1


def test_compiled_code_calls_by_name():
    """Names mean what they mean in Python."""
    assert difference_by_name(3) == 3 - 1


@pytest.mark.parametrize("wrong", ["a day", None, 1j])
def test_what_is_no_number_is_refused(wrong):
    """A rule handed something else raises, at the first call and later."""
    for _ in range(2):
        with pytest.raises(TypeError):
            on_tick(wrong)


@COMPILES
def test_plain_python_gives_the_same_rows():
    """With Numba switched off, every row of a rich world is the same to the last bit."""
    plain = hash_of_rows("simpy_engine", NUMBA_DISABLE_JIT="1")

    assert plain == hash_of_rows("simpy_engine")


@COMPILES
def test_another_processors_code_gives_the_same_rows(engine, expected, generic_processor):
    """Compiled for a generic processor, without fused multiply-add, the rows are the same."""
    assert hash_of_rows(engine, **generic_processor) == expected


def test_a_tiny_world_is_valid():
    """The tables that tests lay others on are a scenario by themselves."""
    assert set(TINY) == {"run", "violations", "levels"}
