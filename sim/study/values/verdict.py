"""What a sensitivity analysis says, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.results.quantities import Quantity
    from sim.study.values.effects import MorrisEffects
    from sim.study.values.indices import SobolIndices

_MOST_NAMED: Final = 4
_ERROR_RATE: Final = 0.05
_OF_ONE: Final = 1.959964

Rows = dict[str, dict[Any, Any]]
"""Rows of a table by their paths, in the order in which they matter."""


def verdict(
    outcome: Quantity, indices: SobolIndices | None, effects: MorrisEffects | None, why: str
) -> str:
    """Return in a sentence which values decide an outcome, by how much, and which do not.

    A value is named where either method tells what it does from noise.
    """
    if indices is None and effects is None:
        return f"nothing can be said about what decides {outcome.name}, since its estimates {why}"
    of_indices: Rows = {} if indices is None else told_by_indices(indices.table)
    of_effects: Rows = {} if effects is None else told_by_effects(effects.table)
    told = list(dict.fromkeys([*of_indices, *of_effects]))
    named = [
        _explained(path, of_indices[path])
        if path in of_indices
        else _moved(path, of_effects[path], outcome)
        for path in told[:_MOST_NAMED]
    ]
    tables = [one.table for one in (indices, effects) if one is not None]
    others = [path for path in tables[0]["path"] if path not in told]
    return _sentence(outcome.name, named, len(told), others)


def told_by_indices(table: pd.DataFrame) -> Rows:
    """Return the rows whose total index is above zero, the largest first."""
    return _told_from_noise(table, "ST", 0.0)


def told_by_effects(table: pd.DataFrame) -> Rows:
    """Return the rows whose mean effect is above what noise alone would bring."""
    return _told_from_noise(table, "mu_star", table["noise_mu_star"])


def _told_from_noise(table: pd.DataFrame, measure: str, noise: Any) -> Rows:  # noqa: ANN401
    """Return the rows whose measure is above the noise.

    Intervals are widened so that all of them together hold in 95 % of analyses (Bonferroni): of
    fifty values that do nothing one would be named otherwise.
    """
    from scipy import special  # noqa: PLC0415 - takes time

    wider = float(special.ndtri(1 - _ERROR_RATE / 2 / len(table))) / _OF_ONE
    half = (table[f"{measure}_high"] - table[f"{measure}_low"]) / 2
    told = table[table[measure] - wider * half > noise]
    rows = told.sort_values(measure, ascending=False, kind="stable").to_dict("records")
    return {str(row["path"]): row for row in rows}


def _explained(path: str, row: dict[Any, Any]) -> str:
    return (
        f"{path} ({_percent(row['S1'])} % of the variance by itself, {_percent(row['ST'])} % with "
        "all it does together with others)"
    )


def _percent(share: float) -> str:
    return f"{round(100 * min(max(share, 0.0), 1.0))}"


def _moved(path: str, row: dict[Any, Any], outcome: Quantity) -> str:
    is_share = outcome.unit.startswith("share")
    size = 100 * row["mu_star"] if is_share else row["mu_star"]
    unit = "percentage points" if is_share else outcome.unit
    return f"{path} (moves it by {size:.2g} {unit} on average when it goes through its range)"


def _sentence(outcome: str, named: Sequence[str], told: int, others: Sequence[str]) -> str:
    rest = f"{len(others)} others" if len(others) > _MOST_NAMED else _listed(others)
    if not told:
        return f"none of {len(others)} values can be told from noise in what they do to {outcome}"
    more = f", and {told - len(named)} more" if told > len(named) else ""
    silent = f". {rest} cannot be told from noise" if others else ""
    return f"what decides {outcome} is {'; '.join(named)}{more}{silent}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
