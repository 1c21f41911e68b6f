"""Who decides on a step: every voter takes its time, and the rules say how the vote stands."""

from typing import Final

from sim.engines.compiled_engine.answers import draw_answers
from sim.engines.compiled_engine.circumstances import is_there, will_be_there
from sim.engines.compiled_engine.clocks import clock_of, set_clock_no_later_than
from sim.engines.compiled_engine.luck import drawn_chance, drawn_delay_hours
from sim.engines.compiled_engine.record import note
from sim.engines.compiled_engine.waiting import wait_until
from sim.engines.compiled_engine.world import World
from sim.engines.story import event
from sim.model.chance import (
    ANSWER,
    ANSWER_DELAY,
    COMMON_FACTOR,
    DEPLOYMENT_DELAY,
    chance,
)
from sim.model.compiled import compiled_within
from sim.model.hours import (
    ANSWERS,
    REVIEW,
    ordinal_of_answer,
    ordinal_of_rank,
    place_of_rank,
    rank,
    step_of_answer,
    voter_of_answer,
)
from sim.model.steps import is_under_way, ready_at_hours
from sim.model.violations import happens
from sim.model.votes import says_yes, share_of_weight, vote_stands, vote_with_vetoes
from sim.model.words import BY_MEMBERS, DECIDING, DEPLOYING, NO, REFUSED, UNDECIDED, YES

_MEMBER_YES: Final = event("member_yes")
_MEMBER_NO: Final = event("member_no")
_DECIDER_YES: Final = event("decider_yes")
_DECIDER_NO: Final = event("decider_no")
_DECIDED: Final = event("step_decided")
_REFUSED: Final = event("step_refused")


@compiled_within
def note_of_step(
    world: World, event_number: int, ladder: int, step: int, first: float, second: float
) -> None:
    """Write down what happens to a step in a ladder."""
    note(world, event_number, ladder * world.plan[0].steps + step, first, second)


@compiled_within
def clock_shows(world: World, ladder: int) -> float:
    """Return what the clock of a ladder's crisis shows now, in hours."""
    return world.now[0].hours - world.ladders[ladder].clock_hours


@compiled_within
def step_chance(world: World, purpose: int, ladder: int, step: int) -> float:
    """Return a step's draw, which belongs to the violation that opened the crisis."""
    scope = world.ladders[ladder]
    key = world.step_keys[step * world.plan[0].sectors + scope.opening_sector]
    return drawn_chance(world, purpose, key, scope.opening_ordinal)


@compiled_within
def ask_everybody(world: World, ladder: int, step: int) -> None:
    """Ask all voters of a step; one without deciders is decided at once."""
    now_hours, plan, scope = world.now[0].hours, world.plan[0], world.ladders[ladder]
    numbers = world.steps[step]
    world.climbs[ladder * plan.steps + step].seed = world.now[0].seed
    for backer in range(numbers.first_backer, numbers.first_backer + numbers.backers):
        _ask_backer(world, ladder, backer)
    draw_answers(world, step, scope.opening_sector, scope.opening_ordinal)
    for index in range(numbers.voters):
        place = numbers.first_voter + index
        voter = world.voters[place]
        world.said_yes[ladder * plan.voters + place] = False
        hours = now_hours + world.answer_hours[place]
        if voter.backer >= 0:
            answer = world.backed[ladder * plan.backers + numbers.first_backer + voter.backer]
            hours = max(hours, answer.hours)
        order = rank(ANSWERS, ladder, ordinal_of_answer(step, index))
        wait_until(world, hours, order, float(scope.crisis))
    for place in range(numbers.first_decider, numbers.first_decider + numbers.deciders):
        vote = world.votes[ladder * plan.deciders + place]
        vote.stands = UNDECIDED
        vote.yes = 0
        vote.no = 0
        vote.yes_share = 0.0
        vote.no_share = 0.0
        vote.vetoers_yes = 0
        vote.vetoers_no = 0
    _count_deciders(world, ladder, step)


@compiled_within
def answer_arrives(world: World, order: int, crisis: float) -> None:
    """Hear a voter, if its own crisis is still open and its answer still counts."""
    ladder, ordinal = place_of_rank(order), ordinal_of_rank(order)
    step, index = step_of_answer(ordinal), voter_of_answer(ordinal)
    plan, scope = world.plan[0], world.ladders[ladder]
    if not scope.is_open or float(scope.crisis) != crisis:
        return
    if not is_under_way(world.climbs[ladder * plan.steps + step].state):
        return
    place = world.steps[step].first_voter + index
    would, is_backed = (
        _would_say_yes(world, ladder, step, place),
        _is_backed(world, ladder, step, place),
    )
    world.said_yes[ladder * plan.voters + place] = would and is_backed
    for_want = 1.0 if would and not is_backed else 0.0
    if world.deciders[world.steps[step].first_decider + world.voters[place].decider].is_group:
        name = _MEMBER_YES if would and is_backed else _MEMBER_NO
        note_of_step(world, name, ladder, step, float(index), for_want)
    _count_answer(world, ladder, step, index, would and is_backed)


@compiled_within
def _ask_backer(world: World, ladder: int, index: int) -> None:
    """Find when an actor whom others need will answer, and what, as if it decided itself."""
    scope, sectors, backer = world.ladders[ladder], world.plan[0].sectors, world.backers[index]
    answer = world.backed[ladder * world.plan[0].backers + index]
    key, ordinal = world.backer_keys[index * sectors + scope.opening_sector], scope.opening_ordinal
    delay = drawn_delay_hours(world, backer.decision, ANSWER_DELAY, key, ordinal)
    answer.hours = world.now[0].hours + delay
    says = happens(drawn_chance(world, ANSWER, key, ordinal), backer.yes_probability)
    answer.is_yes = says and will_be_there(world, backer.commitment, answer.hours)


@compiled_within
def _would_say_yes(world: World, ladder: int, step: int, place: int) -> bool:
    """Return what a voter would say if it needed nobody's backing."""
    voter, scope, sectors = world.voters[place], world.ladders[ladder], world.plan[0].sectors
    if not is_there(world, voter.commitment):
        return False
    key = world.voter_keys[place * sectors + scope.opening_sector]
    # Members have something in common, also with those who answered before a run branched off.
    seed, run = world.climbs[ladder * world.plan[0].steps + step].seed, world.now[0].run
    drawn, common = chance(seed, run, ANSWER, key, scope.opening_ordinal), 1.0
    decider = world.steps[step].first_decider + voter.decider
    correlation = world.deciders[decider].correlation
    if correlation > 0.0:
        key = world.decider_keys[decider * sectors + scope.opening_sector]
        common = chance(seed, run, COMMON_FACTOR, key, scope.opening_ordinal)
    return says_yes(drawn, common, correlation, voter.yes_probability)


@compiled_within
def _is_backed(world: World, ladder: int, step: int, place: int) -> bool:
    """Return whether the actor that a voter needs says yes."""
    if world.voters[place].backer < 0:
        return True
    index = world.steps[step].first_backer + world.voters[place].backer
    return world.backed[ladder * world.plan[0].backers + index].is_yes


@compiled_within
def _count_answer(world: World, ladder: int, step: int, index: int, answer: bool) -> None:  # noqa: FBT001 - an answer
    """Count an answer; a vote that has fallen stays as it fell."""
    plan, numbers = world.plan[0], world.steps[step]
    voter = world.voters[numbers.first_voter + index]
    decider = world.deciders[numbers.first_decider + voter.decider]
    vote = world.votes[ladder * plan.deciders + numbers.first_decider + voter.decider]
    if answer:
        vote.yes += 1
        vote.yes_share += voter.share
        vote.vetoers_yes += int(voter.vetoes)
    else:
        vote.no += 1
        vote.no_share += voter.share
        vote.vetoers_no += int(voter.vetoes)
    if vote.stands == UNDECIDED:
        vote.stands = vote_stands(
            decider.counted_by,
            decider.quorum,
            decider.members,
            vote.yes,
            vote.no,
            vote.yes_share,
            vote.no_share,
        )
        if decider.vetoers > 0:
            vote.stands = vote_with_vetoes(
                vote.stands, decider.vetoers, vote.vetoers_yes, vote.vetoers_no
            )
        if vote.stands != UNDECIDED:
            _decider_has_decided(world, ladder, step, voter.decider, vote.stands)


@compiled_within
def _decider_has_decided(world: World, ladder: int, step: int, decider: int, stands: int) -> None:
    """Note how a decider's vote fell, and see whether the step is decided."""
    world.climbs[ladder * world.plan[0].steps + step].last_decider = decider
    name = _DECIDER_YES if stands == YES else _DECIDER_NO
    note_of_step(world, name, ladder, step, float(decider), clock_shows(world, ladder))
    _count_deciders(world, ladder, step)


@compiled_within
def _count_deciders(world: World, ladder: int, step: int) -> None:
    """See whether a step is decided by now: all its deciders must say yes."""
    plan, numbers = world.plan[0], world.steps[step]
    climb = world.climbs[ladder * plan.steps + step]
    if climb.state != DECIDING:
        return
    yes = no = 0
    first = ladder * plan.deciders + numbers.first_decider
    for index in range(first, first + numbers.deciders):
        yes += world.votes[index].stands == YES
        no += world.votes[index].stands == NO
    count = numbers.deciders
    stands = vote_stands(BY_MEMBERS, float(count), count, yes, no, 0.0, 0.0)
    if stands == YES:
        _decided(world, ladder, step)
    elif stands == NO:
        climb.state = REFUSED
        note_of_step(world, _REFUSED, ladder, step, clock_shows(world, ladder), 0.0)


@compiled_within
def _decided(world: World, ladder: int, step: int) -> None:
    """Let what was pledged be on its way."""
    now_hours, numbers, scope = world.now[0].hours, world.steps[step], world.ladders[ladder]
    climb = world.climbs[ladder * world.plan[0].steps + step]
    key = world.step_keys[step * world.plan[0].sectors + scope.opening_sector]
    delay = drawn_delay_hours(world, numbers.deploy, DEPLOYMENT_DELAY, key, scope.opening_ordinal)
    climb.state = DEPLOYING
    climb.decided_hours = now_hours
    climb.deployed_hours = now_hours + delay
    climb.ready_hours = ready_at_hours(
        climb.deployed_hours, scope.clock_hours, numbers.not_before_hours
    )
    shows = climb.ready_hours - scope.clock_hours
    note_of_step(world, _DECIDED, ladder, step, shows, 0.0)
    set_clock_no_later_than(world, clock_of(world, REVIEW, ladder), climb.ready_hours)


@compiled_within
def share_behind(world: World, ladder: int, step: int) -> float:
    """Return the share of all the groups' pledged weight that has said yes by now."""
    plan, numbers = world.plan[0], world.steps[step]
    yes_weight = total_weight = 0.0
    for place in range(numbers.first_voter, numbers.first_voter + numbers.voters):
        weight = world.voters[place].weight
        total_weight += weight
        if world.said_yes[ladder * plan.voters + place]:
            yes_weight += weight
    return share_of_weight(yes_weight, total_weight)
