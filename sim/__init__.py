"""What happens when a ceasefire is broken: response plans as data, played through on the same luck.

A scenario file describes a line of contact, its monitors, and a plan: steps with deadlines, and
who decides on them. It is loaded, checked and frozen; its runs are played by an engine that asks
the rules of the model what happens; the rows become estimates with intervals, and pictures.

    plan = sim.load("scenarios/three_step.toml")
    results = sim.run(plan, replications=200, seed=1)
    results.summary()
    sim.figures.outcomes(results)
    sim.trace(plan, run=17)

What is asked of several scenarios, or of one in many versions of itself, is a study: `compare`,
`sweep`, `sensitivity`, `discover`, `play_study`; a chance too small for plain runs is `rare`.
What was interrupted in a folder goes on with `resume`, and is read with `read`; `report` makes
one page of HTML of it.

Results are conditional on the scenario's assumptions; they are never a forecast.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.results.results import Results
    from sim.scenario.loading import load
    from sim.scenario.problems import ScenarioError
    from sim.scenario.scenario import Scenario
    from sim.show import figures
    from sim.show.explorer.notebook import explore
    from sim.show.report.writing import report
    from sim.study.comparing.compare import compare
    from sim.study.comparing.comparison import Comparison
    from sim.study.points.studies import play_study
    from sim.study.points.sweep import sweep
    from sim.study.rare_events.rare import rare
    from sim.study.resuming import read, resume
    from sim.study.run import run, trace
    from sim.study.values.discovery import discover
    from sim.study.values.sensitivity import sensitivity

__all__ = [
    "Comparison",
    "Results",
    "Scenario",
    "ScenarioError",
    "compare",
    "discover",
    "explore",
    "figures",
    "load",
    "play_study",
    "rare",
    "read",
    "report",
    "resume",
    "run",
    "sensitivity",
    "sweep",
    "trace",
]

# Found when first used, so that `sim --help` need not wait for what it does not need.
_HOMES = {
    "Comparison": "sim.study.comparing.comparison",
    "Results": "sim.results.results",
    "Scenario": "sim.scenario.scenario",
    "ScenarioError": "sim.scenario.problems",
    "compare": "sim.study.comparing.compare",
    "discover": "sim.study.values.discovery",
    "explore": "sim.show.explorer.notebook",
    "figures": "sim.show",
    "load": "sim.scenario.loading",
    "play_study": "sim.study.points.studies",
    "rare": "sim.study.rare_events.rare",
    "read": "sim.study.resuming",
    "report": "sim.show.report.writing",
    "resume": "sim.study.resuming",
    "run": "sim.study.run",
    "sensitivity": "sim.study.values.sensitivity",
    "sweep": "sim.study.points.sweep",
    "trace": "sim.study.run",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module 'sim' has no attribute {name!r}"
        raise AttributeError(message)
    home = import_module(_HOMES[name])
    return import_module("sim.show.figures") if name == "figures" else getattr(home, name)


def __dir__() -> list[str]:
    return sorted(__all__)
