"""What is laid side by side: plans, readings of the main one, worlds, and changes to its parts."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sim

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario.scenario import Scenario

Change = tuple[str, Any]

ROOT: Final = Path(__file__).parents[1]
SCENARIOS: Final = ROOT / "scenarios"
_NO_CLAIMS: Final = ("format", "extends", "title", "sources")


class Plan(NamedTuple):
    """A plan: its file in `scenarios/`, its number there, and a short name."""

    file: str
    number: str
    name: str

    @property
    def link(self) -> str:
        """The name as a link to the file, for a document in `docs/`."""
        return f"{self.number} [{self.name}](../scenarios/{self.file}.toml)"

    @property
    def label(self) -> str:
        """The number and the name."""
        return f"{self.number} {self.name}"


MAIN: Final = Plan("three_step", "P1", "Three steps")
WITHIN_24: Final = Plan("decision_in_24_hours", "P2", "Decision within 24 hours")
US: Final = Plan("us_guarantee", "P3", "US guarantee")
COUNCIL: Final = Plan("security_council", "P4", "Security Council, with veto")
COALITION: Final = Plan("coalition_alone", "P5", "Coalition alone")
BACKED: Final = Plan("coalition_backed", "P5", "Coalition with US backing")
FORMAL: Final = Plan("monitoring_formal", "P6", "Three steps, formal attribution")
DEAL: Final = Plan("territorial_deal", "P8", "Three steps, US upon a deal")
ALONE: Final = Plan("ukraine_only", "P9", "Ukraine alone")
OBSERVE: Final = Plan("no_response", "P10", "Observe only")
PLANS: Final = (
    MAIN,
    WITHIN_24,
    Plan("duty_to_discuss", "P2", "Duty to discuss"),
    US,
    COUNCIL,
    Plan("security_council_fallback", "P4", "Security Council, then coalition"),
    COALITION,
    BACKED,
    Plan("monitoring_fast", "P6", "Three steps, fast attribution"),
    FORMAL,
    Plan("pressure", "P7", "Economic pressure"),
    DEAL,
    ALONE,
    OBSERVE,
)
AGAINST_ANSWERS: Final = (MAIN, WITHIN_24, US, COALITION)

READINGS: Final = (
    Plan("three_step_army_if_necessary", "R02", "army only if necessary"),
    Plan("three_step_army_if_it_continues", "R03", "army only if it goes on"),
    Plan("three_step_clock_detection", "R05", "clock from detection"),
    Plan("three_step_clock_attribution", "R05", "clock from attribution"),
    Plan("three_step_within_72_hours", "R08", "within 72 hours, not after"),
    Plan("three_step_lasting_72_hours", "R09", "attack must last 72 hours"),
    Plan("three_step_no_coalition_deadline", "R10", "no deadline for step 2"),
    Plan("three_step_us_logistics", "R13", "US logistics, no US forces"),
    Plan("three_step_us_discretion", "R14", "US at its discretion"),
    Plan("three_step_forces_from_outside", "R16", "forces from outside"),
)


class World(NamedTuple):
    """A world that every plan can be tried in."""

    name: str
    file: str | None = None
    """Whose values are laid on the plan; none: the world of the base."""
    half_effects: bool = False
    """Whether every step does half as much, on the scale of logarithms."""


PLAIN: Final = World("plain")
FULL: Final = World("full", "full_world")
SALAMI: Final = World("salami", "salami")
BLITZ: Final = World("blitz", "blitz")
PROBING: Final = World("probing", "probing")
HALF: Final = World("half effects", half_effects=True)


def scenario_of(plan: Plan, world: World = PLAIN) -> Scenario:
    """Return a plan in a world.

    How things are watched is what the plans about monitoring are about, so there the plan counts.
    """
    file = SCENARIOS / f"{plan.file}.toml"
    changes = own_values(world.file) if world.file else []
    if any(name == "monitoring" for name, _ in own_values(plan.file)):
        changes = [change for change in changes if change[0] != "monitoring"]
    scenario = sim.load(file, changes)
    return with_half_effects(scenario) if world.half_effects else scenario


def own_values(file: str) -> list[Change]:
    """Return what a scenario's own file says, table by table, without what it extends."""
    tables = tomllib.loads((SCENARIOS / f"{file}.toml").read_text(encoding="utf-8"))
    return [(name, table) for name, table in tables.items() if name not in _NO_CLAIMS]


def with_half_effects(scenario: Scenario) -> Scenario:
    """Return the scenario with the square root of each factor: 4 becomes 2, a quarter a half."""
    return scenario.with_(
        *(
            (f"steps.{name}.effect.{kind}", math.sqrt(getattr(step.effect, kind)))
            for name, step in scenario.steps.items()
            for kind in ("stop", "expand", "collapse", "incidents")
        )
    )


class Lever(NamedTuple):
    """One thing about the three-step plan that is taken out of its way."""

    name: str
    changes: Callable[[Scenario], list[Change]]
    is_of_votes: bool = False
    """Whether it changes who says yes, and no hour."""


_AT_ONCE: Final = {"family": "constant", "hours": 0}


def _no_parliaments(scenario: Scenario) -> list[Change]:
    return [
        (f"groups.willing.members.{name}.{key}", None)
        for name, member in scenario.groups["willing"].members.items()
        if member.parliament_median_hours is not None
        for key in ("parliament_median_hours", "parliament_log_sd")
    ]


def _seen_at_once(scenario: Scenario) -> list[Change]:
    return [
        (f"levels.{name}.{what}.delay", _AT_ONCE)
        for name in scenario.levels
        for what in ("detection", "attribution")
    ]


LEVERS: Final = (
    Lever("as reported", lambda _: []),
    Lever(
        "the USA always says yes", lambda _: [("actors.usa.yes_probability", 1)], is_of_votes=True
    ),
    Lever("the USA decides at once", lambda _: [("actors.usa.decision", _AT_ONCE)]),
    Lever("no parliament is asked", _no_parliaments),
    Lever("violations are seen and attributed at once", _seen_at_once),
    Lever(
        "nobody waits for hour 24 or hour 72",
        lambda _: [
            ("steps.coalition.not_before_hours", 0),
            ("steps.military.decide_from_hours", 0),
            ("steps.military.not_before_hours", 0),
        ],
    ),
    Lever(
        "forces are there once decided",
        lambda _: [("steps.coalition.deploy", _AT_ONCE), ("steps.military.deploy", _AT_ONCE)],
    ),
    Lever(
        "13 members must say yes, not 5",
        lambda _: [("groups.willing.quorum", 13)],
        is_of_votes=True,
    ),
)
