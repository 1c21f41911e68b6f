"""The outcomes that a comparison shows first: those that tell which plan is better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.scenario.scenario import Scenario
    from sim.study.comparing.comparison import Comparison


_PER_DAY: Final = "fighting anywhere, a day that the ceasefire lasts"


def main_names(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return which quantities are shown where nobody says which."""
    highest = list(scenarios[0].levels)[-1]
    return (
        *("held", "attacked", f"reached_{highest}", "crises", "promises_kept"),
        *("fighting_hours", "fighting_hours_per_day", f"hours_{highest}"),
    )


def main_outcomes(comparison: Comparison) -> pd.DataFrame:
    """Return the differences in what was asked for, or in what is shown where nobody says.

    Without those of which one of two plans has nothing, such as deadlines where nothing is
    promised.
    """
    found = comparison.differences()
    if comparison.outcomes is None:
        found = found[found["quantity"].isin(main_names(comparison.scenarios))]
    found = found[found["difference"].notna()].reset_index(drop=True)
    # In the summary it stands below the hours, and says "the same".
    per_day = found["quantity"] == "fighting_hours_per_day"
    return found.assign(meaning=found["meaning"].mask(per_day, _PER_DAY))
