"""The tables of all plans: whether it holds, what it costs, and whether it is in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from comparison.plans import ALONE, FULL, MAIN, OBSERVE, PLAIN, PLANS, Plan, World
from comparison.writing import (
    NONE,
    difference_cell,
    narrower_cell,
    number_cell,
    percent,
    points_cell,
    share_cell,
    table,
)
from sim.results.estimates import share_of_runs
from sim.results.paired import mean_difference, share_difference

if TYPE_CHECKING:
    from comparison.measures import Measures, StepMeasures
    from comparison.playing import Found
    from sim.results.paired import Paired

ROBUST: Final = ("plain", "full", "salami", "blitz", "half effects")
MOST: Final = 4
"""In so many of the five worlds a difference must be told apart to be called robust."""


def holds_difference(ours: Measures, theirs: Measures) -> Paired:
    """Return by how much more often the ceasefire holds, on the same luck."""
    return share_difference(ours.held, theirs.held)


def fighting_difference(ours: Measures, theirs: Measures) -> Paired:
    """Return by how many sector-hours of expanded fighting a run differs, on the same luck."""
    return mean_difference(ours.last_level_hours, theirs.last_level_hours)


def holds_table(found: Found) -> str:
    """Return whether it holds and what it costs, for every plan in the plain world."""
    attacked = found.of(OBSERVE).attacked
    rows = []
    for plan in PLANS:
        one = found.of(plan)
        rows.append(
            [
                plan.link,
                share_cell(one.holds()),
                share_cell(share_of_runs(one.held[attacked])),
                share_cell(share_of_runs(one.reached_last)),
                number_cell(one.mean_of(one.last_level_hours)),
                number_cell(one.fighting.mean()),
            ]
        )
    header = ["plan", "ceasefire holds", "holds, if attacked", "expanded attack"]
    return table([*header, "expanded fighting", "hours of fighting a day"], rows)


def differences_table(found: Found) -> str:
    """Return what every plan changes against observing only, on the same luck."""
    reference = found.of(OBSERVE)
    rows = []
    for plan in PLANS:
        if plan == OBSERVE:
            continue
        one = found.of(plan)
        holds, fighting = holds_difference(one, reference), fighting_difference(one, reference)
        saved, lost = one.held & ~reference.held, reference.held & ~one.held
        attacked = reference.attacked
        rows.append(
            [
                plan.label,
                points_cell(holds),
                narrower_cell(holds),
                f"{saved.sum():,}; {lost.sum():,}",
                points_cell(share_difference(one.held[attacked], reference.held[attacked])),
                difference_cell(fighting),
                narrower_cell(fighting),
            ]
        )
    header = ["plan", "holds, points", "narrower, times", "runs saved; lost", "if attacked, points"]
    return table([*header, "expanded fighting, sector-hours a run", "narrower, times"], rows)


def help_table(found: Found) -> str:
    """Return when help comes to those who are attacked."""
    rows = []
    for plan in PLANS:
        one = found.of(plan)
        is_helped = one.last_step() is not None
        rows.append(
            [
                plan.label,
                number_cell(one.first.mean()),
                share_cell(one.helped_in_time.share()) if is_helped else NONE,
                share_cell(one.helped.share()) if is_helped else NONE,
                number_cell(one.to_severe.mean()),
            ]
        )
    header = ["plan", "first response, hours", "help within 72 hours", "help at all"]
    return table([*header, "hours until help, if it comes"], rows)


def steps_table(found: Found) -> str:
    """Return what becomes of the last step and of promises."""
    rows = []
    for plan in PLANS:
        one = found.of(plan)
        last = one.last_step()
        name, reached, on_time, delay = (
            (
                last[0],
                share_cell(last[1].reached()),
                _on_time(one, *last),
                number_cell(last[1].delays.mean()),
            )
            if last
            else (NONE,) * 4
        )
        kept = share_cell(one.promises.share())
        wrongful = number_cell(one.mean_of(one.wrongful))
        rows.append([plan.label, name, reached, on_time, delay, kept, wrongful])
    header = ["plan", "last step", "in force, of its calls", "on time, of its calls"]
    header += ["hours, if in force", "promises kept", "wrongful responses a run"]
    return table(header, rows)


def _on_time(measures: Measures, name: str, step: StepMeasures) -> str:
    """Return how often a step was on time, where it has a deadline."""
    deadline = measures.scenario.steps[name].deadline_hours
    if deadline is None:
        return "no deadline"
    return f"{share_cell(step.on_time_share())} by hour {deadline:g}"


def full_table(found: Found) -> str:
    """Return the short table of the full world."""
    reference = found.of(OBSERVE, FULL)
    rows = []
    for plan in PLANS:
        one = found.of(plan, FULL)
        is_reference = plan == OBSERVE
        rows.append(
            [
                plan.label,
                share_cell(one.holds()),
                "" if is_reference else points_cell(holds_difference(one, reference)),
                number_cell(one.mean_of(one.last_level_hours)),
                "" if is_reference else difference_cell(fighting_difference(one, reference)),
                share_cell(one.helped_in_time.share()) if one.last_step() else NONE,
                share_cell(one.promises.share()),
                number_cell(one.mean_of(one.wrongful)),
            ]
        )
    header = ["plan", "ceasefire holds", "than observe only, points", "expanded fighting"]
    header += ["than observe only", "help within 72 hours", "promises kept", "wrongful a run"]
    return table(header, rows)


class Verdict(NamedTuple):
    """A plan against another in all worlds."""

    plan: Plan
    differences: dict[str, Paired]
    """In how often the ceasefire holds, by world."""

    @property
    def better(self) -> int:
        """In how many worlds it is better, told apart from zero."""
        return sum(paired.sign() > 0 for paired in self.differences.values())

    @property
    def worse(self) -> int:
        """In how many worlds it is worse, told apart from zero."""
        return sum(paired.sign() < 0 for paired in self.differences.values())

    def is_robust(self) -> bool:
        """Return whether most worlds agree on the sign, and none is against it."""
        return max(self.better, self.worse) >= MOST and min(self.better, self.worse) == 0

    def words(self) -> str:
        """Return in how many worlds it is better or worse."""
        if self.better and self.worse:
            return f"better in {self.better}, worse in {self.worse}: depends on the world"
        if not (self.better or self.worse):
            return "not told apart"
        found = f"better in {self.better}" if self.better else f"worse in {self.worse}"
        return f"{found} of {len(self.differences)}{': robust' if self.is_robust() else ''}"


def verdicts(found: Found, reference: Plan, *, turned: bool = False) -> list[Verdict]:
    """Return every plan less the reference in all worlds, or the reference less every plan."""
    made = []
    for plan in PLANS:
        if plan in (reference, OBSERVE):
            continue
        differences = {}
        for name in ROBUST:
            ours, theirs = found.of(plan, World(name)), found.of(reference, World(name))
            pair = (theirs, ours) if turned else (ours, theirs)
            differences[name] = holds_difference(*pair)
        made.append(Verdict(plan, differences))
    return made


def robust_table(found: Found, reference: Plan, *, turned: bool = False) -> str:
    """Return the differences to a plan by world, and whether they have one sign."""
    rows = [
        [one.plan.label, *map(points_cell, one.differences.values()), one.words()]
        for one in verdicts(found, reference, turned=turned)
    ]
    return table(["plan", *ROBUST, "verdict"], rows)


def tables(found: Found) -> dict[str, str]:
    """Return the tables of all plans by the name of their block."""
    return {
        "holds": holds_table(found),
        "differences": differences_table(found),
        "help": help_table(found),
        "steps": steps_table(found),
        "full": full_table(found),
        "against alone": robust_table(found, ALONE),
        "against others": robust_table(found, MAIN, turned=True),
        "effort": _effort(found),
    }


def _effort(found: Found) -> str:
    counts = {world: next(iter(plans.values())).runs for world, plans in found.worlds.items()}
    listed = ", ".join(f"{world} {runs:,}" for world, runs in counts.items())
    shared = percent(float(found.of(OBSERVE, PLAIN).attacked.mean()))
    return (
        f"Runs of one year of each plan, by world: {listed}; of each reading and of each lever "
        f"{found.effort.readings:,} and {found.effort.levers:,}; of 50 years "
        f"{found.effort.fifty_years:,}. In {shared} % of the runs of the plain world somebody "
        "decides to attack, whatever the plan is."
    )
