"""A study as a file: which scenarios, what varies, how many runs, and what is asked of them.

    format = 1
    title = "Which clock, and how many yeses?"
    scenarios = { three_step = "../scenarios/three_step.toml" }
    replications = 1000
    outcomes = ["held", "promises_kept"]

    [vary]
    "crisis.clock" = ["violation", "attribution"]
    "groups.willing.quorum" = { low = 2, high = 14, count = 4, whole = true }

What is wrong with a file is said all at once, as with a scenario: file, line, column, path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.results.batch import Batch
from sim.results.quantities import quantities
from sim.scenario.loading import load
from sim.scenario.problems import KeyPath, Origin, Problem, ScenarioError, did_you_mean, shown
from sim.scenario.reading import parsed_file
from sim.study.points.asked_points import batch_at, chosen_points
from sim.study.points.study_keys import checked_keys, scenario_file, varied_as_said, with_paths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from sim.scenario.layers import Layer
    from sim.scenario.scenario import Scenario
    from sim.study.points.designs import Points
    from sim.study.points.study_keys import StudyKeys
    from sim.study.points.varied import Varied

KIND: Final = "study"


@dataclass(frozen=True)
class Study:
    """What is to be played: scenarios by their labels, each at the same points on the same luck."""

    title: str
    labels: tuple[str, ...]
    batches: tuple[Batch, ...]
    """One for each label, in their order; each with the same cases."""
    outcomes: tuple[str, ...] | None
    told: Mapping[str, Any] = field(default_factory=dict)
    """What else a study file says, with every default: design, replications, seed, vary."""

    @property
    def points(self) -> int:
        """At how many points each scenario is played."""
        return len(self.batches[0].cases)

    @property
    def paths(self) -> tuple[str, ...]:
        """What varies."""
        return tuple(path for path, _ in self.batches[0].cases[0])

    @property
    def runs(self) -> int:
        """How many runs there are of all scenarios at all points."""
        return sum(batch.layout.runs for batch in self.batches)


def load_study(
    path: str | PathLike[str], replications: int | None = None, seed: int | None = None
) -> Study:
    """Return the study of a TOML file, with every scenario at every point checked.

    Raises `ScenarioError`, whose text has one line for each thing that is wrong:
    `file:line:column: path: what is wrong, what is allowed`.
    """
    layer = with_paths(parsed_file(Path(path)))
    read = checked_keys(layer)
    asked = {"replications": replications, "seed": seed}
    given = {key: one for key, one in asked.items() if one is not None}
    read = read.model_copy(update=given)
    for key in given:
        layer.origins[(key,)] = Origin(key)
    return _Checking(layer, read, Path(path)).study()


class _Checking:
    """The checking of one study file beyond its keys: everything it names must be there."""

    def __init__(self, layer: Layer, read: StudyKeys, path: Path) -> None:
        self._layer = layer
        self._read = read
        self._path = path
        self._problems = list(layer.problems)
        self._said: set[tuple[Origin, str]] = set()

    def study(self) -> Study:
        """Return the study, or raise all that is wrong with it."""
        scenarios = self._scenarios()
        points = self._points(scenarios)
        self._check_outcomes(scenarios)
        about: dict[str, Any] = {"kind": "run"}
        if points:
            about = {"kind": "sweep", "design": self._read.design.kind}
            about |= {"outcomes": self._read.outcomes or None}
        batches = [self._batch(label, one, points, about) for label, one in scenarios.items()]
        if self._problems:
            raise ScenarioError(self._problems)
        outcomes = tuple(self._read.outcomes) or None
        made = tuple(one for one in batches if one is not None)
        return Study(self._read.title, tuple(scenarios), made, outcomes, self._told())

    def _complain(self, path: KeyPath, sentence: str) -> None:
        self._problems.append(self._layer.problem(path, sentence))

    def _told(self) -> dict[str, Any]:
        told = self._read.model_dump(exclude={"title", "scenarios", "outcomes", "set", "format"})
        told["design"] = {"kind": self._read.design.kind}
        if self._read.design.kind != "grid":
            told["design"]["points"] = self._read.design.points
        return told if self._read.vary else {key: told[key] for key in ("replications", "seed")}

    def _scenarios(self) -> dict[str, Scenario]:
        run = {"run.replications": self._read.replications, "run.seed": self._read.seed}
        changes = [*self._read.set.items(), *run.items()]
        found: dict[str, Scenario] = {}
        for label, name in self._read.scenarios.items():
            file = scenario_file(self._path, name)
            if isinstance(file, str):
                self._complain(("scenarios", label), file)
                continue
            try:
                found[label] = load(file, changes)
            except ScenarioError as error:
                self._problems += [self._of_a_change(one, changes, label) for one in error.problems]
        return found

    def _of_a_change(self, problem: Problem, changes: list[tuple[str, Any]], label: str) -> Problem:
        """Return a problem with a value that is set at the place where the study sets it."""
        if problem.origin.file != "--set":
            return problem
        key = changes[problem.origin.line - 1][0]
        path = ("set", key) if key in self._read.set else (key.removeprefix("run."),)
        sentence = f"{problem.sentence} (in {label})"
        return problem._replace(origin=self._layer.origin(path), sentence=sentence)

    def _points(self, scenarios: Mapping[str, Scenario]) -> Points | None:
        varieds = []
        for path, given in self._read.vary.items():
            try:
                varieds.append(varied_as_said(path, given))
            except ValueError as error:
                self._complain(("vary", path), str(error).removeprefix(f"{path}: "))
        if self._problems or not varieds or not scenarios:
            return None
        first = next(iter(scenarios.values()))
        try:
            return self._chosen([one.fitted(first) for one in varieds])
        except ValueError as error:
            path, _, said = str(error).partition(": ")
            at = ("vary", path) if path in self._read.vary else ("design", path)
            self._complain(at, said)
        return None

    def _chosen(self, varieds: list[Varied]) -> Points:
        design = self._read.design
        is_given = "points" in design.model_fields_set
        points = design.points if is_given else None
        return chosen_points(varieds, design.kind, points, self._read.seed)

    def _check_outcomes(self, scenarios: Mapping[str, Scenario]) -> None:
        known = {one.name for scenario in scenarios.values() for one in quantities(scenario)}
        for number, name in enumerate(self._read.outcomes):
            if known and name not in known:
                hint = did_you_mean(name, known)
                sentence = f"is {shown(name)}, must be one that the summary names{hint}"
                self._complain(("outcomes", number), sentence)

    def _batch(
        self, label: str, scenario: Scenario, points: Points | None, about: dict[str, Any]
    ) -> Batch | None:
        run = scenario.run
        if points is None:
            return Batch(scenario, run.seed, run.replications)
        try:
            return batch_at(scenario, points, about)
        except ScenarioError as error:
            # What is wrong at several points, or with several scenarios alike, is said once.
            once = {(one.origin.column, one.path): one for one in reversed(error.problems)}
            for one in once.values():
                problem = self._of_a_point(one, points, label)
                if (problem.origin, one.sentence) not in self._said:
                    self._problems.append(problem)
                self._said.add((problem.origin, one.sentence))
        except ValueError as error:
            self._complain(("vary",), f"{str(error).removeprefix('points: ')} (in {label})")
        return None

    def _of_a_point(self, problem: Problem, points: Points, label: str) -> Problem:
        """Return a problem with a point at the place where the study lets that value vary."""
        if problem.origin.file != "points":
            return problem
        path = points.paths[problem.origin.column - 1]
        sentence = f"{problem.sentence} (point {problem.origin.line}, in {label})"
        return problem._replace(origin=self._layer.origin(("vary", path)), sentence=sentence)
