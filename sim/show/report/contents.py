"""What is on the page of each kind of results, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.results import Results
from sim.scenario.counts import counted
from sim.scenario.sources import GRADES, grade_counts, grades_in_words
from sim.show.pictures import pictures
from sim.show.report.again import again, labels_of, name_of, played_by_these_rules, results_of
from sim.show.report.compared import comparison_answer, comparison_tables
from sim.show.report.drawings import figure
from sim.show.report.evidence import assumptions
from sim.show.report.failed import failed_runs
from sim.show.report.glossary import glossary
from sim.show.report.page import Listed, Page, Prose, section
from sim.show.report.plans import plan_section
from sim.show.report.run_tables import run_tables
from sim.show.report.run_words import answers
from sim.show.report.sensed import sensitivity_answer, sensitivity_tables
from sim.show.report.studied import study_answer, study_tables
from sim.show.report.swept import sweep_answer, sweep_tables
from sim.study.comparing.comparison import Comparison
from sim.study.points.studies import StudyResults
from sim.study.points.sweep import Sweep
from sim.study.values.sensitivity import Sensitivity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.scenario import Scenario
    from sim.show.pictures import Found
    from sim.show.report.page import Block, Section


def page_of(found: Found) -> Page:
    """Return the page of what was found."""
    scenarios = _scenarios(found)
    return Page(
        title=_title(found),
        what=_what(found),
        answer=tuple(_answer(found)),
        grades=_grades(scenarios),
        name=name_of(found),
        sections=tuple(_sections(found, scenarios)),
    )


def _sections(found: Found, scenarios: dict[str, Scenario]) -> Iterator[Section]:
    drawn = section("figures", "Figures", _figures(found))
    if drawn.blocks:
        yield drawn
    yield section("numbers", "Numbers", _tables(found))
    yield plan_section(scenarios)
    yield assumptions(scenarios)
    yield again(found)
    yield glossary()


def _scenarios(found: Found) -> dict[str, Scenario]:
    """Return the scenarios by their labels."""
    match found:
        case Comparison():
            return dict(zip(found.labels, found.scenarios, strict=True))
        case StudyResults():
            plans = [one.scenario for one in found.results]
            return dict(zip(found.study.labels, plans, strict=True))
        case _:
            return dict.fromkeys(labels_of(found), found.scenario)


def _title(found: Found) -> str:
    match found:
        case Comparison():
            return " / ".join(found.labels)
        case StudyResults():
            return found.study.title
        case _:
            return found.scenario.title


def _what(found: Found) -> str:
    """Return in a line what the page is about."""
    match found:
        case Results():
            return f"{counted(found.replications, 'run')} of one plan, seed {found.seed}"
        case Comparison():
            return f"A comparison of {len(found.labels)} plans: {found.about().split(': ', 1)[1]}"
        case Sweep():
            return f"A sweep over {', '.join(found.paths)}, seed {found.batch.seed}"
        case Sensitivity():
            return f"What decides the outcome {found.outcome.name}? Seed {found.batch.seed}"
        case StudyResults():
            plans = counted(len(found.study.labels), "plan")
            return f"A study of {plans}, seed {found.study.batches[0].seed}"


def _grades(scenarios: dict[str, Scenario]) -> str:
    """Return how many values are reported, from the literature, assumed: of each plan."""
    if len(scenarios) == 1:
        return "".join(map(grades_in_words, scenarios.values()))
    counts = {
        label: " / ".join(map(str, grade_counts(one).values())) for label, one in scenarios.items()
    }
    told = "; ".join(f"{label} {numbers}" for label, numbers in counts.items())
    return f"Values that the runs depend on, {' / '.join(GRADES)}: {told}"


def _answer(found: Found) -> Iterator[Block]:
    yield from _said(found)
    for label, results in zip(labels_of(found), results_of(found), strict=True):
        yield from failed_runs(label, results)


def _said(found: Found) -> Iterator[Block]:
    match found:
        case Results():
            for question, sentences in answers(found):
                yield Prose(question)
                yield Listed(tuple(sentences))
        case Comparison():
            yield from comparison_answer(found)
        case Sweep():
            yield from sweep_answer(found)
        case Sensitivity():
            yield from sensitivity_answer(found)
        case StudyResults():
            yield from study_answer(found)


def _tables(found: Found) -> Iterator[Block]:
    match found:
        case Results():
            return run_tables(found)
        case Comparison():
            return comparison_tables(found)
        case Sweep():
            return sweep_tables(found)
        case Sensitivity():
            return sensitivity_tables(found)
        case StudyResults():
            return study_tables(found)


def _figures(found: Found) -> Iterator[Block]:
    """Yield each picture; a run is not told again by other rules than it was played by."""
    is_ours = played_by_these_rules(found)
    for one in pictures(found):
        if is_ours or one.name != "timeline":
            yield figure(one)
