"""Playing plans until the difference between them is known as precisely as somebody wants."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

from sim.results.estimates import LEVEL
from sim.results.held import put_together, rows_of
from sim.results.paired_tally import PairedTally, quantities_of_both
from sim.results.progress import shown
from sim.results.quantities import SHARE_OF_EVENTS, SHARE_OF_RUNS
from sim.results.sequences import mean_sequence, share_difference_sequence
from sim.results.spans import RUNS_PER_BLOCK, Layout
from sim.scenario.counts import counted
from sim.scenario.parameters import parameters
from sim.study.playing.stopping import NotPreciseWarning, target_of
from sim.study.playing.tasks import empty_tables
from sim.study.playing.until import Target, half_width, is_enough, looks, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from sim.results.estimates import Estimate
    from sim.results.spans import Block
    from sim.scenario.scenario import Scenario
    from sim.study.comparing.comparison import Comparison
    from sim.study.playing.handing_out import Playing


def target_of_plans(scenarios: Sequence[Scenario], text: str) -> Target:
    """Return what is asked for; raise `ValueError` unless all plans have such a quantity."""
    target = target_of(scenarios[0], text)
    for other in scenarios[1:]:
        quantities_of_both(scenarios[0], other, [target.quantity])
    return target


def level_for(plans: int) -> float:
    """Return the level of each of the intervals, so that all hold together: Bonferroni's.

    >>> round(level_for(6), 2)
    0.99
    """
    return 1 - (1 - LEVEL) / (plans - 1)


def difference_sequence(tally: PairedTally, target: Target, level: float) -> Estimate:
    """Return the difference of the target's quantity, with an interval that holds at all looks."""
    kind, moments = tally.quantities[target.quantity]
    if kind == SHARE_OF_RUNS:
        return share_difference_sequence(moments.more, moments.less, moments.runs, level=level)
    ours, theirs = moments.ratios()
    within = (-1.0, 1.0) if kind == SHARE_OF_EVENTS else (-math.inf, math.inf)
    return mean_sequence(
        moments.runs,
        ours - theirs,
        moments.spread_together() / max(1, moments.runs - 1),
        telling_runs=moments.more + moments.less,
        within=within,
        level=level,
    )


def precision_in_words(comparison: Comparison) -> list[str]:
    """Return how precisely each difference is known, and by what rule."""
    target = target_of_plans(comparison.scenarios, str(comparison.until))
    level = level_for(len(comparison.labels))
    first, told = comparison.labels[0], []
    for label, contrast in comparison.contrasts.items():
        found = difference_sequence(contrast.tally_of(target.quantity), target, level)
        told.append(_sentence(target, label, first, found, comparison.results[0].replications))
    if len(told) > 1:
        told.append(f"These {len(told)} intervals hold together.")
    return told


def _sentence(target: Target, label: str, first: str, found: Estimate, runs: int) -> str:
    what = f"{target.quantity} under {label} less that under {first}"
    return words(target._replace(quantity=what), found, runs)


class _Pair:
    """The runs of another plan and of the first that are there so far."""

    def __init__(self, first: Playing, other: Playing, quantity: str) -> None:
        self._playings = first, other
        self._quantity = quantity
        self._whole: dict[Block, PairedTally] = {}

    def tally(self, runs: int) -> PairedTally:
        """Return the paired tally of the first runs, all of which are there."""
        found: PairedTally | None = None
        for block in Layout(1, runs).blocks():
            one = self._whole.get(block) or self._tally_of(block)
            if block.runs == RUNS_PER_BLOCK:
                self._whole[block] = one
            found = one if found is None else found.merged(one)
        if found is None:
            message = f"runs: are {runs}, must be 1 or more"
            raise ValueError(message)
        return found

    def _tally_of(self, block: Block) -> PairedTally:
        first, other = ((one.batch.scenario, _rows(one, block)) for one in self._playings)
        return PairedTally.of(first, other, [self._quantity])


def _rows(playing: Playing, block: Block) -> pa.Table:
    """Return the outcomes of runs that are there."""
    gathering = playing.gathering
    empty = empty_tables(parameters(playing.batch.scenario), is_sweep=False)
    there = [*gathering.held, *gathering.parts.values()]
    return rows_of(put_together(block.spans, there, empty).outcomes)


def _expected_runs(target: Target, found: Estimate, runs: int, most: int) -> int:
    """Return how many runs it will take, if the width shrinks with their root."""
    half = half_width(found)
    wanted = target.half_width * (abs(found.value) if target.relative else 1.0)
    if math.isnan(half) or wanted <= 0:
        return most
    return min(most, max(runs, math.ceil(runs * (half / wanted) ** 2)))


def play_until_told_apart(
    playings: Sequence[Playing], labels: Sequence[str], target: Target
) -> int:
    """Play all plans until each difference from the first is as precise as asked for.

    Return how many runs of each that took: what is looked at, and when, is decided by the plans and
    the seed alone.
    """
    first, *others = playings
    pairs = [_Pair(first, other, target.quantity) for other in others]
    level = level_for(len(playings))
    most = first.batch.replications
    with shown(most * len(playings)) as watched:
        for runs in looks(most):
            for playing in playings:
                playing.play(playing.gathering.missing(runs), watched)
            found = [difference_sequence(one.tally(runs), target, level) for one in pairs]
            if all(is_enough(target, one) for one in found):
                return runs
            wanted = max(_expected_runs(target, one, runs, most) for one in found)
            because = f"differences in {target.quantity} are known after {counted(runs, 'run')} to "
            widths = ", ".join(f"± {half_width(one):.2g}" for one in found)
            watched.expects(wanted * len(playings), because + widths)
    for label, one in zip(labels[1:], found, strict=True):
        if not is_enough(target, one):
            told = _sentence(target, label, labels[0], one, runs)
            warnings.warn(told, NotPreciseWarning, stacklevel=4)
    return runs
