"""The points that are asked for: what varies, however it was given, and a case for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.results.batch import Batch
from sim.results.quantities import quantity_named
from sim.study.asked_runs import check_scenario, with_run
from sim.study.points.designs import cases, grid, latin_hypercube, sobol
from sim.study.points.varied import Varied, parsed_range, parsed_varied

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.points.designs import Points


SWEEP: Final = "sweep"
DESIGNS: Final = ("grid", "sobol", "lhs")


_ENDS: Final = 2


Vary = Mapping[str, Any] | Sequence[str | Varied]
"""Paths with their values (a list) or their range (a pair), or texts such as `path=12:48:4`."""


def vary_of(scenario: Scenario, vary: Vary) -> tuple[Varied, ...]:
    """Return what varies, however it was given."""
    check_scenario(scenario)
    if isinstance(vary, str):
        vary = [vary]
    if isinstance(vary, Mapping):
        found = [_varied(path, given) for path, given in vary.items()]
    else:
        found = [one if isinstance(one, Varied) else parsed(one) for one in vary]
    return tuple(one.fitted(scenario) for one in found)


def parsed(text: str) -> Varied:
    """Return what varies, given as `path=start:stop:count`, `path=a,b,c` or `path=low:high`.

    >>> parsed("attack.per_year=0.02:0.6").high
    0.6
    """
    ends = text.partition("=")[2].split(":")
    return parsed_range(text) if len(ends) == _ENDS else parsed_varied(text)


def _varied(path: str, given: Any) -> Varied:  # noqa: ANN401 - whatever a scenario takes
    if isinstance(given, str):
        return parsed(f"{path}={given}")
    if isinstance(given, tuple) and len(given) == _ENDS:
        return Varied(path, low=given[0], high=given[1])
    values = given.tolist() if hasattr(given, "tolist") else given
    if not isinstance(values, (list, tuple, range)):
        message = f"{path}: is {values!r}, must be a list of values, or a pair (low, high)"
        raise ValueError(message)  # noqa: TRY004 - as all that is wrong with what varies
    return Varied(path, tuple(values))


def chosen_points(varieds: Sequence[Varied], design: str, points: int | None, seed: int) -> Points:
    """Return the points of a design."""
    if design not in DESIGNS:
        message = f'design: is "{design}", must be one of {", ".join(DESIGNS)}'
        raise ValueError(message)
    if design == "grid":
        if points is not None:
            message = f"points: is {points}, must be left out: a grid has all combinations"
            raise ValueError(message)
        return grid(varieds)
    if points is None:
        message = f"points: is missing, must be how many points the design {design} has"
        raise ValueError(message)
    return (sobol if design == "sobol" else latin_hypercube)(varieds, points, seed)


def batch_at(scenario: Scenario, points: Points, about: Mapping[str, Any]) -> Batch:
    """Return the batch that has a case for each point, every one of which is checked."""
    for case, one in enumerate(cases(scenario, points)):
        if (tuple(one.levels), tuple(one.steps)) != (tuple(scenario.levels), tuple(scenario.steps)):
            message = f"points: point {case + 1} has other levels or steps, must have the same ones"
            raise ValueError(message)
    changes = tuple(points.changes(case) for case in range(len(points)))
    run = scenario.run
    return Batch(scenario, run.seed, run.replications, changes, about=about)


def sweep_batch(
    scenario: Scenario,
    varieds: Sequence[Varied],
    *,
    design: str = "grid",
    points: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    outcomes: Sequence[str] | None = None,
) -> Batch:
    """Return what a sweep plays, all of it checked."""
    scenario = with_run(scenario, replications, seed)
    for name in outcomes or ():
        quantity_named(scenario, name)
    chosen = chosen_points(varieds, design, points, scenario.run.seed)
    about = {"kind": SWEEP, "design": design, "outcomes": list(outcomes) if outcomes else None}
    return batch_at(scenario, chosen, about)
