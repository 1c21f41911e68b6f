"""What is printed of sweeps, studies, sensitivity analyses and discoveries."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text

from sim.results.numbers import alone, rounded, signed
from sim.scenario.counts import counted
from sim.show.paths import value_text
from sim.study.values.verdict import told_by_effects, told_by_indices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from rich.console import RenderableType

    from sim.results.batch import Batch
    from sim.study.points.studies import StudyResults
    from sim.study.points.sweep import Sweep
    from sim.study.values.sensitivity import Sensitivity

_MOST_POINTS: Final = 40
# Points of a design are in no order in which anybody would read them.
_MOST_SPREAD: Final = 8
_MOST_VALUES: Final = 15
_PATH_WIDTH: Final = 18
_HOW_TO_RAISE: Final = (
    "--samples are the base samples of Sobol's indices; Morris' effects have a quarter as many "
    "trajectories. A value with ? beside it cannot be told from noise, all of them together."
)
_NOTE: Final = "Illustrative: conditional on assumptions, not a forecast."


def sweep_lines(sweep: Sweep) -> Iterator[RenderableType]:
    """Yield what `sim sweep` prints: a line a point, with the outcomes that are shown."""
    yield Text(sweep.scenario.title, style="bold")
    batch = sweep.batch
    yield Text(
        f"{_points(batch)}, all on the same luck, seed {batch.seed}, run id {batch.run_id}; "
        "95 % intervals in brackets"
    )
    most = _MOST_POINTS if sweep.design == "grid" else _MOST_SPREAD
    yield from points_table(sweep.table, sweep.paths, sweep.shown, most)
    yield Text(_NOTE, style="italic")


def study_lines(found: StudyResults, shown: Sequence[str]) -> Iterator[RenderableType]:
    """Yield what `sim study` prints: a line for each plan at each point."""
    study = found.study
    yield Text(study.title, style="bold")
    at = f", each at {counted(study.points, 'point')}" if study.paths else ""
    batch = study.batches[0]
    yield Text(
        f"{counted(len(study.labels), 'plan')}{at}, {counted(batch.replications, 'run')} each "
        f"time, all on the same luck, seed {batch.seed}; 95 % intervals in brackets"
    )
    yield from points_table(found.table, ("plan", *study.paths), shown)
    first = study.labels[0]
    if len(study.labels) > 1:
        yield Text(
            f"differences.csv has what each plan changes against {first}, run by run on the same "
            "luck, which is far surer than these intervals look"
        )
    yield Text(_NOTE, style="italic")


def points_table(
    table: pd.DataFrame, keys: Sequence[str], shown: Sequence[str], most: int = _MOST_POINTS
) -> Iterator[RenderableType]:
    """Yield a table with a line for each point, and how many points it leaves out."""
    if not shown:
        yield Text("none of the outcomes has an estimate anywhere")
        return
    chosen = table[table["quantity"].isin(shown)]
    printed = Table(box=None, padding=(0, 1), title_justify="left")
    for key in keys:
        printed.add_column(Text(_in_lines(key)), no_wrap=True)
    for name in shown:
        unit = str(chosen[chosen["quantity"] == name]["unit"].iloc[0])
        said = f"% of {unit.removeprefix('share of ')}" if unit.startswith("share") else unit
        printed.add_column(
            Text(f"{_in_lines(name)}\n{_in_lines(said)}"), justify="right", no_wrap=True
        )
    groups = list(chosen.groupby(list(keys), sort=False))
    for values, rows in groups[:most]:
        cells = {str(row["quantity"]): row for row in rows.to_dict("records")}
        told = (_estimate(cells.get(name)) for name in shown)
        printed.add_row(*(Text(value_text(one)) for one in values), *map(Text, told))
    yield printed
    if len(groups) > most:
        yield Text(f"and {counted(len(groups) - most, 'more point')}, in table.csv")


def _in_lines(path: str) -> str:
    """Return a path in lines that are broken behind its dots."""
    lines = textwrap.wrap(path.replace(".", ". "), _PATH_WIDTH, break_long_words=False)
    return "\n".join(line.replace(". ", ".") for line in lines)


def _estimate(row: dict[Any, Any] | None) -> str:
    """Return an estimate with its interval, a share in percent."""
    if row is None or math.isnan(row["estimate"]):
        return "none"
    scale = 100 if str(row["unit"]).startswith("share") else 1
    value, low, high = (scale * float(row[one]) for one in ("estimate", "low", "high"))
    return _with_bounds(value, low, high)


def _with_bounds(value: float, low: float, high: float) -> str:
    """Return a value with its interval, with no more digits than the interval is worth.

    >>> _with_bounds(24.03, 14.3, 37.2), _with_bounds(0.5214, 0.4933, 0.5495)
    ('24 [14, 37]', '0.521 [0.493, 0.549]')
    """
    half = (high - low) / 2
    if not half > 0:
        return alone(value)
    shown, *bounds = (rounded(one, half) for one in (value, low, high))
    return f"{shown} [{bounds[0]}, {bounds[1]}]"


def sensitivity_lines(found: Sensitivity) -> Iterator[RenderableType]:
    """Yield what `sim sensitivity` prints: the answer, a line a value, and whether it is enough."""
    yield Text(found.scenario.title, style="bold")
    yield Text(found.about_the_outcome())
    ranges = "the ranges that the evidence has" if found.are_of_the_evidence else "the ranges given"
    yield Text(
        f"{counted(len(found.ranges), 'value')} over {ranges}; {_points(found.batch)}, "
        f"seed {found.batch.seed}, run id {found.batch.run_id}"
    )
    yield Text(f"Answer: {found.words}.", style="bold")
    yield _values_table(found)
    if len(found.ranges) > _MOST_VALUES:
        more = counted(len(found.ranges) - _MOST_VALUES, "more value")
        yield Text(f"and {more}, in the folder's tables")
    is_known = found.indices is not None or found.effects is not None
    for method, words in found.statements().items() if is_known else ():
        yield Text(f"{method}: {words}.")
    if is_known and not found.enough:
        yield Text(_HOW_TO_RAISE)
    yield Text(_NOTE, style="italic")


def _points(batch: Batch) -> str:
    points, runs = counted(len(batch.cases), "point"), counted(batch.replications, "run")
    return f"{points} of {runs}"


def _values_table(found: Sensitivity) -> Table:
    """Return a line for each value, the one that matters most first."""
    rows = {str(row["path"]): row for row in found.tornado.to_dict("records")}
    printed = Table(box=None, padding=(0, 1))
    printed.add_column("value", no_wrap=True)
    printed.add_column("range", justify="right", no_wrap=True)
    scale, unit = (100, " (% points)") if found.outcome.unit.startswith("share") else (1, "")
    for side in ("low", "high"):
        printed.add_column(f"to the {side} end,\nchange{unit}", justify="right", no_wrap=True)
    columns = _measures(found, scale)
    for name, _ in columns:
        printed.add_column(name, justify="right", no_wrap=True)
    for path in _order(found)[:_MOST_VALUES]:
        row = rows[path]
        ends = f"{value_text(row['low_value'])} to {value_text(row['high_value'])}"
        moved = [
            _signed(*(scale * float(row[f"{side}_{one}"]) for one in ("difference", "low", "high")))
            for side in ("low", "high")
        ]
        told = (of_path[path] for _, of_path in columns)
        printed.add_row(Text(_in_lines(path)), Text(ends), *map(Text, moved), *map(Text, told))
    return printed


def _order(found: Sensitivity) -> list[str]:
    if found.indices is not None:
        table, measure = found.indices.table, "ST"
    elif found.effects is not None:
        table, measure = found.effects.table, "mu_star"
    else:
        return [one.path for one in found.ranges]
    return list(table.sort_values(measure, ascending=False, kind="stable")["path"])


def _measures(found: Sensitivity, scale: float) -> list[tuple[str, dict[str, str]]]:
    """Return the column of what was found, by path: what is not told from noise has a ?.

    Effects are shown where there are no indices; both at once are too wide for a screen.
    """
    told: set[str] = set()
    if found.effects is not None:
        told |= set(told_by_effects(found.effects.table))
    if found.indices is not None:
        table = found.indices.table
        told |= set(told_by_indices(table))
        return [("variance\n(ST), %", _interval_texts(table, "ST", 100, told))]
    if found.effects is not None:
        texts = _interval_texts(found.effects.table, "mu_star", scale, told)
        return [("mean effect\n(mu*)", texts)]
    return []


def _interval_texts(
    table: pd.DataFrame, measure: str, scale: float, told: set[str]
) -> dict[str, str]:
    texts = {}
    for row in table.to_dict("records"):
        value, low, high = (scale * row[f"{measure}{end}"] for end in ("", "_low", "_high"))
        shown = _with_bounds(value, low, high)
        texts[row["path"]] = shown if row["path"] in told else f"{shown} ?"
    return texts


def _signed(value: float, low: float, high: float) -> str:
    if math.isnan(value):
        return "none"
    half = (high - low) / 2
    if not half > 0:
        return signed(value, 0.0)
    shown, *bounds = (signed(one, half) for one in (value, low, high))
    return f"{shown} [{bounds[0]}, {bounds[1]}]"
