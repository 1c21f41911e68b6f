"""What is allowed in a scenario and yet can hardly be meant: said when it is loaded, once."""

from collections.abc import Iterator
from typing import Final

from sim.scenario.layers import Layer
from sim.scenario.problems import Problem
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Step

_EARLIEST: Final = ("not_before_hours", "decide_from_hours")


class ScenarioWarning(UserWarning):
    """A scenario says something that can hardly be meant; it is played as it is."""


def notes(scenario: Scenario, layer: Layer) -> Iterator[Problem]:
    """Yield what can hardly be meant, with the place where it is written."""
    for name, step in scenario.steps.items():
        sentence = _promise_in_vain(step)
        if sentence:
            yield layer.problem(("steps", name, "deadline_hours"), sentence)


def _promise_in_vain(step: Step) -> str:
    """Return why a step can never be in force by its deadline, or nothing."""
    earliest = max(_EARLIEST, key=lambda key: float(getattr(step, key)))
    hours = float(getattr(step, earliest))
    if step.deadline_hours is None or step.deadline_hours >= hours:
        return ""
    return (
        f"is {step.deadline_hours:g}, and {earliest} is {hours:g}: "
        "the step is never in force in time, so that its promise is never kept"
    )
