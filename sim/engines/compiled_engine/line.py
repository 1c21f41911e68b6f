"""The line of contact: a run begins, event follows event, the aggressor attacks, the run ends."""

from typing import Final

from sim.engines.compiled_engine.arrivals import await_incident
from sim.engines.compiled_engine.attacks import attack_is_decided, await_attack, build_up_is_over
from sim.engines.compiled_engine.between_crises import is_between_crises, play_between_crises
from sim.engines.compiled_engine.branching import begin_tree, goes_on_in_a_branch
from sim.engines.compiled_engine.circumstances import (
    begin_circumstances,
    commitment_is_reviewed,
    guarantee_expires,
)
from sim.engines.compiled_engine.clocks import (
    clock_of,
    next_clock,
    set_clock,
    silence_all_clocks,
)
from sim.engines.compiled_engine.credibility import begin_credibility
from sim.engines.compiled_engine.deciding import answer_arrives
from sim.engines.compiled_engine.disturbances import (
    await_false_alarm,
    begin_disturbances,
    false_alarm_comes,
    false_alarm_is_debunked,
    sensors_turn,
)
from sim.engines.compiled_engine.hearing import violation_is_detected
from sim.engines.compiled_engine.ladder import (
    crisis_closes,
    look_at_the_steps,
    promises_fall_due,
    violation_is_attributed,
)
from sim.engines.compiled_engine.record import (
    crisis_is_recorded,
    fighting_is_recorded,
    note,
    run_is_recorded,
)
from sim.engines.compiled_engine.sector import (
    ceasefire_collapses,
    expand,
    fighting_breaks_off,
    fighting_resumes,
    fighting_stops,
    incident_occurs,
    is_cut_off,
)
from sim.engines.compiled_engine.trend import (
    begin_piece,
    begin_trend,
)
from sim.engines.compiled_engine.waiting import comes_first, take_first
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.compiled import compiled_within
from sim.model.hours import (
    ANSWERS,
    ATTACKS,
    ATTRIBUTED,
    BREAKS_OFF,
    COLLAPSES,
    COMMITMENT_IS_REVIEWED,
    DEADLINE,
    DEBUNKED,
    DETECTED,
    EXPANDS,
    FALSE_ALARM_COMES,
    GUARANTEE_EXPIRES,
    HORIZON,
    INCIDENT_OCCURS,
    NEVER,
    QUIET,
    RESUMES,
    REVIEW,
    SENSORS_TURN,
    STOPS,
    TREND_TURNS,
    kind_of_rank,
    place_of_rank,
)
from sim.model.words import BY_EXPANSION, HELD

_RUN_ENDS: Final = event("run_ends")


@compiled_within
def play_run(world: World, seed: int, run: int, row: int) -> None:
    """Play one run to its end, and write its rows; what it may lack is in `now.lacks`.

    Of a run that is split, all branches are played to their ends; the rows are those of the last.
    """
    now, plan = world.now[0], world.plan[0]
    _begin(world, seed, run)
    begin_tree(world, row)
    plays = True
    while plays:
        while now.goes_on and not world.stop[0]:
            if is_between_crises(world):
                play_between_crises(world)
            if now.goes_on:
                _next_event(world)
        plays = goes_on_in_a_branch(world, row)
    for ladder in range(plan.ladders):
        if world.ladders[ladder].is_open:
            crisis_is_recorded(world, ladder, NEVER)
    for sector in range(plan.sectors):
        fighting_is_recorded(world, sector, 0)
    note(world, _RUN_ENDS, 0, float(now.outcome), 0.0)
    run_is_recorded(world, row)


@compiled_within
def _begin(world: World, seed: int, run: int) -> None:
    """Set everything up; nothing has happened yet."""
    plan = world.plan[0]
    _reset_now(world, seed, run)
    silence_all_clocks(world)
    for level in range(plan.last_level + 1):
        world.level_hours[level] = 0.0
    for ladder in range(plan.ladders):
        scope = world.ladders[ladder]
        scope.heard = 0
        scope.is_open = False
        scope.fought_until_hours = -NEVER
        scope.last_close_hours = -NEVER
    _reset_steps(world)
    for sector in range(plan.sectors):
        one = world.sectors[sector]
        one.level = 0
        one.level_since_hours = 0.0
        one.incidents = 0
        one.drawn = -1
        world.ahead[sector].known = 0
        world.ahead[sector].attributed = 0
        one.resumptions = 0
        one.trend = 1.0
        one.excitation = 0.0
    begin_credibility(world)
    begin_circumstances(world)
    begin_disturbances(world)
    begin_trend(world)
    for sector in range(plan.sectors):
        await_incident(world, sector)
    await_false_alarm(world)
    await_attack(world)
    set_clock(world, clock_of(world, HORIZON, 0), plan.horizon_hours)


@compiled_within
def _reset_now(world: World, seed: int, run: int) -> None:
    now = world.now[0]
    now.seed = seed
    now.first_seed = seed
    now.splits = 0
    now.forks = 0
    now.pauses = False
    now.lowest_level = 0
    now.run = run
    now.hours = 0.0
    now.goes_on = True
    now.outcome = HELD
    now.lacks = 0
    now.noted = 0
    now.incidents = 0
    now.attacks = 0
    now.false_alarms = 0
    now.resumptions = 0
    now.crises = 0
    now.open_crises = 0
    now.worthwhile_from_hours = 0.0
    now.highest_level = 0
    now.first_incident_hours = NEVER
    now.first_crisis_hours = NEVER
    now.fighting_sectors = 0
    now.fighting_since_hours = 0.0
    now.fighting_hours = 0.0
    now.promises_kept = 0
    now.promises_broken = 0
    now.waiting = 0
    now.heard_used = 0
    now.heard_free = -1
    now.this_runs_crisis_rows = now.crisis_rows


@compiled_within
def _reset_steps(world: World) -> None:
    plan = world.plan[0]
    for index in range(plan.steps * plan.sectors):
        world.fought[index].fights = False
        world.fought[index].since_hours = -NEVER
        world.fought[index].until_hours = -NEVER
    for step in range(plan.steps):
        counts = world.step_counts[step]
        counts.not_called = 0
        counts.refused = 0
        counts.stood_down = 0
        counts.on_time = 0
        counts.late = 0
        counts.open = 0
        counts.wrongful = 0
        counts.first_hours = NEVER
        counts.delays = 0
        counts.delay_hours = 0.0


@compiled_within
def _next_event(world: World) -> None:
    """Let the next event happen: a clock rings, or one that waits has come to its hour."""
    now = world.now[0]
    index, hours = next_clock(world)
    clock = world.clocks[index]
    if now.waiting > 0 and comes_first(world.waiting[0], hours, clock.rank):
        hours, order, mark = take_first(world)
        now.hours = hours
        _waited_for(world, order, mark)
    else:
        now.hours = hours
        _clock_rings(world, clock.kind, clock.place)


@compiled_within
def _waited_for(world: World, order: int, mark: float) -> None:
    kind = kind_of_rank(order)
    if kind == DETECTED:
        violation_is_detected(world, order, mark)
    elif kind == ATTRIBUTED:
        violation_is_attributed(world, order, mark)
    elif kind == ANSWERS:
        answer_arrives(world, order, mark)
    elif kind == RESUMES:
        fighting_resumes(world, order)
    elif kind == SENSORS_TURN:
        sensors_turn(world)
    elif kind == FALSE_ALARM_COMES:
        _false_alarm(world)
    elif kind == DEBUNKED:
        false_alarm_is_debunked(world, order, mark)
    elif kind == COMMITMENT_IS_REVIEWED:
        commitment_is_reviewed(world, place_of_rank(order))
    elif kind == GUARANTEE_EXPIRES:
        guarantee_expires(world)
    else:
        build_up_is_over(world)


@compiled_within
def _false_alarm(world: World) -> None:
    false_alarm_comes(world)
    if not is_cut_off(world):
        await_false_alarm(world)


@compiled_within
def _clock_rings(world: World, kind: int, place: int) -> None:
    if kind == INCIDENT_OCCURS:
        incident_occurs(world, place)
    elif kind == STOPS:
        fighting_stops(world, place)
    elif kind == REVIEW:
        look_at_the_steps(world, place)
    elif kind == QUIET:
        crisis_closes(world, place)
    elif kind == DEADLINE:
        promises_fall_due(world, place)
    else:
        _rare_clock_rings(world, kind, place)


@compiled_within
def _rare_clock_rings(world: World, kind: int, place: int) -> None:
    if kind == EXPANDS:
        expand(world, place, BY_EXPANSION)
    elif kind == BREAKS_OFF:
        fighting_breaks_off(world, place)
    elif kind == TREND_TURNS:
        begin_piece(world)
    elif kind == ATTACKS:
        attack_is_decided(world)
    elif kind == COLLAPSES:
        ceasefire_collapses(world, place)
    else:
        world.now[0].goes_on = False
