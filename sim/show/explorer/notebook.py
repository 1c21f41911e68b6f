"""Opening the explorer in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.exploring.asked_plans import bases_of, with_other

if TYPE_CHECKING:
    from os import PathLike

    from sim.scenario.scenario import Scenario
    from sim.show.explorer.widget import Explorer

NEEDED = 'pip install "ceasefire-sim[explore]"'


def explore(
    scenario: Scenario | str | PathLike[str], other: Scenario | str | PathLike[str] | None = None
) -> Explorer:
    """Return sliders for a plan, to be shown in a notebook: what they change, against the plan.

    Of a scenario file, the other plans in its folder can be chosen too. With another scenario, the
    two are compared. Raises `ImportError` where the extra packages are not installed.
    """
    bases, place = with_other(bases_of(scenario), other)
    try:
        from sim.show.explorer.widget import Explorer  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = f"sim.explore: {error.name} is not installed, must be: {NEEDED}"
        raise ImportError(message, name=error.name) from None
    return Explorer(bases, place)
