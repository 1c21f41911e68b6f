"""The spans of time over which statistics are taken, in days of the observed series."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from validation.measures import Periods, per_day, ratio
from validation.observed import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Span(NamedTuple):
    """Days, from the first to the last, both included."""

    name: str
    first_day: int
    last_day: int

    def of(self, periods: Periods) -> Periods:
        """Return the reporting periods that end on these days."""
        return periods.within(self.first_day, self.last_day)


class Pair(NamedTuple):
    """Two spans, the later held against the earlier."""

    before: Span
    after: Span

    def of_reports(self, periods: Periods) -> float:
        """Return how many times the mean count of the earlier span that of the later one is."""
        return ratio(per_day(self.after.of(periods)), per_day(self.before.of(periods)))


def _span(name: str, first: Sequence[int], last: Sequence[int]) -> Span:
    return Span(name, day_of(date(*first)), day_of(date(*last)))


GOOD: Final = _span("July to December 2020", (2020, 7, 27), (2020, 12, 31))
YEARS: Final = (
    GOOD,
    _span("2021", (2021, 1, 1), (2021, 12, 31)),
    _span("January 2022", (2022, 1, 1), (2022, 1, 31)),
)
BEFORE_BUILD_UP: Final = _span("before the build-up", (2020, 7, 27), (2022, 2, 14))
EARLY: Final = _span("first days", (2020, 7, 29), (2020, 8, 12))
HELD: Final = _span("until the end of 2021", (2020, 7, 27), (2021, 12, 31))
APART: Final = Pair(_span("first two months", (2020, 7, 28), (2020, 9, 30)), YEARS[1])
LAST_DAYS: Final = tuple(
    _span(f"{day} February 2022", (2022, 2, day), (2022, 2, day)) for day in (16, 17, 18)
)
