"""The evidence that sources point to: of each id of the ledger its grade and what it says.

`python -m sim.scenario.ledger` writes `ledger.csv` anew beside this module, from the tables in
`seeds/`, which an installed package does not have.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

LEDGER_FILE: Final = Path(__file__).with_name("ledger.csv")
SEEDS: Final = Path(__file__).parents[2] / "seeds"
_TABLES: Final = ("facts", "literature", "readings", "assumptions")


class Evidence(NamedTuple):
    """A row of the ledger, as short as it can be told."""

    id: str
    grade: str
    """reported, literature or assumption."""
    says: str
    range: str
    """What the figure may plausibly be, in the words of the ledger; empty: it gives no range."""


@cache
def ledger() -> dict[str, Evidence]:
    """Return the rows of the ledger by their ids.

    >>> ledger()["A80"].grade
    'literature'
    """
    return {row["id"]: Evidence(**row) for row in _rows(LEDGER_FILE)}


def written_anew() -> list[Evidence]:
    """Return what the tables in `seeds/` say, in their order."""
    return [
        Evidence(row["id"], row["grade"], _says(row), row.get("range", ""))
        for name in _TABLES
        for row in _rows(SEEDS / f"{name}.csv")
    ]


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def _says(row: dict[str, str]) -> str:
    """Return what a row says, with where it says it and what to mind."""
    kind = row["id"][0]
    if kind == "F":
        unconfirmed = " (unconfirmed)" if "unconfirmed" in row["confidence"] else ""
        return f"{row['paraphrase']}{unconfirmed}"
    if kind == "A":
        return row["basis"]
    confidence = "" if row["confidence"] == "high" else f"; confidence {row['confidence']}"
    words = row["finding"] if kind == "L" else f"Reading of {row['item']}: {row['reading']}"
    return f"{words} [{row['source']}{confidence}]"


def _write() -> None:
    with LEDGER_FILE.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(Evidence._fields)
        writer.writerows(written_anew())


if __name__ == "__main__":
    _write()
