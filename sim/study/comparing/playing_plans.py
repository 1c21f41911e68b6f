"""Playing plans that are compared: one after the other, or in turns until it is enough."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from sim.results.folder import Scratch
from sim.results.place import Place
from sim.results.results import Results
from sim.results.saving import complete
from sim.results.spans import RUNS_PER_BLOCK
from sim.study.playing.batches import RecomputedWarning, RunsFailedWarning
from sim.study.playing.handing_out import Playing, failures_in_words
from sim.study.playing.keeping import kept
from sim.study.run import run_batch

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from sim.results.batch import Batch
    from sim.study.comparing.compared_folder import Plans
    from sim.study.playing.chunks import Crew


class _Seat(NamedTuple):
    """A plan that is being played, and where its rows go."""

    playing: Playing
    folder: Path | None
    store: Scratch | None

    def finished(self, runs: int) -> Results:
        """Return the results of so many runs, all of which are there."""
        gathered = self.playing.gathering.finish(runs)
        if gathered.failures:
            told = failures_in_words(gathered, runs)
            warnings.warn(told, RunsFailedWarning, stacklevel=6)
        batch = self.playing.batch.with_replications(runs)
        parts = gathered.outcomes, gathered.crises, gathered.failures, gathered.summed
        results = Results(batch, *parts, self.folder, self.store)
        if self.folder is not None:
            complete(results, self.folder)
        return results


def play_plans(
    plans: Plans,
    crew: Crew,
    folder: Path | None,
    *,
    shared: bool = False,
    scratch: str | PathLike[str] | None = None,
) -> tuple[Results, ...]:
    """Return the results of all plans, each in a folder of its own if there is one for all."""
    places = [None if folder is None else folder / below for below in plans.folders]
    if plans.until is not None:
        with ExitStack() as stack:
            seats = [
                _seat(batch, crew, scratch)
                if place is None
                else _seat_in(place, batch, crew, stack, shared=shared)
                for batch, place in zip(plans.batches, places, strict=True)
            ]
            return _until_told_apart(plans, seats)
    return tuple(
        run_batch(
            batch,
            crew,
            out=place,
            resume=True,
            shared=shared and place is not None,
            scratch=scratch,
        )
        for batch, place in zip(plans.batches, places, strict=True)
    )


def _seat(batch: Batch, crew: Crew, scratch: str | PathLike[str] | None) -> _Seat:
    """Return a plan whose rows are in memory, or in files for as long as they are in use."""
    if batch.replications <= RUNS_PER_BLOCK:
        return _Seat(Playing(batch, crew, None), None, None)
    store = Scratch(scratch)
    place = Place(store.path, batch.batch_id, "crises", stays=False)
    return _Seat(Playing(batch, crew, place), None, store)


def _seat_in(folder: Path, batch: Batch, crew: Crew, stack: ExitStack, *, shared: bool) -> _Seat:
    """Return a plan whose rows go to a folder, with what is there."""
    there = stack.enter_context(kept(folder, batch, resume=True))
    # Complete or not, it may have to be longer: until all of them are done, none is.
    there.begin()
    if shared:
        crew = crew._replace(writes_to=there.place)
    playing = Playing(batch, crew, there.place)
    for complaint in playing.go_on():
        warnings.warn(complaint, RecomputedWarning, stacklevel=6)
    return _Seat(playing, folder, None)


def _until_told_apart(plans: Plans, seats: list[_Seat]) -> tuple[Results, ...]:
    """Play all plans in turns, until their differences are as precise as asked for."""
    from sim.study.comparing.telling_apart import (  # noqa: PLC0415 - few need it
        play_until_told_apart,
        target_of_plans,
    )

    target = target_of_plans([one.scenario for one in plans.batches], str(plans.until))
    playings = [one.playing for one in seats]
    runs = play_until_told_apart(playings, plans.labels, target)
    return tuple(one.finished(runs) for one in seats)
