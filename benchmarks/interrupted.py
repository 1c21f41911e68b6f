"""A study of twelve plans that is killed over and over: gone on with, it is the one left alone.

python benchmarks/interrupted.py [--runs N] [--kills N] [--into DIR]

Plays `studies/twelve_plans.toml` twice: once alone, and once in a program that is killed (SIGKILL)
at moments spread over its time and started again. Says how long each took, and compares every byte.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
STUDY: Final = ROOT / "studies" / "twelve_plans.toml"
_GOLDEN: Final = (5**0.5 - 1) / 2


def main() -> int:
    """Do what the command line asks for; return 0 if the bytes are the same."""
    parser = argparse.ArgumentParser(description="A study that is killed and gone on with.")
    parser.add_argument("--runs", type=int, default=100_000, help="runs of each plan")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--into", type=Path, help="a new folder; default: one that goes afterwards")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        into = asked.into or Path(scratch)
        into.mkdir(exist_ok=True)
        alone = seconds_of(into / "alone", asked.runs)
        print(f"left alone: {alone:.0f} s for 12 plans of {asked.runs:,} runs")
        killed = killed_again_and_again(into / "killed", asked.runs, asked.kills, alone)
        print(f"killed {asked.kills} times and gone on with: {killed:.0f} s")
        trees = tree(into / "alone"), tree(into / "killed")
        differing = sorted(name for name, _ in set(trees[0].items()) ^ set(trees[1].items()))
    size = len(trees[0])
    print(f"{size} files, {'all the same' if not differing else f'these differ: {differing}'}")
    return 1 if differing else 0


def command(folder: Path, runs: int) -> list[str]:
    """Return what is typed, at first and again."""
    line = [sys.executable, "-m", "sim", "study", str(STUDY), "--replications", str(runs)]
    return [*line, "--out", str(folder), "--resume"]


def seconds_of(folder: Path, runs: int) -> float:
    """Return how long the study takes when nobody kills it."""
    began = time.perf_counter()
    subprocess.run(command(folder, runs), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def killed_again_and_again(folder: Path, runs: int, kills: int, alone: float) -> float:
    """Return how long it takes when it is killed so often, each time somewhere in its share."""
    began = time.perf_counter()
    for kill in range(kills):
        share = 0.5 + 0.7 * (kill * _GOLDEN % 1)
        with subprocess.Popen(command(folder, runs), stdout=subprocess.DEVNULL) as study:
            try:
                study.wait(timeout=share * alone / (kills + 1))
                print("(it was done before it could be killed)")
            except subprocess.TimeoutExpired:
                study.kill()
    subprocess.run(command(folder, runs), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def tree(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


if __name__ == "__main__":
    sys.exit(main())
