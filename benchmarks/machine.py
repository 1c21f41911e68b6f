"""What the times were taken on: no names and no paths."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Final

_TOOLS: Final = ("numba", "llvmlite", "numpy", "simpy", "pandas", "pyarrow")


def machine() -> list[tuple[str, str]]:
    """Return what there is, and which."""
    return [
        ("processor", _processor()),
        ("processors in use", str(_processors())),
        ("system", f"{platform.system()} ({platform.machine()})"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        *((tool, version(tool)) for tool in _TOOLS),
        ("gcc", _gcc()),
    ]


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown"


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _gcc() -> str:
    if shutil.which("gcc") is None:
        return "none, so the C program was left out"
    command = ["gcc", "-dumpfullversion"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
