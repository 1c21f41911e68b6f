"""The answer in plain words: under which plan the ceasefire holds more often, and how sure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.results.estimates import LEVEL
from sim.results.numbers import places_of, with_minus
from sim.scenario.counts import counted
from sim.study.comparing.contrast import Contrast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.results.estimates import Estimate
    from sim.results.results import Results


_MOST_NAMED: Final = 4


class _Rival(NamedTuple):
    """A plan beside the best one."""

    label: str
    share: float
    more: Estimate
    """By how much more often the ceasefire holds under the best plan."""
    is_same: bool
    """Whether each run ends the same under both."""

    def is_told_apart(self) -> bool:
        return self.more.low > 0

    def in_words(self) -> str:
        value, low, high = _points(self.more)
        return f"{value} points more than under {self.label} ({low} to {high})"

    def beside_in_words(self) -> str:
        value, low, high = _points(self.more)
        return f"{self.label} ({percent(self.share)}: {value} points less, {low} to {high})"


def answer(labels: Sequence[str], results: Sequence[Results]) -> str:
    """Return under which plan the ceasefire holds more often, by how much, and how sure that is."""
    shares = [one.tally.quantities["held"].moments.ratio for one in results]
    best = shares.index(max(shares))
    pairs = math.comb(len(results), 2)
    level = 1 - (1 - LEVEL) / pairs
    rivals = [
        _Rival(label, share, *_against(one, results[best], level))
        for place, (label, share, one) in enumerate(zip(labels, shares, results, strict=True))
        if place != best
    ]
    rivals.sort(key=lambda one: -one.share)
    tell = _of_two if len(rivals) == 1 else _of_several
    said = tell(labels[best], shares[best], rivals)
    return f"On these assumptions, {said} {_grounds(results, pairs)}"


def doubts(labels: Sequence[str], results: Sequence[Results]) -> list[str]:
    """Return for each plan of which runs were cut off why the answer is not to be relied on."""
    cautions = ((label, one.caution()) for label, one in zip(labels, results, strict=True))
    return [f"Not to be relied on: under {label}, {said}." for label, said in cautions if said]


def _against(one: Results, best: Results, level: float) -> tuple[Estimate, bool]:
    found = Contrast(one, best)
    return found.held(level), found.is_paired and found.all_end_the_same()


def _of_two(best: str, share: float, rivals: Sequence[_Rival]) -> str:
    (rival,) = rivals
    value, low, high = _points(rival.more)
    if rival.is_told_apart():
        return (
            f"the ceasefire holds more often under {best} ({percent(share)} of runs) than under "
            f"{rival.label} ({percent(rival.share)}): by {value} points ({low} to {high})."
        )
    if rival.is_same:
        return (
            f"every run ends the same under {best} as under {rival.label}: the ceasefire holds in "
            f"{percent(share)} of runs, a difference of {value} points ({low} to {high})."
        )
    return (
        f"it cannot be told under which plan the ceasefire holds more often: under {best} in "
        f"{percent(share)} of runs, under {rival.label} in {percent(rival.share)}, a difference "
        f"of {value} points ({low} to {high})."
    )


def _of_several(best: str, share: float, rivals: Sequence[_Rival]) -> str:
    told = _listed([one.in_words() for one in rivals if one.is_told_apart()])
    rest = _listed([one.beside_in_words() for one in rivals if not one.is_told_apart()])
    if not told:
        return (
            f"the ceasefire holds most often under {best}, in {percent(share)} of runs, but no "
            f"other plan can be told apart from it: {rest}."
        )
    found = f"the ceasefire holds most often under {best}, in {percent(share)} of runs: {told}."
    return f"{found} Not to be told apart from it: {rest}." if rest else found


def _listed(words: Sequence[str]) -> str:
    """Return the first few, which are the nearest, and how many more there are."""
    more = len(words) - _MOST_NAMED
    found = "; ".join(words[:_MOST_NAMED])
    return f"{found}; and {more} more" if more > 0 else found


def _grounds(results: Sequence[Results], pairs: int) -> str:
    together = "" if pairs == 1 else f", which hold together for all {pairs} pairs of plans"
    return f"(95 % intervals in percentage points{together}; {pairing_in_words(results)}.)"


def intervals_in_words(plans: int) -> str:
    """Return for what the intervals against the first of several plans hold, beside the answer's.

    Nothing for two plans: there is one difference, and its interval is the same everywhere.

    >>> intervals_in_words(2), intervals_in_words(3)[:59]
    ('', 'The intervals of one outcome hold together for both plans a')
    """
    if plans < 3:  # noqa: PLR2004 - one difference
        return ""
    which = "both plans" if plans == 3 else f"all {plans - 1} plans"  # noqa: PLR2004 - both are two
    return (
        f"The intervals of one outcome hold together for {which} against the first. Those of the "
        f"answer are wider: any plan might have been the best, so they hold together for all "
        f"{math.comb(plans, 2)} pairs."
    )


def pairing_in_words(results: Sequence[Results]) -> str:
    """Return whether the plans had the same luck, and how many runs there are."""
    first = results[0]
    are_paired = [Contrast(first, one, ()).is_paired for one in results[1:]]
    if all(are_paired):
        runs = counted(first.replications, "run")
        return f"paired: the same luck under each plan, {runs} of each"
    counts = ", ".join(f"{one.replications:,}" for one in results)
    if not any(are_paired):
        return f"not paired: each plan had luck of its own, {counts} runs"
    return f"some not paired, where seeds or numbers of runs differ: {counts} runs"


def percent(share: float) -> str:
    """Return a share in percent.

    >>> percent(0.0831)
    '8.3 %'
    """
    return f"{100 * share:.1f} %"


def _points(found: Estimate) -> tuple[str, str, str]:
    """Return a difference of shares and its bounds in percentage points, to two digits of it."""
    half = 50 * (found.high - found.low)
    places = max(1, places_of(half)) if half > 0 else 1
    value, low, high = (f"{round(100 * one, places) + 0.0:.{places}f}" for one in found[:3])
    return with_minus(value), with_minus(low), with_minus(high)
