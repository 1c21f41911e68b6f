"""What disturbs the monitors: sensors that are out, and alarms with no fighting behind them."""

from typing import Final

from sim.engines.compiled_engine.ladder import alarm_is_debunked, ladder_hears_of
from sim.engines.compiled_engine.luck import drawn_chance, drawn_delay_hours
from sim.engines.compiled_engine.record import note
from sim.engines.compiled_engine.waiting import wait_until
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.chance import (
    DEBUNKING_DELAY,
    FALSE_ALARM_LEVEL,
    FALSE_ALARM_SECTOR,
    FALSE_ALARM_WAIT,
    OUTAGE_AT_START,
    OUTAGE_WAIT,
    level_of_violation,
    ordinal_of_violation,
)
from sim.model.clocks import delay_hours
from sim.model.compiled import compiled_within
from sim.model.hours import (
    DEBUNKED,
    FALSE_ALARM_COMES,
    NEVER,
    SENSORS_TURN,
    ordinal_of_rank,
    place_of_rank,
    rank,
)
from sim.model.violations import happens, is_at_most_this_level, is_in_share
from sim.model.words import EXPONENTIAL, FALSE_ALARM

_OUTAGE_BEGINS: Final = event("outage_begins")
_OUTAGE_ENDS: Final = event("outage_ends")
_FALSE_ALARM: Final = event("false_alarm")
_DEBUNKED: Final = event("debunked")


@compiled_within
def begin_disturbances(world: World) -> None:
    """Draw whether the sensors are out at hour 0, and when that changes."""
    now, share = world.now[0], world.plan[0].monitoring.outage_share
    now.sensor_turns = 0
    now.sensors_are_out = False
    if share > 0.0:
        now.sensors_are_out = happens(drawn_chance(world, OUTAGE_AT_START, 0, 0), share)
        if now.sensors_are_out:
            note(world, _OUTAGE_BEGINS, 0, 0.0, 0.0)
        _await_turn(world)


@compiled_within
def _await_turn(world: World) -> None:
    now, numbers = world.now[0], world.plan[0].monitoring
    mean = numbers.outage_mean_hours if now.sensors_are_out else numbers.working_mean_hours
    drawn = drawn_chance(world, OUTAGE_WAIT, 0, now.sensor_turns)
    delay = delay_hours(EXPONENTIAL, mean, 0.0, 0.0, drawn)
    wait_until(world, now.hours + delay, rank(SENSORS_TURN, 0, 0), 0.0)


@compiled_within
def sensors_turn(world: World) -> None:
    """Let the sensors go out, or work again."""
    now = world.now[0]
    now.sensor_turns += 1
    now.sensors_are_out = not now.sensors_are_out
    note(world, _OUTAGE_BEGINS if now.sensors_are_out else _OUTAGE_ENDS, 0, 0.0, 0.0)
    _await_turn(world)


@compiled_within
def await_false_alarm(world: World) -> None:
    """Let the next false alarm be on its way."""
    now, mean = world.now[0], world.plan[0].monitoring.false_alarm_mean_hours
    if mean < NEVER:
        drawn = drawn_chance(world, FALSE_ALARM_WAIT, 0, now.false_alarms)
        delay = delay_hours(EXPONENTIAL, mean, 0.0, 0.0, drawn)
        wait_until(world, now.hours + delay, rank(FALSE_ALARM_COMES, 0, 0), 0.0)


@compiled_within
def false_alarm_comes(world: World) -> None:
    """Let an alarm be attributed at once, and be debunked after a while."""
    now = world.now[0]
    count = now.false_alarms
    sector, level = _sector_of_alarm(world, count), _level_of_alarm(world, count)
    note(world, _FALSE_ALARM, sector, float(level), float(count + 1))
    now.false_alarms = count + 1
    ordinal = ordinal_of_violation(FALSE_ALARM, level, count)
    ladder_hears_of(world, sector, ordinal, now.hours)
    timing = world.plan[0].monitoring.debunked_after
    delay = drawn_delay_hours(world, timing, DEBUNKING_DELAY, 0, count)
    wait_until(world, now.hours + delay, rank(DEBUNKED, sector, ordinal), now.hours)


@compiled_within
def false_alarm_is_debunked(world: World, order: int, onset_hours: float) -> None:
    """Let it be known that there was nothing behind an alarm."""
    sector, ordinal = place_of_rank(order), ordinal_of_rank(order)
    note(world, _DEBUNKED, sector, float(level_of_violation(ordinal)), onset_hours)
    alarm_is_debunked(world, world.sectors[sector].ladder, ordinal)


@compiled_within
def _sector_of_alarm(world: World, count: int) -> int:
    """Return the sector of an alarm, drawn by the sectors' shares."""
    drawn, shares_up_to, found = drawn_chance(world, FALSE_ALARM_SECTOR, 0, count), 0.0, 0
    for sector in range(world.plan[0].sectors):
        share = world.sectors[sector].share
        if share > 0.0:
            found = sector
            shares_up_to += share
            if is_in_share(drawn, shares_up_to):
                break
    return found


@compiled_within
def _level_of_alarm(world: World, count: int) -> int:
    """Return what an alarm is taken for, drawn like an incident's level."""
    drawn, level = drawn_chance(world, FALSE_ALARM_LEVEL, 0, count), 1
    while not is_at_most_this_level(drawn, world.levels[level].share_up_to):
        level += 1
    return level
