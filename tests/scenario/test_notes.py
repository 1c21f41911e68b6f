"""What is allowed but can hardly be meant is said, and played as it is."""

import warnings

import pytest

from sim.scenario.loading import load
from sim.scenario.notes import ScenarioWarning

STEP = "[steps.late]\ndecide_from_hours = {from_}\nnot_before_hours = {before}\n{deadline}\n"
IN_VAIN = [
    (0, 72, 24, "is 24, and not_before_hours is 72"),
    (48, 0, 24, "is 24, and decide_from_hours is 48"),
    (80, 72, 24, "is 24, and decide_from_hours is 80"),
]
TO_BE_KEPT = [(0, 24, "deadline_hours = 24"), (24, 0, "deadline_hours = 24"), (24, 72, "")]


def written_step(smallest, from_, before, deadline):
    """Return the smallest scenario with one step."""
    return smallest + STEP.format(from_=from_, before=before, deadline=deadline)


@pytest.mark.parametrize(("from_", "before", "hours", "said"), IN_VAIN)
def test_a_deadline_before_the_step_can_be_there_is_noted(
    written, smallest, from_, before, hours, said
):
    """With the place where it is written, and which of its hours comes too late."""
    file = written(written_step(smallest, from_, before, f"deadline_hours = {hours}"))
    with pytest.warns(ScenarioWarning) as caught:
        plan = load(file)
    [note] = (str(one.message) for one in caught)

    assert plan.steps["late"].deadline_hours == hours
    assert note.startswith(f"note: {file}:10:18: steps.late.deadline_hours: {said}")


@pytest.mark.parametrize(("from_", "before", "deadline"), TO_BE_KEPT)
def test_a_deadline_that_can_be_kept_is_not_noted(written, smallest, from_, before, deadline):
    """The hour of the deadline is in time."""
    file = written(written_step(smallest, from_, before, deadline))
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert load(file).steps["late"].not_before_hours == before


def test_a_note_names_the_change_that_made_it_so(written, smallest):
    """What is set has no line in the file."""
    file = written(written_step(smallest, 0, 24, "deadline_hours = 24"))
    with pytest.warns(ScenarioWarning, match="note: --set:1:1: steps.late.deadline_hours: is 12,"):
        load(file, [("steps.late.deadline_hours", 12)])
