"""The plan as numbers: the steps, and who decides about them."""

import math
from collections.abc import Iterable

from sim.model.hours import on_tick
from sim.model.words import BY_MEMBERS, BY_WEIGHT, CONSTANT, LOGNORMAL
from sim.scenario.conversions import (
    AT_ONCE,
    HOURS_PER_YEAR,
    Keys,
    hours_or_never,
    level_index,
    timing,
)
from sim.scenario.numbers import (
    BackerNumbers,
    CommitmentNumbers,
    ConditionNumbers,
    DeciderNumbers,
    StepNumbers,
    Timing,
    VoterNumbers,
)
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Actor, Group, Member, Step


def conditions(scenario: Scenario) -> tuple[ConditionNumbers, ...]:
    """Return the numbers of what holds throughout a run or does not."""
    keys = Keys()
    return tuple(
        ConditionNumbers(name, float(condition.probability), keys.of(name))
        for name, condition in scenario.conditions.items()
    )


def commitments(scenario: Scenario) -> tuple[CommitmentNumbers, ...]:
    """Return the numbers of the actors who may not be there."""
    keys = Keys()
    return tuple(
        CommitmentNumbers(
            name,
            float(commitment.available),
            hours_or_never(commitment.review_years, HOURS_PER_YEAR),
            float(commitment.withdraw),
            float(commitment.rejoin),
            keys.of(name),
        )
        for name, actor in scenario.actors.items()
        if (commitment := actor.commitment) is not None
    )


def steps(scenario: Scenario, sectors: list[str]) -> tuple[StepNumbers, ...]:
    """Return the numbers of the plan's steps.

    The keys of backers come last: a step's other keys do not depend on whether there are any.
    """
    keys, common = Keys(), Keys()
    made = [
        _step(name, step, scenario, sectors, keys)._replace(
            deciders=_deciders(name, step, scenario, sectors, common)
        )
        for name, step in scenario.steps.items()
    ]
    return tuple(
        one._replace(backers=_backers(one, step, scenario, sectors, keys))
        for one, step in zip(made, scenario.steps.values(), strict=True)
    )


def _step(
    name: str, step: Step, scenario: Scenario, sectors: Iterable[str], keys: Keys
) -> StepNumbers:
    """Return a step's numbers without those of its deciders and of their backers."""

    def keys_of(*names: str) -> tuple[int, ...]:
        return tuple(keys.of(sector, name, *names) for sector in sectors)

    backers = _names_of_backers(step, scenario)
    return StepNumbers(
        name=name,
        need_level=level_index(step.needs.level, list(scenario.levels), otherwise=0),
        within_hours=on_tick(step.needs.within_hours),
        need_sectors=step.needs.sectors,
        sustained_hours=on_tick(step.needs.sustained_hours),
        decide_from_hours=on_tick(step.decide_from_hours),
        not_before_hours=on_tick(step.not_before_hours),
        deadline_hours=hours_or_never(step.deadline_hours),
        deploy=timing(step.deploy),
        **{name: float(value) for name, value in step.effect.model_dump().items()},
        provoke_probability=float(step.provoke_probability),
        lasts_hours=hours_or_never(step.lasts_hours),
        expires_hours=_expires_hours(name, scenario),
        requires=tuple(list(scenario.conditions).index(one) for one in step.requires),
        backers=(),
        deciders=(),
        voters=tuple(
            voter._replace(decider=index, keys=keys_of(decider, voter.name))
            for index, decider in enumerate(step.deciders)
            for voter in _voters(decider, scenario, backers)
        ),
        keys=keys_of(),
    )


def _expires_hours(step: str, scenario: Scenario) -> float:
    guarantee = scenario.guarantee
    if guarantee is None or step not in (guarantee.steps or scenario.steps):
        return math.inf
    return on_tick(float(guarantee.expires_years) * HOURS_PER_YEAR)


def _deciders(
    step_name: str, step: Step, scenario: Scenario, sectors: list[str], keys: Keys
) -> tuple[DeciderNumbers, ...]:
    return tuple(
        _decider(name, scenario.groups.get(name))._replace(
            keys=tuple(keys.of(sector, step_name, name) for sector in sectors)
        )
        for name in step.deciders
    )


def _decider(name: str, group: Group | None) -> DeciderNumbers:
    """Return the numbers of a group, or of an actor, which is a vote of one."""
    if group is None:
        return DeciderNumbers(name, BY_MEMBERS, 1.0, 1, False, 0, 0.0, ())  # noqa: FBT003
    by_weight = group.quorum_weight is not None
    return DeciderNumbers(
        name,
        counted_by=BY_WEIGHT if by_weight else BY_MEMBERS,
        quorum=_quorum(group),
        members=len(group.members),
        is_group=True,
        vetoers=sum(member.vetoes for member in group.members.values()),
        correlation=float(group.correlation),
        keys=(),
    )


def _quorum(group: Group) -> float:
    """Return what must say yes, in heads or shares of the weight; 0 where a veto is all."""
    if group.quorum_weight is not None:
        return float(group.quorum_weight)
    everybody_or_nobody = 0 if group.rule == "veto" else len(group.members)
    return float(group.quorum or everybody_or_nobody)


def _voters(decider: str, scenario: Scenario, backers: list[str]) -> list[VoterNumbers]:
    """Return the numbers of those who answer for a decider; their keys, and its index, to come."""
    group = scenario.groups.get(decider)
    if group is None:
        actor = scenario.actors[decider]
        return [
            _voter(
                decider,
                yes_probability=float(actor.yes_probability),
                decision=timing(actor.decision),
                commitment=_commitment(decider, scenario),
            )
        ]
    total = math.fsum(member.weight for member in group.members.values())
    backer = -1 if group.backer not in backers else backers.index(group.backer)
    return [_member(name, member, total, backer) for name, member in group.members.items()]


def _member(name: str, member: Member, total: float, backer: int) -> VoterNumbers:
    weight = float(member.weight)
    return _voter(
        name,
        weight=weight,
        share=weight / total,
        yes_probability=float(member.yes_probability),
        decision=_log_normal(member.decision_median_hours, member.decision_log_sd),
        parliament=_log_normal(member.parliament_median_hours, member.parliament_log_sd),
        vetoes=member.vetoes,
        backer=backer if member.needs_backer else -1,
    )


def _voter(
    name: str,
    *,
    yes_probability: float,
    decision: Timing,
    parliament: Timing = AT_ONCE,
    weight: float = 0.0,
    share: float = 0.0,
    vetoes: bool = False,
    backer: int = -1,
    commitment: int = -1,
) -> VoterNumbers:
    """Return the numbers of one who answers, with nothing where nothing is said."""
    return VoterNumbers(
        name=name,
        decider=-1,
        weight=weight,
        share=share,
        yes_probability=yes_probability,
        decision=decision,
        parliament=parliament,
        vetoes=vetoes,
        backer=backer,
        commitment=commitment,
        keys=(),
    )


def _log_normal(median_hours: float | None, log_sd: float | None) -> Timing:
    if median_hours is None:
        return AT_ONCE
    if log_sd is None:
        return Timing(CONSTANT, on_tick(median_hours), 0.0, 0.0)
    return Timing(LOGNORMAL, float(median_hours), float(log_sd), 0.0)


def _commitment(actor: str, scenario: Scenario) -> int:
    """Return the index of an actor's commitment; -1 where it is always there."""
    committed = [name for name, one in scenario.actors.items() if one.commitment is not None]
    return committed.index(actor) if actor in committed else -1


def _names_of_backers(step: Step, scenario: Scenario) -> list[str]:
    """Return the actors without whom some members of a step's deciders do not say yes."""
    groups: list[Group] = [
        scenario.groups[name] for name in step.deciders if name in scenario.groups
    ]
    named = [
        group.backer
        for group in groups
        if group.backer is not None and any(one.needs_backer for one in group.members.values())
    ]
    return list(dict.fromkeys(named))


def _backers(
    numbers: StepNumbers, step: Step, scenario: Scenario, sectors: list[str], keys: Keys
) -> tuple[BackerNumbers, ...]:
    """Return the numbers of a step's backers; one that decides too has the keys of its vote."""
    deciders = {
        numbers.deciders[voter.decider].name: voter.keys
        for voter in numbers.voters
        if not numbers.deciders[voter.decider].is_group
    }

    def backer(name: str, actor: Actor) -> BackerNumbers:
        asked = deciders.get(name) or tuple(
            keys.of(sector, numbers.name, name, name) for sector in sectors
        )
        commitment = _commitment(name, scenario)
        probability = float(actor.yes_probability)
        return BackerNumbers(name, probability, timing(actor.decision), commitment, asked)

    return tuple(backer(name, scenario.actors[name]) for name in _names_of_backers(step, scenario))
