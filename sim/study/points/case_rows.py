"""The rows of the cases of a batch, read part by part, and what is estimated from them."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.results.progress import watched
from sim.results.quantities import Quantity, quantities, quantity_named
from sim.scenario.problems import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from sim.results.batch import Batch
    from sim.results.moments import Moments
    from sim.results.paired import Paired
    from sim.results.parts import Parts
    from sim.scenario.scenario import Scenario

    Floats = npt.NDArray[np.float64]

_MOST_COLUMNS = 100


class Measured(NamedTuple):
    """A quantity of a case, and what its estimate rests on."""

    quantity: Quantity
    moments: Moments

    def told(self) -> dict[str, Any]:
        """Return the columns of a table: the estimate, and its 95 % interval."""
        from sim.results.estimates import estimate_of  # noqa: PLC0415 - SciPy takes time

        value, low, high, method, n = estimate_of(self.quantity.kind, self.moments)
        told = {"estimate": value, "low": low, "high": high}
        return told | {"unit": self.quantity.unit, "method": method, "n": n}


class CaseRows:
    """The outcomes of every case of a batch; one part is in memory at a time, or two."""

    def __init__(self, batch: Batch, parts: Parts) -> None:
        """Remember where they are."""
        self.batch = batch
        self.case = lru_cache(maxsize=2)(batch.case)
        self._places = {
            (span.case, span.start): (number, block.first + before)
            for number, block in enumerate(batch.layout.blocks())
            for span, before in zip(block.spans, _before(block.spans), strict=True)
        }
        self._firsts = [block.first for block in batch.layout.blocks()]
        self._parts = parts
        self._part = lru_cache(maxsize=2)(self._read)

    def _read(self, number: int) -> pa.Table:
        from sim.results.parts import Parts  # noqa: PLC0415 - as the parts themselves

        one = Parts(self._parts.name, self._parts.schema, [self._parts.parts[number]])
        return next(one.tables())

    def tables(self, case: int) -> Iterator[pa.Table]:
        """Yield a case's rows in tables of up to 100,000 runs."""
        for span in (
            one for block in self._blocks(case) for one in block.spans if one.case == case
        ):
            number, place = self._places[span.case, span.start]
            yield self._part(number).slice(place - self._firsts[number], span.runs)

    def _blocks(self, case: int) -> Iterator[Any]:
        layout, run = self.batch.layout, 0
        while run < layout.replications:
            block = layout.block_at(case, run)
            yield block
            run = block.spans[0].stop

    def measured(self, case: int, names: Sequence[str] | None = None) -> list[Measured]:
        """Return the quantities of a case, all of them or some, and what they rest on."""
        from sim.results.columns import columns_of, finished  # noqa: PLC0415 - needs Arrow
        from sim.results.moments import Moments  # noqa: PLC0415 - as above

        wanted = wanted_quantities(self.case(case), names)
        found: list[Moments] = []
        for table in self.tables(case):
            columns = columns_of(finished(table))
            more = [Moments.of(*one.sums(columns)) for one in wanted]
            found = [a.merged(b) for a, b in zip(found, more, strict=True)] if found else more
        return [Measured(*one) for one in zip(wanted, found, strict=True)]

    def paired(
        self, case: int, first: CaseRows, first_case: int, names: Sequence[str] | None = None
    ) -> dict[str, Paired]:
        """Return by how much more there is of each quantity than in a case on the same luck."""
        from sim.results.paired_tally import paired_tally_of  # noqa: PLC0415 - SciPy takes time

        tally = paired_tally_of(
            first.case(first_case),
            self.case(case),
            zip(first.tables(first_case), self.tables(case), strict=True),
            names,
        )
        return {name: tally.difference(name) for name in tally.quantities}

    def contributions(self, case: int, name: str) -> Floats:
        """Return a quantity of a case as a mean over replications, shape (up to 100,).

        Of a share of runs or a mean over all runs, a run's own value. Of a ratio of sums over runs
        the run's part in it, linearised: ratio + (part - ratio x whole) / mean whole, whose mean is
        the ratio, and whose scatter is that from which its interval is (Woodruff 1971, JASA 66,
        411-414). A run that failed adds nothing to the scatter. Of more than 100 runs, every 100th
        is in the same replication, of which the mean is taken: the same at every point.
        """
        import numpy as np  # noqa: PLC0415 - who only plays does not need it

        from sim.results.columns import columns_of  # noqa: PLC0415 - needs Arrow

        quantity = quantity_named(self.case(case), name)
        sums = []
        for table in self.tables(case):
            ended = table.column("outcome").is_valid().to_numpy()
            found = quantity.sums(columns_of(table))
            sums.append(np.where(ended, np.stack(found), 0.0))
        part, whole = np.concatenate(sums, axis=1)
        if not whole.sum() > 0:
            return np.full(min(len(part), _MOST_COLUMNS), math.nan)
        ratio = part.sum() / whole.sum()
        values = ratio + (part - ratio * whole) / whole.mean()
        return _in_columns(values)


def _in_columns(values: Floats) -> Floats:
    """Return the means of every 100th value, or few values as they are."""
    import numpy as np  # noqa: PLC0415 - as above

    columns = min(len(values), _MOST_COLUMNS)
    return np.array([values[column::columns].mean() for column in range(columns)])


def _before(spans: Sequence[Any]) -> Iterator[int]:
    """Yield how many runs come before each span of a block."""
    before = 0
    for span in spans:
        yield before
        before += span.runs


def wanted_quantities(scenario: Scenario, names: Sequence[str] | None) -> list[Quantity]:
    """Return the quantities of these names, or all; raise `ValueError` for one that is none."""
    if names is None:
        return list(quantities(scenario))
    return [quantity_named(scenario, name) for name in names]


def cell(value: Any) -> Any:  # noqa: ANN401 - whatever a scenario takes
    """Return a value as a table has it: lists and tables as text.

    >>> cell(24), cell(["usa"])
    (24, '["usa"]')
    """
    return value if isinstance(value, (int, float, str)) else shown(value)


def points_frame(batch: Batch) -> pd.DataFrame:
    """Return the cases of a batch: a row a case, its number, and a column for each path."""
    import pandas as pd  # noqa: PLC0415 - takes half a second

    rows = [
        {"case": number, **{path: cell(value) for path, value in case}}
        for number, case in enumerate(batch.cases)
    ]
    return pd.DataFrame(rows)


def estimates_frame(rows: CaseRows, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the tidy table of estimates: a row for each quantity of each case.

    Runaways are among them, whether there are some or not.
    """
    import pandas as pd  # noqa: PLC0415 - takes half a second

    wanted = None if names is None else list(dict.fromkeys([*names, "runaway"]))
    return pd.DataFrame(
        {
            "case": number,
            **{path: cell(value) for path, value in case},
            "quantity": one.quantity.name,
            "meaning": one.quantity.meaning,
            **one.told(),
        }
        for number, case in enumerate(watched(rows.batch.cases, "estimating", "point"))
        for one in rows.measured(number, wanted)
    )


def without_runaways(table: pd.DataFrame, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table of estimates without runaways, unless there are some or they are asked for."""
    of_runaways = table["quantity"] == "runaway"
    if "runaway" in (names or ()) or (names is None and table.loc[of_runaways, "estimate"].any()):
        return table
    return table[~of_runaways].reset_index(drop=True)


def differences_rows(
    rows: CaseRows, case: int, first: CaseRows, first_case: int, names: Sequence[str] | None
) -> Iterator[dict[str, Any]]:
    """Yield the paired difference of each quantity of a case from another one, a row each.

    `variance_reduction` says how many times more runs with luck of their own would be needed.
    """
    known = {one.name: one for one in quantities(rows.case(case))}
    both = {one.name for one in quantities(first.case(first_case))} & known.keys()
    wanted = [name for name in (names or known) if name in both and (names or name != "runaway")]
    for name, (found, narrower) in rows.paired(case, first, first_case, wanted).items():
        yield {
            "quantity": name,
            "meaning": known[name].meaning,
            "difference": found.value,
            "low": found.low,
            "high": found.high,
            "unit": known[name].unit,
            "method": found.method,
            "n": found.n,
            "paired": True,
            "variance_reduction": narrower**2,
        }
