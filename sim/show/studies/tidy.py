"""A sweep's tidy table: the rows of one quantity, what they are counted in, and what varies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

_MEASURED: Final = ("quantity", "meaning", "estimate", "low", "high", "unit", "method", "n")
"""The columns that are not what varies; a table may have some of them only."""


class Measure(NamedTuple):
    """What the numbers of one quantity are counted in, and by what they are multiplied for that."""

    name: str
    """What is measured."""
    words: str
    """The same, with its unit."""
    scale: float


def of_quantity(table: pd.DataFrame, quantity: str) -> tuple[pd.DataFrame, Measure]:
    """Return the rows of a quantity, and its measure."""
    rows = table[table["quantity"] == quantity]
    if rows.empty:
        known = ", ".join(map(str, table["quantity"].unique()))
        raise ValueError(f'quantity: is "{quantity}", must be one of {known}')
    unit = str(rows["unit"].iloc[0])
    name = str(rows["meaning"].iloc[0]) if "meaning" in rows else quantity
    if unit.startswith("share"):
        return rows, Measure(name, f"{name}: {unit} (%)", 100.0)
    return rows, Measure(name, f"{name} ({unit})", 1.0)


def check_path(table: pd.DataFrame, argument: str, path: str) -> None:
    """Complain of a column that is not there or does not vary."""
    varied = [one for one in table.columns if one not in _MEASURED]
    if path not in varied:
        known = ", ".join(map(str, varied))
        raise ValueError(f'{argument}: is "{path}", must be one of {known}')


def rests_on(rows: pd.DataFrame) -> str:
    """Return how many runs, calls or deadlines a point rests on."""
    if "n" not in rows or not rows["unit"].iloc[0].startswith("share of"):
        return ""
    least, most = int(rows["n"].min()), int(rows["n"].max())
    what = rows["unit"].iloc[0].removeprefix("share of ")
    many = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return f"; each point rests on {many} {what}"


def check_once(rows: pd.DataFrame, paths: Sequence[str]) -> None:
    """Complain where a point of the figure would be several rows of the table."""
    if not rows.duplicated(paths).any():
        return
    others = [
        str(one)
        for one in rows.columns
        if one not in (*_MEASURED, *paths) and len(rows[one].unique()) > 1
    ]
    raise ValueError(
        f"table: has several rows for a value of {' and '.join(paths)}, must have one of each; "
        f"choose by {', '.join(others) or 'row'}"
    )


def is_number(values: pd.Series[Any]) -> bool:
    """Return whether values are numbers, and not yes or no."""
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
