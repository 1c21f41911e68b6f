"""What is timed beside the engines gives their rows, and the document says what was measured."""

import shutil
from pathlib import Path

import c_program
import heap_loop
import pytest
from made_up_worlds import some_plain_worlds
from worlds import rich_world, same
from worlds_to_play import SEED, numbers_of

from sim.engines import compiled_engine
from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.parameters import parameters

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
WORLDS = {
    "reference": numbers_of(),
    "a ladder for each sector": numbers_of(("crisis.scope", "sector")),
    "runaways": numbers_of(("run.most_violations", 500)),
    "rich": parameters(rich_world("sector")),
    **{
        f"made up, {number}": parameters(checked(Layer(tables, {})))
        for number, tables in enumerate(some_plain_worlds(60))
    },
}
IN_EVERY_WORLD = pytest.mark.parametrize("name", WORLDS)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The C program, where it can be compiled."""
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc")
    return c_program.compiled_into(tmp_path_factory.mktemp("c"))


@IN_EVERY_WORLD
def test_the_c_program_gives_the_engines_rows(program, name):
    """To the last bit, crises included."""
    expected = compiled_engine.simulate(WORLDS[name], SEED, range(4))

    assert same(program.play(WORLDS[name], range(4)).rows, expected)


@IN_EVERY_WORLD
def test_the_heap_loop_gives_the_engines_rows(name):
    """To the last bit, crises included."""
    expected = compiled_engine.simulate(WORLDS[name], SEED, range(2))

    assert same(heap_loop.simulate(WORLDS[name], SEED, range(2)), expected)


def test_the_documents_blocks_are_filled():
    """`make bench` has written every one of them."""
    text = DOCUMENT.read_text(encoding="utf-8")

    assert text.count("<!-- generated: ") == text.count("<!-- end -->") > 5
    assert "-->\n<!-- end -->" not in text
