"""Every value of a TOML text is found on the line and column where it stands."""

import sys
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.positions import KeyPath, positions

# Each of these is one value that is easy to misread.
TRICKY_SCALARS = [
    "1",
    "0x1F",
    "+1_000",
    "6.02e+23",
    "-inf",
    "nan",
    "true",
    "1979-05-27",
    "07:32:00.5",
    "1979-05-27 07:32:00",
    "1979-05-27 07:32:00-07:00",
    "1979-05-27T07:32:00Z",
    '""',
    "''",
    '"# no comment, no ] and no }"',
    "'# no comment, no ] and no }'",
    r'"a \" and a \\"',
    r"'C:\dir\'",
    '"é\U0001f54a"',
    '""""""',
    "''''''",
    '"""\none " two "" [three] # four\n"""',
    '""""quoted"""""',
    '"""x""""',
    r'"""\"""\\"""',
    '"""on the \\\n   same line"""',
    "'''\none ' two '' {three} # four\n'''",
    "''''quoted'''''",
    r"'''x\''''",
]
TRICKY_KEYS = [
    "plain",
    "-1_",
    "2",
    '""',
    '"a.b"',
    "'c = [d]'",
    r'"\u00e9 \" # \\"',
    "x.y",
    'z . "w.w"\t.\t0',
]
GAPS = ["", " ", "\n", "\t\n  ", " # a ' \" ] } [[x]]\n", "\n#,\n\n"]


def paths_in(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Yield each table, array and plain value in parsed TOML, and the path to it."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_in(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_in(inner, (*path, index))


def text_from(text: str, path: KeyPath) -> str:
    """Return the text from where the value with this path should stand."""
    line, column = positions(text)[path]
    lines = text.split("\n")[line - 1 :]
    return "\n".join([lines[0][column - 1 :], *lines[1:]])


def reads_as(text: str, value: object) -> bool:
    """Say whether the text starts with this very value, with no blank before it."""
    if text[:1].isspace():
        return False
    for end in range(1, len(text) + 1):
        try:
            found = tomllib.loads(f"x = {text[:end]}")
        except tomllib.TOMLDecodeError:
            continue
        if repr(found) == repr({"x": value}):  # tells 1 from 1.0, and knows nan
            return True
    return False


def misplaced(text: str) -> list[KeyPath]:
    """Return the paths of the plain values that are not where their position says."""
    return [
        path
        for path, value in paths_in(tomllib.loads(text))
        if not isinstance(value, dict | list) and not reads_as(text_from(text, path), value)
    ]


def deepest_text(opening: str, closing: str) -> tuple[str, int]:
    """Return a text with as many brackets as tomllib can follow, and their number."""
    for depth in range(sys.getrecursionlimit(), 0, -1):
        text = "a = " + opening * depth + "1" + closing * depth
        try:
            tomllib.loads(text)
        except RecursionError:
            continue
        return text, depth
    raise AssertionError


def random_data() -> st.SearchStrategy[dict[str, object]]:
    """Make up nested tables and arrays of all that TOML can hold."""
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    plain: st.SearchStrategy[object] = st.one_of(
        st.integers(),
        st.floats(),
        st.booleans(),
        words,
        st.dates(),
        st.times(),
        st.datetimes(timezones=st.sampled_from([None, UTC])),
    )
    nested = st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=8,
    )
    return st.dictionaries(words, nested, max_size=4)


def dumped_document() -> st.SearchStrategy[str]:
    """Write made-up data as TOML with tomli_w, in one of its two styles."""
    return st.builds(tomli_w.dumps, random_data(), multiline_strings=st.booleans())


@st.composite
def written_array(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """Write an array with comments, line breaks and perhaps a trailing comma."""
    gap = st.sampled_from(GAPS)
    pieces = [draw(gap) + item + draw(gap) for item in draw(st.lists(inner))]
    trailing = "," if pieces and draw(st.booleans()) else ""
    return "[" + ",".join(pieces) + trailing + draw(gap) + "]"


@st.composite
def written_pairs(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> list[str]:
    """Write keys of many kinds, each with a value."""
    keys = draw(st.lists(st.sampled_from(TRICKY_KEYS), unique=True, max_size=4))
    equals = st.sampled_from(["=", " = ", "\t=  "])
    return [key + draw(equals) + draw(inner) for key in keys]


def written_value() -> st.SearchStrategy[str]:
    """Write a value of any kind, at any depth, as a person might do it."""
    return st.recursive(
        st.sampled_from(TRICKY_SCALARS),
        lambda inner: (
            written_array(inner)
            | written_pairs(inner).map(lambda pairs: "{ " + " ,\t".join(pairs) + "}")
        ),
        max_leaves=6,
    )


@st.composite
def written_document(draw: st.DrawFn) -> str:
    """Write a document with headers of both kinds, comments and blank lines."""
    headers = ["", "[t.u]", "[t]", "[ 'l' ]", "[[l.m]]", "[[ l.m]]", "[l.m.n.'o o']"]
    sections = []
    for header in headers[: draw(st.integers(1, len(headers)))]:
        pairs = draw(written_pairs(written_value()))
        endings = [draw(st.sampled_from(["\n", " # ' [\n", "\n\n"])) for _ in pairs]
        lines = [pair + ending for pair, ending in zip(pairs, endings, strict=True)]
        sections.append(f'{header} # "\n\t{" ".join(lines)}')
    return "".join(sections)


@given(dumped_document())
@settings(max_examples=40, deadline=None)
def test_every_path_of_dumped_data_has_a_position(text: str):
    """The paths found in dumped data are just the paths that tomllib finds."""
    assert set(positions(text)) == {path for path, _ in paths_in(tomllib.loads(text))}


@given(dumped_document())
@settings(max_examples=40, deadline=None)
def test_every_value_of_dumped_data_stands_at_its_position(text: str):
    """Reading dumped data from a value's position gives that value."""
    assert misplaced(text) == []


@given(written_document())
@settings(max_examples=40, deadline=None)
def test_every_path_of_a_written_text_has_a_position(text: str):
    """The paths found in varied syntax are just the paths that tomllib finds."""
    assert set(positions(text)) == {path for path, _ in paths_in(tomllib.loads(text))}


@given(written_document())
@settings(max_examples=40, deadline=None)
def test_every_value_of_a_written_text_stands_at_its_position(text: str):
    """Reading varied syntax from a value's position gives that value."""
    assert misplaced(text) == []


@given(written_document())
@settings(max_examples=30, deadline=None)
def test_windows_line_ends_move_nothing(text: str):
    """A text has the same positions with Windows line ends as without."""
    assert positions(text.replace("\n", "\r\n")) == positions(text)


@pytest.mark.parametrize("scalar", TRICKY_SCALARS)
def test_the_value_after_a_tricky_one_is_found(scalar: str):
    """No kind of value hides the value that follows it."""
    text = f"a = [{scalar}, 'next']"

    assert text_from(text, ("a", 1)) == "'next']"


def test_an_empty_text_has_no_positions():
    """A text with only a comment holds no value."""
    assert positions("# nothing = 1") == {}


def test_lines_and_columns_count_from_one():
    """The first character of a text is on line 1 in column 1."""
    assert positions("[a]")["a",] == (1, 1)


def test_columns_count_characters_and_not_bytes():
    """A dove takes one column, though it takes four bytes."""
    assert positions('"\U0001f54a" = 1')["\U0001f54a",] == (1, 7)


def test_a_value_after_a_multi_line_string_is_on_its_own_line():
    """The lines inside a string count as lines of the text."""
    assert positions("a = '''\n\n'''\nb = 1")["b",] == (4, 5)


def test_a_value_in_an_inline_table_has_its_own_position():
    """A value in an inline table is found, and the table is found as well."""
    assert positions("a = {b = 1}") == {("a",): (1, 5), ("a", "b"): (1, 10)}


def test_a_value_in_a_multi_line_array_has_its_own_position():
    """An element of an array is found past the comments before it."""
    assert positions("a = [ # ]\n  1, # ,\n  2,\n]")["a", 1] == (3, 3)


def test_a_table_stands_at_its_header():
    """A table with a header stands at the header's opening bracket."""
    assert positions("x = 1\n  [a]\nb = 2")["a",] == (2, 3)


def test_a_header_counts_more_than_an_earlier_mention():
    """A table that has a header of its own stands there, even if it comes later."""
    assert positions("[a.b]\n[a]")["a",] == (2, 1)


def test_a_table_without_a_header_stands_at_the_first_header_that_mentions_it():
    """A table that is only mentioned stands where it is mentioned first."""
    assert positions("\n[a.b]\n[a.c]")["a",] == (2, 1)


def test_a_table_made_by_a_dotted_key_stands_at_the_first_such_key():
    """The dotted key is the only place where such a table shows."""
    assert positions("\n a.b = 1\n a.c = 2")["a",] == (2, 2)


def test_a_table_made_by_a_dotted_key_in_an_inline_table_stands_at_that_key():
    """Dotted keys make tables inside curly braces too."""
    assert positions("x = { a.b = 1, a.c = 2 }")["x", "a"] == (1, 7)


def test_an_array_of_tables_stands_at_its_first_header():
    """Later headers add elements but do not move the array."""
    assert positions("[[a]]\n[[a]]")["a",] == (1, 1)


def test_each_element_of_an_array_of_tables_stands_at_its_own_header():
    """The second of two double-bracketed headers gives element 1."""
    assert positions("[[a]]\n[[a]]")["a", 1] == (2, 1)


def test_a_sub_table_belongs_to_the_last_element():
    """A header below an array of tables is about the latest element."""
    text = "[[a]]\n[a.b]\n[[a]]\n[a.b]\nc = 1"

    assert positions(text)["a", 1, "b", "c"] == (5, 5)


def test_an_array_inside_an_element_counts_from_zero_again():
    """Each element has inner arrays of its own."""
    text = "[[a]]\n[[a.b]]\n[[a.b]]\n[[a]]\n[[a.b]]"

    assert positions(text)["a", 1, "b", 0] == (5, 1)


def test_quotes_and_escapes_are_taken_off_a_key():
    """A path holds the names that tomllib gives, with dots and escapes read."""
    text = r"""'a.b'."\u00e9\"".c = 1"""

    assert positions(text)["a.b", 'é"', "c"] == (1, 22)


def test_a_string_that_never_closes_is_refused():
    """A value that never ends raises an error and does not hang."""
    with pytest.raises(ValueError, match="not TOML"):
        positions('a = "never closed' + "x" * 1000)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a=", "}")])
def test_whatever_depth_tomllib_reads_is_read(opening: str, closing: str):
    """Nesting as deep as tomllib can follow is no trouble here."""
    text, depth = deepest_text(opening, closing)

    assert len(positions(text)) == depth + 1


@pytest.mark.parametrize("piece", ["x", r"\\", "\\\n", '"" '])
def test_a_long_string_is_read_quickly(piece: str):
    """A string of 200 000 pieces takes well under two seconds."""
    text = 'a = """' + piece * 200_000 + '"""\nb = 1'
    start = time.perf_counter()
    positions(text)

    assert time.perf_counter() - start < 2
