# ruff: noqa: INP001 - a module beside the documents that it fills
"""Filling documents: prose that people write, and blocks between marks that a command writes."""

import re
from collections.abc import Mapping


def with_blocks(text: str, blocks: Mapping[str, str]) -> str:
    r"""Return a document with the content of each named block between its marks replaced.

    Raises `ValueError` when a block's marks are not there, or more than once.

    >>> with_blocks("<!-- generated: sum -->\nold\n<!-- end -->", {"sum": "1 + 1 = 2"})
    '<!-- generated: sum -->\n1 + 1 = 2\n<!-- end -->'
    """
    for name, content in blocks.items():
        text = _with_block(text, name, content)
    return text


def _with_block(text: str, name: str, content: str) -> str:
    begins, ends = f"<!-- generated: {name} -->", "<!-- end -->"
    pattern = f"({re.escape(begins)}\n).*?({re.escape(ends)})"
    filled, places = re.subn(
        pattern, lambda found: f"{found[1]}{content}\n{found[2]}", text, flags=re.DOTALL
    )
    if places != 1:
        message = f"{begins}: is there {places} times, must be once, with {ends} after it"
        raise ValueError(message)
    return filled
