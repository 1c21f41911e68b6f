"""What a report is made of: sections of prose, tables, figures and what can be folded away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT: Final = "\n\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Prose:
    """A paragraph, perhaps with a few words in bold before it."""

    kind: ClassVar[str] = "prose"
    text: str
    lead: str = ""


@dataclass(frozen=True)
class Listed:
    """Sentences or facts, one below the other."""

    kind: ClassVar[str] = "listed"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """What can be typed or saved as it stands."""

    kind: ClassVar[str] = "code"
    text: str
    about: str
    """What it is, for whoever does not see it."""


@dataclass(frozen=True)
class Figure:
    """A drawing with what is said of it."""

    kind: ClassVar[str] = "figure"
    svg: str
    """An `<svg>` element that was made by this program: the only thing that is not escaped."""
    caption: str


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    is_number: bool = False
    wraps: bool = True
    """Whether its cells may be broken into lines."""
    has_paths: bool = False
    """Whether its cells are paths, which may be broken behind each dot."""

    @property
    def style(self) -> str:
        """How its cells look: the names that the style sheet has for that."""
        names = ("number" if self.is_number else "text", "" if self.wraps else "whole")
        return " ".join(names).strip()


@dataclass(frozen=True)
class Rows:
    """Rows of a table that belong together, each with a cell a column, perhaps under a heading."""

    rows: tuple[tuple[str, ...], ...]
    heading: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row says what the row is about."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    groups: tuple[Rows, ...]
    note: str = ""


@dataclass(frozen=True)
class Folded:
    """What few need: a line, and behind it the rest."""

    kind: ClassVar[str] = "folded"
    heading: str
    blocks: tuple[Block, ...]
    is_printed: bool = True
    """Whether it is on paper too."""


Block: TypeAlias = Prose | Listed | Code | Figure | Table | Folded


@dataclass(frozen=True)
class Section:
    """A part of the page, with a heading that the contents list."""

    name: str
    """What links call it."""
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """The whole page."""

    title: str
    what: str
    """What it is a report of: a run, a comparison and so on, with how many runs."""
    answer: tuple[Block, ...]
    grades: str
    """How many values are reported, from the literature, assumed."""
    name: str
    """The hexadecimal digits by which the result is known."""
    sections: tuple[Section, ...]


def section(name: str, heading: str, blocks: Iterable[Block]) -> Section:
    """Return a section of blocks."""
    return Section(name, heading, tuple(blocks))


def table(
    caption: str, columns: Iterable[Column], rows: Iterable[tuple[str, ...]], note: str = ""
) -> Table:
    """Return a table whose rows are all of one kind."""
    return Table(caption, tuple(columns), (Rows(tuple(rows)),), note)


def printable(text: str) -> str:
    r"""Return a text with a space for each character that does not print, line breaks excepted.

    Whoever wrote a title may have put anything into it; what turns the direction of writing around
    does not come into the page.

    >>> printable("a\u202eb\x00\nc")
    'a b \nc'
    """
    return "".join(one if one.isprintable() or one in _KEPT else " " for one in text)
