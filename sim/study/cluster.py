"""Many machines: runs played by the workers of a Dask scheduler.

Only numbers travel to the workers, and rows, tallies or the names of files back. Results would lie
if a worker had other rules or tools than whoever asks: so that is looked at before anything is
played.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
import warnings
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from sim.results.progress_bar import lasting
from sim.study.alike import differences, tools
from sim.study.playing.batches import EnvironmentFailedError, available_workers
from sim.study.playing.chunks import Crew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
T = TypeVar("T")

_SECONDS_TO_ANSWER: Final = 5
_SECONDS_TO_COME: Final = 30
_SECONDS_OF_A_COUNT: Final = 5.0
# Without workers for so long, it is said; again after twice as long, and so on.
_SECONDS_TO_WONDER: Final = 60.0
_SECONDS_AN_HOUR: Final = 3600.0
# A task that failed because something outside went wrong is tried again so often.
_RETRIES: Final = 2


class ClusterError(EnvironmentFailedError):
    """The machines that were to play cannot, or cannot any more."""


class NoWorkersWarning(UserWarning):
    """A cluster has no workers for the time being."""


@contextmanager
def crew_from(engine: str, workers: int | None, dask_address: str | None) -> Iterator[Crew]:
    """Give who plays: the workers of a Dask scheduler, if there is an address, or threads here."""
    if dask_address is None:
        yield Crew(engine, workers or available_workers())
        return
    with connected(dask_address, workers) as executor:
        yield Crew(engine, executor.players(), executor)


@contextmanager
def connected(
    address: str, workers: int | None = None, *, patience_hours: float = 1.0
) -> Iterator[DaskWorkers]:
    """Give an executor that is all workers of a Dask scheduler, or so many of their threads.

    The address is one such as tcp://10.0.0.1:8786, or the path of a scheduler file (*.json). Raises
    `ClusterError` if nobody answers there, if the workers have other rules than this program, when
    the scheduler gets lost, and when there have been no workers for `patience_hours`, within which
    new ones may come; what was played until then is kept where the results have a folder.
    """
    distributed = _distributed()
    found = _address(address)
    _check_that_it_answers(distributed, found)
    with (
        _lost_in_words(distributed, found),
        distributed.Client(found, timeout=_SECONDS_TO_ANSWER, set_as_default=False) as client,
    ):
        _wait_for_workers(client, found)
        _check_alike(client, found)
        yield DaskWorkers(client, workers, _Absence(found, patience_hours * _SECONDS_AN_HOUR))


class _Absence:
    """How long a cluster has had no workers, and what is said of that."""

    def __init__(self, address: str, patience_seconds: float) -> None:
        """Begin while there are some."""
        self._address = address
        self._patience_seconds = patience_seconds
        self._since: float | None = None
        self._wonders_after = math.inf

    def note(self, threads: int, now_seconds: float) -> None:
        """Take note of how many threads there are; complain if there were none for too long."""
        if threads:
            self._since = None
        elif self._since is None:
            self._since = now_seconds
            self._wonders_after = min(_SECONDS_TO_WONDER, self._patience_seconds / 2)
        else:
            self._say(now_seconds - self._since)

    def _say(self, seconds: float) -> None:
        said = f"{self._address}: has had no workers for {lasting(seconds)}"
        if seconds > self._patience_seconds:
            raise ClusterError(said)
        if seconds > self._wonders_after:
            self._wonders_after = 2 * seconds
            left = self._patience_seconds - seconds
            most = f", at most {lasting(left)} longer" if math.isfinite(left) else ""
            warnings.warn(f"{said}; waits for new ones{most}", NoWorkersWarning, stacklevel=2)


class DaskWorkers(Executor):
    """An executor that is the threads of a Dask scheduler's workers, however many there are."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - without types
        workers: int | None,
        absence: _Absence,
    ) -> None:
        """Be as many as there are, or as are asked for."""
        self._client = client
        self._asked = workers
        self._absence = absence
        self._known = 1
        self._known_at = -math.inf

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand something in."""
        asked = self._client.submit(fn, *args, pure=False, retries=_RETRIES, **kwargs)
        answer: Future[T] = Future()

        def call_off(_answer: Future[T]) -> None:
            # Of a lost cluster everything is called off already, and it cannot be asked.
            if answer.cancelled() and not asked.cancelled():
                asked.cancel()

        answer.add_done_callback(call_off)
        self._client.loop.add_callback(self._hand_over, asked, answer)
        return answer

    async def _hand_over(self, asked: Any, answer: Future[T]) -> None:  # noqa: ANN401 - as above
        """Wait for what becomes of a task, and give it to who asked.

        Dask's own executor asks for the state of a task again once it has its result, and takes
        one whose worker was lost between the two for a failure.
        """
        try:
            result = await self._client.gather(asked, asynchronous=True)
        except Exception as error:  # noqa: BLE001 - it is for whoever asked
            if answer.set_running_or_notify_cancel():
                answer.set_exception(error)
        else:
            if answer.set_running_or_notify_cancel():
                answer.set_result(result)

    def players(self) -> int:
        """Return how many threads there are, which is asked now and then."""
        return max(1, self._threads()) if self._asked is None else self._asked

    def look(self) -> None:
        """Warn while there are no workers, and raise `ClusterError` when that lasts too long."""
        self._absence.note(self._threads(), time.monotonic())

    def _threads(self) -> int:
        if time.monotonic() - self._known_at > _SECONDS_OF_A_COUNT:
            self._known = self._client.sync(self._counted)
            self._known_at = time.monotonic()
        return self._known

    async def _counted(self) -> int:
        """Return how many threads there are; none, if the scheduler is frozen and says nothing."""
        try:
            threads = await asyncio.wait_for(self._client.scheduler.ncores(), _SECONDS_TO_ANSWER)
        except TimeoutError:
            return 0
        return sum(threads.values())


def _distributed() -> Any:  # noqa: ANN401 - comes without types
    try:
        import distributed  # noqa: PLC0415 - who plays here does not need it
    except ImportError:
        message = 'Dask is not installed: pip install "ceasefire-sim[cluster]"'
        raise ClusterError(message) from None
    return distributed


def _address(given: str) -> str:
    """Return an address, from a scheduler file if that is what is given."""
    if not given.endswith(".json"):
        return given
    try:
        return str(json.loads(Path(given).read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{given}: is no scheduler file ({type(error).__name__})"
        raise ClusterError(message) from error


def _check_that_it_answers(distributed: Any, address: str) -> None:  # noqa: ANN401 - as above
    """Complain if no scheduler answers: a client that cannot connect leaves things running."""

    async def asked() -> Any:  # noqa: ANN401 - as above
        arguments = distributed.Security().get_connection_args("client")
        scheduler = distributed.rpc(address, timeout=_SECONDS_TO_ANSWER, connection_args=arguments)
        async with scheduler:
            return await asyncio.wait_for(scheduler.identity(), _SECONDS_TO_ANSWER)

    # In a thread of its own: a notebook's has a loop already.
    with ThreadPoolExecutor(1) as thread:
        try:
            kind = thread.submit(asyncio.run, asked()).result()["type"]
        except Exception as error:
            message = f"{address}: no Dask scheduler answers there ({_short(error)})"
            raise ClusterError(message) from error
    if kind != "Scheduler":
        message = f"{address}: is a Dask {kind}, must be a scheduler"
        raise ClusterError(message)


def _short(error: BaseException) -> str:
    """Return what is wrong in a line."""
    told = str(error).strip().splitlines()
    return told[0] if told else type(error).__name__


def _wait_for_workers(client: Any, address: str) -> None:  # noqa: ANN401 - as above
    try:
        client.wait_for_workers(1, timeout=_SECONDS_TO_COME)
    except TimeoutError as error:
        message = (
            f"{address}: has no workers, and none came in {_SECONDS_TO_COME} s: "
            f"dask worker {address} starts one"
        )
        raise ClusterError(message) from error


def _check_alike(client: Any, address: str) -> None:  # noqa: ANN401 - as above
    """Complain of workers that have other rules or tools than this program."""
    here = tools()
    for worker, there in client.run(tools, on_error="return").items():
        if isinstance(there, BaseException):
            message = f"{address}: worker {worker} cannot play: {_short(there)}"
            raise ClusterError(message)
        if there != here:
            raise ClusterError(f"{address}: worker {worker} has {differences(there, here)}")


@contextmanager
def _lost_in_words(distributed: Any, address: str) -> Iterator[None]:  # noqa: ANN401 - as above
    """Say in one line what became of a cluster that gets lost, with what others noted of it."""
    try:
        yield
    except ClusterError:
        raise
    except distributed.KilledWorker as error:
        message = (
            f"{address}: a task was given up, since each worker that began it was lost, the last "
            f"one being {error.last_worker.address}: out of memory, or killed"
        )
        raise _with_notes(ClusterError(message), error) from error
    except _lost(distributed) as error:
        message = f"{address}: the connection to the Dask scheduler was lost ({_short(error)})"
        raise _with_notes(ClusterError(message), error) from error


def _lost(distributed: Any) -> tuple[type[Exception], ...]:  # noqa: ANN401 - as above
    """Return what futures and calls raise when there is no scheduler any more."""
    from distributed.client import ClosedClientError  # noqa: PLC0415 - as above

    return CancelledError, distributed.comm.CommClosedError, ClosedClientError


def _with_notes(error: ClusterError, cause: BaseException) -> ClusterError:
    for note in getattr(cause, "__notes__", ()):
        error.add_note(note)
    return error
