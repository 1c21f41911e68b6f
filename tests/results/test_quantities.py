"""Quantities: what is estimated has a name, and is a ratio of sums over runs."""

import numpy as np
import pytest
from made_up_outcomes import made_up

from sim.results.columns import columns_of
from sim.results.quantities import quantities, quantity_named
from sim.results.summary import summary_frame
from sim.results.tally import Tally


def test_the_summary_has_a_line_for_each_quantity_in_order(small_plan):
    """With a runaway among the runs, every quantity is shown."""
    outcome = ["held", "collapsed", "runaway", "held"]
    tally = Tally.of(small_plan, made_up(small_plan, 4, outcome=outcome))
    shown = summary_frame(small_plan, tally)["quantity"]

    assert list(shown) == [one.name for one in quantities(small_plan)]


def test_a_step_without_a_deadline_is_never_late(small_plan):
    """Whoever has no deadline has no share of late calls."""
    open_ended = small_plan.steps["warning"].model_copy(update={"deadline_hours": None})
    plan = small_plan.model_copy(update={"steps": {"warning": open_ended}})
    names = {one.name for one in quantities(plan)}

    assert ("warning.on_time" in names, "warning.late" in names) == (True, False)


def test_a_part_is_zero_where_the_whole_is(small_plan):
    """A run without any event adds nothing to a ratio of sums."""
    columns = columns_of(made_up(small_plan, 200))
    found = {one.name: one.sums(columns) for one in quantities(small_plan)}

    assert not any(part[whole == 0].any() for part, whole in found.values())


def test_the_calls_of_a_step_end_in_one_way_or_are_open(small_plan):
    """The parts of the five ways add up to the calls."""
    columns = columns_of(made_up(small_plan, 50))
    endings = ("on_time", "late", "refused", "stood_down", "open")
    parts = [quantity_named(small_plan, f"force.{one}").sums(columns).part for one in endings]

    assert np.array_equal(sum(parts), columns("force_called"))


def test_a_name_that_is_not_known_is_refused_with_the_nearest(small_plan):
    """Who mistypes a name reads which one may be meant."""
    with pytest.raises(ValueError, match=r'is "colapsed", must be .*mean "collapsed"'):
        quantity_named(small_plan, "colapsed")
