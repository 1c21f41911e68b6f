"""The figures that belong to a sweep, a study or a sensitivity analysis, and their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.results.manifest import DISCLAIMER
from sim.show import comparison, sweeps
from sim.show.style import house_style, save
from sim.study.sweep import shown_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    import pandas as pd
    from matplotlib.axes import Axes

    from sim.results.batch import Batch
    from sim.study.sensitivity import Sensitivity
    from sim.study.studies import StudyResults
    from sim.study.sweep import Sweep

Drawn = tuple[str, "Axes"]
"""The name of a figure's files, and what was drawn."""
_SUFFIXES = (".png", ".svg")
_TWO = 2
_MOST_VALUES = 20


def sweep_figures(sweep: Sweep) -> Iterator[Drawn]:
    """Yield a figure of each outcome that is shown: lines, or a heat map of two values.

    There is none where more than two values vary: no plane shows that.
    """
    footer = (sweep.provenance(),)
    for name in sweep.shown:
        axes = _of_points(sweep.table, name, sweep.paths, sweep.scenario.title, footer)
        if axes is not None:
            yield name, axes


def _of_points(
    table: pd.DataFrame,
    name: str,
    paths: Sequence[str],
    about: str,
    footer: Sequence[str],
    by: str | None = None,
) -> Axes | None:
    told: dict[str, Any] = {"about": about, "footer": footer}
    with house_style():
        if len(paths) == 1:
            line = table, name, paths[0], by
            return sweeps.lines(*line, axes=sweeps.lines_sheet(*line, **told).off_screen(), **told)
        if len(paths) == _TWO and by is None:
            sheet = sweeps.heat_map_sheet(table, name, paths[0], paths[1], **told)
            axes = sheet.off_screen()
            return sweeps.heat_map(table, name, paths[0], paths[1], axes=axes, **told)
    return None


def why_no_figures(paths: Sequence[str]) -> str:
    """Return why nothing is drawn, or nothing where something is."""
    if len(paths) <= _TWO:
        return ""
    return (
        f"no figures: {len(paths)} values vary, and a figure shows one or two; "
        "sim sensitivity and sim discover look at more"
    )


def sensitivity_figures(found: Sensitivity) -> Iterator[Drawn]:
    """Yield the tornado, and what is known of Sobol's indices and Morris' effects.

    Of many values, each shows those that matter most.
    """
    what = found.outcome.name
    table = found.tornado
    sizes = table[["low_difference", "high_difference"]].abs().max(axis=1)
    table, told = _foremost(found, table, sizes)
    with house_style():
        axes = sweeps.tornado_sheet(table, **told).off_screen()
        yield "tornado", sweeps.tornado(table, axes, what=what, **told)
        if found.indices is not None:
            table, noise = found.indices.table, found.indices.luck.noise_share
            table, told = _foremost(found, table, table["ST"])
            axes = sweeps.indices_sheet(table, noise=noise, **told).off_screen()
            yield "indices", sweeps.indices(table, axes, noise=noise, what=what, **told)
        if found.effects is not None:
            table = found.effects.table.assign(unit=found.outcome.unit)
            noise = float(table["noise_mu_star"].max())
            table, told = _foremost(found, table, table["mu_star"])
            axes = sweeps.effects_sheet(table, **told).off_screen()
            yield "effects", sweeps.effects(table, axes, noise=noise, what=what, **told)


def _foremost(
    found: Sensitivity, table: pd.DataFrame, sizes: pd.Series[Any]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the rows of the values that matter most, and what is said around a figure of them."""
    footer = [found.provenance()]
    if len(table) > _MOST_VALUES:
        footer.insert(0, f"The first {_MOST_VALUES} of {len(table)} values; the tables have all.")
    order = sizes.sort_values(ascending=False, kind="stable").index[:_MOST_VALUES]
    shown = table.loc[order].reset_index(drop=True)
    return shown, {"about": found.scenario.title, "footer": footer}


def study_figures(found: StudyResults) -> Iterator[Drawn]:
    """Yield the differences from the first plan, or the outcomes over the points that vary."""
    study = found.study
    footer = (found.provenance(),)
    names = shown_outcomes(study.outcomes, study.batches[0].scenario, found.table)
    if study.paths:
        yield from _over_points(found, names, footer)
    elif len(study.labels) > 1:
        table = found.differences
        table = table[table["quantity"].isin(names) & table["difference"].notna()]
        told: dict[str, Any] = {"about": study.title, "footer": footer}
        with house_style():
            axes = comparison.differences_sheet(table, **told).off_screen()
            yield "differences", comparison.differences(table, axes, first=study.labels[0], **told)


def _over_points(
    found: StudyResults, names: Sequence[str], footer: Sequence[str]
) -> Iterator[Drawn]:
    study, table = found.study, found.table
    for name in names:
        if len(study.paths) == 1:
            known = table[(table["quantity"] != name) | table["estimate"].notna()]
            axes = _of_points(known, name, study.paths, study.title, footer, by="plan")
            if axes is not None:
                yield name, axes
            continue
        for label in study.labels:
            rows = table[(table["plan"] == label) & table["estimate"].notna()]
            if name not in set(rows["quantity"]):
                continue
            about = f"{study.title}: {label}"
            axes = _of_points(rows.drop(columns="plan"), name, study.paths, about, footer)
            if axes is not None:
                yield f"{name}-{label}", axes


def save_figures(
    drawn: Iterator[Drawn], folder: str | PathLike[str], batch: Batch, description: str
) -> list[Path]:
    """Write figures into a folder, as PNG and SVG with their provenance, and return the files."""
    folder = Path(folder)
    told = {
        "Description": description,
        "Scenario": batch.scenario.title,
        "Runs": str(batch.replications),
        "Seed": str(batch.seed),
        "Run id": batch.run_id,
        "Disclaimer": DISCLAIMER,
    }
    files = []
    for name, axes in drawn:
        folder.mkdir(parents=True, exist_ok=True)
        files += [save(axes, folder / f"{name}{suffix}", told) for suffix in _SUFFIXES]
    return files
