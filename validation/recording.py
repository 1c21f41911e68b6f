"""A run as monitors record it: detected incidents and false alarms, in single explosions and shots.

A monitor counts explosions, bursts and shots, the model incidents. Each recorded incident gets so
many counts, by the logarithmic distribution, whose long tail lets some incidents fill a page.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from sim.engines.compiled_engine.building import new_world
from sim.engines.compiled_engine.playing import play
from sim.engines.story import event
from sim.model.chance import chance
from sim.model.words import BY_EXPANSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.engines.compiled_engine.world import World
    from sim.scenario.numbers import Parameters
    from validation.measures import Floats, Periods

Bools = npt.NDArray[np.bool_]

_HOURS_A_DAY: Final = 24
_DUSK, _DAWN = 18, 6
# A purpose of the draws that no engine uses: how many counts a recorded incident has.
_COUNTS: Final = 255
_MOST_COUNTS: Final = 10_000


class Recorded(NamedTuple):
    """What is known of a run; `hours`, `counts`, `heavy` and `half` have shape (recorded,)."""

    hours: Floats
    """When each incident was recorded."""
    counts: Floats
    """Explosions, bursts and shots in each."""
    heavy: Bools
    """Whether it is above the lowest level of fighting."""
    half: Bools
    """Whether it is in the half of the line that stands for the observed one."""
    hot: Bools
    """Whether it is in one of the named, hot sectors."""
    incidents: int
    """How many there were, seen or not."""
    detections: int
    by_night: int
    """How many there were between dusk and dawn."""
    attacks: int
    expansions: int
    """Spells that grew to an expanded attack by themselves."""
    build_up_hours: float
    """When the first attack came, or the build-up to it began; infinite: never."""
    struck_hours: float
    """When the first attack came; infinite: never."""
    end_hours: float

    def is_undisturbed(self, hours: float) -> bool:
        """Return whether neither an attack, nor its build-up, nor an end came before this hour."""
        return self.build_up_hours >= hours and self.end_hours >= hours

    def by_day(self, days: int, chosen: Bools | None = None) -> Floats:
        """Return the counts of each day, shape (days,); of some incidents only where chosen."""
        counts = self.counts if chosen is None else self.counts * chosen
        day = (self.hours // _HOURS_A_DAY).astype(np.int64)
        found = np.bincount(day, weights=counts, minlength=days)
        return np.asarray(found[:days], np.float64)


class Place(NamedTuple):
    """Which sectors are hot, and which make up one half; each of shape (sectors,)."""

    hot: Bools
    half: Bools


def recorded_runs(
    numbers: Parameters, seed: int, runs: int, place: Place, mean_counts: float
) -> Iterator[Recorded]:
    """Yield runs as monitors record them."""
    world = new_world(numbers, 1, traces=True)
    table = _cumulative(mean_counts)
    for run in range(runs):
        world = play(world, seed, range(run, run + 1))
        found = _recorded(world, place, len(numbers.levels) - 1)
        draws = [chance(seed, run, _COUNTS, 0, one) for one in range(len(found.hours))]
        yield found._replace(counts=(np.searchsorted(table, draws) + 1).astype(np.float64))


@cache
def _cumulative(mean_counts: float) -> Floats:
    """Return the chances that an incident has at most 1, 2, 3 ... counts."""
    share = optimize.brentq(lambda p: -p / ((1 - p) * math.log1p(-p)) - mean_counts, 1e-9, 1 - 1e-9)
    table = stats.logser.cdf(np.arange(1, _MOST_COUNTS), share)
    return np.append(np.asarray(table, np.float64), 1.0)


def _recorded(world: World, place: Place, last_level: int) -> Recorded:
    """Return what the notes of the run that was just played say, with no counts yet."""
    notes = np.asarray(world.notes)[: world.now[0].noted]
    hours, kind, first = notes["hours"], notes["event"], notes["first"]
    incident, detected = kind == event("incident"), kind == event("detected")
    is_attack = kind == event("attack")
    grown = (kind == event("spell_rises")) & (first == last_level)
    # The spells of an attack, and fighting that grew into one, are no incidents.
    seen = (detected & (first < last_level)) | (kind == event("false_alarm"))
    sectors = notes["place"][seen]
    of_day = hours[incident] % _HOURS_A_DAY
    warned = is_attack | (kind == event("attack_prepared"))
    return Recorded(
        hours=hours[seen].copy(),
        counts=np.zeros(0),
        heavy=first[seen] > 1,
        half=place.half[sectors],
        hot=place.hot[sectors],
        incidents=int(incident.sum()),
        detections=int((detected & seen).sum()),
        by_night=int(((of_day >= _DUSK) | (of_day < _DAWN)).sum()),
        attacks=int(is_attack.sum()),
        expansions=int((grown & (notes["second"] == BY_EXPANSION)).sum()),
        build_up_hours=_first(hours[warned]),
        struck_hours=_first(hours[is_attack]),
        end_hours=float(hours[-1]),
    )


def _first(hours: Floats) -> float:
    return float(hours[0]) if len(hours) else math.inf


def as_reported(run: Recorded, calendar: Periods) -> Periods:
    """Return a run in the periods of a calendar, unknown wherever the calendar's own are."""
    days = int(calendar.last_day.max()) + 1

    def totals(known: Floats, chosen: Bools | None = None) -> Floats:
        until = np.append(0.0, run.by_day(days, chosen).cumsum())
        after = calendar.last_day + 1
        sums = until[after] - until[np.maximum(after - calendar.days, 0)]
        return np.where(np.isnan(known), math.nan, sums)

    return calendar._replace(
        total=totals(calendar.total),
        heavy=totals(calendar.heavy, run.heavy),
        half=totals(calendar.half, run.half),
    )
