"""The command `sim` without the wait: in forks of a program that has loaded what it needs.

Loading takes seconds, a fork milliseconds. Each fork is a process of its own, with its own folder,
environment, streams and exit code, in which nothing has been done but imports; from there on it is
`python -m sim`. Only signals do not reach it: who sends some starts the program itself. That each
command also imports what it needs is held by `tests/cli/test_alone.py`.
"""

import atexit
import gc
import json
import os
import pkgutil
import runpy
import select
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from shlex import join
from tempfile import TemporaryDirectory

_STREAMS = (0, 1, 2)
_MOST_BYTES = 1_000_000

# What stands for the command: it hands on what it was given, and ends with the same exit code.
_STAND_IN = """
import json, os, socket, sys
given = [sys.argv[2:], os.getcwd(), dict(os.environ)]
with socket.socket(socket.AF_UNIX) as line:
    line.connect(sys.argv[1])
    socket.send_fds(line, [json.dumps(given).encode()], [0, 1, 2])
    line.shutdown(socket.SHUT_WR)
    code = int(line.recv(16) or 1)
sys.exit(code if code >= 0 else 128 - code)
"""


class LoadedSim:
    """The program that has loaded `sim`; commands reach it through a file called `sim`."""

    def __init__(self):
        """Start it."""
        # The name of a socket must be short, which a folder of the tests' may not be.
        self._place = TemporaryDirectory()
        self.folder = Path(self._place.name)
        """Where `sim` is: to be the first folder of a PATH."""
        door = str(self.folder / "door")
        line = [sys.executable, __file__, door]
        self._program = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._program.stdout.readline()
        line = join([sys.executable, "-IS", "-c", _STAND_IN, door])
        self.command = self.folder / "sim"
        self.command.write_text(f'#!/bin/sh\nexec {line} "$@"\n', encoding="utf-8")
        self.command.chmod(0o755)

    def end(self):
        """Let it go."""
        self._program.communicate()
        self._place.cleanup()


def _serve(door):
    import sim

    for found in pkgutil.walk_packages(sim.__path__, "sim."):
        if found.name != "sim.__main__":
            import_module(found.name)
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(door)
        listening.listen()
        print("listens", flush=True)
        # Whoever started this has the other end of the input, which closes when he ends.
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            line, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                os._exit(_answer(line))
            line.close()
            _forget_ended()


def _forget_ended():
    """Let the system forget those who have answered."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(line):
    """Let a fork be the command that is asked for, and tell its exit code."""
    asked, streams, *_ = socket.recv_fds(line, _MOST_BYTES, len(_STREAMS))
    while more := line.recv(_MOST_BYTES):
        asked += more
    child = os.fork()
    if child == 0:
        line.close()
        _be_the_command(*json.loads(asked), streams)
    _, status = os.waitpid(child, 0)
    line.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    return 0


def _be_the_command(arguments, folder, environment, streams):
    """Become `python -m sim`, whose end is that of this process."""
    for number, stream in zip(_STREAMS, streams, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[0] = folder
    sys.argv[1:] = arguments
    try:
        runpy.run_module("sim", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        # As on every way out, but without taking the modules apart, which takes half a second.
        threading._shutdown()  # noqa: SLF001
        atexit._run_exitfuncs()  # noqa: SLF001
        sys.stdout.flush()
        os._exit(ended.code or 0)


if __name__ == "__main__":
    _serve(sys.argv[1])
