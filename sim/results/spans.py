"""Which runs of which cases: what is asked for, what is there, and what is missing.

A case is a scenario with its values; a run alone has one, a sweep one for each of its points. All
runs of all cases, case by case, make one long row of rows, which is kept in blocks of at most
100,000: a part of a long case, or several short cases as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RUNS_PER_BLOCK: Final = 100_000


class Span(NamedTuple):
    """Consecutive runs of a case."""

    case: int
    start: int
    stop: int

    @property
    def runs(self) -> int:
        """How many they are."""
        return self.stop - self.start


class Block(NamedTuple):
    """What one part of a table holds."""

    first: int
    """Where its rows begin among all runs of all cases."""
    spans: tuple[Span, ...]

    @property
    def runs(self) -> int:
        """How many runs it holds."""
        return sum(span.runs for span in self.spans)


class Layout(NamedTuple):
    """How many cases there are, and runs of each."""

    cases: int
    replications: int

    @property
    def runs(self) -> int:
        """How many there are of all cases together."""
        return self.cases * self.replications

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in their order.

        >>> [block.first for block in Layout(cases=1, replications=250_000).blocks()]
        [0, 100000, 200000]
        >>> [len(block.spans) for block in Layout(cases=5, replications=40_000).blocks()]
        [2, 2, 1]
        """
        for case in range(0, self.cases, self._cases_together):
            for start in range(0, self.replications, RUNS_PER_BLOCK):
                yield self.block_at(case, start)

    def block_at(self, case: int, run: int) -> Block:
        """Return the block that a run of a case is in.

        >>> Layout(cases=1, replications=250_000).block_at(case=0, run=200_001).runs
        50000
        """
        first_case = case - case % self._cases_together
        cases = range(first_case, min(first_case + self._cases_together, self.cases))
        start = run - run % RUNS_PER_BLOCK
        stop = min(start + RUNS_PER_BLOCK, self.replications)
        spans = tuple(Span(one, start, stop) for one in cases)
        return Block(first_case * self.replications + start, spans)

    @property
    def _cases_together(self) -> int:
        return max(1, RUNS_PER_BLOCK // self.replications)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans with those that follow each other made one.

    >>> joined([Span(0, 0, 3), Span(0, 3, 5), Span(1, 0, 5)])
    (Span(case=0, start=0, stop=5), Span(case=1, start=0, stop=5))
    """
    found: list[Span] = []
    for span in spans:
        if found and (found[-1].case, found[-1].stop) == (span.case, span.start):
            found[-1] = found[-1]._replace(stop=span.stop)
        else:
            found.append(span)
    return tuple(found)


def without(wanted: Iterable[Span], there: Iterable[Span]) -> list[Span]:
    """Return those of the wanted runs that are not there, in the order in which they are wanted.

    >>> without([Span(0, 0, 10)], [Span(0, 2, 4), Span(0, 3, 7), Span(1, 0, 10)])
    [Span(case=0, start=0, stop=2), Span(case=0, start=7, stop=10)]
    """
    left = list(wanted)
    for one in there:
        left = [rest for span in left for rest in _less(span, one)]
    return left


def _less(span: Span, other: Span) -> Iterator[Span]:
    """Yield what is left of a span without another: nothing, one piece or two."""
    if span.case != other.case or other.stop <= span.start or span.stop <= other.start:
        yield span
        return
    if span.start < other.start:
        yield span._replace(stop=other.start)
    if other.stop < span.stop:
        yield span._replace(start=other.stop)
