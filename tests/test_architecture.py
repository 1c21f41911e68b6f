"""The shape of the project: what a reader relies on without looking."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "sim"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def _name(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", sorted((PACKAGE / "engines").rglob("*.py")), ids=_name)
def test_no_rules_number_stands_in_an_engine(path):
    """Engines hold clocks and waiting: no number but 0 and 1, and the 32 bits of an ordinal."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    numbers = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }

    assert numbers <= {0, 1, 32}


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_module_is_longer_than_300_lines(path):
    """Each module is about one thing."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_every_module_says_what_it_is_about(path):
    """Its docstring is what a newcomer reads first."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_help_loads_nothing_heavy():
    """`sim --help` waits for no array, frame, compiler or drawing library."""
    code = (
        "import sys\nfrom sim.cli import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'pandas', 'numba', 'matplotlib', 'scipy', 'pyarrow', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )

    assert done.stderr == "[]\n"
