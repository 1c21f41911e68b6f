# ruff: noqa: INP001 - a module beside the pages that it is about
"""Pages of the repository as pages of the site: where each text stands, and where its links go.

A page is read in two places, on the site and where the code lies; its links are written for the
latter. A page of `docs/` that says in a sentence whose text it has stands for that file.
"""

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parent
REPOSITORY: Final = DOCS.parent
# The page on which the site shows whole scenario files, a section for each.
SCENARIO_FILES: Final = DOCS / "reference" / "scenario_files.md"
_STANDS_FOR: Final = re.compile(r"\AThe text of this page is in \[[^]]+\]\(([^)]+)\)\.\s*\Z")
_LINK: Final = re.compile(r"\[(?P<words>[^][]*)\]\((?P<path>[^()\s#]+)(?P<anchor>#[^()\s]*)?\)")
_FENCED: Final = re.compile(r"^(```+|~~~+)[^\n]*\n.*?^\1[ ]*$", re.DOTALL | re.MULTILINE)


def text_of(page: str, text: str) -> tuple[str, Path]:
    """Return the text of a page of the site, and the file in which it stands."""
    file = DOCS / f"{page}.md"
    elsewhere = _stands_for(file, text)
    return (elsewhere.read_text(encoding="utf-8"), elsewhere) if elsewhere else (text, file)


def on_the_site(text: str, file: Path, page: str) -> str:
    """Return the text of a file with the links that it needs as a page of the site.

    What is fenced is code, and stays as it is.
    """
    at = (DOCS / f"{page}.md").parent
    return outside_code(text, lambda prose: _LINK.sub(lambda one: _link(one, file, at), prose))


def with_one_title(text: str) -> str:
    r"""Return a text of several titles as one with a single title, and all else a level deeper.

    A page of the site lists its sections beside it only if they stand below one title.

    >>> with_one_title("# Whole\n# Part\n## Section\n")
    '# Whole\n## Part\n### Section\n'
    """
    if len(re.findall(r"^# ", _FENCED.sub("", text), re.MULTILINE)) == 1:
        return text
    deeper = outside_code(text, lambda prose: re.sub(r"^#+ ", r"#\g<0>", prose, flags=re.MULTILINE))
    return deeper.replace("## ", "# ", 1)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    r"""Return a text with everything changed that is not fenced.

    >>> outside_code("a\n```\na\n```\na", str.upper)
    'A\n```\na\n```\nA'
    """
    parts: list[str] = []
    end = 0
    for fenced in _FENCED.finditer(text):
        parts += [change(text[end : fenced.start()]), fenced[0]]
        end = fenced.end()
    return "".join([*parts, change(text[end:])])


def _stands_for(file: Path, text: str) -> Path | None:
    """Return the file of the repository whose text a page has, if it says so."""
    said = _STANDS_FOR.match(text)
    return (file.parent / said[1]).resolve() if said else None


@cache
def _pages_elsewhere() -> dict[Path, Path]:
    """Return the page of `docs/` that stands for each file that lies elsewhere."""
    pages = ((page, page.read_text(encoding="utf-8")) for page in DOCS.rglob("*.md"))
    found = ((_stands_for(page, text), page) for page, text in pages)
    return {file: page for file, page in found if file is not None}


def _link(link: re.Match[str], file: Path, at: Path) -> str:
    """Return a link of a file as it is on the site; one to a folder is words there."""
    if ":" in link["path"]:
        return link[0]
    target = (file.parent / link["path"]).resolve()
    if target.is_dir() and not (target / "README.md").exists():
        return link["words"]
    place, anchor = _on_the_site(target / "README.md" if target.is_dir() else target)
    path = Path(os.path.relpath(place, at)).as_posix()
    return f"[{link['words']}]({path}{link['anchor'] or anchor})"


def _on_the_site(target: Path) -> tuple[Path, str]:
    """Return where the site has a file of the repository: a page, or a section of one."""
    if target.suffix == ".toml" and target.parent == REPOSITORY / "scenarios":
        return SCENARIO_FILES, f"#{target.stem}-toml".replace("_", "-")
    return _pages_elsewhere().get(target, target), ""
