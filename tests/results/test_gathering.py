"""Rows as they come become parts, whatever the pieces they come in."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engines.rows import Column
from sim.results.frames import empty_table
from sim.results.gathering import Gathering, Keeping
from sim.results.held import Held, Tables
from sim.results.pieces import Failure
from sim.results.spans import RUNS_PER_BLOCK, Layout, Span, joined, without

RUN = (Column("run", "count"),)
EMPTY = Tables(empty_table(RUN), empty_table(RUN))


def rows(span, *, crises=True, failures=()):
    """Return the rows of some runs: one of outcomes, and one of crises for each even run."""
    runs = list(range(span.start, span.stop))
    even = [run for run in runs if run % 2 == 0]
    outcomes = pa.table({"run": pa.array(runs, pa.int64())})
    found = pa.table({"run": pa.array(even, pa.int64())}) if crises else None
    return Held((span,), outcomes, found, failures)


def gathered(layout, spans, keeping=None):
    """Return what is gathered of spans that come in this order."""
    gathering = Gathering(layout, EMPTY, None, keeping or Keeping(crises=True))
    for span in spans:
        gathering.add(rows(span))
    return gathering.finish(layout.replications)


def cut(layout, sizes):
    """Return all runs of a layout in spans of these sizes, over and over, no block straddled."""
    spans, turn = [], 0
    for block in layout.blocks():
        for span in block.spans:
            start = span.start
            while start < span.stop:
                stop = min(start + sizes[turn % len(sizes)], span.stop)
                spans.append(Span(span.case, start, stop))
                start, turn = stop, turn + 1
    return spans


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=4))
def test_the_size_of_pieces_does_not_matter(sizes):
    """Any cut gives the same parts."""
    layout = Layout(1, 230_000)
    sizes = [max(size, 1_000) for size in sizes]
    one, other = gathered(layout, cut(layout, sizes)), gathered(layout, cut(layout, [100_000]))

    assert [part.num_rows for part in one.outcomes.parts] == [100_000, 100_000, 30_000]
    assert one.outcomes.parts == other.outcomes.parts
    assert one.crises.parts == other.crises.parts


def test_what_is_missing_is_what_is_not_there():
    """In the order in which it is to be added."""
    gathering = Gathering(Layout(1, 120_000), EMPTY, None, Keeping())
    gathering.add(rows(Span(0, 0, 40_000)))

    assert gathering.missing() == [Span(0, 40_000, 100_000), Span(0, 100_000, 120_000)]
    assert gathering.missing(50_000) == [Span(0, 40_000, 50_000)]


def test_crises_of_later_blocks_are_kept_only_if_asked_for():
    """Of the first block always."""
    layout = Layout(1, 200_000)
    few = gathered(layout, cut(layout, [100_000]), Keeping())
    all_of_them = gathered(layout, cut(layout, [100_000]), Keeping(crises=True))

    assert [len(one.crises.parts) for one in (few, all_of_them)] == [1, 2]


def test_failures_stay_with_their_runs():
    """Each once, in the order of runs."""
    failures = (Failure(0, 3, "ValueError", "no"), Failure(0, 1, "ValueError", "no"))
    gathering = Gathering(Layout(1, 10), EMPTY, None, Keeping())
    gathering.add(rows(Span(0, 0, 10), failures=failures))

    assert gathering.finish(10).failures == tuple(sorted(failures))


def test_rows_that_came_twice_count_once():
    """Pieces may overlap when somebody played runs that another had played already."""
    gathering = Gathering(Layout(1, 10), EMPTY, None, Keeping(crises=True))
    gathering.held += [rows(Span(0, 0, 6)), rows(Span(0, 2, 8))]
    gathering.add(rows(Span(0, 8, 10)))
    done = gathering.finish(10)

    assert done.outcomes.parts[0]["run"].to_pylist() == list(range(10))
    assert done.crises.parts[0]["run"].to_pylist() == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(
    ("cases", "replications"), [(1, 1), (1, 100_001), (7, 40_000), (3, 150_000), (250_000, 1)]
)
def test_blocks_are_all_runs_of_all_cases_once(cases, replications):
    """None is left out, none is in two, and none has more runs than a block holds."""
    layout = Layout(cases, replications)
    blocks = list(layout.blocks())
    spans = joined(span for block in blocks for span in block.spans)

    assert spans == tuple(Span(case, 0, replications) for case in range(cases))
    assert all(block.runs <= RUNS_PER_BLOCK for block in blocks)
    assert len({block.first for block in blocks}) == len(blocks)


@pytest.mark.parametrize(
    ("cases", "replications"), [(1, 250_000), (7, 40_000), (3, 150_000), (1000, 300)]
)
def test_every_run_is_in_the_block_that_is_said_to_hold_it(cases, replications):
    """At the beginning, in the middle and at the end of each span."""
    layout = Layout(cases, replications)

    assert all(
        layout.block_at(span.case, run) == block
        for block in layout.blocks()
        for span in block.spans
        for run in (span.start, (span.start + span.stop) // 2, span.stop - 1)
    )


spans_of_a_few = st.builds(
    lambda case, start, runs: Span(case, start, start + runs),
    st.integers(0, 2),
    st.integers(0, 30),
    st.integers(1, 20),
)


@given(st.lists(spans_of_a_few, max_size=5), st.lists(spans_of_a_few, max_size=5))
def test_what_is_left_without_others_is_what_sets_say(wanted, there):
    """The same as taking each run by itself."""
    left = {
        (span.case, run) for span in without(wanted, there) for run in range(span.start, span.stop)
    }
    known = {(span.case, run) for span in there for run in range(span.start, span.stop)}
    asked = {(span.case, run) for span in wanted for run in range(span.start, span.stop)}

    assert left == asked - known
