"""The SimPy engine: the model as people read it.

Begin with `line.py` (a run), then `sector.py` (fighting), `monitoring.py` (what is seen),
`ladder.py` and `step.py` (the plan), `deciding.py` (votes). The processes wait; whatever is
decided is asked of the rules in `sim.model`.
"""

from sim.engines.rows import Rows
from sim.engines.simpy_engine.line import Line
from sim.engines.story import Note
from sim.scenario.numbers import Parameters


def simulate(numbers: Parameters, seed: int, runs: range) -> Rows:
    """Return the rows of some runs, in their order."""
    rows = Rows([], [])
    for run in runs:
        line = Line(numbers, seed, run)
        line.play()
        rows.outcomes.append(line.record.outcome_row(run, line.outcome))
        rows.crises.extend((run, *row) for row in line.record.crisis_rows)
    return rows


def notes(numbers: Parameters, seed: int, run: int) -> list[Note]:
    """Return every event of one run."""
    written: list[Note] = []
    Line(numbers, seed, run, written).play()
    return written
