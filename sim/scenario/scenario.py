"""The scenario: a plan and the world it is tried in, checked and frozen."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from sim.scenario.counts import counted
from sim.scenario.pieces import FrozenTable, Name, Named, Piece
from sim.scenario.problems import shown
from sim.scenario.tables import Actor, Condition, Credibility, Group, Guarantee, Step  # noqa: TC001
from sim.scenario.world import (
    Attack,
    Crisis,
    Doctrine,
    Level,
    Line,
    Monitoring,
    Run,
    Violations,
)


class Scenario(Piece):
    """A scenario as its file says, with what it extends and every default filled in.

    Nothing in it can be changed; `with_` makes a changed copy. A value's path in the file, such as
    `steps.military.not_before_hours`, is its name everywhere.
    """

    format: Annotated[int, Field(ge=1, le=1)] = 1
    """The version of this file format."""
    title: Annotated[str, Field(max_length=200)] = "Untitled scenario"
    """What tables and figures call the scenario."""
    extends: str | None = None
    """A scenario file below this file's folder, or beside it, on which this one is laid."""
    run: Run = Run()
    """How long, how many, which luck."""
    line: Line = Line()
    """The line of contact."""
    violations: Violations
    """Incidents."""
    attack: Attack = Attack()
    """The decision to attack."""
    doctrine: Doctrine | None = None
    """How the aggressor breaks fighting off and takes it up again; left out: it does not."""
    monitoring: Monitoring = Monitoring()
    """What disturbs the monitors."""
    levels: Annotated[
        dict[Name, Level], Field(min_length=1, max_length=100), AfterValidator(FrozenTable)
    ]
    """The levels of fighting in rising order; the last one is the expanded attack."""
    crisis: Crisis = Crisis()
    """When violations become a crisis."""
    steps: Annotated[dict[Name, Step], Field(max_length=100), AfterValidator(FrozenTable)] = Field(
        default={}
    )
    """The plan's steps, in their order."""
    actors: Annotated[Named[Actor], Field(max_length=1000)] = Field(default={})
    """Who decides alone."""
    groups: Annotated[Named[Group], Field(max_length=1000)] = Field(default={})
    """Who decides by vote."""
    conditions: Annotated[Named[Condition], Field(max_length=1000)] = Field(default={})
    """What steps can require."""
    guarantee: Guarantee | None = None
    """The guarantee that steps rest on; left out: it does not expire."""
    credibility: Credibility | None = None
    """What kept and broken promises do; left out: nothing."""
    sources: Annotated[dict[str, str], AfterValidator(FrozenTable)] = Field(default={})
    """Where a value, or all below a path, comes from; what is not listed is an assumption."""

    def with_(self, *changes: tuple[str, Any]) -> Scenario:
        """Return a scenario with other values at some paths, checked anew.

        Raises `ScenarioError` when a path or a value is not allowed. A changed value loses its
        source: it counts as an assumption. Raises `TypeError` for what is no pair.
        """
        from sim.scenario.loading import changed  # noqa: PLC0415 - loading makes scenarios

        for one in changes:
            _check_pair(one)
        return changed(self, changes)

    def to_toml(self) -> str:
        """Return the scenario as TOML that loads by itself, every default spelled out."""
        import tomli_w  # noqa: PLC0415 - only needed here

        return tomli_w.dumps(self.as_tables())

    def as_tables(self) -> dict[str, Any]:
        """Return the scenario as plain nested tables, without what is not set."""
        return self.model_dump(exclude_none=True)

    def __repr__(self) -> str:
        steps, days = counted(len(self.steps), "step"), counted(self.run.horizon_days, "day")
        return f"<Scenario {self.title!r}: {steps}, {days}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415 - only in notebooks

        from sim.scenario.sources import grades_in_words  # noqa: PLC0415 - as above

        record = self.violations.recorded
        steps = ", ".join(self.steps) or "none"
        incidents = (
            f"{counted(self.violations.incidents_per_day, 'incident')} a day"
            if record is None or self.violations.process != "replay"
            else f"{counted(len(record.hours), 'incident')} on record"
        )
        return (
            f"<b>{escape(self.title)}</b><br>{incidents} "
            f"in {counted(len(self.line.sectors), 'sector')}, "
            f"{counted(self.run.horizon_days, 'day')}; "
            f"steps: {escape(steps)}<br>{grades_in_words(self)}"
        )


def _check_pair(given: object) -> None:
    """Complain of a change whose own brackets were forgotten, or that is a table of them."""
    if isinstance(given, (tuple, list)) and len(given) == 2 and isinstance(given[0], str):  # noqa: PLR2004 - a pair
        return
    message = (
        f"with_: is given {shown(given)}, must be given pairs of a path and a value: "
        'with_(("crisis.quiet_hours", 24), ("run.seed", 1))'
    )
    raise TypeError(message)
