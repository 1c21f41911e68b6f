"""How to get the same numbers again: commands, ids, versions, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.model.code_cache import code_fingerprint
from sim.results.manifest import plain_manifest
from sim.results.results import Results
from sim.scenario.counts import counted
from sim.show.report.commands import (
    exact_commands,
    folder_name,
    scenario_files,
    typed_commands,
)
from sim.show.report.page import Code, Column, Folded, Prose, section, table
from sim.study.comparing.compared_folder import Plans
from sim.study.comparing.comparison import Comparison
from sim.study.points.studies import StudyResults
from sim.study.points.sweep import Sweep
from sim.study.values.sensitivity import Sensitivity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.results.batch import Batch
    from sim.show.pictures import Found
    from sim.show.report.page import Block, Section

_TYPE: Final = (
    "Type this into a terminal, beside the folder of the results, with ceasefire-sim installed. "
    "On any machine the same numbers come out."
)
_TYPE_IT_SAVED: Final = (
    "Save each scenario from the end of this section as a file, and type this beside it, with "
    "ceasefire-sim installed. On any machine the same numbers come out."
)
_EXACTLY: Final = (
    "The manifest alone is enough to play everything again. The folder is then the same, byte for "
    "byte, with these versions of the rules and of what they stand on."
)
_OTHER_RULES: Final = (
    "Attention: these numbers were played by other rules than those of the program that made this "
    "page. The commands below need the version of ceasefire-sim with the rules named below."
)


def again(found: Found) -> Section:
    """Return how to reproduce what was found."""
    return section("again", "The same numbers again", _blocks(found))


def results_of(found: Found) -> tuple[Results, ...]:
    """Return the rows that were played: of each plan, or of all points."""
    match found:
        case Results():
            return (found,)
        case Comparison() | StudyResults():
            return found.results
        case Sweep() | Sensitivity():
            return (found.results,)


def batches_of(found: Found) -> list[Batch]:
    """Return what was played, a batch for each plan."""
    return [one.batch for one in results_of(found)]


def name_of(found: Found) -> str:
    """Return the hexadecimal digits that name what was found."""
    match found:
        case Comparison():
            return Plans.of(found).comparison_id
        case StudyResults():
            # As it was when it was played: the study itself would name it by the present rules.
            return str(plain_manifest(found.folder)["study_id"])
        case Results() | Sweep() | Sensitivity():
            return found.batch.run_id


def played_by_these_rules(found: Found) -> bool:
    """Return whether the program's own rules are those that the runs were played by."""
    ours = code_fingerprint("model", "scenario", "engines")
    return all(one.code == ours for one in batches_of(found))


def _blocks(found: Found) -> Iterator[Block]:
    if not played_by_these_rules(found):
        yield Prose(_OTHER_RULES)
    typed, exact = typed_commands(found), exact_commands(found)
    if typed:
        yield Prose(_TYPE if folder_name(found) else _TYPE_IT_SAVED)
        yield Code("\n".join(typed), "The command that plays the same again")
    if exact:
        yield Prose(_EXACTLY)
        yield Code("\n".join(exact), "The commands that make the same folder again")
    yield table("What it is", (Column("what"), Column("is")), _facts(found))
    yield from _scenarios(found)
    yield from _files(found)


def _facts(found: Found) -> Iterator[tuple[str, str]]:
    first = batches_of(found)[0]
    told = _told(found)
    if name_of(found) != first.run_id:
        yield "id", name_of(found)
    for label, batch in zip(labels_of(found), batches_of(found), strict=True):
        yield f"run id {label}".strip(), batch.run_id
    yield "runs", f"{first.replications:,}"
    yield "seed", str(first.seed)
    if first.until is not None:
        yield "as many runs as it took to know", first.until
    yield "rules", first.code
    for tool, version in told["versions"].items():
        yield f"version of {tool}", str(version)


def labels_of(found: Found) -> tuple[str, ...]:
    """Return what the plans are called; one that is alone has no name."""
    match found:
        case Comparison():
            return found.labels
        case StudyResults():
            return found.study.labels
        case _:
            return ("",)


def _told(found: Found) -> dict[str, Any]:
    """Return the manifest of the first plan as it was when it was played."""
    if found.folder is None:
        return batches_of(found)[0].manifest()
    told = plain_manifest(found.folder)
    return dict(told["plans"][0]["batch"]) if "plans" in told else told


def _scenarios(found: Found) -> Iterator[Block]:
    """Yield each scenario as a file, so that the page alone is enough."""
    for file, batch in zip(scenario_files(found), batches_of(found), strict=True):
        text = batch.scenario_as_run.to_toml()
        yield Folded(f"The scenario as a file: {file}", (Code(text, file),), is_printed=False)


def _files(found: Found) -> Iterator[Block]:
    """Yield the sha256 of each file of the folder, as its manifest has it."""
    if found.folder is None:
        return
    files = plain_manifest(found.folder)["files"]
    columns = (Column("file"), Column("sha256"))
    yield Folded(
        f"The folder's {counted(len(files), 'file')} and their sha256",
        (table(f"Files of {folder_name(found)}", columns, sorted(files.items())),),
        is_printed=False,
    )
