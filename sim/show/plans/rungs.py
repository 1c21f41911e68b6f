"""What a plan says of each of its steps, in the words that stand beside a rung of the ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.scenario.claims import in_words, source_of
from sim.scenario.counts import counted
from sim.scenario.sources import ASSUMPTION, LITERATURE, REPORTED, grade
from sim.show.plans.prospects import Prospect, range_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.scenario.scenario import Scenario
    from sim.scenario.tables import Group, Step

_LETTERS: Final = {REPORTED: "R", LITERATURE: "L", ASSUMPTION: "A"}
LETTERS_EXPLAINED: Final = "[R] reported, [L] from the literature, [A] assumed"


def letters(scenario: Scenario, *paths: tuple[str, ...]) -> str:
    """Return what values rest on, as a mark: `[R]`, or `[L, A]` where they differ."""
    found = {grade(source_of(scenario, path)) for path in paths}
    return f"[{', '.join(letter for name, letter in _LETTERS.items() if name in found)}]"


def opening_words(scenario: Scenario) -> Iterator[str]:
    """Yield what opens a crisis, a line each."""
    crisis = scenario.crisis
    by_level, by_count = crisis.threshold_level, crisis.threshold_incidents
    mark = letters(scenario, ("crisis", "threshold_level"))
    if by_level is not None:
        yield f"one attributed violation: {by_level} {mark}"
    elif by_count is None:
        yield f"one attributed violation {mark}"
    if by_count is not None:
        mark = letters(scenario, ("crisis", "threshold_incidents"))
        words = f"{counted(by_count, 'incident')} within {crisis.window_hours:g} h {mark}"
        yield words if by_level is None else f"or {words}"


def plan_words(scenario: Scenario, name: str) -> Iterator[str]:
    """Yield what a step needs, and the hours that the plan sets for it, a line each."""
    step = scenario.steps[name]

    def said(words: str, key: str) -> str:
        return f"{words} {letters(scenario, ('steps', name, key))}"

    asked = step.needs.model_dump(exclude_defaults=True) or [""]
    mark = letters(scenario, *(("steps", name, "needs", key) for key in asked))
    yield f"needs {in_words(step.needs)} {mark}"
    if step.decide_from_hours:
        yield said(f"decided from hour {step.decide_from_hours:g}", "decide_from_hours")
    if step.not_before_hours:
        yield said(f"not before hour {step.not_before_hours:g}", "not_before_hours")
    if step.deadline_hours is not None:
        yield said(f"due by hour {step.deadline_hours:g}", "deadline_hours")
    if step.lasts_hours is not None:
        yield said(f"lasts {step.lasts_hours:g} h", "lasts_hours")
    yield from _conditions(scenario, step)
    guarantee = scenario.guarantee
    if guarantee is not None and name in (guarantee.steps or scenario.steps):
        mark = letters(scenario, ("guarantee", "expires_years"))
        yield f"expires after {guarantee.expires_years:g} years {mark}"


def _conditions(scenario: Scenario, step: Step) -> Iterator[str]:
    for one in step.requires:
        mark = letters(scenario, ("conditions", one, "probability"))
        yield f"only with {one}: {_percent([scenario.conditions[one].probability])} {mark}"


def answer_words(scenario: Scenario, name: str, prospect: Prospect) -> Iterator[str]:
    """Yield who decides on a step, and what may be hoped for, a line each."""
    step = scenario.steps[name]
    mark = letters(scenario, ("steps", name, "deciders"))
    yield f"all must say yes {mark}:" if len(step.deciders) > 1 else f"who decides {mark}:"
    for one in step.deciders:
        words = _group_words if one in scenario.groups else _actor_words
        yield from (f"  {line}" for line in words(scenario, one))
    if not step.deciders:
        yield "  nobody: it is decided at once"
    if not prospect.yes:
        yield "it can never be in force"
        return
    found = range_of(prospect.in_force)
    yield f"yes in {_percent([prospect.yes])}; if so, in force at hour {found.median:.0f}"
    yield f"  half: {_between(found.half)}; nine in ten: {_between(found.most)}"
    if step.deadline_hours is not None:
        yield f"in force by the deadline in {_percent([prospect.by(step.deadline_hours)])}"


def _actor_words(scenario: Scenario, name: str) -> Iterator[str]:
    actor = scenario.actors[name]
    mark = letters(scenario, ("actors", name, "yes_probability"))
    yield f"{name}: yes in {_percent([actor.yes_probability])} {mark}"
    if actor.commitment is not None:
        mark = letters(scenario, ("actors", name, "commitment", "available"))
        yield f"  if it is there: {_percent([actor.commitment.available])} {mark}"


def _group_words(scenario: Scenario, name: str) -> Iterator[str]:
    group = scenario.groups[name]
    key = "quorum" if group.quorum_weight is None else "quorum_weight"
    rule = letters(scenario, ("groups", name, "rule" if group.rule == "unanimity" else key))
    columns = [("groups", name, "members", one, "yes_probability") for one in group.members]
    chances = _percent(member.yes_probability for member in group.members.values())
    yield f"{name}: {_rule(group)} {rule}"
    yield f"  each yes in {chances} {letters(scenario, *columns)}"
    if group.backer is not None:
        waiting = sum(one.needs_backer for one in group.members.values())
        yield f"  {waiting} of them only with {group.backer}"


def _rule(group: Group) -> str:
    """Return how many of a group must say yes."""
    members = len(group.members)
    if group.rule == "unanimity":
        return f"all {members}"
    if group.quorum_weight is not None:
        found = f"at least {100 * group.quorum_weight:g} % of the weight"
    else:
        found = f"at least {group.quorum} of {members}" if group.quorum else ""
    if group.rule != "veto":
        return found
    vetoers = sum(one.vetoes for one in group.members.values())
    return " and ".join(filter(None, (found, f"all {vetoers} with a veto")))


def _percent(shares: Iterable[float]) -> str:
    found = sorted(set(shares))
    low, high = (f"{100 * one:.3g}" for one in (found[0], found[-1]))
    return f"{low} %" if low == high else f"{low} to {high} %"


def _between(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:.0f} to {bounds[1]:.0f}"
