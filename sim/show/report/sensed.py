"""What a sensitivity analysis says: which values decide, by how much, and whether it is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.results.numbers import change, of_bounds, three
from sim.scenario.counts import counted
from sim.show.paths import value_text
from sim.show.report.page import Column, Prose, table
from sim.show.report.swept_words import capitalised
from sim.study.values.verdict import told_by_effects, told_by_indices

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sim.show.report.page import Block, Table
    from sim.study.values.sensitivity import Sensitivity

_INDICES: Final = "Sobol's indices: which part of the variance is whose"
_EFFECTS: Final = "Morris' effects: how much each value moves the outcome"
_NOT_ENOUGH: Final = (
    "The sample was not enough to rely on the ranking: what is said of it is a first impression."
)


def sensitivity_answer(found: Sensitivity) -> Iterator[Block]:
    """Yield what decides the outcome, of what that is said, and whether the sample was enough."""
    yield Prose(f"{capitalised(found.words)}.")
    ranges = "the evidence has" if found.are_of_the_evidence else "were given"
    values = counted(len(found.ranges), "value")
    points = counted(len(found.batch.cases), "point")
    runs = counted(found.batch.replications, "run")
    yield Prose(
        f"The outcome is {found.about_the_outcome()}. {values} went through the ranges that "
        f"{ranges}: {points} of {runs} each, on the same luck."
    )
    is_said = found.indices is not None or found.effects is not None
    if is_said and not found.enough:
        yield Prose(_NOT_ENOUGH, "Note:")


def sensitivity_tables(found: Sensitivity) -> Iterator[Block]:
    """Yield what each value does by itself, the indices and the effects."""
    yield _tornado(found)
    if found.indices is not None:
        told, measures = set(told_by_indices(found.indices.table)), {"S1": "alone", "ST": "in all"}
        names = {key: f"share of the variance {words} (%)" for key, words in measures.items()}
        yield _measures(_INDICES, found.indices.table, names, told, "share")
    if found.effects is not None:
        told = set(told_by_effects(found.effects.table))
        names = {"mu_star": f"mean effect ({found.outcome.unit})"}
        yield _measures(_EFFECTS, found.effects.table, names, told, found.outcome.unit)
    is_known = {"Sobol": found.indices is not None, "Morris": found.effects is not None}
    for method, words in found.statements().items():
        said = words if is_known[method] else f"the estimates of {found.outcome.name} {words}"
        yield Prose(f"{said}.", f"{method}:")


def _tornado(found: Sensitivity) -> Table:
    columns = (
        Column("value", has_paths=True),
        Column("as it is", is_number=True),
        Column("low end", is_number=True),
        Column("change there", is_number=True),
        Column("high end", is_number=True),
        Column("change there", is_number=True),
    )
    return table(
        f"What one value alone does to {found.outcome.name} ({found.outcome.unit})",
        columns,
        map(_ends, found.tornado.to_dict("records")),
        "On the same luck as the scenario as it is; in brackets 95 % intervals.",
    )


def _ends(row: dict[Any, Any]) -> tuple[str, ...]:
    cells = [str(row["path"]), value_text(row["base_value"])]
    for side in ("low", "high"):
        moved = three(row, *(f"{side}_{one}" for one in ("difference", "low", "high")))
        cells += [value_text(row[f"{side}_value"]), change(moved, str(row["unit"])).in_words()]
    return tuple(cells)


def _measures(
    caption: str, rows: pd.DataFrame, names: dict[str, str], told: set[str], unit: str
) -> Table:
    """Return a row for each value, the one that matters most first."""
    last = list(names)[-1]
    ordered = rows.sort_values(last, ascending=False, kind="stable").to_dict("records")
    columns = (
        Column("value", has_paths=True),
        *(Column(words, is_number=True) for words in names.values()),
        Column("told from noise"),
    )
    found = (
        (
            str(row["path"]),
            *(_measure(row, name, unit) for name in names),
            "yes" if row["path"] in told else "no",
        )
        for row in ordered
    )
    return table(caption, columns, found, "In brackets: 95 % intervals.")


def _measure(row: dict[Any, Any], name: str, unit: str) -> str:
    shown = of_bounds(three(row, name, f"{name}_low", f"{name}_high"), unit)
    is_effect = name == "mu_star" and shown.unit
    return (shown._replace(unit=" points") if is_effect else shown).in_words()
