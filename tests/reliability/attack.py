"""A program that is attacked: it plays small batches in forks of itself, and each can be hit.

Blocks are of a hundred runs here, which is set before anything else is loaded, so that a batch of
a few milliseconds has all that one of a million runs has: several parts, a short last one, pieces.
Each line that it reads is a `Hit`; the fork that takes it counts its calls of the file system, and
at one of them it is killed, or the call fails. What came of it is written as a line.
"""

import errno
import functools
import hashlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, NamedTuple, Self

RUNS_PER_BLOCK = 100
RUNS = 250
# A fork takes milliseconds; one that takes so long has come to a halt.
SECONDS = 120.0
# Whoever has time lets everything be hit, not some of it.
EXHAUSTIVE = bool(os.environ.get("SIM_EXHAUSTIVE"))
# A world whose runs take microseconds.
BRIEF: dict[str, Any] = {
    "title": "brief",
    "run": {"horizon_days": 1.0},
    "violations": {"incidents_per_day": 2.0},
    "levels": {"fighting": {"spell": {"family": "constant", "hours": 1.0}}},
    "crisis": {"threshold_incidents": 2},
    "steps": {"warning": {"deadline_hours": 6.0}},
}


class Hit(NamedTuple):
    """What is to be done, and where it is hit."""

    kind: str
    """Which batch: `rows`, `sums`, `shared` or `cases`."""
    folder: str
    runs: int = RUNS
    at: int | None = None
    """At which call, counted from 0; without it nothing is hit."""
    seconds: float | None = None
    """After how long it is killed, wherever it is by then."""
    how: str = "kill"
    """`kill` before the call, `torn` after half of what is written, or the name of an error."""


class Hurt(NamedTuple):
    """What came of it."""

    ended: int
    """0 done, 1 with an error, or minus the number of the signal."""
    said: str = ""
    """The error that came out."""
    warned: tuple[str, ...] = ()
    calls: tuple[tuple[str, ...], ...] = ()
    """What was called, with the names of the files."""
    read: tuple[str, ...] = ()
    """Which temporary files were opened other than to be made."""


def some_of(number: int, most: int) -> list[int]:
    """Return which of so many calls are hit: all of them, or some, evenly spread."""
    if EXHAUSTIVE or number <= most:
        return list(range(number))
    return sorted({round(one * (number - 1) / (most - 1)) for one in range(most)})


def tree(folder: Path | str) -> dict[str, str]:
    """Return the sha256 of every file in a folder, and which folders there are, but no lock."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in sorted(Path(folder).rglob("*"))
        if path.name != ".lock"
    }


def copied(folder: Path, name: Path) -> Path:
    """Return a copy of a folder, to be damaged."""
    shutil.copytree(folder, name, symlinks=True)
    return name


class Victim:
    """The program, and the way to talk to it."""

    def __init__(self) -> None:
        """Start it; that takes seconds, each fork of it milliseconds."""
        line = [sys.executable, __file__]
        self._program = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def play(self, kind: str, folder: Path | str, **rest: Any) -> Hurt:
        """Let it play, hit as is said, and return what came of it."""
        asked, answer = self._program.stdin, self._program.stdout
        assert asked is not None
        assert answer is not None
        asked.write(json.dumps(Hit(kind, str(folder), **rest)) + "\n")
        asked.flush()
        ended, said, warned, calls, read = json.loads(answer.readline())
        return Hurt(ended, said, tuple(warned), tuple(map(tuple, calls)), tuple(read))

    def end(self) -> None:
        """Let it go."""
        try:
            self._program.communicate(timeout=SECONDS)
        finally:
            self._program.kill()


class AtOnce(Executor):
    """Plays whatever it is given at once, so that the calls come in the same order each time."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return what is done already."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is handed on
            future.set_exception(error)
        return future


def _serve() -> None:
    import sim
    from sim.results import spans

    spans.RUNS_PER_BLOCK = RUNS_PER_BLOCK
    import tempfile

    import sim.results.summary
    import sim.study.run  # noqa: F401 - as above

    with tempfile.TemporaryDirectory() as folder:
        for kind, play in KINDS.items():
            play(f"{folder}/{kind}", RUNS)
    for line in sys.stdin:
        sys.stdout.write(_forked(Hit(*json.loads(line))) + "\n")
        sys.stdout.flush()


def _forked(hit: Hit) -> str:
    """Return what came of a hit that a fork took."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            pipe.write(json.dumps(_played(hit)))
        os._exit(0)
    os.close(writing)
    if hit.seconds is not None:
        time.sleep(hit.seconds)
        os.kill(child, signal.SIGKILL)
    elif not select.select([reading], [], [], SECONDS)[0]:
        os.kill(child, signal.SIGKILL)  # it hangs, which is told as what it is: not done
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return told or json.dumps(Hurt(os.waitstatus_to_exitcode(status)))


def _played(hit: Hit) -> Hurt:
    calls = Calls(hit)
    calls.watch()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            (KINDS | OTHERS)[hit.kind](hit.folder, hit.runs)
        except Exception as error:  # noqa: BLE001 - it is told
            return Hurt(1, f"{type(error).__name__}: {error}", (), tuple(calls.made))
    warned = tuple(str(one.message) for one in caught)
    return Hurt(0, "", warned, tuple(calls.made), tuple(calls.read))


def plan() -> Any:
    """Return the brief world."""
    from sim.scenario.layers import Layer
    from sim.scenario.loading import checked

    return checked(Layer(BRIEF, {}))


def _rows(folder: str, runs: int, seed: int = 1, **rest: Any) -> None:
    from sim.study.run import run

    run(plan(), runs, seed, out=folder, resume=True, progress=False, **rest)


def _cases(folder: str, runs: int) -> None:
    from sim.results.batch import Batch
    from sim.study.playing.chunks import Crew
    from sim.study.run import run_batch

    cases = tuple((("violations.incidents_per_day", rate),) for rate in (1.0, 2.0, 3.0, 4.0, 5.0))
    batch = Batch(plan(), 1, runs // 5, cases=cases, crises=True)
    run_batch(batch, Crew("compiled", 1, AtOnce()), out=folder, resume=True, progress=False)


KINDS: dict[str, Callable[[str, int], None]] = {
    "rows": functools.partial(_rows, crises=True, workers=1),
    "sums": functools.partial(_rows, rows=False, workers=1),
    "shared": functools.partial(_rows, crises=True, workers=1, executor=AtOnce(), shared=True),
    "shared sums": functools.partial(_rows, rows=False, workers=1, executor=AtOnce(), shared=True),
    "cases": _cases,
}
OTHERS = {
    "other seed": functools.partial(_rows, crises=True, workers=1, seed=2),
}


class Calls:
    """The calls of the file system by which something is made durable or goes."""

    _NAMES = ("open", "fsync", "replace", "link", "unlink", "rmdir", "mkdir", "chmod")

    def __init__(self, hit: Hit) -> None:
        """Count from nothing."""
        self._hit = hit
        self._lock = threading.RLock()
        self._names: dict[int, str] = {}
        self.made: list[tuple[str, ...]] = []
        self.read: list[str] = []

    def watch(self) -> None:
        """Count from now on."""
        for name in self._NAMES:
            setattr(os, name, functools.partial(self._called, name, getattr(os, name)))
        os.fdopen = functools.partial(self._opened, os.fdopen)
        sys.addaudithook(self._heard)

    def _called(self, name: str, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        told = [self._names.get(one, str(one)) for one in args[:2] if name != "open"]
        self._make(name, *(told or [str(args[0])]), *_flags(name, args))
        made = call(*args, **kwargs)
        if name == "open":
            self._names[made] = str(args[0])
        return made

    def _opened(self, call: Callable[..., Any], handle: int, *args: Any, **kwargs: Any) -> Any:
        file = call(handle, *args, **kwargs)
        return _Watched(file, self._names.get(handle, ""), self._make) if "w" in args[0] else file

    def _heard(self, event: str, told: tuple[Any, ...]) -> None:
        if event == "open" and str(told[0]).endswith(".tmp") and not told[2] & os.O_CREAT:
            self.read.append(str(told[0]))

    def _make(self, name: str, *told: str, write: Callable[[], None] | None = None) -> None:
        """Note a call, and let it be hit if it is its turn."""
        with self._lock:
            number = len(self.made)
            self.made.append((name, *told))
            if number != self._hit.at:
                return
            if self._hit.how == "torn" and write is not None:
                write()
            if self._hit.how in ("kill", "torn"):
                os.kill(os.getpid(), signal.SIGKILL)
            if self._hit.how == "ENOSPC" and write is not None:
                write()  # a full disk takes some of it
            code = getattr(errno, self._hit.how)
            raise OSError(code, os.strerror(code))


def _flags(name: str, args: tuple[Any, ...]) -> list[str]:
    is_new = name == "open" and len(args) > 1 and args[1] & os.O_CREAT
    return ["new"] if is_new else []


class _Watched:
    """A file that is written to, every write of which is a call."""

    def __init__(self, file: Any, name: str, make: Callable[..., None]) -> None:
        self._file = file
        self._name = name
        self._make = make

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> int:
        def half() -> None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()

        self._make("write", self._name, write=half)
        return int(self._file.write(content))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


if __name__ == "__main__":
    _serve()
