"""The schema for editors and the reference for readers say what the models say."""

import re
from pathlib import Path

import pytest

import sim
from sim.scenario.layers import leaves
from sim.scenario.loading import load
from sim.scenario.reading import read_file
from sim.scenario.reference import README, key_table, written_anew
from sim.scenario.scenario import Scenario
from sim.scenario.schema import SCHEMA_FILE, allowed, node_at, schema, schema_text

SCENARIOS = sorted(README.parent.glob("*.toml"))
FILES = [*SCENARIOS, Path(sim.__file__).parent / "scenario" / "new.toml"]


def table_of(heading):
    """Return the rows of the reference below a heading, as cells by their key."""
    section = key_table().split(f"### {heading}\n")[1].split("###")[0]
    rows = [line[2:-2].split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


def test_the_schema_is_that_of_the_models():
    """`python -m sim.scenario.schema` writes it anew."""
    is_up_to_date = SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()

    assert is_up_to_date, "schema.json is out of step: run python -m sim.scenario.schema"


def test_the_reference_is_that_of_the_models():
    """`python -m sim.scenario.reference` writes it anew."""
    text = README.read_text(encoding="utf-8")
    is_up_to_date = text == written_anew(text)

    assert is_up_to_date, "scenarios/README.md is out of step: run python -m sim.scenario.reference"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_value_of_a_shipped_file_has_a_schema(path):
    """Editors know all keys that the files use, and what may stand there."""
    tables = read_file(path).tables
    nodes = [node_at(where, tables) for where, _ in leaves(tables)]

    assert all(node is not None and "something else" not in allowed(node) for node in nodes)


def test_every_key_is_documented():
    """Editors show what a key means, and so does the reference."""
    tables = [schema(), *schema()["$defs"].values()]
    keys = [(table["title"], key) for table in tables for key in table["properties"]]
    silent = [
        (title, key)
        for title, key in keys
        if key != "family" and not _is_documented(tables, title, key)
    ]

    assert silent == []


def _is_documented(tables, title, key):
    [table] = [one for one in tables if one["title"] == title]
    node = table["properties"][key]
    return "description" in node or ("$ref" in node and "description" in node_at((key,), {}))


def test_every_table_of_the_models_is_in_the_reference():
    """From the top of the file to the delays."""
    headings = re.findall("^### (.*)$", key_table(), re.MULTILINE)

    assert headings == [
        "At the top of the file",
        "`[run]`",
        "`[line]`",
        "`[violations]`",
        "`[attack]`",
        "`[doctrine]`",
        "`[monitoring]`",
        "`[levels.NAME]`",
        "`[crisis]`",
        "`[steps.NAME]`",
        "`[actors.NAME]`",
        "`[groups.NAME]`",
        "`[groups.NAME.members.NAME]`",
        "`[conditions.NAME]`",
        "`[guarantee]`",
        "`[credibility]`",
        "Delays and spells",
    ]


def test_every_key_of_the_models_is_in_the_reference():
    """None is forgotten, however deep it stands."""
    last_parts = {
        key.split(".")[-1] for key in re.findall(r"^\| `([a-z_.N]+)`", key_table(), re.MULTILINE)
    }
    tables = [schema(), *schema()["$defs"].values()]
    keys = {key for table in tables for key in table["properties"]}
    holders = {*Scenario.model_fields, "needs", "effect", "detection", "attribution", "members"}
    holders |= {"excitation", "erosion", "day_to_day", "recommitments", "recorded"}
    holders |= {"precursor", "outages", "commitment"}

    assert keys - last_parts - {"family"} <= holders


@pytest.mark.parametrize(
    ("heading", "key", "unit", "allowed_values", "default"),
    [
        ("`[run]`", "horizon_days", "days", "a number, above 0, at most 73,000", "`365`"),
        ("`[line]`", "sectors", "share", None, "`{ line = 1 }`"),
        ("`[violations]`", "incidents_per_day", "per day", None, "must be given"),
        ("`[attack]`", "per_year", "per year", None, "`0`"),
        ("`[attack]`", "sectors", "count", None, "`1`"),
        ("`[levels.NAME]`", "detection.probability", "share", "a number, 0 to 1", "`1`"),
        ("`[steps.NAME]`", "deadline_hours", "hours", "a number, 0 or more", ""),
        ("`[steps.NAME]`", "effect.stop", "factor", "a number, 0 to 1,000", "`1`"),
        ("`[groups.NAME]`", "quorum_weight", "share", "a number, above 0, at most 1", ""),
        ("`[groups.NAME]`", "quorum", "count", None, ""),
        ("`[groups.NAME.members.NAME]`", "weight", "weight", None, "`1`"),
        ("`[violations]`", "defender_share", "share", None, "`0`"),
        (
            "`[violations]`",
            "day_to_day.phi",
            "",
            "a number, above -1, below 1",
            "must be given with `day_to_day`",
        ),
        (
            "`[violations]`",
            "recommitments.N.day",
            "days",
            "a number, 0 or more",
            "must be given with `recommitments.N`",
        ),
        ("`[violations]`", "erosion.cap", "factor", "a number, 1 or more", ""),
        ("`[attack]`", "precursor.rate", "factor", None, "`1`"),
        ("`[monitoring]`", "debunked_after", "hours", "a delay", ""),
        ("`[actors.NAME]`", "commitment.review_years", "years", None, ""),
        ("`[groups.NAME.members.NAME]`", "vetoes", "", "true or false", "`false`"),
        ("`[guarantee]`", "steps", "", "a list, with 1 or more entries, each a name", ""),
        ("Delays and spells", "mean_hours", "hours", "a number, above 0", "must be given"),
    ],
)
def test_the_reference_gives_unit_range_and_default(heading, key, unit, allowed_values, default):
    """The unit follows from the key, the rest from the models."""
    _, said_unit, said_range, said_default = table_of(heading)[key]

    assert (said_unit, said_default.strip()) == (unit, default)
    assert allowed_values in (None, said_range)


def test_the_readme_names_every_shipped_file():
    """A reader learns what each encodes."""
    text = README.read_text(encoding="utf-8")
    names = [path.name for path in README.parent.iterdir() if path.suffix in {".toml", ".csv"}]

    assert [name for name in names if f"| `{name}` |" not in text] == []


def test_the_plan_in_the_readme_loads(written):
    """The example that extends the base is a scenario."""
    [example] = re.findall(
        r"```toml\n(format = 1\n.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    base = {name: (README.parent / name).read_bytes() for name in ("base.toml", "coalition.csv")}
    plan = load(written({"plan.toml": example, **base}))

    assert plan.steps["warning"].deadline_hours == 48


def test_the_error_in_the_readme_is_one(smallest, said_of):
    """The line is what a user would see."""
    [said] = said_of(smallest + "\n" * 35 + "[crisis]\nquiet_hours = -2.0")

    assert f"\nmy_{said}\n" in README.read_text(encoding="utf-8")
