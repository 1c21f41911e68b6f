"""How the next incident of a sector comes: at a rate, at one that incidents raise, by record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engines.simpy_engine.alarms import AlarmClock, HazardClock
from sim.model.chance import INCIDENT_WAIT
from sim.model.hours import INCIDENT_OCCURS, rank
from sim.model.rates import (
    excitation_after,
    excitation_of_incident,
    excited_incident_hours,
    excited_threshold_left,
)
from sim.model.words import EXPONENTIAL, HAWKES, REPLAY
from sim.scenario.numbers import Timing

if TYPE_CHECKING:
    from sim.engines.simpy_engine.sector import Sector


class PoissonArrivals(HazardClock):
    """Incidents come at a rate, whatever happened before."""

    def __init__(self, sector: Sector) -> None:
        """Start silent."""
        super().__init__(sector.line.env, rank(INCIDENT_OCCURS, sector.index, 0))
        self.sector = sector
        self.timing_of_waits = Timing(EXPONENTIAL, sector.numbers.incident_mean_hours, 0.0, 0.0)

    def await_incident(self, count: int) -> None:
        """Let an incident be on its way, with a threshold of its own."""
        self.start(self.timing_of_waits, self.sector.threshold(INCIDENT_WAIT, count))

    def modify(self, multiplier: float, trend: float) -> None:
        """Go on at another rate: the multiplier is on all of it, the trend on the background."""
        self.rescale(multiplier * trend)

    def excite(self) -> None:
        """Take note of an incident, which sets off no others."""

    def calm(self, factor: float) -> None:
        """Take note of a recommitment, of which nothing is remembered here."""


class ExcitedArrivals(AlarmClock):
    """Incidents come at a rate that each of them raises for a while (a Hawkes process)."""

    def __init__(self, sector: Sector) -> None:
        """Start silent, with nothing that excites."""
        super().__init__(sector.line.env, rank(INCIDENT_OCCURS, sector.index, 0))
        self.sector = sector
        self.mean_hours = sector.numbers.incident_mean_hours
        self.branching_ratio = sector.line.numbers.branching_ratio
        self.decay_hours = sector.line.numbers.decay_hours
        self.multiplier = self.trend = 1.0
        self.excitation = 0.0
        self.left = math.inf
        self.set_hours = 0.0

    def await_incident(self, count: int) -> None:
        """Let an incident be on its way, with a threshold of its own."""
        if self.mean_hours < math.inf:
            self._come_to_now()
            self.left = self.sector.threshold(INCIDENT_WAIT, count)
            self._set()

    def modify(self, multiplier: float, trend: float) -> None:
        """Go on at another rate: the multiplier is on all of it, the trend on the background."""
        if (multiplier, trend) != (self.multiplier, self.trend):
            self._come_to_now()
            self.multiplier, self.trend = multiplier, trend
            self._set()

    def excite(self) -> None:
        """Take note of an incident, which raises the rate."""
        self._come_to_now()
        self.excitation += excitation_of_incident(self.branching_ratio, self.decay_hours)
        self.left = math.inf

    def calm(self, factor: float) -> None:
        """Take note of a recommitment: what excites now does so by that factor."""
        self._come_to_now()
        self.excitation *= factor
        self._set()

    def _come_to_now(self) -> None:
        """Use up the threshold, and let the excitation decay, until now."""
        hours = self.env.now - self.set_hours
        if self.left < math.inf:
            self.left = excited_threshold_left(
                self.left,
                self.multiplier,
                self.trend / self.mean_hours,
                self.excitation,
                self.decay_hours,
                hours,
            )
        self.excitation = excitation_after(self.excitation, self.decay_hours, hours)
        self.set_hours = self.env.now

    def _set(self) -> None:
        if self.left < math.inf:
            self.set(
                excited_incident_hours(
                    self.set_hours,
                    self.left,
                    self.multiplier,
                    self.trend / self.mean_hours,
                    self.excitation,
                    self.decay_hours,
                )
            )


class RecordedArrivals(AlarmClock):
    """Incidents come when a record says so, whatever is done."""

    def __init__(self, sector: Sector) -> None:
        """Start with the first one still to come."""
        super().__init__(sector.line.env, rank(INCIDENT_OCCURS, sector.index, 0))
        self.recorded = sector.numbers.recorded

    def await_incident(self, count: int) -> None:
        """Let an incident be on its way, if there is one more."""
        if count < len(self.recorded):
            self.set(self.recorded[count].hours)

    def modify(self, multiplier: float, trend: float) -> None:
        """Go on: no rate changes a record."""

    def excite(self) -> None:
        """Take note of an incident."""

    def calm(self, factor: float) -> None:
        """Take note of a recommitment."""


Arrivals = PoissonArrivals | ExcitedArrivals | RecordedArrivals


def arrivals_in(sector: Sector) -> Arrivals:
    """Return how incidents come in a sector."""
    process = sector.line.numbers.process
    if process == HAWKES:
        return ExcitedArrivals(sector)
    return RecordedArrivals(sector) if process == REPLAY else PoissonArrivals(sector)
