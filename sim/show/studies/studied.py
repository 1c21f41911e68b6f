"""The pictures that belong to a sweep, a study or a sensitivity analysis."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.results.manifest import DISCLAIMER
from sim.scenario.sources import grades_in_words
from sim.show.comparisons import comparison
from sim.show.picture import Picture, picture
from sim.show.studies import sweeps
from sim.study.points.sweep import shown_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from sim.results.batch import Batch
    from sim.study.points.studies import StudyResults
    from sim.study.points.sweep import Sweep
    from sim.study.values.sensitivity import Sensitivity

    Draw = Callable[[Axes], Axes]

_TWO: Final = 2
_MOST_VALUES: Final = 20
_TORNADO: Final = "Bars are what changes when one value alone goes to either end of its range"
_INDICES: Final = (
    "Circles are the share of the variance that a value accounts for by itself, squares with all "
    "that it does together with others"
)
_EFFECTS: Final = (
    "A point for each value: to the right, how large its effect is on average; upwards, how much "
    "the effect varies"
)
_DIFFERENCES: Final = (
    "Each point is what another plan changes against the first, a panel for each unit"
)


class _About(NamedTuple):
    """What is said around a figure, and inside its files."""

    scenario: str
    footer: tuple[str, ...]
    provenance: Mapping[str, str]

    def around(self) -> dict[str, Any]:
        """Return the arguments by which a figure and its sheet take it."""
        return {"about": self.scenario, "footer": self.footer}


def sweep_pictures(sweep: Sweep) -> Iterator[Picture]:
    """Yield a picture of each outcome that is shown: lines, or a heat map of two values.

    There is none where more than two values vary: no plane shows that.
    """
    told = sweep.provenance()
    about = _About(sweep.scenario.title, (told,), _provenance(sweep.batch, told))
    for name in sweep.shown:
        yield from _of_points(sweep.table, name, sweep.paths, about)


def _provenance(batch: Batch, description: str) -> dict[str, str]:
    """Return what the numbers are and where they come from, for the inside of a picture's file."""
    return {
        "Description": description,
        "Scenario": batch.scenario.title,
        "Runs": str(batch.replications),
        "Seed": str(batch.seed),
        "Run id": batch.run_id,
        "Disclaimer": DISCLAIMER,
    }


def _of_points(
    table: pd.DataFrame,
    quantity: str,
    paths: Sequence[str],
    about: _About,
    *,
    by: str | None = None,
    name: str | None = None,
) -> Iterator[Picture]:
    """Yield the picture of an outcome over the points, if a plane can show it."""
    told: dict[str, Any] = about.around()
    over = " and ".join(paths)
    if len(paths) == 1:
        line = table, quantity, paths[0], by
        draw: Draw = partial(_lines, line, told)
        sheet = sweeps.lines_sheet(*line, **told)
        shows = f"Each point is the estimate at a value of {over}"
    elif len(paths) == _TWO and by is None:
        draw = partial(sweeps.heat_map, table, quantity, paths[0], paths[1], **told)
        sheet = sweeps.heat_map_sheet(table, quantity, paths[0], paths[1], **told)
        shows = f"Each colour is the estimate at a pair of values of {over}"
    else:
        return
    yield picture(name or quantity, draw, sheet, shows, about.provenance)


def _lines(line: tuple[pd.DataFrame, str, str, str | None], told: Any, axes: Axes) -> Axes:  # noqa: ANN401 - keywords
    return sweeps.lines(*line, axes=axes, **told)


def why_no_figures(paths: Sequence[str]) -> str:
    """Return why nothing is drawn, or nothing where something is."""
    if len(paths) <= _TWO:
        return ""
    return (
        f"no figures: {len(paths)} values vary, and a figure shows one or two; "
        "sim sensitivity and sim discover look at more"
    )


def sensitivity_pictures(found: Sensitivity) -> Iterator[Picture]:
    """Yield the tornado, and what is known of Sobol's indices and Morris' effects.

    Of many values, each shows those that matter most.
    """
    what = found.outcome.name
    sizes = found.tornado[["low_difference", "high_difference"]].abs().max(axis=1)
    table, told = foremost(found, found.tornado, sizes)
    draw: Draw = partial(sweeps.tornado, table, what=what, **told)
    inside = _provenance(found.batch, found.provenance())
    yield picture("tornado", draw, sweeps.tornado_sheet(table, **told), _TORNADO, inside)
    if found.indices is not None:
        noise = found.indices.luck.noise_share
        table, told = foremost(found, found.indices.table, found.indices.table["ST"])
        draw = partial(sweeps.indices, table, noise=noise, what=what, **told)
        sheet = sweeps.indices_sheet(table, noise=noise, **told)
        yield picture("indices", draw, sheet, _INDICES, inside)
    if found.effects is not None:
        table = found.effects.table.assign(unit=found.outcome.unit)
        noise = float(table["noise_mu_star"].max())
        table, told = foremost(found, table, table["mu_star"])
        draw = partial(sweeps.effects, table, noise=noise, what=what, **told)
        yield picture("effects", draw, sweeps.effects_sheet(table, **told), _EFFECTS, inside)


def foremost(
    found: Sensitivity, table: pd.DataFrame, sizes: pd.Series[Any]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the rows of the values that matter most, and what is said around a figure of them."""
    footer = [found.provenance()]
    if len(table) > _MOST_VALUES:
        footer.insert(0, f"The first {_MOST_VALUES} of {len(table)} values; the tables have all.")
    order = sizes.sort_values(ascending=False, kind="stable").index[:_MOST_VALUES]
    shown = table.loc[order].reset_index(drop=True)
    return shown, {"about": found.scenario.title, "footer": footer}


def study_pictures(found: StudyResults) -> Iterator[Picture]:
    """Yield the differences from the first plan, or the outcomes over the points that vary."""
    study, first = found.study, found.study.batches[0]
    told = f"{found.provenance()} | {study.labels[0]}: {grades_in_words(first.scenario)}"
    about = _About(study.title, (told,), _provenance(first, found.provenance()))
    names = shown_outcomes(study.outcomes, first.scenario, found.table)
    if study.paths:
        for name in names:
            yield from _over_points(found, name, about)
    elif len(study.labels) > 1:
        table = found.differences
        table = table[table["quantity"].isin(names) & table["difference"].notna()]
        said: dict[str, Any] = about.around()
        draw = partial(comparison.differences, table, first=study.labels[0], **said)
        sheet = comparison.differences_sheet(table, **said)
        yield picture("differences", draw, sheet, _DIFFERENCES, about.provenance)


def _over_points(found: StudyResults, name: str, about: _About) -> Iterator[Picture]:
    """Yield the picture of an outcome with a line for each plan, or one of each plan."""
    study, table = found.study, found.table
    table = table[(table["quantity"] != name) | table["estimate"].notna()]
    if len(study.paths) == 1:
        yield from _of_points(table, name, study.paths, about, by="plan")
        return
    for label in study.labels:
        rows = table[table["plan"] == label].drop(columns="plan")
        if name in set(rows["quantity"]):
            of_plan = about._replace(scenario=f"{study.title}: {label}")
            yield from _of_points(rows, name, study.paths, of_plan, name=f"{name}-{label}")
