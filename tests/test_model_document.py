"""What docs/model.md says of names is so: each is there, none is made up, its example plays."""

import re
import runpy
import shutil
from pathlib import Path

import pytest
from worlds import constant, crises, trace, world

import sim
from sim.engines.rows import crisis_columns, outcome_columns
from sim.engines.story import EVENTS
from sim.model import words
from sim.scenario.loading import parsed_change
from sim.scenario.parameters import parameters
from sim.scenario.schema import plain, schema

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
TABLES = runpy.run_path(str(ROOT / "docs" / "model_tables.py"))
NAMES = set(re.findall(r"`([^`\n]+)`", DOCUMENT))


def _rows(mark):
    """Return the rows of a marked table, as lists of cells; the line under its head is left out."""
    inner = DOCUMENT.split(f"<!-- {mark}: begin -->")[1].split(f"<!-- {mark}: end -->")[0]
    lines = [line for line in inner.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def _named(mark, column=0):
    """Return the names in backticks in a column of a marked table, in their order."""
    return [name for row in _rows(mark) for name in re.findall(r"`([^`]+)`", row[column])]


def _keys(node, path=()):
    """Yield the path of each key of a scenario, NAME for a name of the user's, N for a place."""
    node = plain(node, {})
    for key, raw in node["properties"].items():
        below = plain(raw, {})
        entry = next(iter(below.get("patternProperties", {}).values()), None)
        entry, item = (plain(one, {}) if one else {} for one in (entry, below.get("items")))
        if "properties" in below:
            yield from _keys(below, (*path, key))
        elif "properties" in entry:
            yield from _keys(entry, (*path, key, "NAME"))
        elif "properties" in item:
            yield from _keys(item, (*path, key, "N"))
        else:
            yield ".".join((*path, key))


def test_every_key_of_a_scenario_is_in_the_document_and_no_other():
    """In the table that says what becomes of it."""
    assert sorted(_named("parameters")) == sorted(_keys(schema()))


def test_every_number_of_a_delay_is_in_the_document():
    """With its family, in backticks."""
    delay = schema()["$defs"]["Actor"]["properties"]["decision"]
    families = [plain(one, {}) for one in delay["oneOf"]]
    keys = {key for family in families for key in family["properties"]} - {"family"}
    said = {family["properties"]["family"]["const"] for family in families}

    assert keys | said <= NAMES
    assert said == set(words.FAMILIES)


def test_the_generated_tables_are_the_models():
    """`make schema` writes draws, kinds of events and words anew."""
    assert TABLES["written_anew"](DOCUMENT) == DOCUMENT


def test_every_kind_of_event_does_something():
    """The table of what each does at once has them all, in their order."""
    inner = DOCUMENT.split("### What each event does at once")[1].split("\n#")[0]
    firsts = [line.split(" | ")[0] for line in inner.splitlines() if line.startswith("| `")]

    assert re.findall(r"`([A-Z_]+)`", "".join(firsts)) == list(TABLES["kinds"]())


@pytest.mark.parametrize("name", TABLES["draws"]())
def test_every_draw_is_used_by_a_rule(name):
    """It stands in a rule's text, besides the table of draws."""
    before, rest = DOCUMENT.split("<!-- draws: begin -->")
    rules = before + rest.split("<!-- draws: end -->")[1]

    assert re.search(rf"\b{name}\b", rules)


def test_every_event_of_a_trace_is_in_the_document_and_no_other():
    """In the table of events, once."""
    assert sorted(_named("events")) == sorted(EVENTS)


def _columns(of):
    scenario = world(levels={"LEVEL": {"spell": constant(1.0)}}, steps={"STEP": {}})
    return [column.name for column in of(parameters(scenario))]


@pytest.mark.parametrize(
    ("mark", "of"), [("outcomes", outcome_columns), ("crises", crisis_columns)]
)
def test_every_column_is_in_the_document_and_no_other(mark, of):
    """In the order of the table, but where two of a kind share a row."""
    assert sorted(_named(mark)) == sorted(_columns(of))


@pytest.mark.parametrize("name", ["OUTCOMES", "STATUSES", "RISES", "CLOCKS", "OPENED_BY"])
def test_every_word_is_in_the_document(name):
    """In backticks."""
    assert set(getattr(words, name)) <= NAMES


def test_every_file_that_the_document_points_to_is_there():
    """Its links, and the tests that it names."""
    links = re.findall(r"\]\(([^)#]+)\)", DOCUMENT)
    tests = re.findall(r"`(test_\w+\.py)`", DOCUMENT)

    assert all((ROOT / "docs" / link).exists() for link in links)
    assert all((ROOT / "tests" / "known_answers" / name).exists() for name in tests)


def test_every_section_that_the_document_refers_to_is_there():
    """`(7.14)` and the like."""
    headings = set(re.findall(r"^#+ ([\d.]+) ", DOCUMENT, re.MULTILINE))
    named = re.findall(r"\b(7\.\d+)\b", DOCUMENT) + re.findall(r"[Ss]ection (\d+)\b", DOCUMENT)

    assert set(named) <= headings


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The scenario of the document's example, beside those that it extends."""
    folder = tmp_path_factory.mktemp("example") / "scenarios"
    shutil.copytree(ROOT / "scenarios", folder)
    text = DOCUMENT.split("<!-- hour 72: scenario -->\n```toml\n")[1].split("```")[0]
    (folder / "hour_72.toml").write_text(text, encoding="utf-8")
    return sim.load(folder / "hour_72.toml")


def test_the_example_plays_as_the_document_tells_it(example):
    """Line by line, but for the blanks between the columns."""
    table = trace(example)
    lines = [
        f"{row.time_hours:.2f} {row.event} {row.where} {row.detail}" for row in table.itertuples()
    ]
    shown = DOCUMENT.split("<!-- hour 72: trace -->\n```text\n")[1].split("```")[0]

    assert [line.split() for line in shown.splitlines()] == [line.split() for line in lines]


def _changes():
    inner = DOCUMENT.split("<!-- hour 72: changes -->")[1].split("<!-- end -->")[0]
    lines = [line for line in inner.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("row", _changes(), ids=lambda row: row[0])
def test_each_change_of_the_example_ends_as_the_document_says(example, row):
    """How the third step ends, and when it is in force."""
    changes = [parsed_change(change) for change in re.findall(r"`([^`]+)`", row[0])]
    changed = example.with_(*changes) if changes else example
    [crisis] = crises(changed).to_dict("records")
    in_force = crisis["military_in_force_hours"] - crisis["clock_hours"]

    assert row[2] == f"`{crisis['military_status']}`"
    assert f"{in_force:g}".replace("nan", "-") == row[3]
