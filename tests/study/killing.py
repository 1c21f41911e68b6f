"""A program that plays a sweep, a sensitivity analysis and a study in forks, and kills them.

For each it prints how many files are put in their place when it is left alone, and at which of them
a kill, and then going on, led to another folder than that.
"""

import hashlib
import json
import os
import select
import signal
import sys
import tempfile
import threading
from pathlib import Path

RUNS_PER_BLOCK = 100
# A fork takes a second or two; one that takes so long has come to a halt.
SECONDS = 120.0
WORLD = Path(__file__).parents[1] / "small_world.toml"
STUDY = """
scenarios = { one = "world.toml", two = "world.toml" }
replications = 60
outcomes = ["crises", "force.on_time"]
[vary]
crisis.quiet_hours = [6, 12, 24]
"""


def _serve(kills):
    import sim
    from sim.results import spans

    spans.RUNS_PER_BLOCK = RUNS_PER_BLOCK
    import sim.results.summary

    # What a fork would load when it gets there, a second each, is loaded once.
    import sim.study.values.effects
    import sim.study.values.indices
    from sim.study.points.studies import play_study
    from sim.study.points.study_file import load_study
    from sim.study.points.sweep import sweep
    from sim.study.values.sensitivity import sensitivity

    plan = sim.load(WORLD)
    how = {"resume": True, "progress": False, "workers": 1}
    vary = {"crisis.quiet_hours": [6, 12, 24], "attack.per_year": [1, 3]}
    ranges = {"attack.per_year": (0, 60), "crisis.quiet_hours": (6, 24)}

    def study(folder):
        file = folder.with_name("study.toml")
        file.write_text(STUDY)
        file.with_name("world.toml").write_text(WORLD.read_text())
        play_study(load_study(file), folder, resume=True, progress=False)

    kinds = {
        "sweep": lambda folder: sweep(plan, vary, replications=60, out=folder, **how),
        "sensitivity": lambda folder: sensitivity(
            plan, ranges, samples=4, replications=10, out=folder, **how
        ),
        "study": study,
    }
    print(json.dumps({name: _killed(kinds[name], kills) for name in kinds}))


def _killed(play, kills):
    """Return how many files there are, and at which of them a kill did harm."""
    with tempfile.TemporaryDirectory() as name:
        parent = Path(name)
        files = _forked(play, parent / "whole", None)
        wanted = _tree(parent / "whole")
        harmed = []
        for number in range(kills):
            at, folder = round(number * (files - 1) / (kills - 1)), parent / f"killed-{number}"
            ended = _forked(play, folder, at)
            play_again = _forked(play, folder, None)
            if ended != -signal.SIGKILL or play_again < 0 or _tree(folder) != wanted:
                harmed.append(at)
        return {"files": files, "harmed": harmed, "written": sorted(wanted)}


def _forked(play, folder, at):
    """Play in a fork that is killed before a file gets its place; return how many files did."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        count, replace, lock = [0], os.replace, threading.Lock()

        def counted(*paths, **rest):
            with lock:
                if count[0] == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                count[0] += 1
            return replace(*paths, **rest)

        os.replace = counted
        code = 1
        try:
            play(folder)
            os.write(writing, str(count[0]).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    if not select.select([reading], [], [], SECONDS)[0]:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return int(told) if told else os.waitstatus_to_exitcode(status) or -1


def _tree(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
