"""All pictures of what was found, whatever it is: of runs, a comparison, a sweep, a study."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.results.folder import write_file
from sim.results.manifest import DISCLAIMER
from sim.results.results import Results
from sim.show.comparisons.compared import comparison_pictures
from sim.show.picture import Picture, picture
from sim.show.runs.curves import timing, timing_sheet
from sim.show.runs.delays import delays, delays_sheet
from sim.show.runs.endings import outcomes, outcomes_sheet
from sim.show.runs.fighting import fighting, fighting_sheet
from sim.show.studies.studied import sensitivity_pictures, study_pictures, sweep_pictures
from sim.show.timelines.timeline import timeline_picture
from sim.study.comparing.comparison import Comparison
from sim.study.points.studies import StudyResults
from sim.study.points.sweep import Sweep
from sim.study.run import trace
from sim.study.values.sensitivity import Sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from os import PathLike

    from matplotlib.axes import Axes

    from sim.show.style import Sheet

__all__ = ["Found", "Picture", "pictures", "save_all", "save_pictures"]

Found = Results | Comparison | Sweep | Sensitivity | StudyResults
"""What `sim.read` returns."""
CAPTIONS: Final = "captions.txt"
# In a timeline of more violations nobody sees anything.
_MOST_DRAWN: Final = 100_000
_FIGURES: Final[
    dict[str, tuple[Callable[[Results, Axes], Axes], Callable[[Results], Sheet], str]]
] = {
    "outcomes": (
        outcomes,
        outcomes_sheet,
        "Bars are shares of the runs: by how they ended, and by the highest level of fighting",
    ),
    "timing": (
        timing,
        timing_sheet,
        "A curve for the first crisis, for each step in force at least once, and for the collapse",
    ),
    "delays": (
        delays,
        delays_sheet,
        "Curves: each step's calls; bars: the mean hours that each part of its delay took",
    ),
    "fighting": (
        fighting,
        fighting_sheet,
        "A row for fighting anywhere on the line, and one for each level of fighting",
    ),
}


def pictures(found: Found) -> Iterator[Picture]:
    """Yield every picture of what was found, each drawn when it is asked for; needs no screen.

    Raises `TypeError` for what `sim.read` does not return.
    """
    match found:
        case Results():
            return _of_results(found)
        case Comparison():
            return comparison_pictures(found)
        case Sweep():
            return sweep_pictures(found)
        case Sensitivity():
            return sensitivity_pictures(found)
        case StudyResults():
            return study_pictures(found)
    message = f"found: is a {type(found).__name__}, must be what sim.read returns"
    raise TypeError(message)


def save_all(found: Found, folder: str | PathLike[str]) -> list[Path]:
    """Write every picture of what was found into a folder, as PNG and SVG, and return these files.

    Beside them `captions.txt` has a caption of each. Of runs, the timeline is of the one in which
    most happened. Needs no screen. What is the same gives the same bytes.
    """
    return save_pictures(pictures(found), folder)


def save_pictures(some: Iterable[Picture], folder: str | PathLike[str]) -> list[Path]:
    """Write pictures and their captions into a folder, and return the files of the pictures."""
    files: list[Path] = []
    captions = []
    for one in some:
        files += one.save(folder)
        captions.append(f"{one.name}\n{one.caption}\n")
    if captions:
        write_file(Path(folder) / CAPTIONS, "\n".join(captions).encode())
    return files


def _of_results(results: Results) -> Iterator[Picture]:
    told = provenance(results)
    for name, (figure, sheet, shows) in _FIGURES.items():
        yield picture(name, partial(figure, results), sheet(results), shows, told)
    run, plan = _richest_run(results), results.scenario_as_run()
    if run is not None:
        yield timeline_picture(trace(plan, run, engine="compiled"), plan, run)


def provenance(results: Results) -> dict[str, str]:
    """Return what the numbers are and where they come from, for the inside of a picture's file."""
    return {
        "Description": results.provenance(),
        "Scenario": results.scenario.title,
        "Runs": str(results.replications),
        "Seed": str(results.seed),
        "Run id": results.run_id,
        "Disclaimer": DISCLAIMER,
    }


def _richest_run(results: Results) -> int | None:
    """Return the first run that went highest and, of those, had most of the steps in force.

    Of the first 100,000 runs, whose rows are always there. Runs with more violations than a picture
    can show do not count, nor do runaways.
    """
    steps = results.scenario.steps
    runs = results.sample
    in_force = sum(runs[f"{name}_first_hours"].notna().to_numpy(int) for name in steps)
    violations = runs["incidents"] + runs["attacks"]
    drawable = (violations <= _MOST_DRAWN) & (runs["outcome"] != "runaway")
    richness = runs["highest_level"] * (len(steps) + 1) + in_force
    best = int(richness.where(drawable, -1).to_numpy().argmax())
    return best if drawable.iloc[best] else None
