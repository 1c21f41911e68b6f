"""What is asked for in the explorer: two plans as files with changes, and ways to take them along.

A change is a path and what was typed for it, read as `--set path=value` reads it.
"""

from __future__ import annotations

import json
import shlex
import textwrap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.results.manifest import run_id
from sim.scenario.counts import counted
from sim.scenario.loading import load, parsed_change
from sim.scenario.scenario import Scenario
from sim.study.comparing.plan_labels import changes_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

_LONGEST_TITLE: Final = 200
NAMES: Final = ("A", "B")
"""What the two plans are called on the screen."""


@dataclass(frozen=True)
class Base:
    """A plan to begin with: a scenario, or the file that it is read from once it is asked for."""

    name: str
    given: Scenario | None = None
    file: Path | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """The plan; raises `ScenarioError` where the file is none."""
        if self.given is not None:
            return self.given
        return load(self.file or self.name)


class Asked(NamedTuple):
    """A plan as it is asked for: one to begin with, and what was typed at some paths."""

    base: Base
    typed: tuple[tuple[str, str], ...] = ()

    @property
    def changes(self) -> tuple[tuple[str, Any], ...]:
        """The paths and their values."""
        return tuple(parsed_change(f"{path}={text}") for path, text in self.typed)

    def scenario(self) -> Scenario:
        """Return the plan; raise `ScenarioError` that says what cannot be."""
        return self.base.scenario.with_(*self.changes) if self.typed else self.base.scenario

    def as_it_stands(self, seed: int, runs: int) -> Scenario:
        """Return the plan with its seed and its runs, and a title that says what was changed."""
        plan = self.scenario().with_(("run.seed", seed), ("run.replications", runs))
        return plan.with_(("title", self.title())) if self.typed else plan

    def title(self) -> str:
        """Return what the plan is called: its title, and what was changed in it."""
        title = self.base.scenario.title
        words = changes_in_words(self.base.scenario, self.scenario())
        if self.scenario() == self.base.scenario:
            return title
        words = words or f"{counted(len(self.typed), 'value')} changed"
        return f"{title[: _LONGEST_TITLE - len(words) - 2]}, {words}"

    def in_short(self, seed: int, runs: int) -> str:
        """Return the file that says only what was changed, as comments; nothing without a file.

        It gives the same numbers as long as it lies beside the plan's file, and that stays as it
        is: where a browser saves something, nobody knows.
        """
        if self.base.file is None or not self.typed:
            return ""
        changed = "".join(
            f"{path} = {json.dumps(value) if isinstance(value, str) else text}\n"
            for (path, text), (_, value) in zip(self.typed, self.changes, strict=True)
        )
        said = (
            f"All that differs from {self.base.name}; beside its file these lines do the same:\n"
            f"format = 1\nextends = {json.dumps(self.base.file.name)}\n{changed}"
            f"run.seed = {seed}\nrun.replications = {runs}\n"
        )
        return textwrap.indent(said, "# ")

    def options(self) -> str:
        """Return the changes as options of a command, each quoted where a shell needs it."""
        return "".join(f" --set {shlex.quote(f'{path}={text}')}" for path, text in self.typed)


def bases_of(given: Scenario | str | PathLike[str]) -> list[Base]:
    """Return the plan that is given, and after it the others in the folder of its file.

    These are read when somebody asks for them. Raises `ScenarioError` if the plan cannot be.
    """
    if isinstance(given, Scenario):
        return [Base(given.title, given)]
    file = Path(given)
    first = Base(file.stem, load(file), file)
    others = (one for one in sorted(file.parent.glob("*.toml")) if not _is_same(one, file))
    return [first, *(Base(one.stem, None, one) for one in others)]


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def with_other(
    bases: list[Base], other: Scenario | str | PathLike[str] | None
) -> tuple[list[Base], int]:
    """Return plans with another one among them, and its place; without one, that of the first."""
    if other is None:
        return bases, 0
    found = bases_of(other)[0]
    if found.file is not None:
        place = _place_of(found.file, bases)
        if place is not None:
            return bases, place
    return [*bases, found], len(bases)


def _place_of(file: Path, bases: Sequence[Base]) -> int | None:
    files = [one.file.resolve() if one.file else None for one in bases]
    return files.index(file.resolve()) if file.resolve() in files else None


class Screen(NamedTuple):
    """What is on the screen: two plans, so many runs of each, on this luck."""

    plans: tuple[Asked, Asked]
    runs: int
    seed: int

    def as_toml(self, place: int) -> str:
        """Return one of the plans as a scenario file that runs by itself."""
        asked = self.plans[place]
        whole = asked.as_it_stands(self.seed, self.runs).to_toml()
        return f"{asked.in_short(self.seed, self.runs)}{whole}"

    def as_python(self) -> str:
        """Return what gives the numbers on the screen, in Python."""
        files = self._files()
        writes = "".join(
            f"Path({str(file)!r}).write_text({self.as_toml(place)!r}, encoding='utf-8')\n"
            for place, file in files.items()
        )
        plans = [
            _loading("ab"[place], files.get(place), asked) for place, asked in enumerate(self.plans)
        ]
        head = "from pathlib import Path\n\nimport sim\n\n" if files else "import sim\n\n"
        return (
            f"{head}{writes}{''.join(plans)}"
            'comparison = sim.compare({"A": plan_a, "B": plan_b}, '
            f"replications={self.runs}, seed={self.seed})\n"
            "comparison.answer()\n"
            "comparison.differences()\n"
            "comparison.results[0].summary()  # plan A; [1] is plan B\n"
        )

    def as_command(self) -> str:
        """Return what gives the numbers on the screen, on the command line.

        A plan that was changed, while the other one was not in the same way, becomes a file first;
        where the lines are given once more, it is there already.
        """
        luck = f" --replications {self.runs} --seed {self.seed}"
        files, first = self._files(), ""
        for file in files.values():
            first += f"# {file} is what 'Save as scenario' gives\n"
        ours, theirs = self.plans
        if ours.typed == theirs.typed and not files:
            both = " ".join(_quoted(one.base.file) for one in self.plans)
            return f"sim compare {both}{ours.options()}{luck}\n"
        lines, names = [], []
        for place, asked in enumerate(self.plans):
            name = _quoted(files.get(place, asked.base.file))
            if asked.typed and place not in files:
                folder = f"results/plan-{'ab'[place]}-{self._run_id(place)}"
                lines.append(f"sim run {name}{asked.options()}{luck} --out {folder} --resume\n")
                name = f"{folder}/scenario.toml"
            names.append(name)
        return f"{first}{''.join(lines)}sim compare {' '.join(names)}{luck}\n"

    def _files(self) -> Mapping[int, Path]:
        """Return for each plan that was not read from a file the name of one to be written."""
        return {
            place: Path(f"plan_{'ab'[place]}.toml")
            for place, asked in enumerate(self.plans)
            if asked.base.file is None
        }

    def _run_id(self, place: int) -> str:
        return run_id(self.plans[place].scenario(), self.seed, self.runs)[:8]


def _quoted(file: Path | None) -> str:
    return shlex.quote(str(file))


def _loading(letter: str, written: Path | None, asked: Asked) -> str:
    """Return the lines that load a plan, with its changes unless they are in what was written."""
    if written is not None:
        return f"plan_{letter} = sim.load({str(written)!r})\n"
    changes = "".join(f"    ({path!r}, {value!r}),\n" for path, value in asked.changes)
    made = f".with_(\n{changes})" if changes else ""
    return f"plan_{letter} = sim.load({str(asked.base.file)!r}){made}\n"
