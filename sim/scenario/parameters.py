"""From a scenario to the numbers that the engines get.

Whatever the file allows to be written in several ways is one number here, and this is the only
place where that is done: an int becomes a float, a duration whole ticks, a name an index, what is
left out infinity or zero. Every value is a plain Python number, so that a rule compiled for
`float64` and `int64` gets just those.
"""

import hashlib
import math
from collections.abc import Iterable
from typing import Final

from sim.model.hours import on_tick
from sim.model.words import BY_MEMBERS, BY_WEIGHT, CLOCKS, CONSTANT, FAMILIES, LOGNORMAL
from sim.scenario.numbers import (
    DeciderNumbers,
    LevelNumbers,
    Parameters,
    ScopeNumbers,
    SectorNumbers,
    StepNumbers,
    Timing,
    VoterNumbers,
)
from sim.scenario.pieces import Piece
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Actor, Group, Level, Member, Seen, Step

HOURS_PER_DAY: Final = 24.0
HOURS_PER_YEAR: Final = 365 * 24.0
NO_THRESHOLD: Final = 2**40


def parameters(scenario: Scenario) -> Parameters:
    """Return the numbers of a scenario."""
    crisis = scenario.crisis
    names = list(scenario.levels)
    sectors = _sectors(scenario)
    either = crisis.threshold_incidents is not None or crisis.threshold_level is not None
    return Parameters(
        horizon_hours=on_tick(float(scenario.run.horizon_days) * HOURS_PER_DAY),
        most_violations=scenario.run.most_violations,
        attack_mean_hours=_mean_hours(HOURS_PER_YEAR, scenario.attack.per_year),
        attack_sectors=scenario.attack.sectors,
        sectors=sectors,
        levels=_levels(scenario),
        scopes=_scopes(scenario),
        threshold_incidents=crisis.threshold_incidents or (NO_THRESHOLD if either else 1),
        threshold_level=_level(crisis.threshold_level, names, otherwise=len(names) + 1),
        window_hours=on_tick(crisis.window_hours),
        quiet_hours=on_tick(crisis.quiet_hours),
        quiet_level=_level(crisis.quiet_level, names, otherwise=1),
        clock=CLOCKS.index(crisis.clock),
        steps=_steps(scenario, [sector.name for sector in sectors]),
    )


class Keys:
    """Numbers for names: the same name gets the same number in every scenario, as a hash does.

    Two names of one scenario never share a number; where their hashes agree, the later one moves.
    """

    def __init__(self) -> None:
        """Start with no name."""
        self._taken: set[int] = set()

    def of(self, *names: str) -> int:
        """Return the number, 0 to 2**32 - 1, for what these names together mean."""
        text = "/".join(names)
        key = _hash(text)
        while key in self._taken:
            text += "'"
            key = _hash(text)
        self._taken.add(key)
        return key


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


def _sectors(scenario: Scenario) -> tuple[SectorNumbers, ...]:
    keys = Keys()
    per_day = scenario.violations.incidents_per_day
    total = math.fsum(scenario.line.sectors.values())
    return tuple(
        SectorNumbers(
            name, share / total, _mean_hours(HOURS_PER_DAY, per_day * share / total), keys.of(name)
        )
        for name, share in scenario.line.sectors.items()
    )


def _scopes(scenario: Scenario) -> tuple[ScopeNumbers, ...]:
    names = list(scenario.line.sectors)
    if scenario.crisis.scope == "sector":
        return tuple(ScopeNumbers(name, (index,)) for index, name in enumerate(names))
    return (ScopeNumbers("line", tuple(range(len(names)))),)


def _levels(scenario: Scenario) -> tuple[LevelNumbers, ...]:
    shares = scenario.violations.level_shares or {next(iter(scenario.levels)): 1.0}
    total = math.fsum(shares.values())
    quiet = LevelNumbers("quiet", 0.0, _EVER, math.inf, math.inf, 0.0, _AT_ONCE, 0.0, _AT_ONCE)
    rising, share_up_to = [quiet], 0.0
    for name, level in scenario.levels.items():
        share_up_to += shares.get(name, 0.0) / total
        rising.append(_level_numbers(name, level, share_up_to))
    # Every draw is at most 1, so the highest level that occurs takes what rounding left over.
    highest = max(index for index, level in enumerate(rising) if shares.get(level.name))
    return tuple(
        level._replace(share_up_to=1.0) if index >= highest else level
        for index, level in enumerate(rising)
    )


def _level_numbers(name: str, level: Level, share_up_to: float) -> LevelNumbers:
    def seen(what: Seen) -> tuple[float, Timing]:
        return float(what.probability), _timing(what.delay)

    return LevelNumbers(
        name,
        share_up_to,
        _timing(level.spell),
        _mean_hours(HOURS_PER_DAY, level.expand_per_day),
        _mean_hours(HOURS_PER_DAY, level.collapse_per_day),
        *seen(level.detection),
        *seen(level.attribution),
    )


def _level(name: str | None, names: list[str], otherwise: int) -> int:
    return otherwise if name is None else names.index(name) + 1


def _mean_hours(hours: float, rate: float) -> float:
    return hours / rate if rate > 0 else math.inf


def _timing(piece: Piece) -> Timing:
    """Return a family's numbers; a scale or median comes ahead of a shape."""
    first_keys = ("hours", "mean_hours", "scale_hours", "median_hours", "low_hours")
    values = piece.model_dump()
    family = FAMILIES.index(values.pop("family"))
    numbers = sorted(values, key=lambda key: key not in first_keys)
    first, second, third, *_ = (*(float(values[key]) for key in numbers), 0.0, 0.0)
    return Timing(family, on_tick(first) if family == CONSTANT else first, second, third)


_AT_ONCE: Final = Timing(CONSTANT, 0.0, 0.0, 0.0)
_EVER: Final = Timing(CONSTANT, math.inf, 0.0, 0.0)


def _steps(scenario: Scenario, sectors: list[str]) -> tuple[StepNumbers, ...]:
    keys = Keys()
    steps = scenario.steps.items()
    return tuple(_step(name, step, scenario, sectors, keys) for name, step in steps)


def _step(
    name: str, step: Step, scenario: Scenario, sectors: Iterable[str], keys: Keys
) -> StepNumbers:
    def keys_of(*names: str) -> tuple[int, ...]:
        return tuple(keys.of(sector, name, *names) for sector in sectors)

    deadline = step.deadline_hours
    deciders = [scenario.groups.get(one) or scenario.actors[one] for one in step.deciders]
    return StepNumbers(
        name=name,
        need_level=_level(step.needs.level, list(scenario.levels), otherwise=0),
        within_hours=on_tick(step.needs.within_hours),
        need_sectors=step.needs.sectors,
        sustained_hours=on_tick(step.needs.sustained_hours),
        decide_from_hours=on_tick(step.decide_from_hours),
        not_before_hours=on_tick(step.not_before_hours),
        deadline_hours=math.inf if deadline is None else on_tick(deadline),
        deploy=_timing(step.deploy),
        **{name: float(value) for name, value in step.effect.model_dump().items()},
        provoke_probability=float(step.provoke_probability),
        deciders=tuple(map(_decider, step.deciders, deciders)),
        voters=tuple(
            VoterNumbers(voter, index, *numbers, keys_of(step.deciders[index], voter))
            for index, decider in enumerate(deciders)
            for voter, numbers in _voters(step.deciders[index], decider)
        ),
        keys=keys_of(),
    )


def _decider(name: str, decider: Actor | Group) -> DeciderNumbers:
    if isinstance(decider, Actor):
        return DeciderNumbers(name, BY_MEMBERS, 1.0, 1, is_group=False)
    members = len(decider.members)
    by_weight = decider.quorum_weight is not None
    quorum = decider.quorum_weight if by_weight else decider.quorum or members
    counted_by = BY_WEIGHT if by_weight else BY_MEMBERS
    return DeciderNumbers(name, counted_by, float(quorum or 0), members, is_group=True)


_Vote = tuple[str, tuple[float, float, float, Timing, Timing]]


def _voters(name: str, decider: Actor | Group) -> list[_Vote]:
    if isinstance(decider, Actor):
        timing = _timing(decider.decision)
        return [(name, (0.0, 0.0, float(decider.yes_probability), timing, _AT_ONCE))]
    total = math.fsum(member.weight for member in decider.members.values())
    return [(name, _member(member, total)) for name, member in decider.members.items()]


def _member(member: Member, total: float) -> tuple[float, float, float, Timing, Timing]:
    decision = _log_normal(member.decision_median_hours, member.decision_log_sd)
    parliament = _log_normal(member.parliament_median_hours, member.parliament_log_sd)
    weight = float(member.weight)
    return weight, weight / total, float(member.yes_probability), decision, parliament


def _log_normal(median_hours: float | None, log_sd: float | None) -> Timing:
    if median_hours is None:
        return _AT_ONCE
    if log_sd is None:
        return Timing(CONSTANT, on_tick(median_hours), 0.0, 0.0)
    return Timing(LOGNORMAL, float(median_hours), float(log_sd), 0.0)
