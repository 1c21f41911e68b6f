"""The points of a study: which values stand together at each of them.

A grid takes all combinations; a Sobol sequence (Sobol 1967, USSR Comput. Math. Math. Phys. 7,
86-112; scrambled: Owen 1998, J. Complexity 14, 466-489) and a Latin hypercube (McKay, Beckman and
Conover 1979, Technometrics 21, 239-245) spread a given number of points evenly over the ranges.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, product
from typing import TYPE_CHECKING, Any, Final

from sim.results.progress import watched
from sim.scenario.problems import Origin, Problem, ScenarioError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from sim.scenario.scenario import Scenario
    from sim.study.points.varied import Varied

    Floats = npt.NDArray[np.float64]

_MOST_POINTS: Final = 10_000_000
_MOST_TOLD: Final = 3


@dataclass(frozen=True)
class Points:
    """A table of points: a column for each path, and a row for each point."""

    paths: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    """One tuple of values a point, in the order of the paths."""

    def __post_init__(self) -> None:
        """Complain of a path that varies twice, and of there being nothing."""
        twice = [path for path, count in Counter(self.paths).items() if count > 1]
        if twice:
            message = f"{twice[0]}: varies twice, must be given once"
            raise ValueError(message)
        if not self.paths or not self.rows:
            message = "points: there are none, must be at least one path with a value"
            raise ValueError(message)

    def __len__(self) -> int:
        return len(self.rows)

    def changes(self, point: int) -> tuple[tuple[str, Any], ...]:
        """Return the paths and values of a point, as `Scenario.with_` takes them."""
        return tuple(zip(self.paths, self.rows[point], strict=True))

    def frame(self) -> pd.DataFrame:
        """Return a table with a row a point and a column a path."""
        import pandas as pd  # noqa: PLC0415 - most points are played, not looked at

        columns = zip(*self.rows, strict=True)
        return pd.DataFrame(dict(zip(self.paths, map(list, columns), strict=True)))


def grid(varieds: Sequence[Varied]) -> Points:
    """Return all combinations of the values, the first path changing slowest.

    >>> from sim.study.points.varied import parsed_varied
    >>> grid([parsed_varied("attack.sectors=1,2"), parsed_varied("run.horizon_days=30,60")]).rows
    ((1, 30), (1, 60), (2, 30), (2, 60))
    """
    ranged = next((varied.path for varied in varieds if varied.low is not None), None)
    if ranged:
        message = f"{ranged}: has a range, must have values: start:stop:count or a,b,c"
        raise ValueError(message)
    values = [varied.values for varied in varieds]  # noqa: PD011 - no frame
    count = math.prod(map(len, values))
    if count > _MOST_POINTS:
        message = f"points: there are {count:,} combinations, must be at most {_MOST_POINTS:,}"
        raise ValueError(message)
    rows = product(*values) if values else ()
    return Points(tuple(varied.path for varied in varieds), tuple(rows))


def sobol(varieds: Sequence[Varied], points: int, seed: int) -> Points:
    """Return points of a scrambled Sobol sequence, a power of two of them.

    >>> from sim.study.points.varied import parsed_range
    >>> len(sobol([parsed_range("attack.per_year=0.02:0.6")], 8, seed=1))
    8
    """
    from scipy.stats import qmc  # noqa: PLC0415 - slow to load

    check_power_of_two("points", points)
    return at_shares(varieds, _drawn(varieds, points, lambda d: qmc.Sobol(d, rng=seed).random))


def latin_hypercube(varieds: Sequence[Varied], points: int, seed: int) -> Points:
    """Return points of a Latin hypercube: each path has one in each of so many equal parts."""
    from scipy.stats import qmc  # noqa: PLC0415 - slow to load

    _check_count(points)
    draw = _drawn(varieds, points, lambda d: qmc.LatinHypercube(d, rng=seed).random)
    return at_shares(varieds, draw)


def _drawn(
    varieds: Sequence[Varied], points: int, sampler: Callable[[int], Callable[[int], Floats]]
) -> Floats:
    """Return shares of the ranges, shape (points, paths); of nothing, nothing."""
    return sampler(len(varieds))(points) if varieds else _nothing()


def _nothing() -> Floats:
    import numpy as np  # noqa: PLC0415 - as pandas above

    return np.empty((0, 0))


def at_shares(varieds: Sequence[Varied], shares: Floats) -> Points:
    """Return the points at shares of the ranges, 0 to 1, shape (points, paths)."""
    paths = tuple(varied.path for varied in varieds)
    rows = (zip(varieds, row, strict=True) for row in shares.tolist())
    return Points(paths, tuple(tuple(varied.at(share) for varied, share in row) for row in rows))


def one_at_a_time(base: Sequence[Any], ranges: Sequence[Varied]) -> Points:
    """Return the base point, then the low and the high end of each range, all else at the base.

    base: one value for each range. Of values instead of a range, the ends are the first and the
    last. Point 1 + 2 i is the low end of range i, point 2 + 2 i its high end.
    """
    rows = [tuple(base)]
    for index, varied in enumerate(ranges):
        rows += [(*base[:index], varied.at(end), *base[index + 1 :]) for end in (0.0, 1.0)]
    return Points(tuple(varied.path for varied in ranges), tuple(rows))


def check_power_of_two(name: str, count: int) -> None:
    """Raise `ValueError` unless a number is a power of two, which Sobol points must be.

    Any other number of them is not balanced, and no better than chance (Owen 2020, "On dropping
    the first Sobol' point").
    """
    _check_count(count)
    if count & (count - 1):
        below = 1 << (count.bit_length() - 1)
        message = (
            f"{name}: is {count:,}, must be a power of two, such as {below:,} or {2 * below:,}: "
            "only so many Sobol points fill the ranges evenly"
        )
        raise ValueError(message)


def _check_count(points: int) -> None:
    if not 1 <= points <= _MOST_POINTS:
        message = f"points: is {points:,}, must be 1 to {_MOST_POINTS:,}"
        raise ValueError(message)


def cases(scenario: Scenario, points: Points) -> tuple[Scenario, ...]:
    """Return the scenario at each point, checked anew.

    Raises `ScenarioError` with all that is wrong at the first three points where anything is; the
    line of a problem is the number of its point, counted from 1.
    """
    made: list[Scenario] = []
    problems: list[Problem] = []
    bad = 0
    can_group = not _are_nested(points.paths)
    for index in watched(range(len(points)), "checking the points", "point"):
        changes = points.changes(index)
        try:
            # The first point tells whether all paths are there; by tables, that is not looked at.
            grouped = _by_tables(changes) if made and can_group else changes
            made.append(scenario.with_(*grouped))
        except ScenarioError:
            problems += _told(_problems(scenario, changes), points, index)
            bad += 1
            if bad == _MOST_TOLD:
                break
    if problems:
        raise ScenarioError(problems)
    return tuple(made)


def _are_nested(paths: Sequence[str]) -> bool:
    """Return whether a path lies below another: their order then matters."""
    return any(other.startswith(f"{path}.") for path in paths for other in paths)


def _by_tables(changes: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return the same changes, those in a row of the same table in one, which is much faster.

    >>> _by_tables([("crisis.quiet_hours", 24), ("crisis.window_hours", 12), ("run.seed", 1)])
    [('crisis', {'quiet_hours': 24, 'window_hours': 12}), ('run', {'seed': 1})]
    """
    found = []
    for first, some in groupby(changes, key=lambda change: change[0].split(".")[0]):
        tables: dict[str, Any] = {}
        for path, value in some:
            *above, key = path.split(".")
            table = tables
            for part in above:
                table = table.setdefault(part, {})
            table[key] = value
        found.append((first, tables[first]))
    return found


def _problems(scenario: Scenario, changes: Sequence[tuple[str, Any]]) -> tuple[Problem, ...]:
    """Return what is wrong with the changes, each with its number in its line."""
    try:
        scenario.with_(*changes)
    except ScenarioError as error:
        return error.problems
    return ()


def _told(problems: Iterable[Problem], points: Points, index: int) -> Iterator[Problem]:
    """Yield the problems of a point, with the values that it has."""
    for one in problems:
        others = [(path, value) for path, value in points.changes(index) if path != one.path]
        with_ = ", ".join(f"{path} = {shown(value)}" for path, value in others)
        sentence = f"{one.sentence} (at {with_})" if with_ else one.sentence
        yield one._replace(origin=Origin("points", index + 1, one.origin.line), sentence=sentence)
