"""The shipped scenarios cite the evidence that is on record, and say what it says."""

import csv
import math
import re
import statistics
import tomllib
from datetime import date, timedelta
from fnmatch import fnmatch
from pathlib import Path

import pytest
from scipy.integrate import quad
from scipy.stats import norm

from sim.scenario.layers import leaves, value_at
from sim.scenario.ledger import LEDGER_FILE, ledger, written_anew
from sim.scenario.loading import load
from sim.scenario.problems import dotted
from sim.scenario.reference import key_table

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
SCALES = ("hours", "mean_hours", "median_hours", "scale_hours")
# What is no claim about the world, or follows from a claim that is cited.
NEEDS_NO_SOURCE = {
    "format",
    "extends",
    "title",
    "run.horizon_days",
    "run.replications",
    "run.seed",
    "violations.process",
    "groups.willing.rule",
    "groups.willing.members_file",
    "steps.warning.decide_from_hours",
}

# Names, luck, files and what stands in them; who decides, and how incidents are shared, has a row
# for each name.
NEEDS_NO_ROW = re.compile(
    r"format|title|extends|sources|run\.(replications|seed|most_violations)|steps\.NAME\.deciders"
    r"|violations\.(file|starts|level_shares|recorded\..*)|groups\.NAME\.members_file"
)


def rows_of(name):
    """Return the rows of one of the ledger's tables, by id."""
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


ASSUMPTIONS = rows_of("assumptions")
LITERATURE = rows_of("literature")
LEDGER = {**rows_of("facts"), **LITERATURE, **rows_of("readings"), **ASSUMPTIONS}


def on_record(plan):
    """Return each path that cites an assumption made for just this path, and its row."""
    rows = ((path, ASSUMPTIONS.get(source)) for path, source in plan.sources.items())
    return [(path, row) for path, row in rows if row and path in row["path"].split(";")]


def in_words(value):
    """Return a value as the ledger writes it: of a delay the scale, of shares all of them."""
    if not isinstance(value, (dict, list, tuple)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, (list, tuple)):
        factors = {one["factor"] if isinstance(one, dict) else one for one in value}
        return ", ".join(sorted(map(in_words, factors)))
    if "family" in value:
        return f"{next(value[scale] for scale in SCALES if scale in value):g}"
    if "level" in value:
        return f"{value['level']} within {value['within_hours']:g} hours"
    return " / ".join(in_words(one) for one in value.values())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_source_is_on_record(path):
    """Each id is a row of the ledger."""
    assert sorted(set(load(path).sources.values()) - set(LEDGER)) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_source_is_about_the_value_that_cites_it(path):
    """An assumption that names paths is cited for these, or for what is below them."""
    astray = []
    for name, source in load(path).sources.items():
        paths = LEDGER[source].get("path", "").replace("members_file", "members").split(";")
        if paths != [""] and not any(fnmatch(f"{name}.", f"{one}.*") for one in paths):
            astray.append((name, source))

    assert astray == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_value_is_the_one_on_record(path):
    """Where an assumption gives a path's value, the scenario has that value."""
    plan = load(path)
    tables = plan.as_tables()
    said = {
        name: (row["value"], in_words(value_at(tables, tuple(name.split(".")))))
        for name, row in on_record(plan)
    }
    other = {name: pair for name, pair in said.items() if pair[0].removesuffix(".0") != pair[1]}

    assert said
    assert other == {}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_spread_is_the_one_on_record(path):
    """Where an assumption gives a delay's spread, the scenario has that spread."""
    plan = load(path)
    spreads = {}
    for name, row in on_record(plan):
        spread = re.fullmatch(r"lognormal, log_sd ([0-9.]+)", row["family"])
        if spread:
            where = (*name.split("."), "log_sd")
            spreads[name] = (float(spread[1]), value_at(plan.as_tables(), where))

    assert len(spreads) >= 13
    assert [pair for pair in spreads.values() if pair[0] != pair[1]] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_claim_of_a_shipped_file_has_a_source(path):
    """No value about the world is an assumption that nobody wrote down."""
    sources = load(path).sources
    stated = [name for name, _ in leaves(tomllib.loads(path.read_text())) if name[0] != "sources"]
    bare = {
        dotted(name)
        for name in stated
        if not any(dotted(name[:length]) in sources for length in range(1, len(name) + 1))
    }

    assert bare - NEEDS_NO_SOURCE == set()


def test_the_reported_hours_are_the_reported_ones():
    """The 24 hours of step 1 are in F05, the 72 hours of step 3 in F08."""
    plan = load(ROOT / "scenarios" / "three_step.toml")
    hours = {
        plan.sources["steps.warning.deadline_hours"]: plan.steps["warning"].deadline_hours,
        plan.sources["steps.military.not_before_hours"]: plan.steps["military"].not_before_hours,
    }

    assert hours == {"F05": 24, "F08": 72}


def test_the_coalition_has_the_members_that_pledged():
    """The reported number is 26 (F26)."""
    plan = load(ROOT / "scenarios" / "base.toml")

    assert len(plan.groups["willing"].members) == int(ASSUMPTIONS["A119"]["value"])


def test_the_package_carries_what_the_ledger_says():
    """`python -m sim.scenario.ledger` writes it anew after a change in seeds/."""
    assert list(ledger().values()) == written_anew()


def test_the_package_lists_its_ledger_among_its_data():
    """So that an installed package has it."""
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = packaged["package-data"]["sim"]
    name = LEDGER_FILE.relative_to(ROOT / "sim").as_posix()

    assert any(fnmatch(name, pattern) for pattern in patterns)


@pytest.mark.parametrize(
    ("name", "letter"),
    [("facts", "F"), ("literature", "L"), ("readings", "R"), ("assumptions", "A")],
)
def test_ids_count_up_without_gaps(name, letter):
    """New rows are at the end, and none was taken away."""
    ids = list(rows_of(name))

    assert ids == [f"{letter}{number:02d}" for number in range(1, len(ids) + 1)]


def test_there_are_as_many_facts_as_were_reported():
    """F01 to F44."""
    assert len(rows_of("facts")) == 44


def test_every_row_has_a_grade_that_exists():
    """Reported, literature or assumption."""
    grades = {row["grade"] for row in LEDGER.values()}

    assert grades == {"reported", "literature", "assumption"}


def test_what_rests_on_memory_is_an_assumption():
    """Whatever the letter of its id; in the observed counts too."""
    with (ROOT / "seeds" / "observed.csv").open(encoding="utf-8", newline="") as file:
        counts = list(csv.DictReader(file))
    rows = [*LEDGER.values(), *counts]
    remembered = [row for row in rows if re.search(r"(?i)from memory|on memory", str(row))]

    assert len(remembered) >= 9
    assert {row["grade"] for row in remembered} == {"assumption"}


def test_a_row_names_only_rows_that_are_there():
    """In its basis, and in what encodes it."""
    named = {
        (row["id"], one)
        for row in LEDGER.values()
        for text in row.values()
        for one in re.findall(r"\b[FLRA]\d{2,3}\b", text)
    }

    assert {pair for pair in named if pair[1] not in LEDGER} == set()


def test_an_assumption_that_is_graded_higher_names_what_it_rests_on():
    """Its basis has the id of a row with that grade, or of the fact."""
    bare = []
    for row in ASSUMPTIONS.values():
        ids = re.findall(r"\b[FL]\d{2}\b", row["basis"])
        grades = {LEDGER[one]["grade"] for one in ids}
        if row["grade"] != "assumption" and row["grade"] not in grades:
            bare.append(row["id"])

    assert bare == []


def test_every_key_has_an_assumption_on_record():
    """Whoever uses it finds a value, and mostly a range."""
    named = r"^(levels|steps|actors|groups|conditions)\.[^.]+"
    fed = {
        re.sub(named, r"\1.NAME", path.replace("members_file", "members"))
        for row in ASSUMPTIONS.values()
        for path in row["path"].split(";")
    }
    keys, table = [], ""
    for line in key_table().partition("### Delays")[0].splitlines():
        heading, row = re.match(r"### `\[(.+)\]`", line), re.match(r"\| `(.+?)` \|", line)
        table = f"{heading[1]}." if heading else table
        keys += [table + row[1]] if row else []
    bare = [key for key in keys if not any(f"{key}.".startswith(f"{path}.") for path in fed)]

    assert len(keys) > 80
    assert [key for key in bare if not NEEDS_NO_ROW.fullmatch(key)] == []


def daily_totals():
    """Return the recorded violations of both regions, by the date of single days."""
    with (ROOT / "seeds" / "smm_daily.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["days_covered"] == "1"]
    return {
        date.fromisoformat(row["obs_date"]): int(row["donetsk_violations"])
        + int(row["luhansk_violations"])
        for row in rows
    }


@pytest.mark.parametrize(
    ("start", "words", "ratio", "size"),
    [
        ("2021", "2021, 17 days, mean 237, median 165", "202 (2021)", "1.2"),
        ("2022-01", "January 2022, 12 days, mean 264, median 266.5", "88 (January 2022)", "3.0"),
    ],
)
def test_the_level_of_the_daily_counts_is_the_files(start, words, ratio, size):
    """Days, mean, median and overdispersion, as L05 and L06 give them."""
    counts = [total for day, total in daily_totals().items() if str(day).startswith(start)]
    mean, variance = statistics.mean(counts), statistics.variance(counts)
    label = words.partition(",")[0]
    level = f"{label}, {len(counts)} days, mean {mean:.0f}, median {statistics.median(counts):g}"

    assert level == words
    assert words in LITERATURE["L05"]["finding"]
    assert f"{variance / mean:.0f} ({label})" == ratio
    assert ratio in LITERATURE["L06"]["finding"]
    assert f"{mean**2 / (variance - mean):.1f}" == size


def test_the_day_to_day_figures_are_the_files():
    """The slope, and the sd of the residuals, which is the innovation's (L07, A06, A07)."""
    totals = daily_totals()
    pairs = [
        (math.log(total), math.log(totals[day + timedelta(days=1)]))
        for day, total in totals.items()
        if total > 20 and totals.get(day + timedelta(days=1), 0) > 20
    ]
    slope, start = statistics.linear_regression(*zip(*pairs, strict=True))
    residuals = [later - start - slope * earlier for earlier, later in pairs]
    innovation_sd = math.sqrt(sum(one * one for one in residuals) / (len(pairs) - 2))

    assert len(pairs) == 22
    assert f"slope {slope:.2f}" in LITERATURE["L07"]["finding"]
    assert abs(slope - float(ASSUMPTIONS["A06"]["value"])) < 0.01
    assert f"{innovation_sd:.2f}" == ASSUMPTIONS["A07"]["value"]


def after_a_day(level, step, age_hours=0.0):
    """Return the chances that a spell has stopped, persists or has expanded after 24 hours.

    Under a step's multipliers; the hazard of expansion is that of collapse at the last level.
    """
    plan = load(ROOT / "scenarios" / "three_step.toml")
    spell, effect = plan.levels[level].spell, plan.steps[step].effect
    rate, factor = plan.levels[level].expand_per_day, effect.expand
    if level == "expanded":
        rate, factor = plan.levels[level].collapse_per_day, effect.collapse

    def outlasted(hours):
        return norm.sf(math.log(max(hours, 1e-300) / spell.median_hours) / spell.log_sd)

    def still_there(hours):
        left = outlasted(age_hours + hours) / outlasted(age_hours)
        return left**effect.stop * math.exp(-rate * factor * hours / 24)

    rises = rate * factor / 24 * quad(still_there, 0, 24, points=[1, 3], limit=200)[0]
    return 1 - still_there(24) - rises, still_there(24), rises


@pytest.mark.parametrize(
    ("ids", "level", "step", "age_hours"),
    [
        (("A97", "A98", "A99"), "shelling", "warning", 0.0),
        (("A100", "A101", "A102"), "assault", "warning", 0.0),
        (("A103", "A104", "A105"), "assault", "coalition", 0.0),
        (("A106", "A107", "A108"), "expanded", "military", 120.0),
    ],
)
def test_what_the_multipliers_make_of_a_day_is_on_record(ids, level, step, age_hours):
    """Beside the chances a day that no scenario uses, whose paths are empty."""
    for row_id, chance in zip(ids, after_a_day(level, step, age_hours), strict=True):
        said = re.search(r"with (?:0: .* with )?(0\.\d+)", ASSUMPTIONS[row_id]["basis"])[1]
        places = len(said.partition(".")[2])

        assert f"{chance:.{places}f}" == said
        assert ASSUMPTIONS[row_id]["path"] == ""
