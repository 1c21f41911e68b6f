# ruff: noqa: INP001 - a module beside the pages that it fills
"""The references that the site makes from the code: commands, Python, the files of scenarios."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from types import MappingProxyType
from typing import Final

import sim
from docs.web_links import REPOSITORY
from sim.show import figures

# What the functions return, and what is found in that; `sim` itself names the others.
RETURNED: Final = (
    "sim.study.points.sweep.Sweep",
    "sim.study.points.studies.StudyResults",
    "sim.study.values.sensitivity.Sensitivity",
    "sim.study.values.indices.SobolIndices",
    "sim.study.values.effects.MorrisEffects",
    "sim.study.values.discovery.Discovery",
    "sim.study.values.boxes.Box",
    "sim.study.rare_events.rare.RareEvent",
    "sim.study.rare_events.rare.Stage",
    "sim.study.comparing.explain.Parting",
    "sim.results.estimates.Estimate",
    "sim.show.explorer.widget.Explorer",
)
_MARK: Final = re.compile(r"^<!-- made from the code: (\w+) -->$", re.MULTILINE)


def filled(text: str) -> str:
    """Return a page with what the code says in place of its marks."""
    return _MARK.sub(lambda mark: _MADE[mark[1]](), text)


def commands() -> str:
    """Return every command with its arguments and options, as its help has them.

    What is said of all of them, ahead of the first, only shortens what follows.
    """
    asked = [sys.executable, "-m", "typer", "sim.cli", "utils", "docs", "--name", "sim"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    each = said.stdout[said.stdout.index("\n## ") :]
    return re.sub(r"^\$ ", "", each, flags=re.MULTILINE)


def functions() -> str:
    """Return what `sim` offers to call, with the docstrings."""
    return _autodoc(f"sim.{name}" for name in sim.__all__ if not _is_class(sim, name))


def classes() -> str:
    """Return the classes that `sim` names, and those that its functions return."""
    return _autodoc([*(f"sim.{name}" for name in sim.__all__ if _is_class(sim, name)), *RETURNED])


def drawings() -> str:
    """Return all that `sim.figures` names."""
    return _autodoc(f"sim.figures.{name}" for name in figures.__all__)


def scenario_files() -> str:
    """Return each scenario of the project, whole, in a section of its own."""
    files = sorted((REPOSITORY / "scenarios").glob("*.toml"))
    texts = ((file.name, file.read_text(encoding="utf-8")) for file in files)
    return "\n".join(f"## {name}\n\n```toml\n{text.strip()}\n```\n" for name, text in texts)


def as_prose(_app: object, _kind: str, _name: str, *said: object) -> None:
    """Make reStructuredText of a docstring, in place.

    What it indents after a colon is code, and a name that ends in an underscore is no link.
    """
    lines = said[-1]
    if isinstance(lines, list):
        text = re.sub(r":\n\n(?=    )", "::\n\n", "\n".join(lines))
        parts = re.split(r"(`[^`]*`)", text)
        parts[::2] = [re.sub(r"(?<=\w)_(?!\w)", r"\_", part) for part in parts[::2]]
        lines[:] = "".join(parts).split("\n")


def _autodoc(names: Iterable[str]) -> str:
    """Return what has Sphinx document these names; `sim.figures` is a module, not one of them."""
    said = (_directive(name) for name in names if name != "sim.figures")
    return "\n".join(["```{eval-rst}", *said, "```"])


def _directive(name: str) -> str:
    home, _, last = name.rpartition(".")
    if _is_class(_home(home), last):
        return f".. autoclass:: {name}\n   :members:\n   :exclude-members: __init__, __new__\n"
    return f".. autofunction:: {name}\n"


def _home(name: str) -> object:
    return figures if name == "sim.figures" else import_module(name)


def _is_class(home: object, name: str) -> bool:
    return inspect.isclass(getattr(home, name))


_MADE: Final = MappingProxyType[str, Callable[[], str]](
    {
        "commands": commands,
        "functions": functions,
        "classes": classes,
        "figures": drawings,
        "scenario_files": scenario_files,
    }
)
