"""A file is read only if it is an ordinary one, and refers only to what lies beside or below it."""

import json
import os
import re
import tracemalloc
from pathlib import Path

import pytest

from sim.scenario.loading import load
from sim.scenario.problems import ScenarioError

SMALLEST = """\
[violations]
incidents_per_day = 1
[levels.fire]
spell = { family = "constant", hours = 1 }

"""

IS_MISSING = [
    "plan.toml:1:1: levels: is missing, must be a table, with 1 to 100 entries",
    "plan.toml:1:1: violations: is missing, must be a table",
]
NOT_TOML = {
    "a key that stands twice": ("[run]\nseed = 1\nseed = 2\n", "3"),
    "a table that stands twice": ("[run]\n[run]\n", "2"),
    "a bracket that never closes": ("[run\nseed = 1", "1"),
    "a text that never closes": ('title = "x', "1"),
    "a date that is none": ("x = 2026-02-30", "1"),
    "half a character": ('x = "\\ud800"', "1"),
    "a control character": ("x = 1\n\0", "2"),
}
OUTSIDE = {
    "an absolute path": "/etc/hostname",
    "the folder above": "../outside/base.toml",
    "above and down again": "../landscape/base.toml",
    "out by way of below": "below/../../outside/base.toml",
    "a backslash": "below\\base.toml",
    "an address of the net": "https://example.org/base.toml",
    "an address of a file": "file:///etc/hostname",
    "a link that leads out": "link.toml",
    "a folder that leads out": "door/base.toml",
    "nothing": "",
    "a zero byte": "base.toml\0",
}
NO_FILE = {
    "a missing file": "missing.toml",
    "a file below a missing folder": "missing/base.toml",
    "a folder": "below",
    "the folder itself": ".",
    "a pipe": "pipe",
}
UNREADABLE = {"a link to itself": "round.toml", "a name that is too long": "x" * 5000}
REFERENCES = {
    "extends": (1, 11, "extends", "extends = REFERENCE\n"),
    "members_file": (
        8,
        16,
        "groups.all.members_file",
        f'{SMALLEST}[groups.all]\nrule = "unanimity"\nmembers_file = REFERENCE\n',
    ),
    "violations.file": (
        3,
        8,
        "violations.file",
        SMALLEST.replace("\n", '\nprocess = "replay"\nfile = REFERENCE\n', 1),
    ),
}


@pytest.fixture
def landscape(tmp_path):
    """A folder with a folder below, a pipe, and links that lead out, in a circle and to below."""
    folder, outside = tmp_path / "landscape", tmp_path / "outside"
    (folder / "below").mkdir(parents=True)
    outside.mkdir()
    (outside / "base.toml").write_text("title = 'secret'")
    (folder / "below" / "base.toml").write_text(SMALLEST)
    (folder / "link.toml").symlink_to(outside / "base.toml")
    (folder / "door").symlink_to(outside)
    (folder / "round.toml").symlink_to(folder / "round.toml")
    (folder / "short_cut.toml").symlink_to(folder / "below" / "base.toml")
    os.mkfifo(folder / "pipe")
    return folder


def complaints(path):
    """Return what is said of a file, without the names of the folders above it."""
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return str(caught.value).replace(f"{Path(path).parent}/", "").splitlines()


def complaints_of_reference(folder, kind, reference):
    """Return what is said of a scenario that refers to something, and what should come first."""
    line, column, path, text = REFERENCES[kind]
    (folder / "plan.toml").write_text(text.replace("REFERENCE", json.dumps(reference)))
    return complaints(folder / "plan.toml"), f"plan.toml:{line}:{column}: {path}: is "


def test_an_empty_file_lacks_what_every_scenario_needs(said_of):
    """It is TOML, but no scenario."""
    assert said_of("") == IS_MISSING


def test_a_byte_order_mark_is_no_matter(said_of):
    """Some editors put one in front; columns are counted from behind it."""
    assert said_of(b"\xef\xbb\xbf# empty") == IS_MISSING


def test_windows_line_ends_are_no_matter(smallest, said_of):
    """Lines and columns are the same with them."""
    text = f"{smallest}[run]\nseed = -1\n".replace("\n", "\r\n")

    assert [line.split(" ")[0] for line in said_of(text)] == ["plan.toml:8:8:"]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a mark"])
def test_bytes_that_are_no_text_have_a_place(said_of, start):
    """Line and column are counted in characters, up to the first byte that is none."""
    said = said_of(start + "# \u00e6\ntitle = 'b\u00e5t \ud83d'".encode(errors="surrogatepass"))

    assert said == ["plan.toml:2:14: is not UTF-8 text"]


@pytest.mark.parametrize("name", NOT_TOML)
def test_what_is_not_toml_has_a_line(said_of, name):
    """The reader's complaint comes with the place where it gave up."""
    text, line = NOT_TOML[name]
    [said] = said_of(text)

    assert re.match(rf"plan\.toml:{line}:\d+: is not TOML: [A-Z]", said)


def test_a_number_of_thousands_of_digits_has_a_place(said_of):
    """Python refuses to read one; the file still gets a line and a column."""
    said = said_of("x = 1\ny = " + "9" * 5000)

    assert said == ["plan.toml:2:5: a number of thousands of digits, must be shorter"]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{ a = ", "}")])
@pytest.mark.parametrize(("depth", "place"), [(30, "2"), (30_000, "1")])
def test_deep_nesting_is_refused(said_of, opening, closing, depth, place):
    """However deep it is; if Python cannot follow, the place is the file."""
    [said] = said_of("x = 1\ny = " + opening * depth + "1" + closing * depth)

    assert re.fullmatch(
        rf"plan\.toml:{place}:\d+: tables or lists are nested more than 20 deep", said
    )


@pytest.mark.parametrize("depth", [25, 2000])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "x = {{ {} = 1 }}"])
def test_a_key_of_very_many_parts_is_refused(said_of, depth, form):
    """Its place is where it begins."""
    [said] = said_of("# one\n" + form.format(".".join(["a"] * depth)))

    assert re.fullmatch(r"plan\.toml:2:\d+: tables or lists are nested more than 20 deep", said)


def test_a_key_of_very_many_parts_takes_little_memory(said_of):
    """A hundred kilobytes of them would take gigabytes if they reached the reader of TOML."""
    tracemalloc.start()
    said_of(".".join(["a"] * 4000) + " = 1")
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 5_000_000


def test_many_sentences_in_a_comment_are_no_key(smallest, said_of):
    """Dots in prose do not count as nesting."""
    assert said_of(smallest + "# " + "And so on... " * 100 + "\n" + "# 1.2.3.4\n" * 100) == []


def test_a_folder_is_no_scenario(tmp_path):
    """It is said so, and nothing is read."""
    assert complaints(tmp_path) == [f"{tmp_path.name}:1:1: is not an ordinary file"]


def test_a_pipe_is_not_waited_for(tmp_path):
    """Opening one would hang until somebody writes to it."""
    os.mkfifo(tmp_path / "plan.toml")

    assert complaints(tmp_path / "plan.toml") == ["plan.toml:1:1: is not an ordinary file"]


def test_a_device_is_not_read():
    """It would never end."""
    assert complaints("/dev/zero") == ["zero:1:1: is not an ordinary file"]


@pytest.mark.parametrize("name", ["missing.toml", "missing/plan.toml", "x" * 5000, "a\0b"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name):
    """There is none of that name, or none can have it."""
    [said] = complaints(tmp_path / name)

    assert ":1:1: cannot be read: " in said


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ('title = "x\n', "closed by a quote"),
        ("title = \u201cx\u201d\n", "straight quotes"),
        ("a = 48 hours\n", "a number has no unit"),
        ("[a]\n[b]\n[a]\n", "below one heading"),
    ],
)
def test_a_usual_slip_is_told_with_what_to_do(said_of, text, mend):
    """Beside the words of the parser, which speak of characters and statements."""
    [said] = said_of(text)

    assert mend in said


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("scenarios/plan.toml", "../scenarios/plan.toml"),
        ("../scenarios/plan", "../scenarios/plan.toml"),
        ("../plan.toml", "../scenarios/plan.toml"),
        ("plan.toml", "../scenarios/plan.toml"),
        ("../scenarios/plam.toml", "../scenarios/plan.toml"),
        ("../scenario/plan.toml", "../scenarios/plan.toml"),
        ("../scenaris/plam.toml", "../scenarios/plan.toml"),
        ("../nothing/plan.toml", None),
        ("../scenario/quite_another.toml", None),
        ("quite_another.toml", None),
    ],
)
def test_the_file_that_was_meant_is_named(tmp_path, monkeypatch, asked, meant):
    """From a notebook's folder, without its end, or misspelt."""
    for name in ("scenarios", "notebooks"):
        (tmp_path / name).mkdir()
    (tmp_path / "scenarios/plan.toml").write_text(SMALLEST)
    monkeypatch.chdir(tmp_path / "notebooks")
    with pytest.raises(ScenarioError) as caught:
        load(asked)
    hint = f' (did you mean "{meant}"?)' if meant else ""

    assert str(caught.value) == f"{asked}:1:1: cannot be read: there is no such file{hint}"


def test_a_file_that_is_too_large_is_not_read(said_of):
    """No scenario is a quarter of a megabyte long."""
    said = said_of("#" * 262_145)

    assert said == ["plan.toml:1:1: is larger than the 262,144 bytes that are read"]


@pytest.mark.parametrize(
    "text",
    ["    1,\n" * 80_001, "    1\n" * 50_000, "    [1],\n" * 40_000, '    """a""",\n' * 30_000],
    ids=["too many items", "no items", "lists", "texts of many lines"],
)
def test_only_the_items_of_a_record_may_be_more(said_of, text):
    """A file of a quarter of a megabyte is refused unless almost all of it is a record."""
    said = said_of(f"x = [\n{text}]")

    assert said == ["plan.toml:1:1: is larger than the 262,144 bytes that are read"]


def test_no_file_at_all_may_have_more_than_four_megabytes(said_of):
    """Whatever it holds."""
    said = said_of("    1,\n" * 700_000)

    assert said == ["plan.toml:1:1: is larger than the 4,194,304 bytes that are read"]


@pytest.mark.parametrize("kind", REFERENCES)
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_reference_cannot_leave_its_folder(landscape, kind, name):
    """A scenario that somebody sends reaches no other file of the machine."""
    [said], start = complaints_of_reference(landscape, kind, OUTSIDE[name])
    rule = "must be the path of a file beside this one or below its folder"
    mend = "(a copy of it can lie there)"

    assert said == f"{start}{json.dumps(OUTSIDE[name])}, {rule} {mend}"


@pytest.mark.parametrize("kind", REFERENCES)
@pytest.mark.parametrize("name", NO_FILE)
def test_a_reference_names_an_ordinary_file(landscape, kind, name):
    """A pipe is not waited for, and what is missing is said to be."""
    [said], start = complaints_of_reference(landscape, kind, NO_FILE[name])

    assert (
        said == f"{start}{json.dumps(NO_FILE[name])}, which is not a file in the folder of this one"
    )


def test_the_file_that_a_reference_meant_is_named(said_of, tmp_path):
    """A base or a sheet in the same folder, misspelt."""
    (tmp_path / "base.toml").write_text(SMALLEST)
    hint = '(did you mean "base.toml"?)'

    [said] = said_of('extends = "bases.toml"')

    assert said.endswith(f'is "bases.toml", which is not a file in the folder of this one {hint}')


@pytest.mark.parametrize("kind", REFERENCES)
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_reference_that_no_system_follows_is_named(landscape, kind, name):
    """The system's refusal is a mistake of the file, with its place."""
    [said], start = complaints_of_reference(landscape, kind, UNREADABLE[name])

    assert re.match(
        rf"{re.escape(start)}.*, which (cannot be read|is not a file in the folder of this one)$",
        said,
    )


@pytest.mark.parametrize("kind", REFERENCES)
@pytest.mark.parametrize("value", [3, True, ["base.toml"], {"a": 1}], ids=str)
def test_a_reference_is_a_text(landscape, kind, value):
    """Anything else is a mistake with its place."""
    line, column, path, text = REFERENCES[kind]
    written = "{ a = 1 }" if isinstance(value, dict) else json.dumps(value)
    (landscape / "plan.toml").write_text(text.replace("REFERENCE", written))
    [said] = complaints(landscape / "plan.toml")

    assert said.startswith(f"plan.toml:{line}:{column}: {path}: is ")


@pytest.mark.parametrize("reference", ["below/base.toml", "./below/base.toml", "short_cut.toml"])
def test_a_reference_may_go_below(landscape, reference):
    """A folder below, or a link that stays inside, is no way out."""
    (landscape / "plan.toml").write_text(f'title = "here"\nextends = "{reference}"')

    assert load(landscape / "plan.toml").title == "here"


def test_a_reference_is_read_from_its_own_file_on(loaded):
    """What a file below refers to lies beside that file, wherever the first one is."""
    plan = loaded(
        {
            "plan.toml": 'extends = "below/middle.toml"',
            "below/middle.toml": 'extends = "base.toml"\ntitle = "middle"',
            "below/base.toml": SMALLEST,
        }
    )

    assert plan.title == "middle"


def test_a_file_cannot_extend_itself(said_of):
    """Not even by another way to write its name."""
    said = said_of('\nextends = "./plan.toml"')

    assert said == ["plan.toml:2:11: extends: goes round in a circle: plan.toml -> plan.toml"]


def test_two_files_cannot_extend_each_other(said_of):
    """The file that closes the circle is named, with the way round."""
    said = said_of({"plan.toml": 'extends = "b.toml"', "b.toml": '# b\nextends = "plan.toml"'})

    assert said == [
        "b.toml:2:11: extends: goes round in a circle: plan.toml -> b.toml -> plan.toml"
    ]


def test_a_link_does_not_hide_a_circle(tmp_path, said_of):
    """A file is itself under any name."""
    (tmp_path / "link.toml").symlink_to(tmp_path / "plan.toml")
    said = said_of('extends = "link.toml"')

    assert said == ["plan.toml:1:11: extends: goes round in a circle: plan.toml -> link.toml"]


def test_a_chain_of_files_has_an_end(said_of):
    """More than twenty files that extend each other are refused, and not for a circle."""
    chain = {f"s{index}.toml": f'extends = "s{index + 1}.toml"' for index in range(30)}
    said = said_of(chain)

    assert said == ["s20.toml:1:11: extends: is the end of a chain of more than 20 files"]


def test_two_references_that_are_wrong_are_both_named(smallest, said_of):
    """So are the other mistakes of the file."""
    group = '[groups.{}]\nrule = "unanimty"\nmembers_file = "/x"\n'
    said = said_of(smallest + group.format("a") + group.format("b"))

    assert [line.split(" ")[1] for line in said] == [
        "groups.a.rule:",
        "groups.a.members_file:",
        "groups.b.rule:",
        "groups.b.members_file:",
    ]
