"""The one function of this engine that Python calls: many runs, without the interpreter."""

from sim.engines.compiled_engine.line import play_run
from sim.engines.compiled_engine.world import World
from sim.model.compiled import compiled


@compiled
def play_runs(world: World, seed: int, first_run: int, runs: int, done: int) -> int:
    """Play runs from `first_run + done` on, and return how many of `runs` are done.

    Fewer than all are done when a run lacks memory, which `now.lacks` then says, or when somebody
    has set `stop`.
    """
    now = world.now[0]
    while done < runs:
        play_run(world, seed, first_run + done, done)
        if now.lacks > 0 or world.stop[0]:
            return done
        now.crisis_rows += now.crises
        done += 1
    return done
