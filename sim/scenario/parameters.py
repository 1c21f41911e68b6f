"""From a scenario to the numbers that the engines get.

Whatever the file allows to be written in several ways is one number here, and this is the only
place where that is done: an int becomes a float, a duration whole ticks, a name an index, what is
left out infinity or zero. Every value is a plain Python number, so that a rule compiled for
`float64` and `int64` gets just those.
"""

import math
from typing import Final

from sim.model.hours import on_tick
from sim.model.rates import LARGEST_FACTOR
from sim.model.words import CLOCKS, PROCESSES
from sim.scenario.conversions import (
    AT_ONCE,
    HOURS_PER_DAY,
    HOURS_PER_YEAR,
    NEVER_OVER,
    Keys,
    hours_or_never,
    level_index,
    mean_hours,
    timing,
)
from sim.scenario.deciding import commitments, conditions, steps
from sim.scenario.numbers import (
    CredibilityNumbers,
    DoctrineNumbers,
    LevelNumbers,
    MonitoringNumbers,
    Parameters,
    PrecursorNumbers,
    RecordedNumbers,
    ScopeNumbers,
    SectorNumbers,
    Timing,
    TrendNumbers,
)
from sim.scenario.scenario import Scenario
from sim.scenario.world import Level, Precursor, Recommitment, Recorded, Seen, Violations

NO_THRESHOLD: Final = 2**40


def parameters(scenario: Scenario) -> Parameters:
    """Return the numbers of a scenario."""
    crisis, violations = scenario.crisis, scenario.violations
    excitation = violations.excitation
    names = list(scenario.levels)
    either = crisis.threshold_incidents is not None or crisis.threshold_level is not None
    return Parameters(
        horizon_hours=on_tick(float(scenario.run.horizon_days) * HOURS_PER_DAY),
        most_violations=scenario.run.most_violations,
        process=PROCESSES.index(violations.process),
        branching_ratio=float(excitation.branching_ratio) if excitation else 0.0,
        decay_hours=float(excitation.decay_hours) if excitation else 1.0,
        defender_share=float(violations.defender_share),
        trend=_trend(violations),
        attack_mean_hours=mean_hours(HOURS_PER_YEAR, scenario.attack.per_year),
        attack_sectors=scenario.attack.sectors,
        precursor=_precursor(scenario.attack.precursor),
        doctrine=_doctrine(scenario, names),
        monitoring=_monitoring(scenario),
        conditions=conditions(scenario),
        commitments=commitments(scenario),
        credibility=_credibility(scenario),
        sectors=_sectors(scenario),
        levels=_levels(scenario),
        scopes=_scopes(scenario),
        threshold_incidents=crisis.threshold_incidents or (NO_THRESHOLD if either else 1),
        threshold_level=level_index(crisis.threshold_level, names, otherwise=len(names) + 1),
        window_hours=on_tick(crisis.window_hours),
        quiet_hours=on_tick(crisis.quiet_hours),
        quiet_level=level_index(crisis.quiet_level, names, otherwise=1),
        clock=CLOCKS.index(crisis.clock),
        steps=steps(scenario, list(scenario.line.sectors)),
    )


def _trend(violations: Violations) -> TrendNumbers:
    erosion, days = violations.erosion, violations.day_to_day
    return TrendNumbers(
        doubling_hours=erosion.doubling_days * HOURS_PER_DAY if erosion else math.inf,
        cap=float(erosion.cap) if erosion and erosion.cap is not None else math.inf,
        persistence=float(days.phi) if days else 0.0,
        innovation_sd=float(days.sd) if days else 0.0,
        night_to_day=float(violations.night_to_day),
        recommitments=_recommitments(violations.recommitments),
    )


def _recommitments(said: tuple[Recommitment, ...]) -> tuple[tuple[float, float], ...]:
    """Return the hours of recommitments in rising order; those of one hour are one."""
    factors: dict[float, float] = {}
    for one in said:
        hours = on_tick(float(one.day) * HOURS_PER_DAY)
        factors[hours] = min(LARGEST_FACTOR, factors.get(hours, 1.0) * float(one.factor))
    return tuple(sorted((hours, by) for hours, by in factors.items() if hours < math.inf))


def _precursor(said: Precursor | None) -> PrecursorNumbers:
    if said is None:
        return PrecursorNumbers(0.0, 1.0, -1.0)
    heavy_share = -1.0 if said.heavy_share is None else float(said.heavy_share)
    return PrecursorNumbers(
        on_tick(float(said.days) * HOURS_PER_DAY), float(said.rate), heavy_share
    )


def _doctrine(scenario: Scenario, levels: list[str]) -> DoctrineNumbers:
    said = scenario.doctrine
    if said is None:
        return DoctrineNumbers(0.0, 1, math.inf, math.inf, 0.0)
    never_again = said.resume_after_hours is None
    return DoctrineNumbers(
        share=float(said.share),
        level=level_index(said.level, levels, otherwise=1),
        break_off_hours=on_tick(said.break_off_hours),
        resume_after_hours=hours_or_never(said.resume_after_hours),
        resume_probability=0.0 if never_again else float(said.resume_probability),
    )


def _monitoring(scenario: Scenario) -> MonitoringNumbers:
    said = scenario.monitoring
    outages = said.outages if said.outages and said.outages.share > 0 else None
    return MonitoringNumbers(
        false_alarm_mean_hours=mean_hours(HOURS_PER_DAY, said.false_alarms_per_day),
        debunked_after=timing(said.debunked_after) if said.debunked_after else NEVER_OVER,
        misattribution=float(said.misattribution),
        outage_share=float(outages.share) if outages else 0.0,
        outage_mean_hours=float(outages.mean_hours) if outages else math.inf,
        working_mean_hours=(
            outages.mean_hours * ((1 - outages.share) / outages.share) if outages else math.inf
        ),
        outage_detection=float(outages.detection) if outages else 1.0,
    )


def _credibility(scenario: Scenario) -> CredibilityNumbers:
    said = scenario.credibility
    if said is None:
        return CredibilityNumbers(False, 1.0, 1.0, math.inf, 0.0, 0.0, 0.0)  # noqa: FBT003
    return CredibilityNumbers(
        is_counted=True,
        kept=float(said.kept),
        broken=float(said.broken),
        half_life_hours=said.forget_days * HOURS_PER_DAY if said.forget_days else math.inf,
        incidents=float(said.incidents),
        attack=float(said.attack),
        expand=float(said.expand),
    )


def _sectors(scenario: Scenario) -> tuple[SectorNumbers, ...]:
    keys = Keys()
    recorded = _recorded(scenario)
    per_day = 0.0 if _is_replay(scenario) else scenario.violations.incidents_per_day
    total = math.fsum(scenario.line.sectors.values())
    return tuple(
        SectorNumbers(
            name,
            share / total,
            mean_hours(HOURS_PER_DAY, per_day * share / total),
            keys.of(name),
            recorded[name],
        )
        for name, share in scenario.line.sectors.items()
    )


def _is_replay(scenario: Scenario) -> bool:
    return scenario.violations.process == "replay"


def _recorded(scenario: Scenario) -> dict[str, tuple[RecordedNumbers, ...]]:
    """Return the incidents of a replay by sector, each sector's by hour."""
    found: dict[str, list[RecordedNumbers]] = {name: [] for name in scenario.line.sectors}
    first = next(iter(found))
    levels = {name: index for index, name in enumerate(scenario.levels, start=1)}
    sides = {"aggressor": 0, "defender": 1}
    violations = scenario.violations
    for hours, sector, level, by in _rows(violations.recorded) if _is_replay(scenario) else ():
        one = RecordedNumbers(on_tick(hours), levels.get(level, 0), sides.get(by, -1))
        found[sector or first].append(one)
    return {
        name: tuple(sorted(incidents, key=lambda one: one.hours))
        for name, incidents in found.items()
    }


def _rows(said: Recorded | None) -> list[tuple[float, str, str, str]]:
    if said is None:
        return []
    nothing = ("",) * len(said.hours)
    columns = (said.sectors or nothing, said.levels or nothing, said.by or nothing)
    return list(zip(said.hours, *columns, strict=True))


def _scopes(scenario: Scenario) -> tuple[ScopeNumbers, ...]:
    names = list(scenario.line.sectors)
    if scenario.crisis.scope == "sector":
        return tuple(ScopeNumbers(name, (index,)) for index, name in enumerate(names))
    return (ScopeNumbers("line", tuple(range(len(names)))),)


def _levels(scenario: Scenario) -> tuple[LevelNumbers, ...]:
    shares = scenario.violations.level_shares or {next(iter(scenario.levels)): 1.0}
    total = math.fsum(shares.values())
    quiet = LevelNumbers("quiet", 0.0, NEVER_OVER, math.inf, math.inf, 0.0, AT_ONCE, 0.0, AT_ONCE)
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
        return float(what.probability), timing(what.delay)

    return LevelNumbers(
        name,
        share_up_to,
        timing(level.spell),
        mean_hours(HOURS_PER_DAY, level.expand_per_day),
        mean_hours(HOURS_PER_DAY, level.collapse_per_day),
        *seen(level.detection),
        *seen(level.attribution),
    )
