"""A pattern: what was observed, what a world has to show for it, and whether it does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from validation.measures import Estimate
    from validation.worlds import World

MET: Final = "met"
MISSED: Final = "missed"
COMES_OUT: Final = "input, comes out"
DOES_NOT: Final = "input, does not come out"
TOO_WIDE: Final = "too wide to tell"
NO_FIGURE: Final = "no figure to test"
# An interval that is wider than this meets almost anything.
_WIDE: Final = {"share": 0.75, "slope": 1.5}
_WIDE_RATIO: Final = 30.0


class Known(NamedTuple):
    """What was observed: a figure, or a range; NaN where no source gives one."""

    low: float
    high: float
    note: str = ""


class Pattern(NamedTuple):
    """A pattern: what was observed, and what a world has to show for it."""

    group: str
    name: str
    kind: str
    """What its figures are: number, slope, share, factor or days."""
    known: Known
    sources: tuple[str, ...]
    measure: Callable[[World], Estimate]
    inputs: Mapping[str, str]
    """By world, the value of the ledger that was set to what was observed: then it is no test."""

    def verdict(self, world: str, found: Estimate) -> str:
        """Return whether a world has the pattern, and whether that says anything."""
        if math.isnan(self.known.low) or math.isnan(found.value):
            return NO_FIGURE
        meets = found.meets(self.known.low, self.known.high)
        if meets and self._says_little(found):
            return TOO_WIDE
        if world in self.inputs:
            return COMES_OUT if meets else DOES_NOT
        return MET if meets else MISSED

    def _says_little(self, found: Estimate) -> bool:
        """Return whether an interval is so wide that it could hardly have missed."""
        if self.kind in _WIDE:
            return found.high - found.low > _WIDE[self.kind]
        return found.high > _WIDE_RATIO * found.low
