"""What file was meant, where there is none of the name that was given."""

import os
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

# A notebook, or a user's own folder, stands so many folders below the project's.
_MOST_UP: Final = 3
_SCENARIOS: Final = "scenarios"
# How much alike two names are, at least, if one was meant by the other.
_CUTOFF: Final = 0.8


def meant(path: Path) -> str:
    """Return a hint at the file that was meant by a path where there is none, or nothing."""
    return hint_at(likely(Path(), str(path)))


def hint_at(names: Iterator[str]) -> str:
    """Return a hint at the first of the names of files that may be meant, or nothing."""
    found = next(names, None)
    return f' (did you mean "{found}"?)' if found else ""


def likely(folder: Path, name: str) -> Iterator[str]:
    """Yield the files that may be meant by a name, written as it is: from the folder.

    That is the same path from a folder further up, as for a notebook, the same name with `.toml`
    behind it, or among the scenarios, or a name that is nearly the same, also the folder's.
    """
    path = Path(name)
    yield from (str(one) for one in _as_named(path) if (folder / one).is_file())
    if (folder / path.parent).is_dir():
        files = (folder / path.parent).glob(f"*{path.suffix or '.toml'}")
        yield from (str(one) for one in _nearly(path, filter(Path.is_file, files)))
        return
    for parent in _nearly(path.parent, _folders_in(folder / path.parent.parent)):
        meant_there = parent / path.name
        if (folder / meant_there).is_file():
            yield str(meant_there)
        else:
            yield from likely(folder, str(meant_there))


def _nearly(path: Path, there: Iterable[Path]) -> list[Path]:
    """Return the path with the name of what is there and is called nearly so, or none."""
    near = get_close_matches(path.name, [one.name for one in there], n=1, cutoff=_CUTOFF)
    return [path.with_name(name) for name in near]


def _folders_in(folder: Path) -> Iterator[Path]:
    return (one for one in folder.glob("*/") if one.is_dir())


def _as_named(path: Path) -> Iterator[Path]:
    if not path.is_absolute():
        yield from (Path(*[os.pardir] * number) / path for number in range(1, _MOST_UP + 1))
    if path.name:
        yield path.with_name(f"{path.name}.toml")
    yield path.parent / _SCENARIOS / path.name
    yield path.parent / os.pardir / _SCENARIOS / path.name
