"""However a scenario file is damaged, it is a scenario or an error in plain lines."""

import random
import re
from pathlib import Path

import pytest

from sim.scenario.loading import load
from sim.scenario.parameters import parameters
from sim.scenario.problems import ScenarioError

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = {
    name: (SCENARIOS / name).read_bytes()
    for name in ("three_step.toml", "base.toml", "coalition.csv")
}
REPLAY = """\
extends = "base.toml"
[violations]
process = "replay"
file = "series.csv"
starts = 2026-02-01
"""
SERIES = "date,sector,level,by,count\n" + "".join(
    f"2026-02-{day:02},north,shelling,defender,{day}\n" for day in range(1, 20)
)
REPLAYED = {
    "plan.toml": REPLAY.encode(),
    "series.csv": SERIES.encode(),
    **{name: (SCENARIOS / name).read_bytes() for name in ("base.toml", "coalition.csv")},
}
SEEDS = range(300)
A_LINE = re.compile(r"[^:]+:\d+:\d+: .")
VALUES = [
    "nan",
    "inf",
    "-inf",
    "-1",
    "0",
    "-0.0",
    "0.5",
    "1.0",
    "1e308",
    "5e-324",
    "1e400",
    "9223372036854775808",
    "1_0",
    "true",
    "false",
    "1979-05-27",
    "07:32:00",
    "1979-05-27T07:32:00Z",
    '""',
    '"x"',
    "'a:b'",
    "[]",
    "{}",
    "[[]]",
    "{a=1}",
    "[1,2]",
    '["usa","usa"]',
    '{family="constant",hours=1}',
    "{family=3}",
    '{family=["x"]}',
    '{family="weibull"}',
    '"hawkes"',
    '"replay"',
    "2026-02-03",
    '"series.csv"',
    "{branching_ratio=0.5,decay_hours=1}",
    "[{day=1,factor=0.5}]",
    '{hours=[1],sectors=["north"]}',
    "{hours=[1],sectors=[[]],levels=3,by=[{}]}",
    '"veto"',
    '"unanimity"',
    '"quorum"',
    '"../x"',
    '"/etc/hostname"',
    '"base.toml"',
    '"three_step.toml"',
    '"coalition.csv"',
    '"https://x.org/y"',
    '"\\u2028\\u0085\\n\\u0000"',
    '"\\ud800"',
]
VALUES += ["0x" + "f" * 5000, "9" * 5000, '"""a\nb"""', '"' + "a" * 5000 + '"', "[" * 2000]
KEYS = [
    "extends",
    "members_file",
    "members",
    "family",
    "sources",
    "run",
    "format",
    "title",
    "monitoring",
    "lognormal",
    "quorum_weight",
    '"a\\nb"',
    '"a.b"',
    '""',
    "groups.willing.members.x",
    "steps.x.needs.level",
    "levels.expanded.expand_per_day",
    "violations.defender_share",
    "violations.process",
    "violations.file",
    "violations.starts",
    "violations.recorded",
    "violations.excitation",
    "violations.recommitments",
    "steps.military.requires",
    "guarantee.steps",
    "credibility",
    "conditions.x",
    "doctrine.level",
    "actors.usa.commitment",
    "groups.willing.backer",
    "groups.willing.members.france.vetoes",
    "a.b.c.d",
]
KEYS.append(".".join(["a"] * 40))
PIECES = ['"', "'", '"""', "[", "]", "[[", "{", "}", "=", ".", ",", "#", "\n", "\r", "\0", ";"]
PIECES += ["\ufeff", "\u2028", "\t", "\\", "{a=" * 300]


def other_bytes(content, luck):
    """Change, take out or put in a few bytes anywhere."""
    start = luck.randrange(len(content) + 1)
    end = start + luck.choice([0, 0, 1, 1, 2, 20])
    return content[:start] + luck.randbytes(luck.choice([0, 1, 1, 4])) + content[end:]


def cut_short(content, luck):
    """Leave the end away."""
    return content[: luck.randrange(len(content) + 1)]


def other_lines(content, luck):
    """Take out, repeat or move a line."""
    lines = content.split(b"\n")
    line = luck.choice(lines)
    if luck.random() < 0.6:
        lines.remove(line)
    if luck.random() < 0.6:
        lines.insert(luck.randrange(len(lines) + 1), line)
    return b"\n".join(lines)


def other_value(content, luck):
    """Put another value behind an equals sign or a comma."""
    places = list(re.finditer(rb"(?<=[=,])[^,\n}]+", content))
    return _replaced(content, places, luck.choice(VALUES), luck)


def other_word(content, luck):
    """Put one of the file's words in the place of another, or misspell one."""
    words = list(re.finditer(rb"[A-Za-z_]{2,}", content))
    if not words:
        return content
    word = luck.choice(words)[0].decode()
    if luck.random() < 0.5:
        place = luck.randrange(len(word))
        word = word[:place] + word[place + 1 :]
    return _replaced(content, words, word, luck)


def another_key(content, luck):
    """Put in a line with a key and a value, or a table's header."""
    lines = content.split(b"\n")
    key, value = luck.choice(KEYS), luck.choice(VALUES)
    added = luck.choice([f"{key} = {value}", f"[{key}]", f"[[{key}]]"])
    lines.insert(luck.randrange(len(lines) + 1), added.encode())
    return b"\n".join(lines)


def another_piece(content, luck):
    """Put in a piece of syntax anywhere."""
    place = luck.randrange(len(content) + 1)
    return content[:place] + luck.choice(PIECES).encode() + content[place:]


def _replaced(content, places, text, luck):
    if not places:
        return content
    place = luck.choice(places)
    return content[: place.start()] + text.encode() + content[place.end() :]


WAYS = [
    other_bytes,
    cut_short,
    other_lines,
    other_value,
    other_value,
    other_word,
    another_key,
    another_piece,
]


def damaged(seed, undamaged=FILES):
    """Return the plan and what belongs to it, damaged in one to five places."""
    luck = random.Random(seed)
    files = dict(undamaged)
    for _ in range(luck.choice([1, 1, 1, 2, 5])):
        [name] = luck.choices(list(files), [5, 3, 2, 1][: len(files)])
        files[name] = luck.choice(WAYS)(files[name], luck)
    return files


def what_comes_of(path):
    """Return "numbers" if a file loads, else the lines of its error that are not as they should."""
    try:
        plan = load(path)
    except ScenarioError as error:
        return [line for line in str(error).splitlines() if not A_LINE.match(line)]
    return "numbers" if parameters(plan) else "nothing"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_file_is_a_scenario_or_an_error_in_lines(seed, written):
    """Each line of the error has a place; no other exception ever comes out."""
    assert what_comes_of(written(damaged(seed))) in ("numbers", [])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_replay_is_a_scenario_or_an_error_in_lines(seed, written):
    """So is one whose incidents come from a table."""
    assert what_comes_of(written(damaged(seed, REPLAYED))) in ("numbers", [])


def test_the_damage_is_of_every_kind(written):
    """Of the files above some load, and some do not: the test is about both."""
    outcomes = [bool(what_comes_of(written(damaged(seed)))) for seed in range(0, 300, 5)]

    assert 3 < sum(outcomes) < len(outcomes) - 3
