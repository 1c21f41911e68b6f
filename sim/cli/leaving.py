"""How the command `sim` ends: with an exit code, and what went wrong in a line."""

import atexit
import os
import signal
import sys
import warnings
from types import FrameType
from typing import Final, NoReturn

import typer

from sim.cli.options import (
    DONE,
    ENVIRONMENT,
    FAILED,
    INTERRUPTED,
    TERMINATED,
    WRONG_INPUT,
    WrongInputError,
)

_UsageError: type[Exception] = typer.BadParameter.__bases__[0]


# What is said when a signal has stopped the command, by the exit code that belongs to it.
_STOPPED: Final = {INTERRUPTED: "sim: interrupted", TERMINATED: "sim: terminated"}


# So much later, whoever could not be stopped where it was is somewhere else.
_MOMENT_SECONDS: Final = 0.05


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """Let whoever is at work write what there is; whoever asks again leaves at once.

    What is on the disk is whole at every moment.
    """
    for one in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(one) is _stop:
            signal.signal(one, _leave_at_once)
    raise SystemExit(128 + number)


def _stop_again(unraisable: "sys.UnraisableHookArgs") -> None:
    """Raise a moment later what was raised where Python only tells of errors and goes on."""
    error = unraisable.exc_value
    if not isinstance(error, SystemExit) or error.code not in _STOPPED:
        sys.__unraisablehook__(unraisable)
        return
    code = int(error.code)

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(code)

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, _MOMENT_SECONDS)


def _leave_at_once(number: int, _frame: FrameType | None) -> NoReturn:
    os.write(sys.stderr.fileno(), f"{_STOPPED[128 + number]}\n".encode())
    os._exit(128 + number)


def _warning(
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001 - what `warnings` hands over
    filename: str,  # noqa: ARG001 - as above
    lineno: int,  # noqa: ARG001 - as above
    line: str | None = None,  # noqa: ARG001 - as above
) -> str:
    return f"sim: {message}\n"


def _say(text: object) -> None:
    print(text, file=sys.stderr)


def _with_notes(text: str, error: BaseException) -> str:
    """Return what is said of an error with what was noted about it on its way, in one line."""
    return "; ".join([text, *getattr(error, "__notes__", ())])


def leave(app: typer.Typer) -> NoReturn:
    """Run a command, and leave with the exit code that says how it went."""
    signal.signal(signal.SIGTERM, _stop)
    # Typer would take a KeyboardInterrupt for the end of it, without the words that go with it;
    # where Ctrl-C is to be ignored, as behind `&` in a script, it is.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    sys.unraisablehook = _stop_again
    warnings.formatwarning = _warning
    code = _exit_code(app)
    if code in _STOPPED:
        # A thread whose import was broken off may never end, and must not be waited for.
        atexit._run_exitfuncs()  # noqa: SLF001 - what is done on every other way out
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)


def _exit_code(app: typer.Typer) -> int:
    """Return 0 done, 1 a run failed, 2 wrong input, 3 disk or environment, 130 interrupted."""
    try:
        return app(standalone_mode=False) or DONE
    except BrokenPipeError:
        # Whoever read the output has read enough; Python must not complain again while leaving.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (typer.Abort, KeyboardInterrupt) as error:
        _say(_with_notes("sim: interrupted", error))
        return INTERRUPTED
    except SystemExit as error:
        if error.code not in _STOPPED:
            raise
        _say(_with_notes(_STOPPED[int(error.code)], error))
        return int(error.code)
    except (_UsageError, WrongInputError) as error:
        _say(f"sim: {getattr(error, 'format_message', error.__str__)()}")
        return WRONG_INPUT
    except OSError as error:
        said = f"{error.filename or 'sim'}: {error.strerror}" if error.strerror else str(error)
        _say(_with_notes(said, error))
        return ENVIRONMENT
    except Exception as error:  # noqa: BLE001 - the last place where it can be said in a line
        return _said(error)


def _said(error: Exception) -> int:
    """Say what is wrong with a scenario, or that something failed that should not have."""
    from sim.results.locking import LockedError
    from sim.results.manifest import ChangedError
    from sim.scenario.problems import ScenarioError
    from sim.study.playing.batches import EnvironmentFailedError
    from sim.study.run import RunawayError, RunsFailedError

    if isinstance(error, (ScenarioError, ChangedError)):
        _say(error)
        return WRONG_INPUT
    if isinstance(error, (RunawayError, RunsFailedError)):
        _say(f"sim: {error}")
        return FAILED
    if isinstance(error, (LockedError, EnvironmentFailedError)):
        _say(_with_notes(f"sim: {error}", error))
        return ENVIRONMENT
    if os.environ.get("CEASEFIRE_SIM_DEBUG"):
        raise error
    kind = type(error).__name__
    said = f"sim: failed: {kind}: {error} (CEASEFIRE_SIM_DEBUG=1 shows where)"
    _say(_with_notes(said, error))
    return FAILED
