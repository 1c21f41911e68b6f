"""Playing until a quantity is known as precisely as somebody wants."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

from sim.results.progress import shown
from sim.results.quantities import SHARE_OF_EVENTS, SHARE_OF_RUNS, quantity_named
from sim.results.sequences import mean_sequence, share_sequence
from sim.study.playing.until import Target, half_width, is_enough, looks, parsed_target, words

if TYPE_CHECKING:
    from sim.results.estimates import Estimate
    from sim.results.gathering import Gathered
    from sim.results.results import Results
    from sim.results.tally import Tally
    from sim.scenario.scenario import Scenario
    from sim.study.playing.handing_out import Playing


class NotPreciseWarning(UserWarning):
    """As many runs were played as were allowed, and the precision is not reached."""


def target_of(scenario: Scenario, text: str) -> Target:
    """Return what is asked for; raise `ValueError` if the scenario has no such quantity."""
    target = parsed_target(text)
    quantity = quantity_named(scenario, target.quantity)
    if target.points and quantity.kind not in (SHARE_OF_RUNS, SHARE_OF_EVENTS):
        message = f"--until: {target.quantity} is no share, so its precision is not in points"
        raise ValueError(message)
    return target


def sequence_of(tally: Tally, target: Target) -> Estimate:
    """Return the estimate of the target's quantity, with an interval that holds at all looks."""
    kind, moments = tally.quantities[target.quantity]
    if kind == SHARE_OF_RUNS:
        return share_sequence(round(moments.part), moments.runs)
    variance = moments.variance() * moments.runs if moments.runs > 1 and moments.whole > 0 else 0.0
    return mean_sequence(
        moments.runs,
        moments.ratio,
        variance,
        telling_runs=moments.with_whole,
        within=(0.0, 1.0 if kind == SHARE_OF_EVENTS else math.inf),
    )


def play_until(playing: Playing) -> Gathered:
    """Play until the target is reached, or as many runs as are allowed; return the whole.

    What is looked at, and when, is decided by the scenario and the seed alone.
    """
    batch = playing.batch
    target = target_of(batch.scenario, str(batch.until))
    with shown(batch.replications) as watched:
        # Looks before what is there were in vain, or nobody asked; what is there stays.
        there = batch.replications - sum(span.runs for span in playing.gathering.missing())
        for runs in (one for one in looks(batch.replications) if one >= there):
            playing.play(playing.gathering.missing(runs), watched)
            found = sequence_of(playing.tally_so_far(target.quantity, runs), target)
            if is_enough(target, found):
                break
            watched.expects(*_expected(target, found, runs, batch.replications))
    if not is_enough(target, found):
        warnings.warn(words(target, found, runs), NotPreciseWarning, stacklevel=7)
    playing.batch = batch.with_replications(runs)
    return playing.gathering.finish(runs)


def _expected(target: Target, found: Estimate, runs: int, most: int) -> tuple[int, str]:
    """Return how many runs it will take, if the width shrinks with their root, and why so many."""
    half = half_width(found)
    wanted = target.half_width * (abs(found.value) if target.relative else 1.0)
    if math.isnan(half) or wanted <= 0:
        return most, f"{target.quantity} has no interval yet"
    because = f"{target.quantity} is known to ± {half:.2g}, ± {wanted:.2g} is wanted"
    return min(most, math.ceil(runs * (half / wanted) ** 2)), because


def precision_in_words(results: Results) -> str | None:
    """Return how precisely the target is known, if the results have one."""
    if results.batch.until is None:
        return None
    target = target_of(results.scenario, results.batch.until)
    return words(target, sequence_of(results.tally, target), results.replications)
