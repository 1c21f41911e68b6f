"""What a scenario claims: each value that its runs depend on, in words and with its unit."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sim.scenario.counts import counted
from sim.scenario.layers import ALL_MEMBERS, leaves
from sim.scenario.pieces import Piece
from sim.scenario.problems import KeyPath, dotted
from sim.scenario.scenario import Scenario

# What is no claim about the world: names, and luck.
_NO_CLAIMS: Final = {"format", "title", "extends", "sources"}
_LUCK: Final = {"replications", "seed", "most_violations"}
# Defaults that decide something; all others switch off what they are about.
_DECISIVE: Final = re.compile(
    r"run\.horizon_days|violations\.(process|level_shares)|attack\.sectors"
    r"|doctrine\.(share|level|resume_probability)|monitoring\.outages\.detection"
    r"|levels\.[^.]+\.(detection|attribution)\.probability"
    r"|crisis\.(scope|threshold_incidents|window_hours|quiet_hours|quiet_level|clock)"
    r"|(actors|groups)\..*\.yes_probability|actors\.[^.]+\.commitment\.available"
)
_UNITS: Final = (
    (r".*_per_day", "per day"),
    (r".*\.per_year", "per year"),
    (r".*_hours", "hours"),
    (r".*(_days|\.days|\.day)", "days"),
    (r".*_years", "years"),
    (r".*threshold_incidents", "incidents"),
    (r".*\.quorum", "members"),
    (r"(attack|.*\.needs)\.sectors", "sectors"),
    (r".*\.effect\..*|.*\.(factor|rate)|.*outages\.detection", "factor"),
    (r".*\.(kept|broken)", "promises"),
)
_MOST_NAMED: Final = 3
_MOST_SHOWN: Final = 6


class Claim(NamedTuple):
    """A value of a scenario; a delay, a table of shares or a column of members is one value."""

    path: KeyPath
    shown: str
    """The path as it is written; of members, with those that it is about in braces."""
    value: str
    unit: str
    is_default: bool
    """Whether it is what it would be if the file said nothing."""
    is_decisive: bool
    """Whether it decides something even then."""


def claims(scenario: Scenario) -> Iterator[Claim]:
    """Yield what a scenario claims, in the order of its tables."""
    yield from _of(scenario, (), scenario)


def _of(value: Piece, path: KeyPath, scenario: Scenario) -> Iterator[Claim]:
    skipped = _NO_CLAIMS if not path else _LUCK if path == ("run",) else set()
    for name, field in type(value).model_fields.items():
        if name not in skipped:
            found = getattr(value, name)
            default = None if field.is_required() else field.get_default()
            yield from _below(found, default, (*path, name), scenario)


def _below(value: Any, default: Any, path: KeyPath, scenario: Scenario) -> Iterator[Claim]:  # noqa: ANN401
    """Yield the claims of whatever stands at a path."""
    if value is None or value == {}:
        meant = _meant(scenario, path)
        if meant:
            yield _claim(path, meant, is_default=True)
    elif path[-1] == "members":
        yield from _of_members(value, path, scenario)
    elif isinstance(value, Piece) and not _is_one(value, path):
        yield from _of(value, path, scenario)
    elif isinstance(value, dict) and any(isinstance(one, Piece) for one in value.values()):
        for name, one in value.items():
            yield from _of(one, (*path, name), scenario)
    else:
        yield from _one_or_parts(value, default, path, scenario)


def _is_one(value: Piece, path: KeyPath) -> bool:
    """Return whether a table is read as one value: a delay, what a step needs, a record."""
    return hasattr(value, "family") or path[-1] in ("needs", "recorded")


def _one_or_parts(value: Any, default: Any, path: KeyPath, scenario: Scenario) -> Iterator[Claim]:  # noqa: ANN401
    """Yield one claim, or one for each part where parts have sources of their own."""
    tables = value.model_dump(exclude_none=True) if isinstance(value, Piece) else value
    start = f"{dotted(path)}."
    parts = leaves(tables, path) if isinstance(tables, dict) else []
    if not any(name.startswith(start) for name in scenario.sources):
        yield _claim(path, in_words(value), is_default=value == default)
        return
    fields = type(value).model_fields if isinstance(value, Piece) else {}
    for part, one in parts:
        if part[-1] != "family":
            is_default = part[-1] in fields and fields[part[-1]].default == one
            yield _claim(part, in_words(one), is_default=is_default)


def _of_members(members: Mapping[str, Piece], path: KeyPath, scenario: Scenario) -> Iterator[Claim]:
    """Yield the list of members, then each column, apart where its sources are."""
    yield _claim(path, counted(len(members), "member"), is_default=False)
    fields = type(next(iter(members.values()))).model_fields
    for column, field in fields.items():
        values = {name: getattr(member, column) for name, member in members.items()}
        values = {name: one for name, one in values.items() if one is not None}
        alike: dict[str, dict[str, Any]] = {}
        for name, one in values.items():
            alike.setdefault(source_of(scenario, (*path, name, column)), {})[name] = one
        for some in alike.values():
            yield _column(path, column, some, len(members), field.get_default())


def _column(path: KeyPath, column: str, some: Mapping[str, Any], of: int, default: Any) -> Claim:  # noqa: ANN401
    first = next(iter(some))
    names = first if len(some) == 1 else f"{{{','.join(some)}}}"
    if len(some) > _MOST_NAMED or len(some) == of:
        names = "*"
    is_default = all(one == default for one in some.values())
    claim = _claim((*path, first, column), _spread(list(some.values())), is_default=is_default)
    members = counted(of, "member")
    who = f"all {members}" if len(some) == of else f"{len(some)} of {members}"
    words = " ".join(filter(None, (claim.value, claim.unit, f"({who})")))
    if isinstance(some[first], bool):
        words = f"true for {sum(some.values())} of {members}"
    return claim._replace(shown=dotted((*path, names, column)), value=words, unit="")


def _spread(values: list[Any]) -> str:
    return " to ".join(dict.fromkeys((in_words(min(values)), in_words(max(values)))))


def _claim(path: KeyPath, value: str, *, is_default: bool) -> Claim:
    name = dotted(path)
    unit = next((unit for pattern, unit in _UNITS if re.fullmatch(pattern, name)), "")
    is_number = value[:1].isdigit()
    decisive = bool(_DECISIVE.fullmatch(name))
    return Claim(path, name, value, unit if is_number else "", is_default, decisive)


def _meant(scenario: Scenario, path: KeyPath) -> str:
    """Return what is meant where nothing is said; empty where that is nothing as well."""
    lowest, name = next(iter(scenario.levels)), dotted(path)
    if name == "violations.level_shares" and len(scenario.levels) > 1:
        return f"all at {lowest}"
    if name in ("crisis.quiet_level", "doctrine.level"):
        return f"{lowest}, the lowest level"
    if name == "crisis.threshold_incidents" and scenario.crisis.threshold_level is None:
        return "1"
    return ""


def source_of(scenario: Scenario, path: KeyPath) -> str:
    """Return the source of the longest path that covers this one; empty: none does.

    A column of a group's members may have one for all: `groups.willing.members.*.weight`.
    """
    names = (name for length in range(len(path), 0, -1) for name in _names(path[:length]))
    return next((scenario.sources[name] for name in names if name in scenario.sources), "")


def _names(path: KeyPath) -> Iterator[str]:
    """Yield how a path may be written in the sources, the one that says most ahead."""
    yield dotted(path)
    if path[:1] == ("groups",) and path[2:3] == ("members",) and path[3:]:
        yield dotted((*path[:3], ALL_MEMBERS, *path[4:]))


def in_words(value: Any) -> str:  # noqa: ANN401 - any value of a scenario
    """Return a value as people read it.

    >>> in_words(1000000.0), in_words({"north": 0.3, "south": 0.7}), in_words(("usa",))
    ('1,000,000', 'north 0.3, south 0.7', 'usa')
    """
    if isinstance(value, Piece):
        return _piece_in_words(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:,.12g}"
    if isinstance(value, Mapping):
        parts = [f"{name} {in_words(one)}" for name, one in value.items()]
        return ", ".join(parts[:_MOST_SHOWN] + ["..."] * (len(parts) > _MOST_SHOWN)) or "none"
    if isinstance(value, (tuple, list)):
        parts = [in_words(one) for one in value]
        return ", ".join(parts[:_MOST_SHOWN] + ["..."] * (len(parts) > _MOST_SHOWN)) or "none"
    return str(value)


def _piece_in_words(value: Piece) -> str:
    said = value.model_dump(exclude_none=True)
    if "family" in said:
        return _delay_in_words(said)
    if "within_hours" in said:
        return _need_in_words(said)
    if "hours" in said:
        return counted(len(said["hours"]), "recorded incident")
    if "day" in said:
        return f"day {in_words(said['day'])}: {in_words(said['factor'])}"
    return in_words(said)


def _delay_in_words(said: Mapping[str, Any]) -> str:
    family = said["family"]
    if family == "constant":
        return f"{in_words(said['hours'])} h" if said["hours"] else "none"
    parts = []
    for key, one in said.items():
        words = key.removesuffix("_hours").replace("_", " ")
        parts += [f"{words} {in_words(one)}{' h' * key.endswith('_hours')}"] * (key != "family")
    return f"{family}: {', '.join(parts)}"


def _need_in_words(said: Mapping[str, Any]) -> str:
    if "level" not in said:
        return "an open crisis"
    words = str(said["level"])
    if said["within_hours"]:
        words += f" within {in_words(said['within_hours'])} h"
    if said["sustained_hours"]:
        words += f", for {in_words(said['sustained_hours'])} h"
    if said["sectors"] > 1:
        words += f", in {said['sectors']} sectors"
    return words
