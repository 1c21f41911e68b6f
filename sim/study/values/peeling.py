"""One box by PRIM: the EMA workbench peels, and what it limits without need is let go again."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import pandas as pd

Bools = npt.NDArray[np.bool_]

# Parts of a box that are peeled off at a time.
_SLICES: Final = (0.05, 0.1)
# A density that every box has; what it must have is asked later.
_ANY: Final = 1e-9
# With no more different numbers than this, a limit is one of them, and not between two.
_FEW_VALUES: Final = 50


class DiscoveryMissingError(ImportError):
    """The library that finds boxes is not installed."""


class Limits(NamedTuple):
    """What a box lets the value of a path be."""

    low: float | None = None
    """At least this; None: no limit below."""
    high: float | None = None
    """At most this; None: no limit above."""
    words: tuple[Any, ...] = ()
    """One of these, where the values are no numbers."""
    chance: float = math.nan
    """Quasi-p value: how often a box would be so dense if this limit said nothing."""

    def hold(self, column: pd.Series[Any]) -> Bools:
        """Return which values are within the limits, shape (points,)."""
        if self.words:
            allowed = set(map(repr, self.words))
            return np.array([repr(one) in allowed for one in column.tolist()], dtype=np.bool_)
        inside = np.ones(len(column), dtype=np.bool_)
        if self.low is None and self.high is None:
            return inside
        numbers = column.to_numpy(dtype=np.float64)
        if self.low is not None:
            inside &= numbers >= self.low
        if self.high is not None:
            inside &= numbers <= self.high
        return inside

    def without(self, side: str) -> Limits:
        """Return the limits without the one of a side: low, high or words."""
        if side == "words":
            return self._replace(words=())
        return self._replace(low=None) if side == "low" else self._replace(high=None)

    def sides(self) -> Iterator[str]:
        """Yield on which sides there is a limit."""
        for side in ("low", "high", "words"):
            if getattr(self, side) not in (None, ()):
                yield side


class Least(NamedTuple):
    """What a box must have to count; parts, 0 to 1."""

    coverage: float
    density: float
    mass: float


def holds(limits: dict[str, Limits], inputs: pd.DataFrame) -> Bools:
    """Return which points are within all limits, shape (points,)."""
    inside = np.ones(len(inputs), dtype=np.bool_)
    for path, one in limits.items():
        inside &= one.hold(inputs[path])
    return inside


def has_numbers(column: pd.Series[Any]) -> bool:
    """Return whether all values are numbers; true and false are words."""
    return all(
        isinstance(one, (int, float)) and not isinstance(one, bool) for one in column.tolist()
    )


def peeled(
    inputs: pd.DataFrame, fails: Bools, least: Least, chance: float
) -> dict[str, Limits] | None:
    """Return the limits of the best box in these points, or None where none has what it must.

    The best one on the way from all points to the smallest box has the greatest harmonic mean of
    coverage and density. Of its limits, those are let go that chance alone would bring more often
    than `chance`.
    """
    coded = _coded(inputs)
    best = None
    for one in _ways(coded, fails, least.mass):
        way = one.peeling_trajectory
        score = 2 / (1 / way["coverage"] + 1 / way["density"])
        is_good = (way["coverage"] >= least.coverage) & (way["density"] >= least.density)
        score = score[is_good & (way["res_dim"] > 0)]
        if len(score) and (best is None or score.max() > best[0]):
            best = float(score.max()), one.box_lims[int(score.idxmax())], one.box_lims[0]
    if best is None:
        return None
    return _pruned(_limits(inputs, *best[1:]), inputs, fails, chance) or None


def _ways(coded: pd.DataFrame, fails: Bools, mass: float) -> Iterator[Any]:
    """Yield the ways from all points to a small box, in slices of two sizes, and without words.

    Thin slices are led astray by noise where points are few, and leaving out a word takes away so
    many points at once that it may go before what matters is seen.
    """
    numbers = coded.select_dtypes("number")
    tables = [coded] if numbers.shape[1] in (0, coded.shape[1]) else [coded, numbers]
    with warnings.catch_warnings():
        # It uses pandas in a way that pandas means to give up.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="ema_workbench")
        prim = _prim()
        for table in tables if coded.shape[1] else []:
            for slice_ in _SLICES:
                search = prim.Prim(table, fails, threshold=_ANY, mass_min=mass, peel_alpha=slice_)
                yield search.find_box()


def _prim() -> ModuleType:
    """Return the module that peels; loading it says that two things are missing that it can do."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "ipyparallel not installed", UserWarning)
        warnings.filterwarnings("ignore", "altair based", ImportWarning)
        try:
            from ema_workbench.analysis import prim  # noqa: PLC0415 - may not be there, and is slow
        except ImportError as error:
            message = 'finding boxes needs one more library: pip install "ceasefire-sim[discovery]"'
            raise DiscoveryMissingError(message) from error
    module: ModuleType = prim
    return module


def _coded(inputs: pd.DataFrame) -> pd.DataFrame:
    """Return the points as numbers and names of words, without what is the same in all of them."""
    import pandas as pd  # noqa: PLC0415 - slow to load

    columns: dict[str, Any] = {}
    for path in inputs.columns:
        values = inputs[path].tolist()
        if has_numbers(inputs[path]):
            columns[path] = np.asarray(values, dtype=np.float64)
        else:
            columns[path] = np.array([repr(one) for one in values], dtype=object)
    varying = {path: one for path, one in columns.items() if len(set(one.tolist())) > 1}
    # Numbers for names, since it takes some names for its own.
    return pd.DataFrame(varying).rename(columns={path: f"v{path}" for path in varying})


def _limits(inputs: pd.DataFrame, box: pd.DataFrame, all_points: pd.DataFrame) -> dict[str, Limits]:
    """Return the limits of a box where they are narrower than all points."""
    found = {}
    for name in box.columns:
        column = inputs[name[1:]]
        low, high = box[name].tolist()
        least, most = all_points[name].tolist()
        if isinstance(low, set):
            kept = {repr(one): one for one in column.tolist() if repr(one) in low}
            limits = Limits(words=tuple(kept[one] for one in sorted(kept)) if low != least else ())
        else:
            limits = _snapped(column, low if low > least else None, high if high < most else None)
        found[name[1:]] = limits
    return {path: one for path, one in found.items() if list(one.sides())}


def _snapped(column: pd.Series[Any], low: float | None, high: float | None) -> Limits:
    """Return limits on a number: where it has few values, one of them."""
    values = sorted(set(column.tolist()))
    if len(values) <= _FEW_VALUES or all(isinstance(one, int) for one in values):
        low = low if low is None else min(one for one in values if one >= low)
        high = high if high is None else max(one for one in values if one <= high)
    return Limits(low, high)


def _pruned(
    limits: dict[str, Limits], inputs: pd.DataFrame, fails: Bools, chance: float
) -> dict[str, Limits]:
    """Return only the limits that chance alone does not explain, each with its quasi-p value.

    The one that is easiest to explain goes first, one by one.
    """
    while True:
        chances = {
            (path, side): _chance(limits, path, side, inputs, fails)
            for path, one in limits.items()
            for side in one.sides()
        }
        path, side = max(chances, key=lambda one: chances[one], default=("", ""))
        if not path:
            return {}
        if chances[path, side] <= chance:
            return _with_chances(limits, chances)
        left = {**limits, path: limits[path].without(side)}
        limits = {name: one for name, one in left.items() if list(one.sides())}


def _with_chances(
    limits: dict[str, Limits], chances: dict[tuple[str, str], float]
) -> dict[str, Limits]:
    """Return limits with their quasi-p values, the surest first."""
    of_path = {
        path: max(chances[path, side] for side in one.sides()) for path, one in limits.items()
    }
    order = sorted(limits, key=lambda path: of_path[path])
    return {path: limits[path]._replace(chance=of_path[path]) for path in order}


def _chance(
    limits: dict[str, Limits], path: str, side: str, inputs: pd.DataFrame, fails: Bools
) -> float:
    """Return the quasi-p value of a limit (Bryant and Lempert 2010, p. 40).

    How likely as many failures would be among the points of the box if they were as dense as in
    the box without this limit.
    """
    from scipy import stats  # noqa: PLC0415 - slow to load

    inside = holds(limits, inputs)
    wider = holds({**limits, path: limits[path].without(side)}, inputs)
    density = fails[wider].mean()
    return float(stats.binom.sf(fails[inside].sum() - 1, inside.sum(), density))
