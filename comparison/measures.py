"""What is looked at in the runs of a plan: arrays with one number a run, and estimates of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.results.estimates import (
    Estimate,
    Floats,
    mean_over_events,
    mean_over_runs,
    share_of_events,
    share_of_runs,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.paired import Bools
    from sim.results.results import Results
    from sim.scenario.scenario import Scenario

HOURS_A_DAY: Final = 24
IN_TIME_HOURS: Final = 72
_OF_UKRAINE: Final = ("warning", "army")
PARTS: Final = ("detection", "attribution", "waiting", "decision", "deploy")


class Events(NamedTuple):
    """A run's sums over its events and how many there were, each of shape (runs,)."""

    sums: Floats
    counts: Floats

    def mean(self) -> Estimate:
        """Return the mean over events."""
        return mean_over_events(self.sums, self.counts)

    def share(self) -> Estimate:
        """Return the share of events, where the sums count those of one kind."""
        return share_of_events(self.sums, self.counts)


class Measures(NamedTuple):
    """What is kept of the runs of a plan; arrays have shape (runs,)."""

    scenario: Scenario
    held: Bools
    attacked: Bools
    """Whether there was a decision to attack."""
    reached_last: Bools
    """Whether fighting reached the last level, an expanded attack."""
    last_level_hours: Floats
    """Sector-hours of fighting at the last level."""
    fighting: Events
    """Hours of fighting anywhere on the line, of days while the ceasefire lasted."""
    promises: Events
    """Kept ones, of all."""
    wrongful: Floats
    """Steps put in force on a mistake."""
    crises: Floats
    first: Events
    """Hours from the clock's start to the first step in force, of crises that saw one."""
    outside: Events
    """Hours to the first step from outside Ukraine, of crises that saw one."""
    to_severe: Events
    """Hours to the first step from outside, of crises with an expanded attack that saw one."""
    helped_in_time: Events
    """Of crises with an expanded attack, those with help from outside within 72 hours."""
    helped: Events
    """The same, whenever it came."""
    steps: dict[str, StepMeasures]

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.held)

    def holds(self) -> Estimate:
        """Return the share of runs in which the ceasefire holds to the end."""
        return share_of_runs(self.held)

    def last_step(self) -> tuple[str, StepMeasures] | None:
        """Return the last step that does something, if there is any besides the warning."""
        names = outside_steps(self.scenario)
        return (names[-1], self.steps[names[-1]]) if names else None

    def mean_of(self, values: Floats) -> Estimate:
        """Return the mean over runs."""
        return mean_over_runs(values)


class StepMeasures(NamedTuple):
    """What became of the calls of one step; arrays have shape (runs,)."""

    called: Floats
    on_time: Floats
    in_force: Floats
    refused: Floats
    stood_down: Floats
    delays: Events
    """Hours from the clock's start until it was in force."""
    parts: dict[str, Events]
    """How those hours divide, by part."""
    last_decider: dict[str, float]
    """How often each decider was the last to answer, of the crises with the step in force."""

    def on_time_share(self) -> Estimate:
        """Return the share of calls after which it was in force by its deadline, if it has one."""
        return share_of_events(self.on_time, self.called)

    def reached(self) -> Estimate:
        """Return the share of calls after which it was in force."""
        return share_of_events(self.in_force, self.called)


def effective_steps(scenario: Scenario) -> list[str]:
    """Return the steps that change something: a meeting alone is no response."""
    return [
        name
        for name, step in scenario.steps.items()
        if any(value != 1 for value in step.effect.model_dump().values())
    ]


def outside_steps(scenario: Scenario) -> list[str]:
    """Return the steps that are not Ukraine's own."""
    return [name for name in effective_steps(scenario) if name not in _OF_UKRAINE]


def measured(results: Results) -> Measures:
    """Return what is looked at."""
    outcomes, crises, scenario = results.outcomes, results.crises, results.scenario
    runs, last = results.replications, len(scenario.levels)

    def floats(name: str) -> Floats:
        return outcomes[name].to_numpy(np.float64)

    kept = floats("promises_kept")
    severe = (crises["highest_level"] == last).to_numpy()
    first = _delay(crises, effective_steps(scenario))
    outside = _delay(crises, outside_steps(scenario))
    wrongful = [floats(f"{name}_wrongful") for name in scenario.steps]
    return Measures(
        scenario=scenario,
        held=(outcomes["outcome"] == "held").to_numpy(),
        attacked=(outcomes["attacks"] > 0).to_numpy(),
        reached_last=(outcomes["highest_level"] == last).to_numpy(),
        last_level_hours=floats(f"hours_{list(scenario.levels)[-1]}"),
        fighting=Events(floats("fighting_hours"), floats("end_hours") / HOURS_A_DAY),
        promises=Events(kept, kept + floats("promises_broken")),
        wrongful=np.sum(wrongful, axis=0) if wrongful else np.zeros(runs),
        crises=floats("crises"),
        first=_over_crises(crises, runs, first),
        outside=_over_crises(crises, runs, outside),
        to_severe=_over_crises(crises, runs, np.where(severe, outside, np.nan)),
        helped_in_time=_share(crises, runs, outside <= IN_TIME_HOURS, severe),
        helped=_share(crises, runs, ~np.isnan(outside), severe),
        steps={name: _step(outcomes, crises, name) for name in scenario.steps},
    )


def _delay(crises: pd.DataFrame, steps: list[str]) -> Floats:
    """Return the hours from the clock's start to the first of these steps in force, else NaN."""
    if not steps:
        return np.full(len(crises), np.nan)
    columns = [f"{name}_in_force_hours" for name in steps]
    earliest = crises[columns].min(axis=1).to_numpy(np.float64)
    return np.asarray(earliest - crises["clock_hours"].to_numpy(np.float64), np.float64)


def _over_crises(crises: pd.DataFrame, runs: int, values: Floats) -> Events:
    """Return sums and counts by run of what is known of its crises."""
    known = ~np.isnan(values)
    run = crises["run"].to_numpy()[known]
    return Events(
        np.bincount(run, weights=values[known], minlength=runs).astype(np.float64),
        np.bincount(run, minlength=runs).astype(np.float64),
    )


def _share(crises: pd.DataFrame, runs: int, yes: Bools, among: Bools) -> Events:
    """Return by run how many of some crises are of a kind."""
    return _over_crises(crises, runs, np.where(among, yes.astype(np.float64), np.nan))


def _step(outcomes: pd.DataFrame, crises: pd.DataFrame, name: str) -> StepMeasures:
    def count(what: str) -> Floats:
        return outcomes[f"{name}_{what}"].to_numpy(np.float64)

    in_force = crises[f"{name}_in_force_hours"].notna().to_numpy()
    parts = {part: crises[part_column(name, part)].to_numpy(np.float64)[in_force] for part in PARTS}
    came = crises[in_force]
    shares = came[f"{name}_last_decider"].value_counts(normalize=True)
    return StepMeasures(
        called=count("called"),
        on_time=count("on_time"),
        in_force=count("on_time") + count("late"),
        refused=count("refused"),
        stood_down=count("stood_down"),
        delays=_over_crises(crises, len(outcomes), _delay(crises, [name])),
        parts={part: _over_crises(came, len(outcomes), hours) for part, hours in parts.items()},
        last_decider={str(one): float(share) for one, share in shares.items()},
    )


def part_column(step: str, part: str) -> str:
    """Return the column of the crises that holds a part of a step's delay.

    >>> part_column("military", "detection"), part_column("military", "waiting")
    ('detection_hours', 'military_waiting_hours')
    """
    of_crisis = part in ("detection", "attribution")
    return f"{part}_hours" if of_crisis else f"{step}_{part}_hours"
