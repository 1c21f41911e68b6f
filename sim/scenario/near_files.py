"""What file was meant, where there is none of the name that was given."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

# A notebook, or a user's own folder, stands so many folders below the project's.
_MOST_UP: Final = 3


def meant(path: Path) -> str:
    """Return a hint at the file that was meant by a path where there is none, or nothing.

    That is the same path from a folder further up, as for a notebook, the same name with `.toml`
    behind it, or among the folder's scenarios, or a name that is nearly the same.
    """
    found = next(_likely(path), None)
    return f' (did you mean "{found}"?)' if found else ""


def _likely(path: Path) -> Iterator[str]:
    if not path.is_absolute():
        ups = (Path(*[os.pardir] * number) / path for number in range(1, _MOST_UP + 1))
        yield from (str(one) for one in ups if one.is_file())
    others = (path.with_name(f"{path.name}.toml"), path.parent / "scenarios" / path.name)
    yield from (str(one) for one in others if one.is_file())
    if path.parent.is_dir():
        names = [one.name for one in path.parent.glob("*.toml")]
        near = get_close_matches(path.name, names, n=1, cutoff=0.8)
        yield from (str(path.with_name(name)) for name in near)
