"""Find the line and column of every value in a TOML text.

`tomllib` says what a text means but not where each value stands, and an error
message is far more use with a line number. This module walks over text that
`tomllib` has already accepted. So it never asks whether the syntax is right; it
only has to know where each key, value and header ends.
"""

import re
import tomllib
from bisect import bisect_right
from itertools import count
from typing import NamedTuple, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]


class Position(NamedTuple):
    """A place in a text, with lines and columns counted from 1 in characters."""

    line: int
    column: int


def positions(text: str) -> dict[KeyPath, Position]:
    """Every path in a TOML text is given the position where its value starts.

    A path holds the keys and the array indices that lead to the value. A table
    with a header stands at the header's "[", an array of tables at the first of
    its headers. A table that is only mentioned, as `a` is in `[a.b]` or in
    `a.b = 1`, stands at the first header or key that mentions it. The text must
    be one that `tomllib.loads` accepts.

    >>> positions("ceasefire = {days = 30}")["ceasefire", "days"]
    Position(line=1, column=21)
    """
    # tomllib does the same. A line keeps all its columns, as only its end changes.
    text = text.replace("\r\n", "\n")
    scanner = _Scanner(text)
    scanner.read_document()
    line_starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
    return {path: _position(offset, line_starts) for path, offset in scanner.starts.items()}


def _position(offset: int, line_starts: list[int]) -> Position:
    """Count off the line and column of the character at this offset in the text."""
    line = bisect_right(line_starts, offset)
    return Position(line, offset - line_starts[line - 1] + 1)


# The pieces of TOML. A doubled plus sign takes all it can and gives nothing back,
# which keeps long strings quick. A multi-line string may have up to two quotes
# just before the three that close it, so it ends with three to five of them.
_ONE_LINE_STRING = r""" "(?: [^"\\]++ | \\. )*" | '[^']*' """
_STRING = rf"""
    \"""(?: [^"\\]++ | \\. | "(?!"") )*"{{3,5}}
    | '''(?: [^']++ | '(?!'') )*'{{3,5}}
    | {_ONE_LINE_STRING}
"""
_KEY_PART = rf"(?: [A-Za-z0-9_-]+ | {_ONE_LINE_STRING} )"
_BLANK = r"[ \t\n]* (?: \#[^\n]* [ \t\n]* )*"


def _pattern(source: str) -> re.Pattern[str]:
    """Spaces in the source are only layout, and its dot also stands for a newline."""
    return re.compile(source, re.VERBOSE | re.DOTALL)


KEY_PART = _pattern(_KEY_PART)
DOTTED_KEY = _pattern(rf"{_KEY_PART} (?: [ \t]*\.[ \t]* {_KEY_PART} )*")
EQUALS_SIGN = _pattern(r"[ \t]*=[ \t]*")
HEADER_OPENING = _pattern(r"\[\[?[ \t]*")
HEADER_CLOSING = _pattern(r"[ \t]*\]\]?")
BRACKET = _pattern(rf"[\[\]{{}}] {_BLANK}")
BLANK = _pattern(_BLANK)
COMMA = _pattern(rf"{_BLANK} ,? {_BLANK}")
# Anything but a string simply runs on to the next delimiter. That takes in the
# space inside 1979-05-27 07:32:00.
SCALAR = _pattern(rf"""{_STRING} | [^,\[\]{{}}\#\n"']+""")


class _Scanner:
    """A cursor that moves once over a text and notes where each value starts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.cursor = 0
        self.starts: dict[KeyPath, int] = {}
        self.last_index: dict[KeyPath, int] = {}  # of each array made by [[headers]]

    def sees(self, character: str) -> bool:
        """Say whether this character is the next one."""
        return self.text.startswith(character, self.cursor)

    def take(self, pattern: re.Pattern[str]) -> str:
        """Return what the pattern matches here, and move the cursor past it."""
        match = pattern.match(self.text, self.cursor)
        if match is None:
            raise ValueError(f"this is not TOML, from character {self.cursor} on")
        self.cursor = match.end()
        return match[0]

    def read_document(self) -> None:
        """Each header opens a table, and the keys below it belong to that table."""
        table: KeyPath = ()
        self.take(BLANK)
        while self.cursor < len(self.text):
            if self.sees("["):
                table = self.read_header()
            else:
                self.read_pair(table)
            self.take(BLANK)

    def read_header(self) -> KeyPath:
        """Read a header and return the path of the table that it opens."""
        start = self.cursor
        opening = self.take(HEADER_OPENING)
        keys = self.read_key()
        self.take(HEADER_CLOSING)
        if opening.startswith("[["):
            path = self.next_element(keys, start)
        else:
            path = self.follow((), keys, start)
        self.starts[path] = start  # even if an earlier header already mentioned it
        return path

    def next_element(self, keys: list[str], start: int) -> KeyPath:
        """Return the path of the element that a [[header]] adds to its array."""
        array = (*self.follow((), keys[:-1], start), keys[-1])
        self.starts.setdefault(array, start)
        self.last_index[array] = self.last_index.get(array, -1) + 1
        return (*array, self.last_index[array])

    def follow(self, table: KeyPath, keys: list[str], start: int) -> KeyPath:
        """Return the path that the keys lead to, and note each new table on the way."""
        path = table
        for key in keys:
            path = (*path, key)
            self.starts.setdefault(path, start)
            if path in self.last_index:  # [a.b] below [[a]] is about the last a
                path = (*path, self.last_index[path])
        return path

    def read_key(self) -> list[str]:
        """Return the names in a dotted key, or the one name in a simple key."""
        return [_name(part) for part in KEY_PART.findall(self.take(DOTTED_KEY))]

    def read_pair(self, table: KeyPath) -> None:
        """Read a key of this table, and note where its value starts."""
        start = self.cursor
        path = self.follow(table, self.read_key(), start)
        self.take(EQUALS_SIGN)
        self.read_value(path)

    def read_value(self, path: KeyPath) -> None:
        """Note where a value starts, and read on to where it ends."""
        self.starts[path] = self.cursor
        if self.sees("["):
            self.read_array(path)
        elif self.sees("{"):
            self.read_inline_table(path)
        else:
            self.take(SCALAR)

    def read_array(self, path: KeyPath) -> None:
        """Read the elements of an array, and note where each one starts."""
        self.take(BRACKET)
        for index in count():
            if self.sees("]"):
                break
            self.read_value((*path, index))
            self.take(COMMA)
        self.cursor += 1

    def read_inline_table(self, path: KeyPath) -> None:
        """Read a table in curly braces, and note where each of its values starts."""
        self.take(BRACKET)
        while not self.sees("}"):
            self.read_pair(path)
            self.take(COMMA)
        self.cursor += 1


def _name(part: str) -> str:
    """Return the name that one part of a key stands for, free of quotes and escapes."""
    if part[0] not in "\"'":
        return part
    name: str = tomllib.loads(f"name = {part}")["name"]
    return name
