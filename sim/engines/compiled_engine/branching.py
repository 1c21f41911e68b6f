"""Splitting a run: while fighting is at a level, the run goes on as several branches.

Where the hardest fighting on the line rises to a level, the whole state is kept and branches go out
from it; each ends when the fighting falls below that level again. The run itself goes on, as if
nothing had been split (RESTART; Villén-Altamirano and Villén-Altamirano 1991, "RESTART: a method
for accelerating rare event simulations", Queueing, Performance and Control in ATM, 71-76).

A branch has a seed of its own. What is still to come is drawn anew: the marks of the sectors' next
incidents, and what is left of each running clock's threshold, which is again exponential, whatever
had been used up. What has begun keeps its luck: events that wait for their hours, votes that are
being taken, reviews of commitments, and what is asked about a violation a second time
(`luck.seed_of_violation`).
"""

from sim.engines.compiled_engine.arrivals import renew_wait
from sim.engines.compiled_engine.clocks import clock_of, renew_clock
from sim.engines.compiled_engine.drawing import draw_incidents, draw_waits
from sim.engines.compiled_engine.luck import drawn_threshold
from sim.engines.compiled_engine.world import LANES, World
from sim.model.branches import BRANCH, RENEWAL, seed_for
from sim.model.compiled import compiled_within
from sim.model.hours import ATTACKS, COLLAPSES, EXPANDS, INCIDENT_OCCURS, NEVER, STOPS
from sim.model.words import COLLAPSED


@compiled_within
def begin_tree(world: World, row: int) -> None:
    """Begin to count in a row of its own what becomes of a run that will be split."""
    tree, levels = world.tree[0], world.plan[0].last_level + 1
    if not tree.grows:
        return
    # Nobody reads the crises of runs that are split, so each may overwrite those of the last.
    world.now[0].this_runs_crisis_rows = 0
    tree.depth = 0
    tree.level = 0
    tree.noted = 0
    for cell in range(row * levels, row * levels + levels):
        world.hits[cell] = 0
        world.passed[cell] = 0
        world.begun[cell] = 0
        world.played[cell] = 0
    world.begun[row * levels] = 1


@compiled_within
def goes_on_in_a_branch(world: World, row: int) -> bool:
    """Return whether there is more to play: the run has only paused, or a branch is left.

    A run that is not split comes here once, at its end.
    """
    now, tree = world.now[0], world.tree[0]
    if not tree.grows or now.lacks > 0 or world.stop[0]:
        return False
    first = row * (world.plan[0].last_level + 1)
    world.played[first + tree.level] += now.noted - tree.noted
    tree.noted = now.noted
    if now.pauses:
        now.pauses = False
        if _level_changes(world, first):
            return True
    elif now.outcome == COLLAPSED and tree.event_level > world.plan[0].last_level:
        world.hits[first + tree.level] += 1
    return _next_branch(world, first)


@compiled_within
def _level_changes(world: World, first: int) -> bool:
    """Take note of the level of fighting now; return whether what is being played goes on.

    A branch ends below the level at which it began, and at the level that is the event.
    """
    now, tree, before = world.now[0], world.tree[0], world.tree[0].level
    level = min(_hardest_fighting(world), tree.event_level)
    if level < now.lowest_level:
        return False
    for reached in range(before + 1, level + 1):
        world.passed[first + reached] += world.copies[reached - 1] // world.copies[before]
    if level == tree.event_level:
        world.hits[first + before] += 1
        return False
    tree.level = level
    now.goes_on = True
    if world.copies[level] <= world.copies[before]:
        return True
    _keep(world, before, level)
    return False


@compiled_within
def _hardest_fighting(world: World) -> int:
    highest = 0
    for sector in range(world.plan[0].sectors):
        highest = max(highest, world.sectors[sector].level)
    return highest


@compiled_within
def _keep(world: World, before: int, level: int) -> None:
    """Keep the state, for branches to go out from it and then the run itself."""
    tree, state, kept = world.tree[0], world.state, world.kept
    world.now[0].splits += 1
    first = tree.depth * tree.words
    for word in range(tree.words):
        kept[first + word] = state[word]
    world.branches_left[tree.depth] = world.copies[level] // world.copies[before]
    world.level_before[tree.depth] = before
    tree.depth += 1


@compiled_within
def _next_branch(world: World, cell: int) -> bool:
    """Begin the next branch of the state that was kept last; the run itself is the last one."""
    now, tree = world.now[0], world.tree[0]
    if tree.depth == 0:
        return False
    last = tree.depth - 1
    number = world.branches_left[last] - 1
    world.branches_left[last] = number
    words = tree.words_of_branch if number > 0 else tree.words
    state, kept, first = world.state, world.kept, last * tree.words
    for word in range(words):
        state[word] = kept[first + word]
    tree.level = _hardest_fighting(world)
    tree.noted = now.noted
    if number > 0:
        lowest = _level_of_branch(world, number, world.level_before[last], tree.level)
        world.begun[cell + lowest] += 1
        _branch_off(world, number, lowest)
    else:
        tree.depth = last
    return True


@compiled_within
def _level_of_branch(world: World, number: int, before: int, level: int) -> int:
    """Return the level with which a branch ends.

    A run that rises by several levels at once is split at each of them, one after the other. A
    number that is a multiple of the copies made at the highest goes on as the run itself there.
    """
    while level > before + 1:
        split = world.copies[level] // world.copies[level - 1]
        if number % split > 0:
            break
        number //= split
        level -= 1
    return level


@compiled_within
def _branch_off(world: World, number: int, lowest: int) -> None:
    """Go on as a branch: with another seed, and other luck in all that is still to come."""
    now, sectors = world.now[0], world.plan[0].sectors
    for sector in range(sectors):
        one, fork = world.sectors[sector], world.forks[now.forks * sectors + sector]
        fork.seed = now.seed
        fork.incidents = one.incidents
        fork.attacks = now.attacks
        fork.resumptions = one.resumptions
        fork.origin = one.origin
        fork.count = one.count
        fork.level = one.level
    now.forks += 1
    now.lowest_level = lowest
    now.seed = seed_for(now.seed, now.run, BRANCH, (now.splits << 32) | number)
    for sector in range(sectors):
        _draw_incidents_anew(world, sector)
        wait = clock_of(world, INCIDENT_OCCURS, sector)
        renew_wait(world, sector, drawn_threshold(world, RENEWAL, wait, 0))
        for kind in (STOPS, EXPANDS, COLLAPSES):
            _renew(world, clock_of(world, kind, sector))
    _renew(world, clock_of(world, ATTACKS, 0))


@compiled_within
def _renew(world: World, clock: int) -> None:
    if world.clocks[clock].runs:
        renew_clock(world, clock, drawn_threshold(world, RENEWAL, clock, 0))


@compiled_within
def _draw_incidents_anew(world: World, sector: int) -> None:
    """Draw the next incidents again: few at once, since most branches are short.

    Those of the block that are over are drawn too, and lie idle.
    """
    one = world.sectors[sector]
    one.block = LANES
    count = one.incidents
    first = count & -LANES
    one.incidents = first
    if one.incident_mean_hours < NEVER:
        draw_waits(world, sector)
    if first < count:
        draw_incidents(world, sector)
    one.incidents = count
