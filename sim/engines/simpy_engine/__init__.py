"""The SimPy engine: the model as people read it.

Begin with `line.py` (a run), then `sector.py` (fighting), `monitoring.py` (what is seen),
`ladder.py` and `step.py` (the plan), `deciding.py` (votes). The processes wait; whatever is
decided is asked of the rules in `sim.model`.
"""

from sim.engines.rows import Row, Rows, cells_of, crisis_columns, outcome_columns
from sim.engines.simpy_engine.line import Line
from sim.engines.story import Note
from sim.scenario.numbers import Parameters


def simulate(numbers: Parameters, seed: int, runs: range) -> Rows:
    """Return the rows of some runs, in their order."""
    outcomes: list[Row] = []
    crises: list[Row] = []
    for run in runs:
        line = Line(numbers, seed, run)
        line.play()
        credibility = line.credibility.at_end()
        outcomes.append(line.record.outcome_row(run, line.outcome, credibility))
        crises.extend((run, *row) for row in line.record.crisis_rows)
    return Rows(
        cells_of(outcome_columns(numbers), outcomes), cells_of(crisis_columns(numbers), crises)
    )


def notes(numbers: Parameters, seed: int, run: int) -> list[Note]:
    """Return every event of one run."""
    written: list[Note] = []
    Line(numbers, seed, run, written).play()
    return written
