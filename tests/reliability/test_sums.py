"""Sums of blocks are added up in the order of the blocks, whichever was there first."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from sim.results.gathering import Gathering, Keeping
from sim.results.held import Held, Tables
from sim.results.spans import RUNS_PER_BLOCK, Layout, Span

RUNS = 3 * RUNS_PER_BLOCK


class Firsts(NamedTuple):
    """A tally that tells which blocks it is of, and in which order they came."""

    runs: tuple[int, ...]

    def merged(self, other):
        """Return that of both."""
        return Firsts(self.runs + other.runs)


def _rows(span):
    return pa.table({"run": pa.array(np.arange(span.start, span.stop))})


def _held(span):
    return Held((span,), _rows(span), _rows(Span(0, 0, 0)))


def test_a_block_that_is_full_of_pieces_is_not_left_out():
    """The second block was there, in pieces; the first and the third are played."""
    none = _rows(Span(0, 0, 0))
    keeping = Keeping(rows=False, tally=lambda rows: Firsts((rows["run"][0].as_py(),)))
    gathering = Gathering(Layout(1, RUNS), Tables(none, none), None, keeping)
    gathering.held.append(_held(Span(0, RUNS_PER_BLOCK, 2 * RUNS_PER_BLOCK)))
    for span in gathering.missing():
        gathering.add(_held(span))
    found = gathering.finish(RUNS).summed

    assert found.tally == Firsts((0, RUNS_PER_BLOCK, 2 * RUNS_PER_BLOCK))
