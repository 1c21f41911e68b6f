"""The plan of a scenario: drawn as a ladder, and as a table of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.results.numbers import NONE
from sim.scenario.sources import sourced_values
from sim.show.plans.ladder import ladder_picture
from sim.show.report.drawings import figure
from sim.show.report.evidence import with_unit
from sim.show.report.page import Column, Folded, Prose, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sim.scenario.scenario import Scenario
    from sim.scenario.sources import Value
    from sim.show.report.page import Block, Section

_NO_STEPS: Final = "This plan has no steps: whatever happens, nobody is called upon."
_KEYS: Final = {
    "needs": "needs",
    "deciders": "who must say yes",
    "decide_from_hours": "decided from hour",
    "not_before_hours": "not in force before hour",
    "deadline_hours": "due by hour",
    "deploy": "from decision to effect",
    "requires": "only if",
}


def plan_section(scenarios: Mapping[str, Scenario]) -> Section:
    """Return the plan, or the first of several and the others behind it."""
    (label, first), *others = scenarios.items()
    heading = "The plans" if others else "The plan"
    blocks: list[Block] = [Prose(first.title, label)] if others else []
    blocks += _plan(first, 0)
    blocks += [
        Folded(name, (Prose(other.title), *_plan(other, number)))
        for number, (name, other) in enumerate(others, start=1)
    ]
    return section("plan", heading, blocks)


def _plan(scenario: Scenario, number: int) -> Iterator[Block]:
    if not scenario.steps:
        yield Prose(_NO_STEPS)
        return
    yield figure(ladder_picture(scenario), number)
    yield _steps(scenario)


def _steps(scenario: Scenario) -> Block:
    """Return a row for each step, each value with its grade."""
    values = {one.path: one for one in sourced_values(scenario)}
    columns = (Column("step"), *map(Column, _KEYS.values()))
    rows = (
        (step, *(_cell(values.get(f"steps.{step}.{key}")) for key in _KEYS))
        for step in scenario.steps
    )
    return table(
        "The steps, in hours on the crisis's clock",
        columns,
        rows,
        "In brackets: whether the value is reported, from the literature or an assumption; without "
        "brackets it is a default that does nothing.",
    )


def _cell(value: Value | None) -> str:
    if value is None:
        return NONE
    return f"{with_unit(value)} ({value.grade})" if value.counts else with_unit(value)
