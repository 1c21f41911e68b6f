"""What has to be the same on all machines that play, so that their rows are."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from typing import Final

from sim.model.code_cache import code_fingerprint

# What decides the bytes of rows, and so has to be the same everywhere.
_FOLDERS: Final = ("model", "scenario", "engines", "results")
_TOOLS: Final = ("datasketches", "numba", "numpy", "pyarrow")


@cache
def tools() -> dict[str, str]:
    """Return what decides the bytes of rows beside the scenario: our sources, and the tools."""
    return {
        "ceasefire-sim": f"{version('ceasefire-sim')} ({code_fingerprint(*_FOLDERS)[:16]})",
        **{name: version(name) for name in _TOOLS},
        "Python": ".".join(platform.python_version_tuple()[:2]),
    }


def differences(there: dict[str, str], here: dict[str, str]) -> str:
    """Return in words what a worker has that is not the same here.

    >>> differences({"numpy": "2.1.0", "numba": "0.62"}, {"numpy": "2.2.0", "numba": "0.62"})
    'numpy 2.1.0 (here 2.2.0): results would not be the same'
    """
    told = [
        f"{name} {there.get(name, 'none')} (here {here[name]})"
        for name in here
        if there.get(name) != here[name]
    ]
    return f"{', '.join(told)}: results would not be the same"
