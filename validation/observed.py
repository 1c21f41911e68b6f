"""What was observed: read from the tables in `seeds/`, and from nothing else."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from validation.measures import Periods

ROOT: Final = Path(__file__).parents[1]
SEEDS: Final = ROOT / "seeds"
CEASEFIRE: Final = date(2020, 7, 27)
"""Day 0 of the observed series, and of the runs that are held against it."""
SERIES: Final = "violations recorded by the OSCE SMM"

# Weeks of 2017 that have a count, from 26 August, in the words of the table; the middle of each.
WEEKS_OF_2017: Final = {
    "2017-08-26/2017-09-01": 0.0,
    "2017-09": 2.5,
    "2017-10 (middle)": 6.8,
    "2017-11 (early)": 9.8,
    "2017-12 (early)": 14.1,
    "2017-12-11/2017-12-17": 15.3,
}


def day_of(when: date) -> int:
    """Return how many days after the ceasefire of July 2020 a date is.

    >>> day_of(date(2020, 8, 1))
    5
    """
    return (when - CEASEFIRE).days


def smm_periods() -> Periods:
    """Return the mission's reporting periods, transcribed in `smm_daily.csv`."""
    rows = _rows("smm_daily.csv")
    donetsk, luhansk = _numbers(rows, "donetsk_violations"), _numbers(rows, "luhansk_violations")
    heavy = _numbers(rows, "donetsk_explosions") + _numbers(rows, "luhansk_explosions")
    return Periods(
        last_day=np.array([day_of(date.fromisoformat(row["obs_date"])) for row in rows]),
        days=np.array([int(row["days_covered"]) for row in rows]),
        total=donetsk + luhansk,
        heavy=heavy,
        half=donetsk,
    )


def observed(series: str, period: str) -> list[float]:
    """Return the values of a series and period in `observed.csv`, at least one."""
    found = [
        float(row["value"])
        for row in _rows("observed.csv")
        if row["series"] == series and row["period"] == period
    ]
    if not found:
        raise LookupError(f"observed.csv: has no {series!r} in {period!r}")
    return found


def assumed(identity: str) -> float:
    """Return the value of a row of the assumptions."""
    return next(float(row["value"]) for row in _rows("assumptions.csv") if row["id"] == identity)


def ledger_ids() -> set[str]:
    """Return the ids of the rows that a source can name."""
    return {row["id"] for name in ("literature", "assumptions") for row in _rows(f"{name}.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _numbers(
    rows: list[dict[str, str]], column: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(row[column] or "nan") for row in rows])
