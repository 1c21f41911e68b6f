"""The points of a study fill what they should, are the same for a seed, and make scenarios."""

from pathlib import Path

import numpy as np
import pytest

from sim.scenario.loading import load
from sim.scenario.problems import ScenarioError
from sim.scenario.ranges import default_ranges
from sim.study.points.designs import (
    Points,
    cases,
    grid,
    latin_hypercube,
    one_at_a_time,
    sobol,
)
from sim.study.points.varied import Varied, parsed_range, parsed_varied, varied_in

PLAN = load(Path(__file__).parents[2] / "scenarios" / "three_step.toml")
MIXED = (
    parsed_range("attack.per_year=0:1"),
    Varied("attack.sectors", low=1, high=4, whole=True),
    parsed_varied("crisis.clock=violation,detection,attribution"),
)


def test_a_grid_is_all_combinations():
    """The first path changes slowest."""
    points = grid([parsed_varied("a.b=1,2"), parsed_varied("c.d=x,y,z")])

    assert points.paths == ("a.b", "c.d")
    assert points.rows == ((1, "x"), (1, "y"), (1, "z"), (2, "x"), (2, "y"), (2, "z"))


def test_a_grid_needs_values():
    """A range has no end of them."""
    with pytest.raises(ValueError, match=r"a\.b: has a range, must have values"):
        grid([parsed_range("a.b=1:2")])


def test_a_grid_beyond_use_is_refused():
    """Before it is made."""
    many = [parsed_varied(f"a.{name}=1:1000:1000") for name in "bcd"]

    with pytest.raises(ValueError, match="1,000,000,000 combinations, must be at most 10,000,000"):
        grid(many)


@pytest.mark.parametrize(
    "make",
    [grid, lambda some: sobol(some, 4, seed=1), lambda some: latin_hypercube(some, 4, seed=1)],
    ids=["grid", "sobol", "latin hypercube"],
)
def test_nothing_that_varies_is_refused(make):
    """There would be no point."""
    with pytest.raises(ValueError, match="there are none, must be at least one path"):
        make([])


def test_a_path_varies_once():
    """Twice, only one of its values would count."""
    with pytest.raises(ValueError, match=r"a\.b: varies twice, must be given once"):
        grid([parsed_varied("a.b=1,2"), parsed_varied("a.b=3,4")])


@pytest.mark.parametrize("design", [sobol, latin_hypercube])
def test_the_same_seed_gives_the_same_points(design):
    """To the last bit; another seed gives others."""
    assert design(MIXED, 64, seed=7) == design(MIXED, 64, seed=7)
    assert design(MIXED, 64, seed=7) != design(MIXED, 64, seed=8)


@pytest.mark.parametrize("design", [sobol, latin_hypercube])
def test_each_part_of_a_range_has_one_point(design):
    """Cut into as many parts as there are points, as both designs promise."""
    shares = [row[0] for row in design(MIXED, 64, seed=7).rows]

    assert sorted(int(share * 64) for share in shares) == list(range(64))


@pytest.mark.parametrize("design", [sobol, latin_hypercube])
def test_whole_numbers_and_words_have_equal_shares(design):
    """64 points on 4 numbers are 16 each, and on 3 words 21 or 22 each."""
    _, sectors, clocks = zip(*design(MIXED, 64, seed=7).rows, strict=True)

    assert [sectors.count(one) for one in (1, 2, 3, 4)] == [16] * 4
    assert {clocks.count(one) for one in MIXED[2].values} == {21, 22}


def test_sobol_points_are_a_power_of_two():
    """Others are refused, with the two that are nearest."""
    with pytest.raises(ValueError, match="is 1,000, must be a power of two, such as 512 or 1,024"):
        sobol(MIXED, 1000, seed=1)


def test_one_at_a_time_leaves_all_else_at_the_base():
    """First the base, then the low and the high end of each."""
    points = one_at_a_time((0.15, 2, "violation"), MIXED)

    assert points.rows == (
        (0.15, 2, "violation"),
        (0.0, 2, "violation"),
        (1.0, 2, "violation"),
        (0.15, 1, "violation"),
        (0.15, 4, "violation"),
        (0.15, 2, "violation"),
        (0.15, 2, "attribution"),
    )


def test_points_are_a_frame():
    """A row a point, a column a path; whole numbers stay whole."""
    frame = sobol(MIXED, 4, seed=1).frame()

    assert list(frame) == [varied.path for varied in MIXED]
    assert [frame[path].dtype.kind for path in frame][:2] == ["f", "i"]


def test_a_case_is_the_scenario_with_the_values_of_its_point():
    """And everything else as it was."""
    points = sobol(MIXED, 8, seed=1)
    made = cases(PLAN, points)

    assert made == tuple(PLAN.with_(*points.changes(index)) for index in range(8))
    assert made[3].attack.per_year == points.rows[3][0]


def test_a_case_is_the_same_however_many_paths_vary():
    """To the last letter of its file, the sources among it."""
    points = sobol([varied_in(found) for found in default_ranges(PLAN)], 4, seed=1)
    made = [case.to_toml() for case in cases(PLAN, points)]

    assert made == [PLAN.with_(*points.changes(index)).to_toml() for index in range(4)]


def test_a_delay_is_changed_with_its_family():
    """One of another family takes the place of the whole delay."""
    delays = [{"family": "constant", "hours": hours} for hours in (1.0, 2.0)]
    first, second = cases(PLAN, Points(("actors.usa.decision",), tuple((one,) for one in delays)))

    assert (first.actors["usa"].decision.hours, second.actors["usa"].decision.hours) == (1, 2)


def test_a_value_below_another_is_changed_after_it():
    """A delay, and then one number of it."""
    delay = {"family": "constant", "hours": 1.0}
    points = Points(
        ("actors.usa.decision", "actors.usa.decision.hours"), ((delay, 5.0), (delay, 6.0))
    )

    assert [case.actors["usa"].decision.hours for case in cases(PLAN, points)] == [5.0, 6.0]
    assert delay["hours"] == 1.0


def test_the_first_bad_points_are_said_together_with_their_values():
    """The line is the number of the point, the column that of the value."""
    points = Points(
        ("crisis.quiet_hours", "attack.sectors"), ((24, 2), (-1, 2), (24, 9), (-2, 9), (-3, 2))
    )

    with pytest.raises(ScenarioError) as error:
        cases(PLAN, points)

    hours, sectors = "must be a number, 0 or more", "must be 1 to 4, the sectors that have a share"
    assert str(error.value).splitlines() == [
        f"points:2:1: crisis.quiet_hours: is -1, {hours} (at attack.sectors = 2)",
        f"points:3:2: attack.sectors: is 9, {sectors} (at crisis.quiet_hours = 24)",
        f"points:4:1: crisis.quiet_hours: is -2, {hours} (at attack.sectors = 9)",
        f"points:4:2: attack.sectors: is 9, {sectors} (at crisis.quiet_hours = -2)",
    ]


def test_a_path_that_is_not_there_is_said_with_a_hint():
    """As the scenario says it."""
    points = grid([parsed_varied("steps.militray.not_before_hours=24,48")])

    with pytest.raises(ScenarioError, match='did you mean "military"'):
        cases(PLAN, points)


def test_a_name_that_is_not_there_is_never_added():
    """A misspelt actor would be one more, that nobody asks."""
    points = grid([parsed_varied("actors.usb.yes_probability=0.1,0.2")])

    with pytest.raises(ScenarioError, match='did you mean "usa"'):
        cases(PLAN, points)


def test_numbers_of_an_array_are_values():
    """A design made elsewhere may hold them."""
    points = Points(("attack.per_year",), tuple((one,) for one in np.linspace(0, 1, 3)))

    assert [case.attack.per_year for case in cases(PLAN, points)] == [0.0, 0.5, 1.0]
