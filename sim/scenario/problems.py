"""What is wrong with a scenario, said so that it can be mended: where, what, what is allowed."""

import json
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

KeyPath = tuple[str | int, ...]


class Origin(NamedTuple):
    """Where a value was written: a file (or an option), and line and column counted from 1."""

    file: str
    line: int = 1
    column: int = 1


class Problem(NamedTuple):
    """One thing that is wrong: where it is written, the value's path, and a sentence."""

    origin: Origin
    path: str
    sentence: str

    def as_dict(self) -> dict[str, str | int]:
        """Return the problem for machines that read it."""
        return {**self.origin._asdict(), "path": self.path, "problem": self.sentence}

    def __str__(self) -> str:
        place = f"{self.origin.file}:{self.origin.line}:{self.origin.column}"
        said = f"{_shortened(self.path, 200)}: {self.sentence}" if self.path else self.sentence
        return _on_one_line(f"{place}: {said}")


def _on_one_line(text: str) -> str:
    r"""Return a text with escapes for what would break the line or upset a terminal.

    >>> _on_one_line("two\nlines")
    'two\\nlines'
    """
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


class ScenarioError(ValueError):
    """A scenario that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep each problem once, in the order of the places where they are written."""
        self.problems = tuple(sorted(set(problems), key=lambda problem: problem[:2]))
        super().__init__("\n".join(map(str, self.problems)))

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: what is wrong, and not how this program came to see it."""
        return [f"{type(self).__name__}:", *map(str, self.problems)]

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[tuple[Problem, ...]]]:
        """Let another process pass the error on whole."""
        return ScenarioError, (self.problems,)


def dotted(path: KeyPath) -> str:
    """Return a path as users write it.

    >>> dotted(("steps", "warning", "deciders", 0))
    'steps.warning.deciders.0'
    """
    return ".".join(str(part) for part in path)


def shown(value: Any) -> str:  # noqa: ANN401 - anything that TOML can hold
    """Return a value as it may be written in a file, shortened if it is long.

    >>> shown("line"), shown(True), shown(float("nan"))
    ('"line"', 'true', 'nan')
    """
    if isinstance(value, float):
        text = repr(value)
    else:
        try:
            text = json.dumps(value, ensure_ascii=False, default=str)
        except ValueError:
            text = "a number of thousands of digits"
    return _shortened(text, 60)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def did_you_mean(name: object, known: Iterable[str], *, or_list: bool = True) -> str:
    """Return a hint at the known name that is nearest, or else the list of those known.

    >>> did_you_mean("warnin", ["warning", "coalition"])
    ' (did you mean "warning"?)'
    """
    names = sorted(known)
    near = get_close_matches(str(name), names, n=1, cutoff=0.6)
    if near:
        return f' (did you mean "{near[0]}"?)'
    return f" (known here: {_listed(names)})" if names and or_list else ""


def _listed(names: Sequence[str]) -> str:
    most = 12
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")
