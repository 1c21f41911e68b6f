"""The runs that are asked for: of which scenario, how many, and on which luck."""

from __future__ import annotations

from sim.scenario.problems import Origin, ScenarioError, shown
from sim.scenario.scenario import Scenario


def with_run(scenario: Scenario, replications: int | None, seed: int | None) -> Scenario:
    """Return the scenario with another number of runs and another seed, where they are given.

    Raises `ScenarioError`, which names what was asked for and is not allowed, and `TypeError` for
    what is no scenario.
    """
    check_scenario(scenario)
    asked = {"replications": replications, "seed": seed}
    given = {name: value for name, value in asked.items() if value is not None}
    try:
        return scenario.with_(*((f"run.{name}", value) for name, value in given.items()))
    except ScenarioError as error:
        names = list(given)
        raise ScenarioError(
            one._replace(origin=Origin(names[one.origin.line - 1])) for one in error.problems
        ) from None


def check_scenario(given: object) -> None:
    """Raise `TypeError`, which says what to write, unless this is a scenario.

    >>> check_scenario("my_plan.toml")
    Traceback (most recent call last):
    TypeError: scenario: is "my_plan.toml", must be a scenario, such as sim.load("my_plan.toml")
    """
    if isinstance(given, Scenario):
        return
    is_file = isinstance(given, str) or hasattr(given, "__fspath__")
    file = shown(str(given)) if is_file else '"my_plan.toml"'
    said = file if is_file else f"of the type {type(given).__name__}"
    message = f"scenario: is {said}, must be a scenario, such as sim.load({file})"
    raise TypeError(message)
