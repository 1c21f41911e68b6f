"""What no single value can tell: names that must be known, shares that must add up, bounds.

The checks look at the tables as they were written, so that they can report beside the errors of
single values, all at once; what has the wrong type altogether is left to those.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from sim.scenario.companions import companion_problems
from sim.scenario.layers import Layer, stands, table_at, table_paths, tables_in, value_at
from sim.scenario.problems import KeyPath, Problem, did_you_mean, shown

_SHARES_WITHIN = 1e-6
_LARGEST = sys.float_info.max
_MOST_HINTS = 10


def whole_scenario_problems(layer: Layer) -> list[Problem]:
    """Return everything that is wrong between the values of a scenario."""
    checks: tuple[Callable[[Layer], Iterator[Problem]], ...] = (
        _shares,
        _level_names,
        _attack,
        _last_level,
        _deciders,
        _groups,
        _delays,
        _needs_of_steps,
        _name_of_steps,
        _named,
        _recorded_names,
        companion_problems,
        _sources,
    )
    return [problem for check in checks for problem in check(layer)]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and abs(value) <= _LARGEST else None


def _shares(layer: Layer) -> Iterator[Problem]:
    for path in (("line", "sectors"), ("violations", "level_shares")):
        shares = [_number(share) for share in table_at(layer, *path).values()]
        known = [share for share in shares if share is not None]
        if len(known) == len(shares) > 0 and abs(sum(known) - 1) > _SHARES_WITHIN:
            yield layer.problem(path, f"adds up to {sum(known):.9g}, must add up to 1")


def _level_names(layer: Layer) -> Iterator[Problem]:
    levels = table_at(layer, "levels")
    for name in table_at(layer, "violations", "level_shares"):
        if name not in levels:
            path = ("violations", "level_shares", name)
            yield layer.problem(
                path, f"is not a level of this scenario{did_you_mean(name, levels)}"
            )
    named: list[KeyPath] = [("crisis", "threshold_level"), ("crisis", "quiet_level")]
    named.append(("doctrine", "level"))
    named += [(*step, "needs", "level") for step, _ in tables_in(layer, "steps")]
    for at in named:
        name = value_at(layer.tables, at)
        if isinstance(name, str) and name not in levels:
            hint = did_you_mean(name, levels)
            yield layer.problem(at, f"is {shown(name)}, must be a level of this scenario{hint}")


def _attack(layer: Layer) -> Iterator[Problem]:
    taken = table_at(layer, "attack").get("sectors", 1)
    shares = [_number(share) for share in table_at(layer, "line", "sectors").values()] or [1.0]
    open_to_attack = max(1, sum(share is None or share > 0 for share in shares))
    if isinstance(taken, int) and taken > open_to_attack:
        said = f"is {shown(taken)}, must be 1 to {open_to_attack}"
        sentence = f"{said}, the sectors that have a share"
        yield layer.problem(("attack", "sectors"), sentence)


def _last_level(layer: Layer) -> Iterator[Problem]:
    for path, level in list(tables_in(layer, "levels"))[-1:]:
        if _number(level.get("expand_per_day", 0)):
            said = shown(level["expand_per_day"])
            sentence = f"is {said}, must be 0: above the last level there is none"
            yield layer.problem((*path, "expand_per_day"), sentence)


def _deciders(layer: Layer) -> Iterator[Problem]:
    actors, groups = table_at(layer, "actors"), table_at(layer, "groups")
    for name in actors:
        if name in groups:
            sentence = "is an actor and a group, must be one of them"
            yield layer.problem(("groups", name), sentence)
    for path, step in tables_in(layer, "steps"):
        deciders = step.get("deciders", [])
        if not isinstance(deciders, list):
            continue
        for index, name in enumerate(deciders):
            at = (*path, "deciders", index)
            if isinstance(name, str) and name not in actors and name not in groups:
                hint = did_you_mean(name, {*actors, *groups})
                yield layer.problem(at, f"is {shown(name)}, must be an actor or a group{hint}")
            elif deciders.index(name) < index:
                yield layer.problem(at, f"is {shown(name)}, which is already in the list")


def _groups(layer: Layer) -> Iterator[Problem]:
    for path, group in tables_in(layer, "groups"):
        members = group.get("members", {})
        if not isinstance(members, dict):
            continue
        if not members and not layer.problems:  # which say why a file gave none
            sentence = "has no members, must have at least one, in members or in a members_file"
            yield layer.problem(path, sentence)
        yield from _quorum(layer, path, group, len(members))
        yield from _spreads(layer, path, members)
        weights = [
            _number(one.get("weight", 1)) for one in members.values() if isinstance(one, dict)
        ]
        if weights and all(weight == 0 for weight in weights):
            yield layer.problem((*path, "members"), "has no weight at all, must have some")


def _spreads(layer: Layer, group: KeyPath, members: dict[str, Any]) -> Iterator[Problem]:
    """Check that no spread stands without its median: it would spread nothing."""
    for name, member in members.items():
        for delay in ("decision", "parliament") if isinstance(member, dict) else ():
            if f"{delay}_log_sd" in member and f"{delay}_median_hours" not in member:
                path = (*group, "members", name, f"{delay}_log_sd")
                yield layer.problem(path, f"must have {delay}_median_hours beside it")


def _quorum(layer: Layer, path: KeyPath, group: dict[str, Any], members: int) -> Iterator[Problem]:
    given = [key for key in ("quorum", "quorum_weight") if key in group]
    if group.get("rule") == "quorum" and len(given) != 1:
        sentence = "has the rule quorum, must have either quorum or quorum_weight"
        yield layer.problem(path, sentence)
    if group.get("rule") == "veto" and len(given) > 1:
        sentence = "has quorum and quorum_weight, must have one of them at most"
        yield layer.problem(path, sentence)
    if group.get("rule") == "unanimity":
        for key in given:
            yield layer.problem((*path, key), "goes with the rules quorum and veto only")
    quorum = group.get("quorum")
    if isinstance(quorum, int) and members and quorum > members:
        sentence = f"is {shown(quorum)}, must be at most {members}, the members of the group"
        yield layer.problem((*path, "quorum"), sentence)


def _delays(layer: Layer) -> Iterator[Problem]:
    """Check the bounds of uniform and triangular delays, wherever they stand."""
    for path, table in _with_a_family(layer.tables, ()):
        bounds = [key for key in ("low_hours", "mode_hours", "high_hours") if key in table]
        values = [_number(table[key]) for key in bounds]
        known = [value for value in values if value is not None]
        if len(known) == len(values) and known != sorted(known):
            yield layer.problem(path, f"has {', '.join(bounds)} in falling order, must be rising")


def _with_a_family(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, dict[str, Any]]]:  # noqa: ANN401
    if isinstance(value, dict):
        if "family" in value:
            yield path, value
        for key, below in value.items():
            yield from _with_a_family(below, (*path, key))


def _name_of_steps(layer: Layer) -> Iterator[Problem]:
    """Check that no step's columns can be taken for a level's, which are called hours_<level>."""
    if "hours" in table_at(layer, "steps"):
        yield layer.problem(("steps", "hours"), 'is called "hours", must have another name')


def _needs_of_steps(layer: Layer) -> Iterator[Problem]:
    by_sector = value_at(layer.tables, ("crisis", "scope")) == "sector"
    in_scope = 1 if by_sector else max(1, len(table_at(layer, "line", "sectors")))
    for path, step in tables_in(layer, "steps"):
        needs = step.get("needs")
        needs = needs if isinstance(needs, dict) else {}
        sectors = needs.get("sectors", 1)
        if isinstance(sectors, int) and sectors > in_scope:
            sentence = (
                f"is {shown(sectors)}, must be 1 to {in_scope}, the sectors of a crisis's scope"
            )
            yield layer.problem((*path, "needs", "sectors"), sentence)
        if "level" not in needs:
            for key, nothing in (("within_hours", 0), ("sectors", 1), ("sustained_hours", 0)):
                if needs.get(key, nothing) != nothing:
                    yield layer.problem((*path, "needs", key), "must have a level beside it")


def _named(layer: Layer) -> Iterator[Problem]:
    """Check lists of names: conditions that steps require, steps that rest on the guarantee."""
    steps = [path for path, _ in tables_in(layer, "steps")]
    lists = [((*path, "requires"), "conditions", "a condition") for path in steps]
    for path, table, what in (*lists, (("guarantee", "steps"), "steps", "a step")):
        names, known = value_at(layer.tables, path), table_at(layer, table)
        for index, name in enumerate(names if isinstance(names, list) else ()):
            at = (*path, index)
            if isinstance(name, str) and name not in known:
                hint = did_you_mean(name, known)
                yield layer.problem(at, f"is {shown(name)}, must be {what} of this scenario{hint}")
            elif names.index(name) < index:
                yield layer.problem(at, f"is {shown(name)}, which is already in the list")


def _recorded_names(layer: Layer) -> Iterator[Problem]:
    """Check the sectors and levels of a record; each unknown name is said once."""
    sectors = table_at(layer, "line", "sectors") or {"line": 1.0}
    record = ("violations", "recorded")
    for column, known, what in (
        ("sectors", {*sectors, *([""] if len(sectors) == 1 else [])}, "a sector"),
        ("levels", {*table_at(layer, "levels"), ""}, "a level"),
    ):
        names = value_at(layer.tables, (*record, column))
        first = {
            name: index
            for index, name in reversed(list(enumerate(names if isinstance(names, list) else ())))
            if isinstance(name, str) and name not in known
        }
        for number, (name, index) in enumerate(reversed(first.items())):
            hint = did_you_mean(name, known - {""}) if number < _MOST_HINTS else ""
            sentence = f"is {shown(name)}, must be {what} of this scenario{hint}"
            yield layer.problem((*record, column, index), sentence)


def _sources(layer: Layer) -> Iterator[Problem]:
    sources = table_at(layer, "sources")
    unknown = [name for name in sources if not stands(layer.tables, name)]
    # To look for a name that is near takes long for a file that is all wrong.
    known = list(table_paths(layer.tables)) if len(unknown) <= _MOST_HINTS else []
    for name in unknown:
        sentence = f"names nothing that stands in this scenario{did_you_mean(name, known)}"
        yield layer.problem(("sources", name), sentence)
