"""SimPy's environment, in which simultaneous events have a stated order."""

from collections.abc import Generator
from typing import TypeAlias

import simpy
from simpy.events import EventPriority

Process: TypeAlias = Generator[simpy.Event, None, None]


class _Alarm(simpy.Event):
    """An event that is already known to happen at an hour, as SimPy's own Timeout is."""

    def __init__(self, env: simpy.Environment, at_hours: float, rank: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, priority=EventPriority(rank), delay=at_hours - env.now)


class Environment(simpy.Environment):
    """Time in hours, up to a horizon.

    Ranks are far above the priorities that SimPy gives to its own events. So everything that an
    event sets off at once is done before the next event of the same hour, and those follow each
    other by rank. All hours are whole ticks: `now + (hour - now)` is exactly that hour.
    """

    def __init__(self, horizon_hours: float) -> None:
        """Start at hour 0."""
        super().__init__()
        self.horizon_hours = horizon_hours

    def at(self, at_hours: float, rank: int) -> simpy.Event | None:
        """Return an event at an hour, or nothing if the run ends before."""
        return None if at_hours > self.horizon_hours else _Alarm(self, at_hours, rank)
