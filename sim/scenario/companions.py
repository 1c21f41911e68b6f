"""Keys that need each other, or exclude each other: alone, or together, they would do nothing."""

from collections.abc import Iterator
from itertools import chain

from sim.scenario.counts import counted
from sim.scenario.layers import Layer, Tables, table_at, tables_in, value_at
from sim.scenario.problems import KeyPath, Problem, did_you_mean, shown


def companion_problems(layer: Layer) -> Iterator[Problem]:
    """Yield what is wrong between keys of one table, or of a table and what it rests on."""
    return chain(
        _process(layer),
        _record(layer),
        _without_effect(layer),
        *(_backer(layer, path, group) for path, group in tables_in(layer, "groups")),
        *(_vetoes(layer, path, group) for path, group in tables_in(layer, "groups")),
    )


def _process(layer: Layer) -> Iterator[Problem]:
    """Check that the process has what it needs, and that what modifies a rate has one.

    What only another process uses may stand by: so the process can be changed alone.
    """
    violations = table_at(layer, "violations")
    process = violations.get("process", "poisson")
    excitation = violations.get("excitation")
    if process == "hawkes" and excitation is None:
        yield layer.problem(("violations", "process"), 'is "hawkes", must have excitation')
    if process != "replay":
        return
    idle = {
        "erosion": _says(violations.get("erosion"), "cap", 1),
        "day_to_day": _says(violations.get("day_to_day"), "sd", 0),
        "night_to_day": violations.get("night_to_day", 1) != 1,
        "recommitments": bool(violations.get("recommitments")),
    }
    for key in (key for key, says in idle.items() if says):
        sentence = "does nothing to the incidents of a replay, must be left out"
        yield layer.problem(("violations", key), sentence)


def _says(table: object, key: str, nothing: float) -> bool:
    """Return whether a table does anything: its key may have a value that changes nothing."""
    return table is not None and not (isinstance(table, dict) and table.get(key) == nothing)


def _record(layer: Layer) -> Iterator[Problem]:
    """Check that a replay has its incidents, and that their columns are as long as each other."""
    violations = table_at(layer, "violations")
    is_replay = violations.get("process") == "replay"
    recorded = violations.get("recorded")
    path: KeyPath = ("violations", "recorded")
    if is_replay and recorded is None and not layer.problems:  # which say why a file gave none
        sentence = 'is "replay", must have a file, or recorded incidents'
        yield layer.problem(("violations", "process"), sentence)
    columns = recorded if isinstance(recorded, dict) else {}
    hours = columns.get("hours")
    for key in ("sectors", "levels", "by"):
        column = columns.get(key)
        if not isinstance(column, list) or not isinstance(hours, list):
            continue
        if column and len(column) != len(hours):
            entries = counted(len(column), "entry", "entries")
            sentence = f"has {entries}, must have {len(hours):,} as hours has"
            yield layer.problem((*path, key), sentence)
    several = len(table_at(layer, "line", "sectors")) > 1
    if several and hours and not columns.get("sectors") and not layer.problems:
        sentence = "says no sectors, must say one for each incident on a line of several"
        yield layer.problem(path, sentence)


def _without_effect(layer: Layer) -> Iterator[Problem]:
    """Check what is of no effect while another key of its table is left out."""
    pairs: list[tuple[KeyPath, str, float, str]] = [
        (("doctrine",), "resume_probability", 1, "resume_after_hours")
    ]
    pairs += [
        ((*path, "commitment"), key, 0, "review_years")
        for path, _ in tables_in(layer, "actors")
        for key in ("withdraw", "rejoin")
    ]
    for path, key, nothing, needed in pairs:
        table = value_at(layer.tables, path)
        if not isinstance(table, dict) or table.get(needed) is not None:
            continue
        if table.get(key, nothing) != nothing:
            yield layer.problem((*path, key), f"must have {needed} beside it")


def _backer(layer: Layer, path: KeyPath, group: Tables) -> Iterator[Problem]:
    """Check that a backer is an actor, and that who needs one has one."""
    backer, actors = group.get("backer"), table_at(layer, "actors")
    needing = _members_with(group, "needs_backer")
    if backer is None:
        for name in needing:
            at = (*path, "members", name, "needs_backer")
            yield layer.problem(at, "must have a backer of the group")
    elif isinstance(backer, str) and backer not in actors:
        sentence = f"is {shown(backer)}, must be an actor{did_you_mean(backer, actors)}"
        yield layer.problem((*path, "backer"), sentence)


def _vetoes(layer: Layer, path: KeyPath, group: Tables) -> Iterator[Problem]:
    """Check that vetoes and the rule veto go together."""
    vetoing = _members_with(group, "vetoes")
    if group.get("rule") != "veto":
        for name in vetoing:
            at = (*path, "members", name, "vetoes")
            yield layer.problem(at, "goes with the rule veto only")
    elif not vetoing and not layer.problems:
        yield layer.problem(path, "has the rule veto, must have a member that vetoes")


def _members_with(group: Tables, switch: str) -> list[str]:
    members = group.get("members")
    return [
        name
        for name, member in (members.items() if isinstance(members, dict) else ())
        if isinstance(member, dict) and member.get(switch) is True
    ]
